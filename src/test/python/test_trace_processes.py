"""A trace a process: children that train write their own, loader workers none, a process that is killed leaves whole rows."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import unittest

import traces
from workspace import Workspace

_RANKS = """
import os, sys
import torch, torch.distributed as dist, torch.multiprocessing as mp
from torch import nn

def train(rank, world, port):
    os.environ.update(MASTER_ADDR="127.0.0.1", MASTER_PORT=port)
    dist.init_process_group("gloo", rank=rank, world_size=world)
    torch.manual_seed(1)
    model = nn.parallel.DistributedDataParallel(nn.Sequential(nn.Linear(4, 3), nn.Linear(3, 1)))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    torch.manual_seed(rank)
    for _ in range(2):
        optimizer.zero_grad()
        model(torch.randn(3, 4)).square().mean().backward()
        optimizer.step()
    dist.destroy_process_group()
"""
_SPAWN = _RANKS + """
if __name__ == "__main__":
    import socket
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    mp.spawn(train, (2, port), nprocs=2)
"""
LAUNCHED = _RANKS.replace("    os.environ.update", "    #") + """
train(int(os.environ["RANK"]), 2, None)
"""
_WORKERS = """
import multiprocessing, os
import torch
from torch import nn

class Data(torch.utils.data.Dataset):
    def __len__(self):
        return 8
    def __getitem__(self, index):
        return torch.full((4,), float(index))

def child():
    train(nn.Linear(4, 2), 2)

def train(model, steps):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for x in [torch.ones(3, 4)] * steps:
        optimizer.zero_grad()
        model(x).square().mean().backward()
        optimizer.step()

