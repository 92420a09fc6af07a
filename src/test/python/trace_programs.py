"""Training programs as people write them, each a function that returns all tensors it ends with. None knows of Reprise.

Run as a program, prints for each one named a digest of those tensors: ``python trace_programs.py mlp gan``.
"""

import copy
import hashlib
import io
import os
import random
import sys
from collections import UserDict, namedtuple
from dataclasses import dataclass

import numpy
import torch
from torch import nn
from torch.nn import functional as F

Ends = list[torch.Tensor]
BACKEND = os.environ.get("BACKEND", "inductor")
"""Of those that are compiled."""


def seed(value: int = 7) -> None:
    random.seed(value)
    numpy.random.seed(value)
    torch.manual_seed(value)


def ends(*modules: nn.Module) -> Ends:
    return [tensor for module in modules for tensor in module.state_dict().values()]


class Net(nn.Module):
    """Convolutions with batch normalisation and dropout."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1, self.norm, self.conv2 = nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.Conv2d(4, 8, 3)
        self.drop, self.fc = nn.Dropout(0.25), nn.Linear(128, 5)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = F.relu(self.norm(self.conv1(x)))
        return self.fc(self.drop(F.relu(self.conv2(x)).flatten(1)))


def mlp(hidden: int = 8) -> nn.Sequential:
    return nn.Sequential(nn.Linear(4, hidden), nn.ReLU(inplace=True), nn.Linear(hidden, 2))


def convolutions() -> Ends:
    seed()
    model, criterion = Net(), nn.CrossEntropyLoss()
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-2)
    schedule = torch.optim.lr_scheduler.StepLR(optimizer, 2)
    for _ in range(4):
        x, y = torch.randn(6, 1, 8, 8), torch.randint(5, (6,))
        optimizer.zero_grad()
        criterion(model(x), y).backward()
        nn.utils.clip_grad_norm_(model.parameters(), 0.1)
        optimizer.step()
        schedule.step()
        model.eval()
        with torch.no_grad():
            model(torch.randn(3, 1, 8, 8))
        model.train()
    return ends(model)


def gan() -> Ends:
    seed()
    generator, critic = mlp(), nn.Sequential(nn.Linear(2, 4), nn.LeakyReLU(), nn.Linear(4, 1))
    first, second = torch.optim.Adam(critic.parameters()), torch.optim.Adam(generator.parameters())
    for _ in range(3):
        critic.zero_grad()
        real = F.softplus(-critic(torch.randn(5, 2))).mean()
        real.backward()
        fake = generator(torch.randn(5, 4))
        F.softplus(critic(fake.detach())).mean().backward()
        first.step()
        generator.zero_grad()
        F.softplus(-critic(fake)).mean().backward()
        second.step()
    return ends(generator, critic)


def target() -> Ends:
    """As in deep Q-learning: the target is only called without gradients, and follows by writes to ``.data``."""
    seed()
    model = mlp()
    follower = copy.deepcopy(model)
    optimizer = torch.optim.RMSprop(model.parameters())
    for _ in range(3):
        state = torch.randn(6, 4)
        with torch.no_grad():
            goal = follower(state).max(1).values
        optimizer.zero_grad()
        F.smooth_l1_loss(model(state).max(1).values, goal + 1).backward()
        optimizer.step()
        for mine, its in zip(follower.parameters(), model.parameters()):
            mine.data.mul_(0.9).add_(0.1 * its.data)
    return ends(model, follower)


def accumulation() -> Ends:
    seed()
    model = mlp()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9, nesterov=True)
    for _ in range(3):
        optimizer.zero_grad(set_to_none=False)
        for _ in range(4):
            (model(torch.randn(3, 4)).square().mean() / 4).backward()
        optimizer.step()
    return ends(model)


def scaled() -> Ends:
    """Mixed precision; the scale is so high that the first steps are skipped."""
    seed()
    model = mlp()
    optimizer = torch.optim.Adam(model.parameters())
    scaler = torch.amp.GradScaler("cpu", init_scale=2.0**126, backoff_factor=2.0**-40)
    for _ in range(5):
        with torch.autocast("cpu", dtype=torch.bfloat16):
            loss = model(torch.randn(8, 4)).float().square().mean() * 1e3
        optimizer.zero_grad()
        scaler.scale(loss).backward()
        scaler.unscale_(optimizer)
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        scaler.step(optimizer)
        scaler.update()
    return ends(model)


def frozen() -> Ends:
    """A layer that is frozen at first, and given to the optimizer later."""
    seed()
    model = mlp()
    for parameter in model[0].parameters():
        parameter.requires_grad_(False)
    optimizer = torch.optim.Adam(model[2].parameters())
    for step in range(4):
        if step == 2:
            for parameter in model[0].parameters():
                parameter.requires_grad_(True)
            optimizer.add_param_group({"params": list(model[0].parameters()), "lr": 1e-4})
        optimizer.zero_grad(set_to_none=True)
        model(torch.randn(3, 4)).square().mean().backward()
        optimizer.step()
    return ends(model)


def closures() -> Ends:
    seed()
    model, x = mlp(), torch.randn(9, 4)
    optimizer = torch.optim.LBFGS(model.parameters(), max_iter=4)

    def closure() -> torch.Tensor:
        optimizer.zero_grad()
        loss = model(x).square().mean()
        loss.backward()
        return loss

    for _ in range(3):
        optimizer.step(closure)
    return ends(model)


class Twice(torch.optim.SGD):
    """Calls ``super().step()``, which is hooked itself."""

    def step(self, closure=None):
        loss = super().step(closure)
        with torch.no_grad():
            for group in self.param_groups:
                for parameter in group["params"]:
                    parameter.mul_(0.999)
        return loss


def subclass() -> Ends:
    seed()
    model = mlp()
    optimizer = Twice(model.parameters(), lr=0.1)
    for _ in range(3):
        optimizer.zero_grad()
        model(torch.randn(3, 4)).square().mean().backward()
        optimizer.step()
    return ends(model)


def by_hand() -> Ends:
    """No optimizer."""
    seed()
    model = nn.Linear(4, 1)
    for _ in range(3):
        model.zero_grad()
        F.smooth_l1_loss(model(torch.randn(5, 4)), torch.randn(5, 1)).backward()
        for parameter in model.parameters():
            parameter.data.add_(parameter.grad, alpha=-0.1)
    return ends(model)


def raw() -> Ends:
    """Tensors that are in no module."""
    seed()
    weight, bias = torch.randn(4, 1, requires_grad=True), torch.zeros(1, requires_grad=True)
    optimizer = torch.optim.SGD([{"params": [weight]}, {"params": [bias], "lr": 1.0}], lr=0.1)
    for _ in range(3):
        optimizer.zero_grad()
        (torch.randn(5, 4) @ weight + bias).square().mean().backward()
        optimizer.step()
    return [weight, bias]


Pair = namedtuple("Pair", "left right")


@dataclass
class Batch:
    x: torch.Tensor
    scale: float
    name: str = "b"


class Encoding(UserDict):
    """As tokenizers give it."""


class Nested(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.inner = mlp()

    def forward(self, batch: Batch, pair: Pair, *, encoding: Encoding, flags: tuple = ()) -> dict:
        x = self.inner(batch.x * batch.scale) + self.inner(pair.left) + encoding["ids"].float().mean()
        return {"out": x, "more": [x.sum(), {"flag": flags}]}


def nested(scale: float = 0.5, flag: str = "a", ids: int = 3) -> Ends:
    seed()
    model = Nested()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for _ in range(2):
        batch, pair = Batch(torch.randn(3, 4), scale), Pair(torch.randn(3, 4), numpy.random.randn(2))
        found = model(batch, pair, encoding=Encoding(ids=torch.full((2,), ids)), flags=(flag, None, 3))
        optimizer.zero_grad()
        found["out"].square().mean().backward()
        optimizer.step()
    return ends(model)


def recurrent() -> Ends:
    """An LSTM, an embedding with sparse gradients, two optimizers."""
    seed()
    embedding, lstm, head = nn.Embedding(20, 8, sparse=True), nn.LSTM(8, 8, 2, dropout=0.1), nn.Linear(8, 20)
    sparse, dense = torch.optim.SparseAdam(list(embedding.parameters())), torch.optim.Adagrad([*lstm.parameters(), *head.parameters()])
    for _ in range(3):
        tokens = torch.randint(20, (6, 3))
        found, _ = lstm(embedding(tokens))
        loss = F.cross_entropy(head(found).flatten(0, 1), tokens.flatten())
        sparse.zero_grad()
        dense.zero_grad()
        loss.backward()
        sparse.step()
        dense.step()
    return ends(embedding, lstm, head)


class Checkpointed(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.first, self.second = mlp(), nn.Linear(2, 2)
        self.drop = nn.Dropout(0.5)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        from torch.utils.checkpoint import checkpoint

        return self.second(checkpoint(lambda value: self.drop(self.first(value)), x, use_reentrant=False))


def checkpointed() -> Ends:
    seed()
    model = Checkpointed()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for _ in range(3):
        optimizer.zero_grad()
        model(torch.randn(3, 4)).square().mean().backward()
        optimizer.step()
    return ends(model)


class Parts(nn.Module):
    """Never called itself: only its parts are, as a variational autoencoder's."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder, self.decoder = mlp(), nn.Linear(2, 4)

    def loss(self, x: torch.Tensor) -> torch.Tensor:
        code = self.encoder(x)
        return F.mse_loss(self.decoder(code + torch.randn_like(code)), x)


