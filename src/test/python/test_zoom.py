"""Every operator of one step with fingerprints of what it took and gave, without a bit of the program being changed."""

from __future__ import annotations

import json
import unittest
from types import SimpleNamespace
from typing import Any

import torch

from reprise_runner.trace.xxh3 import Xxh3
from reprise_runner.watch import zoom
from reprise_runner.watch.phases import Phases
from watched_programs import CHANGED, NET, SEVERAL, compared
from traces import ALL, read
from workspace import Run, Workspace


def lines(run: Run, process: str = "main") -> list[dict[str, Any]]:
    return [json.loads(line) for line in run.record.joinpath(process, "zoom.jsonl").read_text().splitlines()]


class ZoomTest(unittest.TestCase):
    maxDiff = None

    def test_a_step_line_by_line(self) -> None:
        with Workspace() as workspace:
            run = compared(self, workspace, NET, zoom={"step": 2})
            *found, end = lines(run)
            self.assertEqual({"end": True, "step": 2, "operators": len(found), "cut": False, "complete": True, "why": []}, end)
            self.assertEqual(list(range(len(found))), [line["index"] for line in found])
            # From the end of the step before on: the batch is drawn in it.
            self.assertEqual(("aten.randn.default", "other", []), tuple(found[0][key] for key in ("operator", "phase", "inputs")))
            self.assertRegex(found[0]["generator"], r"\A[0-9a-f]{32}\Z")
            self.assertEqual(["other", "forward", "backward", "other", "step"], _runs([line["phase"] for line in found]))
            text = workspace.folder.joinpath("work/train.py").read_text().splitlines()
            forward = next(line for line in found if line["operator"] == "aten.convolution.default")
            self.assertEqual("conv", forward["module"])
            self.assertIn("self.conv(x)", text[int(forward["place"].split(":")[1]) - 1])
            relu = next(line for line in found if line["operator"] == "aten.relu.default")
            self.assertEqual(forward["outputs"][0], relu["inputs"][0])
            self.assertEqual(found[0]["outputs"][0], forward["inputs"][0])
            backward = next(line for line in found if line["operator"] == "aten.convolution_backward.default")
            self.assertEqual(("backward", "conv", forward["place"], "forward"), tuple(backward[key] for key in ("phase", "module", "forwardPlace", "forwardFunction")))
            self.assertIn("loss.backward()", text[int(backward["place"].split(":")[1]) - 1])
            # In place: what it took is what was there before, what it gave is what is there after.
            inplace = next(line for line in found if line["operator"] == "aten.addcdiv_.default")
            self.assertNotEqual(inplace["inputs"][0], inplace["outputs"][0])
            # What the optimizer made is what the trace has of the parameters.
            row = read(run.record / "main/trace").rows[2]
            made = {line["outputs"][0] for line in found if line["operator"] == "aten.addcdiv_.default"}
            self.assertEqual({value.hex() for (kind, _), value in row.items() if kind == "parameter"}, made)
            drawn = next(line for line in found if line["operator"] == "aten.bernoulli_.float")
            self.assertEqual(["-"], drawn["inputs"])
            self.assertEqual("encoder.self_attn", drawn["module"])

    def test_two_runs_of_one_program_give_one_file_and_a_change_shows_where_it_is(self) -> None:
        program = NET.replace("F.relu(self.conv(x))", "F.gelu(self.conv(x), approximate=KIND)")
        exact = program.replace("KIND", "'none'")
        other = program.replace("KIND", "'tanh' if torch.is_grad_enabled() and step == 1 else 'none'")
        watch = {**ALL, "zoom": {"step": 1}}
        with Workspace() as workspace:
            first, again, changed = (workspace.run(text, watch=watch, timeout=900) for text in (exact, exact, other))
            for run in (first, again, changed):
                self.assertEqual((0, ""), (run.code, run.err))
            self.assertEqual(first.record.joinpath("main/zoom.jsonl").read_bytes(), again.record.joinpath("main/zoom.jsonl").read_bytes())
            pairs = list(zip(lines(first), lines(changed)))
            one, two = next((one, two) for one, two in pairs if one["outputs"] != two["outputs"])
            self.assertEqual(("aten.gelu.default", "forward", ""), (one["operator"], one["phase"], one["module"]))
            self.assertEqual(one["inputs"], two["inputs"])
            self.assertNotEqual(one["arguments"], two["arguments"])

    def test_the_first_step_and_one_of_several_optimizers(self) -> None:
        with Workspace() as workspace:
            for step in (0, 3):
                with self.subTest(step):
                    *found, end = lines(compared(self, workspace, SEVERAL, zoom={"step": step}))
                    self.assertEqual((True, step), (end["complete"], end["step"]), end)
                    phases = {line["phase"] for line in found}
                    self.assertTrue({"forward", "backward"} <= phases, phases)
                    self.assertEqual(step == 3, "aten._fused_adam_.default" in {line["operator"] for line in found})

    def test_a_backward_pass_that_watching_would_change_is_left_out_and_said(self) -> None:
        with Workspace() as workspace:
            *found, end = lines(compared(self, workspace, CHANGED, zoom={"step": 1}))
            self.assertFalse(end["complete"])
            self.assertIn("was not watched", end["why"][0])
            self.assertNotIn("backward", {line["phase"] for line in found})
            self.assertIn("step", {line["phase"] for line in found})

    def test_a_step_that_never_comes_is_said(self) -> None:
        with Workspace() as workspace:
            run = workspace.run(NET, watch={**ALL, "zoom": {"step": 40}}, timeout=900)
            self.assertEqual(0, run.code, run.err)
            self.assertEqual(
                [{"end": True, "step": 40, "operators": 0, "cut": False, "complete": False, "why": ["The process ended before this step began."]}], lines(run)
            )

    def test_the_file_is_bounded_and_says_that_it_was_cut(self) -> None:
        written: list[str] = []
        watched, steps = _zoom(written)
        most, zoom.LINES = zoom.LINES, 3
        try:
            watched.before_forward("")
            value = torch.ones(4)
            for _ in range(10):
                value = value + 1
            watched.row_done(0)
        finally:
            zoom.LINES = most
        found = [json.loads(line) for line in written]
        self.assertEqual([0, 1, 2], [line["index"] for line in found[:-1]])
        self.assertEqual((3, True, False), tuple(found[-1][key] for key in ("operators", "cut", "complete")))
        self.assertEqual([], torch.utils._python_dispatch._get_current_dispatch_mode_stack())

    def test_memory_that_nobody_has_written_is_no_evidence(self) -> None:
        written: list[str] = []
        watched, _ = _zoom(written)
        watched.before_forward("")
        value = torch.empty(1000)
        value.uniform_()
        torch.add(value, 1, out=torch.empty(1000))
        value.add_(value)
        watched.row_done(0)
        found = {line["operator"]: line for line in map(json.loads, written[:-1])}
        self.assertEqual(["-"], found["aten.empty.memory_format"]["outputs"])
        self.assertEqual(["-"], found["aten.uniform_.default"]["inputs"])
        self.assertEqual("-", found["aten.add.out"]["inputs"][-1])
        self.assertNotIn("-", found["aten.add.out"]["outputs"])
        self.assertEqual(found["aten.uniform_.default"]["outputs"] * 2, found["aten.add_.Tensor"]["inputs"])

    def test_other_arguments_have_another_digest(self) -> None:
        written: list[str] = []
        watched, _ = _zoom(written)
        watched.before_forward("")
        value = torch.ones(4)
        for other in (1, 1.0, 2.0):
            torch.add(value, other)
        torch.sum(value, dtype=torch.float64)
        torch.sum(value, dtype=torch.float32)
        watched.row_done(0)
        digests = [line["arguments"] for line in map(json.loads, written[:-1]) if line["operator"].startswith(("aten.add", "aten.sum"))]
        self.assertEqual((5, 5), (len(digests), len(set(digests))))


def _zoom(written: list[str]) -> Any:
    steps = SimpleNamespace(add=lambda listener: None)
    xxh3 = Xxh3()

    def fingerprints(tensors: list[Any]) -> list[str]:
        return [xxh3.of(tensor.detach().contiguous().numpy().tobytes()).hex() for tensor in tensors]

    return zoom.Zoom(torch, steps, Phases(torch), 0, written.extend, fingerprints, xxh3.of), steps


def _runs(values: list[str]) -> list[str]:
    return [value for index, value in enumerate(values) if index == 0 or values[index - 1] != value]


if __name__ == "__main__":
    unittest.main()
