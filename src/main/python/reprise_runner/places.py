"""Where in a program something happened: ``train.py:12``."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType, FrameType, TracebackType
    from typing import Any

_HARNESS = os.path.dirname(os.path.abspath(__file__)) + os.sep
_WATCHING = tuple(os.path.join(_HARNESS, part) + os.sep for part in ("trace", "watch"))
_LIBRARY = os.path.dirname(os.path.abspath(os.__file__)) + os.sep
_USER_NAMES = ("<string>", "<stdin>")
_PASSING = (("torch._dynamo.eval_frame", "_fn"), ("torch._compile", "inner"))
_kinds: dict[str, str] = {}
try:
    _FOLDER = os.getcwd()
except OSError:  # the folder is gone: paths then stay as they are
    _FOLDER = os.sep


def _kind(filename: str) -> str:
    """``harness``, ``library`` (site-packages, the standard library, generated code) or ``program``."""
    kind = _kinds.get(filename)
    if kind is None:
        path = os.path.join(_FOLDER, filename)
        if path.startswith(_HARNESS):
            kind = "harness"
        elif filename.startswith("<"):
            kind = "program" if filename in _USER_NAMES else "library"
        elif f"{os.sep}site-packages{os.sep}" in path or f"{os.sep}dist-packages{os.sep}" in path or path.startswith(_LIBRARY):
            kind = "library"
        else:
            kind = "program"
        if len(_kinds) < 10_000:
            _kinds[filename] = kind
    return kind


def is_watching(frame: FrameType | None) -> bool:
    """Whether the harness itself, to observe something, led to what ``frame`` does, not the program through one of the harness's wrappers."""
    while frame is not None and not _is_program(frame):
        if frame.f_code.co_filename.startswith(_WATCHING):
            return True
        if _kind(frame.f_code.co_filename) == "harness":
            return False
        frame = frame.f_back
    return False


def _is_program(frame: FrameType) -> bool:
    """Also a module of a package is the program where it was started as such, with ``-m``."""
    kind = _kind(frame.f_code.co_filename)
    return kind == "program" or (kind == "library" and frame.f_globals.get("__name__") == "__main__")


def name(code: CodeType, line: int | None) -> str:
    """``path:line``, relative to the working folder the process started in where the file lies below it."""
    path = code.co_filename
    if not path.startswith("<"):
        path = os.path.normpath(os.path.join(_FOLDER, path))
        below = _FOLDER.rstrip(os.sep) + os.sep
        if path.startswith(below):
            path = path[len(below) :]
    return f"{path}:{line or 0}"[-4096:]


def own_frame(frame: FrameType | None) -> FrameType | None:
    """The innermost frame outside the harness, from ``frame`` outwards."""
    while frame is not None and _kind(frame.f_code.co_filename) == "harness":
        frame = frame.f_back
    return frame


def caller_module(past: str = "") -> str:
    """The module of the innermost frame outside the harness: who made the call that is being watched.

    The frames by which ``torch.compiler.disable`` passes a call on are not counted (torch marks its seeding functions so), nor those of module ``past``.
    """
    frame = own_frame(sys._getframe(1))
    while frame is not None and ((frame.f_globals.get("__name__"), frame.f_code.co_name) in _PASSING or frame.f_globals.get("__name__") == past):
        frame = own_frame(frame.f_back)
    return str(frame.f_globals.get("__name__", "")) if frame is not None else ""


def here() -> tuple[str | None, str | None]:
    """Place and function of the innermost frame of the program; else of the innermost outside the harness and what is frozen into Python; else nulls."""
    return of_frames(sys._getframe(1))


def by_import(frame: FrameType | None) -> bool:
    """Whether what happens comes from a library that is just being imported, by the program or another library; ``frame`` outwards."""
    while frame is not None and not _is_program(frame):
        if frame.f_code.co_filename.startswith("<frozen importlib"):
            return True
        frame = frame.f_back
    return False


def of_frames(frame: FrameType | None) -> tuple[str | None, str | None]:
    """``here``, from ``frame`` outwards."""
    innermost = None
    while frame is not None:
        if _is_program(frame):
            return name(frame.f_code, frame.f_lineno), frame.f_code.co_name
        if innermost is None and _kind(frame.f_code.co_filename) != "harness" and not frame.f_code.co_filename.startswith("<frozen "):
            innermost = frame
        frame = frame.f_back
    return (None, None) if innermost is None else (name(innermost.f_code, innermost.f_lineno), innermost.f_code.co_name)


def of_traceback(traceback: TracebackType | None) -> tuple[str | None, str | None]:
    """``here``, for where an exception passed."""
    best: Any = None
    rank = -1
    while traceback is not None:
        own = 2 if _is_program(traceback.tb_frame) else 0 if _kind(traceback.tb_frame.f_code.co_filename) == "harness" else 1
        if own >= rank:
            best, rank = traceback, own
        traceback = traceback.tb_next
    return (None, None) if best is None else (name(best.tb_frame.f_code, best.tb_lineno), best.tb_frame.f_code.co_name)
