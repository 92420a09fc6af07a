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
from .sources import Sources
from .steps import Steps
from .timing import Timing
from .watch.watchers import Watchers
from .wrapping import original, wrap

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .trace.tracer import Tracer

UNRECORDED = 87
"""Exit code of a process whose record could not be written."""
NO_TRACE = {"state": "off", "steps": 0, "segments": 0, "rank": None, "worldSize": None, "why": []}
"""``observed.trace`` where none was asked for."""
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
        self._steps = Steps()
        self._sources = Sources(self._step)
        self._seedings.step = self._drift.step = self._step
        self._tracer = _tracer(asked, self._steps, record)
        self._watchers = Watchers(asked.watch, record, self._steps)
        self._timing = Timing() if asked.watch.timing else None

    def install(self) -> None:
        """Everything that must be in place before user code runs; raises what keeps it from being so."""
        environ.read_start(self._readings, self._drift)
        os.environ["REPRISE_PARENT"] = self._record.name
        environ.Watch(self._drift).install()
        self._seeds.apply_random()
        imports.AfterImport(
            {
                "numpy": self._numpy, "numpy.random": self._numpy_random, "torch": self._torch, "torch._dynamo.trace_rules": _stay_eager,
                "torch._dynamo.eval_frame": self._watchers.compiling,
            }
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
        self._sources.install()

    def _numpy(self, module: Any) -> None:
        self._note_import("numpy")

    def _numpy_random(self, module: Any) -> None:
        with self._own_work():
            self._seeds.apply_numpy(module)
            if seeds.UNSEEDED not in self._job.requested:
                self._sources.watch_numpy(module)
        self._note_import("numpy.random")

    def _torch(self, module: Any) -> None:
        with self._own_work():
            self._seeds.apply_torch(module)
            self._flags.apply(module)
            refusals.watch(self._operations, module)
            warned.listen(self._operations)
            self._watch(module)
        self._note_import("torch")
        if self._record.name == "main":
            with self._own_work():
                self._environment.write(self._record, module)

    def _watch(self, torch: Any) -> None:
        """What listens to the program's steps; nothing of torch is touched where nothing does."""
        # Before the tracer: a bit that is flipped is in the row of its step.
        self._watchers.install(torch)
        if self._tracer is not None:
            self._steps.add(self._tracer)
            try:
                self._tracer.install(torch)
            except Exception as problem:
                self._tracer.failed(problem)
        if self._timing is not None:
            self._steps.add(self._timing)
        self._steps.install(torch)

    def _own_work(self) -> _Fatal:
        return _Fatal(self._sources)

    def _step(self) -> int | None:
        """The step that is under way, None where nobody counts."""
        return self._steps.step if self._steps.listening else None

    def _note_import(self, name: str) -> None:
        with self._own_work():
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
                "sources": self._sources.document(),
                "trace": self._tracer.document() if self._tracer is not None else NO_TRACE,
                "children": self._children.document(self._record, last), "complete": last,
            },
        )  # fmt: skip

    def _append_operations(self, lines: list[dict[str, Any]]) -> None:
        with self._own_work():
            self._record.append("operations.jsonl", lines)

    def _finish(self, result: dict[str, Any] | None) -> None:
        """Reads everything back and completes the record, once; without a result, finds how the program ended."""
        with self._lock:
            if self._finished or self._record.folder is None:
                return
            self._finished = True
            with self._own_work():
                self._steps.finish()
                self._watchers.finish()
                timing = self._timing.document() if self._timing is not None else None
                if timing is not None:
                    self._record.write("timing.json", timing)
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
            with self._own_work():
                self._write_observed(False)

    def _after_fork(self) -> None:
        """In a forked child: a record of its own, with nothing in it yet; the knobs start as they are in force there."""
        if self._children.in_fork_exec:
            return  # a child of subprocess, about to be replaced
        with self._own_work():
            self._lock = threading.RLock()
            self._parent, self._started, self._finished = self._record.name, "fork", False
            self._seeds.after_fork(self._children.forks)
            self._record = Record.of_child(self._record.root, self._record.name)
            os.environ["REPRISE_PARENT"] = self._record.name
            for part in (self._seedings, self._drift, self._operations, self._sources):
                part.restart()
            self._children.restart(self._record)
            self._watchers.after_fork()
            self._steps.after_fork()
            if self._tracer is not None:
                self._tracer.use(self._record)
            self._readings.clear_ends()
            if self._record.folder is not None:
                self._flags.read_again()
                self._write_observed(False)


def _tracer(asked: job.Job, steps: Steps, record: Record) -> Tracer | None:
    """Nothing of it is even loaded where no trace was asked for."""
    if asked.trace is None:
        return None
    from .trace.tracer import Tracer

    return Tracer(asked.trace, steps, record)


def _stay_eager(trace_rules: Any) -> None:
    """Keeps torch.compile from tracing into our wrappers: what they record would be recorded once, while tracing, and by the compiler."""
    if hasattr(trace_rules, "add"):
        trace_rules.add("reprise_runner")


class _Fatal:
    """Whatever goes wrong within ends the process with code 87: a run must never go silently unrecorded. What is read within is not the program's doing.

    ``KeyboardInterrupt`` and ``SystemExit`` are the program's, raised by a signal that came meanwhile, and pass; the record then stays incomplete.
    """

    def __init__(self, sources: Sources) -> None:
        self._sources = sources

    def __enter__(self) -> None:
        self._sources.quiet += 1

    def __exit__(self, kind: Any, problem: BaseException | None, traceback: Any) -> None:
        self._sources.quiet -= 1
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
