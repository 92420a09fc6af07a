"""The time of the steps: taken where it was asked for, and of nothing else."""

from __future__ import annotations

import json
import unittest

from traces import ALL, read
from workspace import Workspace

_PROGRAM = """
import time, torch
model = torch.nn.Linear(4, 4)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for step in range(5):
    time.sleep(0.5 if step == 0 else 0.05)
    optimizer.zero_grad()
    model(torch.randn(2, 4)).sum().backward()
    optimizer.step()
print(model.weight.sum().item())
"""
_FORKS = """
import os, torch
model = torch.nn.Linear(4, 4)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
def train(steps):
    for _ in range(steps):
        model(torch.randn(2, 4)).sum().backward()
        optimizer.step()
train(3)
pid = os.fork()
train(2 if pid == 0 else 1)
if pid == 0:
    os._exit(0)
os.waitpid(pid, 0)
"""


class TimingTest(unittest.TestCase):
    def test_from_the_end_of_the_first_step_to_that_of_the_last(self) -> None:
        with Workspace() as workspace:
            run = workspace.run(_PROGRAM, watch={"timing": True})
            self.assertEqual((0, ""), (run.code, run.err))
            told = run.document("timing.json")
            self.assertEqual((1, 5), (told["schema"], told["steps"]))
            span = (told["last"] - told["first"]) / 1e9
            self.assertGreaterEqual(span, 4 * 0.05)
            whole = workspace.run("import time\nstart = time.monotonic_ns()\n" + _PROGRAM + "print(start, time.monotonic_ns())\n", watch={"timing": True})
            start, end = map(int, whole.out.split()[-2:])
            told = whole.document("timing.json")
            self.assertGreaterEqual(told["first"] - start, 0.5e9, "the first step is not in the span")
            self.assertLess(told["last"], end)

    def test_mode_off_and_a_trace_beside_it(self) -> None:
        with Workspace() as workspace:
            self.assertEqual(5, workspace.run(_PROGRAM, "off", watch={"timing": True, "trace": None}).document("timing.json")["steps"])
            plain, timed = workspace.run(_PROGRAM, watch=ALL), workspace.run(_PROGRAM, watch={**ALL, "timing": True})
            self.assertEqual(5, timed.document("timing.json")["steps"])
            self.assertEqual(plain.out, timed.out)
            self.assertEqual(read(plain.record / "main/trace").rows, read(timed.record / "main/trace").rows)

    def test_nothing_without_steps_or_without_asking(self) -> None:
        with Workspace() as workspace:
            for program, watch in (("import torch\ntorch.randn(2)", {"timing": True}), ("print(1)", {"timing": True}), (_PROGRAM, {}), (_PROGRAM, {"timing": False})):
                run = workspace.run(program, watch=watch)
                self.assertEqual(0, run.code, run.err)
                self.assertFalse((run.record / "main" / "timing.json").exists())

    def test_a_forked_child_has_its_own(self) -> None:
        with Workspace() as workspace:
            run = workspace.run(_FORKS, watch={"timing": True})
            self.assertEqual((0, ""), (run.code, run.err))
            steps = {name: json.loads((run.record / name / "timing.json").read_text())["steps"] for name in run.processes()}
            self.assertEqual(4, steps.pop("main"))
            self.assertEqual([2], list(steps.values()))


class FlipOfRowsTest(unittest.TestCase):
    def test_a_flip_is_drawn_among_the_steps_that_have_a_row(self) -> None:
        with Workspace() as workspace:
            for seed in range(2):
                watch = {"trace": {"every": 3, "tensors": "all", "budget": 1 << 30}, "flip": {"seed": seed, "steps": 5}}
                told = workspace.run(_PROGRAM.replace("0.5 if step == 0 else 0.05", "0"), watch=watch).document("flip.json")
                self.assertTrue(told["done"])
                self.assertIn(told["step"], (0, 3))


if __name__ == "__main__":
    unittest.main()
