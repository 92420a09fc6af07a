"""Writes log, 3 GiB of the one that it may at the most."""
import os, torch
os.write(1, b"the beginning\n")
line = b"x" * 65_535 + b"\n"
for _ in range(3 * 16_384):
    os.write(1, line)
os.write(1, b"REACHED 3 GiB\n")
