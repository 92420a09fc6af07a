"""What is true of two runs, found without any of Reprise: by reading their outputs with torch, and by what the programs noted themselves."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

KINDS = ("generator", "batch", "output", "loss", "accumulated", "gradient", "parameter", "optimizer", "buffer", "generator-end")
# What a root takes, what modules give and the loss stand in the order in which the program makes them.
_PLACES = {kind: KINDS.index("batch") if kind in ("batch", "output", "loss") else place for place, kind in enumerate(KINDS)}


@dataclass(frozen=True)
class Parting:
    """The first thing that the programs noted otherwise: its step, its kind, and the names in that step and kind, the first one first."""

    step: int
    kind: str
    names: tuple[str, ...]


def outputs(left: Path, right: Path) -> str:
    """How the outputs differ, in words; empty where they do not."""
    found = []
    one, other = (torch.load(side / "outputs" / "model.pt") for side in (left, right))
    names = sorted(one.keys() | other.keys())
    different = [name for name in names if name not in one or name not in other or _bytes(one[name]) != _bytes(other[name])]
    if different:
        found.append(f"{len(different)} of {len(names)} tensors of model.pt")
    if (left / "outputs" / "losses.json").exists():
        losses = [json.loads((side / "outputs" / "losses.json").read_text()) for side in (left, right)]
        steps = [step for step, (a, b) in enumerate(zip(*losses)) if a != b]
        if steps or len(losses[0]) != len(losses[1]):
            found.append(f"losses from step {steps[0] if steps else min(map(len, losses))}")
    return ", ".join(found)


def _bytes(tensor: Any) -> tuple[str, tuple[int, ...], bytes]:
    return str(tensor.dtype), tuple(tensor.shape), tensor.contiguous().numpy().tobytes()


def parting(left: Path, right: Path, results: bool = False) -> Parting | None:
    """Where what the two programs noted parts first, in causal order; None where it does not. ``results``: generators do not count."""
    one, other = _noted(left), _noted(right)
    for step in sorted(one.keys() | other.keys()):
        a, b = one.get(step, {}), other.get(step, {})
        columns = sorted(dict.fromkeys([*a, *b]), key=lambda column: _PLACES[column[0]])
        different = [column for column in columns if a.get(column) != b.get(column) and not (results and column[0].startswith("generator"))]
        if different:
            kind = different[0][0]
            return Parting(step, kind, tuple(name for other, name in different if other == kind))
    return None


def _noted(record: Path) -> dict[int, dict[tuple[str, str], list[str]]]:
    """By step, the digests of each kind and name, in the order in which the program noted them."""
    rows: dict[int, dict[tuple[str, str], list[str]]] = {}
    for step, kind, name, digest in json.loads((record.parent / "witness.json").read_text()):
        rows.setdefault(step, {}).setdefault((kind, name), []).append(digest)
    return rows
