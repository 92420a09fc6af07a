"""The processes that a program starts."""

from __future__ import annotations

import sys
import unittest

from workspace import SITE, Workspace, broken


class ChildrenTest(unittest.TestCase):
    maxDiff = None

    def test_the_seed_that_the_loader_gave_a_worker_is_recorded(self) -> None:
        program = """
            import numpy, torch
            class Draws(torch.utils.data.Dataset):
                __len__ = lambda self: 2
                __getitem__ = lambda self, index: index
            def seed_worker(number):
                numpy.random.seed(torch.initial_seed() % 2**32)
                print(torch.initial_seed(), flush=True)
            list(torch.utils.data.DataLoader(Draws(), num_workers=2, worker_init_fn=seed_worker))
        """
        with Workspace() as workspace:
            run = workspace.run(program)
            self.assertEqual(0, run.code, run.err)
            self.assertIsNone(run.observed()["loaderSeed"])
            given = {run.observed(name)["loaderSeed"] for name in run.processes() if name != "main"}
            self.assertEqual({int(line) for line in run.out.split()}, given)
            self.assertEqual(2, len(given))

    def test_a_fork_while_another_thread_starts_a_program_has_a_record_of_its_own(self) -> None:
        program = """
            import os, subprocess, sys, threading
            def fork():
                pid = os.fork()
                if pid == 0:
                    os._exit(0)
                os.waitpid(pid, 0)
            class Argument:  # asked for its path when the child's arguments are made, within the call that forks
                def __fspath__(self):
                    if threading.active_count() == 1:
                        thread = threading.Thread(target=fork)
                        thread.start()
                        thread.join()
                    return "pass"
            subprocess.run([sys.executable, "-c", Argument()], check=True)
        """
        with Workspace() as workspace:
            run = workspace.run(program)
            self.assertEqual(0, run.code, run.err)
            forks = [child for child in run.observed()["children"] if child["kind"] == "fork"]
            self.assertTrue(forks)
            for fork in forks:
                self.assertEqual("fork", run.observed(fork["record"])["started"], "each fork has its own record")

    def test_workers_of_a_loader_and_spawned_processes_have_the_recipe_and_a_record(self) -> None:
        program = """
            import random, torch, numpy as np
            import torch.multiprocessing as mp

            class Draws(torch.utils.data.Dataset):
                def __len__(self):
                    return 4

                def __getitem__(self, index):
                    return torch.tensor([random.random(), np.random.rand(), np.random.default_rng().random(), torch.rand(()).item()])

            def rank(number):
                print("rank", number, torch.are_deterministic_algorithms_enabled(), torch.rand(1).item(), random.random(), flush=True)

            if __name__ == "__main__":
                for _ in range(2):
                    print(torch.cat(list(torch.utils.data.DataLoader(Draws(), num_workers=2))).tolist(), flush=True)
                mp.spawn(rank, nprocs=1)
        """
        with Workspace() as workspace:
            run = workspace.run(program)
            self.assertEqual((0, ""), (run.code, run.err))
            self.assertEqual(run.out, workspace.run(program).out)
            epochs = [eval(line) for line in run.out.splitlines()[:2]]
            for column in range(4):
                self.assertEqual(8, len({row[column] for epoch in epochs for row in epoch}), "workers and epochs draw different numbers")
            self.assertEqual("rank 0 True 0.8822692632675171 0.6394267984578837", run.out.splitlines()[2])
            children = [child for child in run.observed()["children"] if child["expected"]]
            self.assertEqual(["fork"] * 4 + ["python"], [child["kind"] for child in children])
            self.assertEqual(set(run.processes()) - {"main"}, {child["record"] for child in children})
            self.assertEqual(["train.py:16"] * 4 + ["train.py:17"], [child["place"] for child in children])
            for child in children:
                observed = run.observed(child["record"])
                self.assertEqual(("main", "fork" if child["kind"] == "fork" else "spawn", True), (observed["parent"], observed["started"], observed["complete"]))
                self.assertEqual({}, broken(run, "strict", child["record"]))
                self.assertEqual(([], []), (observed["seedings"], observed["drift"]))
                self.assertEqual(0, run.result(child["record"])["exitCode"])
            self.assertEqual({}, broken(run, "strict"))

    def test_children_that_cannot_be_reached_are_told_with_the_reason(self) -> None:
        program = """
            import os, subprocess, sys
            run = lambda *argv, **options: subprocess.run([sys.executable, *argv], check=True, **options)
            run("-I", "-c", "pass")
            run("-Sc", "pass")
            run("-c", "pass", env={"PATH": os.environ["PATH"]})
            run("-c", "pass", env={**os.environ, "PYTHONPATH": "/elsewhere"})
            run("-W", "ignore", "-c", "pass", "-I")
            subprocess.run(["true"])
            os.system(f"{sys.executable} -c 'pass'; true")
            os.waitpid(os.posix_spawn(sys.executable, ["python", "-E", "-c", "pass"], os.environ), 0)
            with open("tool", "w") as tool:
                tool.write(f"#!{sys.executable}\\n")
            os.chmod("tool", 0o755)
            run_tool = subprocess.Popen(["./tool"]).wait()
        """
        with Workspace() as workspace:
            run = workspace.run(program)
            self.assertEqual(0, run.code, run.err)
            found = [(child["place"], child["kind"], child["expected"], child["record"] is not None, child["why"]) for child in run.observed()["children"]]
            self.assertEqual(
                [
                    ("train.py:2", "python", True, False, "started with -I (isolated mode: no PYTHONPATH)"),
                    ("train.py:2", "python", True, False, "started with -S (no site, hence no sitecustomize)"),
                    ("train.py:2", "python", True, False, "started in an environment without REPRISE_JOB"),
                    ("train.py:2", "python", True, False, "started in an environment whose PYTHONPATH does not begin with the harness"),
                    ("train.py:2", "python", True, True, None),
                    ("train.py:8", "other", False, False, None),
                    ("train.py:9", "other", False, False, None),
                    ("train.py:10", "python", True, False, "started with -E (PYTHONPATH is ignored)"),
                    ("train.py:14", "python", True, True, None),
                    (None, "python", True, True, "started by a process in between"),
                ],
                found,
            )
            self.assertEqual(4, len(run.processes()))

    def test_a_process_that_replaces_itself_completes_its_record_first(self) -> None:
        program = """
            import os, sys
            try:
                os.execv("train.py", ["not", "executable"])
            except PermissionError:
                os.execvp(sys.executable, [sys.executable, "-c", "print('after'); raise SystemExit(3)"])
        """
        with Workspace() as workspace:
            run = workspace.run(program)
            self.assertEqual((3, "after\n"), (run.code, run.out), run.err)
            observed = run.observed()
            (child,) = observed["children"]
            self.assertEqual((True, "it replaced this process"), (observed["complete"], child["why"]))
            successor = run.observed(child["record"])
            self.assertEqual(("main", observed["pid"], True), (successor["parent"], successor["pid"], successor["complete"]))
            self.assertEqual(3, run.result(child["record"])["exitCode"])

    def test_a_child_that_its_parent_kills_is_incomplete_with_the_reason(self) -> None:
        program = """
            import multiprocessing
            context = multiprocessing.get_context("fork")
            here, there = context.Pipe()
            child = context.Process(target=lambda: (there.send("up"), there.recv()))
            child.start()
            here.recv()
            child.terminate()
            child.join()
        """
        with Workspace() as workspace:
            run = workspace.run(program)
            self.assertEqual((0, ""), (run.code, run.err))
            (child,) = run.observed()["children"]
            self.assertEqual("ended by its parent with signal 15", child["why"])
            self.assertFalse(run.observed(child["record"])["complete"])
            self.assertTrue(run.observed()["complete"])

    def test_past_two_hundred_records_processes_are_only_counted(self) -> None:
        program = """
            import os
            for _ in range(1500):
                pid = os.fork()
                if pid == 0:
                    os._exit(0)
                os.waitpid(pid, 0)
        """
        with Workspace() as workspace:
            run = workspace.run(program)
            self.assertEqual((0, ""), (run.code, run.err))
            self.assertEqual(200, len(run.processes()))
            children = run.observed()["children"]
            self.assertEqual(1500, sum(child["count"] for child in children))
            self.assertEqual(199, sum(child["record"] is not None for child in children))
            self.assertLess(len(children), 203)
            self.assertTrue(all("only counted" in child["why"] for child in children if child["record"] is None and child["why"]), children[-2:])

    def test_forked_processes_do_not_share_their_unseeded_streams(self) -> None:
        program = """
            import os, random, numpy as np
            np.random.default_rng()
            for _ in range(3):
                pid = os.fork()
                if pid == 0:
                    print(random.random(), np.random.default_rng().random(), flush=True)
                    os._exit(0)
                os.waitpid(pid, 0)
        """
        with Workspace() as workspace:
            run = workspace.run(program)
            self.assertEqual(run.out, workspace.run(program).out)
            self.assertEqual((1, 3), tuple(len(set(column)) for column in zip(*(line.split() for line in run.out.splitlines()), strict=True)))

    def test_a_shell_that_starts_the_program_leaves_it_the_main_process(self) -> None:
        with Workspace() as workspace:
            run = workspace.run(python="/bin/sh", command=["-c", f"{sys.executable} -c 'import sys; print(sys.path)'; {sys.executable} -c pass"])
            self.assertNotIn(str(SITE), run.out)
            self.assertEqual(2, len(run.processes()))
            self.assertEqual(("exec", None), (run.observed()["started"], run.observed()["parent"]))


if __name__ == "__main__":
    unittest.main()
