"""Writes the table of operations that torch documents to be non-deterministic or to refuse on a GPU.

    python src/test/python/operations/generate.py 2.0.0=torch-2.0.0-….whl 2.9.1=torch-2.9.1-….whl 2.15.0=…/site-packages

Each source is a wheel of that version (of any platform: the files that are read are the same) or a folder that torch is installed in. Read are names and
conditions, from the docstring of ``torch.use_deterministic_algorithms``; ``torch/nn/functional.py`` for the interpolations that leave their own kernel in
deterministic mode, ``torch/nn/modules/rnn.py``, and the tags in ``native_functions.yaml``. What each documented name is called when it runs is ``RULES``,
made by hand. A documented operation that no rule claims ends the script: a new version of torch wants a rule, not silence.
"""

from __future__ import annotations

import ast
import hashlib
import json
import re
import sys
import zipfile
from pathlib import Path
from typing import Any

TABLE = Path(__file__).resolve().parents[3] / "main/resources/dev/reprise/record/audit/operations.json"

REFUSES, PATH, WARNS, DETERMINISTIC, UNKNOWN = "documented-to-refuse", "has-deterministic-path", "warns-only", "deterministic", "unknown"


def rule(
    name: str, operators: str, documented: str = "", *, refuses: str | None = None, path: str | None = None, when: dict[str, Any] | None = None,
    condition: str | None = None, functions: str = "", always: str | None = None, by_version: dict[str, str] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """``documented`` is the name in the docstring. ``refuses`` and ``path`` are patterns that the text behind it must match in that list, any text if None.

    ``when`` is what an audit can see of the condition: ``{"argument": NAME, "in": [values]}`` or ``{"argument": NAME, "notIn": [values]}``,
    ``{"dtypes": [kinds]}``. ``condition`` is for people. ``always`` is an answer that no list gives; ``by_version`` one for single versions.
    """
    return {
        "name": name, "operators": [f"aten.{operator}" for operator in operators.split()], "functions": functions.split(), "documented": documented,
        "refuses": refuses, "path": path, "when": when, "condition": condition, "always": always, "byVersion": by_version or {},
    }  # fmt: skip


_FLOATING = {"dtypes": ["floating", "complex"]}
RULES = [
    rule("AvgPool3d", "avg_pool3d_backward", "torch.nn.AvgPool3d"),
    rule("AdaptiveAvgPool2d", "_adaptive_avg_pool2d_backward", "torch.nn.AdaptiveAvgPool2d"),
    rule("AdaptiveAvgPool3d", "_adaptive_avg_pool3d_backward", "torch.nn.AdaptiveAvgPool3d"),
    rule("AdaptiveMaxPool2d", "adaptive_max_pool2d_backward", "torch.nn.AdaptiveMaxPool2d"),
    rule("AdaptiveMaxPool3d", "adaptive_max_pool3d_backward", always=UNKNOWN, condition="in no list, but libtorch_cuda.so has the text of such a refusal"),
    rule("FractionalMaxPool2d", "fractional_max_pool2d_backward", "torch.nn.FractionalMaxPool2d"),
    rule("FractionalMaxPool3d", "fractional_max_pool3d_backward", "torch.nn.FractionalMaxPool3d"),
    rule("MaxPool3d", "max_pool3d_with_indices_backward", "torch.nn.MaxPool3d"),
    rule("MaxUnpool1d and MaxUnpool2d", "max_unpool2d", "torch.nn.MaxUnpool2d"),
    rule("MaxUnpool1d", "", "torch.nn.MaxUnpool1d"),
    rule("MaxUnpool3d", "max_unpool3d", "torch.nn.MaxUnpool3d"),
    rule("interpolate, linear", "upsample_linear1d_backward", "torch.nn.functional.interpolate", refuses="linear"),
    rule("interpolate, bilinear", "upsample_bilinear2d_backward", "torch.nn.functional.interpolate", refuses="bilinear"),
    rule("interpolate, bicubic", "upsample_bicubic2d_backward", "torch.nn.functional.interpolate", refuses="bicubic"),
    rule("interpolate, trilinear", "upsample_trilinear3d_backward", "torch.nn.functional.interpolate", refuses="trilinear"),
    rule("interpolate with antialias", "_upsample_bilinear2d_aa_backward _upsample_bicubic2d_aa_backward", "torch.nn.functional.interpolate", refuses="linear"),
    rule("ReflectionPad1d", "reflection_pad1d_backward", "torch.nn.ReflectionPad1d"),
    rule("ReflectionPad2d", "reflection_pad2d_backward", "torch.nn.ReflectionPad2d"),
    rule("ReflectionPad3d", "reflection_pad3d_backward", "torch.nn.ReflectionPad3d"),
    rule("ReplicationPad1d", "replication_pad1d_backward", "torch.nn.ReplicationPad1d"),
    rule("ReplicationPad2d", "replication_pad2d_backward", "torch.nn.ReplicationPad2d"),
    rule("ReplicationPad3d", "replication_pad3d_backward", "torch.nn.ReplicationPad3d"),
    rule("NLLLoss of images", "nll_loss2d_forward", "torch.nn.NLLLoss", condition="the form for inputs of more than two dimensions"),
    rule("NLLLoss", "nll_loss_forward", always=DETERMINISTIC, condition="NLLLoss is in the list without a condition; only the kernel for more than two dimensions refuses"),
    rule("CTCLoss", "_ctc_loss_backward", "torch.nn.CTCLoss"),
    rule("EmbeddingBag, max", "_embedding_bag_backward _embedding_bag_dense_backward", "torch.nn.EmbeddingBag", refuses="CUDA.*max", when={"argument": "mode", "in": [2]}, condition='mode="max"'),
    rule("put_", "put_ put", "torch.Tensor.put_", refuses="accumulate"),
    rule("histc", "histc", "torch.histc"),
    rule("bincount with weights", "bincount", "torch.bincount", when={"argument": "weights", "notIn": [None]}, condition="weights given"),
    rule("bincount", "bincount", "torch.bincount", refuses="^(?!.*weights)", when={"argument": "weights", "in": [None]}, condition="no weights given"),
    rule("kthvalue", "kthvalue", "torch.kthvalue"),
    rule("median with indices", "median.dim median.dim_values nanmedian.dim nanmedian.dim_values", "torch.median", condition="with indices, as along a dimension"),
    rule("grid_sample", "grid_sampler_2d_backward grid_sampler_3d_backward _grid_sampler_2d_cpu_fallback_backward", "torch.nn.functional.grid_sample"),
    rule("cumsum", "cumsum cumsum_", "torch.cumsum", when=_FLOATING, condition="of floating or complex numbers"),
    rule("scatter_reduce, prod", "scatter_reduce scatter_reduce_", "torch.Tensor.scatter_reduce", refuses="prod|CUDA or MPS", path="prod", when={"argument": "reduce", "in": ["prod"]}, condition='reduce="prod"'),
    rule("scatter_reduce, amax and amin", "scatter_reduce scatter_reduce_", "torch.Tensor.scatter_reduce", refuses="CUDA or MPS", path="amax", when={"argument": "reduce", "in": ["amax", "amin"]}, condition='reduce="amax" or "amin"'),
    rule("scatter_reduce, sum and mean", "scatter_reduce scatter_reduce_", "torch.Tensor.scatter_reduce", refuses="(?!)", path="sum", when={"argument": "reduce", "in": ["sum", "mean"]}, condition='reduce="sum" or "mean"'),
    rule("resize_ of quantized tensors", "resize_", "torch.Tensor.resize_", when={"dtypes": ["quantized"]}, condition="of a quantized tensor"),
    rule("convolutions", "convolution _convolution convolution_backward _convolution_double_backward", "torch.nn.Conv2d"),
    *(rule(f"{kind}{size}d", "", f"torch.nn.{kind}{size}d") for kind in ("Conv", "ConvTranspose") for size in (1, 2, 3) if kind + str(size) != "Conv2"),
    rule("products, by cuBLAS", "mm addmm mv addmv", "torch.mm", condition="CUBLAS_WORKSPACE_CONFIG set, as every mode but off sets it"),
    rule("mv", "", "torch.mv"),
    rule("bmm", "bmm baddbmm addbmm", "torch.bmm", condition="of sparse with dense; by cuBLAS, with CUBLAS_WORKSPACE_CONFIG set, as every mode but off sets it"),
    rule("index_put", "index_put index_put_ _index_put_impl_", "torch.Tensor.index_put", when={"argument": "accumulate", "in": [False]}, condition="accumulate=False"),
    rule("scatter_add", "scatter_add scatter_add_", "torch.Tensor.scatter_add_"),
    rule("gather", "gather gather_backward", "torch.gather", condition="its backward pass"),
    rule("index_add", "index_add index_add_", "torch.index_add"),
    rule("index_select", "index_select index_select_backward", "torch.index_select", condition="its backward pass"),
    rule("repeat_interleave", "repeat_interleave", "torch.repeat_interleave", condition="its backward pass"),
    rule("index_copy", "index_copy index_copy_", "torch.Tensor.index_copy"),
    rule("scatter", "scatter.src scatter_.src", "torch.Tensor.scatter"),
    rule("Embedding", "embedding_dense_backward", "torch.nn.Embedding"),
    rule(
        "attention", "_scaled_dot_product_flash_attention_backward _scaled_dot_product_efficient_attention_backward _scaled_dot_product_cudnn_attention_backward"
        " _scaled_dot_product_flash_attention_for_cpu_backward _flash_attention_backward _efficient_attention_backward _cudnn_attention_backward",
        functions="torch.nn.functional.scaled_dot_product_attention", always=UNKNOWN, by_version={"2.15.0": WARNS},
        condition="its backward pass, which with warn_only warns and takes the algorithm that is not deterministic",
    ),
    rule("RNN, LSTM, GRU by cuDNN", "_cudnn_rnn _cudnn_rnn_backward", functions="torch.lstm torch.gru torch.rnn_tanh torch.rnn_relu", condition="of cuDNN; torch tells of versions with issues, CUBLAS_WORKSPACE_CONFIG set"),
]  # fmt: skip
_NOT_ON_A_GPU = re.compile(r"\b(?:an? )?(?:MPS|CPU)(?: or XPU)? tensors?\b")
_ON_A_GPU = re.compile(r"\bCUDA\b")


class Source:
    """The files of one version, in a wheel or a folder."""

    def __init__(self, version: str, place: str) -> None:
        self.version, self._place = version, Path(place)
        self._wheel = zipfile.ZipFile(place) if self._place.is_file() else None

    def text(self, name: str) -> str:
        return self._wheel.read(name).decode() if self._wheel is not None else (self._place / name).read_text()

    def documented(self) -> tuple[str, dict[str, list[tuple[str, str]]]]:
        """The docstring's digest, and of each of its lists the names with the text behind them, but for what it says of other devices than CUDA."""
        for node in ast.walk(ast.parse(self.text("torch/__init__.py"))):
            if isinstance(node, ast.FunctionDef) and node.name == "use_deterministic_algorithms":
                doc = ast.get_docstring(node) or ""
                break
        else:
            raise SystemExit(f"{self.version}: torch/__init__.py has no use_deterministic_algorithms")
        found: dict[str, list[tuple[str, str]]] = {PATH: [], REFUSES: [], "cublas": []}
        into = None
        for paragraph in re.split(r"\n(?=\s*\* )|\n\s*\n(?=\S)", doc):
            for heading, kind in (("will act\ndeterministically", PATH), ("will throw a\n", REFUSES), ("will be raised from these operations", "cublas")):
                into = kind if heading in paragraph else into
            bullet = re.match(r"\s*\* (.*)", paragraph, re.DOTALL)
            if bullet is None or into is None:
                continue
            words = " ".join(bullet[1].split())
            names = re.findall(r":(?:class|func):`([\w.]+)`", words)
            if into == "cublas" or _ON_A_GPU.search(words) or not _NOT_ON_A_GPU.search(words):
                found[into] += [(name, words) for name in names if not name.startswith("torch.set_")]
        if not found[PATH] or not found[REFUSES]:
            raise SystemExit(f"{self.version}: the docstring has not the two lists that are known")
        return hashlib.sha256(doc.encode()).hexdigest(), found

    def leaves_its_kernel(self) -> set[str]:
        """The modes of ``interpolate`` for which ``torch/nn/functional.py`` takes another way in deterministic mode."""
        text = self.text("torch/nn/functional.py")
        begin = text.rindex("def interpolate(")
        branches = re.split(r'\n    if input\.dim\(\) == \d and mode == "(\w+)":', text[begin : text.index("\ndef ", begin + 1)])
        return {mode for mode, branch in zip(branches[1::2], branches[2::2]) if "are_deterministic_algorithms_enabled()" in branch}

    def warns_of_rnn(self) -> bool:
        return "cudnn_rnn_determinism" in self.text("torch/nn/modules/rnn.py")

    def random(self) -> list[str]:
        """Operators that ``native_functions.yaml`` tags as drawing random numbers."""
        found: list[str] = []
        for entry in re.split(r"^- func: ", self.text("torchgen/packaged/ATen/native/native_functions.yaml"), flags=re.MULTILINE)[1:]:
            if re.search(r"^\s+tags:.*\bnondeterministic_seeded\b", entry, re.MULTILINE):
                name = entry.split("(", 1)[0]
                found.append(f"aten.{name}" if "." in name else f"aten.{name}.default")
        return sorted(found)


def answers(source: Source) -> tuple[dict[str, Any], dict[str, str]]:
    """One version: what is said of its source, and each rule's answer."""
    digest, documented = source.documented()
    leaving, claimed = source.leaves_its_kernel(), set()
    found: dict[str, str] = {}
    for entry in RULES:
        said = set()
        for kind, pattern in ((REFUSES, entry["refuses"]), (PATH, entry["path"]), ("cublas", None)):
            for name, words in documented[kind]:
                if name == entry["documented"]:
                    claimed.add((kind, name))
                    if pattern is None or re.search(pattern, words):
                        said.add(PATH if kind == "cublas" else kind)
        if len(said) > 1:
            raise SystemExit(f"{source.version}: {entry['name']} is in both lists; its rule must tell them apart")
        mode = entry["name"].rpartition(", ")[2]
        if entry["name"].startswith("interpolate, ") and mode in leaving:
            said = {PATH}
        if entry["name"].startswith("RNN") and source.warns_of_rnn():
            said = {PATH}
        found[entry["name"]] = entry["byVersion"].get(source.version) or entry["always"] or (said.pop() if said else DETERMINISTIC)
    for kind, names in documented.items():
        for name, words in names:
            if (kind, name) not in claimed and name != "torch.Tensor.__getitem__":
                raise SystemExit(f"{source.version}: no rule for {name}: {words}")
    return {"torch": source.version, "docstring": f"sha256:{digest}", "names": len({name for names in documented.values() for name, _ in names})}, found


def table(sources: list[Source]) -> dict[str, Any]:
    versions, rules = [], [{key: entry[key] for key in ("name", "operators", "functions", "when", "condition")} for entry in RULES]
    random: dict[str, list[str]] = {}
    for source in sources:
        version, found = answers(source)
        versions.append(version)
        for entry in rules:
            entry.setdefault("answers", {})[source.version] = found[entry["name"]]
        for operator in source.random():
            random.setdefault(operator, []).append(source.version)
    return {
        "schema": 1, "source": "the docstring of torch.use_deterministic_algorithms, torch/nn/functional.py, torch/nn/modules/rnn.py, native_functions.yaml",
        "versions": versions, "rules": [entry for entry in rules if entry["operators"] or entry["functions"]], "random": dict(sorted(random.items())),
    }  # fmt: skip


def written(document: dict[str, Any]) -> str:
    """A line a rule, so that a change shows."""
    lines = ["{", f'"schema": {document["schema"]},', f'"source": {json.dumps(document["source"])},']
    for key in ("versions", "rules"):
        lines += [f'"{key}": [', ",\n".join(json.dumps(entry) for entry in document[key]), "],"]
    lines += ['"random": {', ",\n".join(f"{json.dumps(name)}: {json.dumps(versions)}" for name, versions in document["random"].items()), "}", "}"]
    return "\n".join(lines) + "\n"


def main() -> None:
    sources = [Source(*argument.split("=", 1)) for argument in sys.argv[1:]]
    if not sources:
        raise SystemExit("give at least one VERSION=WHEEL or VERSION=FOLDER")
    TABLE.parent.mkdir(parents=True, exist_ok=True)
    TABLE.write_text(written(table(sources)))


if __name__ == "__main__":
    main()
