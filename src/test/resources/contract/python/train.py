"""Trains a small network for five steps: after a seed of its own, or with another number of threads from the third step on."""

import os
import pathlib
import sys

import torch

if sys.argv[1:] and sys.argv[1] != "drift":
    torch.manual_seed(int(sys.argv[1]))  # seeds
model = torch.nn.Sequential(torch.nn.Linear(4, 8), torch.nn.BatchNorm1d(8), torch.nn.ReLU(), torch.nn.Dropout(0.2), torch.nn.Linear(8, 1))
optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
for step in range(5):
    if step == 2 and "drift" in sys.argv:
        torch.set_num_threads(2)  # drifts
    points = torch.randn(16, 4)
    loss = torch.nn.functional.mse_loss(model(points), points.sum(1, keepdim=True))
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
pathlib.Path("model").mkdir()
pathlib.Path("model/weights.txt").write_text("".join(f"{name} {value.tolist()}\n" for name, value in model.state_dict().items()))
pathlib.Path(os.environ["REPRISE_OUTPUT_DIR"], "loss.txt").write_text(repr(float(loss)))
