"""In which part of a step the process is."""

from __future__ import annotations

from .. import places

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType
    from typing import Any


class Phases:
    """Listens to the steps. ``forward`` is from the first forward to the backward, the loss too; ``step`` what the optimizer does; ``other`` all else: what
    comes between the two, clipping say, and between two steps, the loading of a batch say."""

    def __init__(self, torch: Any) -> None:
        self._graph = getattr(torch._C, "_current_graph_task_id", lambda: -1)
        self._now = "other"
        self._stepping = False
        self._backward_at: tuple[str | None, str | None] = (None, None)
        self.modules: list[str | None] = []
        """Names of the modules that are being called, outermost first."""

    def now(self) -> str:
        return "backward" if self._graph() != -1 else self._now

    def place(self, frame: FrameType | None, phase: str) -> tuple[str | None, str | None]:
        """Place and function of the program from which ``frame`` came; on a thread of torch's, where a GPU's backward runs, of the call of backward."""
        return self._backward_at if frame is None and phase == "backward" else places.of_frames(frame)

    def before_forward(self, root: str | None) -> None:
        self._now = "forward"

    def entering(self, call: Any) -> None:
        del self.modules[call.depth :]  # what raised never left
        self.modules.append(call.name)
        if call.depth == 0:
            self._now = "forward"

    def left(self, call: Any, result: Any) -> None:
        del self.modules[call.depth :]

    def backward(self, tensors: Any) -> None:
        self._backward_at = places.here()

    def backward_done(self, tensors: Any) -> None:
        self._now = "step" if self._stepping else "other"

    def stepping(self, optimizer: Any, step: int) -> None:
        self._now, self._stepping = "step", True

    def stepped(self, optimizer: Any, step: int) -> None:
        self._now, self._stepping = "other", False
        self.modules.clear()

    def failed(self, problem: Exception) -> None:
        """What ``Phases`` does cannot raise."""
