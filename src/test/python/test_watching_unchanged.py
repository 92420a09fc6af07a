"""Runs ``watching_unchanged`` in a process of its own: hooks are put into torch once a process, and other tests have put theirs."""

from __future__ import annotations

import os
import subprocess
import sys
import unittest
from pathlib import Path


class UnchangedTest(unittest.TestCase):
    def test_watching_changes_nothing(self) -> None:
        path = os.pathsep.join(os.path.abspath(folder) for folder in sys.path)
        process = subprocess.run(
            [sys.executable, "-m", "unittest", "watching_unchanged"], cwd=Path(__file__).parent, capture_output=True, text=True, timeout=900,
            env={**os.environ, "PYTHONPATH": path},
        )  # fmt: skip
        self.assertEqual(0, process.returncode, process.stderr[-20_000:])
        self.assertRegex(process.stderr, r"Ran [1-9]\d* tests? in ")


if __name__ == "__main__":
    unittest.main()
