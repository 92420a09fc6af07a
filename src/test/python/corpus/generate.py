"""Writes the corpus of record pairs: python3 src/test/python/corpus/generate.py

Each case is two record folders and what the engine must say of them. The result is checked in, so that a
change of a case is seen in review; a test holds the listings to the files.
"""

import copy
import datetime
import json
import math
import shutil
import struct
from pathlib import Path
from typing import Any

from formats import bits16, bits32, f32, f64, i64, npy, npz, raw_safetensors, safetensors
from parts import parts
from run import ENVIRONMENT, SPEC, Json, Run, cancelled, failed, observed, ran, succeeded
from traces import traces

CORPUS = Path(__file__).parents[2] / "resources" / "corpus"

WEIGHT = ("fc.weight", "F32", [2, 3], f32(0.5, -1.25, 2.0, 0.1, 0.2, 0.3))
BIAS = ("fc.bias", "F32", [2], f32(0.5, 0.25))
MODEL = {"model.safetensors": safetensors([WEIGHT, BIAS])}


def case(name: str, verdict: str, why: str, left: Run, right: Run, says: str | list[str] = "", *,
         compare: Json | None = None, missing: str | None = None, kinds: list[str] | None = None,
         causes: list[str] | None = None, excepted: list[str] | None = None, premises: list[list[str]] | None = None,
         symmetric: bool = True, **of_traces: Any) -> None:
    folder = CORPUS / name
    left.write(folder / "left")
    right.write(folder / "right")
    expected: dict[str, Any] = {"verdict": verdict, "why": why,
                                "summaryContains": [says] if isinstance(says, str) else says}
    for key, value in (("compare", compare), ("missingContains", missing), ("kinds", kinds), ("causes", causes),
                       ("excepted", excepted), ("premises", premises)):
        if value is not None:
            expected[key] = value
    expected |= of_traces
    if not symmetric:
        expected["symmetric"] = False
    (folder / "expected.json").write_text(json.dumps(expected, indent=1, ensure_ascii=False) + "\n")


def weights(*values: float) -> dict[str, bytes]:
    return {"model.safetensors": safetensors([("w", "F32", [len(values)], f32(*values))])}


def changed(base: Json, path: str, value: Any) -> Json:
    copied = copy.deepcopy(base)
    node = copied
    *folders, last = path.split("/")
    for folder in folders:
        node = node[folder]
    node[last] = value
    return copied


def settings(path: str, value: Any) -> Json:
    return changed(SPEC, path, value)


def seeding(value: int | None, held: bool = False, place: str = "train.py:12") -> list[Json]:
    return [{"generator": "torch", "call": "torch.manual_seed", "value": value, "held": held, "place": place, "count": 1}]


def equal_runs() -> None:
    case("identical", "IDENTICAL", "Everything is there and everything is equal.", Run(MODEL), Run(MODEL),
         ["Identical: 1 output", "2 tensors"])
    many = MODEL | {"log.txt": b"loss 0.1\n", "sub/état 1.bin": b"\x00\x01", "日本/δ.npy": npy("<f4", (1,), f32(1))}
    case("unicode-paths", "IDENTICAL", "Paths may be any Unicode.", Run(many), Run(many), "4 outputs")
    case("unicode-path-differs", "DIFFERENT", "A path is named as it is.", Run(many),
         Run(many | {"sub/état 1.bin": b"\x00\x02"}), ["sub/état 1.bin, first at byte 1"], kinds=["CONTENT"])
    case("normal-forms-are-two-paths", "NOT_COMPARABLE", "é composed and decomposed are two names, as on Linux.",
         Run({"\u00e9.bin": b"x"}), Run({"e\u0301.bin": b"x"}), "no output path is in common")
    case("message-aside", "IDENTICAL", "Failed alike: the message is for people and says nothing.",
         Run(MODEL, end=failed("REFUSED_OPERATION", message="put_ at 0x1", operation="put_", location="train.py:30")),
         Run(MODEL, end=failed("REFUSED_OPERATION", message="put_ at 0x2", operation="put_", location="train.py:30")),
         ["both ended alike, FAILED (REFUSED_OPERATION, put_"])
    case("refused-operation-twice", "IDENTICAL", "A reproduced refusal is a reproduced result.",
         Run({"log.txt": b"a\n"}, end=failed("REFUSED_OPERATION", operation="put_", location="train.py:30")),
         Run({"log.txt": b"a\n"}, end=failed("REFUSED_OPERATION", operation="put_", location="train.py:30")),
         "FAILED")
    case("many-processes", "IDENTICAL", "Children are matched by their command lines, not by their numbers.",
         Run(MODEL, record={"main": observed(children=[child("pid-7")]), "pid-7": worker("pid-7")}),
         Run(MODEL, record={"main": observed(children=[child("pid-9")]), "pid-9": worker("pid-9")}), "Identical: 1")


def child(record: str | None, kind: str = "python", expected: bool = True, why: str | None = None) -> Json:
    return {"argv": ["python", "worker.py"], "kind": kind, "place": "train.py:30", "expected": expected, "why": why,
            "record": record, "count": 1}


def worker(name: str, **parts: Any) -> Json:
    return observed(process=name, parent="main", argv=["worker.py"], **parts)


def without(record: Json, part: str) -> Json:
    return {name: value for name, value in record.items() if name != part}


def nothing_to_compare() -> None:
    case("two-empty-runs", "INCONCLUSIVE", "Silence reads as success: nothing was compared.", Run(), Run(),
         "nothing was compared")
    case("only-empty-files", "INCONCLUSIVE", "What never wrote a byte is equal to anything.", Run({"DONE": b""}),
         Run({"DONE": b""}), "only empty files")
    case("failed-alike-without-outputs", "INCONCLUSIVE", "Two runs that failed before any output prove nothing.",
         Run(end=failed("EXIT")), Run(end=failed("EXIT")), "nothing was compared")
    case("everything-ignored", "INCONCLUSIVE", "Who ignores everything has compared nothing.", Run(MODEL),
         Run(weights(1)), "nothing was compared", compare={"ignore": ["**"]})
    case("only-unmatched", "INCONCLUSIVE", "A job whose patterns match nothing has left nothing to judge.",
         Run(unmatched=MODEL, spec={"outputs": ["nothing/**"]}), Run(unmatched=MODEL, spec={"outputs": ["nothing/**"]}),
         "nothing was compared")
    case("no-outputs-in-common", "NOT_COMPARABLE", "Both left something, none of it under one path.", Run({"a.bin": b"1"}),
         Run({"b.bin": b"1", "c.bin": b"1"}), ["1 output on the left", "2 outputs on the right"])
    case("no-outputs-in-common-after-ignoring", "NOT_COMPARABLE", "What is ignored is no common ground.",
         Run({"a.bin": b"1", "log.txt": b"x"}), Run({"b.bin": b"1", "log.txt": b"x"}), "Not comparable",
         compare={"ignore": ["*.txt"]})
    case("no-outputs-in-common-and-ends-differ", "DIFFERENT", "The ends are comparable, and differ.", Run({"a.bin": b"1"}),
         Run({"b.bin": b"1"}, end=failed("EXIT")), "the right side FAILED (EXIT, exit code 1)")


