"""The seeds: set before user code draws, checked against the generators' states, followed to the end."""

from __future__ import annotations

import hashlib
import os
import sys

from .. import seedings as watching

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..seedings import Seedings
    from .readings import Readings

PYTHON, NUMPY, UNSEEDED, TORCH = "random.seed", "numpy.random.seed", "numpy.random.bit_generator.randbits", "torch.manual_seed"
CUDA = ("torch.cuda.manual_seed", "torch.cuda.manual_seed_all")
NAMES = (PYTHON, NUMPY, UNSEEDED, TORCH, *CUDA)
_NOT_SET = "the generator was not seeded"
_OTHERWISE = "the generator's state is not that of this seed"


class Seeds:
    """Sets and follows the global generators of one process. ``path`` tells forked processes apart: the numbers of the forks that led to it."""

    def __init__(self, requested: dict[str, Any], readings: Readings, seedings: Seedings) -> None:
        self._requested, self._readings, self._seedings = requested, readings, seedings
        self._path = "spawned" if os.environ.get("REPRISE_PARENT") else ""
        self._drawn = 0
        self._numpy: Any = None
        self._torch: Any = None

    def apply_random(self) -> None:
        import random

        seed = self._requested.get(PYTHON)
        if seed is not None:
            watching.unwrapped(random.seed)(seed)
        self._start(PYTHON, "python", seed, seed is not None and random.getstate() == random.Random(seed).getstate())
        watching.watch_random(self._seedings, random)

    def apply_numpy(self, random: Any) -> None:
        """For ``numpy.random``, once; after a reload it is only watched again."""
        if self._numpy is None:
            self._numpy = random
            seed = self._requested.get(NUMPY)
            if seed is not None:
                random.seed(seed)
            self._start(NUMPY, "numpy", seed, seed is not None and _numpy_state(random.get_state()) == _numpy_state(random.RandomState(seed).get_state()))
        watching.watch_numpy(self._seedings, random)
        self._apply_unseeded(random)

    def _apply_unseeded(self, random: Any) -> None:
        generators = getattr(random, "bit_generator", None)
        if not hasattr(generators, "randbits"):
            self._readings.missing(UNSEEDED, "not-available", "this version of numpy does not draw through randbits")
            return
        seed = self._requested.get(UNSEEDED)
        if seed is not None:
            generators.randbits = self._randbits
        self._readings.start(UNSEEDED, self._unseeded(), None if seed is not None else "unseeded generators draw from the system")

    def _unseeded(self) -> Any:
        randbits = self._numpy.bit_generator.randbits
        return self._requested[UNSEEDED] if getattr(randbits, "__func__", None) is Seeds._randbits else None

    def _randbits(self, bits: int) -> int:
        """``secrets.randbits`` for NumPy's unseeded generators: a stream that follows from the seed, the process's place among its kin, and a counter.

        A loader's workers are told apart by torch's initial seed too, which is the loader's base seed plus the worker's number.
        """
        torch = sys.modules.get("torch")
        # hasattr: torch may be half imported
        initial = torch.initial_seed() if self._path and hasattr(torch, "initial_seed") else ""  # type: ignore[union-attr]
        self._drawn += 1
        stream = hashlib.shake_256(f"{self._requested[UNSEEDED]}:{self._path}:{initial}:{self._drawn}".encode())
        return int.from_bytes(stream.digest((bits + 7) // 8), "little") >> (-bits % 8)

    def apply_torch(self, torch: Any) -> None:
        """For ``torch``, once; after a reload it is only watched again."""
        if not all(hasattr(torch, name) for name in ("manual_seed", "initial_seed", "default_generator", "random", "cuda")):
            for name in (TORCH, *CUDA):
                self._readings.missing(name, "not-available", f"torch {getattr(torch, '__version__', '?')} has no such generator")
            return
        if self._torch is None:
            self._torch = torch
            seed = self._requested.get(TORCH)
            if seed is not None:
                torch.manual_seed(seed)
            fresh = seed is not None and torch.equal(torch.default_generator.get_state(), torch.Generator().manual_seed(seed).get_state())
            self._start(TORCH, "torch", seed, fresh)
            self._apply_cuda(torch)
        watching.watch_torch(self._seedings, torch)

    def _apply_cuda(self, torch: Any) -> None:
        # torch.cuda.is_available() starts the driver, and a process that did so cannot fork: ask the kernel instead.
        if not os.path.isdir("/proc/driver/nvidia/gpus") or not torch.backends.cuda.is_built():
            for name in CUDA:
                self._readings.missing(name, "not-applicable", "there is no GPU")
            return
        for name in CUDA:
            seed = self._requested.get(name)
            if seed is not None:
                getattr(torch.cuda, name.rpartition(".")[2])(seed)
            self._start(name, "torch-cuda", seed, seed is not None, "queued until CUDA is first used; the generators are read at the end")

    def _start(self, name: str, generator: str, seed: Any, verified: bool, why: str | None = None) -> None:
        self._seedings.in_force[generator] = seed if verified else None
        self._readings.start(name, seed if verified else None, why if verified else _NOT_SET if seed is None else _OTHERWISE)

    def after_fork(self, number: int) -> None:
        """In a forked child: Python's ``random`` has just seeded itself from the system there, so it is seeded anew; the others go on as in the parent."""
        import random

        self._path, self._drawn = f"{self._path}/{number}", 0
        seed = self._requested.get(PYTHON)
        if seed is not None:
            watching.unwrapped(random.seed)(seed)
        self._start(PYTHON, "python", seed, seed is not None and random.getstate() == random.Random(seed).getstate())
        for name, generator in ((NUMPY, "numpy"), (TORCH, "torch"), (CUDA[0], "torch-cuda"), (CUDA[1], "torch-cuda")):
            if self._readings.read(name):
                self._readings.start(name, self._seedings.in_force.get(generator), "as in the process that forked")

    def read_end(self) -> None:
        """The seed in force of each generator; torch's is read from the generator itself."""
        loader = "the loader seeded this worker from its base seed" if self._seedings.loader_seed is not None else None
        force = self._seedings.in_force
        self._readings.end(PYTHON, force.get("python"), loader)
        if self._numpy is not None:
            self._readings.end(NUMPY, force.get("numpy"), loader)
            self._readings.end(UNSEEDED, self._unseeded() if self._readings.read(UNSEEDED) else None)
        if self._torch is not None:
            self._read_torch_end(self._torch, force, loader)

    def _read_torch_end(self, torch: Any, force: dict[str, Any], loader: str | None) -> None:
        found, expected = torch.initial_seed(), force.get("torch")
        if loader is None and expected is not None and found != expected:
            self._readings.end(TORCH, found, "seeded by a call that was not seen")
        else:
            self._readings.end(TORCH, expected, loader)
        if torch.cuda.is_initialized() and not torch.cuda._is_in_bad_fork():
            seeds = {torch.cuda.default_generators[device].initial_seed() for device in range(torch.cuda.device_count())}
            for name in CUDA:
                one = name == CUDA[0]
                value = torch.cuda.initial_seed() if one else seeds.pop() if len(seeds) == 1 else None
                self._readings.end(name, value, "read from the generators" if one or value is not None else "the GPUs' generators follow different seeds")
        else:
            for name in CUDA:
                self._readings.end(name, force.get("torch-cuda"))


def _numpy_state(state: Any) -> tuple[Any, ...]:
    return (state[0], state[1].tobytes(), *state[2:])
