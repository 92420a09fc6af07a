"""Catches refusals at the moment they are raised, whatever the program does with the exception.

torch raises them from C++ without a call into Python. From Python 3.12 on, ``sys.monitoring`` tells of every exception, so all are caught. Before, only the
operations that refuse on a CPU are wrapped: ``put_``, ``put`` and ``max_unpool1d/2d/3d``. There, other refusals (those of CUDA kernels, quantized
``resize_``) are recorded when they end the program or a thread, and are not when the program swallows them. A refusal during ``backward``
counts like any other; the place is the program's line that called it.
"""

from __future__ import annotations

import sys

from . import places
from .operations import named
from .wrapping import wrap

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .operations import Operations

# One of the tools that PEP 669 leaves free.
_TOOL = 4


def watch(operations: Operations, torch: Any) -> None:
    """Installs what this version of Python allows."""
    if sys.version_info < (3, 12) or not watch_all(operations):
        _wrap_known(operations, torch)


def watch_all(operations: Operations) -> bool:
    """Python 3.12 and later: hears of every exception raised. False where another tool holds the place."""
    monitoring = sys.monitoring  # type: ignore[attr-defined]
    if monitoring.get_tool(_TOOL) is not None:
        return bool(monitoring.get_tool(_TOOL) == "reprise")
    monitoring.use_tool_id(_TOOL, "reprise")

    def raised(code: Any, offset: int, problem: BaseException) -> None:
        # Told again in each frame that an exception passes: the innermost has the only traceback entry.
        if type(problem) is RuntimeError and problem.args and named(problem.args[0]) and (problem.__traceback__ is None or problem.__traceback__.tb_next is None):
            operations.refused(problem, *places.here())

    monitoring.register_callback(_TOOL, monitoring.events.RAISE, raised)
    monitoring.set_events(_TOOL, monitoring.events.RAISE)
    return True


def _wrap_known(operations: Operations, torch: Any) -> None:
    def around(original: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return original(*args, **kwargs)
        except RuntimeError as problem:
            operations.refused(problem, *places.here())
            raise

    tensor, functions = getattr(torch, "Tensor", None), getattr(getattr(torch, "_C", None), "_nn", None)
    for owner, name in ((tensor, "put_"), (tensor, "put"), (torch, "put"), (functions, "max_unpool2d"), (functions, "max_unpool3d")):
        wrap(owner, name, around)
