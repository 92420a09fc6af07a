"""Fingerprints of tensors where they lie, on a GPU, by integer arithmetic that is exact in any order."""

from __future__ import annotations

import ctypes
import struct

from .values import ABSENT, UNREAD, VACUOUS, Pending

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .xxh3 import Xxh3

WORDS = 1024
"""A tensor is taken as rows of so many words of 32 bits, the last one filled up with zeros."""
_CHUNK = 1 << 23
"""Words mixed at once, at most: what is needed beside is two integers of 64 bits for each."""
LANES = ((30, 0xBF58476D1CE4E5B9, 27, 0x94D049BB133111EB, 31), (33, 0xFF51AFD7ED558CCD, 33, 0xC4CEB9FE1A85EC53, 33))
"""The two lanes' finalisers, of splitmix64 and of MurmurHash3: shift, multiply, shift, multiply, shift."""


def signed(value: int) -> int:
    """64 bits as torch's int64 has them."""
    value &= (1 << 64) - 1
    return value - (1 << 64) if value >> 63 else value


class Mix:
    """``mix-128/1``: each word, joined with its index in 64 bits, is mixed one to one by a seed and a finaliser; the sums of all, modulo 2^64, are the two lanes.

    Each lane has its own seed: the halves of XXH3-128 over the text ``DTYPE:d0,d1,…``. What is asked for in a step comes over in one transfer a device.
    """

    def __init__(self, torch: Any, xxh3: Xxh3) -> None:
        self._torch, self._xxh3 = torch, xxh3
        self._pending: list[tuple[Any, list[Pending]]] = []
        self.captured = False
        """Whether something was asked for while a CUDA graph was being captured: it could not be read, and replays of the graph are seen by nobody."""
        self._layouts: dict[Any, tuple[Any, Any]] = {}
        self._seeds: dict[tuple[Any, Any], tuple[int, int]] = {}

    def of(self, tensors: list[Any]) -> list[Pending]:
        """Starts the work on tensors whose elements lie in a row; the values are there after ``arrive``."""
        values = [Pending() for _ in tensors]
        if self._capturing():
            return values
        devices: dict[Any, list[int]] = {}
        for index, tensor in enumerate(tensors):
            devices.setdefault(tensor.device, []).append(index)
        with self._torch.no_grad():
            for indices in devices.values():
                try:
                    lanes = self.lanes([tensors[index] for index in indices])
                except Exception:
                    continue  # stay unread
                self._pending.append((lanes, [values[index] for index in indices]))
        return values

    def number(self, tensor: Any) -> Pending:
        """The value of a tensor of one element, as the bytes of a double, after ``arrive``."""
        value = Pending()
        if not self._capturing():
            with self._torch.no_grad():
                bits = tensor.detach().reshape(1).to(self._torch.float64).view(self._torch.int64)
                self._pending.append((self._torch.cat([bits, bits]).reshape(1, 2), [value]))
        return value

    def _capturing(self) -> bool:
        cuda = getattr(self._torch, "cuda", None)
        if cuda is None or not cuda.is_initialized() or not cuda.is_current_stream_capturing():
            return False
        self.captured = True
        return True

    def arrive(self) -> None:
        """Brings over what was started."""
        pending, self._pending = self._pending, []
        devices: dict[Any, list[tuple[Any, list[Pending]]]] = {}
        for lanes, values in pending:
            devices.setdefault(lanes.device, []).append((lanes, values))
        for one in devices.values():
            host = self._torch.cat([lanes for lanes, _ in one]).cpu().contiguous()
            data = ctypes.string_at(host.data_ptr(), host.numel() * 8)
            for index, value in enumerate(value for _, values in one for value in values):
                found = data[16 * index : 16 * index + 16]
                value.value = struct.pack("<QQ", 0, 1) if found in (ABSENT, VACUOUS, UNREAD) else found

    def lanes(self, tensors: list[Any]) -> Any:
        """The lanes of tensors of one device, as an int64 tensor of two columns there."""
        torch = self._torch
        words, rows, seeds = [], [], []
        for tensor in tensors:
            words.append(_words(torch, tensor))
            rows.append(words[-1].shape[0])
            seeds.append(self._seed(tensor))
        everything = words[0] if len(words) == 1 else torch.cat(words)
        begins, seeded = self._layout(tensors[0].device, tuple(rows), tuple(seeds))
        step = _CHUNK // WORDS
        sums = torch.cat([self._rows(everything[at : at + step], begins[at : at + step], seeded[at : at + step]) for at in range(0, sum(rows), step)])
        found, at = [], 0
        for count in rows:
            found.append(sums[at : at + count].sum(0))
            at += count
        return torch.stack(found)

    def _layout(self, device: Any, rows: tuple[int, ...], seeds: tuple[tuple[int, int], ...]) -> tuple[Any, Any]:
        """For each row of several tensors together: the index of its first word within its tensor, and the seeds."""
        torch = self._torch
        known = self._layouts.get((device, rows, seeds))
        if known is None:
            counts = torch.tensor(rows, dtype=torch.int64)
            ends = counts.cumsum(0)
            begins = (torch.arange(int(ends[-1]), dtype=torch.int64) - (ends - counts).repeat_interleave(counts)) * WORDS
            seeded = torch.tensor([[signed(seed) for seed in pair] for pair in seeds], dtype=torch.int64).repeat_interleave(counts, 0)
            known = begins.to(device), seeded.to(device)
            if len(self._layouts) >= 64:
                self._layouts.clear()
            self._layouts[device, rows, seeds] = known
        return known

    def _rows(self, words: Any, begins: Any, seeds: Any) -> Any:
        torch = self._torch
        places = (begins[:, None] + torch.arange(WORDS, dtype=torch.int64, device=words.device)[None, :]) << 32
        places |= words.to(torch.int64) & 0xFFFFFFFF
        sums = []
        for lane, (first, multiply, second, again, third) in enumerate(LANES):
            mixed = places ^ seeds[:, lane : lane + 1]
            for shift, factor in ((first, multiply), (second, again), (third, None)):
                # int64 shifts copy the sign: what it brings in is taken away again.
                mixed ^= (mixed >> shift) & ((1 << (64 - shift)) - 1)
                if factor is not None:
                    mixed *= signed(factor)
            sums.append(mixed.sum(1))
        return torch.stack(sums, 1)

    def _seed(self, tensor: Any) -> tuple[int, int]:
        key = (tensor.dtype, tensor.shape)
        seed = self._seeds.get(key)
        if seed is None:
            text = f"{str(tensor.dtype).replace('torch.', '')}:{','.join(map(str, tensor.shape))}"
            if len(self._seeds) >= 100_000:
                self._seeds.clear()
            seed = self._seeds[key] = struct.unpack("<QQ", self._xxh3.of(text.encode()))
        return seed


def _words(torch: Any, tensor: Any) -> Any:
    """A tensor's bytes as rows of 32-bit words; a view where they fill them."""
    flat = tensor.detach().reshape(-1)
    if flat.dtype is torch.bool or (flat.dtype.is_complex and flat.element_size() == 4):
        flat = flat.view(torch.uint8 if flat.dtype is torch.bool else torch.float16)
    size = flat.numel() * flat.element_size()
    if size % 4 == 0 and flat.storage_offset() * flat.element_size() % 4 == 0:
        flat = flat.view(torch.int32)
    else:
        octets = flat.view(torch.uint8)
        flat = torch.cat([octets, octets.new_zeros(-size % 4)]).view(torch.int32)
    left = -flat.numel() % WORDS
    if left:
        flat = torch.cat([flat, flat.new_zeros(left)])
    return flat.view(-1, WORDS)
