"""Fills the disk with a file that has no name, 2 GiB of the 64 MiB that it may have at the most."""
import os, time, torch
block = torch.ones(1024 * 1024).numpy().tobytes()
file = open("big", "wb", buffering=0)
os.unlink("big")
try:
    for _ in range(512):
        file.write(block)
    print("REACHED 2 GiB")
except OSError as error:
    time.sleep(0.2)
    raise error
