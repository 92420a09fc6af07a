"""Draws cases: a program, a change, a step; pairs of changes; and pairs without any. A seed gives the same ones each time."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, replace

from cases import CONV, MLP, NOTED, Case, Side
from truth import KINDS

_CODE = ("code mlp.py", "code conv.py")
_PARAMETERS = ("fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias")


@dataclass(frozen=True)
class Change:
    """Something done to a side. ``at`` is where it shows by itself, by reading the program; None where it may show nowhere."""

    what: str
    apply: Callable[[Side], Side]
    causes: tuple[str, ...]
    at: tuple[int, str] | None


def _line(place: str, line: str, what: str, at: tuple[int, str] | None, *causes: str) -> Change:
    return Change(what, lambda side: replace(side, edits=(*side.edits, (f"# HERE: {place}", line))), causes or _CODE, at)


def _args(*words: str, at: tuple[int, str] | None) -> Change:
    return Change(" ".join(words), lambda side: replace(side, args=(*side.args, *words)), ("settings runtime.",), at)


def _once(draw: random.Random, step: int) -> list[Callable[[], Change]]:
    """Changes of one step of ``mlp.py``."""
    name = draw.choice(_PARAMETERS)
    then = f"(step == {step}) and"
    return [
        lambda: _line("batch", f"{then} batch[{draw.randrange(8)}].mul_(1.01)", f"a sample of step {step}", (step, "batch")),
        lambda: _line("load", f"{then} random.seed({draw.randrange(99)})", f"Python seeded in step {step}", (step, "generator"), "recipe random.seed"),
        lambda: _line("load", f"{then} numpy.random.seed({draw.randrange(99)})", f"NumPy seeded in step {step}", (step, "generator"), "recipe numpy.random.seed"),
        lambda: _line("load", f"{then} torch.manual_seed({draw.randrange(99)})", f"torch seeded in step {step}", (step, "generator"), "recipe torch.manual_seed"),
        lambda: _line("end", f"{then} numpy.random.random()", f"a draw after step {step}", (step + 1, "generator")),
        lambda: _line("loss", f"{then} torch.rand(1)", f"a draw within step {step}", (step, "generator-end")),
        lambda: _line("forward", f"x = x * 1.01 if step == {step} else x", f"the input scaled in step {step}", (step, "output")),
        lambda: _line("head", f"x = x * 1.01 if step == {step} else x", f"the head's input scaled in step {step}", (step, "output")),
        lambda: _line("output", f"output = output * 1.01 if step == {step} else output", f"logits scaled in step {step}", (step, "loss")),
        lambda: _line("model", f"model.{name}.register_hook(lambda g: g * 1.01 if step == {step} else g)", f"gradient of {name} in step {step}", (step, "accumulated")),
        lambda: _line("gradient", f"{then} model.{name}.grad.mul_(1.01)", f"gradient of {name} after clipping in step {step}", (step, "gradient")),
        lambda: _line("gradient", f"optimizer.param_groups[0]['lr'] *= 1.01 if step == {step} else 1", f"learning rate from step {step}", (step, "parameter")),
        lambda: _line("end", f"{then} optimizer.state[model.{name}]['momentum_buffer'].zero_()", f"momentum of {name} lost after step {step}", (step + 1, "parameter")),
        lambda: _line("end", f"{then} model.{name}.data.add_(0.01)", f"{name} moved after step {step}", (step + 1, "output")),
        lambda: _line("end", f"{then} model.norm.running_mean.add_(0.01)", f"running mean moved after step {step}", (step + 1, "buffer")),
    ]


def _whole() -> list[Change]:
    """Changes of a whole run of ``mlp.py``."""
    return [
        _args("--lr", "0.101", at=(0, "parameter")), _args("--momentum", "0.91", at=(1, "parameter")), _args("--weight-decay", "0.001", at=(0, "parameter")),
        _args("--dropout", "0.45", at=(0, "output")), _args("--clip", "0.45", at=(0, "gradient")),
        Change("loss scaled by 3", lambda side: replace(side, env=(("LOSS_SCALE", "3"),)), ("settings env.LOSS_SCALE",), (0, "loss")),
        Change("another seed", lambda side: replace(side, seed=side.seed + 1), ("settings seed",), (0, "generator")),
        Change("two threads", lambda side: replace(side, threads=2), ("settings resources.threads",), None),
        Change("another sample in the data", lambda side: replace(side, files="one_sample"), ("code data.npz",), None),
        Change("a comment", lambda side: replace(side, edits=(*side.edits, ("# HERE: start", "# a comment"))), (), None),
    ]  # fmt: skip


def _conv(draw: random.Random, step: int) -> Change:
    return draw.choice([
        _line("load", f"(step == {step}) and torch.set_num_threads(2)", f"two threads from step {step} on", (step, "accumulated"), "recipe torch.num_threads"),
        Change("two threads", lambda side: replace(side, threads=2), ("settings resources.threads",), (0, "accumulated")),
        _line("load", f"(step == {step}) and torch.rand(1)", f"a draw in step {step}", (step, "generator")),
        _line("batch", f"batch = batch * 1.01 if step == {step} else batch", f"the batch of step {step}", (step, "batch")),
        _line("backward", f"(step == {step}) and model.conv2.weight.grad.mul_(1.01)", f"gradient of conv2.weight in step {step}", (step, "gradient")),
    ])  # fmt: skip


def draw(seed: int, count: int) -> list[Case]:
    """Of ten cases about six have one change, three have two, one has none."""
    source = random.Random(seed)
    return [_one(random.Random(source.randrange(1 << 30)), f"drawn-{seed}-{n}") for n in range(count)]


def _one(draw: random.Random, name: str) -> Case:
    sort = draw.choices(("one", "conv", "two", "none"), (4, 2, 3, 1))[0]
    step = draw.randrange(1, 10)
    if sort == "none":
        base = draw.choice((MLP, CONV))
        return _case(name, "nothing", base, replace(base, again=draw.randrange(1, 99)))
    if sort == "conv":
        change = _conv(draw, step)
        return _case(name, f"conv: {change.what}", CONV, change.apply(CONV), change)
    if sort == "one":
        change = draw.choice([*_once(draw, step), *[lambda one=one: one for one in _whole()]])()
        return _case(name, change.what, MLP, change.apply(MLP), change)
    first, second = draw.choice(_once(draw, step))(), draw.choice(_whole())
    both = second.apply(first.apply(MLP))
    changes = sorted((first, second), key=_when) if first.at and second.at else [first, second]
    return _case(name, f"{first.what}, and {second.what}", MLP, both, *changes)


def _when(change: Change) -> tuple[int, int]:
    assert change.at is not None
    return change.at[0], KINDS.index(change.at[1])


def _case(name: str, what: str, left: Side, right: Side, *changes: Change) -> Case:
    """Of several changes the cause of the first to show has to be named first; of two that show at the same place, either."""
    first = [one for one in changes if not one.at or not changes[0].at or _when(one) == _when(changes[0])]
    return Case(name, what, left, right, NOTED, None, None, tuple(cause for one in first for cause in one.causes))