def missing_records() -> None:
    case("record-missing-on-the-right", "INCONCLUSIVE", "A run that nothing watched proves nothing.", Run(MODEL),
         Run(MODEL, record={}), "no observed record of the main process", missing="right: there is no observed record")
    case("record-missing-on-both", "INCONCLUSIVE", "Two unwatched runs even less.", Run(MODEL, record={}),
         Run(MODEL, record={}), "no observed record", missing="left: there is no observed record")
    case("record-missing-and-outputs-differ", "DIFFERENT", "A difference is one, however short a record is.", Run(weights(1)),
         Run(weights(2), record={}), "model.safetensors, first in w", missing="right: there is no observed record")
    case("record-cut-short", "INCONCLUSIVE", "complete is false: the process was killed, or hid from its end.", Run(MODEL),
         Run(MODEL, record={"main": observed(complete=False)}), "was cut short", missing="process main was cut short")
    case("record-of-a-child-cut-short", "INCONCLUSIVE", "Every process counts.",
         Run(MODEL, record={"main": observed(children=[child("pid-7")]), "pid-7": worker("pid-7")}),
         Run(MODEL, record={"main": observed(children=[child("pid-7")]), "pid-7": worker("pid-7", complete=False)}),
         "process pid-7 was cut short")
    def pool(complete: bool, why: str | None) -> Run:
        fork = child("pid-7", "fork", why=why)
        return Run(MODEL, record={"main": observed(children=[fork], complete=complete),
                                  "pid-7": worker("pid-7", started="fork", complete=False)})

    case("worker-ended-by-its-parent", "IDENTICAL", "A loader ends workers that wait for work; that is how a healthy run looks.",
         pool(True, "ended by its parent with signal 15"), pool(True, "ended by its parent with signal 15"), "Identical")
    case("worker-ended-by-nobody-knows", "INCONCLUSIVE", "A worker that was killed by another is no healthy end.",
         pool(True, None), pool(True, None), "process pid-7 was cut short")
    case("worker-and-its-parent-ended", "INCONCLUSIVE", "A parent that did not come to its end can vouch for nobody.",
         pool(False, "ended by its parent with signal 15"), pool(False, "ended by its parent with signal 15"),
         "process main was cut short")
    case("child-without-record", "INCONCLUSIVE", "A Python child that wrote nothing ran with nobody knows which knobs.",
         Run(MODEL), Run(MODEL, record={"main": observed(children=[child(None, why="-I skips the harness")])}),
         "left no record", missing="-I skips the harness")
    case("child-that-names-no-record-there-is", "INCONCLUSIVE", "A name of a record is no record.", Run(MODEL),
         Run(MODEL, record={"main": observed(children=[child("pid-9")])}), "left no record")
    case("other-child", "IDENTICAL", "A child that is no Python needs no record.",
         Run(MODEL, record={"main": observed(children=[child(None, "other", False)])}),
         Run(MODEL, record={"main": observed(children=[child(None, "other", False)])}), "Identical")
    case("helper-of-a-library", "IDENTICAL", "A process that a library keeps for itself runs no user code and needs no record.",
         Run(MODEL, record={"main": observed(children=[child(None, expected=False, why="a resource tracker")])}),
         Run(MODEL, record={"main": observed(children=[child(None, expected=False, why="a resource tracker")])}),
         "Identical")
    case("record-without-its-parts", "INCONCLUSIVE", "A record that says nothing of its children has not said that there were none.",
         Run(MODEL, record={"main": without(observed(), "children")}), Run(MODEL, record={"main": without(observed(), "children")}),
         "observed.json has no children")
    case("record-of-nothing-but-its-end", "INCONCLUSIVE", "Complete is a word; a record without a knob has read nothing back.",
         Run(MODEL, record={"main": {"schema": 1, "complete": True}}), Run(MODEL, record={"main": {"schema": 1, "complete": True}}),
         "observed.json has no knobs")
    case("environment-of-nothing", "INCONCLUSIVE", "An environment that names nothing is none.", Run(MODEL),
         Run(MODEL, environment={"schema": 1, "environment": {}, "machine": {}}), "names no environment")
    case("environment-missing", "INCONCLUSIVE", "A record without its environment is not complete.", Run(MODEL),
         Run(MODEL, environment=None), "environment.json is missing")
    case("end-missing", "INCONCLUSIVE", "Without an end nobody knows whether the outputs are whole.", Run(weights(1)),
         Run(weights(2), end=None), "right: end.json is missing")
    case("end-without-a-reason", "INCONCLUSIVE", "Failed for an unknown reason is not failed alike.",
         Run(MODEL, end=succeeded() | {"state": "FAILED"}), Run(MODEL, end=succeeded() | {"state": "FAILED"}),
         "but not why")
    case("listing-missing", "INCONCLUSIVE", "Without digests of the service nothing is compared.", Run(MODEL),
         Run(MODEL, without={"listing.json"}), "listing.json is missing")
    case("listing-whose-digest-lies", "INCONCLUSIVE", "A listing that does not fit its own digest was altered.", Run(MODEL),
         Run(MODEL, files={"listing.json": tampered(Run(MODEL))}), "the digest of the outputs is not that of its files")
    case("spec-missing", "INCONCLUSIVE", "Without the spec nobody knows what was asked for.", Run(MODEL),
         Run(MODEL, without={"spec.json"}), "spec.json is missing")
    case("command-without-python", "IDENTICAL", "A command that started no Python has no record and needs none.",
         no_python(MODEL), no_python(MODEL), "Identical: 1 output")
    case("command-that-may-have-started-python", "INCONCLUSIVE", "Only the service can say that no Python was started.",
         no_python(MODEL), Run(MODEL, record={}, spec={"runtime": {"type": "python", "command": ["sh", "x"]}}),
         "no observed record")
    case("python-that-claims-not-to-be", "INCONCLUSIVE", "A program that the harness must have entered needs a record.",
         Run(MODEL), Run(MODEL, record={}, end=succeeded() | {"python": "not-applicable"}), "no observed record")
    case("unread-trace", "INCONCLUSIVE", "A trace that is there and was not read could differ.", Run(MODEL),
         Run(MODEL, files={"record/main/trace": b"\x00" * 16}), "left a trace and does not say whether it is whole",
         missing="a trace of process main is there and was not read: record/main/trace is no folder", trace="missing")


def tampered(run: Run) -> bytes:
    return json.dumps(changed(run.listing(), "outputs/digest", "sha256:" + "0" * 64)).encode()


def no_python(outputs: dict[str, bytes]) -> Run:
    return Run(outputs, record={}, end=succeeded() | {"python": "not-applicable"},
               spec={"runtime": {"type": "python", "command": ["sh", "make.sh"]}})


def ends() -> None:
    case("failed-apart", "DIFFERENT", "One failed by itself, one did not.", Run(MODEL), Run(MODEL, end=failed("EXIT")),
         ["the left side ended SUCCEEDED", "FAILED (EXIT, exit code 1)"])
    case("failed-at-another-place", "DIFFERENT", "The same failure elsewhere is another failure.",
         Run(MODEL, end=failed("EXIT", location="train.py:30")), Run(MODEL, end=failed("EXIT", location="train.py:31")),
         "train.py:31")
    case("failed-with-another-code", "DIFFERENT", "Another exit code is another end.", Run(MODEL, end=failed("EXIT")),
         Run(MODEL, end=failed("EXIT", code=2)), "exit code 2")
    case("failed-alike-other-outputs", "DIFFERENT", "Both ended by themselves; what they left is what they wrote.",
         Run(weights(1), end=failed("EXIT")), Run(weights(2), end=failed("EXIT")), "first in w")
    case("cancelled", "INCONCLUSIVE", "Equal as far as it went is not equal.", Run(MODEL), Run(MODEL, end=cancelled()),
         ["the right side was cancelled", "what was compared is equal"])
    case("cancelled-on-both", "INCONCLUSIVE", "Both were stopped from outside.", Run(MODEL, end=cancelled()),
         Run(MODEL, end=cancelled()), ["the left side was cancelled", "the right side was cancelled"])
    case("cancelled-with-a-cut-file", "INCONCLUSIVE", "A file cut off by a cancel is the beginning of a whole one.",
         Run({"log.txt": b"step 1\nstep 2\n"}), Run({"log.txt": b"step 1\nst"}, end=cancelled()),
         "does not prove", kinds=["CONTENT"])
    case("cancelled-with-another-checkpoint", "INCONCLUSIVE",
         "A checkpoint that is overwritten each epoch differs from the last one, without any divergence.",
         Run(weights(3)), Run(weights(1), end=cancelled()), ["1 output differs, which a run that was cut short"])
    case("cancelled-before-an-output", "INCONCLUSIVE", "An output that a cancelled run never came to is not missing.",
         Run(MODEL | {"b.bin": b"1"}), Run(MODEL, end=cancelled()), "was cancelled")
    case("cancelled-without-outputs-in-common", "INCONCLUSIVE", "It might have come to write them.",
         Run({"b.bin": b"1"}), Run({"a.bin": b"1"}, end=cancelled()), "was cancelled")
    case("timed-out", "INCONCLUSIVE", "The clock ended it, not the program.", Run(MODEL),
         Run(MODEL, end=failed("TIMEOUT", "service", code=None)), "was ended by TIMEOUT")
    case("timed-out-on-both", "INCONCLUSIVE", "Alike by the clock is not alike by the program.",
         Run(MODEL, end=failed("TIMEOUT", "service", code=None)),
         Run(MODEL, end=failed("TIMEOUT", "service", code=None)), "was ended by TIMEOUT")
    for kind in ("OUT_OF_MEMORY", "OUT_OF_DISK", "LOG_LIMIT", "LOST"):
        case("ended-by-" + kind.lower().replace("_", "-"), "INCONCLUSIVE", "Something outside the program ended it.",
             Run(MODEL), Run(weights(9), end=failed(kind, "service", code=None)), "was ended by " + kind)
    case("out-of-memory-in-the-jobs-words", "INCONCLUSIVE", "How much memory there is, is not the program's doing.",
         Run(MODEL), Run(MODEL, end=failed("OUT_OF_MEMORY", "job", code=137)), "OUT_OF_MEMORY")
    case("killed-by-a-signal-of-its-own", "IDENTICAL", "A crash that repeats is a reproduced crash.",
         Run(MODEL, end=failed("SIGNAL", code=139)), Run(MODEL, end=failed("SIGNAL", code=139)), "exit code 139")


