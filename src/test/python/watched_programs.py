"""Programs whose operators are watched, and what must be the same whether they are or not."""

from __future__ import annotations

from pathlib import Path

from traces import ALL
from workspace import Run, Workspace

_END = """
import hashlib
print(hashlib.sha256(b"".join(p.detach().contiguous().numpy().tobytes() for p in model.parameters())).hexdigest())
"""
# Attention with dropout, an evaluation before the first step, pooling that refuses on a GPU, clipping.
NET = """
import torch, torch.nn as nn, torch.nn.functional as F

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 4, 3, padding=1)
        self.pool = nn.AdaptiveAvgPool2d(3)
        self.encoder = nn.TransformerEncoderLayer(9, 3, batch_first=True)
        self.out = nn.Linear(36, 10)

    def forward(self, x):
        x = F.relu(self.conv(x))
        x = self.pool(x).flatten(2)
        return self.out(self.encoder(x).flatten(1))

model = Net()
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-2)
model.eval()
with torch.no_grad():
    print(model(torch.randn(2, 1, 8, 8)).sum().item())
model.train()
for step in range(4):
    x, y = torch.randn(8, 1, 8, 8), torch.randint(0, 10, (8,))
    loss = F.cross_entropy(model(x), y)
    optimizer.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
""" + _END
# The backward passes that a dispatch mode changes, also by torch.autograd.grad.
CHANGED = """
import torch, torch.nn as nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.inner, self.fill = nn.Linear(5, 5), nn.Parameter(torch.randn(()))

    def forward(self, x):
        x = self.inner(x)
        filled = x.masked_fill(x > 0.3, self.fill)
        return filled.prod(1).sum() + x.min() + x.median() + (filled * x).sum() * torch.rand(())

model = Net()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
for step in range(3):
    x = torch.randn(64, 5, requires_grad=True)
    value = model(x)
    penalty = torch.autograd.grad(value, x, create_graph=True)[0].square().mean()
    optimizer.zero_grad()
    (value + penalty).backward()
    optimizer.step()
""" + _END
# A closure, recurrent layers, accumulation, two optimizers, one of them late.
SEVERAL = """
import torch, torch.nn as nn

model = nn.ModuleList([nn.LSTM(4, 6, batch_first=True, dropout=0.1, num_layers=2), nn.Linear(6, 1)])
first = torch.optim.LBFGS(model[1].parameters(), max_iter=3)
second = torch.optim.Adam(model[0].parameters(), fused=True)
x, y = torch.randn(5, 7, 4), torch.randn(5, 1)

def closure():
    first.zero_grad()
    loss = (model[1](model[0](x)[0][:, -1]) - y).square().mean()
    loss.backward()
    return loss

for step in range(3):
    first.step(closure)
    for _ in range(2):
        closure()
    second.step()
    second.zero_grad()
""" + _END
# TorchScript, a checkpoint, a batched function, autocast, a gradient scaler.
WAYS = """
import warnings
warnings.filterwarnings("ignore", category=FutureWarning)
import torch, torch.nn as nn, torch.nn.functional as F
from torch.utils.checkpoint import checkpoint

class Cell(nn.Module):
    def __init__(self):
        super().__init__()
        self.one, self.two = nn.Linear(16, 16), nn.Linear(16, 16)

    def forward(self, x):
        y = torch.sigmoid(self.one(x)) * torch.tanh(self.two(x)) + x
        return F.dropout(F.layer_norm(y, [16]), 0.1, self.training)

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding, self.out = nn.Embedding(20, 16), nn.Linear(16, 20)
        self.scripted, self.again = torch.jit.script(Cell()), Cell()
        self.attention = nn.MultiheadAttention(16, 4, dropout=0.1, batch_first=True)

    def forward(self, i):
        x = self.embedding(i)
        for _ in range(3):
            x = self.scripted(x)
        x = checkpoint(self.again, x, use_reentrant=False)
        mask = torch.triu(torch.ones(i.shape[1], i.shape[1], dtype=torch.bool), 1)
        x = x + self.attention(x, x, x, attn_mask=mask)[0]
        return self.out(x + torch.func.vmap(lambda row: row.cumsum(0) * 0.01)(x))

model = Net()
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-2)
scaler = torch.amp.GradScaler("cpu")
for step in range(4):
    i = torch.randint(0, 20, (8, 7))
    with torch.autocast("cpu", dtype=torch.bfloat16):
        loss = F.cross_entropy(model(i).flatten(0, 1), i.flatten(), label_smoothing=0.1)
    optimizer.zero_grad()
    scaler.scale(loss).backward()
    scaler.unscale_(optimizer)
    nn.utils.clip_grad_value_(model.parameters(), 0.5)
    scaler.step(optimizer)
    scaler.update()
""" + _END

COMPILED = """
import torch, torch.nn as nn

model = nn.Sequential(nn.Linear(4, 8), nn.GELU(), nn.Dropout(0.2), nn.Linear(8, 2))
fast = torch.compile(model, backend="aot_eager")
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-2)
for step in range(3):
    fast(torch.randn(5, 4)).square().mean().backward()
    optimizer.step()
    optimizer.zero_grad()
""" + _END


def trace(run: Run, process: str = "main") -> dict[str, bytes]:
    folder: Path = run.record / process / "trace"
    return {file.name: file.read_bytes() for file in sorted(folder.iterdir())}


def compared(case: object, workspace: Workspace, program: str, **watch: object) -> Run:
    """Runs a program with its trace alone and with more watched: what it prints and every byte of the trace must be the same. Returns the second run."""
    plain = workspace.run(program, watch=ALL, timeout=900)
    watched = workspace.run(program, watch={**ALL, **watch}, timeout=900)
    case.assertEqual((0, ""), (plain.code, plain.err))  # type: ignore[attr-defined]
    case.assertEqual((0, plain.out), (watched.code, watched.out), watched.err)  # type: ignore[attr-defined]
    case.assertTrue(plain.observed()["trace"]["steps"])  # type: ignore[attr-defined]
    case.assertEqual(trace(plain), trace(watched))  # type: ignore[attr-defined]
    return watched
