"""What the main process runs with and on: ``environment.json``."""

from __future__ import annotations

import hashlib
import os
import platform
import sys

from . import VERSION, bounds, distributions

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .record import Record


class Environment:
    """Writes the file at the start, again once torch is there, and at the end where the program imported what was changed after it was installed."""

    def __init__(self) -> None:
        self._path: list[str] = []
        self._document: dict[str, Any] = {}

    def write(self, record: Record, torch: Any) -> None:
        """``torch`` is the module, or None while it is not imported."""
        self._path = list(sys.path)
        self._document = document(torch)
        record.write("environment.json", self._document)

    def complete(self, record: Record) -> None:
        """What is said of the installed files is looked up as late as this, since only now it is known which of thousands were imported."""
        if not self._document:
            return
        changed = distributions.changed(self._path, _imported())
        for name, files in changed.items():
            self._document["environment"]["packages"].setdefault(name, {})["changed"] = files
        if changed:
            record.write("environment.json", self._document)


def _imported() -> list[str]:
    files = []
    for module in list(sys.modules.values()):
        try:
            file = vars(module).get("__file__")
        except Exception:
            continue  # not everything that programs put there is a module
        if isinstance(file, str):
            files.append(file)
    return files


def document(torch: Any) -> dict[str, Any]:
    """The whole file; ``torch`` is the module, or None while it is not imported."""
    uname = os.uname()
    return {
        "schema": 1,
        "environment": {"python": _python(), "packages": distributions.found(sys.path), "torch": _torch(torch), "harness": {"version": VERSION, "digest": digest()}},
        "machine": {"cpu": _cpu(torch), "kernel": uname.release, "glibc": _glibc(), "gpus": _gpus(), "driver": _driver(), "compiler": _compiler(), "host": bounds.text(uname.nodename)[:200]},
    }


def _python() -> dict[str, str]:
    return {
        "version": platform.python_version(), "implementation": platform.python_implementation(),
        "build": " ".join(platform.python_build()), "compiler": platform.python_compiler(),
    }  # fmt: skip


def digest() -> str:
    """Of the harness itself: SHA-256 over, for each of its Python files sorted by path, ``path NUL size NUL bytes``."""
    root = os.path.dirname(os.path.abspath(__file__))
    paths = [os.path.join(folder, name) for folder, _, names in os.walk(root) for name in names if name.endswith(".py")]
    whole = hashlib.sha256()
    for path in sorted(paths, key=lambda path: os.fsencode(os.path.relpath(path, root))):
        with open(path, "rb") as file:
            content = file.read()
        whole.update(b"%s\0%d\0%s" % (os.fsencode(os.path.relpath(path, root)), len(content), content))
    return f"sha256:{whole.hexdigest()}"


def _torch(torch: Any) -> dict[str, Any] | None:
    if torch is None:
        return None
    cudnn = None
    try:
        cudnn = str(torch.backends.cudnn.version() or "") or None
    except Exception:
        pass  # built for a cuDNN that is not there
    version, config = getattr(torch, "version", None), getattr(torch, "__config__", None)
    return {
        "version": bounds.text(getattr(torch, "__version__", "?")), "git": getattr(version, "git_version", None), "cuda": getattr(version, "cuda", None),
        "cudnn": cudnn, "build": bounds.text(config.show()) if config is not None else None,
    }  # fmt: skip


def _cpu(torch: Any) -> dict[str, Any]:
    fields: dict[str, str] = {}
    for line in _lines("/proc/cpuinfo"):
        if not line.strip() and fields:
            break  # the first processor is enough
        name, _, value = line.partition(":")
        fields.setdefault(name.strip(), value.strip())
    # ARM has no model name, but the numbers of implementer and part.
    model = fields.get("model name") or " ".join(f"{name} {fields[name]}" for name in ("CPU implementer", "CPU part", "CPU variant", "CPU revision") if name in fields)
    flags = fields.get("flags") or fields.get("Features") or ""
    capability = None
    if torch is not None:
        try:
            capability = str(torch.backends.cpu.get_cpu_capability())
        except Exception:
            pass  # torch before 2.1
    return {"model": model or platform.machine(), "flags": " ".join(sorted(flags.split())), "cores": len(os.sched_getaffinity(0)), "capability": capability}


def _glibc() -> str | None:
    try:
        return (os.confstr("CS_GNU_LIBC_VERSION") or "").removeprefix("glibc ") or None
    except (OSError, ValueError):
        return None


def _compiler() -> dict[str, str | None] | None:
    """The C++ compiler that ``torch.compile`` would find, which decides the bits of what it makes; not run, since that would be a process of the program's."""
    name = os.environ.get("CXX", "g++")
    for folder in [""] if os.sep in name else os.environ.get("PATH", "").split(os.pathsep):
        path = os.path.realpath(os.path.join(folder, name))
        if os.path.isfile(path) and os.access(path, os.X_OK):
            return {"path": bounds.text(path), "digest": _sha256(path)}
    return None


def _sha256(path: str) -> str | None:
    try:
        with open(path, "rb") as file:
            return f"sha256:{hashlib.sha256(file.read()).hexdigest()}"
    except OSError:
        return None


def _gpus() -> list[dict[str, str | None]]:
    """From the driver's ``/proc`` files: asking CUDA would start it, and a process that did cannot fork."""
    root = "/proc/driver/nvidia/gpus"
    found = []
    for bus in sorted(os.listdir(root)) if os.path.isdir(root) else []:
        fields = dict(line.partition(":")[::2] for line in _lines(os.path.join(root, bus, "information")))
        found.append({"model": fields.get("Model", "").strip() or None, "uuid": fields.get("GPU UUID", "").strip() or None})
    return _visible(found, os.environ.get("CUDA_VISIBLE_DEVICES"))


def _visible(found: list[dict[str, str | None]], shown: str | None) -> list[dict[str, str | None]]:
    """Those that CUDA shows: the driver's files list every GPU of the machine, also to a job that was given none."""
    if shown is None:
        return found
    by_uuid = {gpu["uuid"]: gpu for gpu in found}
    # A part of a GPU has a UUID of its own, which those files do not have.
    return [by_uuid.get(uuid, {"model": None, "uuid": bounds.text(uuid)}) for uuid in shown.split(",") if uuid]


def _driver() -> str | None:
    # NVRM version: NVIDIA UNIX x86_64 Kernel Module  570.86.15  Thu …
    for line in _lines("/proc/driver/nvidia/version"):
        if line.startswith("NVRM version:"):
            return next((word for word in line.split() if word[0].isdigit() and "." in word), line.strip()[:200])
    return None


def _lines(path: str) -> list[str]:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read(1 << 20).split("\n")
    except OSError:
        return []
