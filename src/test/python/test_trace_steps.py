"""The trace of programs as people write them: what stands in a row, and that it is what the program computed. All in this process."""

from __future__ import annotations

import random
import struct
import sys
import threading
import unittest
import warnings
from typing import Any

import numpy
import torch
import trace_programs as programs
import traces
from reprise_runner.trace.xxh3 import Xxh3
from torch import nn
from torch.nn import functional as F
from tracing import Traced, fingerprint

_XXH3 = Xxh3()


def _traced(program: str, steps: int, **watch: Any) -> traces.Trace:
    with Traced(**watch) as traced:
        programs.PROGRAMS[program]()
    return traced.whole(steps)


def _joined(text: str, *parts: bytes) -> bytes:
    return _XXH3.of(text.encode() + b"\0" + b"".join(parts))


def _step(model: nn.Module, optimizer: torch.optim.Optimizer, x: torch.Tensor) -> None:
    optimizer.zero_grad()
    model(x).square().mean().backward()
    optimizer.step()


class ValuesTest(unittest.TestCase):
    def test_each_column_has_what_it_says(self) -> None:
        programs.seed(3)
        want: list[dict[Any, Any]] = []
        with Traced() as traced:
            model, criterion = programs.Net(), nn.CrossEntropyLoss()
            optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
            for _ in range(3):
                x, y = torch.randn(6, 1, 8, 8), torch.randint(5, (6,))
                random.gauss(0, 1)
                numpy.random.randn()
                row: dict[Any, Any] = {("generator", "torch"): _XXH3.of(torch.get_rng_state().numpy().tobytes()), **_generators("generator")}
                out = model(x)
                loss = criterion(out, y)
                row |= {("batch", ""): fingerprint(x), ("output", ""): fingerprint(out), ("batch", "<CrossEntropyLoss>"): _joined("(C,T,)", fingerprint(y))}
                row |= {("loss", ""): fingerprint(loss), ("output", "<CrossEntropyLoss>"): fingerprint(loss), ("loss-value", ""): loss.item()}
                optimizer.zero_grad()
                loss.backward()
                row |= {("accumulated", name): fingerprint(parameter.grad) for name, parameter in model.named_parameters()}
                nn.utils.clip_grad_norm_(model.parameters(), 0.01)
                row |= {("gradient", name): fingerprint(parameter.grad) for name, parameter in model.named_parameters()}
                optimizer.step()
                row |= {("parameter", name): fingerprint(parameter) for name, parameter in model.named_parameters()}
                row |= {("optimizer", f"{name}.momentum_buffer"): fingerprint(optimizer.state[parameter]["momentum_buffer"]) for name, parameter in model.named_parameters()}
                row |= {("buffer", name): fingerprint(buffer) for name, buffer in model.named_buffers()}
                row |= {("generator-end", "torch"): _XXH3.of(torch.get_rng_state().numpy().tobytes()), **_generators("generator-end")}
                want.append(row)
        trace = traced.whole(3)
        for found, row in zip(trace.rows.values(), want):
            self.assertEqual({}, {key: value for key, value in row.items() if found.get(key) != value})
            self.assertEqual({("output", name) for name in ("conv1", "norm", "conv2", "drop", "fc")}, set(found) - set(row))
        first = want[0]
        self.assertNotEqual(first["accumulated", "fc.weight"], first["gradient", "fc.weight"], "clipping is between the two")

    def test_columns_stand_in_causal_order(self) -> None:
        trace = _traced("convolutions", 4)
        kinds = [kind for kind, _ in trace.columns]
        self.assertEqual(
            ["generator", "batch", "output", "batch", "output", "loss", "loss-value", "accumulated", "gradient", "parameter", "optimizer", "buffer", "generator-end"],
            [kind for at, kind in enumerate(kinds) if at == 0 or kinds[at - 1] != kind],
        )
        self.assertEqual(["conv1", "norm", "conv2", "drop", "fc", "", "<CrossEntropyLoss>"], trace.names("output"))
        self.assertEqual(["norm.running_mean", "norm.running_var", "norm.num_batches_tracked"], trace.names("buffer"))
        self.assertEqual([True] * 4, [len(set(trace.of("batch"))) == 4] * 4)

    def test_generators_are_read_where_they_lie_and_as_they_are_given_out(self) -> None:
        from reprise_runner.trace.generators import Generators, _NumpyState, _PythonState

        generators = Generators(torch, _XXH3)
        for draw in (lambda: None, random.random, lambda: random.gauss(0, 1), numpy.random.rand, numpy.random.randn, lambda: numpy.random.seed(3), lambda: random.seed(3)):
            draw()
            found = dict(generators.read())
            self.assertEqual(_XXH3.of(_PythonState._slow(random.getstate())), found["python"])
            self.assertEqual(_XXH3.of(_NumpyState._slow(numpy.random.mtrand._rand)), found["numpy"])
        self.assertIsNotNone(generators._python._at)
        self.assertIsNotNone(generators._numpy._left)
        before = numpy.random.get_bit_generator() if hasattr(numpy.random, "get_bit_generator") else None
        if before is not None:
            numpy.random.set_bit_generator(numpy.random.PCG64(1))
            try:
                first = dict(generators.read())["numpy"]
                numpy.random.rand()
                self.assertNotEqual(first, dict(generators.read())["numpy"])
            finally:
                numpy.random.set_bit_generator(before)


