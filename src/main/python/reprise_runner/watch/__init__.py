"""What else the harness observes where ``job.json`` asks for it: the operators of the first step, those of one step with fingerprints, and the flip of one bit."""
