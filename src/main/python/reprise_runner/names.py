"""The model's own names of modules, parameters and buffers: ``conv2.weight``."""

from __future__ import annotations

import gc
import sys
import weakref

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

_WRAPPERS = {"OptimizedModule": "_orig_mod", "DistributedDataParallel": "module", "DataParallel": "module"}


_SEARCHES = 64
"""Times that a process is searched for what holds a module: some 50 ms each. A program that makes models without end has roots as it calls them after that."""


class Names:
    """Names are those of ``named_modules`` and ``named_parameters`` of a root: the outermost module that holds what is called or trained.

    The first root's have no prefix, the second's begin with ``#2.``. A module that only wraps another (compiled, data parallel) has the name of what it wraps. What
    has neither parameters nor buffers and is in no root, a loss function say, is called by its class, ``<CrossEntropyLoss>``, and so is a module that is called
    from within another but is not among its children (one that holds nothing is not looked for where it was added later). The place of a root that is gone is taken by the next one of the same class with the same
    parameters, so that models made again and again do not bring names without end.
    """

    def __init__(self) -> None:
        self._roots: list[_Root] = []
        self._modules: dict[int, tuple[weakref.ref[Any], str]] = {}
        self._wrapped: dict[int, weakref.ref[Any]] = {}
        self._waiting: list[weakref.ref[Any]] = []
        self._strangers: dict[int, weakref.ref[Any]] = {}
        self._searches = 0
        self.version = 0
        """Grows whenever a root is new, or waits."""

    def restart(self) -> None:
        """For a forked child, which has used no module yet."""
        self._roots.clear()
        self._modules.clear()
        self._wrapped.clear()
        self._waiting.clear()
        self._strangers.clear()
        self.version += 1

    def root(self, module: Any) -> str:
        """The name of a module that is called from outside every other; what holds it becomes a root if it is none."""
        known = self._known(module)
        if known is not None:
            return known
        inner = unwrapped(module)
        name = self._known(inner)
        if name is None:
            if not _has_tensors(inner):
                return f"<{type(inner).__name__}>"
            self._note(self._outermost(inner))
            name = self._known(inner) or ""
        while module is not inner:
            self._modules[id(module)] = (weakref.ref(module), name)
            module = module._modules[_WRAPPERS[type(module).__name__]]
            self._wrapped[id(module)] = weakref.ref(module)
        return name

    def wait(self, module: Any) -> None:
        """A module that was called from outside every other, without gradients. It becomes a root when those that are trained have their names."""
        inner = unwrapped(module)
        if self._known(inner) is None and not any(one() is inner for one in self._waiting) and _has_tensors(inner):
            self._waiting.append(weakref.ref(inner))
            self.version += 1

    def settle(self) -> None:
        """Makes roots of those that wait."""
        waiting, self._waiting = self._waiting, []
        for reference in waiting:
            module = reference()
            if module is not None and self._known(module) is None:
                self._note(self._outermost(module))

    def module(self, module: Any) -> str | None:
        """The name of a module that is called from within another; None where the caller only wraps it, so that both are told of once."""
        wrapped = self._wrapped.get(id(module))
        if wrapped is not None and wrapped() is module:
            return None
        known = self._known(module)
        if known is not None:
            return known
        stranger = self._strangers.get(id(module))
        if (stranger is None or stranger() is not module) and (len(module._parameters) or len(module._modules)):
            for root in self._roots:  # added since
                top = root.reference()
                if top is not None and any(one is module for one in top.modules()):
                    self._note(top)
                    return self._known(module)
            self._strangers[id(module)] = weakref.ref(module)
        return f"<{type(module).__name__}>"

    def adopt(self, parameters: list[Any]) -> None:
        """Makes roots of the modules that have these parameters, in that order; those that no module has are passed over."""
        if not parameters:
            return
        owners = {id(parameter): module for module in _all_modules() for parameter in module._parameters.values()}
        for parameter in parameters:
            module = owners.get(id(parameter))
            if module is not None and self._known(module) is None:
                self._note(self._outermost(module))

    def roots(self) -> Iterator[tuple[str, Any]]:
        """Prefix and module of each root that still is, in the order in which they were first used."""
        for root in self._roots:
            module = root.reference()
            if module is not None:
                yield root.prefix, module

    def parameters(self) -> Iterator[tuple[str, Any]]:
        """Name and parameter, of all roots so far; one that is in two places has its first name."""
        seen: set[int] = set()
        for prefix, module in self.roots():
            for name, parameter in module.named_parameters():
                if id(parameter) not in seen:
                    seen.add(id(parameter))
                    yield prefix + name, parameter

    def _outermost(self, module: Any) -> Any:
        self._searches += 1
        return _outermost(module) if self._searches <= _SEARCHES else module

    def _known(self, module: Any) -> str | None:
        known = self._modules.get(id(module))
        return known[1] if known is not None and known[0]() is module else None

    def _note(self, top: Any) -> None:
        """Names all that is below a root, which may be known already and have grown."""
        root = next((root for root in self._roots if root.reference() is top), None)
        if root is None:
            signature = _signature(top)
            root = next((root for root in self._roots if root.reference() is None and root.signature == signature), None)
            if root is None:
                root = _Root(f"#{len(self._roots) + 1}." if self._roots else "", signature)
                self._roots.append(root)
            root.reference = weakref.ref(top)
            self.version += 1
        for name, one in top.named_modules():
            if self._known(one) is None:
                self._modules[id(one)] = (weakref.ref(one), root.prefix + name)


class _Root:
    def __init__(self, prefix: str, signature: Any) -> None:
        self.prefix, self.signature = prefix, signature
        self.reference: Callable[[], Any] = lambda: None


def unwrapped(module: Any) -> Any:
    """The module within those that only wrap."""
    while True:
        inner = _WRAPPERS.get(type(module).__name__)
        if inner is None or module._modules.get(inner) is None:
            return module
        module = module._modules[inner]


def _has_tensors(module: Any) -> bool:
    return any(value is not None for one in module.modules() for values in (one._parameters, one._buffers) for value in values.values())


def _signature(module: Any) -> Any:
    return type(module).__qualname__, tuple((name, _shape(parameter)) for name, parameter in module.named_parameters())


def _shape(parameter: Any) -> tuple[int, ...] | None:
    try:
        return tuple(parameter.shape)
    except RuntimeError:
        return None  # of a lazy module that was not called yet


def _outermost(module: Any) -> Any:
    """The module that holds it, however deep, and that no other holds; itself where two hold it apart from each other."""
    parents: dict[int, list[Any]] = {}
    for one in _all_modules():
        for child in one._modules.values():
            if child is not None:
                parents.setdefault(id(child), []).append(one)
    seen = {id(module)}
    while True:
        holders = parents.get(id(module), ())
        if len(holders) != 1 or id(holders[0]) in seen:
            return unwrapped(module)
        module = holders[0]
        seen.add(id(module))


def _all_modules() -> list[Any]:
    """Every module of the process: nothing else knows which modules hold another."""
    kind = sys.modules["torch"].nn.Module
    return [one for one in gc.get_objects() if issubclass(type(one), kind) and "_modules" in one.__dict__ and "_parameters" in one.__dict__]
