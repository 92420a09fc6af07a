"""Four threads add the terms of a penalty as floats, whichever comes first: the sum depends on the scheduler."""

import random
import threading

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
        self.fc1 = nn.Linear(64, 64)
        self.fc2 = nn.Linear(64, 8)

    def forward(self, x):
        x = torch.tanh(witness.output("fc1", self.fc1(x)))
        return witness.output("", witness.output("fc2", self.fc2(x)))


def penalty(model):
    """The sum of the weights' squares, by four threads."""
    rows = model.fc1.weight.detach().numpy().copy()
    total, gate, lock = numpy.zeros(1, dtype="float32"), threading.Barrier(4), threading.Lock()

    def add(part):
        gate.wait()
        for row in rows[part::4]:
            term = numpy.square(row).sum()
            with lock:
                total[0] += term

    threads = [threading.Thread(target=add, args=(part,)) for part in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return float(total[0])


model = Net()
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
inputs = torch.randn(32, 64)
for step in range(40):
    witness.generators()
    output = model(witness.batch(inputs))
    loss = witness.loss(output.square().mean() * (1 + 0.001 * penalty(model)))
    optimizer.zero_grad()
    loss.backward()
    witness.accumulated(model)
    witness.gradient(model)
    optimizer.step()
    witness.stepped(model, optimizer)

torch.save(model.state_dict(), "model.pt")
witness.save()