def parts() -> Ends:
    seed()
    model = Parts()
    optimizer = torch.optim.Adam(model.parameters())
    for _ in range(3):
        optimizer.zero_grad()
        model.loss(torch.randn(3, 4)).backward()
        optimizer.step()
    return ends(model)


def folds() -> Ends:
    """A new model and optimizer for each fold."""
    seed()
    found = []
    for _ in range(4):
        model = mlp()
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        for _ in range(2):
            optimizer.zero_grad()
            model(torch.randn(3, 4)).square().mean().backward()
            optimizer.step()
        found += ends(model)
    return found


class Grown(nn.Module):
    """Gets another layer, and its head is replaced, while it trains."""

    def __init__(self) -> None:
        super().__init__()
        self.layers, self.head = nn.ModuleList([nn.Linear(4, 4)]), nn.Linear(4, 2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for layer in self.layers:
            x = torch.tanh(layer(x))
        return self.head(x)


def grown() -> Ends:
    seed()
    model = Grown()
    optimizer = torch.optim.Adam(model.parameters())
    for step in range(4):
        if step == 2:
            model.layers.append(nn.Linear(4, 4))
            model.head = nn.Linear(4, 3)
            optimizer = torch.optim.Adam(model.parameters())
        optimizer.zero_grad()
        model(torch.randn(3, 4)).square().mean().backward()
        optimizer.step()
    return ends(model)


def tied() -> Ends:
    """One weight in two places, weight normalisation by parametrization, a gradient that is transposed."""
    seed()
    embedding, body = nn.Embedding(10, 4), nn.utils.parametrizations.weight_norm(nn.Linear(4, 4))
    head = nn.Linear(4, 10, bias=False)
    head.weight = embedding.weight
    model = nn.ModuleDict({"embedding": embedding, "body": body, "head": head})
    optimizer = torch.optim.Adam(model.parameters())
    for _ in range(3):
        tokens = torch.randint(10, (5,))
        optimizer.zero_grad()
        F.cross_entropy(head(body(embedding(tokens))), tokens).backward()
        optimizer.step()
    return ends(model)


def memory_formats() -> Ends:
    seed()
    model = Net().to(memory_format=torch.channels_last)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    for _ in range(2):
        optimizer.zero_grad()
        model(torch.randn(6, 1, 8, 8).to(memory_format=torch.channels_last)).square().mean().backward()
        optimizer.step()
    return ends(model)


def retried() -> Ends:
    """A step, a forward and a backward that raise are caught, and the program goes on."""
    seed()
    model = mlp()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for step in range(4):
        optimizer.zero_grad()
        try:
            model(torch.randn(3, 5 if step == 1 else 4)).square().mean().backward()
        except RuntimeError:
            continue

        def closure() -> torch.Tensor:
            if step == 2:
                raise ValueError("no")
            return torch.zeros(())

        try:
            optimizer.step(closure)
        except ValueError:
            pass
    return ends(model)


def said(text: object) -> torch.Tensor:
    return torch.frombuffer(bytearray(str(text).encode()), dtype=torch.uint8)


def _train(model: nn.Module, called: nn.Module) -> None:
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for _ in range(2):
        optimizer.zero_grad()
        called(torch.randn(3, 4)).square().mean().backward()
        optimizer.step()


def scripted() -> Ends:
    """By torch.jit, as it is written and as it runs; by torch.fx."""
    seed()
    found = []
    for make in (torch.jit.script, lambda model: torch.jit.trace(model, torch.ones(3, 4)), torch.fx.symbolic_trace):
        model = mlp()
        called = make(model)
        _train(model, called)
        found += [*ends(model), said(called.code)]
    return found


def exported() -> Ends:
    """What is trained is exported, pickled, copied and differentiated by functions."""
    seed()
    model = mlp()
    _train(model, model)
    program = torch.export.export(model, (torch.randn(3, 4),))
    pickled = io.BytesIO()
    torch.save(copy.deepcopy(model), pickled)
    parameters = {name: parameter.detach() for name, parameter in model.named_parameters()}
    gradients = torch.func.grad(lambda values, x: torch.func.functional_call(model, values, (x,)).square().mean())(parameters, torch.ones(2, 4))
    _train(model, model)
    return [*ends(model), said(program.graph), said(hashlib.sha256(pickled.getvalue()).hexdigest()), *gradients.values(), torch.func.vmap(model)(torch.ones(2, 2, 4))]


def penalized() -> Ends:
    """A gradient of a gradient."""
    seed()
    model = mlp()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for _ in range(2):
        x = torch.randn(3, 4, requires_grad=True)
        (gradient,) = torch.autograd.grad(model(x).square().sum(), x, create_graph=True)
        optimizer.zero_grad()
        gradient.square().sum().backward()
        optimizer.step()
    return ends(model)


def lazy() -> Ends:
    """A model whose shapes are known once it was called."""
    seed()
    model = nn.Sequential(nn.Conv2d(1, 2, 3), nn.ReLU(), nn.Flatten(), nn.LazyLinear(1))
    model(torch.zeros(1, 1, 8, 8))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for _ in range(2):
        optimizer.zero_grad()
        model(torch.rand(4, 1, 8, 8)).square().mean().backward()
        optimizer.step()
    return ends(model)


PROGRAMS = {
    program.__name__: program
    for program in (
        convolutions, gan, target, accumulation, scaled, frozen, closures, subclass, by_hand, raw, nested, recurrent, checkpointed, parts, folds, grown, tied,
        memory_formats, retried, scripted, exported, penalized, lazy,
    )
}  # fmt: skip


def compiled_model() -> Ends:
    seed()
    model = Net()
    fast = torch.compile(model, backend=BACKEND)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-2)
    for _ in range(3):
        optimizer.zero_grad()
        F.cross_entropy(fast(torch.randn(6, 1, 8, 8)), torch.randint(5, (6,))).backward()
        optimizer.step()
    return ends(model)


