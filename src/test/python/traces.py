"""Reads the trace of a process as docs/contract.md has it, and checks all that it says of itself. Knows nothing of the code that writes it but XXH3."""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from reprise_runner.trace.xxh3 import Xxh3

ABSENT, VACUOUS, UNREAD = (number.to_bytes(16, "little") for number in range(3))
ALL = {"trace": {"every": 1, "tensors": "all", "budget": 1 << 30}}
"""``watch`` for a trace of everything."""


def watch(every: int = 1, tensors: Any = "all", budget: int = 1 << 30) -> dict[str, Any]:
    return {"trace": {"every": every, "tensors": tensors, "budget": budget}}


@dataclass
class Segment:
    header: dict[str, Any]
    steps: list[int] = field(default_factory=list)

    @property
    def columns(self) -> list[tuple[str, str]]:
        return [(column["kind"], column["name"]) for column in self.header["columns"]]


@dataclass
class Trace:
    """``rows`` maps a step to its values by kind and name; absent ones are left out, numbers are floats."""

    segments: list[Segment] = field(default_factory=list)
    rows: dict[int, dict[tuple[str, str], Any]] = field(default_factory=dict)
    chains: list[tuple[bytes, bytes]] = field(default_factory=list)
    torn: int = 0

    @property
    def columns(self) -> list[tuple[str, str]]:
        return self.segments[-1].columns

    def names(self, kind: str) -> list[str]:
        return [name for one, name in self.columns if one == kind]

    def of(self, kind: str, name: str = "") -> list[Any]:
        """The values of one column, step by step; None where absent."""
        return [row.get((kind, name)) for row in self.rows.values()]


class Broken(Exception):
    """The trace is not what the contract says."""


def read(folder: Path) -> Trace:
    """Reads all segments; raises ``Broken``."""
    trace, xxh3, chains, before = Trace(), Xxh3(), [bytes(16), bytes(16)], -1
    files = sorted(folder.iterdir())
    if [file.name for file in files] != [f"{number:04d}" for number in range(len(files))]:
        raise Broken(f"files {[file.name for file in files]}")
    for number, file in enumerate(files):
        data = file.read_bytes()
        magic, length, width = struct.unpack_from("<8sII", data)
        if magic != b"RPTRACE1" or (16 + length) % 64 != 0:
            raise Broken(f"{file.name}: {magic!r}, header of {length}")
        header = json.loads(data[16 : 16 + length])
        columns = header["columns"]
        if header["schema"] != 1 or header["segment"] != number or width != 48 + 16 * len(columns):
            raise Broken(f"{file.name}: {header['segment']}, width {width}, {len(columns)} columns")
        keys = [(column["kind"], column["name"], column["algorithm"]) for column in columns]
        if len(set(keys)) != len(keys):
            raise Broken(f"{file.name}: a column twice")
        segment = Segment(header)
        trace.segments.append(segment)
        texts = ["\0".join((column["kind"], column["name"], column["type"], column["algorithm"])).encode() + b"\n" for column in columns]
        counting = [[column["result"] for column in columns], [True] * len(columns)]
        chains = [xxh3.of(chain + b"".join(text for text, counts in zip(texts, which) if counts)) for chain, which in zip(chains, counting)]
        at = 16 + length
        while at + width <= len(data):
            step, reserved = struct.unpack_from("<QQ", data, at)
            if step <= before or reserved != 0:
                raise Broken(f"{file.name}: step {step} after {before}")
            before = step
            values = [data[at + 16 + 16 * index : at + 32 + 16 * index] for index in range(len(columns))]
            chains = [
                xxh3.of(chain + struct.pack("<Q", step) + b"".join(value for value, counts in zip(values, which) if counts))
                for chain, which in zip(chains, counting)
            ]
            written = data[at + width - 32 : at + width]
            if written != chains[0] + chains[1]:
                raise Broken(f"{file.name}: the chain of step {step} is not that of its row")
            trace.chains.append((chains[0], chains[1]))
            segment.steps.append(step)
            trace.rows[step] = {}
            for column, value in zip(columns, values):
                if value != ABSENT:
                    trace.rows[step][column["kind"], column["name"]] = struct.unpack("<d", value[:8])[0] if column["type"] == "number" else value
            at += width
        trace.torn += len(data) - at
    return trace
