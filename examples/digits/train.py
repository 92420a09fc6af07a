"""Classify the 8x8 handwritten digits that scikit-learn ships, with a small multi-layer perceptron.

    python train.py
    python train.py --epochs 20 --lr 0.001
"""

import argparse
import json
from pathlib import Path

import torch
from safetensors.torch import save_file
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from torch import Tensor, nn
from torch.utils.data import DataLoader, TensorDataset


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--epochs", type=int, default=12, help="passes over the training set (default: %(default)s)")
    parser.add_argument("--batch-size", type=int, default=64, help="images in a batch (default: %(default)s)")
    parser.add_argument("--lr", type=float, default=3e-3, help="learning rate of Adam (default: %(default)s)")
    parser.add_argument("--hidden", type=int, default=256, help="units in each hidden layer (default: %(default)s)")
    parser.add_argument("--dropout", type=float, default=0.2, help="share of units dropped (default: %(default)s)")
    parser.add_argument("--workers", type=int, default=1, help="processes that load batches (default: %(default)s)")
    parser.add_argument("--out", type=Path, default=Path("."), help="folder to save into (default: this folder)")
    return parser.parse_args()


def load_data() -> tuple[TensorDataset, TensorDataset]:
    """Split the 1,797 images into a training set and a test set with the same share of each digit."""
    pixels, labels = load_digits(return_X_y=True)
    images = torch.tensor(pixels / 16, dtype=torch.float32)  # grey levels 0..16 become 0..1
    targets = torch.tensor(labels, dtype=torch.int64)
    train, test = train_test_split(range(len(targets)), test_size=0.2, stratify=labels)
    return TensorDataset(images[train], targets[train]), TensorDataset(images[test], targets[test])


def build_model(hidden: int, dropout: float) -> nn.Module:
    return nn.Sequential(
        nn.Linear(64, hidden),
        nn.ReLU(),
        nn.Dropout(dropout),
        nn.Linear(hidden, hidden),
        nn.ReLU(),
        nn.Dropout(dropout),
        nn.Linear(hidden, 10),
    )


def train_epoch(model: nn.Module, loader: DataLoader, optimizer: torch.optim.Optimizer, device: torch.device) -> float:
    """Go over the training set once; return the mean loss per image."""
    model.train()
    total = 0.0
    for images, targets in loader:
        images, targets = images.to(device), targets.to(device)
        loss = nn.functional.cross_entropy(model(images), targets)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() * len(targets)
    return total / len(loader.dataset)


@torch.no_grad()
def accuracy(model: nn.Module, data: TensorDataset, device: torch.device) -> float:
    """Return the share of images that the model classifies correctly."""
    model.eval()
    images, targets = (tensor.to(device) for tensor in data.tensors)
    correct: Tensor = model(images).argmax(dim=1) == targets
    return correct.float().mean().item()


def save(folder: Path, model: nn.Module, optimizer: torch.optim.Optimizer, history: list[dict[str, float]]) -> None:
    """Save a checkpoint to resume from, the weights alone, and the metrics of each epoch."""
    folder.mkdir(parents=True, exist_ok=True)
    checkpoint = {"epoch": len(history), "model": model.state_dict(), "optimizer": optimizer.state_dict()}
    torch.save(checkpoint, folder / "checkpoint.pt")
    save_file(model.state_dict(), folder / "model.safetensors")
    (folder / "metrics.json").write_text(json.dumps({"epochs": history}, indent=2) + "\n")


def main() -> None:
    args = parse_args()
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")

    train_data, test_data = load_data()
    # Persistent workers are started once, not once an epoch.
    loader = DataLoader(
        train_data,
        batch_size=args.batch_size,
        shuffle=True,
        num_workers=args.workers,
        persistent_workers=args.workers > 0,
    )
    model = build_model(args.hidden, args.dropout).to(device)
    optimizer = torch.optim.Adam(model.parameters(), lr=args.lr)

    history = []
    for epoch in range(1, args.epochs + 1):
        loss = train_epoch(model, loader, optimizer, device)
        test_accuracy = accuracy(model, test_data, device)
        history.append({"epoch": epoch, "loss": loss, "test_accuracy": test_accuracy})
        print(f"epoch {epoch:2d}  loss {loss:.4f}  test accuracy {test_accuracy:.2%}", flush=True)

    save(args.out, model, optimizer, history)


if __name__ == "__main__":
    main()
