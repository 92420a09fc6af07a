"""``job.json`` as this process reads it."""

from __future__ import annotations

import json

from .watch.asked import Asked

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

MODES = ("off", "seeded", "warn", "strict")


class JobError(Exception):
    """``job.json`` cannot be read, or is not what the contract says."""


class Trace:
    """``watch.trace``: a row for each step that ``every`` divides; ``tensors`` is ``all``, ``sum`` or patterns of names; ``budget`` in bytes."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.every: int = _typed(document, "every", int)
        self.budget: int = _typed(document, "budget", int)
        self.tensors: Any = document.get("tensors")
        if self.every < 1 or self.budget < 1:
            raise JobError("job.json: watch.trace.every and watch.trace.budget are 1 or more")
        patterns = isinstance(self.tensors, list) and all(isinstance(pattern, str) for pattern in self.tensors)
        if self.tensors not in ("all", "sum") and not patterns:
            raise JobError(f"job.json: watch.trace.tensors is {self.tensors!r}, not all, sum or a list of patterns")


class Job:
    """The resolved recipe. ``requested`` maps a knob's name to the value asked for; in mode ``off`` only what is asked for ``otherwise``, in a counter-run."""

    def __init__(self, document: dict[str, Any]) -> None:
        if document.get("schema") != 1:
            raise JobError(f"job.json: schema is {document.get('schema')!r}, this harness reads 1")
        recipe = _typed(document, "recipe", dict)
        self.mode: str = _typed(recipe, "mode", str)
        if self.mode not in MODES:
            raise JobError(f"job.json: recipe.mode is {self.mode!r}, not one of {', '.join(MODES)}")
        self.seed: int = _typed(recipe, "seed", int)
        if not 0 <= self.seed <= 2**31 - 1:
            raise JobError("job.json: recipe.seed is outside 0 to 2147483647")
        self.hold_seed: bool = _typed(recipe, "holdSeed", bool) and self.mode != "off"
        self.on_drift: str = _typed(recipe, "onDrift", str)
        if self.on_drift not in ("record", "fail"):
            raise JobError(f"job.json: recipe.onDrift is {self.on_drift!r}, not record or fail")
        self.requested: dict[str, Any] = {}
        for knob in _typed(recipe, "knobs", list):
            if not isinstance(knob, dict) or not isinstance(knob.get("name"), str) or "value" not in knob:
                raise JobError("job.json: a knob has no name or no value")
            if knob["name"] in self.requested:
                raise JobError(f"job.json: knob {knob['name']} is listed twice")
            self.requested[knob["name"]] = knob["value"]
        otherwise = _typed(recipe, "otherwise", list) if "otherwise" in recipe else []
        if self.mode == "off" and any(name not in otherwise for name in self.requested):
            raise JobError("job.json: mode off takes no knobs")
        watch = document.get("watch") or {}
        if not isinstance(watch, dict):
            raise JobError("job.json: watch is not of type dict")
        self.trace: Trace | None = None if watch.get("trace") is None else Trace(_typed(watch, "trace", dict))
        try:
            self.watch = Asked(watch)
        except ValueError as problem:
            raise JobError(f"job.json: {problem}") from problem


def _typed(within: dict[str, Any], name: str, kind: type) -> Any:
    value = within.get(name)
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise JobError(f"job.json: {name} is missing or not of type {kind.__name__}")
    return value


def load(path: str) -> Job:
    """Reads the job, or raises ``JobError`` with what is wrong in one line."""
    try:
        with open(path, encoding="utf-8") as file:
            document = json.load(file)
    except (OSError, ValueError, RecursionError) as problem:
        raise JobError(f"{path}: {problem}") from problem
    if not isinstance(document, dict):
        raise JobError(f"{path}: not an object")
    return Job(document)
