"""``watch`` of ``job.json``: audit, zoom and flip."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Asked:
    """What is to be watched beside the trace. Raises ``ValueError`` where the document is not what the contract says."""

    def __init__(self, watch: object) -> None:
        if watch is None:
            watch = {}
        if not isinstance(watch, dict):
            raise ValueError("watch is no object")
        self.audit: bool = watch.get("audit") is True
        self.timing: bool = watch.get("timing") is True
        """Whether the time of the steps is taken."""
        trace = watch.get("trace")
        every = trace.get("every") if isinstance(trace, dict) else None
        self.every: int = every if isinstance(every, int) and every > 0 else 1
        """Which steps have a row."""
        self.zoom: int | None = None
        """The step whose operators are fingerprinted."""
        self.flip: tuple[int, int] | None = None
        """A seed, and the number of steps from the first on of which one is drawn."""
        if watch.get("zoom") is not None:
            self.zoom = _count(watch, "zoom", "step", 0)
        if watch.get("flip") is not None:
            self.flip = _count(watch, "flip", "seed", 0), _count(watch, "flip", "steps", 1)

    def __bool__(self) -> bool:
        return self.audit or self.zoom is not None or self.flip is not None


def _count(watch: dict[str, Any], part: str, name: str, least: int) -> int:
    value = watch[part].get(name) if isinstance(watch[part], dict) else None
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value < 2**63:
        raise ValueError(f"watch.{part}.{name} is {value!r}, not a number from {least} on")
    return value
