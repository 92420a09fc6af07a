"""Composes what ``watch`` asks for beside the trace."""

from __future__ import annotations

import json

from .. import bounds
from ..trace.fingerprints import Fingerprints
from ..trace.mix import Mix
from ..trace.values import UNREAD, resolved
from ..trace.xxh3 import Missing, Xxh3
from .audit import Audit
from .flip import Flip
from .phases import Phases
from .zoom import Zoom

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..record import Record
    from ..steps import Steps
    from .asked import Asked


class Watchers:
    """Audit, zoom and flip of one process; a process that was forked from it has none."""

    def __init__(self, asked: Asked, record: Record, steps: Steps) -> None:
        self._asked, self._record, self._steps = asked, record, steps
        self._all: list[Any] = []
        self._compiles = False

    def install(self, torch: Any) -> None:
        """Once torch is imported, and before ``Steps.install``."""
        if not self._asked or self._all or self._record.folder is None:
            return
        phases = Phases(torch)
        self._steps.add(phases)
        if self._asked.audit:
            self._add(Audit(torch, self._steps, phases, lambda document: self._record.write("audit.json", document)))
        if self._asked.zoom is not None:
            self._zoom(torch, phases, self._asked.zoom)
        if self._asked.flip is not None:
            self._add(Flip(torch, self._steps, self._asked.flip, lambda document: self._record.write("flip.json", document), self._asked.every))

    def _zoom(self, torch: Any, phases: Phases, step: int) -> None:
        try:
            xxh3 = Xxh3()
        except Missing as problem:
            self._append([json.dumps({"end": True, "step": step, "operators": 0, "cut": False, "complete": False, "why": [bounds.text(problem)]}) + "\n"])
            return
        mix = Mix(torch, xxh3)
        fingerprints = Fingerprints(torch, xxh3, mix)

        def hexadecimal(tensors: list[Any]) -> list[str | None]:
            with torch._C.DisableTorchFunction():
                values = fingerprints.of_all(tensors)
                mix.arrive()
            found = [resolved(value, xxh3) for value in values]
            return [None if value == UNREAD else value.hex() for value in found]

        self._add(Zoom(torch, self._steps, phases, step, self._append, hexadecimal, xxh3.of))

    def _add(self, watcher: Any) -> None:
        self._all.append(watcher)
        self._steps.add(watcher)

    def _append(self, lines: list[str]) -> None:
        self._record.append_text("zoom.jsonl", lines)

    def compiling(self, eval_frame: Any) -> None:
        """Once ``torch._dynamo.eval_frame`` is imported: hears when something is given to torch.compile."""
        from ..wrapping import wrap

        context = getattr(eval_frame, "OptimizeContext", None)
        if self._asked and context is not None:
            wrap(context, "__init__", self._compile)

    def _compile(self, original: Any, *args: Any, **kwargs: Any) -> Any:
        if not self._compiles:
            self._compiles = True
            self._each("compiles")
        return original(*args, **kwargs)

    def finish(self) -> None:
        self._each("finish")

    def after_fork(self) -> None:
        self._each("after_fork")
        self._all = []

    def _each(self, name: str) -> None:
        for watcher in self._all:
            method = getattr(watcher, name, None)
            if method is not None:
                method()
