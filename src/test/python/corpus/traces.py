"""Pairs of runs with traces."""

import json
import struct
from typing import Any, Callable

from formats import f32, safetensors
from run import Json, Run, cancelled, failed, observed, succeeded
from trace_files import (ABSENT, UNREAD, VACUOUS, Column, TraceFiles, column, entry, fingerprint, framed, header, number)

Case = Callable[..., None]

GENERATOR, BATCH = column("generator", "torch"), column("batch", "0")
HIDDEN, OUTPUT = column("output", "fc1"), column("output", "")
LOSS, VALUE = column("loss", ""), column("loss-value", "")
ACCUMULATED, GRADIENT = column("accumulated", "fc1.weight"), column("gradient", "fc1.weight")
PARAMETER, OPTIMIZER = column("parameter", "fc1.weight"), column("optimizer", "fc1.weight.exp_avg")
BUFFER, END = column("buffer", "bn.running_mean"), column("generator-end", "torch")
COLUMNS = [GENERATOR, BATCH, HIDDEN, OUTPUT, LOSS, VALUE, ACCUMULATED, GRADIENT, PARAMETER, OPTIMIZER, BUFFER, END]

ASKED: Json = {"trace": {"every": 1, "tensors": "all", "budget": 1 << 30}}
MODEL = {"model.safetensors": safetensors([("w", "F32", [2], f32(0.5, 0.25))])}
OTHER = {"model.safetensors": safetensors([("w", "F32", [2], f32(0.5, 0.75))])}


def cells(step: int, columns: list[Column], part: tuple[int, Column] | None = None, only: bool = False,
          healed: int | None = None, noise: Any = None) -> dict[Column, bytes]:
    """What a deterministic program would show; from its part on, what follows from it is another."""
    found = {}
    for of in columns:
        other = False
        if part is not None and step >= part[0] and (healed is None or step < healed):
            at, first = part
            random = of[0] in ("generator", "generator-end")
            if only or random or first[0] in ("generator", "generator-end"):
                other = of == first
            elif of[0] == "batch":
                other = first[0] == "batch"
            else:
                other = step > at or COLUMNS.index(of) >= COLUMNS.index(first)
        if of[0] == "loss-value":
            found[of] = number((2.0 if other else 1.0) / (step + 1))
        else:
            found[of] = fingerprint(of, step, other, noise if of[0] in ("batch", "output", "loss") else None)
    return found


def trace(steps: int = 8, columns: list[Column] | None = None, every: int = 1, change: dict[Column, bytes] | None = None,
          rank: int | None = None, world: int | None = None, more: dict[int, list[Column]] | None = None,
          **parts: Any) -> TraceFiles:
    """more: columns that appear before a step, in a new segment."""
    files = TraceFiles(every=every, rank=rank, worldSize=world)
    now = list(columns if columns is not None else COLUMNS)
    files.begin(now)
    for step in range(0, steps, every):
        if more and step in more:
            now = now + more[step]
            files.begin(now)
        row = cells(step, now, **parts)
        row.update(change or {})
        files.row(step, row)
    return files


def word(steps: int, files: TraceFiles | None, state: str = "whole", why: list[str] | None = None) -> Json:
    return {"state": state, "steps": steps, "segments": len(files.segments) if files else 0, "rank": None,
            "worldSize": None, "why": why or []}


def traced(files: TraceFiles | None, steps: int = 8, outputs: dict[str, bytes] | None = None, state: str = "whole",
           why: list[str] | None = None, altered: dict[str, bytes | None] | None = None, **parts: Any) -> Run:
    lying = dict(files.files()) if files else {}
    for path, content in (altered or {}).items():
        if content is None:
            lying.pop(path)
        else:
            lying[path] = content
    settings = {"spec": ASKED, "record": {"main": observed(trace=word(steps, files, state, why))}} | parts
    return Run(MODEL if outputs is None else outputs, files=lying, **settings)