def compiled_in_place() -> Ends:
    seed()
    model = Net()
    model.compile(fullgraph=True, backend=BACKEND)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-2)
    for _ in range(3):
        optimizer.zero_grad()
        F.cross_entropy(model(torch.randn(6, 1, 8, 8)), torch.randint(5, (6,))).backward()
        optimizer.step()
    return ends(model)


def compiled_part() -> Ends:
    """One layer of a model that is not compiled, with a hook of the program's own on what is within."""
    seed()
    model = Nested()
    model.inner[0].register_forward_hook(lambda module, args, found: found * 1.5)
    model.inner = torch.compile(model.inner, backend=BACKEND)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for _ in range(2):
        batch, pair = Batch(torch.randn(3, 4), 0.5), Pair(torch.randn(3, 4), None)
        found = model(batch, pair, encoding=Encoding(ids=torch.full((2,), 3)))
        optimizer.zero_grad()
        found["out"].square().mean().backward()
        optimizer.step()
    return ends(model)


def compiled_function() -> Ends:
    seed()
    model = mlp()
    optimizer = torch.optim.Adam(model.parameters())

    @torch.compile(backend=BACKEND)
    def losing(x: torch.Tensor) -> torch.Tensor:
        return F.gelu(model(x)).square().mean()

    for _ in range(3):
        optimizer.zero_grad()
        losing(torch.randn(6, 4)).backward()
        optimizer.step()
    return ends(model)


