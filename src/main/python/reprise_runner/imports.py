"""Calls us back right after chosen modules were imported, before the statement that imports them returns."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType
    from typing import Any


class AfterImport:
    """A meta-path finder that finds nothing itself: it has the others find the module, and wraps ``exec_module`` of that one loader.

    Called again when the module is reloaded; not when executing it failed.
    """

    def __init__(self, hooks: dict[str, Callable[[ModuleType], None]]) -> None:
        self._hooks = hooks

    def install(self) -> None:
        sys.meta_path.insert(0, self)

    def find_spec(self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None) -> ModuleSpec | None:
        hook = self._hooks.get(name)
        if hook is None:
            return None
        for finder in list(sys.meta_path):
            find = getattr(finder, "find_spec", None)
            spec = find(name, path, target) if find is not None and finder is not self else None
            if spec is not None:
                if spec.loader is not None and hasattr(spec.loader, "exec_module"):
                    _wrap(spec.loader, hook)
                return spec
        return None

    def invalidate_caches(self) -> None:
        """Part of the protocol of ``sys.meta_path``; nothing is cached."""


def _wrap(loader: Any, hook: Callable[[ModuleType], None]) -> None:
    execute = loader.exec_module

    def exec_module(module: ModuleType) -> None:
        # Off again: a loader that is pickled or compared later is as it was.
        del loader.exec_module
        execute(module)
        hook(sys.modules.get(module.__name__, module))

    loader.exec_module = exec_module