def traces(case: Case) -> None:
    equal(case)
    parted(case)
    adversaries(case)
    cut(case)
    compared_in_part(case)
    processes(case)
    hostile_traces(case)


def equal(case: Case) -> None:
    one = traced(trace())
    case("trace-identical", "IDENTICAL", "Every step, column and output is equal.", one, one,
         "Identical: over 8 steps (12 columns) and 1 output", trace="present", divergence=None)
    case("trace-alone", "IDENTICAL", "Without outputs the traces are what there is, and that is said.",
         traced(trace(), outputs={}), traced(trace(), outputs={}), ["over 8 steps (12 columns)", "own traces alone"], trace="present")
    case("trace-of-constants-alone", "INCONCLUSIVE", "What never changes is no evidence that anything was computed.",
         traced(trace(columns=[BATCH], change={BATCH: fingerprint("x")}), outputs={}),
         traced(trace(columns=[BATCH], change={BATCH: fingerprint("x")}), outputs={}), "nothing that was compared ever changed")
    vacuous = trace(columns=[BATCH, PARAMETER], change={BATCH: VACUOUS, PARAMETER: ABSENT})
    case("trace-vacuous-alone", "INCONCLUSIVE", "Columns that hashed nothing have seen nothing.", traced(vacuous, outputs={}),
         traced(vacuous, outputs={}), "no column of which both sides have a fingerprint", trace="missing")
    case("trace-generators-alone", "INCONCLUSIVE", "Generators are evidence and no result.",
         traced(trace(columns=[GENERATOR]), outputs={}), traced(trace(columns=[GENERATOR]), outputs={}), "ever changed")
    case("trace-vacuous-column", "IDENTICAL", "A column that hashed nothing counts for nothing.",
         traced(trace(change={BATCH: VACUOUS})), traced(trace(change={BATCH: VACUOUS})), "(11 columns)")
    case("trace-off", "IDENTICAL", "None was asked for on either side.", Run(MODEL, spec={"trace": "off"}), Run(MODEL), "Identical: 1 output",
         trace="off")
    none = Run(MODEL, spec=ASKED, record={"main": observed(trace=word(0, None, "no-steps"))})
    case("trace-without-steps", "IDENTICAL", "A program that makes no step has no trace.", none, none, "Identical: 1 output",
         trace="not-applicable")
    shell = Run(MODEL, record={}, end=succeeded() | {"python": "not-applicable"},
                spec=ASKED | {"runtime": {"type": "python", "command": ["sh", "make.sh"]}})
    case("trace-without-python", "IDENTICAL", "Where no Python was started there is no trace.", shell, shell, "Identical: 1 output",
         trace="not-applicable")
    case("trace-new-segment", "IDENTICAL", "Columns may appear later.", traced(trace(columns=COLUMNS[:8], more={3: COLUMNS[8:]})),
         traced(trace(columns=COLUMNS[:8], more={3: COLUMNS[8:]})), "over 8 steps (12 columns)")
    case("trace-generator-alone-differs", "IDENTICAL", "A generator is no result; that it differs is shown beside.",
         one, traced(trace(part=(3, END))), "Identical: over 8 steps", divergence=None, evidence="3 generator-end torch")


