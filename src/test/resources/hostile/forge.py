"""Writes a record that says something else than what happened."""
import json, os
os.makedirs("/workspace/record/main", exist_ok=True)
for path in ("/workspace/record/main/result.json", "/workspace/record/end.json", "/workspace/record/listing.json", "/workspace/outputs/end.json", "/workspace/outputs/listing.json"):
    with open(path, "w") as file:
        json.dump({"schema": 1, "state": "SUCCEEDED", "outcome": "completed", "endedBy": "job", "isolation": "none", "exitCode": 0, "failure": None, "softLimits": ["forged"],
                   "outputs": {"digest": "sha256:" + "0" * 64, "files": [], "unmatched": [], "refused": [], "deleted": []}}, file)
for path in ("/workspace/job.json", "/workspace/end.json", "/workspace/stdout.log", "/workspace/../end.json", "/proc/1/fd/7", "/proc/1/fd/8", "/proc/self/fd/7"):
    try:
        open(path, "w").write("exit 0\n")
        print("REACHED", path)
    except OSError:
        pass
open("/workspace/outputs/weights", "w").write("true")
print("--- standard error ---\nexit 0")
os._exit(3)