def compiled_step() -> Ends:
    """The optimizer's step is compiled, and told of from without."""
    seed()
    model = mlp()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    step = torch.compile(optimizer.step, backend=BACKEND)
    for _ in range(3):
        optimizer.zero_grad()
        model(torch.randn(6, 4)).square().mean().backward()
        step()
    return ends(model)


COMPILED = {program.__name__: program for program in (compiled_model, compiled_in_place, compiled_part, compiled_function, compiled_step)}


def digest(tensors: Ends) -> str:
    found = hashlib.sha256()
    for tensor in tensors:
        found.update(f"{tensor.dtype}{tuple(tensor.shape)}".encode() + tensor.detach().contiguous().flatten().view(torch.uint8).numpy().tobytes())
    return found.hexdigest()


if __name__ == "__main__":
    torch.set_num_threads(1)
    for name in sys.argv[1:]:
        graphs = 0
        if name in COMPILED:
            torch._dynamo.reset()
            torch._dynamo.utils.counters.clear()
        print(name, digest({**PROGRAMS, **COMPILED}[name]()), flush=True)
        if name in COMPILED:
            counters = torch._dynamo.utils.counters
            print(name, "graphs", counters["stats"]["unique_graphs"], "calls", counters["stats"]["calls_captured"], "breaks", sum(counters["graph_break"].values()), flush=True)
