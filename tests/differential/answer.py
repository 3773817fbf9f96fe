"""Answers cases as PyTorch does: a line of JSON in, a line of JSON out."""

import base64
import json
import pathlib
import sys
import warnings

import torch

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "golden"))
import layers
from initializers import fill, is_exact
from oracle import data_bytes, state_of

# What PyTorch raises where it refuses; anything else is a fault of this script.
REFUSALS = (RuntimeError, ValueError, IndexError, ArithmeticError, AssertionError)


def answer(case):
    try:
        return modules(**case) if "nn" in case else fills(**case)
    except REFUSALS as error:
        return {"error": f"{type(error).__name__}: {error}"}


def fills(fn, shape, dtype, seed, calls, options):
    tensors, generator = fill(fn, shape, int(seed), dtype, calls, **options)
    return {
        "results": [[entry("", tensor, is_exact(fn, dtype))] for tensor in tensors],
        "repr": None,
        "state": state_of(generator.get_state()),
    }


def modules(nn, args, dtype, seed, calls, options):
    torch.manual_seed(int(seed))
    made = [
        layers.make(layers.layer(nn, *args, **options), dtype) for _ in range(calls)
    ]
    return {
        "results": [
            [
                # The golden rows hold the bytes of what is not exact.
                entry(name, tensor, "bytes" not in layers.entry(module, name, tensor))
                for name, tensor in module.state_dict().items()
            ]
            for module in made
        ],
        "repr": repr(made[0]),
        "state": state_of(torch.get_rng_state()),
    }


def entry(name, tensor, exact):
    return {
        "name": name,
        "shape": list(tensor.shape),
        "dtype": str(tensor.dtype).removeprefix("torch."),
        "bytes": base64.b64encode(data_bytes(tensor)).decode(),
        "exact": exact,
    }


warnings.simplefilter("ignore")
for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))), flush=True)
