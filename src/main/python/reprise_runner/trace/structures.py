"""Nested values, as modules take and give them: the text of their structure, and the tensors in it in order."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from .values import UNREAD, Joined

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .fingerprints import Fingerprints

_DEPTH = 32
_PARTS = 100_000


class _TooMuch(Exception):
    pass


class Structures:
    """Gives one value for whatever a module took or gave.

    A tensor stands for itself. Else the text has ``T`` for a tensor, ``(a,b)`` for tuples, ``[a,b]`` for lists, ``{key:a}`` for mappings and
    ``Name{field:a}`` for dataclasses, in the order in which they come, and scalars and strings by their type and ``repr``. Of any other object the tensors among
    its attributes count, and its class.
    """

    def __init__(self, torch: Any, fingerprints: Fingerprints) -> None:
        self._tensor, self._fingerprints = torch.Tensor, fingerprints

    def of(self, value: Any) -> Any:
        """Never raises: what cannot be walked is unread."""
        if isinstance(value, self._tensor):
            return self._fingerprints.of(value)
        try:
            walk = _Walk(self._tensor)
            walk.add(value, 0)
        except Exception:
            return UNREAD
        return Joined("".join(walk.text), self._fingerprints.of_all(walk.tensors), walk.said)

    def of_all(self, values: list[Any]) -> list[Any]:
        """Of several, tensors mostly."""
        places = [at for at, value in enumerate(values) if isinstance(value, self._tensor)]
        if len(places) == len(values):
            return self._fingerprints.of_all(values)
        found = [None if isinstance(value, self._tensor) else self.of(value) for value in values]
        for at, value in zip(places, self._fingerprints.of_all([values[at] for at in places])):
            found[at] = value
        return found

    def call(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """What a root was given. A tensor that the program computed from what it trains is no data: it stands in the text as such, without its bytes.

        A single tensor stands for itself; None where there was nothing but computed ones.
        """
        try:
            if len(args) == 1 and not kwargs and isinstance(args[0], self._tensor):
                return None if args[0].grad_fn is not None else self._fingerprints.of(args[0])
            walk = _Walk(self._tensor, computed=True)
            walk.add((args, kwargs) if kwargs else args, 0)
        except Exception:
            return UNREAD
        if walk.computed and not walk.tensors and not walk.said:
            return None
        return Joined("".join(walk.text), self._fingerprints.of_all(walk.tensors), walk.said)


class _Walk:
    def __init__(self, tensor: Any, computed: bool = False) -> None:
        self._tensor, self._apart = tensor, computed
        self.computed = False
        self.text: list[str] = []
        self.tensors: list[Any] = []
        self.said = False

    def add(self, value: Any, depth: int) -> None:
        if depth > _DEPTH or len(self.text) > _PARTS:
            raise _TooMuch
        if isinstance(value, self._tensor):
            if self._apart and value.grad_fn is not None:
                self.text.append("C")
                self.computed = True
            else:
                self.text.append("T")
                self.tensors.append(value)
        elif value is None:
            self.text.append("null")
        elif isinstance(value, (bool, int, float, complex, str, bytes)):
            self.text.append(f"{type(value).__name__}:{value!r}")
            self.said = True
        elif isinstance(value, Mapping):
            self._add_all("{", ((key, value[key]) for key in value), "}", depth)
        elif isinstance(value, tuple):
            self._add_all("(", ((None, one) for one in value), ")", depth)
        elif isinstance(value, list):
            self._add_all("[", ((None, one) for one in value), "]", depth)
        elif dataclasses.is_dataclass(value) and not isinstance(value, type):
            fields = ((field.name, getattr(value, field.name)) for field in dataclasses.fields(value))
            self._add_all(type(value).__name__ + "{", fields, "}", depth)
        elif _is_array(value):
            self.text.append("A")
            self.tensors.append(value)
        else:
            inner = getattr(value, "__dict__", None)
            fields = ((name, one) for name, one in (inner or {}).items() if isinstance(one, (self._tensor, tuple, list, dict)) or _is_array(one))
            self._add_all(f"<{type(value).__name__}", fields, ">", depth)

    def _add_all(self, begin: str, values: Any, end: str, depth: int) -> None:
        self.text.append(begin)
        for key, value in values:
            if key is not None:
                self.text.append(f"{key!r}:" if isinstance(key, (str, int, float, bool, bytes)) else f"<{type(key).__name__}>:")
            self.add(value, depth + 1)
            self.text.append(",")
        self.text.append(end)


def _is_array(value: Any) -> bool:
    return type(value).__module__ == "numpy" and hasattr(value, "__array_interface__")
