"""Writes what the command line is held against: init_files.json, files that
PyTorch's initializers and Python's writers make, and differences.json, how far
arrays are apart.

Run by `deno task golden`.
"""

import io
import math

import numpy as np
import safetensors.torch
import torch
from torch.nn import init

from oracle import data_bytes, sha256, write

# The arguments, and the same in Python.
FILES = [
    ("uniform 17 --a -3 --b 5", (17,), lambda w: init.uniform_(w, a=-3, b=5)),
    ("normal_ 1 33 --mean 1.5 --std 0.02", (1, 33), lambda w: init.normal_(w, mean=1.5, std=0.02)),
    ("trunc_normal 70,20 --std 0.02 --a -0.04 --b 0.04", (70, 20), lambda w: init.trunc_normal_(w, std=0.02, a=-0.04, b=0.04)),
    ("truncNormal 15 --mean=-1 --low -2 --high 0", (15,), lambda w: init.trunc_normal_(w, mean=-1, a=-2, b=0)),
    ("xavier_uniform 16 33 --gain 1.5", (16, 33), lambda w: init.xavier_uniform_(w, gain=1.5)),
    ("xavierNormal 5,4,3", (5, 4, 3), init.xavier_normal_),
    ("kaiming_uniform 6 4 3 3 --a 2.23606797749979", (6, 4, 3, 3), lambda w: init.kaiming_uniform_(w, a=2.23606797749979)),
    ("kaiming_normal 33,16,3,3", (33, 16, 3, 3), init.kaiming_normal_),
    ("kaimingNormal_ 33x16x3x3 --mode fan_out --nonlinearity relu", (33, 16, 3, 3), lambda w: init.kaiming_normal_(w, mode="fan_out", nonlinearity="relu")),
    ("kaiming_normal [7,9] --negative-slope -0.5", (7, 9), lambda w: init.kaiming_normal_(w, a=-0.5)),
    ("sparse 20 7 --sparsity 0.3 --std 0.1", (20, 7), lambda w: init.sparse_(w, sparsity=0.3, std=0.1)),
    ("constant 3 2 --val 3.25", (3, 2), lambda w: init.constant_(w, 3.25)),
    ("constant 2 --value nan", (2,), lambda w: init.constant_(w, float("nan"))),
    ("ones 4", (4,), init.ones_),
    ("zeros 2 0 3", (2, 0, 3), init.zeros_),
    ("eye 3 5", (3, 5), init.eye_),
    ("dirac 6 2 3 --groups 3", (6, 2, 3), lambda w: init.dirac_(w, groups=3)),
    ("normal []", (), init.normal_),
]
SEEDS = [0, 2**64 - 1]
DTYPES = ["float32", "float16", "bfloat16"]


def file_cases():
    for args, shape, fill in FILES:
        for seed in SEEDS:
            for dtype in DTYPES:
                torch.manual_seed(seed)
                weight = torch.empty(shape, dtype=getattr(torch, dtype))
                with torch.no_grad():
                    fill(weight)
                row = {"args": args, "seed": str(seed), "dtype": dtype}
                file = safetensors.torch.save({"weight": weight})
                row["safetensors"] = sha256(file)
                if dtype != "bfloat16":
                    stream = io.BytesIO()
                    np.save(stream, weight.numpy())
                    row["npy"] = sha256(stream.getvalue())
                yield row


def place(value, kind):
    """How many numbers of a dtype are in (0, value]; less than 0 below 0.

    From the value's exponent and significand, not from its bits.
    """
    digits = round(-math.log2(kind.eps))
    if math.isinf(value):
        return int(math.copysign(place(kind.max, kind) + 1, value))
    if abs(value) < kind.smallest_normal:
        return int(value / kind.smallest_normal * 2**digits)
    significand, exponent = math.frexp(abs(value))
    _, lowest = math.frexp(kind.smallest_normal)
    steps = (exponent - lowest) * 2**digits + int(significand * 2 ** (digits + 1))
    return steps if value > 0 else -steps


def ulps(a, b):
    kind = torch.finfo(a.dtype)
    return [
        abs(place(x, kind) - place(y, kind))
        for x, y in zip(a.double().tolist(), b.double().tolist())
    ]


def difference_case(a, b):
    x, y = a.double().numpy(), b.double().numpy()
    same = data_bytes(a), data_bytes(b)
    size = a.element_size()
    differs = [
        same[0][i : i + size] != same[1][i : i + size]
        for i in range(0, len(same[0]), size)
    ]
    known = ~(np.isnan(x) | np.isnan(y)) & np.array(differs)
    with np.errstate(all="ignore"):
        distances = np.abs(x - y)[known]
    row = {
        "dtype": str(a.dtype).removeprefix("torch."),
        "a": same[0].hex(),
        "b": same[1].hex(),
        "differing": sum(differs),
        "oneNaN": int((np.isnan(x) != np.isnan(y)).sum()),
        "maxAbs": float(distances.max(initial=0)).hex(),
        "place": int(np.flatnonzero(known)[np.argmax(distances)])
        if known.any()
        else None,
    }
    if a.dtype.is_floating_point:
        near = ulps(a[known], b[known]) if known.any() else []
        row["maxUlps"] = float(max(near, default=0))
    return row


def near(values, steps):
    """Values that are some steps of their dtype away."""
    for _ in range(steps):
        values = torch.nextafter(values, torch.full_like(values, torch.inf))
    return values


def difference_cases():
    torch.manual_seed(0)
    for dtype in [torch.float32, torch.float64, torch.float16, torch.bfloat16]:
        tiny = torch.finfo(dtype).smallest_normal
        largest = torch.finfo(dtype).max
        w = torch.randn(50).to(dtype)
        yield difference_case(w, w.clone())
        yield difference_case(w, -w)
        if dtype != torch.float16:
            for steps in (1, 3):
                yield difference_case(w, near(w, steps))
        special = [0.0, -0.0, tiny, -tiny, largest, -largest]
        special += [float("inf"), -float("inf"), float("nan"), 1.0]
        pairs = [(a, b) for a in special for b in special]
        for a, b in pairs:
            yield difference_case(
                torch.tensor([1.0, a], dtype=dtype),
                torch.tensor([1.0, b], dtype=dtype),
            )
    for dtype in [torch.int32, torch.int16, torch.int8, torch.uint8]:
        low = torch.iinfo(dtype).min
        high = torch.iinfo(dtype).max
        yield difference_case(
            torch.tensor([low, 3, high], dtype=dtype),
            torch.tensor([high, 5, high], dtype=dtype),
        )
    truth = torch.tensor([True, False, True])
    yield difference_case(truth, ~truth)


def main():
    write("init_files.json", list(file_cases()))
    write("differences.json", list(difference_cases()))


if __name__ == "__main__":
    main()
