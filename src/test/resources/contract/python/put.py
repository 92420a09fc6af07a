"""Writes into an array by indices, for which there is no deterministic implementation."""

import sys

import torch


def write(array):
    array.put_(torch.tensor([1, 2]), torch.tensor([3.0, 4.0]))  # puts


array = torch.zeros(4)
if "swallow" in sys.argv:
    try:
        write(array)
    except RuntimeError:
        print("swallowed")
else:
    write(array)
    print(float(array.sum()))
