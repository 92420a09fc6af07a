"""What tracing costs: the same training with the trace and without, in turns, in one process with one thread.

    python trace.py [--model 10m|1m|0.1m] [--tensors all|sum] [--blocks N] [--steps N] [--cpu] [--harness FOLDER]

Blocks of steps with and without take turns, and each begins first every other time, so that what else the machine does falls on both. In a block without, everything
that the trace put in place is out of it: ``Module.__call__``, ``torch.autograd.backward`` and the optimizer's hooks are torch's own. One model and one optimizer go on
through all blocks. ``--cpu`` takes the processor's time for the clock's, where others use the machine; ``--harness`` is where ``reprise_runner`` lies, if not beside this file. Prints a line of JSON for each model: the median seconds of a step
on both sides, their ratio, and the rows that were written.
"""

import argparse
import json
import statistics
import sys
import tempfile
import time
from pathlib import Path

_HARNESS = sys.argv[sys.argv.index("--harness") + 1] if "--harness" in sys.argv else str(Path(__file__).resolve().parent.parent / "src" / "main" / "python")
sys.path.insert(0, _HARNESS)

import torch
from reprise_runner.job import Trace
from reprise_runner.record import Record
from reprise_runner.steps import Steps
from reprise_runner.trace.tracer import Tracer
from torch import nn


class Transformer(nn.Module):
    """Pre-norm, causal, as small language models are."""

    def __init__(self, vocabulary: int, width: int, layers: int, heads: int, length: int) -> None:
        super().__init__()
        self.tokens, self.places = nn.Embedding(vocabulary, width), nn.Embedding(length, width)
        self.blocks = nn.ModuleList(Block(width, heads) for _ in range(layers))
        self.norm, self.head = nn.LayerNorm(width), nn.Linear(width, vocabulary, bias=False)

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        x = self.tokens(tokens) + self.places(torch.arange(tokens.shape[1]))
        for block in self.blocks:
            x = block(x)
        return self.head(self.norm(x))


class Block(nn.Module):
    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.first, self.attention, self.out = nn.LayerNorm(width), nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.second, self.up, self.act, self.down = nn.LayerNorm(width), nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        batch, length, width = x.shape
        q, k, v = (part.view(batch, length, self.heads, -1).transpose(1, 2) for part in self.attention(self.first(x)).split(width, 2))
        mixed = nn.functional.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.out(mixed.transpose(1, 2).reshape(batch, length, width))
        return x + self.down(self.act(self.up(self.second(x))))


MODELS = {
    # vocabulary, width, layers, heads, length of a sequence, sequences a batch
    "10m": (256, 384, 6, 6, 256, 4),
    "1m": (128, 128, 5, 4, 128, 16),
    "0.1m": (96, 48, 3, 4, 64, 16),
}


WATCHING = Steps()


class Switch:
    """Takes out of torch what the trace put into it, and puts it back."""

    def __init__(self) -> None:
        self.module, optimizer = torch.nn.modules.module, sys.modules["torch.optim.optimizer"]
        self.hooks = [(hooks, dict(hooks)) for hooks in (optimizer._global_optimizer_pre_hooks, optimizer._global_optimizer_post_hooks)]
        self.backward = torch.autograd.backward

    def on(self) -> None:
        nn.Module.__call__ = self.module._reprise_call
        torch.autograd.backward = self.backward
        for hooks, saved in self.hooks:
            hooks.update(saved)

    def off(self) -> None:
        nn.Module.__call__ = self.module._reprise_original
        torch.autograd.backward = self.backward.__wrapped__
        for hooks, _ in self.hooks:
            hooks.clear()


def measure(name: str, tensors: str, blocks: int, steps: int, clock) -> dict:
    vocabulary, width, layers, heads, length, batch = MODELS[name]
    torch.manual_seed(1)
    with tempfile.TemporaryDirectory() as folder:
        WATCHING.after_fork()  # as new, but for the hooks
        tracer = Tracer(Trace({"every": 1, "tensors": tensors, "budget": 1 << 40}), WATCHING, Record(folder, "main", folder))
        tracer.install(torch)
        WATCHING.add(tracer)
        WATCHING.install(torch)
        switch = Switch()
        model = Transformer(vocabulary, width, layers, heads, length)
        optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4)
        data = torch.randint(vocabulary, (64, batch, length + 1))

        def train(count: int) -> list[float]:
            seconds = []
            for step in range(count):
                begin = clock()
                tokens = data[step % 64]
                logits = model(tokens[:, :-1])
                loss = nn.functional.cross_entropy(logits.flatten(0, 1), tokens[:, 1:].flatten())
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
                loss.item()
                seconds.append(clock() - begin)
            return seconds

        sides = {True: [], False: []}
        for side in (True, False):
            switch.on() if side else switch.off()
            train(3)
        for block in range(blocks):
            for side in (True, False) if block % 2 else (False, True):
                switch.on() if side else switch.off()
                sides[side] += train(steps)
        switch.on()
        WATCHING.remove(tracer)
        said = tracer.document()
        if said["state"] != "whole" or said["steps"] != blocks * steps + 3:
            sys.exit(f"the trace is not whole: {said}")
        size = sum(file.stat().st_size for file in Path(folder, "trace").iterdir())
    traced, plain = (statistics.median(sides[side]) for side in (True, False))
    return {
        "model": name, "parameters": sum(parameter.numel() for parameter in model.parameters()), "tensors": tensors, "ratio": round(traced / plain, 4),
        "traced": traced, "untraced": plain, "steps": blocks * steps, "bytes": size,
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", choices=MODELS, action="append")
    parser.add_argument("--tensors", choices=("all", "sum"), action="append")
    parser.add_argument("--blocks", type=int, default=10)
    parser.add_argument("--steps", type=int, default=5)
    parser.add_argument("--cpu", action="store_true")
    parser.add_argument("--harness")
    asked = parser.parse_args()
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    for model in asked.model or MODELS:
        for tensors in asked.tensors or (("all", "sum") if model == "0.1m" else ("all",)):
            print(json.dumps(measure(model, tensors, asked.blocks, asked.steps, time.process_time if asked.cpu else time.perf_counter)), flush=True)


if __name__ == "__main__":
    main()
