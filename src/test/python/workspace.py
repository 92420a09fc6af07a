"""Lays out a workspace as the service does, and runs real programs in it under the harness."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path
from typing import Any

SITE = Path(__file__).resolve().parents[2] / "main" / "python" / "reprise_runner" / "site"
SEED = 42
_ORDER = ("off", "seeded", "warn", "strict")
_LEVEL = {"s": "seeded", "w": "warn", "S": "strict"}
_CUDA = "torch.backends.cuda."

# The table of docs/contract.md: name, value, when, level, item. A callable value takes the mode; portable ones stand below.
KNOBS: list[tuple[str, Any, str, str, str]] = [
    ("random.seed", SEED, "runtime", "s", "python-random"),
    ("numpy.random.seed", SEED, "runtime", "s", "numpy"),
    ("numpy.random.bit_generator.randbits", SEED, "runtime", "S", "numpy"),
    ("torch.manual_seed", SEED, "runtime", "s", "torch-cpu"),
    ("torch.cuda.manual_seed", SEED, "runtime", "s", "torch-cuda"),
    ("torch.cuda.manual_seed_all", SEED, "runtime", "s", "torch-cuda"),
    ("torch.use_deterministic_algorithms", lambda mode: "warn" if mode == "warn" else "error", "runtime", "w", "deterministic-algorithms"),
    ("torch.utils.deterministic.fill_uninitialized_memory", True, "runtime", "w", "uninitialised-memory"),
    ("torch.backends.cudnn.deterministic", True, "runtime", "w", "cudnn"),
    ("torch.backends.cudnn.benchmark", False, "runtime", "w", "cudnn"),
    ("torch.backends.mkldnn.deterministic", True, "runtime", "w", "deterministic-algorithms"),
    ("torch.backends.cudnn.allow_tf32", False, "runtime", "w", "tf32"),
    (_CUDA + "matmul.allow_tf32", False, "runtime", "w", "tf32"),
    ("torch.backends.fp32_precision", "ieee", "runtime", "w", "tf32"),
    ("NVIDIA_TF32_OVERRIDE", 0, "process", "w", "tf32"),
    (_CUDA + "matmul.allow_fp16_reduced_precision_reduction", False, "runtime", "S", "reduced-precision"),
    (_CUDA + "matmul.allow_bf16_reduced_precision_reduction", False, "runtime", "S", "reduced-precision"),
    (_CUDA + "matmul.allow_fp16_accumulation", False, "runtime", "S", "reduced-precision"),
    (_CUDA + "allow_fp16_bf16_reduction_math_sdp", False, "runtime", "S", "reduced-precision"),
    ("torch.num_threads", 1, "runtime", "s", "threads"),
    ("OMP_NUM_THREADS", 1, "process", "s", "threads"),
    ("MKL_NUM_THREADS", 1, "process", "s", "threads"),
    ("MKL_DYNAMIC", "FALSE", "process", "s", "threads"),
    ("OMP_WAIT_POLICY", "PASSIVE", "process", "s", "threads"),
    ("PYTHONHASHSEED", "0", "process", "s", "hash-seed"),
    ("address_layout", "fixed", "process", "S", "hash-seed"),
    ("CUBLAS_WORKSPACE_CONFIG", ":4096:8", "process", "s", "cublas"),
    ("MKL_CBWR", "AUTO", "process", "S", "instruction-set"),
    ("TORCHINDUCTOR_DETERMINISTIC", "1", "process", "w", "compiler"),
    ("TORCHINDUCTOR_CACHE_DIR", "/tmp/inductor", "process", "w", "compiler"),
    ("TRITON_CACHE_DIR", "/tmp/triton", "process", "w", "compiler"),
    ("NCCL_ALGO", "Ring", "process", "w", "nccl"),
    ("NCCL_PROTO", "Simple", "process", "w", "nccl"),
    ("LC_ALL", "C.UTF-8", "process", "s", "process-environment"),
    ("TZ", "UTC", "process", "s", "process-environment"),
    ("PYTHONDONTWRITEBYTECODE", "1", "process", "s", "process-environment"),
    ("SOURCE_DATE_EPOCH", "0", "process", "s", "process-environment"),
]
PORTABLE: list[tuple[str, Any, str, str, str]] = [
    ("ATEN_CPU_CAPABILITY", "avx2", "process", "S", "instruction-set"),
    ("ONEDNN_MAX_CPU_ISA", "AVX2", "process", "S", "instruction-set"),
    ("ONEDNN_DEFAULT_FPMATH_MODE", "STRICT", "process", "S", "instruction-set"),
    (_CUDA + "enable_flash_sdp", False, "runtime", "S", "attention"),
    (_CUDA + "enable_mem_efficient_sdp", False, "runtime", "S", "attention"),
    (_CUDA + "enable_cudnn_sdp", False, "runtime", "S", "attention"),
]
NAMES = {row[0] for row in KNOBS + PORTABLE}


def requested(mode: str, portable: bool = False) -> list[dict[str, Any]]:
    """The knobs of a mode, as in ``job.json``."""
    if mode == "off":
        return []
    rows = KNOBS + (PORTABLE if portable else [])
    return [
        {"name": name, "value": value(mode) if callable(value) else value, "when": when, "level": level, "item": item}
        for name, value, when, level, item in rows
        if _ORDER.index(_LEVEL[level]) <= _ORDER.index(mode)
    ]


class Run:
    """A finished process and its record."""

    def __init__(self, record: Path, process: subprocess.CompletedProcess[str]) -> None:
        self.record, self.code, self.out, self.err = record, process.returncode, process.stdout, process.stderr

    def document(self, name: str, process: str = "main") -> Any:
        return json.loads((self.record / process / name).read_text())

    def observed(self, process: str = "main") -> Any:
        return self.document("observed.json", process)

    def result(self, process: str = "main") -> Any:
        return self.document("result.json", process)

    def operations(self, process: str = "main") -> list[Any]:
        """By operation, kind and place with the largest count, as a reader takes them."""
        path = self.record / process / "operations.jsonl"
        lines = [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []
        best: dict[Any, Any] = {}
        for line in lines:
            key = (line["operation"], line["kind"], line["place"])
            if key not in best or line["count"] > best[key]["count"]:
                best[key] = line
        return list(best.values())

    def processes(self) -> list[str]:
        return sorted(path.name for path in self.record.iterdir())


class Workspace:
    """A temporary workspace; use as a context manager."""

    def __init__(self) -> None:
        self._temporary = tempfile.TemporaryDirectory(prefix="reprise-")
        self.folder = Path(os.path.realpath(self._temporary.name))
        self._runs = 0
        for name in ("work", "inputs", "outputs"):
            (self.folder / name).mkdir()

    def __enter__(self) -> Workspace:
        return self

    def __exit__(self, *_: object) -> None:
        self._temporary.cleanup()

    def write(self, name: str, text: str) -> Path:
        path = self.folder / "work" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text).lstrip("\n"))
        return path

    def run(
        self, program: str | None = None, mode: str = "strict", *, command: list[str] | None = None, python: str = sys.executable,
        environment: dict[str, str | None] | None = None, harness: bool = True, fixed: bool = True, portable: bool = False,
        own_path: str | None = None, watch: dict[str, Any] | None = None, timeout: int = 120, **recipe: Any,
    ) -> Run:  # fmt: skip
        """Runs ``python train.py`` (or ``python *command``) with what a mode puts in its environment, ``environment`` over it; None unsets. ``watch`` as in ``job.json``."""
        if program is not None:
            self.write("train.py", program)
        knobs = requested(mode, portable)
        job = {"mode": mode, "seed": SEED, "threads": 1, "portable": portable, "holdSeed": False, "onDrift": "record", "knobs": knobs, **recipe}
        (self.folder / "job.json").write_text(json.dumps({"schema": 1, "run": "r", "attempt": 1, "spec": {}, "recipe": job, "watch": watch}))
        self._runs += 1
        record = self.folder / f"record-{self._runs}"
        record.mkdir()
        env: dict[str, str | None] = {"PATH": os.environ["PATH"], "HOME": str(self.folder), "REPRISE_OUTPUT_DIR": str(self.folder / "outputs")}
        if harness:
            path = os.pathsep.join(filter(None, (str(SITE), own_path)))
            env |= {"REPRISE_JOB": str(self.folder / "job.json"), "REPRISE_RECORD_DIR": str(record), "PYTHONPATH": path}
        env |= {knob["name"]: str(knob["value"]) for knob in knobs if knob["when"] == "process" and knob["name"] != "address_layout"}
        env |= environment or {}
        prefix = ["setarch", "-R"] if fixed and mode == "strict" else []
        process = subprocess.run(
            [*prefix, python, *(command or ["train.py"])], cwd=self.folder / "work", capture_output=True, text=True, timeout=timeout,
            env={name: value for name, value in env.items() if value is not None},
        )  # fmt: skip
        return Run(record, process)


def broken(run: Run, mode: str, process: str = "main", portable: bool = False) -> dict[str, tuple[Any, Any, Any]]:
    """The requested knobs that were read and are not what was requested, at the start or the end: name to (requested, start, end)."""
    found = {}
    knobs = run.observed(process)["knobs"]
    for knob in requested(mode, portable):
        seen = knobs[knob["name"]]
        wanted = str(knob["value"]) if knob["when"] == "process" else knob["value"]
        if seen["status"] == "read" and (seen["start"] != wanted or seen["end"] != wanted):
            found[knob["name"]] = (wanted, seen["start"], seen["end"])
    return found
