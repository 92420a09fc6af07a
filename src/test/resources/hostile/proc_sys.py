"""Writes to the settings of the kernel."""
import os
for path in ("/proc/sys/kernel/hostname", "/proc/sys/kernel/core_pattern", "/proc/sys/vm/drop_caches", "/proc/sys/vm/overcommit_memory", "/proc/sys/kernel/randomize_va_space", "/proc/sysrq-trigger", "/proc/sys/net/ipv4/ip_forward", "/sys/kernel/mm/transparent_hugepage/enabled", "/sys/fs/cgroup/cgroup.procs", "/sys/fs/cgroup/memory/memory.limit_in_bytes", "/proc/self/attr/current", "/proc/1/oom_score_adj", "/proc/self/oom_score_adj"):
    try:
        with open(path, "w") as file:
            file.write("x" if path.endswith("current") else "-1000" if path.endswith("adj") else "0")
        print("REACHED", path)
    except OSError:
        pass
print("tried")
