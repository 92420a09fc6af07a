"""What a program reads that no seed decides, and the step in which it does something."""

from __future__ import annotations

import unittest

from workspace import Workspace

TRACE = {"trace": {"every": 1, "tensors": "all", "budget": 1 << 24}}


class SourcesTests(unittest.TestCase):
    def test_bytes_of_the_system_are_listed_by_place(self) -> None:
        with Workspace() as workspace:
            run = workspace.run(
                """
                import os, uuid
                for _ in range(3):
                    os.urandom(4)
                print(uuid.uuid4())
                """
            )
            self.assertEqual([("os.urandom", "train.py:3", 3, None), ("os.urandom", "train.py:4", 1, None)], self._seen(run))

    def test_unseeded_generators_are_listed_where_nobody_seeds_them(self) -> None:
        program = """
            import numpy
            numpy.random.default_rng()
            numpy.random.default_rng(7)
            numpy.random.RandomState()
            """
        with Workspace() as workspace:
            calls = self._seen(workspace.run(program, "seeded"))
            self.assertEqual([("numpy.random.bit_generator.randbits", "train.py:2", 1, None), ("numpy.random.bit_generator.randbits", "train.py:4", 1, None)], calls)
            strict = workspace.run(program, "strict")
            self.assertEqual([], self._seen(strict))
            self.assertEqual(42, strict.observed()["knobs"]["numpy.random.bit_generator.randbits"]["end"])

    def test_the_order_of_a_folder_is_told_from_another(self) -> None:
        program = """
            import os, pathlib, shutil, sys
            os.mkdir("folder")
            for name in sys.argv[1]:
                open("folder/" + name, "w").close()
            print([sorted(os.listdir("folder")), sorted(entry.name for entry in os.scandir("folder")), sorted(map(str, pathlib.Path("folder").iterdir()))])
            print(list(os.walk("folder"))[0][0], os.scandir in os.supports_fd, len(os.listdir()), os.listdir("/proc") != [])
            with os.scandir(b"folder") as entries:
                print(next(entries).is_file())
            shutil.rmtree("folder")
            os.mkdir("empty")
            os.rmdir("empty")
            """
        with Workspace() as workspace:
            runs = [workspace.run(program, command=["train.py", names]) for names in ("abc", "abc", "ab")]
            for run in runs:
                self.assertEqual(0, run.code, run.err)
                self.assertIn("folder True 2 True\nTrue\n", run.out)
            orders = [[(entry["place"], entry["order"]) for entry in run.observed()["sources"]] for run in runs]
            self.assertEqual(orders[0], orders[1])
            self.assertEqual({"train.py:5", "train.py:6", "train.py:9"}, {place for place, _ in orders[0]})
            self.assertNotEqual(orders[0][0], orders[2][0])

    def test_they_have_the_step_in_which_they_come(self) -> None:
        with Workspace() as workspace:
            run = workspace.run(
                """
                import os, torch
                os.urandom(1)
                model = torch.nn.Linear(2, 1)
                optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
                for step in range(4):
                    if step == 2:
                        os.urandom(1)
                        torch.manual_seed(7)
                        torch.set_num_threads(2)
                    model(torch.ones(1, 2)).sum().backward()
                    optimizer.step()
                """,
                "seeded", watch=TRACE,
            )  # fmt: skip
            observed = run.observed()
            self.assertEqual([(0, "train.py:2"), (2, "train.py:7")], [(entry["step"], entry["place"]) for entry in observed["sources"] if entry["call"] == "os.urandom"], run.err)
            self.assertEqual([("torch.manual_seed", 2)], [(entry["call"], entry["step"]) for entry in observed["seedings"]])
            self.assertEqual([("torch.num_threads", 2)], [(entry["knob"], entry["step"]) for entry in observed["drift"] if entry["knob"].startswith("torch.")])

    def test_no_step_is_told_where_none_are_counted(self) -> None:
        with Workspace() as workspace:
            run = workspace.run("import os, torch\nos.urandom(1)\ntorch.manual_seed(3)\n")
            self.assertEqual([None, None], [entry["step"] for part in ("sources", "seedings") for entry in run.observed()[part]])

    @staticmethod
    def _seen(run: object) -> list[tuple[object, ...]]:
        return [tuple(entry[key] for key in ("call", "place", "count", "order")) for entry in run.observed()["sources"]]  # type: ignore[attr-defined]
