"""Writers of the formats that the readers read, in the standard library alone."""

import io
import json
import struct
import zipfile
from typing import Sequence

Tensor = tuple[str, str, list[int], bytes]


def f32(*values: float) -> bytes:
    return struct.pack(f"<{len(values)}f", *values)


def f64(*values: float) -> bytes:
    return struct.pack(f"<{len(values)}d", *values)


def i64(*values: int) -> bytes:
    return struct.pack(f"<{len(values)}q", *values)


def bits32(*values: int) -> bytes:
    return struct.pack(f"<{len(values)}I", *values)


def bits16(*values: int) -> bytes:
    return struct.pack(f"<{len(values)}H", *values)


def raw_safetensors(header: bytes, data: bytes, length: int | None = None) -> bytes:
    return struct.pack("<Q", len(header) if length is None else length) + header + data


def safetensors(tensors: Sequence[Tensor], metadata: dict[str, str] | None = None,
                header_order: Sequence[str] | None = None, padding: int = 0) -> bytes:
    """Tensors lie in the order given; the header names them in that order or in another."""
    entries: dict[str, object] = {}
    data = b""
    for name, dtype, shape, values in tensors:
        entries[name] = {"dtype": dtype, "shape": shape, "data_offsets": [len(data), len(data) + len(values)]}
        data += values
    header: dict[str, object] = {} if metadata is None else {"__metadata__": metadata}
    header |= {name: entries[name] for name in header_order or entries}
    return raw_safetensors(json.dumps(header, separators=(",", ":")).encode() + b" " * padding, data)


def npy(descr: str, shape: tuple[int, ...], data: bytes, fortran: bool = False, version: int = 1) -> bytes:
    header = f"{{'descr': {descr!r}, 'fortran_order': {fortran}, 'shape': {shape!r}, }}".encode()
    prefix = 2 if version == 1 else 4
    header += b" " * (-(8 + prefix + len(header) + 1) % 64) + b"\n"
    length = struct.pack("<H" if version == 1 else "<I", len(header))
    return b"\x93NUMPY" + bytes([version, 0]) + length + header + data


def npz(arrays: dict[str, bytes], compressed: bool = False) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED if compressed else zipfile.ZIP_STORED) as archive:
        for name, array in arrays.items():
            archive.writestr(zipfile.ZipInfo(name + ".npy", (1980, 1, 1, 0, 0, 0)), array,
                             zipfile.ZIP_DEFLATED if compressed else zipfile.ZIP_STORED)
    return out.getvalue()
