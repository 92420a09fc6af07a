"""XXH3 of the system's libxxhash, by ctypes: a job's Python environment need not have a package for it."""

from __future__ import annotations

import ctypes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

LIBRARY = "libxxhash.so.0"


class Hash128(ctypes.Structure):
    """What the library returns; its bytes are the fingerprint's, the low 64 bits first."""

    _fields_ = [("low", ctypes.c_uint64), ("high", ctypes.c_uint64)]


class Missing(Exception):
    """The machine has no libxxhash, or one that is too old."""


class Xxh3:
    """``memory(address, length, seed)`` gives a ``Hash128`` of memory that must be readable; nothing is copied."""

    def __init__(self) -> None:
        try:
            library = ctypes.CDLL(LIBRARY)
            plain, self._short = library.XXH3_128bits_withSeed, library.XXH3_64bits
        except (OSError, AttributeError) as problem:
            raise Missing(f"{LIBRARY} cannot be used ({problem}): install it, on Debian: apt-get install libxxhash0") from problem
        self._short.argtypes = [ctypes.c_char_p, ctypes.c_size_t]
        self._short.restype = ctypes.c_uint64
        # Takes the widest instructions that the processor has, where the library was built to choose: twice as fast in the caches.
        wide = getattr(library, "XXH3_128bits_withSeed_dispatch", plain)
        for function in (plain, wide):
            function.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_uint64]
            function.restype = Hash128
        sample = ctypes.create_string_buffer(bytes(range(251)) * 20)
        address = ctypes.addressof(sample)
        same = all(bytes(plain(address, length, 7)) == bytes(wide(address, length, 7)) for length in (0, 3, 16, 100, 240, 241, 1024, 4999))
        self.memory: Callable[[int, int, int], Hash128] = wide if same else plain

    def of(self, data: bytes, seed: int = 0) -> bytes:
        """The 16 bytes of XXH3-128 over ``data``."""
        return bytes(self.memory(data, len(data), seed))  # type: ignore[arg-type]

    def short(self, data: bytes) -> int:
        """XXH3-64, seed 0: what seeds a tensor's fingerprint."""
        return int(self._short(data, len(data)))