def parted(case: Case) -> None:
    saying = {BATCH: "batch (0); it is the data", HIDDEN: "batch were equal, so it is the forward pass, in that module",
              OUTPUT: "batch were equal, so it is the forward pass, in that module",
              LOSS: "batch and module outputs were equal, so it is how the loss is computed",
              ACCUMULATED: "batch, module outputs and loss were equal, so it is the backward pass",
              GRADIENT: "accumulated gradients were equal, so it is what was done to gradients before the step",
              PARAMETER: "gradients were equal, so it is the optimizer",
              OPTIMIZER: "parameters were equal, so it is the optimizer's state",
              BUFFER: "optimizer state were equal, so it is what the program keeps beside its parameters"}
    named = {BATCH: "batch (0)", HIDDEN: "output of fc1", OUTPUT: "output of the root module", LOSS: "loss",
             ACCUMULATED: "gradient of fc1.weight as it accumulated", GRADIENT: "gradient of fc1.weight",
             PARAMETER: "parameter fc1.weight", OPTIMIZER: "optimizer state fc1.weight.exp_avg",
             BUFFER: "buffer bn.running_mean"}
    for of, reading in saying.items():
        kind, name, _ = of
        label = "root" if of == OUTPUT else kind
        case(f"trace-parts-in-{label}", "DIFFERENT", "The first step and the first column in causal order are named.",
             traced(trace()), traced(trace(part=(5, of)), outputs=OTHER),
             [f"Different: from step 5 on, in the {named[of]}; model.safetensors, first in w"], trace="present",
             divergence=f"5 {kind} {name}", reading=f"step 5, {named[of]}; " if of == BATCH else reading)
    below = [{"knob": "torch.num_threads", "from": 1, "to": 2, "place": "model/train.py:14", "undone": False, "step": 5}]
    files = trace(part=(5, ACCUMULATED))
    case("trace-drift-in-a-folder-below", "DIFFERENT", "A slash in a place ends no name of a process.", traced(trace()),
         traced(files, record={"main": observed(drift=below, trace=word(8, files))}), "torch.num_threads changed at model/train.py:14",
         divergence="5 accumulated fc1.weight", causes=["recipe torch.num_threads changed at model/train.py:14 likely"])
    without = [of for of in COLUMNS if of[0] != "accumulated"]
    case("trace-parts-in-gradient-without-accumulated", "DIFFERENT", "What was not compared is not claimed.",
         traced(trace(columns=without)), traced(trace(columns=without, part=(5, GRADIENT))),
         "from step 5 on, in the gradient of fc1.weight; all outputs are equal", divergence="5 gradient fc1.weight",
         reading="loss were equal, so it is the backward pass, or what was done to gradients")
    case("trace-parts-at-the-first-step", "DIFFERENT", "Weights may differ before the first step.", traced(trace()),
         traced(trace(part=(0, HIDDEN))), "from step 0 on", divergence="0 output fc1", reading="or the weights that it began with")
    case("trace-parts-and-outputs-are-equal", "DIFFERENT", "A trace is a result, whatever the outputs say.", traced(trace()),
         traced(trace(part=(5, PARAMETER))), "from step 5 on, in the parameter fc1.weight; all outputs are equal")
    case("trace-healed", "DIFFERENT", "A difference that goes away again was one.", traced(trace()),
         traced(trace(part=(2, GRADIENT), healed=4)), "from step 2 on", divergence="2 gradient fc1.weight", healed=4)
    both = trace(part=(5, GRADIENT))
    both_other = TraceFiles(every=1, rank=None, worldSize=None)
    both_other.begin(COLUMNS)
    for step in range(8):
        row = cells(step, COLUMNS, part=(5, GRADIENT))
        if step >= 3:
            row[GENERATOR] = fingerprint("another", step)
        both_other.row(step, row)
    case("trace-generator-first", "DIFFERENT", "Results say where they part, a generator why.", traced(trace()),
         traced(both_other), "from step 5 on, in the gradient", divergence="5 gradient fc1.weight", evidence="3 generator torch")
    case("trace-within-a-tolerance", "WITHIN_TOLERANCE", "A tolerance is about numbers; fingerprints have none.",
         traced(trace()), traced(both, outputs=OTHER), ["the traces differ from step 5 on", "no tolerance can be applied"],
         compare={"atol": 1})
    case("trace-differs-and-a-tolerance-is-asked", "WITHIN_TOLERANCE", "Outputs are equal, and the way to them was not.",
         traced(trace()), traced(both), "the traces differ from step 5 on", compare={"atol": 1})
    case("trace-alone-and-a-tolerance", "DIFFERENT", "Without an output nothing shows how far apart the sides are.",
         traced(trace(), outputs={}), traced(both, outputs={}), "from step 5 on", compare={"atol": 1})
    case("trace-one-flipped-bit", "DIFFERENT", "One bit of one tensor in one step.", traced(trace()),
         traced(trace(part=(4, PARAMETER), only=True, healed=5)), "from step 4 on, in the parameter fc1.weight",
         divergence="4 parameter fc1.weight", healed=5)
    case("trace-column-on-one-side", "DIFFERENT", "A parameter that the other side does not have is a difference.",
         traced(trace()), traced(trace(columns=COLUMNS + [column("buffer", "more")])), "from step 0 on, in the buffer more",
         divergence="0 buffer more")
    case("trace-column-that-appears-at-another-step", "DIFFERENT", "Columns are joined by what they are, however segments are cut.",
         traced(trace(columns=COLUMNS[:8], more={3: COLUMNS[8:]})), traced(trace(columns=COLUMNS[:8], more={4: COLUMNS[8:]})),
         "from step 3 on, in the parameter fc1.weight", divergence="3 parameter fc1.weight")
    case("trace-generator-on-one-side", "IDENTICAL", "A library that only one side imported has a generator of its own.",
         traced(trace()), traced(trace(columns=[GENERATOR, column("generator", "numpy")] + COLUMNS[1:])), "over 8 steps",
         evidence="0 generator numpy")


