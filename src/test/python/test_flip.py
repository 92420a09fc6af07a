"""One bit of one parameter, flipped at a step that is drawn: the proof that a difference is found."""

from __future__ import annotations

import itertools
import unittest
from typing import Any

import torch

from reprise_runner.watch.flip import flip
from traces import ALL, read
from watched_programs import NET, SEVERAL
from workspace import Workspace


class FlipTest(unittest.TestCase):
    def test_the_trace_differs_from_that_step_and_that_parameter_on(self) -> None:
        with Workspace() as workspace:
            plain = workspace.run(NET, watch=ALL, timeout=900)
            before = read(plain.record / "main/trace")
            steps = set()
            for seed in (1, 2):
                run = workspace.run(NET, watch={**ALL, "flip": {"seed": seed, "steps": 4}}, timeout=900)
                self.assertEqual((0, ""), (run.code, run.err))
                told = run.document("flip.json")
                self.assertEqual((1, True, None), (told["schema"], told["done"], told["why"]))
                steps.add(told["step"])
                after = read(run.record / "main/trace")
                self.assertEqual(list(before.rows), list(after.rows))
                for step in before.rows:
                    one, two = before.rows[step], after.rows[step]
                    differing = {key for key in one if one[key] != two[key]}
                    if step < told["step"]:
                        self.assertEqual(set(), differing, "the program's generators and everything else are as they were")
                    elif step == told["step"]:
                        self.assertEqual({("parameter", told["column"])}, differing)
                    else:
                        self.assertIn(("output", ""), differing)
            self.assertEqual(2, len(steps), "the seed decides")

    def test_the_same_seed_flips_the_same_bit(self) -> None:
        with Workspace() as workspace:
            watch = {**ALL, "flip": {"seed": 5, "steps": 6}}
            first, second = workspace.run(SEVERAL, watch=watch, timeout=900), workspace.run(SEVERAL, watch=watch, timeout=900)
            self.assertTrue(first.document("flip.json")["done"])
            self.assertEqual(first.document("flip.json"), second.document("flip.json"))
            self.assertEqual(first.out, second.out)

    def test_a_flip_that_never_came_is_said(self) -> None:
        with Workspace() as workspace:
            run = workspace.run(NET, watch={**ALL, "flip": {"seed": 3, "steps": 1_000_000}}, timeout=900)
            told = run.document("flip.json")
            self.assertEqual((False, None, "The process has not come to this step."), (told["done"], told["column"], told["why"]))
            self.assertGreater(told["step"], 3)

    def test_only_rank_0_flips(self) -> None:
        with Workspace() as workspace:
            plain = workspace.run(NET, watch=ALL, timeout=900)
            run = workspace.run(NET, watch={**ALL, "flip": {"seed": 1, "steps": 4}}, environment={"RANK": "1", "WORLD_SIZE": "2"}, timeout=900)
            self.assertEqual((False, "Only the process of rank 0 flips a bit."), (run.document("flip.json")["done"], run.document("flip.json")["why"]))
            self.assertEqual(plain.out, run.out)

    def test_one_bit_of_one_element_whatever_its_type_and_layout(self) -> None:
        types = [torch.float32, torch.float64, torch.float16, torch.bfloat16, torch.complex64, *filter(None, [getattr(torch, "float8_e4m3fn", None)])]
        for dtype, shape, turned in itertools.product(types, [(), (3,), (2, 3, 4)], [False, True]):
            tensor = torch.zeros(shape).to(dtype)
            tensor = tensor.transpose(0, -1) if turned and tensor.dim() > 1 else tensor
            version = tensor._version
            for element, bit in itertools.product(range(tensor.numel()), (0, 5, 8 * tensor.element_size() - 1)):
                before = _octets(tensor)
                flip(torch, tensor, element, bit)
                after = _octets(tensor)
                changed = {index: one ^ two for index, (one, two) in enumerate(zip(before, after)) if one != two}
                self.assertEqual({element: 1 << bit}, changed, f"{dtype}, {shape}, {turned}")
            self.assertEqual(version, tensor._version, "autograd would refuse a later backward")


def _octets(tensor: Any) -> list[int]:
    flat = tensor.contiguous().reshape(-1).view(torch.uint8).tolist()
    size = tensor.element_size()
    return [int.from_bytes(bytes(flat[index : index + size]), "little") for index in range(0, len(flat), size)]


if __name__ == "__main__":
    unittest.main()
