"""Composes the harness in this process: sets the recipe, watches, and writes the record at the start, after imports and at the end."""

from __future__ import annotations

import atexit
import os
import sys
import threading

from . import bounds, commands, environment, imports, job, outcome, places, refusals, warned
from .children import Children
from .drift import Drift
from .knobs import environ, flags, seeds
from .knobs.readings import Readings
from .operations import Operations
from .record import Record
from .seedings import Seedings
from .wrapping import original, wrap

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

UNRECORDED = 87
"""Exit code of a process whose record could not be written."""
DRIFTED = 86
"""Exit code of a process that changed a knob where the job says ``onDrift: fail``."""


class Harness:
    """One process's harness; a forked child goes on with the same one, started anew by ``_after_fork``."""

    def __init__(self, asked: job.Job, record: Record, parent: str | None, site: str) -> None:
        self._job, self._record, self._parent = asked, record, parent
        self._started = "exec" if parent is None else "spawn"
        self._imported: list[str] = []
        self._finished = False
        self._lock = threading.RLock()
        self._readings = Readings((*seeds.NAMES, *(flag.name for flag in flags.FLAGS), *environ.NAMES, environ.LAYOUT))
        self._drift = Drift(asked.requested)
        self._seedings = Seedings(asked.seed if asked.hold_seed else None)
        self._operations = Operations(self._append_operations)
        self._seeds = seeds.Seeds(asked.requested, self._readings, self._seedings)
        self._flags = flags.Flags(asked.requested, self._readings, self._drift)
        self._children = Children(site, self._before_exec, self._exec_failed)
        self._ending = outcome.Ending()
        self._environment = environment.Environment()

    def install(self) -> None:
        """Everything that must be in place before user code runs; raises what keeps it from being so."""
        environ.read_start(self._readings, self._drift)
        os.environ["REPRISE_PARENT"] = self._record.name
        environ.Watch(self._drift).install()
        self._seeds.apply_random()
        imports.AfterImport(
            {"numpy": self._numpy, "numpy.random": self._numpy_random, "torch": self._torch, "torch._dynamo.trace_rules": _stay_eager}
        ).install()
        self._children.install(self._record)
        self._ending.install()
        if self._job.on_drift == "fail":
            self._drift.fail = self._drifted
        wrap(os, "_exit", self._exit_at_once)
        threading.excepthook = self._thread_raised(threading.excepthook)
        # After those that random and threading registered: random seeds itself from the system in a child.
        os.register_at_fork(after_in_child=self._after_fork)
        # First to be registered, so last to be called.
        atexit.register(self._at_exit)
        self._write_observed(False)
        if self._record.name == "main":
            self._environment.write(self._record, None)

    def _numpy(self, module: Any) -> None:
        self._note_import("numpy")

    def _numpy_random(self, module: Any) -> None:
        with _Fatal():
            self._seeds.apply_numpy(module)
        self._note_import("numpy.random")

    def _torch(self, module: Any) -> None:
        with _Fatal():
            self._seeds.apply_torch(module)
            self._flags.apply(module)
            refusals.watch(self._operations, module)
            warned.listen(self._operations)
        self._note_import("torch")
        if self._record.name == "main":
            with _Fatal():
                self._environment.write(self._record, module)

    def _note_import(self, name: str) -> None:
        with _Fatal():
            if name not in self._imported:
                self._imported.append(name)
            self._write_observed(False)

    def _write_observed(self, last: bool) -> None:
        self._record.write(
            "observed.json",
            {
                "schema": 1, "process": self._record.name, "pid": os.getpid(), "parent": self._parent, "started": self._started,
                "argv": bounds.arguments(sys.orig_argv[1:]), "imported": sorted(self._imported), "knobs": self._readings.document(),
                "seedings": list(self._seedings.entries), "drift": list(self._drift.entries), "loaderSeed": self._seedings.loader_seed,
                "children": self._children.document(self._record, last), "complete": last,
            },
        )  # fmt: skip

    def _append_operations(self, lines: list[dict[str, Any]]) -> None:
        with _Fatal():
            self._record.append("operations.jsonl", lines)

    def _finish(self, result: dict[str, Any] | None) -> None:
        """Reads everything back and completes the record, once; without a result, finds how the program ended."""
        with self._lock:
            if self._finished or self._record.folder is None:
                return
            self._finished = True
            with _Fatal():
                found = result or self._ending.document(self._operations)
                self._seeds.read_end()
                self._flags.read_end()
                environ.read_end(self._readings, self._drift)
                self._operations.finish()
                if self._record.name == "main":
                    self._environment.complete(self._record)
                self._record.write("result.json", found)
                self._write_observed(True)

    def _at_exit(self) -> None:
        self._finish(None)

    def _exit_at_once(self, leave: Any, status: int) -> None:
        """``os._exit``: how the children of multiprocessing end."""
        self._finish(outcome.result("exited", outcome.exit_code(status) if isinstance(status, int) else None))
        leave(status)

    def _drifted(self) -> None:
        """Ends the process where it stands: an exception could be swallowed."""
        place, function = places.here()
        self._drift.fail = None
        self._finished = False  # a drift found by the reading at the end
        self._finish({**outcome.result("drift", DRIFTED), "place": place, "function": function})
        _leave(DRIFTED, "a setting was changed by the program, and the job says onDrift: fail" + (f" ({place})" if place else ""))

    def _thread_raised(self, before: Any) -> Any:
        def excepthook(args: Any) -> None:
            if args.exc_value is not None:
                self._operations.refused(args.exc_value, *places.of_traceback(args.exc_traceback))
            before(args)

        return excepthook

    def _before_exec(self) -> None:
        self._finish(outcome.result("exited", None))

    def _exec_failed(self) -> None:
        if self._finished:
            self._finished = False
            self._readings.clear_ends()
            with _Fatal():
                self._write_observed(False)

    def _after_fork(self) -> None:
        """In a forked child: a record of its own, with nothing in it yet; the knobs start as they are in force there."""
        if self._children.in_fork_exec:
            return  # a child of subprocess, about to be replaced
        with _Fatal():
            self._lock = threading.RLock()
            self._parent, self._started, self._finished = self._record.name, "fork", False
            self._seeds.after_fork(self._children.forks)
            self._record = Record.of_child(self._record.root, self._record.name)
            os.environ["REPRISE_PARENT"] = self._record.name
            for part in (self._seedings, self._drift, self._operations):
                part.restart()
            self._children.restart(self._record)
            self._readings.clear_ends()
            if self._record.folder is not None:
                self._flags.read_again()
                self._write_observed(False)