def _generators(kind: str) -> dict[Any, Any]:
    version, words, left = random.getstate()
    python = struct.pack("<I624I", words[624], *words[:624]) + (b"" if left is None else struct.pack("<d", left))
    name, keys, position, has, gauss = numpy.random.get_state()
    return {(kind, "python"): _XXH3.of(python), (kind, "numpy"): _XXH3.of(keys.tobytes() + struct.pack("<iid", position, has, gauss))}


class ProgramsTest(unittest.TestCase):
    def test_several_models_and_optimizers_share_the_steps(self) -> None:
        trace = _traced("gan", 6)
        self.assertEqual(["0.weight", "0.bias", "2.weight", "2.bias"], trace.names("parameter")[:4], "the critic, which is called first")
        self.assertEqual([f"#2.{name}" for name in ("0.weight", "0.bias", "2.weight", "2.bias")], trace.names("parameter")[4:])
        for name, steps in (("0.weight", {0, 2, 4}), ("#2.0.weight", {1, 3, 5})):
            found = trace.of("gradient", name)
            self.assertEqual(steps, {step for step, value in enumerate(found) if value is not None})
            parameters = trace.of("parameter", name)
            self.assertEqual(steps - {0, 1}, {step for step in range(1, 6) if parameters[step] != parameters[step - 1]} - {1}, name)
        self.assertNotIn(None, trace.of("parameter", "0.weight") + trace.of("parameter", "#2.0.weight"))
        self.assertEqual([True, False] * 3, [value is not None for value in trace.of("output", "#2.")])
        order = [column for column in trace.segments[0].columns if column[0] in ("batch", "output")]
        self.assertLess(order.index(("output", "#2.")), len(order))

    def test_a_target_network_is_watched_though_it_has_no_gradients_and_is_written_behind_its_back(self) -> None:
        trace = _traced("target", 3)
        self.assertEqual(["0.weight", "0.bias", "2.weight", "2.bias"], trace.names("parameter"))
        self.assertEqual(["#2.0.weight", "#2.0.bias", "#2.2.weight", "#2.2.bias"], trace.names("buffer"))
        self.assertEqual(3, len(set(trace.of("buffer", "#2.0.weight"))))
        self.assertEqual([""], trace.names("batch"), "forwards without gradients are columns of nothing")

    def test_accumulated_gradients_are_those_of_the_last_backward(self) -> None:
        trace = _traced("accumulation", 3)
        self.assertEqual(trace.of("accumulated", "0.weight"), trace.of("gradient", "0.weight"))
        self.assertNotIn(None, trace.of("batch"))
        self.assertEqual(3, len(set(trace.of("loss"))))

    def test_calls_of_one_step_are_together(self) -> None:
        inputs, outputs, losses = [], [], []
        with Traced() as traced:
            model = nn.Linear(2, 1)
            optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
            for _ in range(3):
                inputs.append(torch.randn(4, 2))
                out = model(inputs[-1])
                outputs.append(fingerprint(out))
                losses.append(out.square().mean())
                losses[-1].backward()
            optimizer.step()
        row = traced.whole(1).rows[0]
        self.assertEqual(_joined("calls:3", *map(fingerprint, inputs)), row["batch", ""])
        self.assertEqual(_joined("calls:3", *outputs), row["output", ""])
        self.assertEqual(_joined("losses:3", *map(fingerprint, losses)), row["loss", ""])
        self.assertAlmostEqual(sum(loss.item() for loss in losses) / 3, row["loss-value", ""])

    def test_a_step_that_was_skipped_is_none(self) -> None:
        with Traced() as traced:
            programs.scaled()
        self.assertLess(0, traced.said["steps"])
        self.assertLess(traced.said["steps"], 5)
        trace = traced.whole()
        self.assertNotEqual(trace.of("accumulated", "0.weight"), trace.of("gradient", "0.weight"), "scaled, and unscaled")

    def test_frozen_layers_are_buffers_until_an_optimizer_has_them(self) -> None:
        trace = _traced("frozen", 4)
        frozen, taken = trace.of("buffer", "0.weight"), trace.of("parameter", "0.weight")
        self.assertEqual([True, True, False, False], [value is not None for value in frozen])
        self.assertEqual([False, False, True, True], [value is not None for value in taken])
        self.assertEqual(frozen[0], frozen[1])
        self.assertNotEqual(taken[2], taken[3])
        self.assertEqual([[0, 1], [2, 3]], [segment.steps for segment in trace.segments])
        self.assertEqual([None, None], trace.of("gradient", "0.weight")[:2])

    def test_closures_give_the_gradients_that_the_step_found(self) -> None:
        trace = _traced("closures", 3)
        self.assertEqual(trace.of("accumulated", "0.weight"), trace.of("gradient", "0.weight"))
        self.assertEqual(3, len(set(trace.of("gradient", "0.weight"))))
        self.assertIn("0.weight.old_dirs", trace.names("optimizer"))
        self.assertNotIn(traces.UNREAD, [value for row in trace.rows.values() for value in row.values()])
        self.assertNotIn(None, trace.of("generator", "torch"))

    def test_steps_within_the_backward_pass_have_a_row_each(self) -> None:
        if not hasattr(torch.Tensor, "register_post_accumulate_grad_hook"):
            self.skipTest("torch before 2.1 has no hook for it")
        with Traced() as traced:
            model = programs.mlp()
            optimizers = {parameter: torch.optim.SGD([parameter], lr=0.1, momentum=0.9) for parameter in model.parameters()}

            def update(parameter: torch.Tensor) -> None:
                optimizers[parameter].step()
                optimizers[parameter].zero_grad()

            for parameter in model.parameters():
                parameter.register_post_accumulate_grad_hook(update)
            for _ in range(2):
                model(torch.randn(3, 4)).square().mean().backward()
        trace = traced.whole(8)
        for kind in ("gradient", "parameter"):
            self.assertEqual([1] * 8, [len([key for key in row if key[0] == kind]) for row in trace.rows.values()])
        self.assertEqual([True, False, False, False] * 2, [value is not None for value in trace.of("output")])

    def test_a_step_within_a_step_is_one(self) -> None:
        trace = _traced("subclass", 3)
        programs.subclass()
        self.assertEqual(3, len(set(trace.of("parameter", "0.weight"))))

    def test_without_an_optimizer_a_backward_is_a_step_and_what_is_done_by_hand_belongs_to_it(self) -> None:
        want = []
        with Traced() as traced:
            model = nn.Linear(4, 1)
            for _ in range(3):
                model.zero_grad()
                model(torch.randn(5, 4)).square().mean().backward()
                for parameter in model.parameters():
                    parameter.data.add_(parameter.grad, alpha=-0.1)
                want.append(fingerprint(model.weight))
        trace = traced.whole(3)
        self.assertEqual((["weight", "bias"], [], []), (trace.names("parameter"), trace.names("gradient"), trace.names("buffer")))
        self.assertEqual(want, trace.of("parameter", "weight"))
        self.assertEqual(["weight", "bias"], _traced("by_hand", 3).names("parameter"), "gone at the end, and absent from the last row")

    def test_an_optimizer_that_was_made_before_the_watching_began_is_known_when_it_steps(self) -> None:
        model = programs.mlp()
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        with Traced() as traced:
            for _ in range(3):
                _step(model, optimizer, torch.ones(3, 4))
        trace = traced.whole(3)
        self.assertNotIn(None, trace.of("batch") + trace.of("gradient", "0.weight") + trace.of("generator", "torch"))

    def test_an_optimizer_that_never_steps_is_said(self) -> None:
        with Traced() as traced:
            model = nn.Linear(2, 1)
            torch.optim.SGD(model.parameters(), lr=0.1)
            for _ in range(2):
                model(torch.randn(3, 2)).sum().backward()
        self.assertEqual(("incomplete", 0), (traced.said["state"], traced.said["steps"]))
        self.assertIn("never stepped", traced.said["why"][0])

    def test_a_program_that_does_not_train_has_no_steps(self) -> None:
        with Traced() as traced, torch.no_grad():
            nn.Linear(2, 1)(torch.randn(3, 2))
        self.assertEqual({"state": "no-steps", "steps": 0, "segments": 0, "rank": None, "worldSize": None, "why": []}, traced.said)
        self.assertIsNone(traced.trace)

    def test_tensors_of_no_module_are_named_by_their_optimizer(self) -> None:
        trace = _traced("raw", 3)
        self.assertEqual(["@1.0.0", "@1.1.0"], trace.names("parameter"))
        self.assertEqual(["@1.0.0", "@1.1.0"], trace.names("gradient"))
        self.assertNotIn(None, trace.of("generator", "torch"))
        self.assertEqual([], trace.names("batch"))

    def test_nested_inputs_and_outputs_count_whole(self) -> None:
        def run(**changed: Any) -> dict[Any, Any]:
            with Traced() as traced:
                programs.nested(**changed)
            return traced.whole(2).rows[0]

        before = run()
        self.assertEqual(before["batch", ""], run()["batch", ""])
        for change in ({"scale": 0.25}, {"flag": "b"}, {"ids": 4}):
            found = run(**change)
            self.assertNotEqual(before["batch", ""], found["batch", ""], change)
            self.assertNotEqual(before["output", ""], found["output", ""], change)
        self.assertNotIn(before["batch", ""], (traces.UNREAD, traces.VACUOUS))

    def test_sparse_gradients_and_modules_of_no_model(self) -> None:
        trace = _traced("recurrent", 6)
        self.assertEqual(["weight"], [name for name in trace.names("parameter") if not name.startswith("#")])
        self.assertIn("#2.weight_hh_l1", trace.names("parameter"))
        self.assertNotIn(traces.UNREAD, trace.of("gradient", "weight") + trace.of("output", "#2."))

    def test_what_checkpointing_calls_in_the_backward_pass_is_no_forward(self) -> None:
        trace = _traced("checkpointed", 3)
        model = programs.Checkpointed()
        with Traced() as traced:
            out: list[bytes] = []
            model.first[2].register_forward_hook(lambda module, args, found: out.append(fingerprint(found)))
            _step(model, torch.optim.SGD(model.parameters(), lr=0.1), torch.randn(3, 4))
        self.assertEqual(2, len(out), "it is called again")
        self.assertEqual(out[0], traced.whole(1).rows[0]["output", "first.2"])
        self.assertIn("drop", trace.names("output"))

    def test_parts_have_their_names_in_the_whole_that_is_never_called(self) -> None:
        trace = _traced("parts", 3)
        self.assertEqual(["encoder.0.weight", "encoder.0.bias", "encoder.2.weight", "encoder.2.bias", "decoder.weight", "decoder.bias"], trace.names("parameter"))
        self.assertEqual(["encoder"], trace.names("batch"), "the decoder got only what was computed")
        self.assertEqual(["encoder.0", "encoder.1", "encoder.2", "encoder", "decoder"], trace.names("output"))

    def test_models_made_again_take_the_place_of_those_that_are_gone(self) -> None:
        trace = _traced("folds", 8)
        self.assertEqual((1, ["0.weight", "0.bias", "2.weight", "2.bias"]), (len(trace.segments), trace.names("parameter")))

    def test_what_is_added_while_it_trains_begins_a_segment(self) -> None:
        trace = _traced("grown", 4)
        self.assertEqual([[0, 1], [2, 3]], [segment.steps for segment in trace.segments])
        self.assertEqual([False, False, True, True], [value is not None for value in trace.of("parameter", "layers.1.weight")])
        self.assertNotIn(None, trace.of("parameter", "head.weight"))

    def test_a_tied_weight_has_one_name(self) -> None:
        trace = _traced("tied", 3)
        names = trace.names("parameter")
        self.assertEqual(len(names), len(set(names)))
        self.assertEqual(["embedding.weight"], [name for name in names if name in ("embedding.weight", "head.weight")])
        self.assertEqual(2, len([name for name in names if name.startswith("body.parametrizations.weight")]))

    def test_what_raised_and_was_caught_is_no_step(self) -> None:
        trace = _traced("retried", 2)
        self.assertEqual([0, 1], list(trace.rows))
        self.assertEqual(["0", "1", "2", ""], trace.names("output"))

    def test_scripted_traced_and_exported_models_are_watched_from_outside(self) -> None:
        for program, steps in (("scripted", 6), ("exported", 4), ("penalized", 2)):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # torch.jit is deprecated
                trace = _traced(program, steps)
            self.assertTrue(all({"batch", "output"} <= {kind for kind, _ in row} for row in trace.rows.values()), program)
            self.assertLessEqual({"0.weight", "0.bias", "2.weight", "2.bias"}, set(trace.names("parameter")), program)
            self.assertNotIn(traces.UNREAD, [value for row in trace.rows.values() for value in row.values()], program)

    def test_compiled_models_have_their_batch_and_output_under_the_model_s_names(self) -> None:
        torch.compiler.reset()
        model = programs.Net()
        for make in (lambda: torch.compile(model, backend="eager"), lambda: model.compile(backend="eager") or model):
            fast = make()
            optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
            with Traced() as traced:
                for _ in range(2):
                    x = torch.randn(6, 1, 8, 8)
                    optimizer.zero_grad()
                    out = fast(x)
                    want = fingerprint(x), fingerprint(out)
                    out.square().mean().backward()
                    optimizer.step()
            trace = traced.whole(2)
            self.assertEqual([("batch", ""), ("output", "")], [column for column in trace.columns if column[0] in ("batch", "output")])
            self.assertEqual(want, (trace.of("batch")[-1], trace.of("output")[-1]))
            self.assertEqual([name for name, _ in model.named_parameters()], trace.names("parameter"))

    def test_a_compiled_step_is_seen_from_without(self) -> None:
        torch.compiler.reset()
        model = programs.mlp()
        want = []
        with Traced() as traced:
            optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
            step = torch.compile(optimizer.step, backend="eager")
            for _ in range(3):
                optimizer.zero_grad()
                model(torch.randn(6, 4)).square().mean().backward()
                gradient = fingerprint(model[0].weight.grad)
                step()
                want.append((gradient, fingerprint(model[0].weight), fingerprint(optimizer.state[model[0].weight]["momentum_buffer"])))
        trace = traced.whole(3)
        found = zip(trace.of("gradient", "0.weight"), trace.of("parameter", "0.weight"), trace.of("optimizer", "0.weight.momentum_buffer"))
        self.assertEqual(want, list(found))
        with Traced() as traced:
            optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
            inner = torch.compile(lambda: optimizer.step(), backend="eager")
            for _ in range(2):
                optimizer.zero_grad()
                model(torch.randn(6, 4)).square().mean().backward()
                inner()
        self.assertEqual("incomplete", traced.said["state"], "within a compiled function nothing is seen, and that is said")

    def test_nothing_of_ours_is_in_a_compiled_graph(self) -> None:
        from reprise_runner.harness import _stay_eager
        from torch._dynamo import trace_rules

        _stay_eager(trace_rules)  # as the harness does when it is imported
        graphs: list[str] = []

        def backend(graph: Any, inputs: Any) -> Any:
            graphs.append(graph.print_readable(print_output=False))
            return graph

        model = programs.Nested()
        model.inner[0].register_forward_hook(lambda module, args, found: found * 1.5)  # so that torch takes the long way through Module.__call__

        def run() -> dict[str, int]:
            optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
            torch.compiler.reset()
            torch._dynamo.utils.counters.clear()
            graphs.clear()
            inner = torch.compile(model.inner, backend=backend, fullgraph=True)
            whole = torch.compile(lambda x: inner(x).square().mean() + model.inner(x).sum(), backend=backend)
            step = torch.compile(optimizer.step, backend=backend)
            for _ in range(2):
                optimizer.zero_grad()
                whole(torch.ones(3, 4)).backward()
                step()
            return dict(torch._dynamo.utils.counters["graph_break"])

        module, optim = torch.nn.modules.module, sys.modules["torch.optim.optimizer"]
        with Traced() as traced:
            breaks, seen = run(), list(graphs)
        traced.whole(2)
        hooks = (optim._global_optimizer_pre_hooks, optim._global_optimizer_post_hooks)
        saved = [dict(one) for one in hooks]
        nn.Module.__call__ = module._reprise_original
        wrapper, torch.compile = torch.compile, torch.compile.__wrapped__
        for one in hooks:
            one.clear()
        try:
            torch._dynamo.utils.unpatched_nn_module_call = nn.Module.__call__
            self.assertEqual((run(), graphs), (breaks, seen))
        finally:
            torch.compile = wrapper
            nn.Module.__call__ = module._reprise_call
            torch._dynamo.utils.unpatched_nn_module_call = nn.Module.__call__
            for one, entries in zip(hooks, saved):
                one.update(entries)
        self.assertTrue(seen)


