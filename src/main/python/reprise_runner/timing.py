"""How long the steps of this process took: ``timing.json``."""

from __future__ import annotations

import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Timing:
    """Listens to steps. Two moments and a count, so that the time of a step costs nothing that could be seen in it."""

    def __init__(self) -> None:
        self._steps = self._first = self._last = 0
        """Nanoseconds of a clock that only goes forward."""

    def row_done(self, step: int) -> None:
        """After the trace, if there is one: what it took is in the time of its step."""
        self._last = time.monotonic_ns()
        if self._steps == 0:
            self._first = self._last
        self._steps += 1

    def after_fork(self) -> None:
        """In a forked child, which starts at step 0."""
        self._steps = self._first = self._last = 0

    def failed(self, problem: Exception) -> None:
        """Nothing above raises."""

    def document(self) -> dict[str, Any] | None:
        """None where no step was made. From the end of the first step on: what comes before it is start, and compiling."""
        if self._steps == 0:
            return None
        return {"schema": 1, "steps": self._steps, "first": self._first, "last": self._last}
