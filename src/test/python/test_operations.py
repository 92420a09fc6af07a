"""Operations without a deterministic implementation: refused in strict, warned of in warn, told of whatever the program does."""

from __future__ import annotations

import unittest

from workspace import Workspace

_STEP = """
import torch

def step():
    torch.zeros(4).put_(torch.tensor([1]), torch.tensor([2.0]))

"""


class OperationsTest(unittest.TestCase):
    def test_a_strict_run_that_dies_of_a_refusal_names_operation_line_and_function(self) -> None:
        with Workspace() as workspace:
            workspace.write("package/__init__.py", "")
            workspace.write("package/steps.py", _STEP)
            run = workspace.run("from package.steps import step\nstep()\n")
            self.assertEqual(1, run.code)
            self.assertIn("put_ does not have a deterministic implementation", run.err)
            result = run.result()
            self.assertEqual(("raised", 1, "put_", "package/steps.py:4", "step"), tuple(result[key] for key in ("outcome", "exitCode", "operation", "place", "function")))
            self.assertEqual("RuntimeError", result["exception"]["type"])
            self.assertEqual([{"operation": "put_", "kind": "refused", "place": "package/steps.py:4", "function": "step", "count": 1}], run.operations())

    def test_refusals_that_are_swallowed_or_end_a_thread_or_a_child_are_recorded_too(self) -> None:
        program = _STEP + """
import multiprocessing, threading, torch._prims_common
from torch.nn.functional import max_pool2d, max_unpool2d
for _ in range(3):
    try:
        step()
    except RuntimeError:
        pass
try:
    max_unpool2d(*max_pool2d(torch.rand(1, 1, 4, 4), 2, return_indices=True), 2)
except RuntimeError as problem:
    wrapped = problem
thread = threading.Thread(target=lambda: torch._prims_common.alert_not_deterministic("histc_cuda"))
thread.start()
thread.join()
child = multiprocessing.get_context("fork").Process(target=step)
child.start()
child.join()
print(child.pid, child.exitcode)
raise ValueError("another error, with a refusal in its past") from wrapped
"""
        with Workspace() as workspace:
            run = workspace.run(program)
            counts = {(line["operation"], line["kind"]): (line["count"], line["place"]) for line in run.operations()}
            self.assertEqual(
                {("put_", "refused"): (3, "train.py:4"), ("max_unpooling2d_forward_out", "refused"): (1, "train.py:15"), ("histc_cuda", "refused"): (1, "train.py:18")},
                counts,
            )
            result = run.result()
            self.assertEqual(("raised", "max_unpooling2d_forward_out"), (result["outcome"], result["operation"]))
            pid, code = run.out.split()
            self.assertEqual("1", code)
            self.assertEqual([("put_", "train.py:4", 1)], [(line["operation"], line["place"], line["count"]) for line in run.operations(f"pid-{pid}")])

    def test_each_warning_counts_and_python_shows_what_it_would_have_shown(self) -> None:
        program = """
            import sys, warnings, torch

            def step():
                torch.zeros(4).put_(torch.tensor([1]), torch.tensor([2.0]))

            for _ in range(5):
                step()
            warnings.filterwarnings("ignore")
            for _ in range(5):
                step()
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                step()
            with warnings.catch_warnings(record=True) as caught:
                warnings.simplefilter("always")
                step()
                step()
            warnings.resetwarnings()
            warnings.simplefilter("error")
            try:
                step()
            except UserWarning as warning:
                print("raised", len(caught), str(warning)[:4], warnings.filters[-1][0])
            warnings.simplefilter("ignore")
            print([torch.zeros(4).put_(torch.tensor([1]), torch.tensor([2.0])).sum().item() for _ in range(2)])
        """
        with Workspace() as workspace:
            run = workspace.run(program, "warn")
            self.assertEqual((0, "raised 2 put_ error\n[2.0, 2.0]\n"), (run.code, run.out), run.err)
            self.assertEqual(1, run.err.count("UserWarning: put_ does not have"), run.err)
            counts = {line["place"]: (line["operation"], line["kind"], line["count"]) for line in run.operations()}
            self.assertEqual({"train.py:4": ("put_", "warned", 14), "train.py:25": ("put_", "warned", 2)}, counts)
            # What is shown is, but for nothing, what is shown without the harness.
            plain = workspace.run("import torch\ntorch.use_deterministic_algorithms(True, warn_only=True)\n" + workspace.folder.joinpath("work/train.py").read_text(), "off", harness=False)
            self.assertEqual((run.out, run.err.replace(":4:", ":6:")), (plain.out, plain.err))


if __name__ == "__main__":
    unittest.main()