class AskedTest(unittest.TestCase):
    def test_every_nth_step_has_a_row(self) -> None:
        every = _traced("accumulation", 3)
        trace = _traced("accumulation", 3, every=2)
        self.assertEqual([0, 2], list(trace.rows))
        self.assertEqual([every.rows[0], every.rows[2]], list(trace.rows.values()))
        self.assertEqual(2, trace.segments[0].header["every"])

    def test_a_kind_is_one_column_where_that_is_asked(self) -> None:
        trace = _traced("convolutions", 4, tensors="sum")
        self.assertEqual(["*"], trace.names("parameter"))
        self.assertEqual(
            ["batch", "output", "loss", "loss-value", "accumulated", "gradient", "parameter", "optimizer", "buffer"],
            [kind for kind, _ in trace.columns if not kind.startswith("generator")],
        )
        every = _traced("convolutions", 4).rows[0]
        names = [name for name, _ in programs.Net().named_parameters()]
        self.assertEqual(_joined("\n".join(names), *(every["parameter", name] for name in names)), trace.rows[0]["parameter", "*"])

    def test_patterns_leave_the_rest_together(self) -> None:
        trace = _traced("convolutions", 4, tensors=["conv?.weight", "*.bias"])
        self.assertEqual(["conv1.weight", "conv1.bias", "norm.bias", "conv2.weight", "conv2.bias", "fc.bias", "*"], sorted(trace.names("parameter"), key=lambda name: name == "*"))
        self.assertEqual(["*"], trace.names("output"))

    def test_at_half_of_the_budget_columns_become_one_a_kind_and_at_its_end_the_trace_ends(self) -> None:
        def run(budget: int) -> Traced:
            model = programs.mlp()
            optimizer = torch.optim.Adam(model.parameters())
            with Traced(budget=budget) as traced:
                for _ in range(40):
                    _step(model, optimizer, torch.ones(3, 4))
            return traced

        whole = run(1 << 20).whole(40)
        self.assertEqual(1, len(whole.segments))
        traced = run(18_000)
        assert traced.trace is not None
        self.assertEqual(("incomplete", 40), (traced.said["state"], traced.said["steps"]))
        self.assertIn("budget", traced.said["why"][0])
        all_columns, summed = traced.trace.segments
        self.assertEqual(["*"], [name for kind, name in summed.columns if kind == "parameter"])
        self.assertGreater(len(all_columns.steps), 3)
        self.assertGreater(len(summed.steps), len(all_columns.steps))
        self.assertEqual(list(range(len(traced.trace.rows))), list(traced.trace.rows))
        again = run(18_000)
        assert again.trace is not None
        self.assertEqual([segment.steps for segment in traced.trace.segments], [segment.steps for segment in again.trace.segments])
        tiny = run(100)
        self.assertEqual((None, "incomplete"), (tiny.trace, tiny.said["state"]))


