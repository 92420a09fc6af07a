"""PyTorch's settings: set in the order that the TF32 ones need, read back, and watched at the setters in ``torch._C``."""

from __future__ import annotations

from .. import bounds, places
from ..wrapping import wrap
from .readings import NotAvailable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from ..drift import Drift
    from .readings import Readings

_WORKER = "torch.utils.data._utils.worker"


class Flag:
    """One knob: how it is read from the ``torch`` module, how it is set, and which functions of ``torch._C`` can change it."""

    def __init__(self, name: str, read: Callable[[Any], Any], write: Callable[[Any, Any], Any], setters: tuple[str, ...]) -> None:
        self.name, self.read, self.write, self.setters = name, read, write, setters


def _attribute(name: str, *setters: str) -> Flag:
    """A knob that is an attribute. It is read before it is set: to a module, an unknown name could be set without an error."""
    *path, last = name.split(".")[1:]

    def owner(torch: Any) -> Any:
        for part in path:
            torch = getattr(torch, part)
        return torch

    return Flag(name, lambda torch: getattr(owner(torch), last), lambda torch, value: setattr(owner(torch), last, value), setters)


def _calls(name: str, getter: str, setter: str, core: str) -> Flag:
    """A knob of ``torch.backends.cuda`` that is read by one function and set by another, which calls ``core``."""

    def read(torch: Any) -> Any:
        return getattr(torch.backends.cuda, getter)()

    def write(torch: Any, value: Any) -> None:
        getattr(torch.backends.cuda, setter)(value)

    return Flag(name, read, write, (core,))


def _read_algorithms(torch: Any) -> bool | str:
    if not torch.are_deterministic_algorithms_enabled():
        return False
    return "warn" if torch.is_deterministic_algorithms_warn_only_enabled() else "error"


def _write_algorithms(torch: Any, value: bool | str) -> None:
    # Not torch.use_deterministic_algorithms: that imports Inductor, 4 s. TORCHINDUCTOR_DETERMINISTIC does its other half.
    torch._C._set_deterministic_algorithms(value in ("warn", "error"), warn_only=value == "warn")


def _read_precision(torch: Any) -> str:
    """The one precision of the setting and its leaves, or each by name: user code that uses the old names changes only the leaves."""
    backends = torch.backends
    found = {
        "all": backends.fp32_precision,
        "cuda.matmul": backends.cuda.matmul.fp32_precision,
        "cudnn.conv": backends.cudnn.conv.fp32_precision,
        "cudnn.rnn": backends.cudnn.rnn.fp32_precision,
    }
    if len(set(found.values())) == 1:
        return str(found["all"])
    return ", ".join(f"{leaf}={value}" for leaf, value in found.items())


def _write_threads(torch: Any, value: int) -> None:
    if torch.get_num_threads() != value:
        torch.set_num_threads(value)


_TF32 = ("_set_cudnn_allow_tf32", "_set_cublas_allow_tf32", "_set_fp32_precision_setter", "_set_float32_matmul_precision")
_CUDA = "torch.backends.cuda."
_MATMUL = _CUDA + "matmul."
FLAGS = (
    Flag("torch.use_deterministic_algorithms", _read_algorithms, _write_algorithms, ("_set_deterministic_algorithms",)),
    _attribute("torch.utils.deterministic.fill_uninitialized_memory", "_set_deterministic_fill_uninitialized_memory"),
    _attribute("torch.backends.cudnn.deterministic", "_set_cudnn_deterministic"),
    _attribute("torch.backends.cudnn.benchmark", "_set_cudnn_benchmark"),
    _attribute("torch.backends.mkldnn.deterministic", "_set_mkldnn_deterministic"),
    # These three in this order: the new setting first would make reads of the old ones raise.
    _attribute("torch.backends.cudnn.allow_tf32", *_TF32),
    _attribute(_MATMUL + "allow_tf32", *_TF32),
    Flag("torch.backends.fp32_precision", _read_precision, lambda torch, value: setattr(torch.backends, "fp32_precision", value), _TF32),
    _attribute(_MATMUL + "allow_fp16_reduced_precision_reduction", "_set_cublas_allow_fp16_reduced_precision_reduction"),
    _attribute(_MATMUL + "allow_bf16_reduced_precision_reduction", "_set_cublas_allow_bf16_reduced_precision_reduction"),
    _attribute(_MATMUL + "allow_fp16_accumulation", "_set_cublas_allow_fp16_accumulation"),
    _calls(_CUDA + "allow_fp16_bf16_reduction_math_sdp", "fp16_bf16_reduction_math_sdp_allowed", "allow_fp16_bf16_reduction_math_sdp", "_set_math_sdp_allow_fp16_bf16_reduction"),
    _calls(_CUDA + "enable_flash_sdp", "flash_sdp_enabled", "enable_flash_sdp", "_set_sdp_use_flash"),
    _calls(_CUDA + "enable_mem_efficient_sdp", "mem_efficient_sdp_enabled", "enable_mem_efficient_sdp", "_set_sdp_use_mem_efficient"),
    _calls(_CUDA + "enable_cudnn_sdp", "cudnn_sdp_enabled", "enable_cudnn_sdp", "_set_sdp_use_cudnn"),
    Flag("torch.num_threads", lambda torch: torch.get_num_threads(), _write_threads, ("set_num_threads",)),
)


