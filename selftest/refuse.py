"""Uses one operation that has no deterministic implementation on a GPU."""

import sys

import torch

VALUES = torch.randn(1000, device="cuda")

match sys.argv[1]:
    case "histc":
        torch.histc(VALUES, bins=10)
    case "median":
        VALUES.view(10, 100).median(0)
    case "put":
        VALUES.put_(torch.zeros(10, dtype=torch.int64, device="cuda"), torch.ones(10, device="cuda"))
    case other:
        raise SystemExit("there is no operation " + other)
print("done")
