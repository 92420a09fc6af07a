"""The operators of the first step, listed without a bit of the program being changed, and the table of what is documented of them."""

from __future__ import annotations

import json
import sys
import tempfile
import unittest
from importlib import util
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import torch

from reprise_runner import places
from reprise_runner.watch import audit, functions
from reprise_runner.watch.phases import Phases
from test_trace_processes import LAUNCHED
from traces import ALL
from watched_programs import CHANGED, COMPILED, NET, SEVERAL, WAYS, compared, trace
from workspace import Run, Workspace

AUDIT = {**ALL, "audit": True}


def operators(run: Run) -> dict[tuple[str, str], Any]:
    return {(entry["operator"], entry["phase"]): entry for entry in run.document("audit.json")["operators"]}


class AuditTest(unittest.TestCase):
    maxDiff = None

    def test_every_operator_of_the_first_step_with_count_phase_and_place(self) -> None:
        with Workspace() as workspace:
            run = compared(self, workspace, NET, audit=True)
            document = run.document("audit.json")
            self.assertEqual((1, torch.__version__, True, [0], [], 0), tuple(document[key] for key in ("schema", "torch", "done", "steps", "incomplete", "leftOut")))
            found = operators(run)
            line = {text.strip(): number for number, text in enumerate(workspace.folder.joinpath("work/train.py").read_text().splitlines(), 1)}
            pooled = found["aten._adaptive_avg_pool2d_backward.default", "backward"]
            self.assertEqual((1, f"train.py:{line['loss.backward()']}", "<module>"), (pooled["count"], pooled["place"], pooled["function"]))
            self.assertEqual((["float32"], ["cpu"]), (pooled["dtypes"], pooled["devices"]))
            convolution = found["aten.convolution.default", "forward"]
            self.assertEqual((1, f"train.py:{line['x = F.relu(self.conv(x))']}", "forward"), (convolution["count"], convolution["place"], convolution["function"]))
            self.assertEqual({"bias": ["given"], "transposed": [False]}, convolution["arguments"])
            parameters = 16
            self.assertEqual(parameters, found["aten.addcdiv_.default", "step"]["count"])
            self.assertEqual(f"train.py:{line['optimizer.step()']}", found["aten.addcdiv_.default", "step"]["place"])
            self.assertTrue([1 for name, phase in found if phase == "other" and "norm" in name], "clipping is neither backward nor step")
            # What comes before the first forward is out: the batch, and the evaluation.
            self.assertFalse([name for name, _ in found if name.startswith(("aten.randn", "aten.randint", "aten._transformer_encoder_layer_fwd"))])
            # A dispatch mode sees only what attention with dropout comes to on a CPU.
            self.assertFalse([name for name, _ in found if "scaled_dot_product" in name])
            functions = {entry["function"]: entry for entry in document["functions"]}
            self.assertEqual((1, "forward"), tuple(functions["torch.nn.functional.scaled_dot_product_attention"][key] for key in ("count", "phase")))

    def test_a_backward_pass_that_watching_would_change_is_not_watched(self) -> None:
        with Workspace() as workspace:
            run = compared(self, workspace, CHANGED, audit=True)
            why = run.document("audit.json")["incomplete"]
            self.assertEqual(1, len(why), why)
            self.assertIn("The backward pass after aten.masked_fill.Tensor (train.py:10) was not watched", why[0])
            found = operators(run)
            self.assertNotIn("backward", {phase for _, phase in found})
            self.assertIn(("aten.prod.dim_int", "forward"), found)
            self.assertIn("step", {phase for _, phase in found})

    def test_each_optimizer_is_seen_in_its_first_step(self) -> None:
        with Workspace() as workspace:
            run = compared(self, workspace, SEVERAL, audit=True)
            self.assertEqual(([0, 1], []), (run.document("audit.json")["steps"], run.document("audit.json")["incomplete"]))
            found = operators(run)
            self.assertIn(("aten._fused_adam_.default", "step"), found)
            self.assertTrue({"forward", "backward", "step"} <= {phase for _, phase in found})
            self.assertIn("torch.lstm", {entry["function"] for entry in run.document("audit.json")["functions"]})

    def test_scripts_checkpoints_batched_functions_and_mixed_precision_are_seen_and_stay_as_they_are(self) -> None:
        with Workspace() as workspace:
            run = compared(self, workspace, WAYS, audit=True, zoom={"step": 2})
            self.assertEqual([], run.document("audit.json")["incomplete"])
            found = operators(run)
            self.assertEqual({"forward", "backward", "other", "step"}, {phase for _, phase in found})
            self.assertEqual(["float32", "bfloat16"], found["aten._to_copy.default", "forward"]["dtypes"])
            # The checkpoint runs its part once more, within the backward pass.
            self.assertIn(("aten.sigmoid.default", "backward"), found)
            *_, end = run.record.joinpath("main/zoom.jsonl").read_text().splitlines()
            self.assertTrue(json.loads(end)["complete"], end)

    def test_ranks_are_watched_each_and_stay_as_they_are(self) -> None:
        with Workspace() as workspace:
            workspace.write("ranks.py", LAUNCHED)
            command = ["-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2", "ranks.py"]
            plain, audited = ({}, {})
            for found, watch in ((plain, ALL), (audited, AUDIT)):
                run = workspace.run(command=command, watch=watch, timeout=900)
                self.assertEqual(0, run.code, run.err)
                for name in run.processes():
                    said = run.observed(name)["trace"]
                    if said["steps"]:
                        self.assertEqual("whole", said["state"], said["why"])
                        found[said["rank"]] = trace(run, name), run.record / name / "audit.json"
            self.assertEqual({0, 1}, set(plain), "both ranks have a trace")
            self.assertEqual({rank: files for rank, (files, _) in plain.items()}, {rank: files for rank, (files, _) in audited.items()})
            for rank, (_, path) in audited.items():
                document = json.loads(path.read_text())
                self.assertEqual(([0], []), (document["steps"], document["incomplete"]), rank)
                seen = {(entry["operator"], entry["phase"]) for entry in document["operators"]}
                self.assertTrue({("aten.addmm.default", "forward"), ("aten.mm.default", "backward")} <= seen, seen)
                self.assertIn("step", {phase for _, phase in seen})
            self.assertFalse(any(path.exists() for _, path in plain.values()))

    def test_compiled_code_is_not_watched_and_says_so(self) -> None:
        with Workspace() as workspace:
            run = compared(self, workspace, COMPILED, audit=True, zoom={"step": 1})
            document = run.document("audit.json")
            self.assertEqual([], document["operators"])
            self.assertIn("torch.compile", document["incomplete"][0])
            zoomed = [json.loads(line) for line in run.record.joinpath("main/zoom.jsonl").read_text().splitlines()]
            self.assertEqual([False], [line["complete"] for line in zoomed])
            self.assertIn("torch.compile", zoomed[0]["why"][0])

    def test_what_was_not_seen_is_said(self) -> None:
        step = "model, x = torch.nn.Linear(2, 2), torch.ones(1, 2)\noptimizer = torch.optim.SGD(model.parameters(), lr=0.1)\n"
        go = "model(x).sum().backward()\noptimizer.step()\n"
        mode = "from torch.utils._python_dispatch import TorchDispatchMode\nclass Own(TorchDispatchMode):\n    def __torch_dispatch__(self, func, types, args=(), kwargs=None):\n        return func(*args, **(kwargs or {}))\n"
        cases = {
            "import torch\n": "The process made no step.",
            f"import torch\n{step}model(x)\n": "The process ended before the first step of each optimizer was done.",
            f"import torch\n{mode}{step}with Own():\n    model(x).sum().backward()\noptimizer.step()\n": "The program has a dispatch mode of its own in place: operators were not seen.",
            f"import torch, sys\n{step}sys.setprofile(lambda *_: None)\n{go}": "The program is profiled: functions that come to other operators on a CPU than on a GPU were not seen.",
            f"import torch\nx = torch.ones(2, requires_grad=True)\noptimizer = torch.optim.SGD([x], lr=0.1)\nx.sum().backward()\noptimizer.step()\n": "The first step has no forward of a module, so what came before its backward was not seen.",
        }
        with Workspace() as workspace:
            for program, why in cases.items():
                with self.subTest(why):
                    run = workspace.run(program, watch=AUDIT, timeout=900)
                    self.assertEqual((0, ""), (run.code, run.err))
                    self.assertEqual([why], run.document("audit.json")["incomplete"])

    def test_a_mode_of_the_programs_that_outlives_the_step_keeps_its_place(self) -> None:
        program = """
            import torch
            from torch.utils._python_dispatch import TorchDispatchMode, _len_torch_dispatch_stack

            class Own(TorchDispatchMode):
                seen = 0

                def __torch_dispatch__(self, func, types, args=(), kwargs=None):
                    Own.seen += 1
                    return func(*args, **(kwargs or {}))

            class Net(torch.nn.Linear):
                own = None

                def forward(self, x):
                    if self.own is None:
                        self.own = Own()
                        self.own.__enter__()
                    return super().forward(x)

            model = Net(2, 2)
            optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
            for step in range(2):
                model(torch.ones(1, 2)).sum().backward()
                optimizer.step()
            model.own.__exit__(None, None, None)
            before = Own.seen
            model(torch.ones(1, 2))
            print(before > 10, Own.seen == before, _len_torch_dispatch_stack())
        """
        with Workspace() as workspace:
            plain, run = workspace.run(program), workspace.run(program, watch=AUDIT)
            self.assertEqual((0, "True True 0\n"), (plain.code, plain.out), plain.err)
            self.assertEqual((0, "True True 0\n"), (run.code, run.out), run.err)
            self.assertTrue(operators(run))

    def test_a_worker_that_is_forked_while_operators_are_watched_is_not(self) -> None:
        program = """
            import torch

            class Net(torch.nn.Linear):
                def forward(self, x):
                    return super().forward(next(iter(loader))[0])

            loader = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(torch.ones(4, 2)), batch_size=2, num_workers=1, multiprocessing_context="fork")
            model = Net(2, 2)
            optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
            model(None).sum().backward()
            optimizer.step()
        """
        with Workspace() as workspace:
            run = workspace.run(program, watch={**AUDIT, "zoom": {"step": 0}}, timeout=900)
            self.assertEqual((0, ""), (run.code, run.err))
            self.assertEqual(2, len(run.processes()))
            child = next(name for name in run.processes() if name != "main")
            self.assertFalse(any(run.record.joinpath(child, name).exists() for name in ("audit.json", "zoom.jsonl")))
            # The worker stacks a batch; in the main process nothing does.
            self.assertFalse([name for name, _ in operators(run) if name.startswith("aten.stack")])

    def test_on_torchs_own_threads_the_place_is_where_backward_was_called(self) -> None:
        documents: list[Any] = []
        phases = Phases(torch)
        watched = audit.Audit(torch, SimpleNamespace(add=lambda listener: None, optimizers=list), phases, documents.append)
        watched.before_forward("")
        phases.backward(())
        phases._graph = lambda: 1
        # There is no Python frame below the mode there.
        result = watched._operators.called(torch.ops.aten.neg.default, (torch.ones(2),), {}, None)
        watched.stepped(None, 0)
        self.assertEqual([-1.0, -1.0], result.tolist())
        entry = next(entry for entry in documents[-1]["operators"] if entry["operator"] == "aten.neg.default")
        self.assertEqual("backward", entry["phase"])
        self.assertRegex(entry["place"], r"test_audit\.py:\d+\Z")

    def test_frames_are_looked_through_for_functions_of_torch_alone(self) -> None:
        told: list[str] = []
        looked: list[Any] = []
        is_watching = places.is_watching

        def counted(frame: Any) -> bool:
            looked.append(frame)
            return is_watching(frame)

        self.addCleanup(setattr, places, "is_watching", is_watching)
        places.is_watching = counted
        watching = functions.Functions(torch, lambda name, frame: told.append(name), self.fail)
        watching.enter()
        try:
            for _ in range(1000):
                len("")
            torch.relu(torch.zeros(1))
        finally:
            watching.leave()
        self.assertIn("torch.relu", told)
        self.assertLess(len(looked), 10)

    def test_the_list_is_bounded_and_says_how_many_are_left_out(self) -> None:
        documents: list[Any] = []
        steps = SimpleNamespace(add=lambda listener: None, optimizers=list)
        watched = audit.Audit(torch, steps, Phases(torch), documents.append)
        most, audit.ENTRIES = audit.ENTRIES, 2
        try:
            watched.before_forward("")
            value = torch.ones(2)
            value.add_(1).mul_(2).sub_(1).div_(2)
            watched.stepped(None, 0)
        finally:
            audit.ENTRIES = most
        self.assertEqual((2, 3), (len(documents[-1]["operators"]), documents[-1]["leftOut"]))
        self.assertEqual([], torch.utils._python_dispatch._get_current_dispatch_mode_stack())