if __name__ == "__main__":
    model = nn.Linear(4, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for x in torch.utils.data.DataLoader(Data(), batch_size=2, num_workers=2):
        optimizer.zero_grad()
        model(x).square().mean().backward()
        optimizer.step()
    started = multiprocessing.get_context("fork").Process(target=child)
    started.start()
    started.join()
    print(started.pid, started.exitcode)
    train(model, 1)
"""
_ENDLESS = """
import torch
from torch import nn
model = nn.Linear(4, 1)
optimizer = torch.optim.Adam(model.parameters())
step = 0
while True:
    optimizer.zero_grad()
    model(torch.randn(3, 4)).square().mean().backward()
    optimizer.step()
    step += 1
    if step == 50:
        print("going", flush=True)
"""


class ProcessesTest(unittest.TestCase):
    def test_spawned_ranks_write_a_trace_each_and_agree_in_parameters_and_gradients(self) -> None:
        with Workspace() as workspace:
            run = workspace.run(_SPAWN, mode="seeded", watch=traces.ALL)
            self.assertEqual(0, run.code, run.err)
            self.assertEqual("no-steps", run.observed()["trace"]["state"])
            self.assertFalse((run.record / "main" / "trace").exists())
            self._ranks_agree(workspace, run, [name for name in run.processes() if run.observed(name)["trace"]["steps"]])

    def test_ranks_of_torchrun_write_a_trace_each(self) -> None:
        with Workspace() as workspace:
            workspace.write("ranks.py", LAUNCHED)
            command = ["-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2", "ranks.py"]
            run = workspace.run(command=command, mode="seeded", watch=traces.ALL)
            self.assertEqual(0, run.code, run.err)
            self._ranks_agree(workspace, run, [name for name in run.processes() if run.observed(name)["trace"]["steps"]])

    def test_ranks_share_the_budget(self) -> None:
        with Workspace() as workspace:
            workspace.write("ranks.py", LAUNCHED.replace("range(2)", "range(200)"))
            command = ["-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2", "ranks.py"]
            run = workspace.run(command=command, mode="seeded", watch=traces.watch(budget=60_000))
            self.assertEqual(0, run.code, run.err)
            ranks = [name for name in run.processes() if run.observed(name)["trace"]["steps"]]
            self.assertEqual(2, len(ranks))
            sizes = [sum(file.stat().st_size for file in (run.record / name / "trace").iterdir()) for name in ranks]
            self.assertLessEqual(sum(sizes), 60_000)
            self.assertGreater(min(sizes), 25_000)
            for name in ranks:
                why = run.observed(name)["trace"]["why"]
                self.assertEqual(1, len(why), why)
                self.assertIn("its budget of 30000 bytes, 60000 for 2 ranks, ended before step", why[0])

    def _ranks_agree(self, workspace: Workspace, run, names: list[str]) -> None:
        self.assertEqual(2, len(names), run.processes())
        ranks = {}
        for name in names:
            said = run.observed(name)["trace"]
            self.assertEqual(("whole", 2, 2, []), (said["state"], said["steps"], said["worldSize"], said["why"]))
            ranks[said["rank"]] = traces.read(run.record / name / "trace")
            self.assertEqual((said["rank"], 2), tuple(ranks[said["rank"]].segments[0].header[key] for key in ("rank", "worldSize")))
        self.assertEqual({0, 1}, set(ranks))
        self.assertEqual(["0.weight", "0.bias", "1.weight", "1.bias"], ranks[0].names("parameter"))
        for kind in ("parameter", "gradient", "accumulated"):
            for name in ranks[0].names(kind):
                self.assertEqual(ranks[0].of(kind, name), ranks[1].of(kind, name), (kind, name))
        self.assertNotEqual(ranks[0].of("batch"), ranks[1].of("batch"))
        self.assertNotEqual(ranks[0].of("loss"), ranks[1].of("loss"))

    def test_workers_write_none_and_a_forked_child_that_trains_writes_its_own(self) -> None:
        with Workspace() as workspace:
            run = workspace.run(_WORKERS, watch=traces.ALL)
            self.assertEqual(0, run.code, run.err)
            child, code = run.out.split()
            self.assertEqual("0", code)
            self.assertEqual({"main", f"pid-{child}"}, {name for name in run.processes() if (run.record / name / "trace").exists()})
            self.assertEqual(4, len(run.processes()), "two workers have records without traces")
            main, other = (traces.read(run.record / name / "trace") for name in ("main", f"pid-{child}"))
            self.assertEqual(([0, 1, 2, 3, 4], [0, 1]), (list(main.rows), list(other.rows)))
            self.assertEqual(["weight", "bias"], other.names("parameter"), "the names in a child begin anew")
            self.assertEqual(("whole", 2), tuple(run.observed(f"pid-{child}")["trace"][key] for key in ("state", "steps")))

    def test_a_process_that_is_killed_leaves_whole_rows(self) -> None:
        with Workspace() as workspace:
            workspace.write("train.py", _ENDLESS)
            run = workspace.run("raise SystemExit", watch=traces.ALL)  # lays out job.json
            workspace.write("train.py", _ENDLESS)
            record = workspace.folder / "record-killed"
            record.mkdir()
            site = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "main", "python", "reprise_runner", "site")
            environment = {"PATH": os.environ["PATH"], "REPRISE_JOB": str(workspace.folder / "job.json"), "REPRISE_RECORD_DIR": str(record), "PYTHONPATH": os.path.abspath(site)}
            with subprocess.Popen([sys.executable, "train.py"], cwd=workspace.folder / "work", env=environment, stdout=subprocess.PIPE) as process:
                assert process.stdout is not None
                self.assertEqual(b"going\n", process.stdout.readline())
                process.send_signal(signal.SIGKILL)
            self.assertEqual(0, run.code)
            trace = traces.read(record / "main" / "trace")
            self.assertEqual((0, list(range(len(trace.rows)))), (trace.torn, list(trace.rows)))
            self.assertGreaterEqual(len(trace.rows), 50)
            self.assertFalse(json.loads((record / "main" / "observed.json").read_text())["complete"])

    def test_without_the_library_the_program_runs_and_the_trace_says_what_is_missing(self) -> None:
        program = """
            import ctypes, torch
            model = torch.nn.Linear(2, 1)
            optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
            model(torch.ones(1, 2)).sum().backward()
            optimizer.step()
            print("done")
        """
        hiding = """
            import ctypes
            real = ctypes.CDLL
            class CDLL(real):
                def __init__(self, name, *args, **kwargs):
                    if name == "libxxhash.so.0":
                        raise OSError("libxxhash.so.0: cannot open shared object file")
                    super().__init__(name, *args, **kwargs)
            ctypes.CDLL = CDLL
        """
        with Workspace() as workspace:
            workspace.write("own/sitecustomize.py", hiding)  # runs after the harness, before the program imports torch
            run = workspace.run(program, watch=traces.ALL, own_path=str(workspace.folder / "work" / "own"))
            self.assertEqual((0, "done\n"), (run.code, run.out), run.err)
            said = run.observed()["trace"]
            self.assertEqual(("incomplete", 0), (said["state"], said["segments"]))
            self.assertIn("apt-get install libxxhash0", said["why"][0])

    def test_a_job_that_asks_for_something_else_is_refused(self) -> None:
        for watch in ({"trace": {"every": 0, "tensors": "all", "budget": 1}}, {"trace": {"every": 1, "tensors": 3, "budget": 1}}, {"trace": []}, []):
            with Workspace() as workspace:
                run = workspace.run("print(1)", watch=watch or [1])
                self.assertEqual((87, ""), (run.code, run.out), watch)
                self.assertIn("job.json", run.err)


if __name__ == "__main__":
    unittest.main()
