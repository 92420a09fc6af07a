"""How the user's code ended."""

from __future__ import annotations

import gc
import sys
import time

from . import bounds, places
from .wrapping import wrap

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .operations import Operations


class Ending:
    """Finds the exit code of ``SystemExit``, which Python keeps from everything that runs at exit.

    ``sys.exit`` could be wrapped, ``raise SystemExit(main())`` could not, and either may be caught. The interpreter itself, when nothing caught the
    exception, reads its ``code``: that attribute is replaced by one that does the same, and that takes note when it is read with no Python frame on the
    stack. Before Python 3.12 ``sys.exit`` leaves a bare number in the exception's place until something catches it, so there it is caught and raised again.
    """

    def __init__(self) -> None:
        self.code: int | None = None

    def install(self) -> None:
        """Replaces the attribute; raises ``RuntimeError`` where this interpreter does not let us."""
        attributes = gc.get_referents(SystemExit.__dict__)[0]
        member = attributes["code"]
        ending = self

        class Code:
            __doc__ = member.__doc__

            def __get__(self, instance: Any, owner: Any = None) -> Any:
                if instance is None:
                    return member
                value = member.__get__(instance, owner)
                try:
                    sys._getframe(1)
                except ValueError:
                    ending.code = exit_code(value)
                return value

            def __set__(self, instance: Any, value: Any) -> None:
                member.__set__(instance, value)

            def __delete__(self, instance: Any) -> None:
                member.__delete__(instance)

        attributes["code"] = Code()
        if sys.version_info < (3, 12):
            wrap(sys, "exit", _normalised)
        if type(SystemExit.__dict__["code"]) is not Code or SystemExit(3).code != 3:
            raise RuntimeError("SystemExit.code cannot be watched in this Python")

    def document(self, operations: Operations) -> dict[str, Any]:
        """``result.json`` when the interpreter shuts down: ``exited`` by ``SystemExit``, ``raised``, or ``returned``."""
        if self.code is not None:
            return result("exited", self.code)
        problem = getattr(sys, "last_exc", None) or getattr(sys, "last_value", None)
        if problem is None:
            return result("returned", 0)
        place, function = places.of_traceback(problem.__traceback__)
        operation = operations.refused(problem, place, function)
        return {
            **result("raised", 130 if isinstance(problem, KeyboardInterrupt) else 1),
            "exception": {"type": bounds.text(type(problem).__name__), "message": bounds.text(problem)},
            "operation": operation, "place": place, "function": function,
        }  # fmt: skip


def _normalised(leave: Any, *args: Any) -> None:
    try:
        leave(*args)
    except SystemExit:
        raise


def exit_code(value: object) -> int:
    """The process's exit code for ``SystemExit.code``: an integer's low byte, 0 for None, 1 for anything else, which Python prints."""
    if value is None:
        return 0
    return value & 0xFF if isinstance(value, int) else 1


def result(outcome: str, code: int | None) -> dict[str, Any]:
    return {
        "schema": 1, "outcome": outcome, "exitCode": code, "exception": None, "operation": None, "place": None, "function": None, "ended": time.time(),
    }  # fmt: skip
