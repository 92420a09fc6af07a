"""Tries to become somebody else."""
import ctypes, os, stat, subprocess
libc = ctypes.CDLL(None, use_errno=True)
for attempt in (lambda: os.setuid(0), lambda: os.setgid(0), lambda: os.setgroups([0]), lambda: os.setresuid(0, 0, 0), lambda: os.chroot("/tmp"), lambda: os.setuid(61001 if os.getuid() == 61000 else 61000), lambda: os.mknod("/tmp/disk", stat.S_IFBLK, os.makedev(254, 0))):
    try:
        attempt()
        print("REACHED", os.getresuid())
    except OSError:
        pass
for flags in (0x10000000, 0x10020000, 0x40000000):
    if libc.unshare(flags) == 0:
        print("REACHED a namespace")
if libc.mount(b"none", b"/tmp", b"tmpfs", 0, None) == 0:
    print("REACHED a mount")
for folder in ("/usr/bin", "/usr/sbin", "/usr/lib/openssh"):
    for name in os.listdir(folder) if os.path.isdir(folder) else ():
        path = os.path.join(folder, name)
        if os.path.isfile(path) and os.stat(path).st_mode & 0o6000 and os.path.basename(path) in ("su", "mount", "passwd", "chsh", "newgrp"):
            subprocess.run([path, "--version"], capture_output=True, stdin=subprocess.DEVNULL)
with open("/workspace/outputs/id", "wb") as copy:
    copy.write(open("/usr/bin/id", "rb").read())
os.chmod("/workspace/outputs/id", 0o6755)
said = subprocess.run(["/workspace/outputs/id"], capture_output=True, text=True).stdout
if "uid=0" in said or "euid" in said:
    print("REACHED", said)
os.chmod("/workspace/outputs/id", 0o644)
print(os.getresuid())
