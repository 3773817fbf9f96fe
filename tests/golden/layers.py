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
    layer("Bilinear", 20, 30, 40),
    layer("Bilinear", 3, 7, 5, bias=False),
    layer("Bilinear", 6, 0, 2),
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
    layer("Conv1d", 4, 6, 3, stride=2),
    layer("Conv1d", 6, 4, [5], 1, "same", 2, 2, False, "replicate"),
    layer("Conv1d", 1, 1, 1),
    layer("Conv3d", 4, 6, 2, groups=2),
    layer("Conv3d", 2, 3, [1, 3, 2], [2, 1, 1], [0, 4, 2], [1, 2, 3], bias=False),
    layer("ConvTranspose1d", 4, 6, 3, stride=2),
    layer("ConvTranspose1d", 4, 6, 5, 3, 1, 2, 2, False, 2),
    layer("ConvTranspose1d", 3, 0, 2),
    layer("ConvTranspose2d", 4, 6, [2, 3], groups=2),
    layer("ConvTranspose2d", 3, 8, 4, [2, 3], [1, 0], outputPadding=[1, 2], dilation=[2, 1]),
    layer("ConvTranspose2d", 0, 3, 2),
    layer("ConvTranspose3d", 4, 6, 2, groups=2, bias=False),
    layer("ConvTranspose3d", 2, 3, [1, 3, 2], [2, 1, 1], [0, 4, 2], [1, 0, 2], 1, True, [1, 2, 3]),
]

EMBEDDINGS = [
    layer("Embedding", 10, 3, paddingIdx=-1),
    layer("Embedding", 100, 20),
    layer("Embedding", 3, 4, 0, 1.0, 3.5, True, True),
    layer("Embedding", 0, 3),
    layer("Embedding", 3, 0, paddingIdx=1),
    layer("EmbeddingBag", 10, 3),
    layer("EmbeddingBag", 7, 5, mode="sum", paddingIdx=-7, sparse=True),
    layer("EmbeddingBag", 4, 4, 0.5, 1.0, True, "sum", True, includeLastOffset=True),
    layer("EmbeddingBag", 4, 3, maxNorm=1e-5, mode="max", paddingIdx=3),
]

NORMS = [
    layer("BatchNorm1d", 5),
    layer("BatchNorm1d", 0, 1e-3, None),
    layer("BatchNorm2d", 4, bias=False),
    layer("BatchNorm2d", 4, 0.0, 1.0, False, False),
    layer("BatchNorm3d", 3, affine=False, momentum=0.01),
    layer("BatchNorm3d", 2, trackRunningStats=False),
    layer("InstanceNorm1d", 3),
    layer("InstanceNorm1d", 3, affine=True),
    layer("InstanceNorm2d", 4, trackRunningStats=True),
    layer("InstanceNorm2d", 4, 1e-6, 0.2, True, True, bias=False),
    layer("InstanceNorm3d", 2, affine=True, trackRunningStats=True),
    layer("InstanceNorm3d", 2, momentum=None),
    layer("GroupNorm", 3, 6),
    layer("GroupNorm", 1, 4, 1e-6, bias=False),
    layer("GroupNorm", 2, 4, affine=False),
    layer("GroupNorm", 3, 0),
    layer("LayerNorm", [2, 3]),
    layer("LayerNorm", 4, 1e-12),
    layer("LayerNorm", [4], elementwiseAffine=False),
    layer("LayerNorm", [2, 0, 3], bias=False),
    layer("RMSNorm", 4),
    layer("RMSNorm", [2, 3], 1e-6),
    layer("RMSNorm", [5], elementwiseAffine=False),
    layer("PReLU"),
    layer("PReLU", 3),
    layer("PReLU", 2, init=-0.1),
]

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

RECURRENT = [
    layer("RNN", 10, 20),
    layer("RNN", 5, 7, 2, "relu", False, True, 0.25, True),
    layer("RNN", 3, 2, 3),
    layer("RNN", 1, 1, nonlinearity="relu"),
    layer("LSTM", 6, 5, projSize=2),
    layer("LSTM", 5, 7, numLayers=2, batchFirst=True),
    layer("LSTM", 6, 5, numLayers=2, bidirectional=True, projSize=2, dropout=1),
    layer("LSTM", 3, 4, 2, False, projSize=1),
    layer("LSTM", 1, 1),
    layer("GRU", 10, 20),
    layer("GRU", 4, 3, 2, False, True, 1e-5, True),
    layer("GRU", 1, 1, bidirectional=True),
    layer("RNNCell", 10, 20),
    layer("RNNCell", 3, 4, False, "relu"),
    layer("RNNCell", 0, 3),
    layer("LSTMCell", 10, 20),
    layer("LSTMCell", 1, 1, bias=False),
    layer("LSTMCell", 3, 0),
    layer("GRUCell", 10, 20),
    layer("GRUCell", 5, 2, False),
]

