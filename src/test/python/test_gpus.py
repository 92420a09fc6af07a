"""Which GPUs a process says it had."""

import unittest

from reprise_runner.environment import _visible

FOUND = [{"model": "NVIDIA H200", "uuid": "GPU-a"}, {"model": "NVIDIA L4", "uuid": "GPU-b"}]


class VisibleGpusTests(unittest.TestCase):
    def test_a_job_without_gpus_had_none_on_a_machine_that_has_some(self) -> None:
        self.assertEqual(_visible(FOUND, ""), [])

    def test_a_job_had_those_that_it_was_given(self) -> None:
        self.assertEqual(_visible(FOUND, "GPU-b"), [FOUND[1]])

    def test_a_part_of_a_gpu_is_one(self) -> None:
        self.assertEqual(_visible(FOUND, "MIG-c"), [{"model": None, "uuid": "MIG-c"}])

    def test_outside_the_service_all_count(self) -> None:
        self.assertEqual(_visible(FOUND, None), FOUND)


if __name__ == "__main__":
    unittest.main()
