"""Which tensors a row is about: parameters, gradients, optimizer state, buffers, under the model's names."""

from __future__ import annotations

import weakref

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from ..steps import Steps


class Names:
    """The names of a list of tensors: one object for as long as they stay the same, so that what follows from them is found out once."""

    __slots__ = ("all", "known")

    def __init__(self, names: list[str]) -> None:
        self.all = names
        self.known: dict[Any, Any] = {}


class Watched:
    """Parameters are those of all roots and of all optimizers. One that no optimizer has counts as a buffer, unless there is no optimizer at all.

    What there is, is laid down in a plan, and the plan is checked each time by identities: a module, parameter or group that was added, taken away or replaced makes a
    new one. The plan keeps no module and no tensor alive.
    """

    def __init__(self, steps: Steps) -> None:
        self._steps = steps
        self._plan: _Plan | None = None

    def look(self) -> _Plan:
        """The plan, with the tensors as they are now until ``let_go``."""
        plan = self._plan
        if plan is None or not plan.look():
            self._adopt()
            plan = self._plan = _Plan(self._steps)
        return plan

    def let_go(self) -> None:
        """Keeps no tensor any longer."""
        if self._plan is not None:
            self._plan.let_go()

    def forget(self) -> None:
        """For a forked child."""
        self._plan = None

    def _adopt(self) -> None:
        """Finds the modules of parameters that an optimizer has, and that no root is known to have; then those that are only called without gradients."""
        known = {id(parameter) for _, module in self._steps.names.roots() for parameter in module.parameters()}
        self._steps.names.adopt([parameter for optimizer in self._steps.optimizers() for parameter in _parameters(optimizer) if id(parameter) not in known])
        self._steps.names.settle()


class _Plan:
    def __init__(self, steps: Steps) -> None:
        self._steps = steps
        self._version = steps.names.version
        self._optimizers = [_Group(optimizer) for optimizer in steps.optimizers()]
        self._modules: list[_Module] = []
        self._parameters: list[Any] = []
        names: list[tuple[int, str]] = []
        flat: list[Any] = []
        seen: set[int] = set()
        for prefix, root in steps.names.roots():
            for path, module in root.named_modules():
                self._modules.append(_Module(module, prefix + path))
                for name, parameter in module._parameters.items():
                    if parameter is not None and id(parameter) not in seen:
                        seen.add(id(parameter))
                        names.append((len(flat), _join(prefix, path, name)))
                    flat.append(parameter)
        for number, group in enumerate(self._optimizers, 1):
            for place, parameter in group.places():
                if id(parameter) not in seen:
                    seen.add(id(parameter))
                    names.append((len(flat), f"@{number}.{place}"))
                flat.append(parameter)
        self._ids = tuple(map(id, flat))
        owned = {one for group in self._optimizers for one in group.ids}
        ours = [entry for entry in names if not self._optimizers or self._ids[entry[0]] in owned]
        rest = [entry for entry in names if self._optimizers and self._ids[entry[0]] not in owned]
        self._at, self.parameters = [at for at, _ in ours], Names([name for _, name in ours])
        self._rest, frozen = [at for at, _ in rest], [name for _, name in rest]
        self._frozen = frozen
        self._of: dict[int, tuple[list[int], Names]] = {}
        for group in self._optimizers:
            mine = [(at, name) for at, name in ours if self._ids[at] in group.ids]
            self._of[id(group.reference())] = [at for at, _ in mine], Names([name for _, name in mine])
        self._everything = [at for at, _ in names], Names([name for _, name in names])
        self._flat = flat
        self._buffers: tuple[tuple[Any, ...], Names] | None = None

    def look(self) -> bool:
        """Takes up the tensors as they are now; False where the plan no longer holds."""
        flat: list[Any] = []
        if self._version != self._steps.names.version or len(self._steps.optimizers()) != len(self._optimizers):
            return False
        for one in self._modules:
            module = one.reference()
            if module is None or tuple(map(id, module._modules.values())) != one.children:
                return False
            flat.extend(module._parameters.values())
        for group in self._optimizers:
            if not group.look(flat):
                return False
        if tuple(map(id, flat)) != self._ids:
            return False
        self._flat = flat
        return True

    def let_go(self) -> None:
        self._flat = []

    def values(self) -> list[Any]:
        """The parameters, in the order of ``parameters``."""
        flat = self._flat
        return [flat[at] for at in self._at]

    def of(self, optimizer: Any) -> tuple[list[Any], Names]:
        """The parameters of one optimizer, and their names; without one, all there are."""
        places, names = self._everything if optimizer is None else self._of.get(id(optimizer), ([], Names([])))
        flat = self._flat
        return [flat[at] for at in places], names

    def state(self, optimizer: Any) -> tuple[list[Any], Names]:
        """The values of an optimizer's state, and ``NAME.KEY`` of each; what it keeps beside its parameters is ``@.KEY``."""
        parameters, names = self.of(optimizer)
        state = getattr(optimizer, "state", None) or {}
        found: list[Any] = []
        keys: list[tuple[Any, ...]] = []
        empty: dict[Any, Any] = {}
        for parameter in parameters:
            one = state.get(parameter) or empty
            keys.append(tuple(one))
            found.extend(one.values())
        beside: dict[Any, Any] = {}
        if len(state) != len(parameters):
            beside = {key: value for key, value in state.items() if isinstance(key, str)}
            found.extend(beside.values())
        keys.append(tuple(beside))
        known = names.known.get("state")
        if known is None or known[0] != keys:
            texts = [f"{name}.{key}" for name, mine in zip([*names.all, "@"], keys) for key in mine]
            known = names.known["state"] = keys, Names(texts)
        return found, known[1]

    def buffers(self) -> tuple[list[Any], Names]:
        """Parameters that no optimizer has, then buffers."""
        found: list[Any] = [self._flat[at] for at in self._rest]
        keys: list[Any] = []
        for one in self._modules:
            module = one.reference()
            if module is not None and len(module._buffers):
                found.extend(module._buffers.values())
                keys.extend((one.name, key) for key in module._buffers)
        known = self._buffers
        if known is None or known[0] != tuple(keys):
            known = self._buffers = tuple(keys), Names([*self._frozen, *(f"{path}.{key}" if path and not path.endswith(".") else path + key for path, key in keys)])
        return found, known[1]


class _Module:
    __slots__ = ("reference", "children", "name")

    def __init__(self, module: Any, name: str) -> None:
        self.reference, self.name = weakref.ref(module), name
        self.children = tuple(map(id, module._modules.values()))


class _Group:
    """An optimizer's parameter groups."""

    def __init__(self, optimizer: Any) -> None:
        self.reference = weakref.ref(optimizer)
        self.ids = {id(parameter) for parameter in _parameters(optimizer)}

    def places(self) -> Iterator[tuple[str, Any]]:
        optimizer = self.reference()
        for index, group in enumerate(getattr(optimizer, "param_groups", ())):
            for place, parameter in enumerate(group["params"]):
                yield f"{index}.{place}", parameter

    def look(self, flat: list[Any]) -> bool:
        optimizer = self.reference()
        if optimizer is None:
            return False
        for group in getattr(optimizer, "param_groups", ()):
            flat.extend(group["params"])
        return True


def _join(prefix: str, path: str, name: str) -> str:
    return f"{prefix}{path}.{name}" if path else prefix + name


def _parameters(optimizer: Any) -> Iterator[Any]:
    for group in getattr(optimizer, "param_groups", ()):  # one that is just being made has none
        yield from group["params"]