ATTENTION = [
    layer("MultiheadAttention", 16, 4, addBiasKv=True),
    layer("MultiheadAttention", 8, 2, 0.1, False, kdim=4, vdim=6),
    layer("MultiheadAttention", 8, 8, kdim=3, addBiasKv=True, batchFirst=True),
    layer("MultiheadAttention", 6, 3, vdim=9, addZeroAttn=True),
    layer("MultiheadAttention", 4, 1, kdim=4, vdim=4, bias=False),
    layer("MultiheadAttention", 4, 2, kdim=0),
    layer("TransformerEncoderLayer", 16, 4, 32),
    layer("TransformerEncoderLayer", 8, 2, 12, 0.0, "gelu", 1e-6, True, True, False),
    layer("TransformerEncoderLayer", 4, 2, 6, activation=layer("GELU", "tanh")),
    layer("TransformerEncoderLayer", 4, 2, 0),
    layer("TransformerDecoderLayer", 16, 4, 32),
    layer("TransformerDecoderLayer", 8, 2, 12, bias=False, normFirst=True),
    layer("TransformerDecoderLayer", 4, 2, 6, 0.2, layer("PReLU")),
    layer(
        "TransformerEncoder",
        layer("TransformerEncoderLayer", 16, 4, 32),
        2,
        layer("LayerNorm", 16),
    ),
    layer(
        "TransformerEncoder",
        layer("TransformerEncoderLayer", 8, 2, 12, batchFirst=True, normFirst=True),
        numLayers=3,
        enableNestedTensor=False,
    ),
    layer("TransformerEncoder", layer("TransformerEncoderLayer", 4, 2, 3), 0),
    layer("TransformerDecoder", layer("TransformerDecoderLayer", 16, 4, 32), 2),
    layer(
        "TransformerDecoder",
        layer("TransformerDecoderLayer", 8, 2, 12, bias=False),
        1,
        norm=layer("LayerNorm", 8, bias=False),
    ),
    layer("Transformer", 16, 4, 2, 2, 32),
    layer("Transformer", 8, 2, 1, 2, 12, normFirst=True, bias=False, activation="gelu"),
    layer("Transformer", 8, 2, 1, 1, 12, activation=layer("PReLU", 2)),
    layer(
        "Transformer",
        8,
        2,
        0,
        1,
        12,
        customEncoder=layer("Bilinear", 3, 4, 5),
        layerNormEps=1e-6,
    ),
    layer("Transformer", 8, 2, 1, 0, 12, customDecoder=layer("Linear", 8, 2)),
]

LOSSES = [
    layer("AdaptiveLogSoftmaxWithLoss", 16, 20, [5, 10]),
    layer("AdaptiveLogSoftmaxWithLoss", 9, 30, [3, 4, 20], 1.5, True),
    layer("AdaptiveLogSoftmaxWithLoss", 3, 4, [3], divValue=8.0),
    layer("LinearCrossEntropyLoss", 5, 10),
    layer("LinearCrossEntropyLoss", 4, 3, outFeatures=[2, 5], bias=True),
    layer(
        "LinearCrossEntropyLoss",
        7,
        6,
        outFeatures=[2],
        reduction="sum",
        ignoreIndex=-100,
        labelSmoothing=0.1,
    ),
]

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
    if isinstance(value, list):
        # Some texts show a list as it is, where PyTorch's types say tuple.
        return tuple(make(each, dtype) for each in value)
    if not isinstance(value, dict):
        return value
    args = [make(each, dtype) for each in value["args"]]
    options = {snake(name): make(each, dtype) for name, each in value["options"].items()}
    if value["nn"] not in WITHOUT_DTYPE:
        options["dtype"] = getattr(torch, dtype)
    return getattr(nn, value["nn"])(*args, **options)


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
    # Not get_submodule: a copied decoder layer has a function in front of it.
    owners = dict(module.named_modules(remove_duplicate=False))
    drawn = isinstance(owners[owner], (nn.Embedding, nn.EmbeddingBag))
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