def adversaries(case: Case) -> None:
    """A second model is given what the first has made, so its batch comes later."""
    noise, made, judged = column("batch", "0"), column("output", ""), column("batch", "#2.0")
    order = [noise, made, judged, column("output", "#2.")]

    def run(at: int | None) -> Run:
        files = TraceFiles(every=1, rank=None, worldSize=None)
        files.begin(order)
        for step in range(6):
            files.row(step, {of: fingerprint(of, step, at is not None and step >= at and of != noise) for of in order})
        return traced(files, 6)

    case("trace-of-two-models", "DIFFERENT", "Batches and outputs stand as the program made them.", run(None), run(3),
         "from step 3 on, in the output of the root module", divergence="3 output ",
         reading="batch were equal, so it is the forward pass, in that module")


def cut(case: Case) -> None:
    short = trace(5)
    case("trace-shorter", "DIFFERENT", "One side made more steps.", traced(trace()), traced(short, 5),
         "made 8 steps on the left and 5 on the right; all outputs are equal", divergence="5 steps")
    case("trace-of-no-step-on-one-side", "DIFFERENT", "No step is fewer than eight.", traced(trace()),
         traced(None, 0, state="no-steps"), "made 8 steps on the left and 0 on the right", divergence="0 steps")
    case("trace-cut-short", "INCONCLUSIVE", "Equal as far as it goes proves no more than that.", traced(trace()),
         traced(short, 5, state="incomplete", why=["the budget of 1048576 bytes was used up"]),
         ["incomplete: the budget of 1048576 bytes", "equal through step 4"], trace="missing", missing="the budget of 1048576 bytes")
    case("trace-of-a-cancelled-run", "INCONCLUSIVE", "A run that was cancelled made fewer steps as a matter of course.", traced(trace()),
         traced(short, 5, state="incomplete", end=cancelled()), ["was cancelled", "equal through step 4"])
    case("trace-of-a-cancelled-run-that-says-whole", "INCONCLUSIVE", "Its length proves nothing, whatever it says.", traced(trace()),
         traced(short, 5, end=cancelled()), ["was cancelled", "equal through step 4"])
    case("trace-of-a-cancelled-run-that-differs", "DIFFERENT", "A row is written whole: what differs in it did before the end came.",
         traced(trace()), traced(trace(5, part=(2, LOSS)), 5, state="incomplete", end=cancelled()), "from step 2 on, in the loss",
         divergence="2 loss ")
    case("trace-cut-between-rows", "INCONCLUSIVE", "Only the process's count tells that rows are gone.", traced(trace()),
         traced(short, 8), "says that it made 8 steps", trace="missing", missing="the last row of its trace is of step 4")
    whole = trace().files()["record/main/trace/0000"]
    case("trace-torn-row", "INCONCLUSIVE", "A row that is not whole is not read.", traced(trace()),
         traced(trace(), altered={"record/main/trace/0000": whole[:-7]}), "ends within a row", trace="missing")
    case("trace-torn-row-and-another-difference", "DIFFERENT", "A difference is one, however short a record is.", traced(trace()),
         traced(trace(part=(3, GRADIENT)), altered={"record/main/trace/0000": trace(part=(3, GRADIENT)).files()["record/main/trace/0000"][:-7]}),
         "from step 3 on", trace="missing")
    case("trace-on-one-side", "INCONCLUSIVE", "A trace that is there on one side alone was not compared.", traced(trace()), Run(MODEL),
         "only the left side has a trace", trace="missing")
    case("trace-lost-on-one-side", "INCONCLUSIVE", "A trace that the process speaks of is not there.", traced(trace()),
         traced(None, 8, state="whole"), "is not there", trace="missing")
    case("trace-lost-on-both-sides", "INCONCLUSIVE", "Silence on both sides is no agreement.", traced(None, 8, state="whole"),
         traced(None, 8, state="whole"), "is not there", trace="missing")
    case("trace-asked-for-and-not-spoken-of", "INCONCLUSIVE", "Who asked for a trace is told that there is none.",
         Run(MODEL, spec=ASKED), Run(MODEL, spec=ASKED), "although one was asked for", trace="missing")
    case("trace-asked-for-and-off", "INCONCLUSIVE", "A process cannot decline.", traced(None, 0, state="off"),
         traced(None, 0, state="off"), "although one was asked for", trace="missing")
    case("trace-failed-alike", "IDENTICAL", "A reproduced failure, step by step.",
         traced(trace(5), 5, outputs={}, end=failed("EXIT")), traced(trace(5), 5, outputs={}, end=failed("EXIT")),
         ["over 5 steps", "both ended alike, FAILED"])


