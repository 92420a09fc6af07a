"""What was installed, and what is no longer what was installed."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

from reprise_runner import distributions
from workspace import Workspace


def install(folder: Path, name: str, files: dict[str, str], version: str = "1.0") -> None:
    """As an installer does: the files, and last their RECORD."""
    lines = []
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
        digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
        quoted = f'"{path}"' if "," in path else path
        lines.append(f"{quoted},sha256={digest},{len(text.encode())}")
    info = folder / f"{name}-{version}.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n\nName: not this\n")
    (info / "RECORD").write_text("\n".join([*lines, f"{info.name}/RECORD,,"]) + "\n")


class DistributionsTest(unittest.TestCase):
    def setUp(self) -> None:
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = Path(os.path.realpath(temporary.name))
        self.path = [str(self.folder)]

    def imported(self, *names: str) -> list[str]:
        return [str(self.folder / name) for name in names]

    def test_files_as_installed_are_not_changed(self) -> None:
        install(self.folder, "tiny", {"tiny/__init__.py": "a = 1\n", "tiny/a,b.py": "b = 1\n"})
        self.assertEqual({}, distributions.changed(self.path, self.imported("tiny/__init__.py", "tiny/a,b.py")))

    def test_an_imported_file_of_another_size_is_changed(self) -> None:
        install(self.folder, "tiny", {"tiny/__init__.py": "a = 1\n", "tiny/a,b.py": "b = 1\n", "tiny/other.py": ""})
        for name in ("__init__.py", "a,b.py", "other.py"):
            (self.folder / "tiny" / name).write_text("a = 20\n")
        expected = f"sha256:{hashlib.sha256(b'a = 20' + bytes([10])).hexdigest()}"
        found = distributions.changed(self.path, self.imported("tiny/__init__.py", "tiny/a,b.py"))
        self.assertEqual({"tiny": {"tiny/__init__.py": expected, "tiny/a,b.py": expected}}, found, "other.py was not imported")

    def test_an_imported_file_of_the_same_size_written_later_is_changed(self) -> None:
        install(self.folder, "tiny", {"tiny.py": "a = 1\n"})
        (self.folder / "tiny.py").write_text("a = 2\n")
        later = time.time() + 60
        os.utime(self.folder / "tiny.py", (later, later))
        self.assertEqual({"tiny"}, set(distributions.changed(self.path, self.imported("tiny.py"))))

    def test_a_file_that_was_only_touched_is_not_changed(self) -> None:
        install(self.folder, "tiny", {"tiny.py": "a = 1\n"})
        later = time.time() + 60
        os.utime(self.folder / "tiny.py", (later, later))
        self.assertEqual({}, distributions.changed(self.path, self.imported("tiny.py")))

    def test_what_is_not_read_is_said(self) -> None:
        install(self.folder, "tiny", {"tiny.py": "a = 1\n"})
        (self.folder / "tiny.py").unlink()
        self.assertEqual({"tiny": {"tiny.py": "not read"}}, distributions.changed(self.path, self.imported("tiny.py")))

    def test_without_a_record_the_files_are_unknown(self) -> None:
        install(self.folder, "tiny", {})
        install(self.folder, "linked", {})
        info = self.folder / "linked-1.0.dist-info"
        (info / "direct_url.json").write_text(json.dumps({"url": "file:///src", "dir_info": {"editable": True}}))
        (self.folder / "bare-2.0.dist-info").mkdir()
        (self.folder / "old-3.0-py3.11.egg-info").mkdir()
        (self.folder / "old-3.0-py3.11.egg-info" / "PKG-INFO").write_text("Name: old\nVersion: 3.0\n")
        (self.folder / "older.egg-info").write_text("Name: older\nVersion: 4.0\n")
        found = distributions.found(self.path)
        self.assertRegex(found["tiny"]["record"], r"\Asha256:[0-9a-f]{64}\Z")
        self.assertEqual({"version": "1.0", "record": None, "editable": True}, found["linked"])
        self.assertEqual({"version": "2.0", "record": None}, found["bare"])
        self.assertEqual({"version": "3.0", "record": None}, found["old"])
        self.assertEqual({"version": "4.0", "record": None}, found["older"])

    def test_a_run_says_which_imported_file_was_changed(self) -> None:
        install(self.folder, "tiny", {"tiny.py": "a = 1\n"})
        for text, changed in (("a = 1\n", False), ("a = 12\n", True)):
            (self.folder / "tiny.py").write_text(text)
            with Workspace() as workspace:
                run = workspace.run("import sys; sys.modules['strange'] = 7; import tiny", own_path=str(self.folder))
                self.assertEqual(0, run.code, run.err)
                tiny = run.document("environment.json")["environment"]["packages"]["tiny"]
                self.assertEqual("1.0", tiny["version"])
                self.assertEqual({"tiny.py": f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"} if changed else None, tiny.get("changed"))
                self.assertTrue(run.observed()["complete"])

    def test_every_file_of_this_environment_is_as_it_was_installed(self) -> None:
        program = "import json, sys, numpy, torch; from reprise_runner import distributions as d, environment as e; print(json.dumps(d.changed(sys.path, e._imported())))"
        environment = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2] / "main" / "python"), "PYTHONDONTWRITEBYTECODE": "1"}
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120, env=environment)
        self.assertEqual("{}", done.stdout.strip(), done.stderr)


if __name__ == "__main__":
    unittest.main()
