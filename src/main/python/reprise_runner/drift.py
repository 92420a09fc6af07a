"""Changes of knobs that the program makes, as they happen."""

from __future__ import annotations

from . import bounds

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


class Drift:
    """Follows the value of each knob from its start. ``fail`` is called after a change off a requested value is recorded; None to go on."""

    def __init__(self, requested: dict[str, Any]) -> None:
        self._requested = requested
        self.fail: Callable[[], None] | None = None
        self.step: Callable[[], int | None] = lambda: None
        """Gives the step that is under way, None where none are counted."""
        self.entries = bounds.Tally()
        self._start: dict[str, Any] = {}
        self._now: dict[str, Any] = {}

    def follow(self, name: str, value: Any) -> None:
        """Sets what the knob is at its start: returning to it undoes a drift."""
        self._start[name] = self._now[name] = bounds.plain(value)

    def differs(self, name: str, value: Any) -> bool:
        """Whether the value is another than the last one seen; false for a knob that is not followed."""
        return name in self._now and not _same(self._now[name], bounds.plain(value))

    def change(self, name: str, value: Any, place: str | None) -> None:
        """Takes note of a knob's value; a difference from the last one is a change, and one from the start is drift."""
        value = bounds.plain(value)
        before = self._now.get(name)
        if name not in self._start or _same(before, value):
            return
        self._now[name] = value
        if _same(self._start[name], value):
            for entry in self.entries:
                if entry["knob"] == name:
                    entry["undone"] = True
            return
        entry, new = self.entries.add({"knob": name, "from": before, "to": value, "place": place}, ("from", "to", "place"))
        if new:
            entry["step"] = self.step()
        entry["undone"] = False
        if self.fail is not None and name in self._requested and not _requested(self._requested[name], value):
            self.fail()

    def restart(self) -> None:
        """For a forked child: what is in force there is its start."""
        self.entries.clear()
        self._start = dict(self._now)


def _same(left: Any, right: Any) -> bool:
    return type(left) is type(right) and bool(left == right)


def _requested(wanted: Any, found: Any) -> bool:
    # The environment holds strings; a job may ask for a number.
    return _same(wanted, found) or (isinstance(found, str) and not isinstance(wanted, bool) and str(wanted) == found)
