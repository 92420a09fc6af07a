"""A small classifier, trained by hand: Python shuffles, NumPy adds noise, torch draws weights and dropout."""

import argparse
import json
import os
import random

import numpy
import torch
from torch import nn

import witness

parser = argparse.ArgumentParser()
parser.add_argument("--steps", type=int, default=24)
parser.add_argument("--lr", type=float, default=0.1)
parser.add_argument("--momentum", type=float, default=0.9)
parser.add_argument("--weight-decay", type=float, default=0.0)
parser.add_argument("--clip", type=float, default=0.5)
parser.add_argument("--dropout", type=float, default=0.5)
parser.add_argument("--optimizer", default="sgd")
args = parser.parse_args()
scale = float(os.environ.get("LOSS_SCALE", "1"))
# HERE: seed

data = numpy.load("data.npz")
inputs, targets = data["inputs"], torch.from_numpy(data["targets"])


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(16, 32)
        self.norm = nn.BatchNorm1d(32)
        self.drop = nn.Dropout(args.dropout)
        self.fc2 = nn.Linear(32, 4)

    def forward(self, x):
        # HERE: forward
        x = witness.output("fc1", self.fc1(x))
        x = torch.relu(witness.output("norm", self.norm(x)))
        x = witness.output("drop", self.drop(x))
        # HERE: head
        return witness.output("", witness.output("fc2", self.fc2(x)))


model = Net()
# HERE: model
if args.optimizer == "sgd":
    optimizer = torch.optim.SGD(model.parameters(), lr=args.lr, momentum=args.momentum, weight_decay=args.weight_decay)
else:
    optimizer = torch.optim.Adam(model.parameters(), lr=args.lr / 10, **{args.optimizer: True})
scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=8, gamma=0.5)
criterion = nn.functional.cross_entropy
order, losses = list(range(len(inputs))), []
# HERE: start
for step in range(args.steps):
    # HERE: load
    if step % 8 == 0:
        random.shuffle(order)
    index = order[step % 8 * 8 : step % 8 * 8 + 8]
    noise = numpy.random.standard_normal((8, 16)).astype("float32")
    batch = torch.from_numpy(inputs[index] + 0.05 * noise)
    # HERE: batch
    witness.generators()
    output = model(witness.batch(batch))
    # HERE: output
    loss = witness.loss(criterion(output, targets[index]) * scale)
    optimizer.zero_grad()
    # HERE: loss
    loss.backward()
    witness.accumulated(model)
    # HERE: backward
    for parameter in model.parameters():
        parameter.grad.div_(scale)
    nn.utils.clip_grad_norm_(model.parameters(), args.clip)
    # HERE: gradient
    witness.gradient(model)
    optimizer.step()
    witness.stepped(model, optimizer)
    scheduler.step()
    losses.append(loss.item())
    # HERE: end

torch.save(model.state_dict(), "model.pt")
with open("losses.json", "w") as file:
    json.dump(losses, file)
witness.save()
