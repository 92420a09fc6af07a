"""Fingerprints what every operator of one step took and gave, line by line in ``zoom.jsonl``."""

from __future__ import annotations

import json
import threading

from .. import bounds, places
from .operators import Operators
from .unread import reads_nothing, unwritten

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType
    from typing import Any

    from .phases import Phases

LINES = 100_000
"""Operators of the step that are written; a reader reads as many lines."""
BYTES = 64 * 1024 * 1024
"""Size of the file in bytes at which it is cut."""
NOTHING = "-"
"""In the place of a fingerprint: the operator does not read what is in this tensor, or has not written it."""
_AT_ONCE = 200
_VALUES = 4096


class Zoom:
    """Listens from the end of the step before until the step is over; ``write`` appends lines, ``fingerprints`` gives those of tensors in hexadecimal.

    Backward passes on a GPU run on threads of torch's: there the order of two lines is the order in which they came.
    """

    def __init__(
        self, torch: Any, steps: Any, phases: Phases, step: int, write: Callable[[list[str]], None], fingerprints: Callable[[list[Any]], list[str | None]],
        digest: Callable[[bytes], bytes],
    ) -> None:  # fmt: skip
        self._torch, self._phases, self._step, self._append, self._fingerprints, self._digest = torch, phases, step, write, fingerprints, digest
        self._operators = Operators(torch, self._see, self._lack)
        steps.add(self._operators)
        self._random_tag = getattr(getattr(torch, "Tag", None), "nondeterministic_seeded", None)
        self._graph_node = getattr(torch._C, "_current_autograd_node", lambda: None)
        self._sequence = getattr(getattr(torch._C, "_autograd", None), "_get_sequence_nr", lambda: 0)
        self._made: dict[int, tuple[str | None, str | None, str | None]] = {}
        self._last_sequence = 0
        self._lock = threading.RLock()
        self._lines: list[str] = []
        self._count = self._size = 0
        self._cut = False
        self._why: list[str] = []
        self._state = "waiting"

    def before_forward(self, root: str | None) -> None:
        if self._step == 0 and self._state == "waiting":
            if root is None:
                self._lack("The step has no forward of a module, so what came before its backward was not seen.")
            self._begin()

    def row_done(self, step: int) -> None:
        if step == self._step:
            self.end()
        elif step == self._step - 1 and self._state == "waiting":
            self._begin()

    def compiles(self) -> None:
        if self._state != "done":
            self._lack("The program uses torch.compile: what compiled code does cannot be seen by operators.")
            self.end()

    def finish(self) -> None:
        """When the process ends."""
        if self._state == "waiting":
            self._lack("The process ended before this step began.")
        if self._state == "watching":
            self._lack("The process ended within this step.")
        self.end()

    def failed(self, problem: Exception) -> None:
        self._lack(f"The zoom failed: {type(problem).__name__}: {bounds.text(problem)}"[:500])
        self.end()

    def after_fork(self) -> None:
        self._state = "done"
        self._operators.leave()

    def end(self) -> None:
        self._operators.leave()
        if self._state == "done":
            return
        self._state = "done"
        with self._lock:
            self._put({"end": True, "step": self._step, "operators": self._count, "cut": self._cut, "complete": not self._cut and not self._why, "why": self._why[:20]})
            self._flush()
        self._made.clear()

    def _begin(self) -> None:
        self._operators.enter()
        if not self._operators.watching:
            self.end()
            return
        self._state = "watching"
        self._last_sequence = self._sequence()

    # Everything below runs within an operator: what goes wrong here must not reach the program.

    def _see(self, operator: Any, args: tuple[Any, ...], kwargs: dict[str, Any], frame: FrameType | None) -> Any:
        if self._cut:
            return operator(*args, **kwargs)
        with self._lock:
            try:
                line = self._before(operator, args, kwargs, frame)
            except Exception as problem:
                line = None
                self._trouble(problem)
        result = operator(*args, **kwargs)
        if line is not None:
            with self._lock:
                try:
                    given = list(_tensors(self._torch, result))[:_VALUES]
                    line["outputs"] = [NOTHING] * len(given) if unwritten(line["operator"]) else self._fingerprints(given)
                    if self._count >= LINES or self._size >= BYTES:
                        self._cut = True
                    else:
                        self._put({"index": self._count, **line})
                        self._count += 1
                except Exception as problem:
                    self._trouble(problem)
        return result

    def _trouble(self, problem: Exception) -> None:
        self._lack(f"An operator could not be read: {type(problem).__name__}: {bounds.text(problem)}"[:500])

    def _lack(self, why: str) -> None:
        if why not in self._why and len(self._why) < 20:
            self._why.append(why)

    def _before(self, operator: Any, args: tuple[Any, ...], kwargs: dict[str, Any], frame: FrameType | None) -> dict[str, Any]:
        phase = self._phases.now()
        place, function = self._phases.place(frame, phase)
        module = self._phases.modules[-1] if self._phases.modules and phase == "forward" else None
        line: dict[str, Any] = {"operator": bounds.text(operator)[:200], "phase": phase, "module": module}
        skipped = reads_nothing(operator)
        texts: list[str] = []
        inputs: list[Any] = []
        self._walk(args, texts, inputs, skipped)
        for name, value in sorted(kwargs.items()):
            texts.append(f"{name}=")
            self._walk((value,), texts, inputs, name in skipped)
        found = iter(self._fingerprints([one for one in inputs if one is not NOTHING]))
        line["inputs"] = [NOTHING if one is NOTHING else next(found) for one in inputs]
        line["arguments"] = self._digest("\n".join(texts).encode()).hex()
        line["outputs"] = []
        if self._random_tag is not None and self._random_tag in getattr(operator, "tags", ()):
            line["generator"] = self._generator(args, kwargs)
        line["place"], line["function"] = place, function
        if phase == "backward":
            node = self._graph_node()
            made = self._made.get(node._sequence_nr()) if node is not None else None
            if made is not None:
                line["module"], line["forwardPlace"], line["forwardFunction"] = made
        else:
            sequence = self._sequence()
            if sequence != self._last_sequence and len(self._made) < LINES:
                # Autograd has made the operator's node before the operator gets here.
                self._made[sequence - 1] = (module, place, function)
            self._last_sequence = sequence
        return line

    def _walk(self, values: Any, texts: list[str], inputs: list[Any], skipped: Any) -> None:
        """``skipped``: whether the tensors are not read, or for positional arguments at which of them they are not."""
        for index, value in enumerate(values):
            unread = skipped if isinstance(skipped, bool) else index in skipped
            if isinstance(value, self._torch.Tensor):
                texts.append("tensor")
                if len(inputs) < _VALUES:
                    inputs.append(NOTHING if unread else value)
            elif isinstance(value, (tuple, list)):
                texts.append(f"[{len(value)}")
                self._walk(value, texts, inputs, unread)
            elif isinstance(value, float):
                texts.append(value.hex())
            elif isinstance(value, self._torch.Generator):
                texts.append("generator")
            elif value is None or isinstance(value, (bool, int, str, complex, self._torch.dtype, self._torch.device, self._torch.layout, self._torch.memory_format)):
                texts.append(f"{type(value).__name__}:{bounds.text(value)}")
            else:
                texts.append(type(value).__name__)

    def _generator(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> str | None:
        """Of the generator that an operator draws from, its state before it does."""
        given = next((one for one in (*args, *kwargs.values()) if isinstance(one, self._torch.Generator)), None)
        if given is None:
            device = next((one.device for one in _tensors(self._torch, (args, tuple(kwargs.values())))), None) or kwargs.get("device")
            if device is None or device.type == "cpu":
                given = self._torch.default_generator
            elif device.type == "cuda":
                given = self._torch.cuda.default_generators[device.index if device.index is not None else self._torch.cuda.current_device()]
            else:
                return None
        return self._fingerprints([given.get_state()])[0]

    def _put(self, line: dict[str, Any]) -> None:
        text = json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n"
        self._lines.append(text)
        self._size += len(text.encode("utf-8", "replace"))
        if len(self._lines) >= _AT_ONCE:
            self._flush()

    def _flush(self) -> None:
        lines, self._lines = self._lines, []
        self._append(lines)


def _tensors(torch: Any, value: Any) -> Any:
    if isinstance(value, torch.Tensor):
        yield value
    elif isinstance(value, (tuple, list)):
        for one in value:
            yield from _tensors(torch, one)