def compared_in_part(case: Case) -> None:
    tenth = trace(every=2)
    case("trace-of-every-other-step", "IDENTICAL_EXCEPT", "Steps that both recorded are equal; the others nobody compared.",
         traced(trace()), traced(tenth), ["over 4 steps", "of every single step there is a row on the left, of every 2th on the right"],
         trace="present")
    case("trace-of-every-other-step-parts", "DIFFERENT", "A row says nothing of the steps before it that have none.",
         traced(trace(every=2)), traced(trace(every=2, part=(3, GRADIENT))), "from step 4 on", divergence="4 output fc1",
         reading="or began in one of the 1 steps before it that have no row")
    mixed = list(COLUMNS)
    mixed[COLUMNS.index(PARAMETER)] = column("parameter", "fc1.weight", "mix-128/1")
    case("trace-of-another-algorithm", "IDENTICAL_EXCEPT", "Fingerprints of two algorithms are never compared.", traced(trace()),
         traced(trace(columns=mixed)), ["columns of kind parameter have fingerprints of two algorithms", "(11 columns)"])
    summed = [column(kind, "*" if kind == "gradient" else name) for kind, name, _ in COLUMNS]
    case("trace-summed-on-one-side", "IDENTICAL_EXCEPT", "A sum is not compared with its parts.", traced(trace()),
         traced(trace(columns=summed), spec={"trace": {"every": 1, "tensors": "sum", "budget": 1 << 30}}),
         "columns of kind gradient are summed up on one side only")
    patterns: Json = {"spec": {"trace": {"every": 1, "tensors": ["fc*"], "budget": 1 << 30}}}
    apart = [column("parameter", "*"), column("parameter", "fc1.weight")]
    case("trace-of-patterns-and-a-tensor-more", "DIFFERENT", "The rest is summed up on both sides; what has its own column is not in it.",
         traced(trace(columns=apart), **patterns), traced(trace(columns=apart + [column("parameter", "fc2.weight")]), **patterns),
         "in the parameter fc2.weight", divergence="0 parameter fc2.weight")
    case("trace-of-other-tensors", "IDENTICAL_EXCEPT", "What one side was not asked to watch is no difference.", traced(trace()),
         traced(trace(columns=[of for of in COLUMNS if of != HIDDEN]), spec={"trace": {"every": 1, "tensors": ["x*"], "budget": 1 << 30}}),
         "asked to watch other tensors, among them of kind output")
    case("trace-unread-on-both-sides", "IDENTICAL_EXCEPT", "What could not be fingerprinted was not compared.",
         traced(trace(change={BUFFER: UNREAD})), traced(trace(change={BUFFER: UNREAD})),
         "buffer bn.running_mean could not be fingerprinted")
    case("trace-unread-on-one-side", "INCONCLUSIVE", "A fingerprint has nothing to be compared with.", traced(trace()),
         traced(trace(change={BUFFER: UNREAD})), "buffer bn.running_mean could not be fingerprinted on one side", trace="missing")
    case("trace-absent-against-present", "DIFFERENT", "A gradient that is not there is not the one that is.", traced(trace()),
         traced(trace(change={GRADIENT: ABSENT})), "from step 0 on, in the gradient of fc1.weight")
    case("trace-of-nothing-in-common", "INCONCLUSIVE", "Two algorithms have nothing to say to each other.",
         traced(trace(columns=[PARAMETER]), outputs={}), traced(trace(columns=[mixed[COLUMNS.index(PARAMETER)]]), outputs={}),
         "no column of which both sides have a fingerprint", trace="missing")
    case("trace-segments-cut-otherwise", "IDENTICAL", "Where a segment begins is no result.",
         traced(trace(columns=COLUMNS[:11], more={3: [END]})), traced(trace()), "over 8 steps (12 columns)", evidence="0 generator-end torch")


