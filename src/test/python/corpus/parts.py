"""Pairs of files of the formats that are compared by their parts."""

import gzip
import io
import json
import tarfile
import zipfile
from pathlib import Path
from typing import Any, Callable

from run import Run

FILES = Path(__file__).parents[2] / "resources" / "formats"

EVENTS = "runs/events.out.tfevents.1764000000.node.7.0"

Case = Callable[..., None]


def written(name: str) -> bytes:
    return (FILES / name).read_bytes()


def text(value: Any, **options: Any) -> bytes:
    return json.dumps(value, **options).encode()


def state(loss: float, runtime: float, **options: Any) -> bytes:
    return text({"log_history": [{"loss": loss, "step": 2}, {"step": 2, "train_runtime": runtime}]}, **options)


def tar(seconds: int, **members: bytes) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name, content in members.items():
            info = tarfile.TarInfo(name.replace("__", "."))
            info.size, info.mtime = len(content), seconds
            archive.addfile(info, io.BytesIO(content))
    return out.getvalue()


def packed(day: int, **members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name.replace("__", "."), (2026, 11, day, 0, 0, 0)), content)
    return out.getvalue()


def gz(seconds: int, content: bytes) -> bytes:
    return gzip.compress(content, 0, mtime=seconds)


def pair(case: Case, name: str, verdict: str, why: str, path: str, left: bytes, right: bytes,
         says: str | list[str], **options: Any) -> None:
    case(name, verdict, why, Run({path: left}), Run({path: right}), says, **options)


def pictures(case: Case) -> None:
    pair(case, "events-wall-times", "IDENTICAL_EXCEPT", "When an event was written is no result.", EVENTS,
         written("events-a"), written("events-b"), [EVENTS, "wall time (8 times, first 17"])
    pair(case, "events-of-hparams", "IDENTICAL_EXCEPT", "Nor is when a session began.", EVENTS,
         written("hparams-a"), written("hparams-b"), "time in hparams")
    pair(case, "events-another-value", "DIFFERENT", "A scalar is named by tag and step, and the times are named too.", EVENTS,
         written("events-a"), written("events-c"),
         ["first in scalars/loss step 0 (0.75 on the left, 0.625 on the right)", "set apart: wall time"], kinds=["CONTENT"])
    pair(case, "events-another-value-tolerated", "WITHIN_TOLERANCE", "A tolerance holds for scalars.", EVENTS,
         written("events-a"), written("events-c"), "Within", compare={"atol": 0.2})
    pair(case, "events-another-histogram", "DIFFERENT", "What is no number is compared by its bytes.", EVENTS,
         written("events-a"), written("events-d"), "histograms/weights step 2", compare={"atol": 10.0})
    pair(case, "events-cut-short", "DIFFERENT", "Of a file that was cut short nobody knows the rest.", EVENTS,
         written("events-a"), written("events-b")[:-5], EVENTS, missing="is cut short")
    pair(case, "pdf-date", "IDENTICAL_EXCEPT", "A PDF's date is no result.", "plot.pdf", written("plot-a.pdf"),
         written("plot-b.pdf"), "what is set apart in plot.pdf, /CreationDate (D:2026")
    pair(case, "pdf-differs", "DIFFERENT", "A PDF is compared by its objects.", "plot.pdf", written("plot-a.pdf"),
         written("plot-c.pdf"), ["plot.pdf, first in object ", "set apart: /CreationDate"], kinds=["CONTENT"])
    pair(case, "png-text", "IDENTICAL_EXCEPT", "Texts beside the pixels are set apart, and named.", "plot.png",
         written("plot-a.png"), written("plot-b.png"), "chunk tEXt Creation Time")
    pair(case, "png-differs", "DIFFERENT", "Pixels are results.", "plot.png", written("plot-a.png"), written("plot-c.png"),
         ["first in pixels: ", "of 256 differ"])
    pair(case, "svg-date-and-names", "IDENTICAL_EXCEPT", "matplotlib draws names in SVG at random.", "plot.svg",
         written("plot-a.svg"), written("plot-b.svg"), "dc:date")
    pair(case, "svg-differs", "DIFFERENT", "Any other difference is one.", "plot.svg", written("plot-a.svg"),
         written("plot-c.svg"), "plot.svg, first in line", kinds=["CONTENT"])
    pair(case, "known-format-that-is-not-read", "DIFFERENT", "What is not read is different by its digest, and it says why.",
         "t.db", b"SQLite format 3\0\1", b"SQLite format 3\0\2", "t.db, first at byte 16", missing="it is SQLite, which is not read")


