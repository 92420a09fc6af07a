"""Hears each warning of torch about an operation without a deterministic implementation, also those that nobody would see.

Python asks its filters in turn whether one matches a warning, and a filter's message is matched by calling ``.match(text)`` on it. Ours stands first, counts,
and then has the remaining filters decide as they would have, with a registry of its own: so each call is counted although Python shows it once a place,
``filterwarnings("ignore")`` hides nothing from us, and ``"error"`` raises as ever. It stands first because ``warnings.filters`` is a list that keeps it there.
A program that puts a list of its own in the place of ``warnings.filters`` goes unheard.
"""

from __future__ import annotations

import sys
import threading
import warnings

from . import places
from .operations import named

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType
    from typing import Any

    from .operations import Operations


class _Ear:
    """Has the place of a compiled regular expression in a filter."""

    def __init__(self, operations: Operations) -> None:
        self._operations = operations
        self._deciding = threading.local()
        self._registries: dict[str, dict[Any, Any]] = {}

    def match(self, text: str, *_: Any) -> bool:
        """False for every other warning: the next filter is asked, as if this one were not there."""
        operation = None if getattr(self._deciding, "now", False) else named(text)
        if operation is None:
            return False
        frame = places.own_frame(sys._getframe(1))  # past our own wrapper of put_
        self._operations.seen(operation, "warned", *places.of_frames(frame))
        if frame is not None:
            self._decide(text, frame)
        return True  # and "ignore": all that was to be shown has been

    def _decide(self, text: str, frame: FrameType) -> None:
        if frame.f_code.co_name == "alert_not_deterministic" and frame.f_back is not None:
            frame = frame.f_back  # torch's own warning from Python, with stacklevel=2
        module = str(frame.f_globals.get("__name__", "<string>"))
        self._deciding.now = True
        try:
            registry = self._registries.setdefault(module, {})
            warnings.warn_explicit(text, UserWarning, frame.f_code.co_filename, frame.f_lineno, module, registry)
        finally:
            self._deciding.now = False


class _Filters(list):  # type: ignore[type-arg]
    """``warnings.filters`` with one entry that stays first, in copies too: ``catch_warnings`` works on a copy."""

    def __init__(self, first: tuple[Any, ...], rest: Any) -> None:
        super().__init__([first, *(entry for entry in rest if entry is not first)])
        self._first = first

    def insert(self, index: Any, value: Any) -> None:
        super().insert(max(index, 1) if index >= 0 else index, value)

    def remove(self, value: Any) -> None:
        if value is not self._first:
            super().remove(value)

    def clear(self) -> None:
        self[:] = []

    def copy(self) -> _Filters:
        return _Filters(self._first, self)

    def __getitem__(self, index: Any) -> Any:
        found = super().__getitem__(index)
        return _Filters(self._first, found) if isinstance(index, slice) else found

    def __setitem__(self, index: Any, value: Any) -> None:
        super().__setitem__(index, value)
        self._mend()

    def __delitem__(self, index: Any) -> None:
        super().__delitem__(index)
        self._mend()

    def _mend(self) -> None:
        if not len(self) or super().__getitem__(0) is not self._first:
            super().__setitem__(slice(None), [self._first, *(entry for entry in self if entry is not self._first)])


def listen(operations: Operations) -> None:
    """Puts the filter in place, once."""
    if isinstance(warnings.filters, _Filters):
        return
    first = ("ignore", _Ear(operations), UserWarning, None, 0)
    warnings.filters = _Filters(first, warnings.filters)  # type: ignore[assignment]
    warnings._filters_mutated() if hasattr(warnings, "_filters_mutated") else warnings._filters_mutated_lock_held()  # type: ignore[attr-defined]
