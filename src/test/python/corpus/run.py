"""A run as a record folder, as the service would write it."""

import copy
import hashlib
import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Json = dict[str, Any]

SPEC: Json = {
    "name": "digits-mlp", "seed": 42, "determinism": "strict",
    "runtime": {"type": "python", "entrypoint": "train.py", "args": ["--epochs", "3"]},
    "code": "sha256:" + "c" * 64, "environment": {"name": "default"}, "inputs": {}, "outputs": ["**"], "env": {},
    "resources": {"gpus": 0, "gpuModel": None, "cpus": 2, "threads": 1, "memory": "4GiB", "disk": "10GiB"},
    "timeout": "PT30M", "network": "none", "portable": False, "holdSeed": False, "onDrift": "record",
}

ENVIRONMENT: Json = {
    "schema": 1,
    "environment": {
        "python": {"version": "3.11.7", "implementation": "CPython", "build": "main", "compiler": "GCC 12.2.0"},
        "packages": {"torch": {"version": "2.15.0", "record": "sha256:" + "1" * 64},
                     "numpy": {"version": "2.4.1", "record": "sha256:" + "2" * 64}},
        "torch": {"version": "2.15.0", "git": "abc", "cuda": "13.2", "cudnn": "9", "build": "Release"},
        "harness": {"version": "0.1.0", "digest": "sha256:" + "3" * 64}},
    "machine": {"cpu": {"model": "EPYC", "flags": "avx avx2", "cores": 2, "capability": "AVX2"},
                "kernel": "6.1", "glibc": "2.36", "gpus": [], "driver": None},
}


def observed(seed: int = 42, threads: int = 1, **parts: Any) -> Json:
    def read(value: Any) -> Json:
        return {"status": "read", "start": value, "end": value, "why": None}

    knobs = {"random.seed": read(seed), "numpy.random.seed": read(seed), "torch.manual_seed": read(seed),
             "torch.num_threads": read(threads), "OMP_NUM_THREADS": read(str(threads)),
             "PYTHONHASHSEED": read("0"), "torch.backends.cudnn.benchmark": read(False)}
    return {"schema": 1, "process": "main", "pid": 2, "parent": None, "started": "exec",
            "argv": ["train.py", "--epochs", "3"], "imported": ["numpy", "torch"], "knobs": knobs,
            "seedings": [], "drift": [], "children": [], "complete": True} | parts


def succeeded() -> Json:
    return {"schema": 1, "state": "SUCCEEDED", "endedBy": "job", "isolation": "sandbox", "attempt": 1, "failure": None}


def ran(start: str, end: str) -> Json:
    return succeeded() | {"startedAt": start, "finishedAt": end}


def failed(kind: str, by: str = "job", message: str = "it failed", operation: str | None = None,
           location: str | None = None, code: int | None = 1, state: str = "FAILED") -> Json:
    return {"schema": 1, "state": state, "endedBy": by, "isolation": "sandbox", "attempt": 1,
            "failure": {"kind": kind, "message": message, "operation": operation, "location": location,
                        "exitCode": code}}


def cancelled() -> Json:
    return succeeded() | {"state": "CANCELLED", "endedBy": "service"}


@dataclass
class Run:
    """What a case changes is given; everything else is as in every other run."""

    outputs: dict[str, bytes] = field(default_factory=dict)
    unmatched: dict[str, bytes] = field(default_factory=dict)
    refused: list[Json] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    executable: set[str] = field(default_factory=set)
    code: dict[str, bytes] = field(default_factory=lambda: {"train.py": b"import torch\n"})
    inputs: dict[str, dict[str, bytes]] = field(default_factory=dict)
    spec: Json = field(default_factory=dict)
    end: Json | None = field(default_factory=succeeded)
    environment: Json | None = field(default_factory=lambda: copy.deepcopy(ENVIRONMENT))
    record: dict[str, Json] = field(default_factory=lambda: {"main": observed()})
    files: dict[str, bytes] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    without: set[str] = field(default_factory=set)
    stored: dict[str, bytes | None] = field(default_factory=dict)
    code_kept: bool = False

    def write(self, folder: Path) -> None:
        files: dict[str, bytes] = {"listing.json": pretty(self.listing()), "spec.json": pretty(SPEC | self.spec)}
        if self.end is not None:
            files["end.json"] = pretty(self.end)
        for process, content in self.record.items():
            files[f"record/{process}/observed.json"] = pretty(content)
        if self.environment is not None and "main" in self.record:
            files["record/main/environment.json"] = pretty(self.environment)
        for path, content in self.outputs.items():
            files[f"outputs/{path}"] = content
        if self.code_kept:
            files |= {f"code/{path}": content for path, content in self.code.items()}
        files |= self.files
        for path, stored in self.stored.items():
            files.pop(f"outputs/{path}")
            if stored is not None:
                files[f"outputs/{path}"] = stored
        for path, content in files.items():
            if path not in self.without:
                target = folder / path
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content)
                target.chmod(0o755 if path.removeprefix("outputs/") in self.executable else 0o644)
        for path, target in self.links.items():
            (folder / path).unlink(missing_ok=True)
            os.symlink(target, folder / path)

    def listing(self) -> Json:
        return {"schema": 1, "code": listing(self.code, set()) | {"git": None},
                "inputs": {name: listing(files, set()) for name, files in self.inputs.items()},
                "outputs": listing(self.outputs, self.executable)
                | {"unmatched": entries(self.unmatched, self.executable), "refused": self.refused}
                | ({"deleted": self.deleted} if self.deleted else {})}


def pretty(value: Json) -> bytes:
    return (json.dumps(value, indent=1) + "\n").encode()


def digest(content: bytes) -> str:
    return "sha256:" + hashlib.sha256(content).hexdigest()


def entries(files: dict[str, bytes], executable: set[str]) -> list[Json]:
    return [{"path": path, "mode": "755" if path in executable else "644", "size": len(files[path]),
             "digest": digest(files[path])} for path in sorted(files, key=lambda path: path.encode())]


def listing(files: dict[str, bytes], executable: set[str]) -> Json:
    listed = entries(files, executable)
    lines = "".join(f"{file['mode']} {file['size']} {file['digest']} {file['path']}\0" for file in listed)
    return {"digest": digest(lines.encode()), "files": listed}
