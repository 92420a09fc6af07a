"""Goes on from a checkpoint: weights and the optimizer's momentum."""

import json
import random

import numpy
import torch
from torch import nn

import witness

random.seed(5)
numpy.random.seed(5)
torch.manual_seed(5)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(8, 16)
        self.fc2 = nn.Linear(16, 1)

    def forward(self, x):
        x = torch.tanh(witness.output("fc1", self.fc1(x)))
        return witness.output("", witness.output("fc2", self.fc2(x)))


model, losses = Net(), []
optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
checkpoint = torch.load("checkpoint.pt")
model.load_state_dict(checkpoint["model"])
optimizer.load_state_dict(checkpoint["optimizer"])  # HERE: state
for step in range(8):
    batch = torch.randn(16, 8)
    witness.generators()
    loss = witness.loss(model(witness.batch(batch)).square().mean())
    optimizer.zero_grad()
    loss.backward()
    witness.accumulated(model)
    witness.gradient(model)
    optimizer.step()
    witness.stepped(model, optimizer)
    losses.append(loss.item())

torch.save(model.state_dict(), "model.pt")
with open("losses.json", "w") as file:
    json.dump(losses, file)
witness.save()