class TableTest(unittest.TestCase):
    def test_the_table_is_what_torch_says_of_itself(self) -> None:
        script = Path(__file__).parent / "operations/generate.py"
        spec = util.spec_from_file_location("generate", script)
        assert spec is not None and spec.loader is not None
        generate = util.module_from_spec(spec)
        sys.modules["generate"] = generate
        spec.loader.exec_module(generate)
        version = torch.__version__.split("+")[0]
        kept = json.loads(generate.TABLE.read_text())
        if version not in [entry["torch"] for entry in kept["versions"]]:
            self.skipTest(f"the table does not describe torch {version}: add it by {script.name}")
        made = generate.table([generate.Source(version, str(Path(torch.__file__).parents[1]))])
        self.assertEqual(made["versions"], [entry for entry in kept["versions"] if entry["torch"] == version])
        self.assertEqual({rule["name"]: rule["answers"][version] for rule in made["rules"]}, {rule["name"]: rule["answers"][version] for rule in kept["rules"]})
        tagged = {name for name, versions in kept["random"].items() if version in versions}
        self.assertEqual(set(made["random"]), tagged)
        # The tags of the file are those of the operators.
        self.assertIn(torch.Tag.nondeterministic_seeded, torch.ops.aten.bernoulli_.float.tags)
        for name in ("aten.bernoulli_.float", "aten.native_dropout.default", "aten.randn.default"):
            self.assertIn(name, tagged)

    def test_every_operator_of_the_table_is_one(self) -> None:
        kept = json.loads((Path(__file__).resolve().parents[2] / "main/resources/dev/reprise/record/audit/operations.json").read_text())
        unknown = []
        for rule in kept["rules"]:
            for name in rule["operators"]:
                _, operator, *overload = name.split(".")
                packet = getattr(torch.ops.aten, operator, None)
                if packet is None or (overload and overload[0] not in packet.overloads()):
                    unknown.append(name)
        self.assertEqual([], unknown)

    def test_an_operation_that_no_rule_claims_is_not_passed_over(self) -> None:
        script = Path(__file__).parent / "operations/generate.py"
        spec = util.spec_from_file_location("generate_again", script)
        assert spec is not None and spec.loader is not None
        generate = util.module_from_spec(spec)
        spec.loader.exec_module(generate)
        source = generate.Source("2.15.0", str(Path(torch.__file__).parents[1]))
        with tempfile.TemporaryDirectory() as folder:
            for name in ("torch/__init__.py", "torch/nn/functional.py", "torch/nn/modules/rnn.py", "torchgen/packaged/ATen/native/native_functions.yaml"):
                path = Path(folder, name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(source.text(name).replace(":class:`torch.nn.AvgPool3d`", ":class:`torch.nn.NewPool`"))
            with self.assertRaisesRegex(SystemExit, "no rule for torch.nn.NewPool"):
                generate.table([generate.Source("2.15.0", folder)])


if __name__ == "__main__":
    unittest.main()
