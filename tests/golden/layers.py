"""Cases of the layers: their first weights, buffers, names and texts.

Names of options are fanin's, PyTorch's in camelCase.
"""

import re

import torch
from torch import nn

from oracle import data_bytes, digest, state_of


def layer(name, *args, **options):
    """A layer as JSON holds it; an argument may be another one."""
    return {"nn": name, "args": list(args), "options": options}


AFFINE = [
    layer("Linear", 784, 100),
    layer("Linear", 5, 3, bias=False),
    layer("Linear", 1, 10),
    layer("Linear", 0, 3),
    layer("Linear", 3, 0),
]

CONVOLUTIONS = [
    layer("Conv2d", 16, 33, 3, stride=2),
    layer("Conv2d", 3, 8, [3, 5]),
    layer("Conv2d", 3, 64, 7, 2, 3, 1, 1, False),
    layer("Conv2d", 0, 3, 2),
    layer("Conv2d", 16, 33, [3, 5], stride=[2, 1], padding=[4, 2]),
    layer("Conv2d", 16, 33, [3, 5], padding=[4, 2], dilation=[3, 1]),
    layer("Conv2d", 8, 12, 3, groups=4),
    layer("Conv2d", 8, 8, 3, groups=8, bias=False, padding=1),
    layer("Conv2d", 4, 6, 3, padding="same", paddingMode="circular"),
    layer("Conv2d", 4, 6, 3, padding="valid", paddingMode="reflect"),
]

EMBEDDINGS = []

NORMS = []

PLAIN = [
    layer("Identity"),
    layer("ReLU"),
    layer("ReLU", inplace=True),
    layer("LeakyReLU"),
    layer("LeakyReLU", 0.2, True),
    layer("ELU"),
    layer("ELU", alpha=0.5, inplace=True),
    layer("SELU"),
    layer("GELU"),
    layer("GELU", "tanh"),
    layer("SiLU", True),
    layer("Mish"),
    layer("Tanh"),
    layer("Sigmoid"),
    layer("Softmax"),
    layer("Softmax", 1),
    layer("LogSoftmax", dim=-1),
    layer("Dropout"),
    layer("Dropout", 1.0, True),
    layer("Dropout2d", p=0.1),
    layer("Flatten"),
    layer("Flatten", 0, endDim=2),
    layer("MaxPool2d", 3, stride=2, padding=1),
    layer("MaxPool2d", [3, 2], ceilMode=True),
    layer("AvgPool2d", 2),
    layer("AvgPool2d", [3, 2], [2, 1], 1, True, False, 5),
    layer("AdaptiveAvgPool2d", 7),
    layer("AdaptiveAvgPool2d", [1, None]),
]

RECURRENT = []

ATTENTION = []

LOSSES = []

# At least two of each, the first also in the other dtypes.
LAYERS = [
    *AFFINE,
    *CONVOLUTIONS,
    *EMBEDDINGS,
    *NORMS,
    *PLAIN,
    *RECURRENT,
    *ATTENTION,
    *LOSSES,
]


WITHOUT_DTYPE = {case["nn"] for case in PLAIN} | {
    "TransformerEncoder",
    "TransformerDecoder",
}


def make(value, dtype):
    """Makes a layer of PyTorch's, or returns what is none."""
    if not isinstance(value, dict):
        return value
    args = [pair(make(each, dtype)) for each in value["args"]]
    options = {
        snake(name): pair(make(each, dtype)) for name, each in value["options"].items()
    }
    if value["nn"] not in WITHOUT_DTYPE:
        options["dtype"] = getattr(torch, dtype)
    return getattr(nn, value["nn"])(*args, **options)


def pair(value):
    """A list as PyTorch takes it: JSON has no tuples."""
    return tuple(value) if isinstance(value, list) else value


def snake(name):
    return re.sub("([A-Z])", lambda match: "_" + match[1].lower(), name)


def layer_case(case, seed, dtype="float32"):
    """Two of a layer, one after the other, from the default generator."""
    torch.manual_seed(seed)
    modules = [make(case, dtype) for _ in range(2)]
    names = [name for name, _ in modules[0].named_parameters()]
    first = modules[0].get_parameter(names[0]).detach() if names else None
    return {
        **case,
        "seed": str(seed),
        "dtype": dtype,
        "repr": repr(modules[0]),
        "first": None if first is None or not first.numel() else str(first[0]),
        "parameters": names,
        "stateDicts": [
            [entry(module, *each) for each in module.state_dict().items()]
            for module in modules
        ],
        "state": state_of(torch.get_rng_state()),
    }


def entry(module, name, tensor):
    """A tensor by its digest, or by its bytes where they need not be equal."""
    owner, _, field = name.rpartition(".")
    drawn = isinstance(module.get_submodule(owner), (nn.Embedding, nn.EmbeddingBag))
    normal = drawn or field in ("bias_k", "bias_v")
    inexact = normal and tensor.dtype == torch.float64
    return {
        "name": name,
        "shape": list(tensor.shape),
        "dtype": str(tensor.dtype).removeprefix("torch."),
        **({"bytes": data_bytes(tensor).hex()} if inexact else digest(tensor)),
    }


def layer_cases():
    seen = set()
    for case in LAYERS:
        for seed in (0, 2026):
            yield layer_case(case, seed)
        if case["nn"] not in seen:
            for dtype in ("float64", "float16", "bfloat16"):
                yield layer_case(case, 5, dtype)
        seen.add(case["nn"])
