"""Makes files, 100,000 of the 16,384 that it may have at the most, where it can and in memory too."""
import torch
for folder in ("/tmp", "/dev/shm", "/home/job"):
    try:
        for i in range(20_000):
            open(f"{folder}/{i}", "w").close()
    except OSError as error:
        print(folder, error)
for i in range(100_000):
    open(f"/workspace/outputs/{i}", "w").close()
print("REACHED 100,000 files")
