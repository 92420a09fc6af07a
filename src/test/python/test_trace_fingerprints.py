"""Fingerprints: what they are by the contract, and that any change of a tensor changes them, in both algorithms; reading changes nothing."""

from __future__ import annotations

import random
import struct
import unittest
import warnings
from typing import Any

import numpy
import torch
from reprise_runner.trace.fingerprints import Fingerprints
from reprise_runner.trace.mix import LANES, WORDS, Mix
from reprise_runner.trace.structures import Structures
from reprise_runner.trace.values import UNREAD, VACUOUS, resolved
from reprise_runner.trace.xxh3 import Xxh3
from tracing import fingerprint

_XXH3 = Xxh3()
_MIX = Mix(torch, _XXH3)
_PRINTS = Fingerprints(torch, _XXH3, _MIX)
_STRUCTURES = Structures(torch, _PRINTS)
_MASK = (1 << 64) - 1
_FLOATS = [torch.float64, torch.float32, torch.float16, torch.bfloat16]
_ALL = [*_FLOATS, torch.int64, torch.int32, torch.int16, torch.int8, torch.uint8, torch.bool, torch.complex64, torch.complex128]
_ALL += [getattr(torch, name) for name in ("float8_e4m3fn", "float8_e5m2", "uint16", "uint32", "uint64") if hasattr(torch, name)]


def _xxh3(value: Any) -> bytes:
    with torch._C.DisableTorchFunction():
        return resolved(_STRUCTURES.of(value), _XXH3)


def _mix(tensor: torch.Tensor) -> bytes:
    """As a device would, on this one."""
    values = _MIX.of([tensor.contiguous()])
    _MIX.arrive()
    return values[0].value


def _octets(tensor: torch.Tensor) -> bytes:
    return tensor.detach().contiguous().reshape(-1).view(torch.uint8).numpy().tobytes()


def _by_hand(tensor: torch.Tensor) -> bytes:
    """``mix-128/1`` in Python's integers."""
    data = _octets(tensor)
    data += bytes(-len(data) % (4 * WORDS))
    text = f"{str(tensor.dtype).replace('torch.', '')}:{','.join(map(str, tensor.shape))}"
    seeds = struct.unpack("<QQ", _XXH3.of(text.encode()))
    found = []
    for seed, (first, multiply, second, again, third) in zip(seeds, LANES):
        total = 0
        for index, (word,) in enumerate(struct.iter_unpack("<I", data)):
            mixed = ((index << 32) | word) ^ seed
            mixed = (mixed ^ (mixed >> first)) * multiply & _MASK
            mixed = (mixed ^ (mixed >> second)) * again & _MASK
            total += mixed ^ (mixed >> third)
        found.append(total & _MASK)
    return struct.pack("<QQ", *found)


def _random(draw: random.Random, dtype: torch.dtype, shape: tuple[int, ...]) -> torch.Tensor:
    """Random bytes, but for booleans."""
    count = 1
    for size in shape:
        count *= size
    if dtype is torch.bool:
        return torch.tensor([draw.random() < 0.5 for _ in range(count)]).reshape(shape)
    size = torch.empty(0, dtype=dtype).element_size()
    return torch.frombuffer(bytearray(draw.randbytes(size * count)), dtype=dtype).reshape(shape)


