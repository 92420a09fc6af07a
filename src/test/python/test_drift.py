"""What the program does to seeds and settings on its way."""

from __future__ import annotations

import unittest

from workspace import Workspace, broken


class DriftTest(unittest.TestCase):
    maxDiff = None

    def test_each_seeding_call_is_recorded_once_with_value_and_place(self) -> None:
        program = """
            import random, torch, numpy as np
            from numpy.random import seed
            for _ in range(2):
                torch.manual_seed(1337)
            random.seed("text"); seed(np.int64(5))
            drawn = torch.seed()
            random.setstate(random.getstate())
            torch.cuda.manual_seed_all(9)
            with torch.random.fork_rng():
                torch.rand(1)
            import importlib
            importlib.reload(np.random); np.random.seed(6)
            print(drawn)
        """
        with Workspace() as workspace:
            run = workspace.run(program)
            self.assertEqual(0, run.code, run.err)
            seen = [tuple(entry[key] for key in ("generator", "call", "value", "place", "count", "held")) for entry in run.observed()["seedings"]]
            self.assertEqual(
                [
                    ("torch", "torch.manual_seed", 1337, "train.py:4", 2, False),
                    ("python", "random.seed", "text", "train.py:5", 1, False),
                    ("numpy", "numpy.random.seed", 5, "train.py:5", 1, False),
                    ("torch", "torch.seed", int(run.out), "train.py:6", 1, False),
                    ("python", "random.setstate", None, "train.py:7", 1, False),
                    ("torch-cuda", "torch.cuda.manual_seed_all", 9, "train.py:8", 1, False),
                    ("numpy", "numpy.random.seed", 6, "train.py:12", 1, False),
                ],
                seen,
            )
            knobs = run.observed()["knobs"]
            self.assertEqual((42, int(run.out)), (knobs["torch.manual_seed"]["start"], knobs["torch.manual_seed"]["end"]))
            self.assertEqual((None, 6), (knobs["random.seed"]["end"], knobs["numpy.random.seed"]["end"]))
            self.assertEqual([], run.observed()["drift"])

    def test_another_generator_behind_numpys_functions_is_a_restored_state(self) -> None:
        with Workspace() as workspace:
            run = workspace.run("import numpy as np\nnp.random.set_bit_generator(np.random.MT19937(7))")
            self.assertEqual(0, run.code, run.err)
            seen = [(entry["generator"], entry["call"], entry["value"], entry["place"]) for entry in run.observed()["seedings"]]
            self.assertEqual([("numpy", "numpy.random.set_bit_generator", None, "train.py:2")], seen)
            self.assertIsNone(run.observed()["knobs"]["numpy.random.seed"]["end"])

    def test_lists_stay_bounded_and_lose_no_count(self) -> None:
        with Workspace() as workspace:
            run = workspace.run("import random\nfor number in range(3000):\n    random.seed(number)\nrandom.seed('x' * 10_000)")
            seedings = run.observed()["seedings"]
            self.assertLessEqual(len(seedings), 1000)
            self.assertEqual(3001, sum(entry["count"] for entry in seedings))
            self.assertLess((run.record / "main" / "observed.json").stat().st_size, 1 << 20)

    def test_with_hold_seed_the_jobs_seed_wins(self) -> None:
        program = """
            import random, torch, numpy as np
            random.seed(7); torch.manual_seed(7); np.random.seed(7)
            print(random.random(), torch.rand(1).item(), np.random.rand())
            random.seed(); np.random.seed(seed=None); print(torch.seed())
            print(random.random(), torch.rand(1).item(), np.random.rand())
            class Draws(torch.utils.data.Dataset):
                __len__ = lambda self: 4
                __getitem__ = lambda self, index: np.random.rand()
            seed_worker = lambda number: np.random.seed(torch.initial_seed() % 2**32)
            print(len({draw.item() for draw in torch.utils.data.DataLoader(Draws(), num_workers=2, worker_init_fn=seed_worker)}))
        """
        with Workspace() as workspace:
            run = workspace.run(program, holdSeed=True)
            lines = run.out.splitlines()
            self.assertEqual("4", lines.pop(), "workers keep streams of their own")
            self.assertEqual("0.6394267984578837 0.8822692632675171 0.3745401188473625", lines[0], run.err)
            self.assertEqual(["42", lines[0]], lines[1:])
            self.assertEqual({}, broken(run, "strict"))
            self.assertEqual([True] * 6, [entry["held"] for entry in run.observed()["seedings"]])
            self.assertEqual([7, 7, 7, None, None, None], [entry["value"] for entry in run.observed()["seedings"]])

    def test_drift_is_recorded_also_when_it_is_undone(self) -> None:
        program = """
            import os, torch
            for _ in range(3):
                with torch.backends.cudnn.flags(enabled=True, benchmark=True, deterministic=True, allow_tf32=False):
                    pass
            torch.use_deterministic_algorithms(False)
            torch.use_deterministic_algorithms(True)
            os.environ["MKL_CBWR"] = "AVX2"
            torch.backends.cudnn.benchmark = False
            torch.backends.cuda.matmul.fp32_precision = "tf32"
        """
        with Workspace() as workspace:
            run = workspace.run(program)
            self.assertEqual(0, run.code, run.err)
            seen = [tuple(entry[key] for key in ("knob", "from", "to", "place", "undone", "count")) for entry in run.observed()["drift"]]
            self.assertEqual(
                [
                    ("torch.backends.cudnn.benchmark", False, True, "train.py:3", True, 3),
                    ("torch.use_deterministic_algorithms", "error", False, "train.py:5", True, 1),
                    ("MKL_CBWR", "AUTO", "AVX2", "train.py:7", False, 1),
                ],
                seen[:3],
            )
            self.assertEqual({"torch.backends.fp32_precision", "torch.backends.cuda.matmul.allow_tf32"}, {entry[0] for entry in seen[3:]})
            self.assertEqual({"train.py:9"}, {entry[3] for entry in seen[3:]})

    def test_on_drift_fail_ends_the_process_at_the_change(self) -> None:
        program = """
            import sys, torch
            torch.backends.cudnn.deterministic = True
            print("before")
            try:
                torch.backends.cudnn.benchmark = True
            except BaseException:
                pass
            print("after")
        """
        with Workspace() as workspace:
            run = workspace.run(program, onDrift="fail")
            self.assertEqual((86, "before\n"), (run.code, run.out))
            self.assertIn("onDrift", run.err)
            self.assertEqual(("drift", 86, "train.py:5"), tuple(run.result()[key] for key in ("outcome", "exitCode", "place")))
            observed = run.observed()
            self.assertTrue(observed["complete"])
            self.assertEqual([("torch.backends.cudnn.benchmark", "train.py:5")], [(entry["knob"], entry["place"]) for entry in observed["drift"]])
            self.assertEqual(True, observed["knobs"]["torch.backends.cudnn.benchmark"]["end"])

    def test_a_change_that_no_call_told_of_is_found_at_the_end(self) -> None:
        program = """
            import os
            os.environ._data[b"NCCL_ALGO"] = b"Tree"
        """
        with Workspace() as workspace:
            drift = {"knob": "NCCL_ALGO", "from": "Ring", "to": "Tree", "place": None, "undone": False, "step": None, "count": 1}
            self.assertEqual([drift], workspace.run(program).observed()["drift"])
            run = workspace.run(program, onDrift="fail")
            self.assertEqual((86, "drift"), (run.code, run.result()["outcome"]))
            self.assertEqual([drift], run.observed()["drift"])


if __name__ == "__main__":
    unittest.main()
