"""Classify the 8x8 handwritten digits that scikit-learn ships, with a small convolutional network.

The training images are shifted sideways by up to a pixel each time they are loaded, so no two epochs see the same.

    python cnn.py
    python cnn.py --epochs 16 --shift 0
"""

import argparse
import json
import random
from pathlib import Path

import torch
from safetensors.torch import save_file
from sklearn.datasets import load_digits
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset, Subset, TensorDataset, random_split


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--epochs", type=int, default=8, help="passes over the training set (default: %(default)s)")
    parser.add_argument("--batch-size", type=int, default=64, help="images in a batch (default: %(default)s)")
    parser.add_argument("--lr", type=float, default=3e-3, help="learning rate of Adam (default: %(default)s)")
    parser.add_argument("--dropout", type=float, default=0.25, help="share of features dropped (default: %(default)s)")
    parser.add_argument("--shift", type=int, default=1, help="most pixels of a shift sideways (default: %(default)s)")
    parser.add_argument("--workers", type=int, default=1, help="processes that load batches (default: %(default)s)")
    parser.add_argument("--out", type=Path, default=Path("."), help="folder to save into (default: this folder)")
    return parser.parse_args()


class ShiftedImages(Dataset[tuple[Tensor, Tensor]]):
    """A data set whose images are shifted sideways at random. (Up and down there is no room: they are 8 rows high.)"""

    def __init__(self, data: Dataset[tuple[Tensor, Tensor]], most: int) -> None:
        self.data = data
        self.most = most

    def __len__(self) -> int:
        return len(self.data)

    def __getitem__(self, index: int) -> tuple[Tensor, Tensor]:
        image, target = self.data[index]
        width = image.shape[2]
        padded = nn.functional.pad(image, (self.most, self.most))
        left = random.randint(0, 2 * self.most)
        return padded[:, :, left : left + width], target


class DigitNet(nn.Module):
    """Two convolutions, the second of which halves the image, and a classifier."""

    def __init__(self, dropout: float) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(1, 16, kernel_size=3, padding=1)
        self.norm1 = nn.BatchNorm2d(16)
        self.conv2 = nn.Conv2d(16, 32, kernel_size=3, padding=1, stride=2)
        self.norm2 = nn.BatchNorm2d(32)
        self.dropout = nn.Dropout(dropout)
        self.classify = nn.Linear(32 * 4 * 4, 10)

    def forward(self, images: Tensor) -> Tensor:
        x = self.norm1(self.conv1(images)).relu()
        x = self.norm2(self.conv2(x)).relu()
        return self.classify(self.dropout(x.flatten(start_dim=1)))


def load_data() -> tuple[Subset, Subset]:
    """Split the 1,797 images into a training set and a test set."""
    digits = load_digits()
    images = torch.tensor(digits.images / 16, dtype=torch.float32).unsqueeze(1)  # one channel, grey levels 0..1
    targets = torch.tensor(digits.target, dtype=torch.int64)
    train, test = random_split(TensorDataset(images, targets), [0.8, 0.2])
    return train, test


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
def accuracy(model: nn.Module, data: Subset, device: torch.device) -> float:
    """Return the share of images that the model classifies correctly."""
    model.eval()
    images, targets = (tensor.to(device) for tensor in data.dataset[data.indices])
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
        ShiftedImages(train_data, args.shift),
        batch_size=args.batch_size,
        shuffle=True,
        num_workers=args.workers,
        persistent_workers=args.workers > 0,
    )
    model = DigitNet(args.dropout).to(device)
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
