"""Write, with the real libraries, the files that TorchFileTests reads: python write.py FOLDER."""

import argparse
import collections
import io
import os
import pathlib
import pickle
import sys
import zipfile

import numpy as np
import torch

folder = pathlib.Path(sys.argv[1])


def save(name, value, **how):
    torch.save(value, folder / name, **how)


def both(name, value):
    save(name + ".pt", value)
    save(name + "-legacy.pt", value, _use_new_zipfile_serialization=False)


def trained(steps):
    torch.manual_seed(1)
    model = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.BatchNorm1d(4), torch.nn.Linear(4, 2))
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, 2)
    for _ in range(steps):
        optimizer.zero_grad()
        model(torch.ones(5, 3)).square().sum().backward()
        optimizer.step()
        scheduler.step()
    return {"model": model.state_dict(), "optimizer": optimizer.state_dict(), "scheduler": scheduler.state_dict(),
            "epoch": steps, "rng": torch.get_rng_state(), "numpy": np.random.RandomState(3).get_state(),
            "args": argparse.Namespace(lr=0.1, path=pathlib.PurePosixPath("/data"), name=None)}


both("trained", trained(3))
save("trained-again.pt", trained(3))
save("trained-longer.pt", trained(4))

numbers = {str(t).removeprefix("torch."): torch.tensor([0, 1, 3, 100]).to(t) for t in
           (torch.float64, torch.float32, torch.float16, torch.bfloat16, torch.float8_e4m3fn, torch.float8_e5m2,
            torch.float8_e4m3fnuz, torch.float8_e5m2fnuz, torch.int64, torch.int32, torch.int16, torch.int8,
            torch.uint64, torch.uint32, torch.uint16, torch.uint8, torch.bool, torch.complex64, torch.complex128)}
both("numbers", numbers)

base = torch.arange(24, dtype=torch.float32)
views = {"whole": base, "part": base[3:7], "matrix": base.view(4, 6), "turned": base.view(4, 6).t(),
         "columns": base.view(4, 6)[:, 1:3], "steps": base[1::5], "expanded": base[2:3].expand(3, 4),
         "channels": base.view(1, 2, 3, 4).contiguous(memory_format=torch.channels_last),
         "permuted": base.view(2, 3, 4).permute(2, 0, 1), "scalar": base[5], "empty": torch.zeros(0, 3),
         "inner": base.view(2, 3, 4).permute(1, 2, 0)[1:]}
both("views", views)
np.savez(folder / "views.npz", **{name: view.contiguous().numpy() for name, view in views.items()})

Point = collections.namedtuple("Point", "x y")
nested = {"list": [1, 2.5, [], {}], "tuple": (True, None), "set": {3, 1, 2}, "frozen": frozenset({"b", "a"}),
          "ordered": collections.OrderedDict(z=1, a=2), "default": collections.defaultdict(list, k=[1]),
          "counter": collections.Counter("aab"), "deque": collections.deque([1, 2], maxlen=5), "bytes": b"\x00\xff",
          "large": 1 << 200, "negative": -(1 << 70), 7: "seven", "7": "text", ("a", 1): "tuple key", "float": float("nan"),
          "complex": 1 + 2j, "text": "δ" * 3, "dtype": torch.float16, "device": torch.device("cpu"), "shape": torch.Size([2, 3]),
          "parameter": torch.nn.Parameter(torch.ones(2)), "grad": torch.ones(1, requires_grad=True),
          "array": np.arange(6.0).reshape(2, 3), "fortran": np.asfortranarray(np.arange(6.0).reshape(2, 3)),
          "number": np.float32(0.5), "long": "x" * 5000}
both("nested", nested)
save("other-order.pt", dict(reversed(nested.items())))
for protocol in range(2, 6):
    save(f"protocol-{protocol}.pt", nested, pickle_protocol=protocol)
    (folder / f"protocol-{protocol}.pkl").write_bytes(pickle.dumps(nested, protocol))
shared = torch.ones(4)
save("shared.pt", {"a": shared, "b": shared[1:]})
save("tensor.pt", torch.arange(3))
plain = {"a": [1, 2.5, "text", None, True, (1, 2)], "n": 1 << 80}
for protocol in range(6):
    (folder / f"plain-{protocol}.pkl").write_bytes(pickle.dumps(plain, protocol))

# The same archive, deflated, and big-endian as s390x writes it.
with zipfile.ZipFile(folder / "views.pt") as source:
    members = {name: source.read(name) for name in source.namelist()}
with zipfile.ZipFile(folder / "views-deflated.pt", "w", zipfile.ZIP_DEFLATED) as target:
    for name, content in members.items():
        target.writestr(name, content)
with zipfile.ZipFile(folder / "views-big.pt", "w") as target:
    for name, content in members.items():
        if name.endswith("/byteorder"):
            content = b"big"
        elif "/data/" in name:
            content = np.frombuffer(content, "<f4").astype(">f4").tobytes()
        with target.open(name, "w", force_zip64=True) as entry:
            entry.write(content)
assert torch.equal(torch.load(folder / "views-big.pt")["turned"], views["turned"])


class Calls:
    def __init__(self, function, *arguments):
        self.call = function, arguments

    def __reduce__(self):
        return self.call


witness = folder / "it-ran"
for name, call in {"system": Calls(os.system, f"touch {witness}"), "eval": Calls(eval, f"open({str(witness)!r}, 'w')"),
                   "exec": Calls(exec, f"open({str(witness)!r}, 'w')"), "getattr": Calls(getattr, "", "join"),
                   "open": Calls(open, str(witness), "w"), "own": Point(1, 2), "module": torch.nn.Linear(2, 2)}.items():
    for protocol in (2, 4):
        save(f"calls-{name}-{protocol}.pt", {"a": torch.ones(1), "b": call}, pickle_protocol=protocol)
        (folder / f"calls-{name}-{protocol}.pkl").write_bytes(pickle.dumps(call, protocol))
save("quantized.pt", torch.quantize_per_tensor(torch.ones(2), 0.1, 0, torch.qint8))
save("sparse.pt", torch.eye(3).to_sparse())
save("conjugate.pt", torch.ones(2, dtype=torch.complex64).conj())
torch.jit.save(torch.jit.script(torch.nn.Linear(2, 2)), str(folder / "program.pt"))
(folder / "objects.pkl").write_bytes(pickle.dumps(np.array([None, {}], dtype=object)))