def processes(case: Case) -> None:
    def child(name: str) -> Json:
        return {"argv": ["python", "train.py"], "kind": "python", "place": "run.py:30", "expected": True, "why": None,
                "record": name, "count": 1}

    def ranks(names: list[str], files: list[TraceFiles], steps: list[int] | None = None) -> Run:
        record = {"main": observed(argv=["torchrun"], children=[child(name) for name in names], trace=word(0, None, "no-steps"))}
        placed: dict[str, bytes] = {}
        for i, name in enumerate(names):
            record[name] = observed(process=name, parent="main", argv=["train.py"],
                                    trace=word((steps or [8] * len(names))[i], files[i]))
            placed |= files[i].files(name)
        return Run(MODEL, record=record, files=placed, spec=ASKED)

    one, two = trace(rank=0, world=2, noise="a"), trace(rank=1, world=2, noise="b")
    case("trace-of-ranks", "IDENTICAL", "Ranks are paired by their number, not by that of their process.",
         ranks(["pid-7", "pid-9"], [one, two]), ranks(["pid-12", "pid-8"], [one, two]), "over 16 steps of 2 processes (24 columns)",
         ranks=[])
    case("trace-of-a-rank-parts", "DIFFERENT", "The smallest step first, then the smallest rank.", ranks(["pid-7", "pid-9"], [one, two]),
         ranks(["pid-7", "pid-9"], [one, trace(rank=1, world=2, noise="b", part=(4, BATCH), only=True)]),
         "from step 4 on, in the batch (0) of rank 1", divergence="4 batch 0", ranks=[])
    apart = trace(rank=1, world=2, noise="b", part=(6, GRADIENT))
    case("trace-of-ranks-that-disagree", "IDENTICAL", "Both runs did the same, and that is not what their author meant.",
         ranks(["pid-7", "pid-9"], [one, apart]), ranks(["pid-7", "pid-9"], [one, apart]), "over 16 steps of 2 processes",
         ranks=["left: ranks 0 and 1 disagree from step 6 on, first in the gradient of fc1.weight",
                "right: ranks 0 and 1 disagree from step 6 on"])
    left = trace(5, rank=1, world=2, noise="b")
    case("trace-of-a-rank-that-left", "DIFFERENT", "A rank that left early is named.", ranks(["pid-7", "pid-9"], [one, two]),
         ranks(["pid-7", "pid-9"], [one, left], [8, 5]), "process pid-9 made 8 steps on the left and 5 on the right",
         ranks=["right: rank 1 left after step 4; others went on until step 7"])
    case("trace-of-a-rank-alone", "DIFFERENT", "A rank that has no partner made steps that nobody else did.",
         ranks(["pid-7", "pid-9"], [one, two]), ranks(["pid-7"], [one]), "process pid-9 made 8 steps on the left and 0 on the right",
         ranks=["right: of 2 ranks 1 left a trace"])
    worker = observed(process="pid-7", parent="main", started="fork", complete=False, argv=["train.py"],
                      trace=word(0, None, "incomplete"))
    fork = child("pid-7") | {"kind": "fork", "why": "ended by its parent with signal 15"}
    loader = traced(trace(), record={"main": observed(children=[fork], trace=word(8, trace())), "pid-7": worker})
    case("trace-beside-a-worker", "IDENTICAL", "A loader's worker that was ended by its parent makes no step.", loader, loader,
         "over 8 steps (12 columns)", trace="present")