def tables(case: Case) -> None:
    pair(case, "parquet-another-cell", "DIFFERENT", "Parquet is compared by row and column.", "t.parquet", written("table-a.parquet"),
         written("table-b.parquet"), "t.parquet, first in row 2: loss (0.25 on the left, 0.250000001 on the right)", kinds=["CONTENT"])
    pair(case, "parquet-another-cell-tolerated", "WITHIN_TOLERANCE", "A tolerance holds for its numbers.", "t.parquet",
         written("table-zstd-a.parquet"), written("table-zstd-b.parquet"), "Within", compare={"atol": 1e-6})
    pair(case, "parquet-packed-otherwise", "DIFFERENT", "Equal cells in other bytes are not said to be equal, nor within a tolerance.",
         "t.parquet", written("table-a.parquet"), written("table-lz4.parquet"), "t.parquet", compare={"atol": 1.0})
    pair(case, "parquet-damaged", "DIFFERENT", "What a library cannot read is different by its digest, and it says why.",
         "t.parquet", b"PAR1\0\1PAR1", b"PAR1\0\2PAR1", "t.parquet, first at byte 5", missing="it is damaged")
    pair(case, "hdf5-another-element", "DIFFERENT", "HDF5 is compared by tensor.", "m.h5", written("model-a.h5"),
         written("model-b.h5"), "m.h5, first in /model/dense/kernel (1 of 12 elements", kinds=["CONTENT"])
    pair(case, "hdf5-another-attribute", "DIFFERENT", "What it says beside its tensors is never within a tolerance.", "m.h5",
         written("model-a.h5"), written("model-c.h5"), "m.h5", compare={"atol": 1e6})


def values(case: Case) -> None:
    pair(case, "json-differs", "DIFFERENT", "JSON is compared by path.", "m.json", text({"a": {"b": [1, 2]}}),
         text({"a": {"b": [1, 3]}}), "m.json, first in a.b[1] (2 on the left, 3 on the right)", kinds=["CONTENT"])
    pair(case, "json-written-otherwise", "DIFFERENT", "Other keys' order or blanks are other bytes, and it says so.", "m.json",
         text({"a": 1, "b": 2.0}), text({"b": 2.0, "a": 1}, indent=1), "whose content is equal and written otherwise",
         kinds=["LAYOUT"])
    pair(case, "json-tolerated", "WITHIN_TOLERANCE", "A tolerance holds for numbers of JSON.", "m.json", text([0.5, 7]),
         text([0.501, 7]), "Within", compare={"atol": 0.01})
    pair(case, "json-integers-are-exact", "DIFFERENT", "But not for integers.", "m.json", text([0.5, 7]), text([0.5, 8]),
         "[1] (7 on the left, 8 on the right)", compare={"atol": 10.0})
    pair(case, "json-one-name-twice", "DIFFERENT", "Nobody knows which of the two counts.", "m.json", b'{"a": 1, "a": 2}',
         b'{"a": 1, "a": 3}', "m.json", missing="no JSON that is read here")
    pair(case, "trainer-duration", "IDENTICAL_EXCEPT", "How long a training took is no result, where the format is known.",
         "out/trainer_state.json", state(0.5, 1.25), state(0.5, 13.5), "train_runtime (1.25 on the left, 13.5 on the right)")
    pair(case, "trainer-duration-and-loss", "DIFFERENT", "A loss beside it is one.", "out/trainer_state.json",
         state(0.5, 1.25), state(0.6, 13.5), ["log_history[0].loss", "set apart: train_runtime"])
    pair(case, "duration-in-any-other-json", "DIFFERENT", "In any other file a duration is a value.", "state.json",
         state(0.5, 1.25), state(0.5, 13.5), "log_history[1].train_runtime")
    pair(case, "duration-and-blanks", "DIFFERENT", "Equal but for a duration means every other byte.",
         "trainer_state.json", state(0.5, 1.25), state(0.5, 13.5, indent=1), "written otherwise (set apart: train_runtime)",
         kinds=["LAYOUT"])
    pair(case, "json-lines-differ", "DIFFERENT", "JSON lines are compared by line and key.", "log.jsonl",
         text({"loss": 1}) + b"\n" + text({"loss": 2}) + b"\n", text({"loss": 1}) + b"\n" + text({"loss": 3}) + b"\n",
         "line 2: loss (2 on the left, 3 on the right)")
    pair(case, "json-lines-cut-short", "DIFFERENT", "The last line of a killed writer.", "log.jsonl", b'{"a":1}\n{"b":2}\n',
         b'{"a":1}\n{"b"', "log.jsonl", missing="its last line on the right is cut short")
    pair(case, "csv-differs", "DIFFERENT", "CSV is compared by row and column.", "m.csv", b"epoch,loss\n0,0.5\n1,0.25\n",
         b"epoch,loss\n0,0.5\n1,0.125\n", "row 2, column loss (0.25 on the left, 0.125 on the right)")
    pair(case, "csv-quotes", "DIFFERENT", "Other quotes are other bytes, and it says so.", "m.csv", b"a,b\n1,2\n",
         b'"a",b\n1,2\n', "written otherwise", kinds=["LAYOUT"])
    pair(case, "csv-tolerated", "WITHIN_TOLERANCE", "A tolerance holds for cells.", "m.csv", b"a\n0.5\n", b"a\n0.51\n",
         "Within", compare={"atol": 0.1})


