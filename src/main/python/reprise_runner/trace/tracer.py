"""The trace of this process: listens to its steps, fingerprints what they read and make, and writes a row for each."""

from __future__ import annotations

import os
import struct
import sys

from .. import bounds, places
from . import columns, watched
from .fingerprints import Fingerprints
from .generators import Generators
from .losses import Losses
from .mix import Mix
from .segments import Segments, width
from .structures import Structures
from .values import Joined, on_device, resolved
from .xxh3 import Missing, Xxh3

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..job import Trace
    from ..record import Record
    from ..steps import Call, Steps


class Tracer:
    """A listener of ``Steps``. What goes wrong here never reaches the program: the trace ends, and says that it is incomplete and why."""

    def __init__(self, asked: Trace, steps: Steps, record: Record) -> None:
        self._asked, self._steps, self._record = asked, steps, record
        self._why: list[str] = []
        self._missing: str | None = None
        self._ended = False
        self._torch: Any = None
        self._selection = columns.Selection(asked.tensors)
        self._columns = columns.Columns()
        self._segments: Segments | None = None
        self._called: dict[tuple[str, str], list[Any]] = {}
        self._values: dict[tuple[str, str, str], Any] = {}
        self._accumulated: tuple[watched.Names, list[Any]] | None = None
        self._gradients: tuple[watched.Names, list[Any]] | None = None
        self._within = self._summed = False

    def install(self, torch: Any) -> None:
        """Once torch is imported."""
        self._torch = torch
        try:
            self._xxh3 = Xxh3()
        except Missing as problem:
            self._missing = str(problem)
            self._end(self._missing)
            return
        if self._record.folder is None:
            self._end("this process is past the number of those that have records")
            return
        self._mix = Mix(torch, self._xxh3)
        self._fingerprints = Fingerprints(torch, self._xxh3, self._mix)
        self._structures = Structures(torch, self._fingerprints)
        self._generators = Generators(torch, self._xxh3)
        self._losses = Losses(torch, self._fingerprints, self._mix)
        self._watched = watched.Watched(self._steps)
        self._begin()

    def _begin(self) -> None:
        self._segments = Segments(os.path.join(str(self._record.folder), "trace"), self._xxh3, self._asked.every)

    @property
    def _due(self) -> bool:
        return not self._ended and self._steps.step % self._asked.every == 0

    def document(self) -> dict[str, Any]:
        """``observed.trace``."""
        why = list(self._why)
        if self._steps.other_thread:
            why.append("a step was made on another thread than the one that trains, and is not in the trace")
        if self._steps.step == 0 and self._steps.backwards and self._steps.made_optimizer:
            why.append(f"an optimizer was made and never stepped, although there were {self._steps.backwards} backward passes: what is done by hand, or compiled, is not seen")
        segments = self._segments
        if segments is not None and self._mix.captured:
            why.append("a step was captured in a CUDA graph: what it computes when it is replayed is not seen")
        return {
            "state": "incomplete" if why else "whole" if self._steps.step else "no-steps", "steps": self._steps.step, "segments": segments.count if segments else 0,
            "rank": segments.rank if segments else None, "worldSize": segments.world_size if segments else None, "why": why,
        }  # fmt: skip

    def after_fork(self) -> None:
        """A trace of its own, from nothing; the record is given by ``use``."""
        if self._segments is not None:
            self._segments.close()
        self._clear()
        self._columns.clear()
        self._selection = columns.Selection(self._asked.tensors)
        self._why, self._ended, self._summed = [], False, False
        if self._torch is not None and self._segments is not None:
            self._watched.forget()

    def use(self, record: Record) -> None:
        """In a forked child: its own record."""
        self._record = record
        if self._missing is not None:
            self._end(self._missing)
        elif record.folder is None:
            self._end("this process is past the number of those that have records")
        elif self._torch is not None and self._segments is not None:
            self._begin()

    def failed(self, problem: Exception) -> None:
        """Something in here raised."""
        self._end(f"{type(problem).__name__}: {bounds.text(problem)[:500]} ({places.of_traceback(problem.__traceback__)[0]})")

    def _end(self, why: str) -> None:
        self._ended = True
        if len(self._why) < 100:
            self._why.append(why)
        self._clear()
        if self._segments is not None:
            self._segments.close()

    def _clear(self) -> None:
        self._called.clear()
        self._values.clear()
        self._accumulated = self._gradients = None
        if self._segments is not None:
            self._losses.clear()

    # What Steps tells.

    def before_forward(self, root_name: str | None) -> None:
        if self._due:
            self._put_generators("generator")

    def entering(self, call: Call) -> None:
        if call.depth == 0 and self._due:
            value = self._structures.call(call.args, call.kwargs)
            if value is not None:
                self._called.setdefault(("batch", call.name), []).append(value)

    def left(self, call: Call, result: Any) -> None:
        if self._due:
            self._called.setdefault(("output", call.name), []).append(self._structures.of(result))

    def backward(self, tensors: tuple[Any, ...]) -> None:
        if self._due:
            self._losses.add(tensors)

    def backward_done(self, tensors: tuple[Any, ...]) -> None:
        if self._due:
            self._accumulated = self._read_gradients(None)
            self._within = True

    def stepping(self, optimizer: Any, step: int) -> None:
        if self._due:
            self._within = False
            if optimizer is not None:
                self._gradients = self._read_gradients(optimizer)

    def stepped(self, optimizer: Any, step: int) -> None:
        if not self._due:
            return
        if self._within and optimizer is not None:  # a closure made them
            self._gradients = self._read_gradients(optimizer)
        plan = self._watched.look()
        read = self._fingerprints.of_all
        for (kind, name), values in self._called.items():
            self._put(kind, name, values[0] if len(values) == 1 else Joined(f"calls:{len(values)}", values, False))
        loss = self._losses.take()
        if loss is not None:
            self._put("loss", "", loss)
        if self._accumulated is not None:
            self._put_all("accumulated", *self._accumulated)
        if self._gradients is not None:
            self._put_all("gradient", *self._gradients)
        alone = optimizer is not None and self._steps.in_backward  # each parameter has a step of its own, within the backward pass
        parameters, names = plan.of(optimizer) if alone else (plan.values(), plan.parameters)
        self._put_all("parameter", names, read(parameters))
        if optimizer is not None:
            state, names = plan.state(optimizer)
            self._put_all("optimizer", names, self._structures.of_all(state))
        if not alone:
            buffers, names = plan.buffers()
            self._put_all("buffer", names, read(buffers))
        self._put_generators("generator-end")
        self._watched.let_go()
        self._mix.arrive()
        number = self._losses.number()
        row = self._values
        for key, value in row.items():
            if type(value) is not bytes:
                row[key] = resolved(value, self._xxh3)
        if number is not None:
            row[columns.key("loss-value", "")] = struct.pack("<dQ", number, 1)
        self._write(step, row)
        self._clear()

    def _read_gradients(self, optimizer: Any) -> tuple[watched.Names, list[Any]]:
        parameters, names = self._watched.look().of(optimizer)
        return names, self._fingerprints.of_all([None if parameter is None else parameter.grad for parameter in parameters])

    def _put(self, kind: str, name: str, value: Any) -> None:
        self._values[columns.key(kind, name, on_device(value))] = value

    def _put_generators(self, kind: str) -> None:
        for name, value in self._generators.read():
            self._values[columns.key(kind, name)] = value

    def _put_all(self, kind: str, names: watched.Names, values: list[Any]) -> None:
        """Values of a kind under their names, those that are not None."""
        keys = names.known.get(kind)
        if keys is None:
            keys = names.known[kind] = [(columns.key(kind, name), columns.key(kind, name, True)) for name in names.all]
        row = self._values
        for key, value in zip(keys, values):
            if type(value) is bytes:
                row[key[0]] = value
            elif value is not None:
                row[key[on_device(value)]] = value

    def _write(self, step: int, row: dict[Any, bytes]) -> None:
        segments = self._segments
        assert segments is not None
        row = self._selection.fold(row, self._xxh3)
        header = self._new_header(row)
        # Ranks share it: together they are to leave the program's disk what one process leaves it.
        ranks = segments.world_size or 1
        budget = self._asked.budget // ranks
        if not self._summed and segments.bytes + len(header) + width(self._columns) > budget // 2:
            self._summed = True
            self._selection.sum()
            self._columns.clear()
            row = self._selection.fold(row, self._xxh3)
            header = self._new_header(row)
        if segments.bytes + len(header) + width(self._columns) > budget:
            shared = f", {self._asked.budget} for {ranks} ranks," if ranks > 1 else ""
            self._end(f"its budget of {budget} bytes{shared} ended before step {step}")
        elif len(self._columns.order) > columns.MOST:
            self._end(f"more than {columns.MOST} columns at step {step}")
        else:
            if header:
                segments.begin(self._columns, header)
            segments.row(step, row)

    def _new_header(self, row: dict[Any, bytes]) -> bytes:
        """The header that a row needs, where it has a column that is new; else nothing."""
        assert self._segments is not None
        if not self._columns.add(list(row)):
            return b""
        if self._segments.count == 0:
            self._place()
        return self._segments.header(self._columns)

    def _place(self) -> None:
        """Rank and world size, as they are known when a segment begins."""
        distributed = sys.modules.get("torch.distributed")
        try:
            if distributed is not None and distributed.is_available() and distributed.is_initialized():
                found = (distributed.get_rank(), distributed.get_world_size())
            else:
                found = (int(os.environ["RANK"]), int(os.environ["WORLD_SIZE"]))
        except (KeyError, ValueError, RuntimeError):
            return
        assert self._segments is not None
        if found[1] > 0:
            self._segments.rank, self._segments.world_size = found
