"""Makes the runs: each side once, in a folder of its own, by ``reprise local``."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import tamper
from cases import Side

HERE = Path(__file__).resolve().parent
_NEEDS = {"mlp.py": ["data.npz"], "loader.py": ["samples.json"], "resume.py": ["checkpoint.pt"]}


class Runs:
    """Runs of sides, kept in a folder: a side that several cases have is run once, and not again where the folder is given again. May be called by several threads."""

    def __init__(self, folder: Path, reprise: list[str]) -> None:
        self._folder, self._reprise = folder, reprise
        self._locks: dict[object, threading.Lock] = {}
        self._guard = threading.Lock()
        self._kept = folder / "runs.json"
        self._done: dict[str, Path] = {key: Path(path) for key, path in json.loads(self._kept.read_text()).items()} if self._kept.exists() else {}
        self.count = 0
        self._data = folder / "data"
        if not self._data.exists():
            subprocess.run([sys.executable, str(HERE / "prepare.py"), str(self._data)], check=True)

    def record(self, side: Side, attempt: int = 0) -> Path:
        """The record folder of a side; ``witness.json`` lies beside it. Another ``attempt`` is another run."""
        key = repr((side, attempt))
        with self._guard:
            lock = self._locks.setdefault(key, threading.Lock())
        with lock:
            if key not in self._done:
                record = self._run(side)
                with self._guard:
                    self._done[key] = record
                    self._kept.write_text(json.dumps({key: str(path) for key, path in self._done.items()}))
            return self._done[key]

    def copy(self, record: Path, name: str) -> Path:
        """A copy that may be tampered with."""
        target = self._folder / "tampered" / name / "record"
        shutil.rmtree(target, ignore_errors=True)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(record, target)
        shutil.copy(record.parent / "witness.json", target.parent / "witness.json")
        return target

    def diff(self, left: Path, right: Path) -> str:
        """What ``reprise diff --json`` prints."""
        process = subprocess.run([*self._reprise, "diff", "--json", str(left), str(right)], capture_output=True, text=True, env=self._environment(), timeout=300)
        if process.returncode in (2, 7) or not process.stdout:
            raise RuntimeError(f"diff of {left} and {right} ended with {process.returncode}: {process.stderr[-2000:]}")
        return process.stdout

    def _run(self, side: Side) -> Path:
        with self._guard:
            self.count += 1
        base = Path(tempfile.mkdtemp(prefix="run-", dir=self._folder))
        work = base / "work"
        work.mkdir(parents=True)
        text = (HERE / "programs" / side.program).read_text()
        for old, new in side.edits:
            if text.count(old) != 1:
                raise ValueError(f"{side.program} has {text.count(old)} places {old!r}")
            text = text.replace(old, new)
        (work / side.program).write_text(text)
        shutil.copy(HERE / "programs" / "witness.py", work)
        for name in _NEEDS.get(side.program, []):
            shutil.copy(self._data / name, work)
        if side.program == "loader.py":
            tamper.samples(work)
        if side.files is not None:
            getattr(tamper, side.files)(work)
        record = base / "record"
        options = ["--mode", side.mode, "--seed", str(side.seed), "--threads", str(side.threads), "--record", str(record)]
        for name, value in side.env:
            options += ["--env", f"{name}={value}"]
        command = [*self._reprise, "local", *options, "--", sys.executable, side.program, *side.args]
        process = subprocess.run(command, cwd=work, capture_output=True, text=True, env=self._environment(base / "witness.json"), timeout=600)
        if process.returncode != 0:
            raise RuntimeError(f"{side} ended with {process.returncode}: {process.stderr[-2000:]}")
        return record

    def _environment(self, witness: Path | None = None) -> dict[str, str]:
        """The caller's, but for what would decide a case; the witness's place is no variable of the run, and is in no record."""
        env = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "OMP_", "MKL_"))}
        env |= {"XDG_CACHE_HOME": str(self._folder / "cache"), "LC_ALL": "C.UTF-8"}
        return env | ({"WITNESS": str(witness)} if witness else {})
