"""The columns of a trace: which there are, in which order they stand, and which of them the job asked for apart."""

from __future__ import annotations

import hashlib
import re

from .values import MIX, NONE, XXH3, Joined, resolved

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .xxh3 import Xxh3

SUM = "*"
"""The name of a column in which what is left of a kind is together."""
KINDS = ("generator", "batch", "output", "loss", "loss-value", "accumulated", "gradient", "parameter", "optimizer", "buffer", "generator-end")
_PLACES = {kind: place for place, kind in enumerate(KINDS)}
# What a root took and what modules gave stand in the order in which the program made them.
_PLACES["batch"] = _PLACES["output"]
_NO_RESULT = ("generator", "loss-value", "generator-end")
SUMMABLE = ("batch", "output", "accumulated", "gradient", "parameter", "optimizer", "buffer")
"""Kinds that can be one column: the others have few."""
MOST = 65_536
"""Columns that readers take."""
_NAME = 512


class Column:
    """One column. Two with the same kind, name and algorithm are the same."""

    __slots__ = ("kind", "name", "algorithm", "key")

    def __init__(self, kind: str, name: str, algorithm: str) -> None:
        self.kind, self.name, self.algorithm = kind, name, algorithm
        self.key = (kind, name, algorithm)

    @property
    def result(self) -> bool:
        return self.kind not in _NO_RESULT

    @property
    def type(self) -> str:
        return "number" if self.kind == "loss-value" else "fingerprint"

    def described(self) -> dict[str, Any]:
        """As the header has it."""
        return {"kind": self.kind, "name": self.name, "type": self.type, "algorithm": self.algorithm, "result": self.result}

    def chained(self) -> bytes:
        return "\0".join((self.kind, self.name, self.type, self.algorithm)).encode() + b"\n"


class Selection:
    """``watch.trace.tensors``: ``all``, ``sum``, or the patterns of the names that have columns of their own; what is left goes into one of its kind, ``*``."""

    def __init__(self, tensors: Any) -> None:
        self.everything = tensors == "all"
        self._patterns = [] if isinstance(tensors, str) else [re.compile(_pattern(pattern), re.DOTALL) for pattern in tensors]
        self._known: dict[tuple[str, str, str], bool] = {}

    def sum(self) -> None:
        """From now on one column a kind: the budget wants it."""
        self.everything, self._patterns = False, []
        self._known.clear()

    def fold(self, row: dict[tuple[str, str, str], bytes], xxh3: Xxh3) -> dict[tuple[str, str, str], bytes]:
        """A row with those together that have no column of their own: XXH3-128 over their names, a zero and their values."""
        if self.everything:
            return row
        found: dict[tuple[str, str, str], bytes] = {}
        rest: dict[str, list[tuple[tuple[str, str, str], bytes]]] = {}
        for one, value in row.items():
            if self._apart(one):
                found[one] = value
            else:
                rest.setdefault(one[0], []).append((one, value))
        for kind, entries in rest.items():
            joined = Joined("\n".join(name for (_, name, _), _ in entries), [value for _, value in entries], False)
            found[key(kind, SUM, any(algorithm == MIX for (_, _, algorithm), _ in entries))] = resolved(joined, xxh3)
        return found

    def _apart(self, one: tuple[str, str, str]) -> bool:
        known = self._known.get(one)
        if known is None:
            known = self._known[one] = one[0] not in SUMMABLE or any(pattern.fullmatch(one[1]) for pattern in self._patterns)
        return known


class Columns:
    """Those of the segment that is being written, in order."""

    def __init__(self) -> None:
        self.order: list[Column] = []
        self.index: dict[tuple[str, str, str], int] = {}

    def add(self, keys: list[tuple[str, str, str]]) -> bool:
        """Takes in a row's columns, in the order in which the program made them; a new one stands after the one before it of its place. Says if any was new."""
        if all(key in self.index for key in keys):
            return False
        before: dict[int, tuple[str, str, str]] = {}
        order = [column.key for column in self.order]
        for key in keys:
            place = _PLACES[key[0]]
            if key not in self.index:
                order.insert(self._at(order, place, before.get(place)), key)
                self.index[key] = -1
            before[place] = key
        self.order = [Column(*key) for key in order]
        self.index = {key: at for at, key in enumerate(order)}
        return True

    def clear(self) -> None:
        self.order, self.index = [], {}

    @staticmethod
    def _at(order: list[tuple[str, str, str]], place: int, before: tuple[str, str, str] | None) -> int:
        if before is not None:
            return order.index(before) + 1
        return next((at for at, key in enumerate(order) if _PLACES[key[0]] >= place), len(order))


def _pattern(pattern: str) -> str:
    """``*`` is any characters, ``?`` one; all else stands for itself."""
    return "".join(".*" if letter == "*" else "." if letter == "?" else re.escape(letter) for letter in pattern)


def key(kind: str, name: str, on_device: bool = False) -> tuple[str, str, str]:
    """The identity of a column, its name as a header can carry it: at most 512 characters of UTF-16, no control characters."""
    if not name.isascii() or not name.isprintable() or len(name) > _NAME:
        safe = "".join(letter if letter.isprintable() else "?" for letter in name.encode("utf-8", "replace").decode())
        if safe != name or len(name) > _NAME // 2:
            name = f"{safe[: _NAME // 2 - 17]}~{hashlib.sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}"
    return kind, name, NONE if kind == "loss-value" else MIX if on_device else XXH3
