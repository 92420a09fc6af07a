"""Flips one bit of one parameter, once: the proof that a difference is found."""

from __future__ import annotations

import os
import random

from .. import bounds
from ..trace.watched import Watched

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


class Flip:
    """Draws step, tensor, element and bit from the seed, by a generator of its own; the program's are not touched. ``write`` takes ``flip.json``."""

    def __init__(self, torch: Any, steps: Any, asked: tuple[int, int], write: Callable[[dict[str, Any]], None], every: int = 1) -> None:
        self._torch, self._steps, self._write = torch, steps, write
        self._random = random.Random(asked[0])
        # Of a step without a row nobody could see where it began to differ.
        self._step = every * self._random.randrange(-(-asked[1] // every))
        self._done = False
        self._report(why="The process has not come to this step.")

    def stepped(self, optimizer: Any, step: int) -> None:
        """After the update of the step, and before its row is made."""
        if step != self._step or self._done:
            return
        if os.environ.get("RANK", "0") != "0":
            self._report(why="Only the process of rank 0 flips a bit.")
            return
        found = self._parameters(optimizer)
        if not found:
            self._report(why="The optimizer of this step has no parameter that a bit could be flipped in.")
            return
        name, parameter = found[self._random.randrange(len(found))]
        element = self._random.randrange(parameter.numel())
        bit = self._random.randrange(8 * parameter.element_size())
        flip(self._torch, parameter, element, bit)
        self._done = True
        self._report(column=name, element=element, bit=bit)

    def failed(self, problem: Exception) -> None:
        if not self._done:
            self._report(why=f"It failed: {type(problem).__name__}: {bounds.text(problem)}"[:500])

    def _parameters(self, optimizer: Any) -> list[tuple[str, Any]]:
        """Those of the stepping optimizer, of all models where there is none, with the names that they have in the trace."""
        watched = Watched(self._steps)
        tensors, names = watched.look().of(optimizer)
        watched.let_go()
        return [
            (name, one)
            for name, one in zip(names.all, tensors)
            if one is not None and one.numel() and (one.is_floating_point() or one.is_complex()) and one.layout == self._torch.strided
        ]

    def _report(self, *, column: str | None = None, element: int | None = None, bit: int | None = None, why: str | None = None) -> None:
        self._write({"schema": 1, "step": self._step, "column": column, "element": element, "bit": bit, "done": self._done, "why": why})


def flip(torch: Any, tensor: Any, element: int, bit: int) -> None:
    """Flips bit ``bit``, counted from the lowest of the first byte on, of element ``element`` in row-major order, in place and past autograd."""
    index = []
    for size in reversed(tensor.shape):
        element, position = divmod(element, size)
        index.append(position)
    with torch.no_grad():
        cell = tensor.data[tuple(reversed(index))]  # .data: a version counter of its own, so that no backward is refused for it
        octets = cell.view(1).view(torch.uint8)
        octets[bit // 8] ^= 1 << bit % 8
