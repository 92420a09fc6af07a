"""Scores what the engine says of a pair against what is declared and what is true."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import truth
from cases import NOTED, Case
from truth import Parting


@dataclass(frozen=True)
class Score:
    """One row of the table."""

    name: str
    what: str
    mode: str
    check: str
    verdict: str
    step: int | None
    kind: str | None
    tensor: str | None
    cause: str
    """``right``: named first; ``among``, of two changes at once: named as likely, and not first; ``wrong`` or ``unknown``."""
    named: str
    """The first that was named."""
    open: bool
    """Whether nothing in the records can tell the cause, so that unknown is the answer."""
    sure: bool
    """Whether the kind, the step and the tensor are those that are true, as far as they are defined."""
    placed: bool
    problems: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def _declared(case: Case, true: Parting | None, check: str) -> list[str]:
    """Where what is declared is not what the programs noted: then the case is wrong, whatever the engine says."""
    if case.kind == NOTED:
        return []
    problems = []
    if bool(check) == case.equal:
        problems.append("the outputs are equal" if not check else "the outputs differ")
    if case.equal and case.kind is None:
        return problems
    if true is None:
        return [*problems, "the programs noted no difference"]
    if case.kind != true.kind or case.step not in (None, true.step):
        problems.append(f"declared {case.kind} in step {case.step}, but the programs noted {true.kind} in step {true.step}")
    if case.tensor is not None and case.tensor != true.names[0]:
        problems.append(f"declared {case.tensor!r}, but the programs noted {true.names[:3]}")
    return problems


def score(case: Case, left: Path, right: Path, answer: str) -> Score:
    diff = json.loads(answer)
    check, true = truth.outputs(left, right), truth.parting(left, right)
    problems = _declared(case, true, check)
    trace = next(result for result in diff["results"] if result["layer"] == "trace")
    # Generators are evidence, and what differs first where they are counted too.
    found = trace["evidence"] or diff["divergence"]
    step, kind, tensor = (found["step"], found["kind"], found["tensor"]) if found else (None, None, None)
    defined = true is not None and case.kind is not None
    sure = kind == (true.kind if true and defined else None)
    placed = sure and (not defined or (true is not None and step == true.step and tensor == true.names[0]))
    verdict, verdicts = diff["verdict"], case.verdicts
    if case.kind == NOTED:
        verdicts = ("DIFFERENT",) if check or truth.parting(left, right, results=True) else ("IDENTICAL",)
    if verdict not in verdicts:
        problems.append(f"the verdict is {verdict}")
    causes = [f"{cause['layer']} {cause['key']}" for cause in diff["causes"]]
    named = causes[0] if causes else ""
    if verdict != "DIFFERENT":
        cause = "right" if not causes else "wrong"
    elif diff.get("unknown"):
        cause, named = "unknown", "unknown"
    else:
        likely = [f"{one['layer']} {one['key']}" for one in diff["causes"] if one["confidence"] == "likely"]
        cause = "right" if case.causes and named.startswith(case.causes) else "wrong"
        # Where two things were changed and both can have done it, the records do not tell which.
        if cause == "wrong" and case.kind == NOTED and any(one.startswith(case.causes) for one in likely if case.causes):
            cause = "among"
    return Score(case.name, case.what, case.right.mode, check, verdict, step, kind, tensor, cause, named, not case.causes, sure, placed, tuple(problems))