def outputs() -> None:
    case("output-missing", "DIFFERENT", "Both ended by themselves, and one did not write it.",
         Run(MODEL | {"log.txt": b"a"}), Run(MODEL), "log.txt is missing on the right", kinds=["MISSING_RIGHT"])
    case("outputs-on-one-side-only", "DIFFERENT", "All of them missing is missing.", Run(MODEL), Run(),
         "model.safetensors is missing on the right", kinds=["MISSING_RIGHT"])
    case("output-differs-by-a-byte", "DIFFERENT", "Bytes without a known format are compared as bytes.",
         Run({"data.bin": b"\x00" * 100}), Run({"data.bin": b"\x00" * 70 + b"\x01" + b"\x00" * 29}),
         ["data.bin, first at byte 70", "nothing that went in is known to differ"])
    case("output-cut-off", "DIFFERENT", "Both ended by themselves; a shorter file is another file.",
         Run({"data.bin": b"\x00" * 100}), Run({"data.bin": b"\x00" * 90}), "first at byte 90")
    case("text-differs", "DIFFERENT", "Text is compared by lines.", Run({"log.txt": b"a\nb\nc\n"}),
         Run({"log.txt": b"a\nB\nc\n"}), "log.txt, first in line 2", kinds=["CONTENT"])
    case("text-ends-without-newline", "DIFFERENT", "The last newline is a byte too.", Run({"log.txt": b"a\nb\n"}),
         Run({"log.txt": b"a\nb"}), "first in line 2")
    case("text-with-escapes", "DIFFERENT", "What moves a cursor is shown, not sent.", Run({"log.txt": b"a\x1b[2J\n"}),
         Run({"log.txt": b"b\x1b[2J\n"}), "first in line 1")
    case("no-utf8", "DIFFERENT", "What is no UTF-8 is no text.", Run({"log.txt": b"a\xff\n"}), Run({"log.txt": b"b\xff\n"}),
         "first at byte 0")
    case("execute-bit", "DIFFERENT", "The execute bit is part of an output's identity.", Run({"run.sh": b"echo\n"}),
         Run({"run.sh": b"echo\n"}, executable={"run.sh"}), "run.sh, whose execute bit differs", kinds=["MODE"])
    case("outside-the-patterns-equal", "IDENTICAL_EXCEPT", "The author of a job cannot choose what is judged.",
         Run(MODEL, unmatched={"cache.bin": b"1"}), Run(MODEL, unmatched={"cache.bin": b"1"}),
         "1 file outside the patterns")
    case("outside-the-patterns-different", "IDENTICAL_EXCEPT", "Outside the patterns, and said so.",
         Run(MODEL, unmatched={"cache.bin": b"1"}), Run(MODEL, unmatched={"cache.bin": b"2"}),
         "1 file outside the patterns")
    case("outside-the-patterns-of-one-side", "DIFFERENT", "One side's patterns alone take nothing out of the judgement.",
         Run(MODEL | {"cache.bin": b"1"}),
         Run(MODEL, unmatched={"cache.bin": b"2"}, spec={"outputs": ["*.safetensors"]}, files={"outputs/cache.bin": b"2"}),
         ["cache.bin, first in line 1", "settings differ (outputs)"])
    case("refused-output", "IDENTICAL_EXCEPT", "A link is listed and never followed.",
         Run(MODEL, refused=[{"path": "link", "reason": "symbolic link"}]),
         Run(MODEL, refused=[{"path": "link", "reason": "symbolic link"}]), "2 refused files")
    case("refused-on-one-side", "INCONCLUSIVE", "What was refused on one side could not be compared.",
         Run(MODEL | {"data.bin": b"1"}), Run(MODEL, refused=[{"path": "data.bin", "reason": "device"}]),
         "data.bin was refused on one side")
    two = {"train.py": b"import torch\n", "data.csv": b"1,2\n"}
    case("code-deleted-on-one-side", "DIFFERENT", "A file that one run took away is a difference in what they left.",
         Run(MODEL, code=two), Run(MODEL, code=two, deleted=["data.csv"]), "data.csv is missing on the right",
         kinds=["MISSING_RIGHT"])
    case("code-deleted-on-both", "IDENTICAL", "Both took it away.", Run(MODEL, code=two, deleted=["data.csv"]),
         Run(MODEL, code=two, deleted=["data.csv"]), "Identical: 1 output")
    case("code-deleted-that-was-not-there", "IDENTICAL", "What one side never had and the other took away is gone on both.",
         Run(MODEL), Run(MODEL, code=two, deleted=["data.csv"]), "code changed (data.csv)")
    case("code-deleted-and-changed", "DIFFERENT", "One run changed the file, the other took it away.",
         Run(MODEL | {"data.csv": b"3\n"}, code=two), Run(MODEL, code=two, deleted=["data.csv"]),
         "data.csv is missing on the right", kinds=["MISSING_RIGHT"])
    case("code-deleted-outside-the-patterns", "IDENTICAL_EXCEPT", "Outside the patterns, and said so.",
         Run(MODEL, code=two, spec={"outputs": ["*.safetensors"]}),
         Run(MODEL, code=two, deleted=["data.csv"], spec={"outputs": ["*.safetensors"]}), "1 file outside the patterns")
    case("code-deleted-or-refused", "INCONCLUSIVE", "What stands there on the other side was not looked at.",
         Run(MODEL, code=two, refused=[{"path": "data.csv", "reason": "symbolic link"}]),
         Run(MODEL, code=two, deleted=["data.csv"]), "data.csv was deleted on one side")
    case("ignored-path-that-differs", "IDENTICAL_EXCEPT", "Who asks may ignore; the verdict says it.",
         Run(MODEL | {"runs/events.1": b"1"}), Run(MODEL | {"runs/events.2": b"2"}), "2 ignored paths",
         compare={"ignore": ["runs/**"]})
    case("ignored-path-that-is-equal", "IDENTICAL_EXCEPT", "Nobody looked, so nobody knows that it is equal.",
         Run(MODEL | {"log.txt": b"1"}), Run(MODEL | {"log.txt": b"1"}), "1 ignored path", compare={"ignore": ["**/*.txt"]})
    case("ignored-pattern-that-matches-nothing", "IDENTICAL", "A pattern that took nothing away takes nothing away.",
         Run(MODEL), Run(MODEL), "Identical: 1 output", compare={"ignore": ["runs/**"]})
    case("star-stays-within-a-name", "DIFFERENT", "* is within a name: runs/* does not reach runs/a/b.",
         Run(MODEL | {"runs/a/b": b"1"}), Run(MODEL | {"runs/a/b": b"2"}), "runs/a/b", compare={"ignore": ["runs/*"]})
    case("bytes-not-there", "DIFFERENT", "The digests differ; that the bytes are gone changes nothing in that.",
         Run(weights(1)), Run(weights(2), stored={"model.safetensors": None}), "model.safetensors",
         missing="model.safetensors was not read: its bytes are not there")
    case("bytes-are-not-those-listed", "DIFFERENT", "Bytes that were swapped after listing earn no tolerance.",
         Run(weights(1)), Run(weights(2), stored={"model.safetensors": weights(1)["model.safetensors"]}),
         "model.safetensors", compare={"atol": 1.0}, missing="its bytes are not those that were listed")


