"""Ends well, and leaves daemons that ignore what they can and write on."""
import os, signal, sys, time, torch
for _ in range(3):
    if os.fork() == 0:
        os.setsid()
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGPIPE):
            signal.signal(number, signal.SIG_IGN)
        if os.fork() == 0:
            for _ in range(600):
                open(f"/workspace/outputs/daemon-{os.getpid()}", "w").write(str(time.time()))
                time.sleep(0.1)
        os._exit(0)
print("left")
