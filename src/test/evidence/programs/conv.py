"""A small convolution, whose backward pass sums over enough numbers that the split among threads shows."""

import json
import os
import random

import numpy
import torch
from torch import nn

import witness

# HERE: seed
random.seed(5)
numpy.random.seed(5)
torch.manual_seed(5)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 8, 3)
        self.conv2 = nn.Conv2d(8, 8, 3)
        self.head = nn.Linear(8 * 12 * 12, 4)

    def forward(self, x):
        x = torch.relu(witness.output("conv1", self.conv1(x)))
        x = torch.relu(witness.output("conv2", self.conv2(x)))
        return witness.output("", witness.output("head", self.head(x.flatten(1))))


model = Net()
optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
inputs, targets, losses = torch.randn(96, 3, 16, 16), torch.randint(0, 4, (96,)), []
# HERE: start
for step in range(12):
    # HERE: load
    index = torch.randperm(96)[:48]
    batch = inputs[index]
    # HERE: batch
    witness.generators()
    output = model(witness.batch(batch))
    loss = witness.loss(nn.functional.cross_entropy(output, targets[index]))
    optimizer.zero_grad()
    # HERE: loss
    loss.backward()
    witness.accumulated(model)
    # HERE: backward
    witness.gradient(model)
    optimizer.step()
    witness.stepped(model, optimizer)
    losses.append(loss.item())
    # HERE: end

torch.save(model.state_dict(), "model.pt")
with open("losses.json", "w") as file:
    json.dump(losses, file)
witness.save()