def _stay_eager(trace_rules: Any) -> None:
    """Keeps torch.compile from tracing into our wrappers: what they record would be recorded once, while tracing, and by the compiler."""
    if hasattr(trace_rules, "add"):
        trace_rules.add("reprise_runner")


class _Fatal:
    """Whatever goes wrong within ends the process with code 87: a run must never go silently unrecorded.

    ``KeyboardInterrupt`` and ``SystemExit`` are the program's, raised by a signal that came meanwhile, and pass; the record then stays incomplete.
    """

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: Any, problem: BaseException | None, traceback: Any) -> None:
        if isinstance(problem, Exception):
            place = places.of_traceback(traceback)[0]
            _leave(UNRECORDED, f"cannot record this process: {type(problem).__name__}: {bounds.text(problem)} ({place})")


def _leave(code: int, words: str) -> None:
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except Exception:
            pass  # closed, or a pipe that nobody reads
    os.write(2, f"reprise: {words}\n".encode("utf-8", "replace"))
    original(os._exit)(code)


def start(site: str) -> None:
    """Reads ``REPRISE_JOB`` and ``REPRISE_RECORD_DIR`` and starts recording; ``site`` is the folder on ``PYTHONPATH``. Raises what prevents it."""
    if commands.helper(sys.orig_argv) is not None:
        return
    asked = job.load(os.environ["REPRISE_JOB"])
    root = os.environ.get("REPRISE_RECORD_DIR")
    if not root:
        raise job.JobError("REPRISE_RECORD_DIR is not set")
    parent = Record.valid(os.environ.get("REPRISE_PARENT"))
    Harness(asked, Record.of_new_program(root, parent), parent, site).install()