def archives(case: Case) -> None:
    pair(case, "gzip-time", "IDENTICAL_EXCEPT", "When it was packed is no result.", "log.gz", gz(1, b"epoch\n"),
         gz(2, b"epoch\n"), "gzip time")
    pair(case, "gzip-differs", "DIFFERENT", "What it holds is read by its own format.", "m.json.gz", gz(1, text([1])),
         gz(1, text([2])), "first in m.json: [0] (1 on the left, 2 on the right)")
    pair(case, "tar-times", "IDENTICAL_EXCEPT", "Nor is when a member was written.", "a.tar", tar(1, a=b"x"), tar(2, a=b"x"),
         "time of members")
    pair(case, "tar-gz-of-a-duration", "IDENTICAL_EXCEPT", "Members are read by the same rules.", "a.tar.gz",
         gz(1, tar(1, trainer_state__json=state(0.5, 1))), gz(1, tar(1, trainer_state__json=state(0.5, 2))),
         "trainer_state.json: train_runtime")
    pair(case, "tar-member-differs", "DIFFERENT", "A member is named.", "a.tar", tar(1, m__json=text([1])),
         tar(2, m__json=text([2])), ["first in m.json: [0]", "set apart: time of members"])
    pair(case, "tar-other-order", "DIFFERENT", "Another order is another layout.", "a.tar", tar(1, a=b"x", b=b"y"),
         tar(1, b=b"y", a=b"x"), "written otherwise", kinds=["LAYOUT"])
    pair(case, "tar-hides-bytes", "DIFFERENT", "Bytes that belong to no member are not passed over.", "a.tar", tar(1, a=b"x"),
         tar(2, a=b"x")[:-1] + b"!", "a.tar", missing="bytes follow its end")
    pair(case, "zip-times", "IDENTICAL_EXCEPT", "So with a zip.", "a.zip", packed(1, a=b"x"), packed(2, a=b"x"),
         "time of members")
    pair(case, "zip-member-differs", "DIFFERENT", "A member is named.", "a.zip", packed(1, m__json=text([1])),
         packed(1, m__json=text([2])), "first in m.json: [0]")


def beside(case: Case) -> None:
    dated = {"plot.pdf": written("plot-a.pdf")}
    redated = {"plot.pdf": written("plot-b.pdf")}
    case("date-and-a-record-missing", "INCONCLUSIVE", "Equal but for a date is no proof without a record.", Run(dated),
         Run(redated, record={}), "no observed record")
    case("date-and-another-output", "DIFFERENT", "A date beside a difference excuses nothing.", Run(dated | {"l": b"1"}),
         Run(redated | {"l": b"2"}), "l, first in line 1")
    case("date-and-a-tolerated-output", "WITHIN_TOLERANCE", "Different within the tolerance says more than a date.",
         Run(dated | {"m.json": b"[0.5]"}), Run(redated | {"m.json": b"[0.51]"}), "Within", compare={"atol": 0.1})


def parts(case: Case) -> None:
    pictures(case)
    tables(case)
    values(case)
    archives(case)
    beside(case)
