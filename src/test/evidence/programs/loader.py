"""A DataLoader over a folder of files, with workers that augment."""

import json
import os
import random

import numpy
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset

import witness

workers = int(os.environ.get("WORKERS", "2"))


class Folder(Dataset):
    def __init__(self, names):
        self.names = names

    def __len__(self):
        return len(self.names)

    def __getitem__(self, index):
        with open(os.path.join("samples", self.names[index])) as file:
            values = torch.tensor(json.load(file))
        # HERE: augment
        if torch.rand(1).item() < 0.5:
            values = values.flip(0)
        return values + 0.05 * torch.randn(8)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(8, 16)
        self.head = nn.Linear(16, 1)

    def forward(self, x):
        x = torch.tanh(witness.output("hidden", self.hidden(x)))
        return witness.output("", witness.output("head", self.head(x)))


def main():
    # HERE: seed
    random.seed(5)
    numpy.random.seed(5)
    torch.manual_seed(5)
    names = sorted(os.listdir("samples"))
    # HERE: names
    model, losses = Net(), []
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
    loader = DataLoader(Folder(names), batch_size=4, shuffle=True, num_workers=workers)
    for epoch in range(2):
        for batch in loader:
            witness.generators()
            output = model(witness.batch(batch))
            loss = witness.loss(output.square().mean())
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


if __name__ == "__main__":
    main()
