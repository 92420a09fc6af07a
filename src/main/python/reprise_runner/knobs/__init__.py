"""Every knob of the contract's table: how it is read, and how those of ``when: runtime`` are set."""
