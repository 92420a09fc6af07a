"""What a command line starts: whether it is Python, and whether the harness is reached there."""

from __future__ import annotations

import os
import re
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_PYTHON = re.compile(r"python(\d+(\.\d+)?t?)?\Z")
_TRACKER = re.compile(r"from (multiprocessing|[\w.]*loky\.backend)\.resource_tracker import main")
_COMPILE_WORKER = os.path.join("torch", "_inductor", "compile_worker", "__main__.py")


def helper(argv: list[str], starter: str = "") -> str | None:
    """Why a Python process runs nothing of the program: one that a library keeps for itself, and that writes no record. None for any other.

    ``starter`` is the module that starts it, where that is known: the compiler of ``torch.compile`` tries out what the processor can do in
    processes whose environment it makes itself.
    """
    if any(_TRACKER.match(argument) for argument in argv[:8]):
        return "a resource tracker runs no user code"
    if starter.startswith("torch._inductor.") or any(argument.endswith(_COMPILE_WORKER) for argument in argv[:8]):
        return "a process of torch's compiler runs no user code"
    return None


def is_python(executable: str, argv: list[str]) -> bool:
    """Whether it is a Python interpreter, or a script that names one in its first line (``torchrun``)."""
    path = _found(executable)
    names = {os.path.basename(executable), os.path.basename(os.path.realpath(path))}
    if any(_PYTHON.match(name) for name in names) or os.path.realpath(path) == os.path.realpath(sys.executable or "python"):
        return True
    return _PYTHON.match(os.path.basename(_interpreter(path))) is not None


def unreached(argv: list[str], environment: Mapping[str, str], site: str) -> str | None:
    """Why a Python process with this command line and environment loads no harness; None where it does."""
    for name in _switches(argv):
        if name in "IES":
            reason = {"I": "isolated mode: no PYTHONPATH", "E": "PYTHONPATH is ignored", "S": "no site, hence no sitecustomize"}[name]
            return f"started with -{name} ({reason})"
    first = environment.get("PYTHONPATH", "").split(os.pathsep)[0]
    if not environment.get("REPRISE_JOB"):
        return "started in an environment without REPRISE_JOB"
    if not first or os.path.realpath(first) != os.path.realpath(site):
        return "started in an environment whose PYTHONPATH does not begin with the harness"
    return None


def _switches(argv: list[str]) -> list[str]:
    """The single-letter options of the interpreter, up to the script, ``-c`` or ``-m``."""
    found: list[str] = []
    rest = iter(argv[1:])
    for argument in rest:
        if argument.startswith("--"):
            if argument == "--check-hash-based-pycs":
                next(rest, None)
            continue
        if not argument.startswith("-") or argument == "-":
            break
        for position, letter in enumerate(argument[1:], 1):
            if letter in "cm":
                return found
            if letter in "WX":
                if position == len(argument) - 1:
                    next(rest, None)
                break
            found.append(letter)
    return found


def _found(executable: str) -> str:
    if os.sep in executable:
        return executable
    for folder in os.environ.get("PATH", os.defpath).split(os.pathsep):
        path = os.path.join(folder, executable)
        if os.path.isfile(path) and os.access(path, os.X_OK):
            return path
    return executable


def _interpreter(path: str) -> str:
    try:
        with open(path, "rb") as file:
            first = file.readline(256)
    except OSError:
        return ""
    if not first.startswith(b"#!"):
        return ""
    words = os.fsdecode(first[2:]).split()
    return words[1] if len(words) > 1 and os.path.basename(words[0]) == "env" else words[0] if words else ""
