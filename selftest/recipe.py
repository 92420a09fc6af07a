"""Trains a small network on the one GPU that a run was given, with what a GPU computes differently when nobody watches: convolutions, dropout, sums."""

import torch
from safetensors.torch import save_file
from torch import nn

STEPS = 40

if not torch.cuda.is_available():
    raise RuntimeError("torch sees no GPU: " + str(torch.cuda.device_count()) + " devices, CUDA " + str(torch.version.cuda))
if torch.cuda.device_count() != 1:
    raise RuntimeError("torch sees " + str(torch.cuda.device_count()) + " GPUs where the run was given one")
print(torch.cuda.get_device_name(0))

model = nn.Sequential(
    nn.Conv2d(3, 32, 3, padding=1), nn.BatchNorm2d(32), nn.ReLU(), nn.Dropout(0.2), nn.Conv2d(32, 64, 3, stride=2), nn.ReLU(), nn.Flatten(), nn.Linear(64 * 15 * 15, 10)
).cuda()
embedding = nn.Embedding(100, 10).cuda()
optimizer = torch.optim.AdamW([*model.parameters(), *embedding.parameters()], lr=1e-3)
for step in range(STEPS):
    images = torch.randn(64, 3, 32, 32, device="cuda")
    labels = torch.randint(0, 10, (64,), device="cuda")
    # Many rows of one index: their gradients are summed in whatever order, if nothing forbids it.
    bias = embedding(torch.randint(0, 5, (64, 20), device="cuda")).sum(1)
    loss = nn.functional.cross_entropy(model(images) + bias, labels)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    print(step, loss.item())
save_file({**{"model." + name: tensor.contiguous() for name, tensor in model.state_dict().items()}, "embedding": embedding.weight.detach()}, "trained.safetensors")
save_file({"drawn": torch.rand(1000, device="cuda")}, "drawn.safetensors")
