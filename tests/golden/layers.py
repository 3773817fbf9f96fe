"""Cases of the layers.

Names of options are fanin's; the table below says what each is in PyTorch.
"""

import torch
from torch import nn

from oracle import digest, state_of

LAYER_OPTIONS = {
    "kernelSize": "kernel_size",
    "stride": "stride",
    "padding": "padding",
    "paddingMode": "padding_mode",
    "dilation": "dilation",
    "groups": "groups",
    "bias": "bias",
}


def layer_case(layer, args, seed, layers=1, dtype="float32", **options):
    """`layers` layers, one after the other, from the default generator."""
    torch.manual_seed(seed)
    keywords = {LAYER_OPTIONS[name]: value for name, value in options.items()}
    made = [
        getattr(nn, layer)(*args, **keywords, dtype=getattr(torch, dtype))
        for _ in range(layers)
    ]
    weight = made[0].weight.detach()
    return {
        "layer": layer,
        "args": args,
        "seed": str(seed),
        "dtype": dtype,
        "options": options,
        "repr": repr(made[0]),
        "first": str(weight[0]) if weight.numel() else None,
        "parameters": [
            [
                {"name": name, "shape": list(p.shape), **digest(p)}
                for name, p in module.named_parameters()
            ]
            for module in made
        ],
        "state": state_of(torch.get_rng_state()),
    }


def layer_cases():
    for seed in (0, 1, 2026):
        yield layer_case("Linear", [1, 10], seed, layers=2)
        yield layer_case("Linear", [784, 256], seed)
        yield layer_case("Linear", [5, 3], seed, layers=2, bias=False)
        yield layer_case("Conv2d", [16, 33, 3], seed, layers=2, stride=2)
        yield layer_case("Conv2d", [3, 8, [3, 5]], seed, layers=2)
    yield layer_case("Linear", [7, 4], 5, dtype="float64")
    for dtype in ("float16", "bfloat16"):
        yield layer_case("Linear", [784, 100], 5, layers=2, dtype=dtype)
        yield layer_case("Conv2d", [16, 33, 3], 5, layers=2, dtype=dtype)
    yield layer_case("Linear", [0, 3], 5, layers=2)
    yield layer_case("Linear", [3, 0], 5, layers=2)
    yield layer_case("Conv2d", [0, 3, 2], 5, layers=2)
    wide = {"stride": [2, 1], "padding": [4, 2]}
    yield layer_case("Conv2d", [16, 33, [3, 5]], 5, **wide)
    yield layer_case("Conv2d", [16, 33, [3, 5]], 5, **wide, dilation=[3, 1])
    yield layer_case("Conv2d", [8, 12, 3], 5, groups=4)
    yield layer_case("Conv2d", [8, 8, 3], 5, groups=8, bias=False, padding=1)
    yield layer_case("Conv2d", [4, 6, 3], 5, padding="same", paddingMode="circular")
    yield layer_case("Conv2d", [4, 6, 3], 5, padding="valid", paddingMode="reflect")
    yield layer_case("Conv2d", [4, 6, 1], 5, dtype="float64", bias=False)
    yield layer_case("Conv2d", [3, 64, 7, 2, 3, 1, 1, False], 5)
