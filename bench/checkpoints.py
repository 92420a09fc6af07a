"""Write two checkpoints of which the last tensor differs in one element, as safetensors (safetensors) or as torch.save writes them (pt).

    python checkpoints.py FOLDER MEBIBYTES safetensors|pt

Both files of a pair are equal up to that element, so that a program which compares bytes reads nearly all of them.
"""

import pathlib
import sys

import torch
from safetensors.torch import save_file

SEED = 42
SIDE = 2048

folder, mebibytes, suffix = pathlib.Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
torch.manual_seed(SEED)
count = max(2, mebibytes // (SIDE * SIDE * 4 >> 20))
tensors = {f"layers.{number:05}.weight": torch.randn(SIDE, SIDE) for number in range(count)}
last = tensors[f"layers.{count - 1:05}.weight"]
for side in ("left", "right"):
    # torch.save writes the name of the file into it.
    (folder / side).mkdir(exist_ok=True)
    file = folder / side / f"model.{suffix}"
    if suffix == "pt":
        torch.save(tensors, file)
    else:
        save_file(tensors, file)
    last[-1, -1] += 1
