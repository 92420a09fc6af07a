"""Leaves a file and a process, and then does not end by itself."""

import signal
import subprocess
import sys
import time

with open("left.txt", "w") as file:
    file.write("left")
subprocess.Popen(["sleep", "1000"])


def saves(*_):
    with open("saved.txt", "w") as file:
        file.write("saved")
    sys.exit(0)


def stays(*_):
    while True:
        time.sleep(1)


held = []
how = sys.argv[1]
if how == "heap":
    while True:
        held.append(b"x" * (1 << 24))
if how == "native":
    import torch

    while True:
        held.append(torch.ones(1 << 24))
signal.signal(signal.SIGTERM, saves if how == "saves" else stays)
print("ready", flush=True)
stays()
