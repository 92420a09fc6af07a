"""Versions of torch that lack a setting, in the ways in which they say so."""

from __future__ import annotations

import unittest
from types import SimpleNamespace

from reprise_runner.drift import Drift
from reprise_runner.knobs.flags import FLAGS, Flags
from reprise_runner.knobs.readings import Readings


class _Matmul:
    """As torch 2.0 has it: its settings are no attributes of the class, and a name that it lacks fails an assertion."""

    def __getattr__(self, name: str) -> bool:
        if name in ("allow_tf32", "allow_fp16_reduced_precision_reduction"):
            return True
        raise AssertionError("Unknown attribute " + name)


class VersionsTest(unittest.TestCase):
    def test_what_a_version_lacks_is_not_available(self) -> None:
        torch = SimpleNamespace(
            __version__="2.0.0", _C=None, get_num_threads=lambda: 1, set_num_threads=lambda value: None,
            backends=SimpleNamespace(cuda=SimpleNamespace(matmul=_Matmul())),
        )  # fmt: skip
        requested = {flag.name: False for flag in FLAGS}
        requested["torch.num_threads"] = 1
        readings = Readings(tuple(requested))
        Flags(requested, readings, Drift(requested)).apply(torch)
        knobs = readings.document()
        for name in ("allow_fp16_accumulation", "allow_bf16_reduced_precision_reduction"):
            self.assertEqual("not-available", knobs["torch.backends.cuda.matmul." + name]["status"])
            self.assertIn("torch 2.0.0 does not have it", knobs["torch.backends.cuda.matmul." + name]["why"])
        self.assertEqual("not-available", knobs["torch.backends.fp32_precision"]["status"])
        self.assertEqual(("read", False), (knobs["torch.backends.cuda.matmul.allow_tf32"]["status"], knobs["torch.backends.cuda.matmul.allow_tf32"]["start"]))
        self.assertEqual("read", knobs["torch.num_threads"]["status"])


if __name__ == "__main__":
    unittest.main()
