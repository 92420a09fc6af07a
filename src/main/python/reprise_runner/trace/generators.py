"""The states of the global generators: Python's, NumPy's legacy one, torch's for the CPU and for each GPU in use."""

from __future__ import annotations

import ctypes
import random
import struct
import sys

from .values import UNREAD

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .xxh3 import Xxh3

_TWISTER = 625 * 4


class Generators:
    """Reads states without drawing.

    Python's and NumPy's are the Mersenne Twister: 624 words of 32 bits and a position, which are read where they lie once it was seen that they lie there, since
    the functions that give them out make 625 Python integers each time. The place of what a normal deviate left over follows.
    """

    def __init__(self, torch: Any, xxh3: Xxh3) -> None:
        self._torch, self._xxh3 = torch, xxh3
        self._python = _PythonState(random)
        self._numpy: Any = None

    def read(self) -> list[tuple[str, Any]]:
        """Name and fingerprint of each state there is; one that cannot be read is unread."""
        found = [("python", self._of(self._python.read))]
        numpy = sys.modules.get("numpy.random")
        if numpy is not None and hasattr(numpy, "mtrand"):
            if self._numpy is None:
                self._numpy = _NumpyState(numpy)
            found.append(("numpy", self._of(self._numpy.read)))
        found.append(("torch", self._state(self._torch.default_generator)))
        cuda = getattr(self._torch, "cuda", None)
        if cuda is not None and cuda.is_initialized():
            for index, generator in enumerate(cuda.default_generators):
                found.append((f"cuda:{index}", self._state(generator)))
        return found

    def _of(self, read: Any) -> bytes:
        try:
            return self._xxh3.of(read())
        except Exception:
            return UNREAD

    def _state(self, generator: Any) -> bytes:
        try:
            state = generator.get_state()
            return bytes(self._xxh3.memory(state.data_ptr(), state.numel(), 0))
        except Exception:
            return UNREAD


class _PythonState:
    """Position, 624 words, and the deviate left over, if any."""

    def __init__(self, random: Any) -> None:
        self._random = random
        self._generator: Any = None
        self._at: int | None = None

    def read(self) -> bytes:
        generator = getattr(self._random, "_inst", None)
        if generator is None or self._random.getstate.__self__ is not generator and not hasattr(self._random.getstate, "__wrapped__"):
            return self._slow(self._random.getstate())
        if generator is not self._generator:
            self._generator = generator
            self._at = _found(generator, self._slow(generator.getstate())[:_TWISTER])
        if self._at is None:
            return self._slow(generator.getstate())
        left = generator.gauss_next
        return ctypes.string_at(id(generator) + self._at, _TWISTER) + (b"" if left is None else struct.pack("<d", left))

    @staticmethod
    def _slow(state: Any) -> bytes:
        _, words, left = state
        return struct.pack("<I624I", words[624], *words[:624]) + (b"" if left is None else struct.pack("<d", left))


def _found(generator: Any, state: bytes) -> int | None:
    """How far into the object the state lies, if it does, whole and once."""
    size = type(generator).__basicsize__
    if sys.implementation.name != "cpython" or type(generator) is not random.Random:
        return None
    at = ctypes.string_at(id(generator), size).find(state)
    return at if at > 0 else None


class _NumpyState:
    """624 words, position, and whether a deviate is left over, and which."""

    def __init__(self, numpy: Any) -> None:
        self._numpy = numpy
        self._bits: Any = None
        self._words: int | None = None
        self._left: int | None = None

    def read(self) -> bytes:
        state = self._numpy.mtrand._rand
        bits = state._bit_generator
        if bits is not self._bits:
            self._bits = bits
            self._words, self._left = self._places(state, bits)
        if self._words is None or self._left is None:
            return self._slow(state)
        return ctypes.string_at(self._words, _TWISTER) + ctypes.string_at(self._left, 4) + ctypes.string_at(self._left + 8, 8)

    def _places(self, state: Any, bits: Any) -> tuple[int | None, int | None]:
        """Where the words lie, and the deviate: beside the address of the object's own copy of the generator's functions. None where that is not seen."""
        try:
            if type(bits).__name__ != "MT19937" or sys.implementation.name != "cpython":
                return None, None
            words = int(bits.ctypes.state_address)
            size = type(state).__basicsize__
            memory = ctypes.string_at(id(state), size)
            copy = memory.find(struct.pack("<Q", words))
            at = memory.find(struct.pack("<Q", id(state) + copy))
            slow = self._slow(state)
            left = id(state) + at + 8
            if copy < 0 or at < 0 or at + 24 > size:
                return None, None
            if ctypes.string_at(words, _TWISTER) + ctypes.string_at(left, 4) + ctypes.string_at(left + 8, 8) != slow:
                return None, None
            return words, left
        except Exception:
            return None, None

    @staticmethod
    def _slow(state: Any) -> bytes:
        found = state.get_state(legacy=False)
        if found["bit_generator"] != "MT19937":
            return repr(found).encode()
        return bytes(found["state"]["key"].tobytes()) + struct.pack("<iid", found["state"]["pos"], found["has_gauss"], found["gauss"])
