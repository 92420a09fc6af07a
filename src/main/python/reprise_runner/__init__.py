"""What runs inside a Python training process: sets and reads back the recipe, watches it, and writes the process's record.

Standard library only, so that it adds no package to a job. ``site/sitecustomize.py`` is the way in; ``harness.start`` composes the rest.
The formats it reads and writes are in ``docs/contract.md``.
"""

VERSION = "1"
