"""Traces what runs in this process, program after program, so that torch is imported once for all of them."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any

import torch
import traces
from reprise_runner.job import Trace
from reprise_runner.record import Record
from reprise_runner.steps import Steps
from reprise_runner.trace.tracer import Tracer

_STEPS = Steps()


class Traced:
    """A context; afterwards ``trace`` is what was written, None where nothing was, and ``said`` is ``observed.trace``."""

    def __init__(self, every: int = 1, tensors: Any = "all", budget: int = 1 << 30, folder: Path | None = None, listeners: tuple[Any, ...] = ()) -> None:
        self._asked = Trace({"every": every, "tensors": tensors, "budget": budget})
        self._given, self._listeners = folder, listeners
        self.trace: traces.Trace | None = None
        self.said: dict[str, Any] = {}

    def __enter__(self) -> Traced:
        self.folder = self._given or Path(tempfile.mkdtemp(prefix="reprise-trace-"))
        self.steps = _STEPS
        _STEPS.after_fork()  # as new, but for the hooks
        _STEPS.made_optimizer = False
        _STEPS._optimizers = []
        self.tracer = Tracer(self._asked, _STEPS, Record(str(self.folder), "main", str(self.folder)))
        self.tracer.install(torch)
        for listener in (self.tracer, *self._listeners):
            _STEPS.add(listener)
        _STEPS.install(torch)
        return self

    def __exit__(self, *problem: Any) -> None:
        _STEPS.finish()
        for listener in (self.tracer, *self._listeners):
            _STEPS.remove(listener)
        self.said = self.tracer.document()
        try:
            if (self.folder / "trace").exists():
                self.trace = traces.read(self.folder / "trace")
        finally:
            if self._given is None:
                shutil.rmtree(self.folder)

    def whole(self, steps: int | None = None) -> traces.Trace:
        """The trace, which must be whole."""
        if self.said["state"] != "whole" or self.trace is None or (steps is not None and steps != self.said["steps"]):
            raise AssertionError(f"{self.said}, not whole with {steps} steps")
        return self.trace


def fingerprint(tensor: torch.Tensor) -> bytes:
    """Of a tensor, by the contract and NumPy alone."""
    from reprise_runner.trace.xxh3 import Xxh3

    xxh3 = Xxh3()
    text = f"{str(tensor.dtype).removeprefix('torch.')}:{','.join(map(str, tensor.shape))}"
    data = tensor.detach().contiguous()
    data = data.view(torch.uint8).numpy().tobytes() if data.dim() else data.reshape(1).view(torch.uint8).numpy().tobytes()
    return xxh3.of(data, xxh3.short(text.encode()))