class FaultsTest(unittest.TestCase):
    def test_what_goes_wrong_within_ends_the_trace_and_not_the_program(self) -> None:
        want = [parameter.clone() for parameter in programs.accumulation()]
        for name in ("before_forward", "entering", "left", "backward", "backward_done", "stepping", "stepped"):
            with Traced() as traced:
                def broken(*args: Any) -> None:
                    raise ValueError("made for this test")

                calls = traced.steps._calls[name]
                calls[:] = [(listener, broken) for listener, _ in calls]
                found = programs.accumulation()
            self.assertTrue(all(torch.equal(one, other) for one, other in zip(want, found)), name)
            self.assertEqual("incomplete", traced.said["state"])
            self.assertIn("ValueError: made for this test", traced.said["why"][0])

    def test_steps_of_another_thread_are_said(self) -> None:
        model = programs.mlp()
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        with Traced() as traced:
            _step(model, optimizer, torch.ones(3, 4))
            thread = threading.Thread(target=_step, args=(model, optimizer, torch.ones(3, 4)))
            thread.start()
            thread.join()
        self.assertEqual(("incomplete", 1), (traced.said["state"], traced.said["steps"]))
        self.assertIn("another thread", traced.said["why"][0])
        with Traced() as traced:
            thread = threading.Thread(target=_step, args=(model, optimizer, torch.ones(3, 4)))
            thread.start()
            thread.join()
        self.assertIn(("output", ""), traced.whole(1).columns)

    def test_a_program_that_closes_our_file_gets_none_of_our_rows(self) -> None:
        import os
        import tempfile

        model = programs.mlp()
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        with Traced() as traced, tempfile.TemporaryDirectory() as folder:
            _step(model, optimizer, torch.ones(3, 4))
            number = traced.tracer._segments._file
            os.close(number)
            with open(os.path.join(folder, "theirs"), "wb") as file:
                self.assertEqual(number, file.fileno())
                _step(model, optimizer, torch.ones(3, 4))
                self.assertEqual(0, os.fstat(number).st_size)
        self.assertEqual([0, 1], list(traced.whole(2).rows))


if __name__ == "__main__":
    unittest.main()
