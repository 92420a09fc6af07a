"""How the harness gets into a process, and that nobody in it can tell."""

from __future__ import annotations

import hashlib
import json
import os
import re
import unittest

from workspace import NAMES, SITE, Workspace

_TRAINING = """
import hashlib, random, sys, numpy as np, torch
from torch import nn
if len(sys.argv) > 1:
    random.seed(42); np.random.seed(42); torch.manual_seed(42)
model = nn.Sequential(nn.Conv2d(1, 4, 3), nn.ReLU(), nn.Dropout(0.2), nn.Flatten(), nn.Linear(144, 10))
optimizer = torch.optim.Adam(model.parameters())
for step in range(5):
    batch, labels = torch.rand(16, 1, 8, 8) + random.random(), torch.from_numpy(np.random.randint(0, 10, 16))
    optimizer.zero_grad()
    nn.functional.cross_entropy(model(batch), labels).backward()
    optimizer.step()
print(hashlib.sha256(b"".join(p.detach().numpy().tobytes() for p in model.parameters())).hexdigest())
"""
_SEES = """
import sys, json, builtins
print(json.dumps([sys.argv, sys.path, sorted(vars(sys.modules["__main__"])), sys.modules.get("sitecustomize") is not None and sys.modules["sitecustomize"].__file__]))
"""
_COMPILED = """
import random, torch
from torch.nn.functional import max_pool2d, max_unpool2d, scaled_dot_product_attention

@torch.compile(backend="eager")
def seeds(x):
    torch.manual_seed(3)
    random.seed(4)
    return x + torch.rand(2) + random.random()

@torch.compile(backend="eager", fullgraph=True)
def attends(x):
    with torch.nn.attention.sdpa_kernel(torch.nn.attention.SDPBackend.MATH):
        return scaled_dot_product_attention(x, x, x)

@torch.compile(backend="eager", fullgraph=True)
def unpools(x, indices):
    return max_unpool2d(x, indices, 2)

@torch.compile(backend="eager")
def sets(x):
    torch.backends.cudnn.benchmark = True
    return x + 1

print([seeds(torch.ones(2)) for _ in range(2)], attends(torch.ones(1, 1, 2, 4)), unpools(*max_pool2d(torch.ones(1, 1, 4, 4), 2, return_indices=True)), sets(torch.ones(1)))
"""
_OTHER = "/usr/bin/python3"


