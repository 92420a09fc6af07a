"""Learn how first names are spelled, one character after another, and make up new ones.

The model is a small transformer: it reads the characters so far and guesses the next one.

    python train.py
    python train.py --epochs 20 --samples 50
"""

import argparse
import json
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset, RandomSampler, Subset, random_split

ALPHABET = ".abcdefghijklmnopqrstuvwxyz"  # the dot stands for the start and for the end of a name
LONGEST = 15  # characters in the longest name of names.txt
NO_TARGET = -1  # a position after the end of a name, where there is nothing to guess


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--names", type=Path, default=Path("names.txt"), help="one name a line (default: %(default)s)")
    parser.add_argument("--epochs", type=int, default=3, help="lines of progress (default: %(default)s)")
    parser.add_argument("--steps", type=int, default=100, help="batches in an epoch (default: %(default)s)")
    parser.add_argument("--batch-size", type=int, default=64, help="names in a batch (default: %(default)s)")
    parser.add_argument("--lr", type=float, default=5e-3, help="learning rate of Adam (default: %(default)s)")
    parser.add_argument("--dropout", type=float, default=0.1, help="share of features dropped (default: %(default)s)")
    parser.add_argument("--workers", type=int, default=1, help="processes that load batches (default: %(default)s)")
    parser.add_argument("--samples", type=int, default=20, help="names to make up at the end (default: %(default)s)")
    parser.add_argument("--seed", type=int, help="seed of torch's random numbers (default: none is set)")
    parser.add_argument("--out", type=Path, default=Path("."), help="folder to save into (default: this folder)")
    return parser.parse_args()


class Names(Dataset[tuple[Tensor, Tensor]]):
    """Names as pairs of inputs and targets: the target at each position is the input at the next."""

    def __init__(self, names: list[str]) -> None:
        self.names = names

    def __len__(self) -> int:
        return len(self.names)

    def __getitem__(self, index: int) -> tuple[Tensor, Tensor]:
        characters = [ALPHABET.index(character) for character in self.names[index]]
        padding = LONGEST - len(characters)
        inputs = torch.tensor([0, *characters] + [0] * padding)
        targets = torch.tensor([*characters, 0] + [NO_TARGET] * padding)
        return inputs, targets