LEFT_TIMES = ("2026-11-23T14:00:00Z", "2026-11-23T14:30:00.5Z")
RIGHT_TIMES = ("2026-11-24T09:00:00Z", "2026-11-24T09:30:00.5Z")


def left(*files: str, **parts: Any) -> Run:
    return on(LEFT_TIMES, {name: b"x" for name in files}, parts)


def right(*files: str, **parts: Any) -> Run:
    return on(RIGHT_TIMES, {name: b"x" for name in files}, parts)


def on(times: tuple[str, str], files: dict[str, bytes], parts: dict[str, Any]) -> Run:
    return Run(MODEL | files | parts.pop("outputs", {}), end=ran(*times), **parts)


def epoch(text: str) -> int:
    return int(datetime.datetime.fromisoformat(text).timestamp())


def host(name: str) -> Json:
    return changed(ENVIRONMENT, "machine/host", name)


def names() -> None:
    a, b = epoch("2026-11-23T14:02:11+00:00"), epoch("2026-11-24T09:02:13+00:00")
    event_a, event_b = f"events.out.tfevents.{a}.node-1.77.0", f"events.out.tfevents.{b}.node-2.81.0"

    def paired(name: str, why: str, one: Run, other: Run, excepted: list[str]) -> None:
        case("names-" + name, "IDENTICAL_EXCEPT", why, one, other, f"{len(excepted)} name", excepted=excepted)

    def apart(name: str, why: str, one: Run, other: Run) -> None:
        case("names-" + name, "DIFFERENT", why, one, other, "is missing on the", excepted=[])

    paired("tensorboard", "Time, host and process are another in each run; the content is the same.", left(event_a), right(event_b),
           [f"PAIRED_NAME {event_a} on the right {event_b}, by rule: tensorboard"])
    case("names-tensorboard-that-differ", "DIFFERENT", "A pairing hides no content.", left(outputs={event_a: b"1"}),
         right(outputs={event_b: b"2"}), [event_a, event_b, "first in line 1"], kinds=["CONTENT"])
    apart("tensorboard-of-another-writer", "The writer's number is the program's doing.", left(event_a), right(event_b[:-1] + "1"))
    paired("summary-writer", "torch's SummaryWriter: day, time and host in the folder.",
           left(f"runs/Nov23_14-02-11_node-1/{event_a}", environment=host("node-1")),
           right(f"runs/Nov24_09-02-13_node-2/{event_b}", environment=host("node-2")),
           ["Nov24_09-02-13_node-2/" + event_b + ", by rule: host, month-day-time, tensorboard"])
    apart("summary-writer-with-another-comment", "What follows the host is the program's doing.",
          left(f"runs/Nov23_14-02-11_node-1_LR_0.1/{event_a}", environment=host("node-1")),
          right(f"runs/Nov24_09-02-13_node-2_LR_0.2/{event_b}", environment=host("node-2")))
    paired("wandb", "Weights and Biases: time and a random id, the id again in the file.",
           left("wandb/run-20261123_140211-abcdef12/run-abcdef12.wandb", "wandb/run-20261123_140211-abcdef12/files/a.txt"),
           right("wandb/run-20261124_090213-12abcdef/run-12abcdef.wandb", "wandb/run-20261124_090213-12abcdef/files/a.txt"),
           ["files/a.txt, by rule: wandb-run", "run-12abcdef.wandb, by rule: wandb-file, wandb-run"])
    paired("hydra", "A folder of the day, and in it one of the time.",
           left("outputs/2026-11-23/14-02-11/.hydra/config.yaml"), right("outputs/2026-11-24/09-02-13/.hydra/config.yaml"),
           ["config.yaml, by rule: date, time-in-date"])
    paired("date-and-time", "The clock of a program may be in any zone.",
           left("output_2026-11-23_15-02-11/log.txt"), right("output_2026-11-24_10-02-13/log.txt"), ["log.txt, by rule: date-time"])
    paired("compact-date-and-time", "Without separators, or with a fraction.",
           left("20261123140211.log", "2026-11-23T14:02:11.123456.json"), right("20261124090213.log", "2026-11-24T09:02:13.654321.json"),
           ["json, by rule: date-time", "log, by rule: date-time"])
    paired("epoch", "Seconds since 1970, within the run's own time.", left(f"ckpt_{a}.pt", f"log-{a}.1234567.txt", f"ms-{a}123.txt"),
           right(f"ckpt_{b}.pt", f"log-{b}.765432.txt", f"ms-{b}321.txt"), ["ckpt_", "log-", "ms-"])
    paired("day", "A day of the run.", left("report-20261123.txt"), right("report-20261124.txt"), ["by rule: date"])
    paired("with-nothing-else-in-common", "What is paired is in common.", Run({event_a: b"x"}, end=ran(*LEFT_TIMES)),
           Run({event_b: b"x"}, end=ran(*RIGHT_TIMES)), ["tensorboard"])
    pid = lambda number: {"main": observed(pid=number)}
    paired("pid", "The word says what the number is, and the record that there was such a process.",
           left("worker.pid77.log", "core.77", record=pid(77)), right("worker.pid81.log", "core.81", record=pid(81)), ["core.81, by rule: pid", "pid81"])
    apart("pid-of-nobody", "No process of the run had that number.", left("worker.pid78.log", record=pid(77)),
          right("worker.pid82.log", record=pid(81)))
    paired("host", "The host is the record's.", left("log-node-1.txt", environment=host("node-1")),
           right("log-node-2.txt", environment=host("node-2")), ["log-node-2.txt, by rule: host"])
    many = [f"t_{a + 5 * i}/loss.txt" for i in range(3)], [f"t_{b + 7 * i}/loss.txt" for i in range(3)]
    value = lambda paths, values: {path: text for path, text in zip(paths, values)}
    paired("in-order", "Several of one form are paired in the order of their times.", left(outputs=value(many[0], [b"1", b"2", b"3"])),
           right(outputs=value(many[1], [b"1", b"2", b"3"])), ["in the order of their times"] * 3)
    case("names-in-another-order", "DIFFERENT", "Written in another order is another result.", left(outputs=value(many[0], [b"1", b"2", b"3"])),
         right(outputs=value(many[1], [b"1", b"3", b"2"])), [many[0][1], many[1][1], "1 other output"], kinds=["CONTENT", "CONTENT"])
    apart("more-on-one-side", "Nobody knows which of them is missing.", left(*many[0]), right(*many[1][:2]))
    tie = lambda time, one, other: [f"events.out.tfevents.{time}.n.{one}.0", f"events.out.tfevents.{time}.n.{other}.0"]
    apart("of-two-processes-in-one-second", "Without an order nothing is paired.", left(*tie(a, 7, 8)), right(*tie(b, 9, 10)))
    case("names-folders-stay-together", "DIFFERENT", "A folder has one partner: what lies in another one is missing.",
         left(f"t_{a}/a", f"t_{a + 9}/a", f"t_{a + 9}/b"), right(f"t_{b}/a", f"t_{b}/b", f"t_{b + 9}/a"), "is missing on the",
         kinds=["MISSING_RIGHT", "MISSING_LEFT"], excepted=["/a on the right", "/a on the right"])
    apart("written-otherwise", "A time that is written otherwise was written by something else.",
          left("20261123_140211.txt"), right("2026-11-24_09-02-13.txt"))
    numbers = {
        "step": ("ckpt/step_1000.pt", "ckpt/step_2000.pt"), "epoch-number": ("epoch=3.pt", "epoch=4.pt"),
        "step-in-the-runs-time": (f"step_{a}.pt", f"step_{b}.pt"), "seed-in-the-runs-time": (f"seed-{a}.txt", f"seed-{b}.txt"),
        "value-in-the-runs-time": (f"n={a}.txt", f"n={b}.txt"), "version": ("lightning_logs/version_0/a", "lightning_logs/version_1/a"),
        "seconds-outside-the-run": ("ckpt_1700000000.pt", "ckpt_1700000100.pt"), "day-outside-the-run": ("2020-01-01.csv", "2020-01-02.csv"),
        "no-date": ("run-20261399_140211.txt", "run-20261499_090213.txt"), "no-time": ("20261123_256161.txt", "20261124_256262.txt"),
        "date-and-time-outside-the-run": ("2026-11-20_14-02-11.txt", "2026-11-21_09-02-13.txt"), "longer-number": (f"x{a}7.txt", f"x{b}7.txt"),
        "time-without-a-day": ("14-02-11/a", "09-02-13/a"), "wandb-file-elsewhere": ("run-abcdef12.wandb", "run-12abcdef.wandb"),
        "digest": ("deadbeef1.bin", "deadbeef2.bin"), "size": ("1024.bin", "2048.bin"),
    }
    for name, (one, other) in numbers.items():
        apart("not-" + name, "A number that is not a time of the run is part of a name.", left(one), right(other))
    apart("in-folders-that-are-there-on-both", "A folder that both have is its own partner.",
          left(f"t_{a}/a", "t/b"), right(f"t_{a}/c", f"t_{b}/a", "t/b"))
    case("names-without-a-known-time", "DIFFERENT", "Where nobody knows when a run ran, no number is a time.", Run(MODEL | {event_a: b"x"}),
         Run(MODEL | {event_b: b"x"}), "is missing on the", excepted=[])
    case("names-within-a-tolerance", "WITHIN_TOLERANCE", "A pair is compared like any other.",
         left(outputs={f"m_{a}.safetensors": weights(1.0)["model.safetensors"]}),
         right(outputs={f"m_{b}.safetensors": weights(1.01)["model.safetensors"]}), "Within", compare={"atol": 0.1})
    case("names-ignored", "IDENTICAL_EXCEPT", "What is ignored is not paired.", left(event_a), right(event_b), "2 ignored paths",
         compare={"ignore": ["events.*"]}, excepted=[])
    case("names-refused-or-paired", "INCONCLUSIVE", "What was refused under the same path is the partner, and was not looked at.",
         left(f"t_{a}.txt"), right(refused=[{"path": f"t_{a}.txt", "reason": "device"}]), "was refused on one side",
         missing="was refused on one side", excepted=["REFUSED"])
    case("names-refused-and-another-of-its-form", "DIFFERENT", "A path that has a partner, if a refused one, gets no other.",
         left(f"t_{a}.txt"), right(f"t_{b}.txt", refused=[{"path": f"t_{a}.txt", "reason": "device"}]), "is missing on the left",
         missing="was refused on one side", excepted=["REFUSED"])


