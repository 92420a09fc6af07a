"""The boundaries of a training program's steps, told to whoever listens: the trace, the audit, the zoom, the flip.

A step is one call of the outermost ``Optimizer.step()`` of any optimizer of the process; all share one counter, from 0. Until the process makes an
optimizer, a step is one backward pass, and it ends where the next one begins: at the next forward or backward, or when the process ends, so that what the
program does to its parameters by hand after the backward belongs to it.

A listener is any object that has some of these methods; each is called on the thread that trains, in the order in which the listeners were added:

``before_forward(root_name: str | None)``
    Before the first forward of a step, of any root module (one that is not called from within another): ``""`` for the first root of the process,
    ``"#2."`` for the second and so on, with the name below it where only a part of a root was called. ``None`` where a step has no forward of a module: then
    it is called before the first backward, or before ``stepping`` where there is none either. Once a step.
``entering(call: Call)``, ``left(call: Call, result)``
    Before and after each call of a module, roots and those within them.
``backward(tensors: tuple)``, ``backward_done(tensors: tuple)``
    Before and after each outermost ``torch.autograd.backward``; not after one that raised.
``stepping(optimizer, step: int)``
    When the outermost ``step()`` begins, before it changes anything and before its closure is called. ``optimizer`` is ``None`` in a program without one.
``stepped(optimizer, step: int)``
    When the outermost ``step()`` is done, before the trace fingerprints the parameters: what is changed here is in the row of this step.
``row_done(step: int)``
    When the step is over and its row is written, if it has one.
``after_fork()``
    In a forked child. A listener without this method is not called there.
``failed(problem: Exception)``
    The listener raised, and will not be called again. What goes wrong in a listener never reaches the program.

Forwards without gradients (``no_grad``, ``inference_mode``: validation, the choice of an action) are no part of a step, nor is what a backward pass calls
(checkpointing), what other threads than the one that trains do, or what only stands for a forward (``torch.jit.trace``, ``torch.export``, ``vmap``). What
compiled code does within is not seen; ``torch.compile(optimizer.step)`` is a step as any.

All this is called with ``__torch_function__`` off, so that no mode of the program's, nor the audit's, hears what a listener asks of a tensor.
"""

from __future__ import annotations

import functools
import sys
import threading
import weakref

from .names import Names
from .wrapping import wrap

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_EVENTS = ("before_forward", "entering", "left", "backward", "backward_done", "stepping", "stepped", "row_done")

# Compiled under the name of torch's own files and run in their namespace, so that torch.compile takes these for torch's own: there they are traced to nothing.
_CALL = """
def _reprise_call(self, *args, **kwargs):
    if _reprise_compiling():
        return _reprise_original(self, *args, **kwargs)
    return _reprise_around(_reprise_original, self, args, kwargs)
"""
_HOOKS = """
def _reprise_pre(optimizer, args, kwargs):
    if _reprise_compiling():
        return None
    _reprise_stepping(optimizer, args, kwargs)

def _reprise_post(optimizer, args, kwargs):
    if _reprise_compiling():
        return None
    _reprise_stepped(optimizer)
"""


