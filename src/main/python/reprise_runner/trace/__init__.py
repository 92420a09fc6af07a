"""The trace of a process, as docs/contract.md has it: a row a step, a fingerprint of each thing that the step read or made.

``tracer.Tracer`` listens to ``steps.Steps`` and composes the rest.
"""
