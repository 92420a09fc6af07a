"""What stands in a column: 16 bytes, at once or when the step is over, of one tensor or of several together."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .xxh3 import Xxh3

ABSENT = bytes(16)
"""Nothing of the column was there in this step."""
VACUOUS = (1).to_bytes(16, "little")
"""It was there and had no bytes."""
UNREAD = (2).to_bytes(16, "little")
"""It was there and could not be fingerprinted."""
XXH3, MIX, NONE = "xxh3-128/1", "mix-128/1", ""
"""Algorithms: of what lies in this machine's memory, of what lies on a device, and of a column of numbers."""


class Pending:
    """A fingerprint on its way from a device; ``value`` is set when the row is finished."""

    __slots__ = ("value",)

    def __init__(self) -> None:
        self.value: bytes = UNREAD


class Joined:
    """Several values in one column: the text of their structure, and themselves in order. ``said`` is whether the text says more than that nothing is there."""

    __slots__ = ("text", "parts", "said")

    def __init__(self, text: str, parts: list[Any], said: bool) -> None:
        self.text, self.parts, self.said = text, parts, said


def on_device(value: Any) -> bool:
    """Whether any part was fingerprinted on a device, by another algorithm."""
    if type(value) is Joined:
        return any(on_device(part) for part in value.parts)
    return type(value) is Pending


def resolved(value: Any, xxh3: Xxh3) -> bytes:
    """The 16 bytes, once everything on a device has arrived. One part that could not be read makes the whole unread: equal would not mean equal."""
    if type(value) is Joined:
        parts = [resolved(part, xxh3) for part in value.parts]
        if UNREAD in parts:
            return UNREAD
        if not value.said and all(part in (VACUOUS, ABSENT) for part in parts):
            return VACUOUS
        return xxh3.of(value.text.encode("utf-8", "surrogatepass") + b"\0" + b"".join(parts))
    return value.value if type(value) is Pending else value