def tensors() -> None:
    ab, ba = [WEIGHT, BIAS], [BIAS, WEIGHT]
    for name, other in (("safetensors-header-order", safetensors(ab, header_order=["fc.bias", "fc.weight"])),
                        ("safetensors-data-order", safetensors(ba)), ("safetensors-padding", safetensors(ab, padding=5))):
        case(name, "IDENTICAL", "The order of a safetensors file is not stable: equal content is equal.", Run(MODEL),
             Run({"model.safetensors": other}), "2 tensors", kinds=["HEADER_ORDER"])
    case("safetensors-metadata", "DIFFERENT", "Metadata is content.", Run({"m.safetensors": safetensors(ab, {"epoch": "1"})}),
         Run({"m.safetensors": safetensors(ab, {"epoch": "2"})}), "whose metadata differs", kinds=["METADATA"])
    case("safetensors-metadata-within-no-tolerance", "DIFFERENT", "No tolerance is for text.",
         Run({"m.safetensors": safetensors(ab, {"epoch": "1"})}), Run({"m.safetensors": safetensors(ab, {"epoch": "2"})}),
         "whose metadata differs", compare={"ulps": 2147483647, "atol": 1e300})
    case("one-weight-differs", "DIFFERENT", "Which tensor, how many elements, how far.", Run(weights(1.0, 2.0, 3.0)),
         Run(weights(1.0, 2.5, 3.0)), ["first in w (1 of 3 elements, largest difference 0.50)"])
    case("tolerance-within", "WITHIN_TOLERANCE", "|left - right| <= atol.", Run(weights(1.0, 2.0)), Run(weights(1.0, 2.0001)),
         "Within the tolerance", compare={"atol": 0.001})
    case("tolerance-just-outside", "DIFFERENT", "One element outside is outside.", Run(weights(1.0, 2.0)),
         Run(weights(1.0005, 2.25)), "2 of 2 elements", compare={"atol": 0.2})
    case("tolerance-not-asked", "DIFFERENT", "Without a tolerance any bit counts.", Run(weights(1.0)),
         Run({"model.safetensors": safetensors([("w", "F32", [1], bits32(0x3F800001))])}), "1 of 1 element")
    case("relative-tolerance-of-the-right", "WITHIN_TOLERANCE", "rtol is a part of the right one, as in allclose.",
         Run(weights(90.0)), Run(weights(100.0)), "Within", compare={"rtol": 0.1}, symmetric=False)
    case("relative-tolerance-of-the-right-only", "DIFFERENT", "The same pair, swapped, is outside.",
         Run(weights(100.0)), Run(weights(90.0)), "first in w", compare={"rtol": 0.1}, symmetric=False)
    near = {"model.safetensors": safetensors([("w", "F32", [1], bits32(0x3F800004))])}
    case("ulps-within", "WITHIN_TOLERANCE", "Four numbers further is four ulps.", Run(weights(1.0)), Run(near), "Within",
         compare={"ulps": 4})
    case("ulps-just-outside", "DIFFERENT", "Four is more than three.", Run(weights(1.0)), Run(near), "w (1 of 1 element",
         compare={"ulps": 3})
    case("ulps-across-zero", "WITHIN_TOLERANCE", "The smallest numbers of both signs are two apart.",
         Run({"m.safetensors": safetensors([("w", "F32", [1], bits32(0x00000001))])}),
         Run({"m.safetensors": safetensors([("w", "F32", [1], bits32(0x80000001))])}), "Within", compare={"ulps": 2})
    case("integers-are-exact", "DIFFERENT", "An integer is within no tolerance of another.",
         Run({"m.safetensors": safetensors([("step", "I64", [2], i64(10, 11))])}),
         Run({"m.safetensors": safetensors([("step", "I64", [2], i64(10, 12))])}), "step (1 of 2 elements",
         compare={"atol": 100.0, "ulps": 100})
    nan, other_nan = bits32(0x7FC00000), bits32(0x7FC00001)
    one = lambda bits: {"m.safetensors": safetensors([("w", "F32", [1], bits)])}
    case("nan-and-the-same-nan", "IDENTICAL", "The same bits are the same.", Run(one(nan)), Run(one(nan)), "1 tensor")
    case("nan-with-another-payload", "DIFFERENT", "Other bits are other bits.", Run(one(nan)), Run(one(other_nan)), "w (1 of 1")
    case("nan-with-another-payload-tolerated", "WITHIN_TOLERANCE", "As numbers, both are not one.", Run(one(nan)),
         Run(one(other_nan)), "Within", compare={"ulps": 1})
    case("nan-against-a-number", "DIFFERENT", "Not a number is near nothing.", Run(one(nan)), Run(one(f32(1))), "w (1 of 1",
         compare={"atol": 1e300, "ulps": 2147483647})
    case("infinity-against-the-largest", "DIFFERENT", "An infinity equals only itself, though it is one ulp away.",
         Run(one(f32(math.inf))), Run(one(bits32(0x7F7FFFFF))), "w (1 of 1", compare={"ulps": 1})
    case("minus-zero", "DIFFERENT", "-0.0 has other bits than 0.0.", Run(one(f32(0.0))), Run(one(f32(-0.0))), "w (1 of 1")
    case("minus-zero-tolerated", "WITHIN_TOLERANCE", "-0.0 equals 0.0 as a number.", Run(one(f32(0.0))), Run(one(f32(-0.0))),
         "Within", compare={"atol": 1e-300})
    case("dtype-change", "DIFFERENT", "Another type is never within a tolerance.", Run(one(f32(1))),
         Run({"m.safetensors": safetensors([("w", "F64", [1], f64(1))])}), "F32 [1] on the left, F64 [1] on the right",
         compare={"atol": 1.0})
    empty = [("a", "F32", [0, 3], b""), ("b", "I64", [0], b""), WEIGHT]
    case("tensors-without-elements", "IDENTICAL", "A tensor may have no elements, and then shares its place with others.",
         Run({"m.safetensors": safetensors(empty)}), Run({"m.safetensors": safetensors(empty[::-1])}), "3 tensors",
         kinds=["HEADER_ORDER"])
    case("tensors-without-elements-in-another-shape", "DIFFERENT", "No element differs, the shape does.",
         Run({"m.safetensors": safetensors(empty)}),
         Run({"m.safetensors": safetensors([("a", "F32", [3, 0], b""), *empty[1:]])}), "a (F32 [0, 3] on the left",
         compare={"atol": 9.0})
    case("type-that-is-not-read", "DIFFERENT", "A type that no reader knows is compared by the digest of its file.",
         Run({"m.safetensors": safetensors([("w", "F4", [2], b"\x12")])}),
         Run({"m.safetensors": safetensors([("w", "F4", [2], b"\x13")])}), "m.safetensors, first at byte",
         compare={"atol": 9.0}, missing="a type that is not read here")
    six = f32(1, 2, 3, 4, 5, 6)
    case("shape-change", "DIFFERENT", "The same bytes in another shape are another tensor.",
         Run({"m.safetensors": safetensors([("w", "F32", [2, 3], six)])}),
         Run({"m.safetensors": safetensors([("w", "F32", [3, 2], six)])}), "F32 [2, 3] on the left", compare={"atol": 9.0})
    case("transposed", "DIFFERENT", "A transposed square has the same numbers elsewhere.",
         Run({"m.safetensors": safetensors([("w", "F32", [2, 2], f32(1, 2, 3, 4))])}),
         Run({"m.safetensors": safetensors([("w", "F32", [2, 2], f32(1, 3, 2, 4))])}), "w (2 of 4 elements")
    case("tensor-on-one-side", "DIFFERENT", "A tensor more is a difference.", Run({"m.safetensors": safetensors(ab)}),
         Run({"m.safetensors": safetensors([WEIGHT])}), "fc.bias (only on the left)", compare={"atol": 9.0})
    case("half-precision", "WITHIN_TOLERANCE", "BF16, F16 and both F8 have their own ulps.",
         Run({"m.safetensors": halves(0)}), Run({"m.safetensors": halves(1)}), "of 1 output", compare={"ulps": 1})
    case("wide-ulps-of-doubles", "DIFFERENT", "The two ends of the doubles are further apart than a long counts.",
         Run({"m.safetensors": safetensors([("w", "F64", [1], f64(1.7e308))])}),
         Run({"m.safetensors": safetensors([("w", "F64", [1], f64(-1.7e308))])}), "w (1 of 1", compare={"ulps": 2147483647})
    case("within-and-outside-files", "DIFFERENT", "Every file must be within.", Run(weights(1.0) | {"log.txt": b"1\n"}),
         Run(weights(1.1) | {"log.txt": b"2\n"}), "log.txt", compare={"atol": 1.0})
    case("within-tolerance-and-a-record-missing", "INCONCLUSIVE", "Near is not enough for a run that nothing watched.",
         Run(weights(1.0)), Run(weights(1.1), record={}), "no observed record", compare={"atol": 1.0})


