"""The program's own calls that seed a global generator, and the seed in force after them."""

from __future__ import annotations

import operator
import sys

from . import bounds, places
from .wrapping import original as unwrapped
from .wrapping import wrap

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_LIBRARIES = ("torch", "numpy", "random")
_WORKER = "torch.utils.data._utils.worker"


class Seedings:
    """Calls with value and place. ``in_force`` maps a generator (``python``, ``numpy``, ``torch``, ``torch-cuda``) to the seed it follows.

    A call made by torch, numpy or random itself (a loader's worker, ``fork_rng``, one seeding function that calls another) is not the program's own.
    With ``hold`` set to the job's seed, a call that gives a seed gets that one instead. Restoring a state goes through even then: what is restored
    is mostly what the program saved a moment before, and a seed in its place would repeat the same numbers at each restoring. So do calls in a loader's
    worker (its ``worker_init_fn``): the job's seed would give all workers the same numbers, and what they use follows from it already.
    ``loader_seed`` is what the loader gave this process, if it is such a worker.
    """

    def __init__(self, hold: int | None) -> None:
        self.hold = hold
        self.entries = bounds.Tally()
        self.in_force: dict[str, Any] = {}
        self.loader_seed: Any = None
        self.step: Callable[[], int | None] = lambda: None
        """Gives the step that is under way, None where none are counted."""

    def seeds(self, module: Any, name: str, call: str, generators: tuple[str, ...], holding: Callable[[int], Any] | None = None) -> None:
        """Watches a function that takes a seed, or none for one from the system. ``holding`` seeds with the job's in its place, if not itself."""

        def around(original: Any, *args: Any, **kwargs: Any) -> Any:
            asked = _first(args, kwargs)
            if self._internal():
                if call == "torch.manual_seed" and places.caller_module() == _WORKER:
                    self.loader_seed = seed_value(asked)
                return original(*args, **kwargs)
            if self.hold is not None and self.loader_seed is None:
                result = (holding or original)(self.hold)
                self._note(generators, call, asked, self.hold, True)
                return result
            result = original(*args, **kwargs)
            # torch.seed() returns what it drew.
            value = result if asked is None and isinstance(result, int) else asked
            self._note(generators, call, value, value, False)
            return result

        wrap(module, name, around)

    def states(self, module: Any, name: str, call: str, generators: tuple[str, ...], seed_after: Callable[[], Any] | None = None) -> None:
        """Watches a function that restores a state. ``seed_after`` reads the seed that came with it, where the generator knows."""

        def around(original: Any, *args: Any, **kwargs: Any) -> Any:
            result = original(*args, **kwargs)
            if not self._internal() and not _by_dynamo(name):
                self._note(generators, call, None, seed_after() if seed_after else None, False)
            return result

        wrap(module, name, around)

    def _internal(self) -> bool:
        return places.caller_module().split(".")[0] in _LIBRARIES

    def _note(self, generators: tuple[str, ...], call: str, value: Any, now: Any, held: bool) -> None:
        for generator in generators:
            self.in_force[generator] = seed_value(now)
        entry = {"generator": generators[0], "call": call, "value": seed_value(value), "held": held, "place": places.here()[0]}
        noted, new = self.entries.add(entry, ("value", "place"))
        if new:
            noted["step"] = self.step()

    def restart(self) -> None:
        """For a forked child, which has made no call yet."""
        self.entries.clear()


def _by_dynamo(name: str) -> bool:
    """Whether torch.compile's frame evaluation, which is in C and has no frame of its own, restores a state: the program's frame does not name the call."""
    frame = places.own_frame(sys._getframe(1))
    return "torch._dynamo" in sys.modules and frame is not None and name not in frame.f_code.co_names


def watch_random(seedings: Seedings, random: Any) -> None:
    seedings.seeds(random, "seed", "random.seed", ("python",))
    seedings.states(random, "setstate", "random.setstate", ("python",))


def watch_numpy(seedings: Seedings, random: Any) -> None:
    """For ``numpy.random`` and the module below it that holds the same functions."""
    seedings.seeds(random, "seed", "numpy.random.seed", ("numpy",))
    for state in ("set_state", "set_bit_generator"):
        seedings.states(random, state, f"numpy.random.{state}", ("numpy",))
    for name in ("seed", "set_state", "set_bit_generator"):
        if hasattr(getattr(random, "mtrand", None), name):
            setattr(random.mtrand, name, getattr(random, name))


def watch_torch(seedings: Seedings, torch: Any) -> None:
    """For the CPU generator and those of CUDA; the same wrapper stands under each name a function has."""
    generators = ("torch", "torch-cuda")
    manual = unwrapped(torch.random.manual_seed)

    def drawn(seed: int) -> int:
        manual(seed)
        return seed

    seedings.seeds(torch.random, "manual_seed", "torch.manual_seed", generators)
    seedings.seeds(torch.random, "seed", "torch.seed", generators, drawn)
    seedings.states(torch.random, "set_rng_state", "torch.set_rng_state", ("torch",), torch.initial_seed)
    for name in ("manual_seed", "seed", "set_rng_state"):
        setattr(torch, name, getattr(torch.random, name))
    cuda = getattr(getattr(torch, "cuda", None), "random", None)
    if cuda is None:
        return
    one, every = unwrapped(cuda.manual_seed), unwrapped(cuda.manual_seed_all)
    for name, holding in (("manual_seed", None), ("manual_seed_all", None), ("seed", one), ("seed_all", every)):
        seedings.seeds(cuda, name, f"torch.cuda.{name}", ("torch-cuda",), holding)
    for name in ("set_rng_state", "set_rng_state_all"):
        seedings.states(cuda, name, f"torch.cuda.{name}", ("torch-cuda",))
    for name in ("manual_seed", "manual_seed_all", "seed", "seed_all", "set_rng_state", "set_rng_state_all"):
        setattr(torch.cuda, name, getattr(cuda, name))


def _first(args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    return args[0] if args else kwargs.get("seed", kwargs.get("a"))


def seed_value(value: Any) -> Any:
    """A seed as the record has it: an integer where it is one (NumPy's and tensors too), else its text."""
    if value is None:
        return None
    try:
        return bounds.plain(operator.index(value))
    except Exception:
        return bounds.text(value)[:200]
