"""A program ends as it would without the harness, and the record says how."""

from __future__ import annotations

import unittest

from workspace import Workspace

# Program, outcome, exit code as the record has it.
_ENDINGS = [
    ("pass", "returned", 0),
    ("import sys; sys.exit(3)", "exited", 3),
    ("raise SystemExit(258)", "exited", 2),
    ("raise SystemExit", "exited", 0),
    ("raise SystemExit('a reason')", "exited", 1),
    ("import sys\ntry:\n    sys.exit(4)\nexcept SystemExit as end:\n    print(end.code)", "returned", 0),
    ("def main():\n    raise KeyError('x')\nmain()", "raised", 1),
    ("import os; os._exit(9)", "exited", 9),
    ("import atexit, os; atexit.register(os._exit, 5)", "exited", 5),
    ("import threading, sys\nt = threading.Thread(target=sys.exit, args=(7,)); t.start(); t.join()", "returned", 0),
    ("import argparse; argparse.ArgumentParser().parse_args(['--no'])", "exited", 2),
    ("import sys\nsys.excepthook = lambda *_: print('mine')\n1/0", "raised", 1),
    ("raise KeyboardInterrupt", "raised", 130),
]


class EndingsTest(unittest.TestCase):
    def test_exit_code_and_output_are_those_without_the_harness(self) -> None:
        with Workspace() as workspace:
            for program, outcome, code in _ENDINGS:
                with self.subTest(program=program):
                    run, plain = workspace.run(program), workspace.run(program, harness=False)
                    self.assertEqual((plain.code, plain.out, plain.err), (run.code, run.out, run.err))
                    self.assertEqual((outcome, code), (run.result()["outcome"], run.result()["exitCode"]))
                    self.assertTrue(run.observed()["complete"])

    def test_an_exception_that_nobody_caught_is_told_with_its_place(self) -> None:
        with Workspace() as workspace:
            workspace.write("pkg/train.py", "import json\n\ndef main():\n    json.loads('{')\n\nmain()\n")
            run = workspace.run(command=["-m", "pkg.train", "--epochs", "3"])
            result = run.result()
            self.assertEqual(("raised", "JSONDecodeError", "pkg/train.py:4", "main", None), (result["outcome"], result["exception"]["type"], result["place"], result["function"], result["operation"]))
            self.assertEqual(["-m", "pkg.train", "--epochs", "3"], run.observed()["argv"])
            run = workspace.run("class E(Exception):\n    def __str__(self):\n        1/0\nraise E('x' * 9)")
            self.assertEqual({"type": "E", "message": "<E>"}, run.result()["exception"])
            run = workspace.run("raise ValueError('\\ud800' + 'x' * 10_000)")
            self.assertEqual(4096, len(run.result()["exception"]["message"]))

    def test_a_module_of_a_package_that_was_started_is_the_program(self) -> None:
        with Workspace() as workspace:
            workspace.write("packages/site-packages/tool/train.py", "import os\nold = dict(os.environ)\nos.environ.clear()\nos.environ.update(old)\nimport json\njson.loads('{')\n")
            run = workspace.run(command=["-m", "tool.train"], own_path="packages/site-packages")
            self.assertEqual("packages/site-packages/tool/train.py:6", run.result()["place"])
            self.assertEqual({"packages/site-packages/tool/train.py:3"}, {entry["place"] for entry in run.observed()["drift"]})

    def test_what_a_package_does_before_any_program_has_a_place_in_it(self) -> None:
        with Workspace() as workspace:
            workspace.write("packages/site-packages/tool.py", "import os, threading\ndef clear():\n    del os.environ['TZ']\ndef begin():\n    one = threading.Thread(target=clear)\n    one.start()\n    one.join()\n")
            run = workspace.run("import tool\ntool.begin()", own_path="packages/site-packages")
            self.assertEqual({("TZ", "packages/site-packages/tool.py:3")}, {(entry["knob"], entry["place"]) for entry in run.observed()["drift"]})

    def test_a_killed_process_leaves_an_incomplete_record(self) -> None:
        with Workspace() as workspace:
            run = workspace.run("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)")
            self.assertEqual(-9, run.code)
            self.assertFalse(run.observed()["complete"])
            self.assertIsNone(run.observed()["knobs"]["random.seed"]["end"])
            self.assertFalse((run.record / "main" / "result.json").exists())

    def test_a_record_that_cannot_be_completed_is_exit_code_87(self) -> None:
        with Workspace() as workspace:
            run = workspace.run("import os, shutil\nshutil.rmtree(os.environ['REPRISE_RECORD_DIR'])")
            self.assertEqual(87, run.code)
            self.assertIn("reprise: cannot record this process", run.err)
            self.assertEqual(1, run.err.count("\n"))


if __name__ == "__main__":
    unittest.main()