class FingerprintsTest(unittest.TestCase):
    def test_a_tensor_has_the_fingerprint_of_the_contract(self) -> None:
        draw = random.Random(1)
        for dtype in _ALL:
            for shape in ((), (1,), (7,), (3, 5), (2, 1, 4, 3)):
                tensor = _random(draw, dtype, shape)
                self.assertEqual(fingerprint(tensor), _xxh3(tensor), (dtype, shape))

    def test_the_algorithm_for_devices_is_what_it_is_in_integers(self) -> None:
        draw = random.Random(2)
        for dtype in _ALL:
            for shape in ((), (1,), (5,), (3, 7), (WORDS,), (WORDS + 1,), (3, 700)):
                tensor = _random(draw, dtype, shape)
                self.assertEqual(_by_hand(tensor), _mix(tensor), (dtype, shape))
        tensors = [_random(draw, draw.choice(_ALL), (draw.randrange(1, 3000),)) for _ in range(20)]
        values = _MIX.of(tensors)
        _MIX.arrive()
        self.assertEqual([_by_hand(tensor) for tensor in tensors], [value.value for value in values])
        offset = _random(draw, torch.uint8, (50,))[3:]
        self.assertEqual(_by_hand(offset), _mix(offset))

    def test_numbers_come_over_with_the_fingerprints(self) -> None:
        pending = [_MIX.number(torch.tensor(2.5, requires_grad=True)), *_MIX.of([torch.arange(9)]), _MIX.number(torch.tensor([-1.0], dtype=torch.bfloat16))]
        _MIX.arrive()
        self.assertEqual([2.5, -1.0], [struct.unpack("<d", pending[at].value[:8])[0] for at in (0, 2)])
        self.assertEqual(_by_hand(torch.arange(9)), pending[1].value)

    def test_large_tensors_are_mixed_in_parts(self) -> None:
        tensor = torch.arange(20_000_000, dtype=torch.int32)
        words = tensor.numpy().astype(numpy.uint64)
        words = numpy.concatenate([words, numpy.zeros(-len(words) % WORDS, numpy.uint64)])
        places = (numpy.arange(len(words), dtype=numpy.uint64) << numpy.uint64(32)) | words
        found = []
        for seed, (first, multiply, second, again, third) in zip(struct.unpack("<QQ", _XXH3.of(b"int32:20000000")), LANES):
            mixed = places ^ numpy.uint64(seed)
            mixed = (mixed ^ (mixed >> numpy.uint64(first))) * numpy.uint64(multiply)
            mixed = (mixed ^ (mixed >> numpy.uint64(second))) * numpy.uint64(again)
            found.append(int(numpy.add.reduce(mixed ^ (mixed >> numpy.uint64(third)))))
        self.assertEqual(struct.pack("<QQ", *found), _mix(tensor))

    def test_any_change_changes_it(self) -> None:
        draw = random.Random(3)
        for case in range(400):
            dtype = draw.choice(_ALL)
            shape = (draw.randrange(2, 9), draw.randrange(2, 9))
            tensor = _random(draw, dtype, shape)
            for change, other in self._changes(draw, tensor):
                if _octets(other) == _octets(tensor) and other.shape == tensor.shape and other.dtype == tensor.dtype:
                    continue  # equal elements swapped
                self.assertNotEqual(_xxh3(tensor), _xxh3(other), (case, change, dtype, shape))
                self.assertNotEqual(_mix(tensor), _mix(other), (case, change, dtype, shape))

    def _changes(self, draw: random.Random, tensor: torch.Tensor) -> list[tuple[str, torch.Tensor]]:
        octets = bytearray(_octets(tensor))
        size = tensor.element_size()
        first, second = draw.sample(range(tensor.numel()), 2)

        def of(data: bytes) -> torch.Tensor:
            return torch.frombuffer(bytearray(data), dtype=tensor.dtype).reshape(tensor.shape)

        found = [("transposed", tensor.t()), ("reshaped", tensor.reshape(1, *tensor.shape)), ("flat", tensor.reshape(-1))]
        swapped = bytearray(octets)
        swapped[first * size : first * size + size], swapped[second * size : second * size + size] = (
            octets[second * size : second * size + size], octets[first * size : first * size + size],
        )  # fmt: skip
        found.append(("elements swapped", of(swapped)))
        if tensor.dtype is torch.bool:
            flipped = tensor.clone()
            flipped.view(-1)[first] = ~flipped.view(-1)[first]
            return [*found, ("one element", flipped), ("other type", tensor.view(torch.uint8))]
        flipped = bytearray(octets)
        bit = draw.randrange(8 * len(octets))
        flipped[bit // 8] ^= 1 << bit % 8
        found.append(("one bit", of(flipped)))
        signs = bytearray(octets)
        for at in (first, second):
            signs[at * size + size - 1] ^= 0x80
        found.append(("two signs", of(signs)))
        every = bytearray(octets)
        for at in range(tensor.numel()):
            every[at * size + size - 1] ^= 0x80
        found.append(("all signs", of(every)))
        others = {1: torch.int8, 2: torch.int16, 4: torch.int32, 8: torch.int64, 16: torch.complex128}
        other = others[size] if others[size] is not tensor.dtype else {1: torch.uint8, 2: torch.float16, 4: torch.float32, 8: torch.float64, 16: None}[size]
        if other is not None:
            found.append(("other type", tensor.view(other)))
        return found

    def test_payloads_of_nan_and_negative_zeros_count(self) -> None:
        for read in (_xxh3, _mix):
            for dtype, whole, quiet in ((torch.float64, torch.int64, 0x7FF8 << 48), (torch.float32, torch.int32, 0x7FC0 << 16), (torch.float16, torch.int16, 0x7E00)):
                nan, other = torch.tensor([quiet, 0], dtype=whole).view(dtype), torch.tensor([quiet + 1, 0], dtype=whole).view(dtype)
                self.assertTrue(nan.isnan()[0] and other.isnan()[0])
                self.assertNotEqual(read(nan), read(other))
                self.assertEqual(read(nan), read(nan.clone()))
                self.assertNotEqual(read(torch.zeros(3, dtype=dtype)), read(-torch.zeros(3, dtype=dtype)))
            doubles = torch.randn(500, dtype=torch.float64)
            self.assertNotEqual(read(doubles), read(-doubles))

    def test_equal_tensors_are_equal_however_they_lie(self) -> None:
        tensor = torch.randn(4, 6, dtype=torch.complex64)
        self.assertEqual(_xxh3(tensor.t().contiguous()), _xxh3(tensor.t()))
        self.assertEqual(_xxh3(tensor.conj().resolve_conj()), _xxh3(tensor.conj()))
        self.assertNotEqual(_xxh3(tensor), _xxh3(tensor.conj()))
        self.assertEqual(_xxh3(tensor.conj().imag.clone()), _xxh3(tensor.conj().imag))
        self.assertEqual(_xxh3(tensor.real.clone()), _xxh3(tensor.real[::1]))
        image = torch.randn(2, 3, 4, 5)
        self.assertEqual(_xxh3(image), _xxh3(image.to(memory_format=torch.channels_last)))
        self.assertEqual(_xxh3(image[:, 1:].clone()), _xxh3(image[:, 1:]))
        self.assertEqual(_xxh3(image[0].expand(7, 3, 4, 5).clone()), _xxh3(image[0].expand(7, 3, 4, 5)))
        self.assertEqual(_xxh3(image), _xxh3(torch.nn.Parameter(image)))

    def test_other_kinds_of_tensors_are_read_or_said_to_be_unread(self) -> None:
        self.enterContext(warnings.catch_warnings())
        warnings.simplefilter("ignore")  # of torch, about these kinds of tensors
        rows = torch.tensor([[0.0, 1.0], [2.0, 0.0]])
        for one, other in (
            (rows.to_sparse(), (rows * 2).to_sparse()), (rows.to_sparse_csr(), (rows * 2).to_sparse_csr()), (rows.to_sparse_csc(), rows.t().to_sparse_csc()),
            (torch.quantize_per_tensor(rows, 0.5, 0, torch.quint8), torch.quantize_per_tensor(rows, 0.25, 0, torch.quint8)),
            (torch.quantize_per_channel(rows, torch.ones(2), torch.zeros(2).int(), 0, torch.qint8), torch.quantize_per_channel(rows, torch.ones(2), torch.ones(2).int(), 0, torch.qint8)),
            (torch.nested.nested_tensor([rows[0], rows[1, :1]]), torch.nested.nested_tensor([rows[0, :1], rows[1]])),
            (torch.nested.nested_tensor([rows[0], rows[1, :1]], layout=torch.jagged), torch.nested.nested_tensor([rows[0], rows[1, :1] + 1], layout=torch.jagged)),
        ):  # fmt: skip
            self.assertNotIn(_xxh3(one), (UNREAD, VACUOUS), one)
            self.assertEqual(_xxh3(one), _xxh3(one.clone()), one)
            self.assertNotEqual(_xxh3(one), _xxh3(other), one)
        from torch._subclasses.fake_tensor import FakeTensorMode

        with FakeTensorMode():
            fake = torch.zeros(3)
        unread = [torch.zeros(3, device="meta"), fake, rows.to_mkldnn()]
        torch.func.vmap(lambda row: unread.append(row) or row)(rows)
        self.assertEqual([UNREAD] * 4, [_xxh3(one) for one in unread])
        self.assertEqual(UNREAD, _xxh3([rows, fake]), "a part that is unread makes the whole unread")
        for empty in (torch.zeros(0), torch.nn.UninitializedParameter(), torch.zeros(3, 0, 2), [], (None, {"a": torch.zeros(0)}), {}):
            self.assertEqual(VACUOUS, _xxh3(empty), empty)

    def test_reading_changes_nothing(self) -> None:
        heard: list[str] = []

        class Ear(torch.utils._python_dispatch.TorchDispatchMode):
            def __torch_dispatch__(self, function: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
                heard.append(str(function))
                return function(*args, **(kwargs or {}))

        leaf = torch.randn(4, 4, requires_grad=True)
        tensors = [leaf, leaf.t(), leaf * 2, (leaf * 2).t(), torch.randn(3, 3, dtype=torch.complex64).conj(), leaf.detach().to_sparse(), torch.randn(5).bfloat16()]
        with torch.inference_mode():
            tensors.append(torch.randn(3, 4).t())
        versions = [None if one.is_inference() else one._version for one in tensors]
        functions = [one.grad_fn for one in tensors]
        states = (random.getstate(), torch.get_rng_state())
        with Ear(), torch.autocast("cpu"):
            for one in tensors:
                self.assertNotEqual(UNREAD, _xxh3(one))
            self.assertTrue(torch.is_autocast_enabled("cpu"))
        self.assertEqual([], heard)
        self.assertEqual(versions, [None if one.is_inference() else one._version for one in tensors])
        self.assertEqual(functions, [one.grad_fn for one in tensors])
        self.assertEqual(states[0], random.getstate())
        self.assertTrue(torch.equal(states[1], torch.get_rng_state()))
        self.assertTrue(torch.is_grad_enabled())
        for one in tensors[:3]:
            _mix(one)
        self.assertEqual(versions, [None if one.is_inference() else one._version for one in tensors])

    def test_structures_tell_apart_what_they_hold(self) -> None:
        tensor = torch.ones(2)
        values = [
            tensor, [tensor], (tensor,), {"a": tensor}, {"b": tensor}, {"a": tensor, "b": None}, [tensor, tensor], [[tensor], tensor], [tensor, 1], [tensor, 1.0],
            [tensor, True], [tensor, "1"], [tensor, b"1"], numpy.ones(2), numpy.ones(2, numpy.float32), {"a": {"a": tensor}}, [tensor, "é\ud800"], {1: tensor},
        ]  # fmt: skip
        found = [_xxh3(value) for value in values]
        self.assertEqual(len(values), len(set(found)))
        self.assertNotIn(UNREAD, found)
        endless: list[Any] = [tensor]
        endless.append(endless)
        self.assertEqual(UNREAD, _xxh3(endless))


if __name__ == "__main__":
    unittest.main()
