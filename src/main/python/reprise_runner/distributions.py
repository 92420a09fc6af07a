"""Installed distributions: what was installed, by version and RECORD, and which imported files are no longer what was installed."""

from __future__ import annotations

import os

from . import bounds

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

_DISTRIBUTIONS = 1000
_RECORD_BYTES = 64 << 20
"""Of one RECORD; that of torch has under 2 MiB."""
_CHANGED = 100
"""Files of one distribution that are named."""
_HASHED_BYTES = 128 << 20
"""Of all files that are hashed again; torch's imported modules have 50 MiB together."""

_digests: dict[tuple[str, int, int], str] = {}


def found(path: list[str]) -> dict[str, dict[str, Any]]:
    """Installed distributions by name, each with its version and the SHA-256 of its RECORD, which lists the digest of every file that was installed.

    The first folder of ``path`` that has a distribution wins, as it does for an import.
    """
    distributions: dict[str, dict[str, Any]] = {}
    for folder, entry in _entries(path):
        where = os.path.join(folder, entry)
        if entry.endswith(".dist-info"):
            name, version = _metadata(os.path.join(where, "METADATA"), entry.removesuffix(".dist-info"))
            editable = _editable(where)
            # The RECORD of an editable install lists a pointer to the code, not the code.
            facts: dict[str, Any] = {"version": version, "record": None if editable else _record_digest(os.path.join(where, "RECORD"))}
            if editable:
                facts["editable"] = True
        else:
            inner = os.path.join(where, "PKG-INFO") if os.path.isdir(where) else where
            name, version = _metadata(inner, entry.removesuffix(".egg-info"))
            facts = {"version": version, "record": None}
        if len(distributions) < _DISTRIBUTIONS:
            distributions.setdefault(name, facts)
    return distributions


def changed(path: list[str], imported: list[str]) -> dict[str, dict[str, str]]:
    """By distribution, the imported files that are not those of its RECORD, each with the SHA-256 that it has now, or why that is not known.

    A file is hashed only where its size is another or it was written after the RECORD, which an installer writes last.
    """
    others: dict[str, dict[str, str]] = {}
    room = _HASHED_BYTES
    for folder, entry in _entries(path):
        prefix = folder + os.sep
        wanted = {file[len(prefix) :] for file in imported if file.startswith(prefix)}
        if not wanted or not entry.endswith(".dist-info"):
            continue
        where = os.path.join(folder, entry)
        files: dict[str, str] = {}
        for relative, digest, size in _lines(os.path.join(where, "RECORD"), wanted):
            state, read = _state(os.path.join(folder, relative), digest, size, os.path.join(where, "RECORD"), room)
            room -= read
            if state is not None and len(files) < _CHANGED:
                files[bounds.text(relative)] = state
        if files:
            others.setdefault(_metadata(os.path.join(where, "METADATA"), entry.removesuffix(".dist-info"))[0], files)
    return others


def _state(file: str, digest: str, size: str, record: str, room: int) -> tuple[str | None, int]:
    """None where the file is the one that was installed, otherwise its SHA-256 or why that is not known; and the bytes that were read for it."""
    try:
        found = os.stat(file)
        if found.st_size == int(size or "-1") and found.st_mtime <= os.stat(record).st_mtime + 2:
            return None, 0
        if found.st_size > room:
            return "not read: too much was written after it was installed", 0
        import base64
        import hashlib

        with open(file, "rb") as opened:
            whole = hashlib.sha256(opened.read())
    except (OSError, ValueError):
        return "not read", 0
    same = digest == "sha256=" + base64.urlsafe_b64encode(whole.digest()).rstrip(b"=").decode()
    return (None if same else f"sha256:{whole.hexdigest()}"), found.st_size


def _entries(path: list[str]) -> Iterator[tuple[str, str]]:
    for folder in path:
        try:
            entries = sorted(os.listdir(folder)) if os.path.isdir(folder) else []
        except OSError:
            continue
        for entry in entries:
            if entry.endswith((".dist-info", ".egg-info")):
                yield folder, entry


def _lines(record: str, wanted: set[str]) -> Iterator[tuple[str, str, str]]:
    """Path, digest and size of those lines of a RECORD whose path is wanted and that have a digest. It is CSV, in which only a path can hold a comma or a quote."""
    try:
        with open(record, encoding="utf-8", errors="replace") as file:
            lines = file.read(_RECORD_BYTES).splitlines()
    except OSError:
        return
    for line in lines:
        relative, _, rest = line.partition(",")
        if relative.startswith('"'):
            relative, _, rest = line[1:].rpartition('",')
            relative = relative.replace('""', '"')
        if relative in wanted and not rest.startswith(","):
            digest, _, size = rest.partition(",")
            yield relative, digest, size


def _metadata(path: str, stem: str) -> tuple[str, str]:
    name, _, version = stem.rpartition("-")
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            for line in file:
                key, _, value = line.partition(": ")
                if key == "Name":
                    name = value.strip()
                elif key == "Version":
                    version = value.strip()
                elif not line.strip():
                    break  # the description follows
    except OSError:
        pass
    return name[:200], version[:200]


def _editable(folder: str) -> bool:
    try:
        with open(os.path.join(folder, "direct_url.json"), encoding="utf-8", errors="replace") as file:
            import json

            info = json.loads(file.read(1 << 16)).get("dir_info")
            return isinstance(info, dict) and bool(info.get("editable"))
    except (OSError, ValueError, AttributeError):
        return False


def _record_digest(path: str) -> str | None:
    """Kept, since the document is written again once torch is there."""
    try:
        state = os.stat(path)
        key = (path, state.st_size, state.st_mtime_ns)
        if key not in _digests:
            import hashlib

            with open(path, "rb") as file:
                content = file.read(_RECORD_BYTES + 1)
            if len(content) > _RECORD_BYTES:
                return None
            _digests[key] = f"sha256:{hashlib.sha256(content).hexdigest()}"
        return _digests[key]
    except OSError:
        return None