def halves(add: int) -> bytes:
    return safetensors([("bf16", "BF16", [1], bits16(0x3F80 + add)), ("f16", "F16", [1], bits16(0x3C00 + add)),
                        ("e4m3", "F8_E4M3", [1], bytes([0x38 + add])), ("e5m2", "F8_E5M2", [1], bytes([0x3C + add]))])


def arrays() -> None:
    six = f32(1, 2, 3, 4, 5, 6)
    case("npy-equal-in-other-layout", "DIFFERENT", "Equal numbers in Fortran's order are other bytes, and it says so.",
         Run({"a.npy": npy("<f4", (2, 3), six)}),
         Run({"a.npy": npy("<f4", (2, 3), f32(1, 4, 2, 5, 3, 6), fortran=True)}), "arrays are equal", kinds=["LAYOUT"])
    case("npy-other-layout-tolerated", "WITHIN_TOLERANCE", "Within a tolerance the layout is no matter.",
         Run({"a.npy": npy("<f4", (2, 3), six)}),
         Run({"a.npy": npy(">f4", (2, 3), struct.pack(">6f", 1, 2, 3, 4, 5, 6), version=2)}), "Within", compare={"ulps": 1})
    case("npy-differs", "DIFFERENT", "npy is read as an array.", Run({"a.npy": npy("<i8", (2,), i64(1, 2))}),
         Run({"a.npy": npy("<i8", (2,), i64(1, 5))}), "array (1 of 2 elements, largest difference 3.0)")
    case("npy-complex", "WITHIN_TOLERANCE", "A complex number is near by its distance.",
         Run({"a.npy": npy("<c8", (1,), f32(3, 4))}), Run({"a.npy": npy("<c8", (1,), f32(3, 4.01))}), "Within",
         compare={"atol": 0.02})
    case("npy-objects", "DIFFERENT", "Objects are pickled, and pickles are never read.",
         Run({"a.npy": npy("|O", (1,), b"\x80\x04N.")}), Run({"a.npy": npy("|O", (1,), b"\x80\x04K\x01.")}), "a.npy, first at byte",
         compare={"atol": 1.0}, missing="Python objects, which are pickled")
    case("npy-header-that-is-code", "DIFFERENT", "A header is parsed, never evaluated.",
         Run({"a.npy": npy("<f4", (1,), f32(1))}),
         Run({"a.npy": npy("<f4", (1,), f32(1)).replace(b"(1,)", b"f(1)")}), "a.npy", missing="not one that numpy writes")
    case("npz-differs", "DIFFERENT", "npz is read as its arrays.", Run({"a.npz": npz({"x": npy("<f4", (2,), f32(1, 2))})}),
         Run({"a.npz": npz({"x": npy("<f4", (2,), f32(1, 3))})}), "x (1 of 2 elements")
    case("npz-compressed-or-not", "DIFFERENT", "Equal arrays in another archive are other bytes, and it says so.",
         Run({"a.npz": npz({"x": npy("<f4", (2,), f32(1, 2))})}),
         Run({"a.npz": npz({"x": npy("<f4", (2,), f32(1, 2))}, compressed=True)}), "arrays are equal", kinds=["LAYOUT"])
    case("npz-tolerated", "WITHIN_TOLERANCE", "Each array within is the file within.",
         Run({"a.npz": npz({"x": npy("<f4", (2,), f32(1, 2)), "y": npy("<f4", (1,), f32(1))}, compressed=True)}),
         Run({"a.npz": npz({"x": npy("<f4", (2,), f32(1, 2.01)), "y": npy("<f4", (1,), f32(1.01))})}), "Within",
         compare={"atol": 0.1})


