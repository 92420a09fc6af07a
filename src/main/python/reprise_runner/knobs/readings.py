"""What was read back of each knob, at the start and at the end."""

from __future__ import annotations

from .. import bounds

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class NotAvailable(Exception):
    """This version of the library does not have the knob; the message says so in a sentence."""


class Readings:
    """``observed.knobs``. Every knob is there from the beginning, as not applicable until something has been read."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self._knobs: dict[str, dict[str, Any]] = {
            name: {"status": "not-applicable", "start": None, "end": None, "why": _absent(name)} for name in names
        }

    def start(self, name: str, value: Any, why: str | None = None) -> None:
        """Records what was read back before user code could change it."""
        self._knobs[name] = {"status": "read", "start": bounds.plain(value), "end": None, "why": why}

    def end(self, name: str, value: Any, why: str | None = None) -> None:
        """Records what was read when the process ended; of a knob that has no start, nothing."""
        knob = self._knobs[name]
        if knob["status"] == "read":
            knob["end"] = bounds.plain(value)
            knob["why"] = why or knob["why"]

    def missing(self, name: str, status: str, why: str) -> None:
        """Records ``not-applicable`` or ``not-available`` with the reason."""
        self._knobs[name] = {"status": status, "start": None, "end": None, "why": bounds.text(why)}

    def read(self, name: str) -> bool:
        return bool(self._knobs[name]["status"] == "read")

    def clear_ends(self) -> None:
        for knob in self._knobs.values():
            knob["end"] = None

    def document(self) -> dict[str, dict[str, Any]]:
        return self._knobs


def _absent(name: str) -> str:
    library = name.split(".")[0]
    return f"{'numpy.random' if library == 'numpy' else library} was never imported"
