"""Layers that PyTorch made, and the same after one step of training.

Each row is a safetensors file in hexadecimal: what `inspect` is to tell, and
what it must not.
"""

import math

import torch
from safetensors.torch import save
from torch import nn

from oracle import write


def layers():
    torch.manual_seed(11)
    yield "linear", nn.Linear(24, 20)
    yield "double", nn.Linear(24, 20, dtype=torch.float64)
    yield "conv", nn.Conv2d(3, 32, 3)
    yield "transposed", nn.ConvTranspose2d(6, 24, 3)
    yield "lstm", nn.LSTM(6, 9)
    yield "embedding", nn.Embedding(40, 16)
    yield "attention", nn.MultiheadAttention(16, 4, bias=False)
    yield "bilinear", nn.Bilinear(5, 4, 24)


def weights():
    torch.manual_seed(12)
    init = nn.init
    yield "xavier", init.xavier_normal_(torch.empty(30, 21))
    yield "normal64", init.normal_(torch.empty(40, 25, dtype=torch.float64), std=0.02)
    yield "cut", init.trunc_normal_(torch.empty(30, 21), std=0.02, a=-0.04, b=0.04)
    yield "orthogonal", init.orthogonal_(torch.empty(30, 21), gain=2)
    yield "sparse", init.sparse_(torch.empty(30, 21), 0.3)
    yield "dirac", init.dirac_(torch.empty(8, 8, 3))
    yield "randn", torch.randn(30, 21) * 0.02
    yield "h.23.proj", init.normal_(torch.empty(30, 21), std=0.02 / math.sqrt(48))


def fresh():
    tensors = {}
    for name, layer in layers():
        for key, tensor in layer.state_dict().items():
            tensors[f"{name}.{key}"] = tensor.clone()
    for name, tensor in weights():
        tensors[f"{name}.weight" if "." not in name else name] = tensor
    return tensors


def stepped(tensors):
    """After one step of gradient descent at a rate of 1e-5, on a loss that
    reaches all. (torch.optim would load `statistics.py` of this folder.)"""
    parameters = {name: nn.Parameter(value) for name, value in tensors.items()}
    torch.manual_seed(13)
    loss = sum(
        (value * torch.randn_like(value)).sum() for value in parameters.values()
    )
    loss.backward()
    return {
        name: value.detach() - 1e-5 * value.grad
        for name, value in parameters.items()
    }


def row(name, tensors):
    return {"name": name, "file": save(tensors).hex()}


tensors = fresh()
write("inspection.json", [row("fresh", tensors), row("stepped", stepped(tensors))])
