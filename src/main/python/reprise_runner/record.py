"""The folder a process writes its record to."""

from __future__ import annotations

import json
import os
import re

from . import bounds

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,63}\Z")


class Record:
    """One process's folder below ``REPRISE_RECORD_DIR``. ``folder`` is None for a process past the limit, which is only counted."""

    def __init__(self, root: str, name: str, folder: str | None) -> None:
        self.root, self.name, self.folder = root, name, folder

    @classmethod
    def of_new_program(cls, root: str, parent: str | None) -> Record:
        """Claims ``main`` for a process without a parent, ``pid-N`` for others; ``OSError`` where the folder cannot be made."""
        if parent is None:
            folder = os.path.join(root, "main")
            try:
                os.mkdir(folder)
                return cls(root, "main", folder)
            except FileExistsError:
                pass  # a second process without a parent, as a shell script may start
        return cls.of_child(root, parent or "main")

    @classmethod
    def of_child(cls, root: str, parent: str) -> Record:
        """Claims ``pid-N``, or ``pid-N-2`` and so on where a process of that number has been: numbers come again, and exec keeps them."""
        if len(os.listdir(root)) >= bounds.PROCESSES:
            return cls(root, parent, None)
        for name in _names(os.getpid()):
            try:
                os.mkdir(os.path.join(root, name))
                return cls(root, name, os.path.join(root, name))
            except FileExistsError:
                continue
        raise AssertionError("unreachable")

    @staticmethod
    def valid(name: str | None) -> str | None:
        """A name of the contract's form, or None."""
        return name if name is not None and _NAME.match(name) else None

    def successor(self) -> str:
        """The name that a Python program gets which replaces this process by exec."""
        return next(name for name in _names(os.getpid()) if not os.path.exists(os.path.join(self.root, name)))

    def write(self, name: str, document: dict[str, Any]) -> None:
        """Writes one file of the record whole, by a temporary name; raises ``OSError``."""
        if self.folder is None:
            return
        path = os.path.join(self.folder, name)
        temporary = f"{path}.tmp"
        with open(temporary, "w", encoding="utf-8") as file:
            json.dump(document, file, ensure_ascii=False, separators=(",", ":"))
        os.replace(temporary, path)

    def append(self, name: str, lines: list[dict[str, Any]]) -> None:
        """Appends lines in one write; raises ``OSError``."""
        if self.folder is None or not lines:
            return
        with open(os.path.join(self.folder, name), "a", encoding="utf-8") as file:
            file.write("".join(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n" for line in lines))

    def append_text(self, name: str, lines: list[str]) -> None:
        """Appends lines that are JSON already, each with its end; raises ``OSError``."""
        if self.folder is not None and lines:
            with open(os.path.join(self.folder, name), "a", encoding="utf-8", errors="replace") as file:
                file.write("".join(lines))

    def children(self) -> list[tuple[int, str, list[str]]]:
        """The records that name this process as their parent: process number, record name, arguments."""
        found: list[tuple[int, str, list[str]]] = []
        for name in sorted(os.listdir(self.root))[: bounds.PROCESSES + 1]:
            try:
                with open(os.path.join(self.root, name, "observed.json"), encoding="utf-8") as file:
                    document = json.load(file)
                if document["parent"] == self.name and name != self.name:
                    found.append((int(document["pid"]), name, bounds.arguments(document["argv"])))
            except (OSError, ValueError, KeyError, TypeError):
                continue  # being written, or not ours
        return found

    def full(self) -> bool:
        """Whether the run has as many records as it may."""
        return len(os.listdir(self.root)) >= bounds.PROCESSES


def _names(pid: int) -> Any:
    yield f"pid-{pid}"
    number = 2
    while True:
        yield f"pid-{pid}-{number}"
        number += 1
