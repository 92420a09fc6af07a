"""Lists every operator of the first step, for the service to say which of them would refuse on a GPU."""

from __future__ import annotations

import threading

from .. import bounds, places
from .functions import Functions
from .operators import Operators

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType
    from typing import Any

    from .phases import Phases

ENTRIES = 4000
"""Operators that are listed, and functions (readers take 4,096 of a list); later ones are counted together."""
_VALUES = 8
"""Values of one argument, types and devices that are listed of one operator."""
_STEPS = 8
"""Steps in which an optimizer that the process has made may come to its first."""


class Audit:
    """Listens from the first forward until each optimizer has made a step. ``write`` takes the document of ``audit.json``."""

    def __init__(self, torch: Any, steps: Any, phases: Phases, write: Callable[[dict[str, Any]], None]) -> None:
        self._torch, self._steps, self._phases, self._write = torch, steps, phases, write
        self._operators = Operators(torch, self._see, self._lack)
        steps.add(self._operators)
        self._functions = Functions(torch, self._function, self._lack)
        self._seen: dict[tuple[Any, str], dict[str, Any]] = {}
        self._called: dict[tuple[str, str], dict[str, Any]] = {}
        self._arguments: dict[Any, list[tuple[int, str, Any]]] = {}
        self._lock = threading.Lock()  # on a GPU backward runs on threads of torch's
        self._left_out = 0
        self._steps_seen: list[int] = []
        self._stepped: list[Any] = []
        self._incomplete: list[str] = []
        self._state = "waiting"
        self._compiles = False

    def before_forward(self, root: str | None) -> None:
        if self._state != "waiting":
            return
        self._state = "watching"
        if root is None:
            self._lack("The first step has no forward of a module, so what came before its backward was not seen.")
        if not self._compiles:
            self._operators.enter()
        if self._operators.watching:
            self._functions.enter()
        self._document()

    def stepped(self, optimizer: Any, step: int) -> None:
        if self._state != "watching":
            return
        self._steps_seen.append(step)
        self._stepped.append(optimizer)
        left = [one for one in self._steps.optimizers() if not any(one is other for other in self._stepped)]
        if not left or len(self._steps_seen) == _STEPS:
            if left:
                self._lack(f"{len(left)} of the optimizers had made no step when {_STEPS} steps had been seen.")
            self.end()

    def compiles(self) -> None:
        """The program has torch.compile compile something: what that does is not seen, and a mode in place would keep it from compiling."""
        self._compiles = True
        self._lack("The program uses torch.compile: what compiled code does is not seen, and nothing was watched from there on.")
        self._leave()

    def finish(self) -> None:
        """When the process ends."""
        if self._state == "watching":
            self._lack("The process ended before the first step of each optimizer was done.")
            self.end()
        elif self._state == "waiting":
            self._lack("The process made no step.")
            self.end()

    def failed(self, problem: Exception) -> None:
        self._lack(f"The audit failed: {type(problem).__name__}: {bounds.text(problem)}"[:500])
        self.end()

    def after_fork(self) -> None:
        self._state = "done"
        self._leave()

    def end(self) -> None:
        self._leave()
        self._state = "done"
        self._document()

    def _leave(self) -> None:
        if self._operators.watching:
            self._operators.leave()
            self._functions.leave()

    def _lack(self, why: str) -> None:
        if why not in self._incomplete and len(self._incomplete) < 20:
            self._incomplete.append(why)

    def _document(self) -> None:
        self._write(
            {
                "schema": 1, "torch": bounds.text(self._torch.__version__), "done": self._state == "done", "steps": self._steps_seen, "incomplete": self._incomplete,
                "operators": list(self._seen.values()), "functions": list(self._called.values()),
                "leftOut": self._left_out,
            }
        )  # fmt: skip

    # Everything below runs within an operator: what goes wrong here must not reach the program.

    def _see(self, operator: Any, args: tuple[Any, ...], kwargs: dict[str, Any], frame: FrameType | None) -> Any:
        try:
            with self._lock:
                self._note(operator, args, kwargs, frame)
        except Exception as problem:
            self._lack(f"An operator could not be listed: {type(problem).__name__}: {bounds.text(problem)}"[:500])
        return operator(*args, **kwargs)

    def _note(self, operator: Any, args: tuple[Any, ...], kwargs: dict[str, Any], frame: FrameType | None) -> None:
        phase = self._phases.now()
        entry = self._seen.get((operator, phase))
        if entry is None:
            if len(self._seen) >= ENTRIES:
                self._left_out += 1
                return
            place, function = self._phases.place(frame, phase)
            entry = {
                "operator": bounds.text(operator)[:200], "phase": phase, "count": 0, "place": place, "function": function,
                "dtypes": [], "devices": [], "arguments": {},
            }  # fmt: skip
            self._seen[operator, phase] = entry
        entry["count"] += 1
        for tensor in _tensors(self._torch, (args, kwargs)):
            _add(entry["dtypes"], str(tensor.dtype).replace("torch.", ""))
            _add(entry["devices"], str(tensor.device.type))
        for index, name, default in self._named(operator):
            value = args[index] if index < len(args) else kwargs.get(name, default)
            _add(entry["arguments"].setdefault(name, []), _plain(value))

    def _named(self, operator: Any) -> list[tuple[int, str, Any]]:
        """Position, name and default of the arguments on which an operator's way may depend: flags, modes, and tensors that may be left out."""
        found = self._arguments.get(operator)
        if found is None:
            found = []
            for index, argument in enumerate(getattr(getattr(operator, "_schema", None), "arguments", ())):
                kind = str(argument.type)
                if kind in ("bool", "str") or kind.startswith("Optional[") or (kind == "int" and argument.name in ("mode", "reduction")):
                    found.append((index, argument.name, argument.default_value if argument.has_default_value() else None))
            self._arguments[operator] = found[:16]
        return self._arguments[operator]

    def _function(self, name: str, frame: FrameType) -> None:
        phase = self._phases.now()
        entry = self._called.get((name, phase))
        if entry is None:
            if len(self._called) >= ENTRIES:
                self._left_out += 1
                return
            place, function = places.of_frames(frame)
            entry = self._called[name, phase] = {"function": name, "phase": phase, "count": 0, "place": place, "within": function}
        entry["count"] += 1


def _tensors(torch: Any, value: Any) -> Any:
    if isinstance(value, torch.Tensor):
        yield value
    elif isinstance(value, (tuple, list)):
        for one in value:
            yield from _tensors(torch, one)
    elif isinstance(value, dict):
        yield from _tensors(torch, tuple(value.values()))


def _add(values: list[Any], value: Any) -> None:
    if len(values) < _VALUES and not any(type(one) is type(value) and one == value for one in values):
        values.append(value)


def _plain(value: Any) -> Any:
    """Flags, modes and None as they are; of everything else only that it is given."""
    if isinstance(value, str):
        return bounds.text(value)[:64]
    return value if value is None or isinstance(value, (bool, int)) else "given"
