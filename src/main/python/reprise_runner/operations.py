"""Operations without a deterministic implementation: those that were refused, and those that warned."""

from __future__ import annotations

import re

from . import bounds

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

# torch's words, from alertNotDeterministic in ATen/Context.cpp; the same for every operation since torch 1.8.
_TEXT = re.compile(r"(?P<op>[\w ]+?) does not have a deterministic implementation, but you set 'torch\.use_deterministic_algorithms\(True(?P<warn>, warn_only=True)?\)'")
_SEEN = "_reprise_seen"


def named(text: object) -> str | None:
    """The operation a message is about, or None for another message."""
    found = _TEXT.search(text) if isinstance(text, str) else None
    return found["op"].strip() if found else None


class Operations:
    """Counts by operation, kind and place; ``write`` appends to ``operations.jsonl``: the first of each at once, so that a killed process has told."""

    def __init__(self, write: Callable[[list[dict[str, Any]]], None]) -> None:
        self._write = write
        self.entries = bounds.Tally()

    def seen(self, operation: str, kind: str, place: str | None, function: str | None) -> None:
        entry, new = self.entries.add({"operation": operation[:200], "kind": kind, "place": place, "function": function}, ("place", "function"))
        if new:
            self._write([entry])

    def refused(self, problem: BaseException, place: str | None, function: str | None) -> str | None:
        """The operation whose refusal this exception is, or was caused by; counted unless this very exception was before."""
        link: BaseException | None = problem
        for _ in range(20):
            if link is None:
                return None
            operation = named(_message(link))
            if operation is not None:
                if not getattr(link, _SEEN, False):
                    self.mark(link)
                    self.seen(operation, "refused", place, function)
                return operation
            link = link.__cause__ or link.__context__
        return None

    @staticmethod
    def mark(problem: BaseException) -> None:
        """Keeps an exception that was counted when it was raised from being counted again where it ends the program."""
        try:
            setattr(problem, _SEEN, True)
        except AttributeError:
            pass

    def finish(self) -> None:
        """Appends the final counts of those seen more than once."""
        self._write([entry for entry in self.entries if entry["count"] > 1])

    def restart(self) -> None:
        self.entries.clear()


def _message(problem: BaseException) -> str | None:
    return problem.args[0] if problem.args and isinstance(problem.args[0], str) else None
