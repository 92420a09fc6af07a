"""Traces as a runtime writes them: docs/contract.md, "The trace"."""

import ctypes
import json
import struct
from typing import Any

XXH3 = "xxh3-128/1"
RESULTS = {"batch", "output", "loss", "accumulated", "gradient", "parameter", "optimizer", "buffer"}
ABSENT, VACUOUS, UNREAD = (struct.pack("<QQ", value, 0) for value in range(3))

Column = tuple[str, str, str]


class _Hash(ctypes.Structure):
    _fields_ = [("low", ctypes.c_uint64), ("high", ctypes.c_uint64)]


_lib = ctypes.CDLL("libxxhash.so.0")
_lib.XXH3_128bits_withSeed.argtypes = [ctypes.c_char_p, ctypes.c_size_t, ctypes.c_uint64]
_lib.XXH3_128bits_withSeed.restype = _Hash


def xxh3(data: bytes, seed: int = 0) -> bytes:
    found = _lib.XXH3_128bits_withSeed(data, len(data), seed)
    return struct.pack("<QQ", found.low, found.high)


def fingerprint(*of: Any) -> bytes:
    return xxh3(repr(of).encode())


def number(value: float) -> bytes:
    return struct.pack("<dQ", value, 1)


def column(kind: str, name: str, algorithm: str = XXH3) -> Column:
    return kind, name, "" if kind == "loss-value" else algorithm


def entry(of: Column) -> dict[str, Any]:
    kind, name, algorithm = of
    return {"kind": kind, "name": name, "type": "number" if kind == "loss-value" else "fingerprint",
            "algorithm": algorithm or None, "result": kind in RESULTS}


def header(segment: int, columns: list[Column], **parts: Any) -> bytes:
    text = json.dumps({"schema": 1, "segment": segment, "every": 1, "rank": None, "worldSize": None,
                       "runtime": "python", "columns": [entry(of) for of in columns]} | parts).encode()
    return framed(text, 48 + 16 * len(columns))


def framed(text: bytes, width: int) -> bytes:
    length = (len(text) + 16 + 63) // 64 * 64 - 16
    return b"RPTRACE1" + struct.pack("<II", length, width) + text.ljust(length)


class TraceFiles:
    """Segments as they grow, and the chains over them."""

    def __init__(self, **parts: Any) -> None:
        self.parts = parts
        self.segments: list[bytearray] = []
        self.columns: list[Column] = []
        self.chains = [bytes(16), bytes(16)]

    def begin(self, columns: list[Column]) -> None:
        self.columns = columns
        self.segments.append(bytearray(header(len(self.segments), columns, **self.parts)))
        self._chain(lambda of: "\0".join((of[0], of[1], "number" if of[0] == "loss-value" else "fingerprint", of[2])).encode() + b"\n", b"")

    def row(self, step: int, cells: dict[Column, bytes]) -> None:
        self._chain(lambda of: cells[of], struct.pack("<Q", step))
        self.segments[-1] += (struct.pack("<QQ", step, 0) + b"".join(cells[of] for of in self.columns)
                              + b"".join(self.chains))

    def _chain(self, text: Any, before: bytes) -> None:
        for i, counts in enumerate((lambda of: of[0] in RESULTS, lambda of: True)):
            self.chains[i] = xxh3(self.chains[i] + before + b"".join(text(of) for of in self.columns if counts(of)))

    def files(self, process: str = "main") -> dict[str, bytes]:
        return {f"record/{process}/trace/{i:04}": bytes(segment) for i, segment in enumerate(self.segments)}
