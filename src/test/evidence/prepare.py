"""Makes the data that the programs read: samples, a folder of files, a checkpoint with momentum in it."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy
import torch


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    draw = numpy.random.default_rng(11)
    targets = draw.integers(0, 4, 64)
    inputs = (draw.standard_normal((64, 16)) + targets[:, None]).astype("float32")
    numpy.savez(folder / "data.npz", inputs=inputs, targets=targets)
    samples = {f"{n:02d}.json": [round(float(v), 4) for v in draw.standard_normal(8)] for n in range(32)}
    (folder / "samples.json").write_text(json.dumps(samples))
    torch.manual_seed(3)
    model = torch.nn.Sequential(torch.nn.Linear(8, 16), torch.nn.Tanh(), torch.nn.Linear(16, 1))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
    for _ in range(4):
        optimizer.zero_grad()
        model(torch.randn(16, 8)).square().mean().backward()
        optimizer.step()
    names = {"0.weight": "fc1.weight", "0.bias": "fc1.bias", "2.weight": "fc2.weight", "2.bias": "fc2.bias"}
    weights = {names[name]: value for name, value in model.state_dict().items()}
    torch.save({"model": weights, "optimizer": optimizer.state_dict()}, folder / "checkpoint.pt")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
