"""Computes on one core for some seconds, and says when and for how long."""

import json
import time

import torch

PRODUCTS = 5000

left, right = torch.randn(256, 256), torch.randn(256, 256)
out = torch.empty(256, 256)
torch.mm(left, right, out=out)
began, start = time.time(), time.perf_counter()
for _ in range(PRODUCTS):
    torch.mm(left, right, out=out)
print(json.dumps({"seconds": time.perf_counter() - start, "began": began, "ended": time.time()}))
