"""Knobs in the process's environment: set before it started, read back here."""

from __future__ import annotations

import os
import sys

from .. import places
from ..wrapping import wrap

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from ..drift import Drift
    from .readings import Readings

NAMES = (
    "NVIDIA_TF32_OVERRIDE", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "MKL_DYNAMIC", "OMP_WAIT_POLICY", "PYTHONHASHSEED", "CUBLAS_WORKSPACE_CONFIG",
    "MKL_CBWR", "ATEN_CPU_CAPABILITY", "ONEDNN_MAX_CPU_ISA", "ONEDNN_DEFAULT_FPMATH_MODE", "TORCHINDUCTOR_DETERMINISTIC",
    "TORCHINDUCTOR_CACHE_DIR", "TRITON_CACHE_DIR", "NCCL_ALGO", "NCCL_PROTO", "LC_ALL", "TZ", "PYTHONDONTWRITEBYTECODE", "SOURCE_DATE_EPOCH",
)  # fmt: skip
LAYOUT = "address_layout"
_ADDR_NO_RANDOMIZE = 0x0040000  # <sys/personality.h>; what `setarch -R` sets


def at_exec() -> dict[str, str]:
    """The environment this process was started with, from ``/proc``: nothing in the process can have changed it since."""
    with open("/proc/self/environ", "rb") as file:
        pairs = (entry.partition(b"=") for entry in file.read().split(b"\0") if entry)
        return {os.fsdecode(name): os.fsdecode(value) for name, _, value in pairs}


def layout() -> str:
    """``fixed`` or ``random``, for this process; raises ``OSError`` or ``ValueError`` where ``/proc`` does not say."""
    with open("/proc/self/personality", encoding="ascii") as file:
        return "fixed" if int(file.read(), 16) & _ADDR_NO_RANDOMIZE else "random"


def read_start(readings: Readings, drift: Drift) -> None:
    """Reads every process knob as it was at the start. An absent variable reads as null."""
    environment = at_exec()
    for name in NAMES:
        value = environment.get(name)
        readings.start(name, value, None if value is not None else "not set")
        drift.follow(name, value)
    if environment.get("PYTHONHASHSEED") is not None and sys.flags.ignore_environment:
        readings.start("PYTHONHASHSEED", None, "Python ignored its environment")
    try:
        readings.start(LAYOUT, layout())
    except (OSError, ValueError) as problem:
        readings.missing(LAYOUT, "not-available", f"/proc/self/personality cannot be read: {problem}")


def read_end(readings: Readings, drift: Drift) -> None:
    """Reads them again from ``os.environ``; a change that no call was seen for is drift without a place."""
    for name in NAMES:
        value = os.environ.get(name)
        readings.end(name, value)
        drift.change(name, value, None)
    if readings.read(LAYOUT):
        readings.end(LAYOUT, layout())


class Watch:
    """Wraps what ``os.environ`` calls to change the process's environment, so that a change has a place."""

    def __init__(self, drift: Drift) -> None:
        self._drift = drift

    def install(self) -> None:
        wrap(os, "putenv", self._put)
        wrap(os, "unsetenv", self._unset)

    def _put(self, original: Callable[..., None], key: str | bytes, value: str | bytes) -> None:
        original(key, value)
        self._changed(key, value)

    def _unset(self, original: Callable[..., None], key: str | bytes) -> None:
        original(key)
        self._changed(key, None)

    def _changed(self, key: str | bytes, value: str | bytes | None) -> None:
        name = os.fsdecode(key)
        if name in NAMES:
            self._drift.change(name, None if value is None else os.fsdecode(value), places.here()[0])
