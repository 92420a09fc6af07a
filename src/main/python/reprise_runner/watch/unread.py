"""Tensors of which an operator does not read, or does not write, what is in them: memory that nobody has written yet has whatever was there before."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_UNWRITTEN = {"empty", "empty_like", "empty_strided", "empty_permuted", "new_empty", "new_empty_strided", "resize_", "resize", "resize_as_", "_resize_output_", "set_"}
_OVERWRITE = {
    "bernoulli_", "cauchy_", "copy_", "exponential_", "fill_", "geometric_", "log_normal_", "normal_", "random_", "set_", "uniform_", "zero_", "resize_", "_foreach_zero_",
    "_foreach_copy_",
}  # fmt: skip


def _base(operator: str) -> str:
    return operator.split(".")[1] if operator.startswith("aten.") else ""


def unwritten(operator: str) -> bool:
    """Whether what an operator gives may be memory as it was found: ``aten.empty.memory_format``."""
    return _base(operator) in _UNWRITTEN


_known: dict[Any, set[Any]] = {}


def reads_nothing(operator: Any) -> set[Any]:
    """The arguments, by position and by name, that an operator only writes to: those called ``out``, and the first of ``fill_`` and its like."""
    found = _known.get(operator)
    if found is None:
        found = {0} if _base(str(operator)) in _OVERWRITE else set()
        for index, argument in enumerate(getattr(getattr(operator, "_schema", None), "arguments", ())):
            if getattr(argument, "is_out", False):
                found |= {index, argument.name}
        _known[operator] = found
    return found