class Call:
    """One call of a module. ``name`` is the module's own, with the prefix of its root; ``depth`` is 0 for a root."""

    __slots__ = ("module", "name", "depth", "args", "kwargs")

    def __init__(self, module: Any, name: str, depth: int, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        self.module, self.name, self.depth, self.args, self.kwargs = module, name, depth, args, kwargs


class Steps:
    """Watches modules, backward passes and optimizers of this process. ``step`` is the number of the step that is under way."""

    def __init__(self) -> None:
        self.step = 0
        self.backwards = 0
        """Outermost backward passes so far."""
        self.names = Names()
        self.made_optimizer = False
        """Whether the process ever made an optimizer."""
        self.other_thread = False
        """Whether a step was made on another thread than the one that trains; it is in no row."""
        self.in_backward = False
        self._listeners: list[Any] = []
        self._calls: dict[str, list[tuple[Any, Callable[..., None]]]] = {event: [] for event in _EVENTS}
        self._optimizers: list[weakref.ref[Any]] = []
        self._thread: int | None = None
        self._depth = 0
        self._muted = False
        self._begun = False
        self._inside: list[Any] = []
        self._pending = False
        self._torch: Any = None

    def add(self, listener: Any) -> None:
        """Before ``install``, or at any time after."""
        self._listeners.append(listener)
        for event in _EVENTS:
            method = getattr(listener, event, None)
            if method is not None:
                self._calls[event].append((listener, method))

    def remove(self, listener: Any) -> None:
        """Takes a listener off; one that is not there is passed over."""
        self._listeners = [one for one in self._listeners if one is not listener]
        for event in _EVENTS:
            self._calls[event] = [entry for entry in self._calls[event] if entry[0] is not listener]

    @property
    def listening(self) -> bool:
        return bool(self._listeners)

    def optimizers(self) -> list[Any]:
        """Those that the process made and still has, in the order in which they were made."""
        return [optimizer for optimizer in (reference() for reference in self._optimizers) if optimizer is not None]

    def install(self, torch: Any) -> None:
        """Hooks torch, once it is imported. Nothing is hooked unless somebody listens."""
        if not self._listeners:
            return
        import importlib

        self._torch = torch
        self._quiet = torch._C.DisableTorchFunction
        self._grad_enabled, self._unreal = torch.is_grad_enabled, _Unreal(torch)
        _call_in(torch.nn.modules.module, torch, self._around)
        optimizer = importlib.import_module("torch.optim.optimizer")
        _hook_in(optimizer, torch, self._pre, self._post)
        for name in ("_patch_step_function", "_hook_for_profile"):  # the second up to torch 2.0
            wrap(optimizer.Optimizer, name, self._made)
        wrap(torch.autograd, "backward", self._backward)
        wrap(torch, "compile", self._compile)

    def finish(self) -> None:
        """When the process ends: completes a step that has no optimizer."""
        if self._pending and not self._inside and self._torch is not None:
            with self._quiet():
                self._end_pending()

    def after_fork(self) -> None:
        """In a forked child, which starts at step 0; listeners that have a method ``after_fork()`` go on there, after it was called, others do not."""
        self.step = self.backwards = 0
        self.other_thread = self.in_backward = self._muted = self._begun = self._pending = False
        self._depth, self._thread = 0, None
        self._inside.clear()
        self._optimizers = []  # the parent's, until one of them steps here
        self.names.restart()
        for listener in list(self._listeners):
            if hasattr(listener, "after_fork"):
                listener.after_fork()
            else:
                self.remove(listener)

    # Everything below is called by torch, or on its way.

    def _tell(self, event: str, *args: Any) -> None:
        for listener, method in self._calls[event]:
            try:
                method(*args)
            except Exception as problem:
                self._failed(listener, problem)

    def _failed(self, listener: Any, problem: Exception) -> None:
        self.remove(listener)
        try:
            listener.failed(problem)
        except Exception:
            pass  # nobody is left to hear it

    def _made(self, original: Any, optimizer: Any, *args: Any, **kwargs: Any) -> Any:
        result = original(optimizer, *args, **kwargs)
        self._know(optimizer)
        return result

    def _compile(self, original: Any, model: Any = None, *args: Any, **kwargs: Any) -> Any:
        """``torch.compile(optimizer.step)``: the hooks are compiled to nothing, so its steps are told of from without."""
        compiled, optimizer = original(model, *args, **kwargs), getattr(model, "__self__", None)
        if compiled is model or getattr(model, "__name__", None) != "step" or not isinstance(optimizer, self._torch.optim.Optimizer):
            return compiled
        compiling = _compiling(self._torch)

        @functools.wraps(compiled)
        def step(*args: Any, **kwargs: Any) -> Any:
            if compiling():
                return compiled(*args, **kwargs)
            self._pre(optimizer, (optimizer, *args), kwargs)
            result = compiled(*args, **kwargs)
            self._post(optimizer)
            return result

        return step

    def _know(self, optimizer: Any) -> None:
        alive = self.optimizers()
        if not any(one is optimizer for one in alive):
            self._optimizers = [weakref.ref(one) for one in (*alive, optimizer)]
        self.made_optimizer = True

    def _on_thread(self, trains: bool = True) -> bool:
        """Whether this is the thread that trains: the first that calls a module with gradients on, unless another makes the first backward pass or step."""
        thread = threading.get_ident()
        if self._thread == thread or (self._thread is None and not trains):
            return True
        if self._thread is None or (trains and self.step == 0 and self.backwards == 0 and self._depth == 0):
            self._thread, self._begun = thread, False
            return True
        return False

    def _around(self, call: Any, module: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """One call of a module."""
        if self._muted or not self._listeners or not self._on_thread(False):
            return call(module, *args, **kwargs)
        if self._depth == 0:
            if self._unreal():
                return self._silently(call, module, args, kwargs)
            if not self._grad_enabled():
                with self._quiet():
                    self._named(self.names.wait, module)
                return self._silently(call, module, args, kwargs)
            if self._thread is None:
                self._thread = threading.get_ident()
            with self._quiet():
                name = self._named(self.names.root, module)
                if self._pending:
                    self._end_pending()
                if not self._begun:
                    self._begun = True
                    self._tell("before_forward", name)
        else:
            name = self._named(self.names.module, module)
        if name is None:
            return call(module, *args, **kwargs)
        told = Call(module, name, self._depth, args, kwargs)
        if self._calls["entering"]:
            with self._quiet():
                self._tell("entering", told)
        self._depth += 1
        try:
            if type(module).__name__ == "OptimizedModule" or getattr(module, "_compiled_call_impl", None) is not None:
                result = self._silently(call, module, args, kwargs)
            else:
                result = call(module, *args, **kwargs)
        finally:
            self._depth -= 1
        if self._calls["left"]:
            with self._quiet():
                self._tell("left", told, result)
        return result

    def _named(self, naming: Any, module: Any) -> Any:
        """A module's name; what goes wrong in finding it ends the watching, not the program."""
        try:
            return naming(module)
        except Exception as problem:
            for listener in list(self._listeners):
                self._failed(listener, problem)
            return None

    def _silently(self, call: Any, module: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        self._muted = True
        try:
            return call(module, *args, **kwargs)
        finally:
            self._muted = False

    def _backward(self, original: Any, *args: Any, **kwargs: Any) -> Any:
        if self._muted or not self._listeners or not self._on_thread():
            return original(*args, **kwargs)
        with self._quiet():
            tensors = _tensors(args, kwargs)
            if self._pending and not self._begun:
                self._end_pending()
            if not self._begun:
                self._begun = True
                self._tell("before_forward", None)
            self._tell("backward", tensors)
        self._muted = self.in_backward = True
        try:
            result = original(*args, **kwargs)
        finally:
            self._muted = self.in_backward = False
        self.backwards += 1
        with self._quiet():
            self._tell("backward_done", tensors)
            if not self.made_optimizer:
                self._pending, self._begun = True, False
                self._tell("stepping", None, self.step)
        return result

    def _end_pending(self) -> None:
        self._pending = False
        self._end(None)

    def _end(self, optimizer: Any) -> None:
        self._tell("stepped", optimizer, self.step)
        self._begun = False
        step, self.step = self.step, self.step + 1
        self._tell("row_done", step)

    def _pre(self, optimizer: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        if not self._listeners:
            return
        if not self._on_thread():
            self.other_thread = True
            return
        if self._inside and not _within_a_step(sys._getframe(2)):
            self._inside.clear()  # one that raised, and never came to its end
        self._inside.append(optimizer)
        if len(self._inside) > 1:
            return
        if not any(reference() is optimizer for reference in self._optimizers):  # made before us: the backward pass was not a step, but this one's
            self._know(optimizer)
            self._begun, self._pending = self._begun or self._pending, False
        with self._quiet():
            if self._pending:
                self._end_pending()
            if not self._begun and not _closure(args, kwargs):
                self._begun = True
                self._tell("before_forward", None)
            self._tell("stepping", optimizer, self.step)

    def _post(self, optimizer: Any) -> None:
        if not self._inside or not self._on_thread():
            return
        while self._inside and self._inside.pop() is not optimizer:
            pass  # one within that raised, which the outer one caught
        if self._inside:
            return
        with self._quiet():
            self._end(optimizer)


class _Unreal:
    """Tells whether a module is called with what only stands for tensors: by torch.jit.trace, which would take down what is asked of them, by torch.export, or
    within ``vmap`` and the other transformations of torch.func.
    """

    def __init__(self, torch: Any) -> None:
        self._tracing = torch._C._get_tracing_state
        interpreters = getattr(getattr(torch._C, "_functorch", None), "peek_interpreter_stack", None)
        self._transforming = getattr(torch._C, "_are_functorch_transforms_active", None) or interpreters or (lambda: None)
        self._modes = getattr(torch._C, "_len_torch_dispatch_stack", None) or (lambda: 0)
        self._mode = getattr(torch._C, "_get_dispatch_stack_at", None)

    def __call__(self) -> bool:
        if self._tracing() is not None or self._transforming():
            return True
        count = self._modes()
        return count > 0 and self._mode is not None and any(type(self._mode(at)).__name__ in ("FakeTensorMode", "ProxyTorchDispatchMode") for at in range(count))


def _closure(args: tuple[Any, ...], kwargs: dict[str, Any]) -> bool:
    """Whether ``step`` was given something to call, which will do the forward and the backward."""
    return any(callable(value) for value in (*args[1:], *kwargs.values()))


def _tensors(args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any, ...]:
    given = args[0] if args else kwargs.get("tensors", ())
    return tuple(given) if isinstance(given, (tuple, list)) else (given,)


def _within_a_step(frame: Any) -> bool:
    """Whether a frame further out than ``frame``, torch's wrapper of ``step``, is one of the same code."""
    code, frame = frame.f_code, frame.f_back
    while frame is not None:
        if frame.f_code is code:
            return True
        frame = frame.f_back
    return False


def _compiling(torch: Any) -> Any:
    """What torch.compile knows to be true while it traces."""
    compiler = getattr(torch, "compiler", None)
    return getattr(compiler, "is_compiling", None) or getattr(torch._utils, "is_compiling", None) or (lambda: False)


def _run_in(module: Any, source: str, names: dict[str, Any]) -> None:
    module.__dict__.update(names)
    exec(compile(source, module.__file__, "exec"), module.__dict__)


def _call_in(module: Any, torch: Any, around: Any) -> None:
    """Puts ``around`` about each call of a module. In the place of ``Module.__call__``, since a hook would be told of by warnings, pickled, or compiled."""
    original = module.Module.__call__
    if original is module.__dict__.get("_reprise_call"):
        return
    _run_in(module, _CALL, {"_reprise_compiling": _compiling(torch), "_reprise_original": original, "_reprise_around": around})
    module.Module.__call__ = module._reprise_call
    utils = sys.modules.get("torch._dynamo.utils")
    if utils is not None and getattr(utils, "unpatched_nn_module_call", None) is original:
        utils.unpatched_nn_module_call = module._reprise_call
        other = sys.modules.get("torch._dynamo.variables.nn_module")
        if other is not None:
            other.unpatched_nn_module_call = module._reprise_call


def _hook_in(module: Any, torch: Any, stepping: Any, stepped: Any) -> None:
    if "_reprise_pre" in module.__dict__:
        return
    _run_in(module, _HOOKS, {"_reprise_compiling": _compiling(torch), "_reprise_stepping": stepping, "_reprise_stepped": stepped})
    module.register_optimizer_step_pre_hook(module._reprise_pre)
    module.register_optimizer_step_post_hook(module._reprise_post)
