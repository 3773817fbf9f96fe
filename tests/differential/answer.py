"""Answers cases as PyTorch does: a line of JSON in, a line of JSON out."""

import base64
import json
import pathlib
import re
import sys
import warnings

import torch
from torch import nn

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "golden"))
from initialisers import fill
from oracle import data_bytes, state_of

# What PyTorch raises where it refuses; anything else is a fault of this script.
REFUSALS = (RuntimeError, ValueError, IndexError, ArithmeticError)


def answer(case):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            made = layers(**case) if "layer" in case else fills(**case)
        except REFUSALS as error:
            return {"error": f"{type(error).__name__}: {error}"}
    return {**made, "warnings": len(caught)}


def fills(fn, shape, dtype, seed, calls, options):
    tensors, generator = fill(fn, shape, int(seed), dtype, calls, **options)
    return {
        "results": [[entry("", tensor)] for tensor in tensors],
        "repr": None,
        "state": state_of(generator.get_state()),
    }


def layers(layer, args, dtype, seed, calls, options):
    torch.manual_seed(int(seed))
    keywords = {snake_case(name): value for name, value in options.items()}
    keywords["dtype"] = getattr(torch, dtype)
    made = [getattr(nn, layer)(*args, **keywords) for _ in range(calls)]
    return {
        "results": [
            [entry(*named) for named in module.named_parameters()]
            for module in made
        ],
        "repr": repr(made[0]),
        "state": state_of(torch.get_rng_state()),
    }


def snake_case(name):
    return re.sub("[A-Z]", lambda letter: "_" + letter[0].lower(), name)


def entry(name, tensor):
    data = base64.b64encode(data_bytes(tensor)).decode()
    return {"name": name, "shape": list(tensor.shape), "bytes": data}


for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))), flush=True)
