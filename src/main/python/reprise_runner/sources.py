"""What a program reads that no seed decides, by place: random bytes of the system, seeds of unseeded generators, the order in which folders list their files.

It is evidence for causes and nothing is changed: every call goes through as it came.
"""

from __future__ import annotations

import hashlib
import os
import sys

from . import bounds, places
from .wrapping import wrap

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

MOST = 100_000
"""Names of a folder that are looked at."""
_PASSED_OVER = ("/proc", "/sys", "/dev")


class Sources:
    """Calls by place. ``step`` gives the step that is under way, None where none are counted."""

    def __init__(self, step: Callable[[], int | None]) -> None:
        self._step = step
        self.entries = bounds.Tally()
        self._orders: dict[tuple[str, str | None], bytes] = {}
        self.quiet = 0
        """Above 0 while the harness itself is at work."""

    def install(self) -> None:
        wrap(os, "urandom", self._urandom)
        wrap(os, "listdir", self._listdir)
        wrap(os, "scandir", self._scandir)

    def watch_numpy(self, random: Any) -> None:
        """For ``numpy.random``, where unseeded generators draw from the system: those that the harness seeds are in no list."""
        generators = getattr(random, "bit_generator", None)
        if callable(getattr(generators, "randbits", None)):
            wrap(generators, "randbits", self._randbits)

    def restart(self) -> None:
        """For a forked child, which has read nothing yet."""
        self.entries.clear()
        self._orders.clear()

    def document(self) -> list[dict[str, Any]]:
        """``observed.sources``."""
        orders = {key: digest.hex() for key, digest in self._orders.items()}
        return [{**entry, "order": orders.get((entry["call"], entry["place"]))} for entry in self.entries]

    def _urandom(self, original: Any, *args: Any, **kwargs: Any) -> Any:
        if self._by_program():
            self._note("os.urandom")
        return original(*args, **kwargs)

    def _randbits(self, original: Any, *args: Any, **kwargs: Any) -> Any:
        if self._by_program():
            self._note("numpy.random.bit_generator.randbits")
        return original(*args, **kwargs)

    def _listdir(self, original: Any, *args: Any, **kwargs: Any) -> Any:
        names = original(*args, **kwargs)
        if not _passed_over(args, kwargs) and self._by_program():
            self._listed("os.listdir", names[:MOST])
        return names

    def _scandir(self, original: Any, *args: Any, **kwargs: Any) -> Any:
        entries = original(*args, **kwargs)
        return entries if _passed_over(args, kwargs) or not self._by_program() else _Entries(entries, lambda names: self._listed("os.scandir", names))

    def _by_program(self) -> bool:
        """Neither the harness's own work, nor what libraries do when they are imported."""
        return not self.quiet and not places.by_import(sys._getframe(2))

    def _listed(self, call: str, names: list[Any]) -> None:
        """Names in the order in which they came, after those of the calls before at the same place."""
        if len(names) < 2:
            return  # no order
        entry = self._note(call)
        key = (call, entry["place"])
        if entry["count"] > 1 and key not in self._orders:
            return  # the list was full
        text = b"\0".join(os.fsencode(name) for name in names)
        self._orders[key] = hashlib.sha256(self._orders.get(key, b"") + text).digest()[:16]

    def _note(self, call: str) -> dict[str, Any]:
        entry, new = self.entries.add({"call": call, "place": places.here()[0]}, ("place",))
        if new:
            entry["step"] = self._step()
        return entry


class _Entries:
    """What ``os.scandir`` gives, with a note of the names when they have all come or it is closed."""

    def __init__(self, entries: Any, done: Callable[[list[Any]], None]) -> None:
        self._entries, self._done = entries, done
        self._names: list[Any] | None = []

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> Any:
        try:
            entry = next(self._entries)
        except BaseException:
            self._end()
            raise
        if self._names is not None and len(self._names) < MOST:
            self._names.append(entry.name)
        return entry

    def __enter__(self) -> _Entries:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._entries.close()
        self._end()

    def _end(self) -> None:
        names, self._names = self._names, None
        if names is not None:
            self._done(names)


def _passed_over(args: tuple[Any, ...], kwargs: dict[str, Any]) -> bool:
    """The kernel's own folders, whose lists are of this moment and say nothing."""
    path = args[0] if args else kwargs.get("path", ".")
    try:
        return os.fsdecode(path).startswith(_PASSED_OVER)
    except TypeError:  # a descriptor
        return False
