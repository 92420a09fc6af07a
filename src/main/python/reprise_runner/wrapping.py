"""Functions of other modules, replaced by ones that also tell the harness."""

from __future__ import annotations

import functools
import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


def wrap(module: Any, name: str, around: Callable[..., Any]) -> Any:
    """Replaces ``module.name`` by a function that calls ``around(original, *args, **kwargs)`` and looks like the original.

    Nothing happens where the module has no such name, or has our function there already (a module that is executed again by
    ``importlib.reload`` has the original back). Returns what stands there now, or None.
    """
    original = getattr(module, name, None)
    if original is None or getattr(original, "_reprise", False):
        return original

    @functools.wraps(original)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        return around(original, *args, **kwargs)

    wrapper._reprise = True  # type: ignore[attr-defined]
    setattr(module, name, wrapper)
    if module is os:
        # os.execve in os.supports_fd must stay true.
        for supports in (os.supports_fd, os.supports_dir_fd, os.supports_effective_ids, os.supports_follow_symlinks):
            if original in supports:
                supports.add(wrapper)
    return wrapper


def original(function: Any) -> Any:
    """The function under our wrapper."""
    return function.__wrapped__ if getattr(function, "_reprise", False) else function
