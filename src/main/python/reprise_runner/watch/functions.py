"""Tells of torch's functions in C that a program calls, from one line of it to another."""

from __future__ import annotations

import sys

from .. import places

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType
    from typing import Any

_OF_TORCH = "_VariableFunctionsClass."


class Functions:
    """Python's profiling hook, which only listens.

    A dispatch mode sees what a function comes to on this device: on a CPU, attention with dropout comes to two products and a softmax. A
    ``TorchFunctionMode`` would see the function, and change the program: while one is in place ``has_torch_function`` is true, and
    ``TransformerEncoderLayer`` for one takes another way, with other bits.
    """

    def __init__(self, torch: Any, told: Callable[[str, FrameType], None], gap: Callable[[str], None]) -> None:
        self._functional = torch.nn.functional
        self._told, self._gap = told, gap
        self._hook = self._event
        self._entered = False

    def enter(self) -> None:
        """Begins, unless the program has a profiler in place."""
        if sys.getprofile() is not None:
            self._gap("The program is profiled: functions that come to other operators on a CPU than on a GPU were not seen.")
            return
        sys.setprofile(self._hook)
        self._entered = True

    def leave(self) -> None:
        """Ends; the program may have put a profiler of its own in our place."""
        if sys.getprofile() is self._hook:
            sys.setprofile(None)
        elif self._entered:
            self._gap("The program began to profile itself: not all functions that come to other operators on a CPU than on a GPU were seen.")
        self._entered = False

    def _event(self, frame: FrameType, event: str, function: Any) -> None:
        if event == "c_call":
            # By its name first: the frames are many where a library is imported.
            name = self._named(function)
            if name is not None and not places.is_watching(frame):
                self._told(name, frame)

    def _named(self, function: Any) -> str | None:
        name = getattr(function, "__qualname__", "")
        if name.startswith(_OF_TORCH):
            name = name[len(_OF_TORCH) :]
            return None if name.startswith("_") else f"torch.{name}"
        if getattr(function, "__module__", None) != "torch._C._nn" or name.startswith("_"):
            return None
        return f"torch.nn.functional.{name}" if hasattr(self._functional, name) else f"torch._C._nn.{name}"
