"""Every process makes processes, until the machine refuses or 4,000 were made, in case nothing does."""
import mmap, os, struct, time
made = mmap.mmap(-1, 4)
deadline = time.monotonic() + 20
while time.monotonic() < deadline:
    count = struct.unpack("i", made[:4])[0]
    if count >= 4000:
        print("REACHED 4,000 processes", flush=True)
        break
    made[:4] = struct.pack("i", count + 1)
    os.fork()
