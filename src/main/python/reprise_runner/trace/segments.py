"""The files of a trace: a header and rows of fixed width each, a new one where columns appear."""

from __future__ import annotations

import json
import os
import struct

from .values import ABSENT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .columns import Columns
    from .xxh3 import Xxh3

MAGIC = b"RPTRACE1"
MOST = 4096
"""Segments that readers take."""
_HEADER = 16 * 1024 * 1024


class Unwritten(Exception):
    """A row could not be written whole; nothing is written after it."""


class Segments:
    """Writes to ``folder``, which is made with the first segment. Each row is one write, to a file that is opened for appending.

    The file is looked at before each write: a program that closes all descriptors, and opens files of its own under their numbers, does not get our rows.
    """

    def __init__(self, folder: str, xxh3: Xxh3, every: int, runtime: str = "python") -> None:
        self._folder, self._xxh3, self._every, self._runtime = folder, xxh3, every, runtime
        self.count = 0
        self.bytes = 0
        self.rank: int | None = None
        self.world_size: int | None = None
        self._file: int | None = None
        self._identity: tuple[int, int] | None = None
        self._order: list[tuple[str, str, str]] = []
        self._results: list[slice] = []
        self._chains = [bytes(16), bytes(16)]

    def header(self, columns: Columns) -> bytes:
        """What the next segment begins with."""
        document = {
            "schema": 1, "segment": self.count, "every": self._every, "rank": self.rank, "worldSize": self.world_size, "runtime": self._runtime,
            "columns": [column.described() for column in columns.order],
        }  # fmt: skip
        text = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
        text += b" " * (-(16 + len(text)) % 64)
        return MAGIC + struct.pack("<II", len(text), width(columns)) + text

    def begin(self, columns: Columns, header: bytes) -> None:
        """Begins the next segment; raises ``Unwritten`` or ``OSError``."""
        if self.count >= MOST or len(header) > _HEADER:
            raise Unwritten(f"more than {MOST} segments, or a header of more than {_HEADER >> 20} MiB")
        self.close()
        os.makedirs(self._folder, exist_ok=True)
        self._file = os.open(self._path(), os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o644)
        self._identity = self._here()
        self.count += 1
        self._order = [column.key for column in columns.order]
        self._results = _slices([column.result for column in columns.order])
        for index, counting in enumerate((True, False)):
            described = b"".join(column.chained() for column in columns.order if column.result or not counting)
            self._chains[index] = self._xxh3.of(self._chains[index] + described)
        self._write(header)

    def row(self, step: int, values: dict[tuple[str, str, str], bytes]) -> None:
        """Writes the row of a step; raises ``Unwritten`` or ``OSError``."""
        body = b"".join([values.get(key, ABSENT) for key in self._order])
        number = struct.pack("<Q", step)
        results = b"".join([body[part] for part in self._results])
        self._chains = [self._xxh3.of(self._chains[0] + number + results), self._xxh3.of(self._chains[1] + number + body)]
        self._write(b"".join((number, bytes(8), body, *self._chains)))

    def close(self) -> None:
        """Also in a forked child, where it closes only the child's own descriptor."""
        file, self._file = self._file, None
        if file is not None and self._here(file) == self._identity:
            os.close(file)

    def _write(self, data: bytes) -> None:
        if self._here() != self._identity:
            self._file = os.open(os.path.join(self._folder, f"{self.count - 1:04d}"), os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC)
            if self._here() != self._identity:
                raise Unwritten("the file of the trace is gone")
        written = os.write(self._file, data)  # type: ignore[arg-type]
        self.bytes += written
        if written != len(data):
            raise Unwritten(f"{written} of {len(data)} bytes were written")

    def _path(self) -> str:
        return os.path.join(self._folder, f"{self.count:04d}")

    def _here(self, file: int | None = None) -> tuple[int, int] | None:
        file = self._file if file is None else file
        try:
            found = os.fstat(file)  # type: ignore[arg-type]
        except (OSError, TypeError):
            return None
        return found.st_dev, found.st_ino


def width(columns: Columns) -> int:
    return 48 + 16 * len(columns.order)


def _slices(counting: list[bool]) -> list[slice]:
    found: list[slice] = []
    for at, counts in enumerate(counting):
        if counts and found and found[-1].stop == 16 * at:
            found[-1] = slice(found[-1].start, 16 * at + 16)
        elif counts:
            found.append(slice(16 * at, 16 * at + 16))
    return found