def hostile() -> None:
    good = weights(1)["model.safetensors"]
    w = {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}
    head = lambda **entries: json.dumps(entries).encode()
    lies = {
        "length-beyond-the-file": (raw_safetensors(head(w=w), f32(2), length=1 << 40), "longer than the file"),
        "length-with-the-top-bit": (raw_safetensors(head(w=w), f32(2), length=(1 << 64) - 1), "longer than the file"),
        "offsets-overlap": (raw_safetensors(head(w=w, v=w), f32(2)), "overlap or leave a gap"),
        "offsets-out-of-range": (raw_safetensors(head(w=w | {"data_offsets": [8, 12]}), f32(2)), "gap"),
        "bytes-behind-the-tensors": (raw_safetensors(head(w=w), f32(2, 3)), "do not end where the file does"),
        "shape-that-overflows": (raw_safetensors(head(w=w | {"shape": [1 << 62, 1 << 62]}), f32(2)), "larger than any file"),
        "shape-that-does-not-fit": (raw_safetensors(head(w=w | {"shape": [2]}), f32(2)), "do not fit its shape"),
        "field-that-nobody-reads": (raw_safetensors(head(w=w | {"note": "x"}), f32(1)), "more or less than its type"),
        "header-in-utf16": (raw_safetensors(head(w=w).decode().encode("utf-16-le"), f32(1)), "does not begin as one"),
        "unknown-type": (raw_safetensors(head(w=w | {"dtype": "F4"}), f32(2)), "type that is not read"),
        "deep-header": (raw_safetensors(b'{"w":' * 500 + b"1" + b"}" * 500, f32(2)), "no JSON that can be read"),
        "one-name-twice": (raw_safetensors(b'{"w":%s,"w":%s}' % (json.dumps(w).encode(), json.dumps(w).encode()), f32(2)),
                           "no JSON that can be read"),
    }
    for name, (content, says) in lies.items():
        case("safetensors-" + name, "DIFFERENT", "A file that lies is not read, and earns no tolerance.",
             Run({"model.safetensors": good}), Run({"model.safetensors": content}), "model.safetensors",
             compare={"atol": 1e9}, missing=says)
    deep = b'{"schema":1,"knobs":' + b'{"a":' * 5000 + b"1" + b"}" * 5000 + b"}"
    records = {
        "deep": (deep, "observed.json is no JSON"),
        "duplicate-keys": (b'{"schema":1,"complete":false,"complete":true}', "observed.json is no JSON"),
        "not-json": (b"\x00\x01\x02", "observed.json is no JSON"),
        "half-a-character": (b'{"schema":1,"complete":true,"knobs":{"\\ud800":{"status":"\\udfff"}},'
                             b'"seedings":[{"place":"\\ud83d","value":1}]}', "observed.json is no JSON"),
        "wrong-types": (b'{"schema":1,"complete":"true","knobs":[1],"seedings":{"a":1},"children":7,"drift":"x"}', "observed.json has no knobs"),
    }
    for name, (content, says) in records.items():
        case("record-" + name, "INCONCLUSIVE", "What a process wrote is read with bounds and never believed.", Run(MODEL),
             Run(MODEL, files={"record/main/observed.json": content}), says, missing=says or None)
    case("record-that-is-a-link", "INCONCLUSIVE", "A record is never read through a link.", Run(MODEL),
         Run(MODEL, files={"elsewhere.json": json.dumps(observed()).encode()},
             links={"record/main/observed.json": "../../elsewhere.json"}), "observed.json is missing")
    case("output-that-is-a-link", "DIFFERENT", "An output is never read through a link.", Run(weights(1)),
         Run(weights(2), files={"elsewhere.bin": weights(2)["model.safetensors"]},
             links={"outputs/model.safetensors": "../elsewhere.bin"}), "model.safetensors",
         compare={"atol": 9.0}, missing="its bytes are not there")
    claims = {"outputs": {"digest": "sha256:" + "a" * 64}, "verdict": "IDENTICAL"}
    case("record-that-claims-digests", "DIFFERENT", "Only the service's own digests count.",
         Run(weights(1), record={"main": observed(**claims)}), Run(weights(2), record={"main": observed(**claims)}),
         "first in w")
    forged = json.dumps(Run(weights(1)).listing()).encode()
    case("output-called-listing", "DIFFERENT", "A listing among the outputs is an output.",
         Run(weights(1) | {"listing.json": forged}), Run(weights(2) | {"listing.json": forged}), "first in w")
    case("record-with-a-stranger", "INCONCLUSIVE", "A record holds processes and nothing else.", Run(MODEL),
         Run(MODEL, files={"record/..x/observed.json": b"{}"}), "something other than processes")


def premises() -> None:
    case("code-changed", "IDENTICAL", "The verdict looks at results only.", Run(MODEL),
         Run(MODEL, code={"train.py": b"import torch # again\n"}), "although code changed (train.py)")
    case("settings-changed", "IDENTICAL", "A premise that differs is said.", Run(MODEL),
         Run(MODEL, spec=settings("resources/threads", 2), record={"main": observed(threads=2)}),
         "although settings differ (resources.threads)")
    case("inputs-changed", "IDENTICAL", "Other data, same results: worth a second look.",
         Run(MODEL, inputs={"mnist": {"a": b"1"}}), Run(MODEL, inputs={"mnist": {"a": b"2"}}), "inputs differ (mnist)")
    case("inputs-left-by-the-other", "IDENTICAL", "Two runs in one folder: the second found what the first put out.",
         Run(MODEL), Run(MODEL, inputs={"overwritten": MODEL}),
         "overwritten: what the left run put out was there when the right one began")
    case("inputs-overwritten", "IDENTICAL", "What was written over is no output of the other: nothing is said of it.",
         Run(MODEL), Run(MODEL, inputs={"overwritten": {"model.safetensors": b"older"}}), "inputs differ (overwritten)")
    case("environment-changed", "IDENTICAL", "Another torch, same results.", Run(MODEL),
         Run(MODEL, environment=changed(ENVIRONMENT, "environment/packages/torch/version", "2.16.0")),
         "the environment differs (packages.torch.version)")
    case("machine-changed", "IDENTICAL", "Another machine, same results.", Run(MODEL),
         Run(MODEL, environment=changed(ENVIRONMENT, "machine/cpu/model", "Xeon")), "the machine differs (cpu.model)")
    case("isolation-changed", "IDENTICAL", "How a job was held is part of its machine.", Run(MODEL),
         Run(MODEL, end=succeeded() | {"isolation": "process"}), "the machine differs (isolation)")
    drift = [{"knob": "torch.backends.cudnn.benchmark", "from": False, "to": True, "place": "train.py:14", "undone": False}]
    case("recipe-drifted", "IDENTICAL", "A knob that the program turned on one side only.", Run(MODEL),
         Run(MODEL, record={"main": observed(drift=drift)}), "the observed recipe differs (torch.backends.cudnn.benchmark changed")
    case("seed-differs", "IDENTICAL", "Nothing that was compared depends on the seed.", Run(MODEL),
         Run(MODEL, spec={"seed": 43}, record={"main": observed(43)}), "although the seed differs: nothing")
    case("seed-differs-program-sets-its-own", "IDENTICAL", "The job's seed did nothing.",
         Run(MODEL, record={"main": observed(seedings=seeding(1337))}),
         Run(MODEL, spec={"seed": 43}, record={"main": observed(43, seedings=seeding(1337))}),
         "although the seed differs: the seed had no effect, train.py:12 sets its own")
    case("seed-differs-and-is-held", "IDENTICAL", "A seeding that was held set nothing.",
         Run(MODEL, record={"main": observed(seedings=seeding(1337, True))}),
         Run(MODEL, spec={"seed": 43}, record={"main": observed(43, seedings=seeding(1337, True))}),
         "although the seed differs: nothing")
    case("seed-differs-and-results-do", "DIFFERENT", "The seed is the likely cause.", Run(weights(1)),
         Run(weights(2), spec={"seed": 43}, record={"main": observed(43)}), "settings differ (seed)",
         causes=["settings seed likely"])
    case("seed-differs-and-results-do-in-spite-of-an-own-one", "DIFFERENT", "Then it is only a possible one.",
         Run(weights(1), record={"main": observed(seedings=seeding(1337))}),
         Run(weights(2), spec={"seed": 43}, record={"main": observed(43, seedings=seeding(1337))}), "settings differ (seed)",
         causes=["settings seed possible"])
    case("threads-differ-and-results-do", "DIFFERENT", "Sums depend on the number of threads.", Run(weights(1)),
         Run(weights(2), spec=settings("resources/threads", 2), record={"main": observed(threads=2)}),
         "resources.threads", causes=["settings resources.threads likely"])
    case("labels-are-no-cause", "DIFFERENT", "A label changes no bit.", Run(weights(1)),
         Run(weights(2), spec={"labels": {"team": "vision"}}), "settings differ (labels.team)", causes=[])
    case("several-causes-in-order", "DIFFERENT", "Causes come in the order of the table.", Run(weights(1)),
         Run(weights(2), code={"train.py": b"x", "new.py": b"y"},
             environment=changed(ENVIRONMENT, "machine/cpu/model", "Xeon"), spec={"determinism": "warn"},
             files={"record/main/operations.jsonl":
                    b'{"operation":"put_","kind":"warned","count":1,"place":"train.py:30","function":"step"}\nnonsense\n'}),
         "code changed", causes=["code new.py likely", "code train.py likely", "settings determinism possible",
                                 "machine cpu.model possible", "recipe put_ at train.py:30 possible"])


