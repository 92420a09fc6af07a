"""Watching changes nothing: every program of ``trace_programs`` ends with the same bits while each of its operators is fingerprinted, in all of its steps."""

from __future__ import annotations

import json
import unittest
import warnings
from typing import Any

import torch

import trace_programs
from reprise_runner.steps import Steps
from reprise_runner.trace.fingerprints import Fingerprints
from reprise_runner.trace.mix import Mix
from reprise_runner.trace.values import resolved
from reprise_runner.trace.xxh3 import Xxh3
from reprise_runner.watch.functions import Functions
from reprise_runner.watch.phases import Phases
from reprise_runner.watch.zoom import Zoom


class Silent:
    """Listens, and hears what failed."""

    def __init__(self) -> None:
        self.problems: list[Exception] = []

    def before_forward(self, root: str | None) -> None:
        pass

    def failed(self, problem: Exception) -> None:
        self.problems.append(problem)


class UnchangedTest(unittest.TestCase):
    def test_programs_end_with_the_same_bits_watched_and_not(self) -> None:
        warnings.simplefilter("ignore")
        torch.set_num_threads(1)
        plain = {name: trace_programs.digest(program()) for name, program in trace_programs.PROGRAMS.items()}
        steps, xxh3 = Steps(), Xxh3()
        steps.add(Silent())
        steps.install(torch)
        mix = Mix(torch, xxh3)
        read = Fingerprints(torch, xxh3, mix)

        def fingerprints(tensors: list[Any]) -> list[str]:
            return [resolved(value, xxh3).hex() for value in read.of_all(tensors)]

        for name, program in trace_programs.PROGRAMS.items():
            with self.subTest(name):
                written: list[str] = []
                called: list[str] = []
                phases = Phases(torch)
                steps.add(phases)
                zoom = Zoom(torch, steps, phases, -1, written.extend, fingerprints, xxh3.of)
                functions = Functions(torch, lambda name, frame: called.append(name), self.fail)
                zoom._begin()
                functions.enter()
                try:
                    found = trace_programs.digest(program())
                finally:
                    functions.leave()
                    zoom.end()
                    for listener in (phases, zoom._operators):
                        steps.remove(listener)
                self.assertEqual(plain[name], found)
                *lines, end = map(json.loads, written)
                self.assertEqual([], end["why"])
                self.assertTrue({"forward", "backward"} <= {line["phase"] for line in lines}, "it was watched")
                self.assertGreater(len(lines), 50)
                self.assertTrue(called)
                self.assertEqual([], torch.utils._python_dispatch._get_current_dispatch_mode_stack())


if __name__ == "__main__":
    unittest.main()
