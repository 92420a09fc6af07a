"""The table of what was found, for people: only what is the same on every machine and in every run is in it."""

from __future__ import annotations

from cases import CASES
from score import Score

_BEGIN, _END = "<!-- table -->\n", "<!-- /table -->"


def lines(scores: list[Score]) -> list[str]:
    rows = ["| case | what differs | mode | the programs' outputs | verdict | first to differ | cause | |", "|---|---|---|---|---|---|---|---|"]
    cases = {case.name: case for case in CASES}
    for one in scores:
        case = cases[one.name]
        step = "no column" if case.kind is None else f"`{one.kind}`, {'any step' if case.step is None else f'step {one.step}'}"
        tensor = f", `{one.tensor}`" if case.tensor and one.tensor else ""
        outputs = "differ" if one.check else "are equal"
        named = f"`{one.named}`" if one.named not in ("", "unknown") else one.named or "none"
        answer = one.cause if one.placed and not one.problems else "wrong"
        rows.append(f"| {one.name} | {one.what} | {one.mode} | {outputs} | `{one.verdict}` | {step}{tensor} | {named} | {'right' if answer == 'unknown' and one.open else answer} |")
    return [*rows, "", summary(scores)]


def summary(scores: list[Score]) -> str:
    different = [one for one in scores if one.kind is not None]
    causes = [one for one in scores if one.verdict == "DIFFERENT"]
    told = [one for one in causes if not one.open]
    open_ones = len(causes) - len(told)
    return (
        f"{len(scores)} differences, none called identical. The kind is right in {sum(one.sure for one in different)} of {len(different)} that have one, step and tensor wherever they are "
        f"defined in {sum(one.placed for one in different)}. Of {len(told)} causes that the records can tell {sum(one.cause == 'right' for one in told)} are named first, "
        f"{sum(one.cause == 'unknown' for one in told)} are called unknown, {sum(one.cause == 'wrong' for one in told)} are wrong; of {open_ones} that they cannot tell "
        f"{sum(one.cause == 'unknown' for one in causes if one.open)} are called unknown."
    )


def written(page: str, scores: list[Score]) -> str:
    """The page with the table in its place."""
    before, rest = page.split(_BEGIN)
    return f"{before}{_BEGIN}{chr(10).join(lines(scores))}\n{_END}{rest.split(_END)[1]}"
