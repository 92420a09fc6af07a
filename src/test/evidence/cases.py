"""The injected differences: two sides that differ in one thing, and what has to be said of them.

What is declared here follows from the programs by reading them. Beside it stands what the program itself noted (``programs/witness.py``): where both say
something, both must agree before the answer of the engine is looked at.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import tamper


NOTED = "noted"
"""Where nothing is declared: what the programs noted is what has to be found."""


@dataclass(frozen=True)
class Side:
    """One run: a program, what is changed in its text (a place, and what takes its place), and how it is started."""

    program: str
    edits: tuple[tuple[str, str], ...] = ()
    args: tuple[str, ...] = ()
    env: tuple[tuple[str, str], ...] = ()
    mode: str = "seeded"
    seed: int = 42
    threads: int = 1
    files: str | None = None
    """Name of the function of ``tamper`` that changes the files beside the program before it runs."""
    again: int = 0
    """Tells two runs of the same side apart."""


@dataclass(frozen=True)
class Case:
    name: str
    what: str
    left: Side
    right: Side
    kind: str | None
    """Of the first column that differs; None where no column does, or where it is not defined."""
    step: int | None
    """None where it is not defined: then it is only what the program noted."""
    tensor: str | None
    """None as for the step."""
    causes: tuple[str, ...] = ()
    """Layer and beginning of the key of the causes of which one has to come first; none: the answer has to be `unknown`."""
    verdicts: tuple[str, ...] = ("DIFFERENT",)
    tries: int = 1
    """Runs of the right side of which the first that differs is taken."""
    after: Callable[[Path, Path], None] | None = None
    """What is done to the two record folders when both have run."""
    equal: bool = False
    """The results of both runs are equal: the difference is in what was recorded, not in what was computed."""


MLP, CONV, LOADER, RESUME, RACE, PUT = (Side(f"{name}.py") for name in ("mlp", "conv", "loader", "resume", "race", "put"))


def _edit(side: Side, place: str, line: str) -> Side:
    old = f"# HERE: {place}" if place.isalpha() else place
    return replace(side, edits=(*side.edits, (old, line)))


def _changed(name: str, what: str, base: Side, place: str, line: str, kind: str, step: int, tensor: str | None, *causes: str, other: str | None = None) -> Case:
    """The right side with one line in another way; ``other`` is what the left side has in that place."""
    left = base if other is None else _edit(base, place, other)
    return Case(name, what, left, _edit(base, place, line), kind, step, tensor, causes or (f"code {base.program}",))


def _first_use(*samples: int) -> int:
    """The step in which one of these samples is first in the batch, by Python's own shuffle with the job's seed."""
    import random

    draw = random.Random(MLP.seed)
    order = list(range(64))
    for step in range(24):
        if step % 8 == 0:
            draw.shuffle(order)
        if set(samples) & set(order[step % 8 * 8 : step % 8 * 8 + 8]):
            return step
    raise ValueError("no step uses these samples")


_MODULE = _edit(_edit(MLP, "criterion = nn.functional.cross_entropy", "criterion = nn.CrossEntropyLoss()"), "criterion(output, targets[index])",
                'witness.output("<CrossEntropyLoss>", criterion(output, witness.batch(targets[index], "<CrossEntropyLoss>")))')

_OBJECTS = _edit(replace(MLP, mode="warn"), "batch", "batch = batch[[n for _, n in {(object(), n) for n in range(8)}]]")

CASES: list[Case] = [
    # Seeds.
    Case("job-seed", "the job's seed", MLP, replace(MLP, seed=43), "generator", 0, "python", ("settings seed",)),
    _changed("python-seed", "the seed that the program gives Python's `random`", MLP, "seed", "random.seed(2)", "generator", 0, "python",
             "recipe random.seed", "code mlp.py", other="random.seed(1)"),
    _changed("numpy-seed", "the seed that the program gives NumPy", MLP, "seed", "numpy.random.seed(2)", "generator", 0, "numpy",
             "recipe numpy.random.seed", "code mlp.py", other="numpy.random.seed(1)"),
    _changed("torch-seed", "the seed that the program gives torch", MLP, "seed", "torch.manual_seed(2)", "generator", 0, "torch",
             "recipe torch.manual_seed", "code mlp.py", other="torch.manual_seed(1)"),
    Case("no-seed", "nobody seeds anything (mode off)", replace(MLP, mode="off"), replace(MLP, mode="off", again=1), "generator", 0, "python",
         ("recipe random.seed",)),
    # What no seed reaches.
    Case("default-rng", "noise of an unseeded `default_rng`", *[replace(_edit(MLP, "batch", "batch += float(numpy.random.default_rng().random())"), again=n)
         for n in (0, 1)], "batch", 0, None, ("recipe numpy.random.bit_generator.randbits",)),
    Case("os-urandom", "a label drawn by `os.urandom`", *[replace(_edit(MLP, "output", "targets = torch.tensor(list(os.urandom(64))) % 4"), again=n)
         for n in (0, 1)], "loss", 0, None, ("recipe os.urandom at mlp.py",)),
    Case("time", "a learning rate that has the time in it", *[replace(_edit(MLP, "gradient", "import time; optimizer.param_groups[0]['lr'] *= 1 + time.time_ns() % 99991 / 1e9"), again=n)
         for n in (0, 1)], "parameter", 0, "fc1.weight", ()),
    Case("hash-of-texts", "order of a set of texts (mode off)",
         *[replace(LOADER, mode="off", env=(("WORKERS", "0"),), edits=(("# HERE: names", "names = list(set(names))"),), again=n) for n in (0, 1)],
         "batch", 0, None, ("recipe PYTHONHASHSEED",)),
    Case("hash-of-objects", "order of a set of objects, which goes by their addresses (mode warn)", _OBJECTS, _OBJECTS, "batch", None, None, ("recipe address_layout",), tries=8),
    Case("directory-order", "order in which a folder lists its files", replace(LOADER, env=(("WORKERS", "0"),), edits=(("names = sorted(os.listdir(\"samples\"))", "names = os.listdir(\"samples\")"),)),
         replace(LOADER, env=(("WORKERS", "0"),), edits=(("names = sorted(os.listdir(\"samples\"))", "names = os.listdir(\"samples\")"),), files="samples_backwards"),
         "batch", 0, None, ("recipe os.listdir at loader.py",)),
    # Threads, workers, races.
    Case("threads", "two threads for one", CONV, replace(CONV, threads=2), "accumulated", 0, None, ("settings resources.threads",)),
    Case("workers", "three loader workers for two", LOADER, replace(LOADER, env=(("WORKERS", "3"),)), "batch", 2, None, ("settings env.WORKERS",)),
    Case("race", "four threads add floats, whichever comes first (mode strict)", replace(RACE, mode="strict"), replace(RACE, mode="strict"), "loss", None, None, (),
         tries=8),
    Case("warned-operation", "an operation of which torch warns, in two threads (mode warn)", replace(PUT, mode="warn", threads=2), replace(PUT, mode="warn", threads=2), "output", None, "",
         ("recipe put",), tries=8),
    # Data.
    Case("one-sample", "one number of one sample", MLP, replace(MLP, files="one_sample"), "batch", _first_use(tamper.SAMPLE), None, ("code data.npz",)),
    Case("one-label", "one label", MLP, replace(MLP, files="one_label"), "loss", _first_use(tamper.SAMPLE), None, ("code data.npz",)),
    Case("one-label-of-a-module", "one label, of a loss that is a module", _MODULE, replace(_MODULE, files="one_label"), "batch", _first_use(tamper.SAMPLE), "<CrossEntropyLoss>", ("code data.npz",)),
    Case("two-swapped", "two samples change places", MLP, replace(MLP, files="two_swapped"), "batch", _first_use(tamper.SAMPLE, tamper.OTHER), None, ("code data.npz",)),
    _changed("augmentation-order", "noise before the flip, not after", LOADER, "        if torch.rand(1).item() < 0.5:\n            values = values.flip(0)\n        return values + 0.05 * torch.randn(8)",
             "        values = values + 0.05 * torch.randn(8)\n        return values.flip(0) if torch.rand(1).item() < 0.5 else values", "batch", 0, None),
    # The model.
    Case("dropout-rate", "dropout 0.4 for 0.5", MLP, replace(MLP, args=("--dropout", "0.4")), "output", 0, "drop", ("settings runtime.",)),
    _changed("init-of-one-layer", "weights of one layer begin 1 % larger", MLP, "model", "model.fc2.weight.data.mul_(1.01)", "output", 0, "fc2"),
    Case("bit-of-a-checkpoint", "one bit of the checkpoint that is loaded", RESUME, replace(RESUME, files="one_bit"), "output", 0, "fc1", ("code checkpoint.pt",)),
    _changed("running-stats", "momentum of the running statistics", MLP, "model", "model.norm.momentum = 0.2", "buffer", 0, "norm.running_mean"),
    _changed("frozen-statistics", "statistics are not updated from step 5 on", MLP, "end", "model.norm.momentum = 0.0 if step >= 4 else 0.1", "buffer", 5, "norm.running_mean"),
    # Loss and gradients.
    _changed("loss-function", "smoothed labels", MLP, "criterion(output, targets[index])", "criterion(output, targets[index], label_smoothing=0.1)", "loss", 0, None),
    Case("loss-scale", "loss scaled by 1000 for 1024", replace(MLP, env=(("LOSS_SCALE", "1024"),)), replace(MLP, env=(("LOSS_SCALE", "1000"),)), "loss", 0, None, ("settings env.LOSS_SCALE",)),
    Case("clipping", "gradients clipped at 0.4 for 0.5", MLP, replace(MLP, args=("--clip", "0.4")), "gradient", 0, "fc1.weight", ("settings runtime.",)),
    _changed("unscaled-late", "gradients of step 7 divided once more", MLP, "backward", "(step == 7) and model.fc2.weight.grad.div_(2)", "gradient", 7, "fc1.weight"),
    # The optimizer.
    Case("weight-decay", "weight decay 0.0001 for 0", MLP, replace(MLP, args=("--weight-decay", "0.0001")), "parameter", 0, "fc1.weight", ("settings runtime.",)),
    _changed("schedule-off-by-one", "learning rate falls after 9 steps, not 8", MLP, "step_size=8", "step_size=9", "parameter", 8, "fc1.weight"),
    Case("fused", "fused Adam for Adam by foreach", replace(MLP, args=("--optimizer", "foreach")), replace(MLP, args=("--optimizer", "fused")), "parameter", None, None, ("settings runtime.",)),
    _changed("lost-state", "resumed without the optimizer's state", RESUME, "optimizer.load_state_dict(checkpoint[\"optimizer\"])  # HERE: state", "pass", "parameter", 0, "fc1.weight"),
    # In the middle.
    _changed("knob-undone", "two threads from step 5 on", CONV, "load", "(step == 5) and torch.set_num_threads(2)", "accumulated", 5, None, "recipe torch.num_threads"),
    _changed("reseeded", "torch is seeded anew before step 5", MLP, "load", "(step == 5) and torch.manual_seed(7)", "generator", 5, "torch", "recipe torch.manual_seed"),
    _changed("draw-between", "one number drawn between steps 4 and 5", MLP, "end", "(step == 4) and torch.rand(1)", "generator", 5, "torch"),
    _changed("draw-within", "one number drawn in step 5, after the forward pass", MLP, "loss", "(step == 5) and random.random()", "generator-end", 5, "python"),
    # Records that are not what they seem.
    Case("truncated-trace", "the right side's trace is cut in a row", MLP, replace(MLP, again=1), None, None, None, (), ("INCONCLUSIVE",), after=tamper.truncate_trace, equal=True),
    Case("other-record", "the right side's record is that of a run with another seed", MLP, replace(MLP, seed=43, again=1), "generator", 0, "python", ("settings seed", "recipe "),
         ("DIFFERENT", "INCONCLUSIVE"), after=tamper.take_outputs, equal=True),
]
