"""Takes memory and touches it, 6 GiB of the one that it may have at the most."""
import torch
held = [torch.ones(16 * 1024 * 1024) for _ in range(96)]
print("REACHED 6 GiB", len(held))
