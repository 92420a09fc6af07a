"""Scatters with an operation of which torch warns: of two writes to one place, whichever thread is last wins.

Each thread has some ten milliseconds of work, so that none is always the last, however busy the machine is.
"""

import random

import numpy
import torch
from torch import nn

import witness

random.seed(5)
numpy.random.seed(5)
torch.manual_seed(5)


class Scatter(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(4_000_000))

    def forward(self, index):
        table = torch.zeros(64)
        # HERE: scatter
        table = table.put(index, self.weight)
        return witness.output("", table)


model = Scatter()
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
for step in range(6):
    index = torch.randint(0, 64, (4_000_000,))
    witness.generators()
    loss = witness.loss(model(witness.batch(index)).square().mean())
    optimizer.zero_grad()
    loss.backward()
    witness.accumulated(model)
    witness.gradient(model)
    optimizer.step()
    witness.stepped(model, optimizer)

torch.save(model.state_dict(), "model.pt")
witness.save()