class Block(nn.Module):
    """Attention, by which each position looks at those before it, and a perceptron for each position."""

    def __init__(self, width: int, heads: int, dropout: float) -> None:
        super().__init__()
        self.heads = heads
        self.norm1 = nn.LayerNorm(width)
        self.query_key_value = nn.Linear(width, 3 * width)
        self.project = nn.Linear(width, width)
        self.norm2 = nn.LayerNorm(width)
        self.perceptron = nn.Sequential(nn.Linear(width, 4 * width), nn.ReLU(), nn.Linear(4 * width, width))
        self.dropout = nn.Dropout(dropout)

    def attend(self, x: Tensor) -> Tensor:
        batch, length, width = x.shape
        # (batch, length, 3 * width) -> three tensors of (batch, heads, length, width / heads)
        heads = self.query_key_value(x).view(batch, length, 3, self.heads, width // self.heads)
        query, key, value = heads.permute(2, 0, 3, 1, 4).unbind()
        attended = nn.functional.scaled_dot_product_attention(query, key, value, is_causal=True)
        return self.project(attended.transpose(1, 2).reshape(batch, length, width))

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.dropout(self.attend(self.norm1(x)))
        return x + self.dropout(self.perceptron(self.norm2(x)))


class Speller(nn.Module):
    """A transformer that gives, for each position, a score to every character that may come next."""

    def __init__(self, dropout: float, width: int = 48, heads: int = 3, blocks: int = 2) -> None:
        super().__init__()
        self.character = nn.Embedding(len(ALPHABET), width)
        self.position = nn.Embedding(LONGEST + 1, width)
        self.blocks = nn.Sequential(*(Block(width, heads, dropout) for _ in range(blocks)))
        self.norm = nn.LayerNorm(width)
        self.score = nn.Linear(width, len(ALPHABET))

    def forward(self, inputs: Tensor) -> Tensor:
        positions = torch.arange(inputs.shape[1], device=inputs.device)
        x = self.character(inputs) + self.position(positions)
        return self.score(self.norm(self.blocks(x)))


def load_data(path: Path) -> tuple[Subset, Subset]:
    """Read the names; keep a thousand of them for testing."""
    data = Names(path.read_text().split())
    train, test = random_split(data, [len(data) - 1000, 1000])
    return train, test


def loss_of(model: nn.Module, inputs: Tensor, targets: Tensor) -> Tensor:
    """Return the mean cross-entropy of the characters that were to be guessed."""
    scores = model(inputs)
    return nn.functional.cross_entropy(scores.flatten(0, 1), targets.flatten(), ignore_index=NO_TARGET)


def train_epoch(model: nn.Module, loader: DataLoader, optimizer: torch.optim.Optimizer, device: torch.device) -> float:
    """Take one step for each batch of the loader; return the mean loss."""
    model.train()
    total = 0.0
    for inputs, targets in loader:
        loss = loss_of(model, inputs.to(device), targets.to(device))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item()
    return total / len(loader)


@torch.no_grad()
def test_loss(model: nn.Module, data: Subset, device: torch.device) -> float:
    model.eval()
    inputs, targets = next(iter(DataLoader(data, batch_size=len(data))))
    return loss_of(model, inputs.to(device), targets.to(device)).item()


@torch.no_grad()
def make_up(model: nn.Module, count: int, device: torch.device) -> list[str]:
    """Draw names character by character, each according to the model's guess."""
    model.eval()
    drawn = torch.zeros(count, 1, dtype=torch.int64, device=device)
    for _ in range(LONGEST):
        chances = model(drawn)[:, -1].softmax(dim=1)
        drawn = torch.cat([drawn, torch.multinomial(chances, num_samples=1)], dim=1)
    texts = ("".join(ALPHABET[character] for character in row) for row in drawn[:, 1:].tolist())
    return [text.split(".")[0] for text in texts]


def save(folder: Path, model: nn.Module, optimizer: torch.optim.Optimizer, history: list[dict[str, float]]) -> None:
    """Save a checkpoint to resume from, the weights alone, and the metrics of each epoch."""
    folder.mkdir(parents=True, exist_ok=True)
    checkpoint = {"epoch": len(history), "model": model.state_dict(), "optimizer": optimizer.state_dict()}
    torch.save(checkpoint, folder / "checkpoint.pt")
    save_file(model.state_dict(), folder / "model.safetensors")
    (folder / "metrics.json").write_text(json.dumps({"epochs": history}, indent=2) + "\n")


def main() -> None:
    args = parse_args()
    if args.seed is not None:
        torch.manual_seed(args.seed)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")

    train_data, test_data = load_data(args.names)
    # An epoch is a number of steps here, not all of the names: the sampler draws as many as the steps need.
    sampler = RandomSampler(train_data, num_samples=args.steps * args.batch_size)
    loader = DataLoader(
        train_data,
        batch_size=args.batch_size,
        sampler=sampler,
        num_workers=args.workers,
        persistent_workers=args.workers > 0,
    )
    model = Speller(args.dropout).to(device)
    optimizer = torch.optim.Adam(model.parameters(), lr=args.lr)

    history = []
    for epoch in range(1, args.epochs + 1):
        train = train_epoch(model, loader, optimizer, device)
        test = test_loss(model, test_data, device)
        history.append({"epoch": epoch, "loss": train, "test_loss": test})
        print(f"epoch {epoch:2d}  loss {train:.4f}  test loss {test:.4f}", flush=True)

    save(args.out, model, optimizer, history)
    samples = make_up(model, args.samples, device)
    (args.out / "samples.txt").write_text("\n".join(samples) + "\n")
    print("made up:", ", ".join(samples))


if __name__ == "__main__":
    main()
