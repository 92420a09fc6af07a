"""What a program itself says it computed, step by step, in SHA-256: the truth that the trace is scored against.

It shares nothing with the tracer: the program hands over each value by an explicit call, and nothing is hooked or wrapped.
Without ``WITNESS`` in the environment it writes nothing.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
from typing import Any

import numpy
import torch

_path = os.environ.get("WITNESS")
_rows: list[tuple[int, str, str, str]] = []
step = 0


def _hash(value: Any) -> str:
    if isinstance(value, torch.Tensor):
        value = value.detach().contiguous().view(-1)
        kind = str(value.dtype)
        value = value.numpy()
    elif isinstance(value, numpy.ndarray):
        kind = str(value.dtype)
    else:
        return hashlib.sha256(repr(value).encode()).hexdigest()
    return hashlib.sha256(kind.encode() + value.tobytes()).hexdigest()


def _note(kind: str, name: str, value: Any) -> None:
    if _path:
        _rows.append((step, kind, name, _hash(value)))


def generators(kind: str = "generator") -> None:
    _note(kind, "python", random.getstate())
    state = numpy.random.get_state()
    _note(kind, "numpy", (state[0], state[1].tobytes(), *state[2:]))
    _note(kind, "torch", torch.get_rng_state())


def batch(value: Any, name: str = "") -> Any:
    _note("batch", name, value)
    return value


def output(name: str, value: Any) -> Any:
    _note("output", name, value)
    return value


def loss(value: Any) -> Any:
    _note("loss", "", value)
    return value


def accumulated(model: Any) -> None:
    _gradients("accumulated", model)


def gradient(model: Any) -> None:
    _gradients("gradient", model)


def _gradients(kind: str, model: Any) -> None:
    for name, parameter in model.named_parameters():
        if parameter.grad is not None:
            _note(kind, name, parameter.grad)


def stepped(model: Any, optimizer: Any) -> None:
    """After the optimizer's step: parameters, its state, buffers, generators. The next step begins."""
    global step
    for name, parameter in model.named_parameters():
        _note("parameter", name, parameter)
    for name, parameter in model.named_parameters():
        for key, value in optimizer.state[parameter].items():
            _note("optimizer", f"{name}.{key}", value)
    for name, buffer in model.named_buffers():
        _note("buffer", name, buffer)
    generators("generator-end")
    step += 1


def save() -> None:
    if _path:
        with open(_path, "w") as file:
            json.dump(_rows, file)