def explained() -> None:
    """Premises that are read further than their keys."""
    def code(left: dict[str, bytes], right: dict[str, bytes], name: str, why: str, premises: list[list[str]], **parts: Any) -> None:
        case("code-" + name, "IDENTICAL", why, Run(MODEL, code=left, code_kept=True),
             Run(MODEL, code=right, code_kept=True, **parts), "although code changed", premises=premises)

    program = b"import torch\n\nlr = 0.1\nprint(lr)\n"
    code({"train.py": program}, {"train.py": program.replace(b"0.1", b"0.2")}, "as-text", "What changed is shown by line.",
         [["code train.py", "-lr = 0.1", "+lr = 0.2", "@@ -1,4 +1,4 @@"]])
    code({"a.py": b"x = 1\n", "b.py": b"b = 1\n"}, {"a.py": b"x = 1\n", "c.py": b"b = 1\n", "d.py": b"d\n"}, "moved",
         "A file under another name is said to be one.",
         [["code b.py", "only on the left, 6 bytes; the bytes of c.py on the right"],
          ["code c.py", "only on the right, 6 bytes; the bytes of b.py on the left"], ["code d.py", "only on the right, 2 bytes"]])
    code({"a.bin": b"\x00\x01"}, {"a.bin": b"\x00\x02\x03"}, "binary", "What is no text is told by its size and its digest.",
         [["code a.bin", "no text: 2 bytes on the left, 3 bytes on the right", "sha256:"]])
    code({"a.py": b"x = 1\n"}, {"a.py": b"x = '\x1b[2J\xe2\x80\xae'\n"}, "hostile", "What moves a cursor or turns a line is shown, not sent.",
         [["code a.py", "+x = '\\u001b[2J\\u202e'"]])
    case("code-not-at-hand", "IDENTICAL", "Without the bytes there are digests, and that is said.", Run(MODEL, code={"a.py": b"1\n"}, code_kept=True),
         Run(MODEL, code={"a.py": b"2\n"}), "although code changed", premises=[["code a.py", "not read, its bytes are not there: 2 bytes"]])
    case("code-that-is-not-as-listed", "IDENTICAL", "Bytes that are not those of the listing are not shown.",
         Run(MODEL, code={"a.py": b"1\n"}, code_kept=True), Run(MODEL, code={"a.py": b"2\n"}, files={"code/a.py": b"3\n"}),
         "although code changed", premises=[["code a.py", "not read, its bytes are not those that were listed"]])
    package = lambda path, value: changed(ENVIRONMENT, "environment/packages/" + path, value)
    case("package-added", "IDENTICAL", "A package more.", Run(MODEL),
         Run(MODEL, environment=package("scipy", {"version": "1.16.0", "record": "sha256:" + "4" * 64})), "packages.scipy.version",
         premises=[["environment packages.scipy.version", "null -> 1.16.0", "only on the right"]])
    case("package-of-another-version", "IDENTICAL", "Another version has other files as a matter of course.", Run(MODEL),
         Run(MODEL, environment=package("torch", {"version": "2.16.0", "record": "sha256:" + "4" * 64})), "(packages.torch.version)",
         premises=[["environment packages.torch.version", "2.15.0 -> 2.16.0"]])
    case("package-with-other-files", "DIFFERENT", "The version is equal, and what was installed is not.", Run(weights(1)),
         Run(weights(2), environment=package("torch/record", "sha256:" + "4" * 64)), "(packages.torch.record)",
         premises=[["environment packages.torch.record", "version 2.15.0 on both sides, and other files were installed"]],
         causes=["environment packages.torch.record likely"])
    case("package-changed-after-it-was-installed", "DIFFERENT", "Version and RECORD are equal, and a file that ran is not.", Run(weights(1)),
         Run(weights(2), environment=package("torch/changed", {"torch/nn/init.py": "sha256:" + "5" * 64})), "packages.torch.changed",
         premises=[["environment packages.torch.changed.torch/nn/init.py", "changed after it was installed; on the left"]],
         causes=["environment packages.torch.changed.torch/nn/init.py likely"])
    unknown = package("torch", {"version": "2.15.0", "record": None, "editable": True})
    case("package-of-unknown-files", "IDENTICAL", "Equal versions whose files nobody listed are not known to be equal.",
         Run(MODEL, environment=unknown), Run(MODEL, environment=unknown), "Identical: 1 output", premises=[["environment", "no RECORD says which files torch has"]])
    case("settings-that-read-alike", "IDENTICAL", "1 and 1.0 and the text 1 are three values.", Run(MODEL, spec={"env": {"A": 1, "B": 1, "C": ["1", "2"]}}),
         Run(MODEL, spec={"env": {"A": 1.0, "B": "1", "C": ["1", "3"]}}), "settings differ (env.A, env.B, env.C)",
         premises=[["settings env.A", "1 -> 1.0", "equal as numbers; a whole number on the left, a floating-point number on the right"],
                   ["settings env.B", "1 -> 1", "a whole number on the left, text on the right"], ["settings env.C", '["1","2"] -> ["1","3"]']],
         symmetric=True)
    long = "x" * 5000
    case("settings-that-differ-behind-the-cut", "IDENTICAL", "A long value that is cut is not the same as another.", Run(MODEL, spec={"env": {"A": long + "1"}}),
         Run(MODEL, spec={"env": {"A": long + "2"}}), "settings differ (env.A)", premises=[["settings env.A", "(5001 characters, sha256:"]])
    case("what-matters-most-comes-first", "IDENTICAL", "Code before a label, arguments before a name.", Run(MODEL, spec={"labels": {"a": "1"}}),
         Run(MODEL, code={"train.py": b"x\n"}, spec={"labels": {"a": "2"}, "name": "other", "priority": 3, "runtime": {"type": "python", "entrypoint": "train.py"}}),
         ["although code changed (train.py), and settings differ (runtime.args"])
    gpus = lambda *models: changed(ENVIRONMENT, "machine/gpus", [{"model": model, "uuid": f"GPU-{i}"} for i, model in enumerate(models)])
    case("gpus-by-place", "IDENTICAL", "Lists of things are compared thing by thing.", Run(MODEL, environment=gpus("A100", "A100")),
         Run(MODEL, environment=gpus("A100", "H200")), "the machine differs (gpus[1].model)", premises=[["machine gpus[1].model", "A100 -> H200"]])


def main() -> None:
    shutil.rmtree(CORPUS, ignore_errors=True)
    for group in (equal_runs, nothing_to_compare, missing_records, ends, outputs, names, tensors, arrays, hostile, premises, explained):
        group()
    parts(case)
    traces(case)
    print(len(list(CORPUS.iterdir())), "cases")


if __name__ == "__main__":
    main()
