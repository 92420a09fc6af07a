"""Fingerprints of tensors, without a copy where their bytes lie in a row in this machine's memory."""

from __future__ import annotations

from .values import UNREAD, VACUOUS, Joined

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .mix import Mix
    from .xxh3 import Xxh3


class Fingerprints:
    """Reads tensors. Nothing is drawn, no gradient is recorded, no version counter moves, no mode of the program's hears of it.

    Callers have ``__torch_function__`` off.
    """

    def __init__(self, torch: Any, xxh3: Xxh3, mix: Mix) -> None:
        self._torch, self._xxh3, self._mix = torch, xxh3, mix
        self._memory = xxh3.memory
        self._kinds: dict[tuple[Any, Any], tuple[int, int, bool] | None] = {}
        self._plain = {torch.Tensor, torch.nn.Parameter, getattr(torch.nn, "Buffer", torch.Tensor)}
        self._names = {dtype: str(dtype).replace("torch.", "") for dtype in vars(torch).values() if isinstance(dtype, torch.dtype)}
        self._sizes = {dtype: _size(dtype) for dtype in self._names}

    def of(self, tensor: Any) -> Any:
        """The value of one tensor (or NumPy array); never raises."""
        return self.of_all((tensor,))[0]

    def of_all(self, tensors: Any) -> list[Any]:
        """The values of several, in order, ``None`` for ``None``; those on devices together."""
        memory, kinds, plain = self._memory, self._kinds, self._plain
        found: list[Any] = []
        elsewhere: list[tuple[int, Any]] = []
        for tensor in tensors:
            if tensor is None:
                found.append(None)
                continue
            try:
                if type(tensor) in plain and tensor.is_cpu and tensor.is_contiguous():
                    key = (tensor.dtype, tensor.shape)
                    kind = kinds[key] if key in kinds else self._kind(*key)
                    if kind is not None and not tensor.is_neg() and not (kind[2] and tensor.is_conj()):
                        if not kind[1]:
                            found.append(VACUOUS)
                            continue
                        address = tensor.data_ptr()
                        if address:
                            found.append(bytes(memory(address, kind[1], kind[0])))
                            continue
                found.append(self._other(tensor, len(found), elsewhere))
            except Exception:
                found.append(self._careful(tensor, len(found), elsewhere))
        if elsewhere:
            for (index, _), value in zip(elsewhere, self._mix.of([tensor for _, tensor in elsewhere])):
                found[index] = value
        return found

    def text(self, tensor: Any) -> str:
        return f"{self._names[tensor.dtype]}:{','.join(map(str, tensor.shape))}"

    def _kind(self, dtype: Any, shape: Any) -> tuple[int, int, bool] | None:
        """Seed, bytes, whether it may be conjugate; None for what is not plain memory."""
        kind = None
        name = self._names[dtype]
        if not name.startswith(("quint", "qint", "bits")):
            kind = (self._xxh3.short(f"{name}:{','.join(map(str, shape))}".encode()), shape.numel() * self._sizes[dtype], dtype.is_complex)
        if len(self._kinds) < 100_000:
            self._kinds[dtype, shape] = kind
        return kind

    def _careful(self, tensor: Any, index: int, elsewhere: list[tuple[int, Any]]) -> Any:
        try:
            return self._other(tensor, index, elsewhere)
        except Exception:
            return UNREAD

    def _other(self, tensor: Any, index: int, elsewhere: list[tuple[int, Any]]) -> Any:
        """What is not plain memory in a row: copied so that it is, or taken apart."""
        torch = self._torch
        if not isinstance(tensor, torch.Tensor):
            return self._array(tensor)
        if type(tensor) not in self._plain:
            return self._subclass(tensor, index, elsewhere)
        if tensor.is_meta:
            return UNREAD
        with torch.no_grad(), _Unheard(torch):
            tensor = tensor.detach()
            if tensor.is_nested or tensor.layout is not torch.strided:
                return self._apart(tensor)
            if tensor.is_quantized:
                return self._quantized(tensor)
            if tensor.is_conj():
                tensor = tensor.resolve_conj()
            if tensor.is_neg():
                tensor = tensor.resolve_neg()
            tensor = tensor.contiguous()
            if tensor.numel() == 0:
                return VACUOUS
            if not tensor.is_cpu:
                elsewhere.append((index, tensor))
                return UNREAD
            kind = self._kind(tensor.dtype, tensor.shape)
            if kind is None or not tensor.data_ptr():
                return UNREAD
            return bytes(self._memory(tensor.data_ptr(), kind[1], kind[0]))

    def _subclass(self, tensor: Any, index: int, elsewhere: list[tuple[int, Any]]) -> Any:
        torch = self._torch
        if type(tensor).__name__ == "DTensor":
            return self._other(tensor._local_tensor, index, elsewhere)
        flatten = getattr(tensor, "__tensor_flatten__", None)
        if flatten is not None and type(tensor).__name__ != "FakeTensor":
            names, _ = flatten()
            return Joined(f"{type(tensor).__name__}{{{','.join(names)}}}", self.of_all([getattr(tensor, name) for name in names]), True)
        if flatten is None and getattr(type(tensor), "__torch_dispatch__", None) in (None, torch._C._disabled_torch_dispatch_impl, torch.Tensor.__torch_dispatch__):
            with _Unheard(torch), torch.no_grad():
                return self._other(tensor.detach().as_subclass(torch.Tensor), index, elsewhere)
        return UNREAD

    def _apart(self, tensor: Any) -> Any:
        torch = self._torch
        if tensor.layout is torch.sparse_coo:
            parts = [tensor._indices(), tensor._values()]
        elif tensor.layout in (getattr(torch, name, None) for name in ("sparse_csr", "sparse_bsr")):
            parts = [tensor.crow_indices(), tensor.col_indices(), tensor.values()]
        elif tensor.layout in (getattr(torch, name, None) for name in ("sparse_csc", "sparse_bsc")):
            parts = [tensor.ccol_indices(), tensor.row_indices(), tensor.values()]
        elif tensor.is_nested and tensor.layout is torch.strided:
            parts = list(tensor.unbind())
        else:
            return UNREAD
        layout = "nested" if tensor.is_nested else str(tensor.layout).replace("torch.", "")
        shape = "" if tensor.is_nested else ",".join(map(str, tensor.shape))
        return Joined(f"{layout}({self._names[tensor.dtype]}:{shape};{len(parts)})", self.of_all(parts), True)

    def _quantized(self, tensor: Any) -> Any:
        torch = self._torch
        if tensor.qscheme() in (torch.per_tensor_affine, torch.per_tensor_symmetric):
            parts, scale = [tensor.int_repr()], f"{tensor.q_scale()!r},{tensor.q_zero_point()}"
        else:
            parts, scale = [tensor.int_repr(), tensor.q_per_channel_scales(), tensor.q_per_channel_zero_points()], str(tensor.q_per_channel_axis())
        return Joined(f"quantized({self.text(tensor)};{scale})", self.of_all(parts), True)

    def _array(self, array: Any) -> Any:
        if array.dtype.hasobject:
            return UNREAD
        data = array.tobytes()
        return self._xxh3.of(data, self._xxh3.short(f"numpy.{array.dtype.str}:{','.join(map(str, array.shape))}".encode())) if data else VACUOUS


def _size(dtype: Any) -> int:
    """Bytes of an element."""
    size = getattr(dtype, "itemsize", None)  # from torch 2.1 on; before, the name of each type ends with its bits
    return int(size if size is not None else int("".join(filter(str.isdigit, str(dtype))) or 8) // 8)


class _Unheard:
    """Keeps what we ask of tensors from dispatch modes, the audit's and the program's own."""

    def __init__(self, torch: Any) -> None:
        self._guard: Any = None
        count = getattr(torch._C, "_len_torch_dispatch_stack", None)
        if count is not None and count():
            from torch.utils._python_dispatch import _disable_current_modes

            self._guard = _disable_current_modes()

    def __enter__(self) -> None:
        if self._guard is not None:
            self._guard.__enter__()

    def __exit__(self, *problem: Any) -> None:
        if self._guard is not None:
            self._guard.__exit__(*problem)
