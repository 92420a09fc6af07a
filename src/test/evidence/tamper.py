"""What is done to files before a run, and to record folders after it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy

SAMPLE, OTHER = 13, 40


def samples(work: Path, backwards: bool = False) -> None:
    """One file a sample. On a file system in memory a folder lists them by when they were made."""
    folder = work / "samples"
    folder.mkdir(exist_ok=True)
    for name, values in sorted(json.loads((work / "samples.json").read_text()).items(), reverse=backwards):
        (folder / name).write_text(json.dumps(values))


def samples_backwards(work: Path) -> None:
    shutil.rmtree(work / "samples")
    samples(work, backwards=True)


def _data(work: Path, change: str) -> None:
    with numpy.load(work / "data.npz") as data:
        inputs, targets = data["inputs"], data["targets"]
    if change == "sample":
        inputs[SAMPLE, 3] += 0.25
    elif change == "label":
        targets[SAMPLE] = (targets[SAMPLE] + 1) % 4
    else:
        inputs[[SAMPLE, OTHER]] = inputs[[OTHER, SAMPLE]]
    numpy.savez(work / "data.npz", inputs=inputs, targets=targets)


def one_sample(work: Path) -> None:
    _data(work, "sample")


def one_label(work: Path) -> None:
    _data(work, "label")


def two_swapped(work: Path) -> None:
    _data(work, "swapped")


def one_bit(work: Path) -> None:
    """Flips a bit of the first weight of fc1 where it lies in the file; torch.load does not look at the file's checksums."""
    import torch

    path = work / "checkpoint.pt"
    weight = torch.load(path)["model"]["fc1.weight"].numpy().tobytes()
    whole = bytearray(path.read_bytes())
    at = whole.find(weight)
    if at < 0:
        raise ValueError("the weights of fc1 were not found in the checkpoint")
    whole[at + 2] ^= 0x10  # in the mantissa: the number changes by a few parts in a hundred
    path.write_bytes(whole)


def truncate_trace(left: Path, right: Path) -> None:
    """Cuts the last segment in the middle of a row."""
    segments = sorted((right / "record" / "main" / "trace").iterdir())
    whole = segments[-1].read_bytes()
    segments[-1].write_bytes(whole[: len(whole) * 2 // 3 // 2 * 2 + 1])


def take_outputs(left: Path, right: Path) -> None:
    """Gives the right side what the left one put out, so that only its record tells of another run."""
    shutil.rmtree(right / "outputs")
    shutil.copytree(left / "outputs", right / "outputs")
    for name in ("listing.json", "spec.json"):
        shutil.copyfile(left / name, right / name)
