"""Draws in a thread, with an operation that is warned of, and starts another process."""

import pathlib
import random
import subprocess
import sys
import threading

import torch


def draw():
    array = torch.rand(4)
    array.put_(torch.tensor([1, 2]), torch.tensor([3.0, 4.0]))  # puts
    pathlib.Path("drawn.txt").write_text(f"{random.random()} {array.tolist()}")


thread = threading.Thread(target=draw)
thread.start()
thread.join()
subprocess.run([sys.executable, "-c", "import random; print(random.random(), file=open('child.txt', 'w'))"], check=True)  # starts
