"""The limits a record keeps to (docs/contract.md), and values cut to them."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

PROCESSES = 200
"""Processes with a record of their own; later ones are only counted by their parent (readers take 256)."""
ENTRIES = 1000
"""Entries in any list."""
TEXT = 4096
"""Characters in any string."""


def text(value: object) -> str:
    """``str(value)``, cut, and without what JSON cannot carry as UTF-8; never raises, whatever ``__str__`` does."""
    try:
        found = str(value)
    except Exception:
        found = f"<{type(value).__name__}>"
    return found[:TEXT].encode("utf-8", "replace").decode("utf-8")


def arguments(values: object) -> list[str]:
    """A command line cut to 64 arguments and 1,024 characters in all, so that 1,000 of them fit a record; bytes and paths decoded."""
    import os

    found: list[str] = []
    left = 1024
    try:
        for value in list(values)[:64]:  # type: ignore[call-overload]
            if left > 0:
                found.append(text(os.fsdecode(value) if isinstance(value, (bytes, os.PathLike)) else value)[:left])
                left -= len(found[-1]) + 1
    except Exception:
        pass  # not a sequence: the call that is watched will say so
    return found


def plain(value: Any) -> Any:
    """A value as JSON: bool, int of 64 bits, float, None, else its text."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return int(value) if -(2**63) <= value < 2**64 else text(value)
    if isinstance(value, float):
        return value if value == value and abs(value) != float("inf") else text(value)
    return text(value)


class Tally:
    """A list of distinct entries, each with a ``count``. Past ``ENTRIES`` new ones are merged under what ``overflow`` leaves of them."""

    def __init__(self) -> None:
        self._entries: dict[tuple[Any, ...], dict[str, Any]] = {}

    def add(self, entry: dict[str, Any], blank: tuple[str, ...], count: int = 1) -> tuple[dict[str, Any], bool]:
        """Counts an entry. ``blank`` names the fields set to null when the list is full. Returns the entry and whether it is new."""
        key = self._key(entry)
        if key not in self._entries and len(self._entries) >= ENTRIES - 100:
            entry = {name: None if name in blank else value for name, value in entry.items()}
            key = self._key(entry)
        known = self._entries.get(key)
        if known is not None:
            known["count"] += count
            return known, False
        if len(self._entries) >= ENTRIES:
            return entry, False
        self._entries[key] = {**entry, "count": count}
        return self._entries[key], True

    @staticmethod
    def _key(entry: dict[str, Any]) -> tuple[Any, ...]:
        # True == 1 in a dict: the type is part of the key.
        return tuple((name, type(value).__name__, str(value)) for name, value in entry.items())

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return iter(list(self._entries.values()))

    def __len__(self) -> int:
        return len(self._entries)

    def clear(self) -> None:
        self._entries.clear()
