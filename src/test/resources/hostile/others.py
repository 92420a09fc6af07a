"""Looks for the service and for other jobs: files, environment, sockets. Arguments: data folder, port, pid of the service."""
import glob, os, socket, sys
owner = "/root"  # of the service, where it is root
data, port, pid = sys.argv[1], int(sys.argv[2]), sys.argv[3]
for path in (data, f"{data}/db", f"{data}/blobs", f"{data}/attempts", f"{owner}/.ssh", f"{owner}/.bashrc", "/home", "/etc/shadow", "/var", "/run", "/sys", "/mnt"):
    try:
        found = os.listdir(path) if os.path.isdir(path) else open(path).read(10)
    except OSError:
        continue
    if path == "/home" and found == ["job"]:
        continue
    print("REACHED", path, found)
for process in glob.glob("/proc/[0-9]*"):
    for name in ("environ", "cmdline"):
        try:
            text = open(f"{process}/{name}", "rb").read()
        except OSError:
            continue
        if b"HONEST_JOB" in text or b"dev.reprise" in text:
            print("REACHED", process, name, text[:200])
try:
    print("REACHED", os.listdir(f"/proc/{pid}/root"), "of the service") if os.path.exists(f"/proc/{pid}/fd") and b"java" in open(f"/proc/{pid}/cmdline", "rb").read() else None
except OSError:
    pass
for target in (("127.0.0.1", port), ("::1", port)):
    with socket.socket(socket.AF_INET6 if ":" in target[0] else socket.AF_INET) as s:
        s.settimeout(2)
        if s.connect_ex(target) == 0:
            print("REACHED the service's port")
if len(open("/proc/net/unix").read().splitlines()) > 1:
    print("REACHED sockets:", open("/proc/net/unix").read())
for path in sys.path + [os.path.dirname(os.__file__)]:
    try:
        open(os.path.join(path, "forged.py"), "w").close()
    except OSError:
        continue
    if not path.startswith("/workspace"):
        print("REACHED", path)
print("looked")
