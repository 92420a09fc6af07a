"""The processes that this one starts: forked, spawned, replaced by exec; recorded when they start, joined with their records at the end."""

from __future__ import annotations

import os
import signal
import sys
import threading

from . import bounds, commands, places
from .wrapping import wrap

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from .record import Record

_BLANK = ("place", "why", "record")


class Children:
    """The list, with process numbers while they are known. ``before_exec`` completes the record of a process that is about to be replaced."""

    def __init__(self, site: str, before_exec: Callable[[], None], exec_failed: Callable[[], None]) -> None:
        self._site, self._before_exec, self._exec_failed = site, before_exec, exec_failed
        self._known: list[dict[str, Any]] = []
        self._uncounted = bounds.Tally()
        self._record: Record | None = None
        self.forks = 0
        self._starting = threading.local()

    def install(self, record: Record) -> None:
        """Wraps what starts processes. ``_posixsubprocess.fork_exec`` stands for subprocess and for multiprocessing's spawn."""
        self._record = record
        import _posixsubprocess

        for module, name in ((os, "fork"), (os, "forkpty")):
            wrap(module, name, self._fork)
        fork_exec = wrap(_posixsubprocess, "fork_exec", self._fork_exec)
        if "subprocess" in sys.modules:  # imported by a .pth file, before us
            sys.modules["subprocess"]._fork_exec = fork_exec  # type: ignore[attr-defined]
        for name in ("posix_spawn", "posix_spawnp"):
            wrap(os, name, self._posix_spawn)
        wrap(os, "system", self._system)
        wrap(os, "execv", lambda original, path, args: self._exec(original, path, args, None))
        wrap(os, "execve", lambda original, path, args, env: self._exec(original, path, args, env))
        wrap(os, "kill", self._kill)

    def _fork(self, original: Any) -> Any:
        self.forks += 1
        place = places.here()[0]
        result = original()
        pid = result[0] if isinstance(result, tuple) else result
        if pid != 0:
            self._add({"argv": bounds.arguments(sys.argv), "kind": "fork", "place": place, "expected": True, "why": None}, pid)
        return result

    def _fork_exec(self, original: Any, args: Any, executables: Any, *rest: Any) -> Any:
        # (…, close_fds, pass_fds, cwd, env_list, …): the same since Python 3.3
        environment = _pairs(rest[3]) if len(rest) > 3 and rest[3] is not None else dict(os.environ)
        argv = bounds.arguments(args)
        executable = os.fsdecode(executables[0]) if executables else argv[0]
        if len(executables or ()) > 1 and argv:
            executable = argv[0]  # subprocess tries each folder of PATH
        entry = self._described(executable, argv, environment)
        self._starting.now = True
        try:
            pid = original(args, executables, *rest)
        finally:
            self._starting.now = False
        self._add(entry, pid)
        return pid

    @property
    def in_fork_exec(self) -> bool:
        """Whether this thread is within ``fork_exec``: another one that forks meanwhile starts a process of the program."""
        return getattr(self._starting, "now", False)

    def _posix_spawn(self, original: Any, path: Any, argv: Any, env: Any, *args: Any, **kwargs: Any) -> Any:
        entry = self._described(os.fsdecode(path), bounds.arguments(argv), dict(os.environ) if env is None else _decoded(env))
        pid = original(path, argv, env, *args, **kwargs)
        self._add(entry, pid)
        return pid

    def _system(self, original: Any, command: Any) -> Any:
        # Python processes that the shell starts write records of their own, and are joined at the end.
        self._add(self._described("/bin/sh", bounds.arguments(["sh", "-c", command]), dict(os.environ)), None)
        return original(command)

    def _exec(self, original: Any, path: Any, args: Any, env: Any) -> Any:
        started = isinstance(path, int) or os.path.exists(path)  # execvp tries each folder of PATH
        if started:
            entry = self._described(os.fsdecode(path) if not isinstance(path, int) else "", bounds.arguments(args), dict(os.environ) if env is None else _decoded(env))
            if entry["expected"] and entry["why"] is None and self._record is not None:
                entry["record"] = self._record.successor()
            entry["why"] = entry["why"] or "it replaced this process"
            self._add(entry, None)
            self._before_exec()
        try:
            return original(path, args) if env is None else original(path, args, env)
        except BaseException:
            if started and self._known:
                self._known.pop()
                self._exec_failed()
            raise

    def _kill(self, original: Any, pid: int, number: int) -> None:
        original(pid, number)
        if number in (signal.SIGTERM, signal.SIGKILL):
            for child in self._known:
                if child["pid"] == pid and child["entry"]["why"] is None:
                    child["entry"]["why"] = f"ended by its parent with signal {int(number)}"

    def _described(self, executable: str, argv: list[str], environment: Mapping[str, str]) -> dict[str, Any]:
        python = commands.is_python(executable, argv)
        helper = commands.helper(argv, places.caller_module("subprocess")) if python else None
        expected = python and helper is None
        why = commands.unreached(argv, environment, self._site) if expected else helper
        return {"argv": argv, "kind": "python" if python else "other", "place": places.here()[0], "expected": expected, "why": why}

    def _add(self, entry: dict[str, Any], pid: int | None) -> None:
        entry = {"record": None, **entry}
        if len(self._known) < bounds.ENTRIES:
            self._known.append({"entry": entry, "pid": pid})
        else:
            self._uncounted.add({**entry, "argv": ""}, _BLANK)

    def document(self, record: Record, last: bool) -> list[dict[str, Any]]:
        """``observed.children``; the last time, with the records that name this process as their parent."""
        if last and self._known:
            self._join(record)
        listed = bounds.Tally()
        arguments: dict[str, list[str]] = {}
        for child in self._known:
            key = repr(child["entry"]["argv"])
            arguments[key] = child["entry"]["argv"]
            listed.add({**child["entry"], "argv": key}, _BLANK)
        for entry in self._uncounted:
            listed.add({name: value for name, value in entry.items() if name != "count"}, _BLANK, entry["count"])
        return [{**entry, "argv": arguments.get(entry["argv"], [])} for entry in listed]

    def _join(self, record: Record) -> None:
        records = record.children()
        for child in self._known:
            at = next((index for index, (pid, _, _) in enumerate(records) if pid == child["pid"]), None)
            if at is not None:
                child["entry"]["record"] = records.pop(at)[1]
        claimed = {child["entry"]["record"] for child in self._known}
        for _, name, argv in records:  # started by a shell or another program in between
            if name not in claimed:
                self._add({"argv": argv, "kind": "python", "place": None, "expected": True, "why": "started by a process in between", "record": name}, None)
        full = record.full()
        for child in self._known:
            entry = child["entry"]
            if entry["expected"] and entry["record"] is None and entry["why"] is None:
                entry["why"] = f"{bounds.PROCESSES} processes have records; later ones are only counted" if full else "it left no record"

    def restart(self, record: Record) -> None:
        """For a forked child, which has started nothing yet."""
        self._record = record
        self._known, self._uncounted, self.forks = [], bounds.Tally(), 0


def _pairs(entries: Any) -> dict[str, str]:
    return {name: value for name, _, value in (os.fsdecode(entry).partition("=") for entry in entries)}


def _decoded(env: Any) -> dict[str, str]:
    return {os.fsdecode(name): os.fsdecode(value) for name, value in env.items()}
