"""Shows each operator of torch to a function, from one line of a program to another."""

from __future__ import annotations

import os
import sys

from .. import places
from ..wrapping import original, wrap

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType
    from typing import Any

    See = Callable[[Any, tuple[Any, ...], dict[str, Any], FrameType | None], Any]

# While any dispatch mode is in place torch takes tensors for tensors of a subclass, and in the backward pass of these another way, with other bits: found by
# comparing all operators of torch 2.15 with and without a mode (docs/operations.md).
_OTHER_BACKWARD = {
    "masked_fill.Tensor", "masked_fill_.Tensor", "max.default", "median.default", "min.default", "nanmedian.default", "prod.default", "prod.dim_int",
}  # fmt: skip

_MARKS = "profiler."
"""Operators that only mark where something begins and ends, for a profiler."""


class Operators:
    """A dispatch mode that is put on torch's stack and taken off it again, whatever the program puts there meanwhile. Listens to the steps.

    ``see(operator, args, kwargs, frame)`` calls the operator and returns what it returned; ``frame`` is the Python frame that led to it, None
    on torch's own threads. What the harness itself asks of a tensor is not shown. ``gap`` hears, in a sentence, what was not shown. The mode is never in place while compiled code runs, since torch
    would not compile then, nor during a backward pass that it would change.
    """

    def __init__(self, torch: Any, see: See, gap: Callable[[str], None]) -> None:
        self._torch, self._see, self._gap = torch, see, gap
        self._stack = torch.utils._python_dispatch
        self._mode: Any = None
        self._pid = os.getpid()
        self.watching = False
        self._entered = False
        self._changes_backward = False

    def enter(self) -> None:
        """Begins, unless something is in the way."""
        if self._stack._get_current_dispatch_mode() is not None:
            self._gap("The program has a dispatch mode of its own in place: operators were not seen.")
            return
        self._mode = self._mode or _mode(self)
        self.watching = True
        self._put()

    def leave(self) -> None:
        """Ends."""
        self.watching = self._changes_backward = False
        grad = self._torch.autograd.grad
        if grad is not original(grad):
            self._torch.autograd.grad = original(grad)
        self._take()

    def after_fork(self) -> None:
        self.leave()

    def entering(self, call: Any) -> None:
        if self._entered and not self.watching:
            self._take()

    def left(self, call: Any, result: Any) -> None:
        if self._changes_backward:
            self._take()

    def backward(self, tensors: Any) -> None:
        if self._changes_backward:
            self._take()

    def backward_done(self, tensors: Any) -> None:
        if self._changes_backward:
            self._changes_backward = False
            if self.watching and self._stack._get_current_dispatch_mode() is None:
                self._put()

    def failed(self, problem: Exception) -> None:
        self._gap(f"Operators could not be watched: {type(problem).__name__}"[:500])

    def called(self, operator: Any, args: tuple[Any, ...], kwargs: dict[str, Any], frame: FrameType | None) -> Any:
        name = str(operator)
        if not self.watching or name.startswith(_MARKS) or places.is_watching(frame) or os.getpid() != self._pid:
            return operator(*args, **kwargs)
        if not self._changes_backward and name[len("aten.") :] in _OTHER_BACKWARD and self._differentiable(args):
            self._changes_backward = True
            self._gap(f"The backward pass after {operator} ({places.of_frames(frame)[0]}) was not watched: it has other bits while it is.")
            wrap(self._torch.autograd, "grad", self._grad)
        return self._see(operator, args, kwargs, frame)

    def _differentiable(self, args: tuple[Any, ...]) -> bool:
        return bool(self._torch.is_grad_enabled()) and any(getattr(one, "requires_grad", False) for one in args)

    def _grad(self, grad: Any, *args: Any, **kwargs: Any) -> Any:
        """``torch.autograd.grad``, of which the steps tell nothing."""
        self.backward(None)
        try:
            return grad(*args, **kwargs)
        finally:
            if self.watching and not self._entered and self._stack._get_current_dispatch_mode() is None:
                self._put()

    def _put(self) -> None:
        if not self._entered:
            self._mode.__enter__()
            self._entered = True

    def _take(self) -> None:
        """Where the program's own mode is above ours ours stays, shows nothing more, and goes at the next of these calls."""
        if self._entered and self._stack._get_current_dispatch_mode() is self._mode:
            self._mode.__exit__(None, None, None)
            self._entered = False


def _mode(operators: Operators) -> Any:
    from torch.utils._python_dispatch import TorchDispatchMode

    class Mode(TorchDispatchMode):
        # Those that take functions, cond say, would be refused.
        supports_higher_order_operators = True

        @classmethod
        def _should_skip_dynamo(cls) -> bool:
            """Skipping imports torch._dynamo, for seconds; compiled code is never run with this mode in place."""
            return False

        def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
            return operators.called(func, args, kwargs or {}, sys._getframe().f_back)

    return Mode()