class Flags:
    """The settings of one process's torch."""

    def __init__(self, requested: dict[str, Any], readings: Readings, drift: Drift) -> None:
        self._requested, self._readings, self._drift = requested, readings, drift
        self._torch: Any = None

    def apply(self, torch: Any) -> None:
        """Sets what the job asks for, reads every setting back, and watches the setters. Again after a reload, it only watches."""
        if self._torch is None:
            self._torch = torch
            for flag in FLAGS:
                self._set(flag)
            for flag in FLAGS:
                self._read_start(flag)
        self._watch(torch)

    def _set(self, flag: Flag) -> None:
        try:
            flag.read(self._torch)
            if flag.name in self._requested:
                flag.write(self._torch, self._requested[flag.name])
        except Exception:
            pass  # the reading at the start says what came of it

    def _read_start(self, flag: Flag) -> None:
        try:
            value, why = self._read(flag)
        except NotAvailable as problem:
            self._readings.missing(flag.name, "not-available", str(problem))
            return
        self._readings.start(flag.name, value, why)
        self._drift.follow(flag.name, value)

    def _read(self, flag: Flag) -> tuple[Any, str | None]:
        try:
            return flag.read(self._torch), None
        except (AttributeError, AssertionError) as problem:
            # torch.backends.cuda.matmul raised AssertionError for a name that it does not have, in torch 2.0.
            raise NotAvailable(f"torch {getattr(self._torch, '__version__', '?')} does not have it: {problem}") from problem
        except Exception as problem:  # e.g. TF32 set through both the old and the new names
            return None, bounds.text(f"it cannot be read: {problem}")

    def read_again(self) -> None:
        """For a forked child: what is in force there is its start."""
        if self._torch is not None:
            for flag in FLAGS:
                self._read_start(flag)

    def read_end(self) -> None:
        """Reads every setting for the last time; a change that no setter told of is drift without a place."""
        for flag in FLAGS if self._torch is not None else ():
            if self._readings.read(flag.name):
                value, why = self._read(flag)  # it was there at the start
                self._readings.end(flag.name, value, why)
                self._drift.change(flag.name, value, None)

    def _watch(self, torch: Any) -> None:
        by_setter: dict[str, list[Flag]] = {}
        for flag in FLAGS:
            for setter in flag.setters:
                by_setter.setdefault(setter, []).append(flag)
        replaced: dict[Any, Any] = {}
        for setter, flags in by_setter.items():
            for module in (getattr(torch, "_C", None), torch):
                before = getattr(module, setter, None)
                if before is not None and not getattr(before, "_reprise", False):
                    replaced[before] = replaced.get(before) or wrap(module, setter, self._around(flags))
                    setattr(module, setter, replaced[before])
        # The properties of torch.backends.cudnn and its like took the setters when they were made.
        backends = getattr(torch, "backends", None)
        for backend in list(vars(getattr(backends, "m", backends)).values()) if backends is not None else ():
            for descriptor in vars(type(backend)).values():
                setter = getattr(descriptor, "setter", None)
                if callable(setter) and type(descriptor).__name__ == "ContextProp" and setter in replaced:
                    descriptor.setter = replaced[setter]

    def _around(self, flags: list[Flag]) -> Callable[..., Any]:
        def around(original: Any, *args: Any, **kwargs: Any) -> Any:
            result = original(*args, **kwargs)
            place = None
            for flag in flags:
                try:
                    value, _ = self._read(flag)
                except NotAvailable:
                    continue
                if self._drift.differs(flag.name, value):
                    if places.caller_module() == _WORKER:
                        self._drift.follow(flag.name, value)  # the loader gives its workers one thread each
                        continue
                    place = place or places.here()[0]
                    self._drift.change(flag.name, value, place)
            return result

        return around
