"""Watching changes nothing: every program of ``trace_programs`` ends with the same bits traced and untraced, eager and compiled."""

from __future__ import annotations

import shutil
import unittest
from pathlib import Path

import traces
from workspace import Run, Workspace

_PROGRAMS = Path(__file__).with_name("trace_programs.py")


def _both(workspace: Workspace, names: list[str], mode: str = "strict", backend: str = "eager") -> tuple[Run, Run]:
    shutil.copy(_PROGRAMS, workspace.folder / "work")
    environment = {"TORCHINDUCTOR_CACHE_DIR": str(workspace.folder / "inductor"), "BACKEND": backend}
    runs = [workspace.run(command=["trace_programs.py", *names], mode=mode, environment=environment, watch=watch, timeout=900) for watch in (None, traces.ALL)]
    return runs[0], runs[1]


class UnchangedTest(unittest.TestCase):
    def test_eager_programs_end_with_the_same_bits(self) -> None:
        import trace_programs

        with Workspace() as workspace:
            plain, traced = _both(workspace, list(trace_programs.PROGRAMS))
            self.assertEqual((0, 0), (plain.code, traced.code), traced.err)
            self.assertEqual(plain.err, traced.err)
            self.assertEqual(len(trace_programs.PROGRAMS), len(plain.out.splitlines()))
            self.assertEqual(plain.out, traced.out)
            self.assertEqual("off", plain.observed()["trace"]["state"])
            self.assertFalse((plain.record / "main" / "trace").exists())
            said = traced.observed()["trace"]
            self.assertEqual(said["steps"], len(traces.read(traced.record / "main" / "trace").rows))
            self.assertEqual([], said["why"])

    def test_compiled_programs_end_with_the_same_bits_and_graphs(self) -> None:
        import trace_programs

        for backend, names in (("inductor", ["compiled_model"]), ("aot_eager", list(trace_programs.COMPILED))):
            with Workspace() as workspace:
                plain, traced = _both(workspace, names, "warn", backend)
                self.assertEqual((0, 0), (plain.code, traced.code), traced.err)
                self.assertEqual(plain.out, traced.out)
                self.assertEqual(_without_times(plain.err), _without_times(traced.err))
                trace = traces.read(traced.record / "main" / "trace")
                self.assertEqual(traced.observed()["trace"]["steps"], len(trace.rows))


def _without_times(text: str) -> list[str]:
    return [line.split("]", 1)[-1] for line in text.splitlines()]


if __name__ == "__main__":
    unittest.main()
