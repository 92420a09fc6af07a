"""Train a mid-sized network on request, timing every step.

    echo 50 | python steps.py [--set-flags]

Each line of standard input holds a number of steps to train; for each, one line of JSON tells the seconds that every step took. So two of these processes
can be asked in turns, and what else the machine does meanwhile falls on both. The program knows nothing of Reprise. With --set-flags it sets by hand what
Reprise sets in strict mode before the program starts, so that what is left between the two is what the harness itself costs.
"""

import json
import random
import sys
import time

import numpy
import torch
from torch import nn

SEED = 42
BATCH, INPUTS, HIDDEN, CLASSES = 128, 512, 768, 10


def set_flags() -> None:
    random.seed(SEED)
    numpy.random.seed(SEED)
    torch.manual_seed(SEED)
    torch.use_deterministic_algorithms(True)
    torch.utils.deterministic.fill_uninitialized_memory = True
    torch.backends.cudnn.deterministic = True
    torch.backends.cudnn.benchmark = False
    torch.backends.mkldnn.deterministic = True
    torch.backends.cudnn.allow_tf32 = False
    torch.backends.cuda.matmul.allow_tf32 = False
    torch.backends.fp32_precision = "ieee"
    torch.backends.cuda.matmul.allow_fp16_reduced_precision_reduction = False
    torch.backends.cuda.matmul.allow_bf16_reduced_precision_reduction = False
    torch.backends.cuda.matmul.allow_fp16_accumulation = False
    torch.backends.cuda.allow_fp16_bf16_reduction_math_sdp(False)
    torch.set_num_threads(1)


def main() -> None:
    if "--set-flags" in sys.argv[1:]:
        set_flags()
    if torch.get_num_threads() != 1 or not torch.are_deterministic_algorithms_enabled():
        sys.exit("steps.py wants one thread and deterministic algorithms, on both sides alike")
    device = torch.device("cpu")
    images = torch.randn(BATCH, INPUTS, device=device)
    targets = torch.randint(CLASSES, (BATCH,), device=device)
    model = nn.Sequential(
        nn.Linear(INPUTS, HIDDEN),
        nn.LayerNorm(HIDDEN),
        nn.ReLU(),
        nn.Dropout(0.1),
        nn.Linear(HIDDEN, HIDDEN),
        nn.LayerNorm(HIDDEN),
        nn.ReLU(),
        nn.Dropout(0.1),
        nn.Linear(HIDDEN, CLASSES),
    )
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)

    def step() -> None:
        loss = nn.functional.cross_entropy(model(images), targets)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        loss.item()

    for line in sys.stdin:
        seconds = []
        for _ in range(int(line)):
            begin = time.perf_counter()
            step()
            seconds.append(time.perf_counter() - begin)
        print(json.dumps({"seconds": seconds}), flush=True)


if __name__ == "__main__":
    main()
