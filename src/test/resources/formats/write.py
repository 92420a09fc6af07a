"""Write the Parquet and HDF5 files of this folder, with h5py and pyarrow (README.md has the versions).

    python write.py FOLDER
"""

import datetime
import sys
from pathlib import Path

import h5py
import numpy as np
import pyarrow as pa
import pyarrow.parquet as parquet

FOLDER = Path(sys.argv[1])


def model(name: str, change: float, backend: str = "tensorflow", step: int = 1) -> None:
    with h5py.File(FOLDER / name, "w") as file:
        file.attrs["backend"] = backend
        file.attrs["layers"] = np.array([b"dense", b"out"])
        dense = file.create_group("model/dense")
        kernel = np.arange(12, dtype="<f4").reshape(3, 4) / 7
        kernel[1, 2] += change
        dense.create_dataset("kernel", data=kernel)
        dense.create_dataset("packed", data=np.arange(0, 200 * step, step, dtype="<i8"), chunks=(50,), compression="gzip", shuffle=True)
        dense.create_dataset("half", data=np.ones(3, "<f2"))
        dense.create_dataset("big", data=np.arange(4, dtype=">f8"))
        dense.create_dataset("bytes", data=np.array([1, 2, 255], "u1"))
        dense.create_dataset("large", data=np.array([2**64 - 1, 1], "u8"))
        dense.create_dataset("mask", data=np.array([True, False]))
        dense.create_dataset("words", data=["a", "bé"])
        dense.create_dataset("scalar", data=np.float32(3))
        dense.create_dataset("empty", shape=(0, 3), dtype="f4")
        dense.create_dataset("rows", data=np.array([(1, 2.5)], dtype=[("a", "i4"), ("b", "f8")]))
        file["alias"] = h5py.SoftLink("/model")
        file["elsewhere"] = h5py.ExternalLink("/etc/hostname", "/")


def table(name: str, change: float, **options: object) -> None:
    rows = pa.table({
        "step": pa.array([1, 2, 3], pa.int64()),
        "loss": pa.array([0.5, 0.25 + change, None], pa.float64()),
        "small": pa.array([0.1, float("nan"), 1], pa.float32()),
        "name": ["a", "b", None],
        "raw": [b"\x00\xff", b"", None],
        "tags": [["x"], [], None],
        "at": [datetime.datetime(2026, 1, 1)] * 3,
        "both": [{"k": 1, "v": [1.5]}, None, {"k": 2, "v": []}],
        "map": pa.array([[("a", 1)], [], None], pa.map_(pa.string(), pa.int32())),
        "flag": [True, False, None],
    })
    parquet.write_table(rows, FOLDER / name, **options)


model("model-a.h5", 0)
model("model-b.h5", 1e-3)
model("model-c.h5", 0, backend="jax", step=2)
table("table-a.parquet", 0)
table("table-b.parquet", 1e-9)
table("table-zstd-a.parquet", 0, compression="zstd", data_page_version="2.0")
table("table-zstd-b.parquet", 1e-9, compression="zstd", data_page_version="2.0")
table("table-lz4.parquet", 0, compression="lz4")
# A few kilobytes that are 200,000 rows of 100 characters.
parquet.write_table(pa.table({"word": ["x" * 100] * 200_000}), FOLDER / "bomb.parquet")
with h5py.File(FOLDER / "bomb.h5", "w") as bomb:
    bomb.create_dataset("zeros", shape=(3 << 20,), dtype="<f8", fillvalue=0)
with h5py.File(FOLDER / "cycle.h5", "w") as cycle:
    # A group that holds itself, twice: followed blindly there is no end of paths.
    cycle["a"] = cycle["/"]
    cycle["b"] = cycle["/"]
