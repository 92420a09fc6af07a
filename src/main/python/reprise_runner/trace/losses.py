"""What backward was called on, in a step."""

from __future__ import annotations

import ctypes
import struct

from .values import UNREAD, Joined

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .fingerprints import Fingerprints
    from .mix import Mix
    from .values import Pending


class Losses:
    """Fingerprints of the losses of a step's backward passes, together, and the mean of those that are one number."""

    def __init__(self, torch: Any, fingerprints: Fingerprints, mix: Mix) -> None:
        self._torch, self._fingerprints, self._mix = torch, fingerprints, mix
        self._values: list[Any] = []
        self._numbers: list[float] = []
        self._elsewhere: list[Pending] = []

    def add(self, tensors: tuple[Any, ...]) -> None:
        tensors = tuple(tensor for tensor in tensors if isinstance(tensor, self._torch.Tensor))
        self._values.extend(self._fingerprints.of_all(tensors))
        for tensor in tensors:
            if tensor.numel() == 1 and not tensor.is_complex():
                if tensor.is_cpu:
                    self._numbers.append(self._number(tensor))
                else:
                    self._elsewhere.append(self._mix.number(tensor))

    def clear(self) -> None:
        self._values, self._numbers, self._elsewhere = [], [], []

    def take(self) -> Any:
        """The value of this step's, or None."""
        values, self._values = self._values, []
        return None if not values else values[0] if len(values) == 1 else Joined(f"losses:{len(values)}", values, False)

    def number(self) -> float | None:
        """The mean of this step's numbers, or None; what is on a device has arrived."""
        numbers, self._numbers = self._numbers, []
        elsewhere, self._elsewhere = self._elsewhere, []
        numbers += [struct.unpack("<d", pending.value[:8])[0] for pending in elsewhere if pending.value is not UNREAD]
        return sum(numbers) / len(numbers) if numbers else None

    def _number(self, tensor: Any) -> float:
        address = tensor.data_ptr()
        if tensor.dtype is self._torch.float32:
            return ctypes.c_float.from_address(address).value
        if tensor.dtype is self._torch.float64:
            return ctypes.c_double.from_address(address).value
        if tensor.dtype is self._torch.bfloat16:
            return float(struct.unpack("<f", b"\0\0" + ctypes.string_at(address, 2))[0])
        return float(tensor.detach().item())