class EntryTest(unittest.TestCase):
    def test_watching_changes_nothing(self) -> None:
        with Workspace() as workspace:
            workspace.write("train.py", _TRAINING)
            threads: dict[str, str | None] = {"OMP_NUM_THREADS": "1"}
            plain = workspace.run(command=["train.py", "seed"], harness=False, mode="off", environment=threads)
            self.assertRegex(plain.out, r"\A[0-9a-f]{64}\n\Z", plain.err)
            watched = workspace.run(command=["train.py", "seed"], mode="off", environment=threads)
            self.assertEqual((plain.out, plain.err), (watched.out, watched.err))
            seeded = workspace.run(command=["train.py"], mode="seeded")
            self.assertEqual(plain.out, seeded.out, "the job's seed is set as the program would set it")

    def test_compiled_regions_compute_and_are_watched_as_others(self) -> None:
        with Workspace() as workspace:
            run, plain = workspace.run(_COMPILED, "off"), workspace.run(_COMPILED, harness=False)
            self.assertEqual((0, plain.out, plain.err), (run.code, run.out, run.err))
            observed = run.observed()
            seen = [(entry["call"], entry["value"], entry["place"], entry["count"]) for entry in observed["seedings"]]
            self.assertEqual([("torch.manual_seed", 3, "train.py:6", 2), ("random.seed", 4, "train.py:7", 2)], seen)
            self.assertIn("torch.backends.cudnn.benchmark", {entry["knob"] for entry in observed["drift"]})

    def test_a_program_sees_its_own_arguments_path_and_names(self) -> None:
        with Workspace() as workspace:
            workspace.write("train.py", _SEES)
            workspace.write("lib/sitecustomize.py", "import sys; sys.own = 'chained'; print(__name__, sys.argv, file=sys.stderr)")
            own = str(workspace.folder / "work" / "lib")
            for command in (["train.py", "--epochs", "3"], ["-m", "train", "a"]):
                run = workspace.run(command=command, own_path=own)
                plain = workspace.run(command=command, harness=False, environment={"PYTHONPATH": own})
                self.assertEqual((plain.out, plain.err), (run.out, run.err))
                self.assertIn("lib/sitecustomize.py", run.out)
                self.assertTrue(run.err.startswith("sitecustomize "), run.err)

    def test_a_failing_sitecustomize_of_the_job_fails_as_without_us(self) -> None:
        with Workspace() as workspace:
            workspace.write("train.py", "print('still runs')")
            workspace.write("lib/sitecustomize.py", "1/0")
            own = str(workspace.folder / "work" / "lib")
            run, plain = workspace.run(own_path=own), workspace.run(harness=False, environment={"PYTHONPATH": own})
            self.assertEqual((plain.code, plain.out, plain.err), (run.code, run.out, run.err))
            self.assertTrue(run.observed()["complete"])

    def test_without_a_job_only_the_chain_is_followed(self) -> None:
        with Workspace() as workspace:
            run = workspace.run("import sys; print('reprise_runner' in sys.modules)", environment={"REPRISE_JOB": None})
            self.assertEqual((0, "False\n", []), (run.code, run.out, run.processes()))

    def test_a_job_that_cannot_be_read_or_recorded_is_exit_code_87_before_user_code(self) -> None:
        with Workspace() as workspace:
            (workspace.folder / "broken.json").write_text('{"schema": 1, "recipe": {"mode": "srtict"}}')
            (workspace.folder / "cut.json").write_text('{"schema": 1,')
            cases: list[dict[str, str | None]] = [
                {"REPRISE_JOB": str(workspace.folder / name)} for name in ("broken.json", "cut.json", "missing.json")
            ] + [{"REPRISE_RECORD_DIR": None}, {"REPRISE_RECORD_DIR": "/nowhere"}]  # fmt: skip
            for environment in cases:
                with self.subTest(environment=environment):
                    run = workspace.run("print('user code')", environment=environment)
                    self.assertEqual((87, ""), (run.code, run.out))
                    self.assertRegex(run.err, r"\Areprise: cannot record this process: .+\n\Z")

    def test_mode_off_sets_what_is_asked_for_otherwise_and_nothing_else(self) -> None:
        name = "torch.use_deterministic_algorithms"
        knobs = [{"name": name, "value": "warn", "when": "runtime", "level": "w", "item": "deterministic-algorithms"}]
        program = "import torch; print(torch.are_deterministic_algorithms_enabled(), torch.initial_seed() == 42)"
        with Workspace() as workspace:
            run = workspace.run(program, mode="off", knobs=knobs, otherwise=[name])
            self.assertEqual((0, "True False\n"), (run.code, run.out), run.err)
            reading = run.observed()["knobs"][name]
            self.assertEqual(("warn", "warn"), (reading["start"], reading["end"]))
            refused = workspace.run(program, mode="off", knobs=knobs)
            self.assertEqual((87, ""), (refused.code, refused.out))
            self.assertIn("mode off takes no knobs", refused.err)

    def test_an_interpreter_without_numpy_and_torch_is_recorded_all_the_same(self) -> None:
        with Workspace() as workspace:
            run = workspace.run("import random; print(random.random())\ntry:\n    import torch\nexcept ImportError:\n    print('none')", python=_OTHER)
            self.assertEqual("0.6394267984578837\nnone\n", run.out, run.err)
            knobs = run.observed()["knobs"]
            self.assertEqual(NAMES, set(knobs))
            self.assertEqual(("not-applicable", "torch was never imported"), (knobs["torch.manual_seed"]["status"], knobs["torch.manual_seed"]["why"]))
            self.assertEqual((42, 42), (knobs["random.seed"]["start"], knobs["random.seed"]["end"]))
            self.assertIsNone(run.document("environment.json")["environment"]["torch"])

    def test_an_import_that_failed_or_is_repeated_is_watched_all_the_same(self) -> None:
        program = """
            import importlib, sys
            sys.path.insert(0, "broken")
            try:
                import torch
            except ZeroDivisionError:
                sys.path.pop(0)
            import torch
            print(torch.initial_seed(), torch.backends.cudnn.deterministic, torch.attribute if hasattr(torch, "attribute") else "whole")
        """
        with Workspace() as workspace:
            workspace.write("broken/torch.py", "attribute = 1\n1/0\n")
            run = workspace.run(program)
            self.assertEqual((0, "42 True whole\n"), (run.code, run.out), run.err)

    def test_a_version_of_torch_without_a_knob_says_so(self) -> None:
        # A torch as small as the hook lets it be: everything that is missing must be told, nothing may raise.
        program = "import torch\nprint(torch.__version__)"
        with Workspace() as workspace:
            workspace.write("torch/__init__.py", "__version__ = '0.1'\n")
            run = workspace.run(program)
            self.assertEqual(0, run.code, run.err)
            knob = run.observed()["knobs"]["torch.backends.cudnn.benchmark"]
            self.assertEqual("not-available", knob["status"])
            self.assertIn("torch 0.1 does not have it", knob["why"])
            self.assertEqual("not-available", run.observed()["knobs"]["torch.manual_seed"]["status"])

    def test_the_environment_is_told_with_digests(self) -> None:
        with Workspace() as workspace:
            run = workspace.run("import torch")
            document = run.document("environment.json")
            environment, machine = document["environment"], document["machine"]
            self.assertEqual({"python", "packages", "torch", "harness"}, set(environment))
            torch = environment["packages"]["torch"]
            self.assertRegex(torch["record"], r"\Asha256:[0-9a-f]{64}\Z")
            self.assertEqual(environment["torch"]["version"].split("+")[0], torch["version"])
            self.assertGreater(len(environment["packages"]), 5)
            self.assertRegex(environment["harness"]["digest"], r"\Asha256:[0-9a-f]{64}\Z")
            self.assertTrue(re.search(r"sse2|asimd", machine["cpu"]["flags"]), machine)
            self.assertTrue(machine["cpu"]["capability"] and machine["kernel"] and machine["glibc"], machine)
            self.assertLess(len(json.dumps(document)), 200_000)
            record = next(path for path in map(_record, _site_packages()) if path is not None)
            self.assertEqual(f"sha256:{hashlib.sha256(record).hexdigest()}", torch["record"])

    def test_the_compiler_that_torch_compile_would_use_is_told(self) -> None:
        with Workspace() as workspace:
            compiler = workspace.write("tools/g++-12", "#!/bin/sh\nexit 1\n")
            compiler.chmod(0o755)
            (compiler.parent / "g++").symlink_to("g++-12")
            told = {"path": str(compiler), "digest": f"sha256:{hashlib.sha256(compiler.read_bytes()).hexdigest()}"}
            path = f"{compiler.parent}{os.pathsep}{os.environ['PATH']}"
            for variables in ({"PATH": path}, {"CXX": str(compiler)}):
                self.assertEqual(told, workspace.run("", environment=variables).document("environment.json")["machine"]["compiler"])
            self.assertIsNone(workspace.run("", environment={"CXX": "/nowhere/g++"}).document("environment.json")["machine"]["compiler"])

    def test_nothing_but_sitecustomize_lies_in_the_folder_on_the_path(self) -> None:
        self.assertEqual(["sitecustomize.py"], sorted(path.name for path in SITE.iterdir() if path.name != "__pycache__"))


def _site_packages() -> list[str]:
    import sys

    return [entry for entry in sys.path if entry.endswith("-packages")]


def _record(folder: str) -> bytes | None:
    from pathlib import Path

    return next((path.read_bytes() for path in Path(folder).glob("torch-*.dist-info/RECORD")), None)


if __name__ == "__main__":
    unittest.main()