def hostile_traces(case: Case) -> None:
    plain = trace().files()["record/main/trace/0000"]
    first = "record/main/trace/0000"
    start = len(header(0, COLUMNS))
    width = 48 + 16 * len(COLUMNS)

    def altered(name: str, why: str, says: str, content: bytes | None, more: dict[str, bytes | None] | None = None,
                **parts: Any) -> None:
        lying = traced(trace(), altered={first: content} | (more or {}), **parts)
        case("trace-" + name, "INCONCLUSIVE", why, lying, lying, says, trace="missing")

    def head(text: Json | bytes, rows: int = 0) -> bytes:
        return framed(text if isinstance(text, bytes) else json.dumps(text).encode(), 48 + 16 * rows)

    base: Json = {"schema": 1, "segment": 0, "every": 1, "rank": None, "worldSize": None, "runtime": "python", "columns": []}
    forged = bytearray(plain)
    forged[start + 3 * width + 40] ^= 1
    case("trace-forged-chain", "INCONCLUSIVE", "A chain that is not that of its rows proves nothing.",
         traced(trace(), altered={first: bytes(forged)}), traced(trace(), altered={first: bytes(forged)}),
         "its chain is not that of its rows, from step 3 on", trace="missing")
    kept = bytearray(trace(part=(5, GRADIENT)).files()[first])
    for row in range(8):
        kept[start + (row + 1) * width - 32:start + (row + 1) * width] = plain[start + (row + 1) * width - 32:start + (row + 1) * width]
    case("trace-forged-to-look-equal", "DIFFERENT", "Chains that were copied from another trace hide no row.", traced(trace()),
         traced(trace(), altered={first: bytes(kept)}), "from step 5 on, in the gradient", trace="missing", divergence="5 gradient fc1.weight",
         missing="its chain is not that of its rows, from step 5 on")
    swapped = plain[:start] + plain[start + width:start + 2 * width] + plain[start:start + width] + plain[start + 2 * width:]
    altered("rows-out-of-order", "Steps increase.", "its steps do not increase: 0 comes after 1", swapped)
    altered("row-left-out", "Every step has its row.", "it has no row between steps 2 and 4",
            plain[:start + 3 * width] + plain[start + 4 * width:])
    altered("row-twice", "No step has two.", "its steps do not increase: 2 comes after 2",
            plain[:start + 3 * width] + plain[start + 2 * width:])
    altered("step-of-2-to-the-64", "A number that is too large for a step is none.", "the last row of its trace is of step 18446744073709551615",
            plain[:start + 7 * width] + b"\xff" * 8 + plain[start + 7 * width + 8:])
    altered("header-longer-than-the-file", "A length is not believed.", "it ends within its header", plain[:8] + struct.pack("<I", 1 << 20 | 48) + plain[12:])
    altered("header-of-4-gib", "A length is not believed.", "its header says that it is 4294967295 bytes long", plain[:8] + b"\xff" * 4 + plain[12:])
    altered("header-of-no-length", "A length is not believed.", "no multiple of 64", plain[:8] + bytes(4) + plain[12:])
    altered("rows-of-another-width", "A width is not believed.", "its rows are not as wide as its columns", plain[:12] + struct.pack("<I", 48) + plain[16:])
    altered("that-is-empty", "An empty file is no trace.", "it ends before its header", b"")
    altered("that-is-no-trace", "Bytes that are something else.", "it does not begin as a segment does", b"\x00" * 128)
    altered("column-twice", "A column is there once.", "it has a column twice", head(base | {"columns": [entry(BATCH), entry(BATCH)]}, 2))
    altered("column-that-is-no-result", "A job cannot say that its weights are no result.", "not what its kind is",
            head(base | {"columns": [entry(PARAMETER) | {"result": False}]}, 1))
    altered("name-with-control-characters", "A name cannot move a cursor.", "control characters",
            head(base | {"columns": [entry(PARAMETER) | {"name": "a\x1b[2J\n"}]}, 1))
    altered("name-of-a-kilobyte", "A name is bounded.", "longer than 512", head(base | {"columns": [entry(PARAMETER) | {"name": "x" * 1024}]}, 1))
    altered("negative-numbers", "Numbers have their range.", "out of its range", head(base | {"every": -1}))
    altered("deep-header", "JSON is read to a depth.", "its header is no JSON that can be read",
            head(b'{"schema": 1, "x": ' + b"[" * 2000 + b"]" * 2000 + b"}"))
    altered("header-that-is-no-json", "Text that is no JSON.", "its header is no JSON", head(b"{schema"))
    altered("segment-missing", "Segments are numbered without a gap.", "0000 is missing", None, {"record/main/trace/0001": header(1, COLUMNS)})
    altered("stranger", "Nothing else lies there.", "something other than segments", plain, {"record/main/trace/notes.txt": b"x"})
    altered("another-count-of-segments", "The process counted its segments.", "has 1 segments, and 2 are there", plain,
            {"record/main/trace/0001": header(1, COLUMNS)})
    odd = traced(trace())
    odd.links = {first: "../../../elsewhere"}
    odd.files["elsewhere"] = plain
    case("trace-that-is-a-link", "INCONCLUSIVE", "No link is followed.", odd, odd, "0000 is no regular file", trace="missing")
    named = trace(columns=[PARAMETER, column("parameter", "\u202egnp.exe"), column("buffer", "日本.δ")])
    case("trace-names-that-turn", "IDENTICAL", "A name may be any text.", traced(named), traced(named), "over 8 steps (3 columns)")
    turned = trace(columns=[PARAMETER, column("parameter", "\u202egnp.exe")])
    other = trace(columns=[PARAMETER, column("parameter", "\u202egnp.exe")], change={column("parameter", "\u202egnp.exe"): fingerprint(1)})
    case("trace-name-that-turns-differs", "DIFFERENT", "What turns a line is shown, not sent.", traced(turned), traced(other),
         "in the parameter \\u202egnp.exe")
