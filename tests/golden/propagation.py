"""Signals and gradients through small stacks, by PyTorch's autograd."""

import torch
import torch.nn.functional as F

ACTIVATIONS = {
    "linear": lambda h: h * 1,
    "relu": F.relu,
    "leaky_relu": lambda h: F.leaky_relu(h, 0.2),
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    "gelu": F.gelu,
    "silu": F.silu,
    "selu": F.selu,
    "relu6": F.relu6,
    "erf": torch.erf,
    "sin": torch.sin,
    "hardtanh": F.hardtanh,
    "elu": F.elu,
    "softplus": F.softplus,
    "gelu_tanh": lambda h: F.gelu(h, approximate="tanh"),
    "mish": F.mish,
    "hardswish": F.hardswish,
    "relu_squared": lambda h: F.relu(h) ** 2,
}

INITIALIZERS = {
    "kaimingNormal": torch.nn.init.kaiming_normal_,
    "xavierUniform": torch.nn.init.xavier_uniform_,
}


def statistics(x):
    x = x.detach()
    return {
        "mean": x.mean().item(),
        "std": x.std().item(),
        "min": x.min().item(),
        "max": x.max().item(),
        "zeroShare": (x == 0).double().mean().item(),
    }


def stack_case(activation, init, widths, batch, bias_std, seed):
    """Draws in float32, computes in float64."""
    generator = torch.Generator().manual_seed(seed)

    def normal(*shape, std=1.0):
        return torch.empty(shape).normal_(0, std, generator=generator)

    a = normal(batch, widths[0]).double()
    output_gradient = normal(batch, widths[-1]).double()
    weights, signals, biases = [], [], []
    for fan_in, fan_out in zip(widths, widths[1:]):
        weight = torch.empty(fan_out, fan_in)
        INITIALIZERS[init](weight, generator=generator)
        weights.append(weight.double().requires_grad_())
        biases.append(normal(fan_out, std=bias_std).double() if bias_std else 0)
    for weight, bias in zip(weights, biases):
        h = a @ weight.T + bias
        h.retain_grad()
        a = ACTIVATIONS[activation](h)
        signals.append((h, a))
    a.backward(output_gradient)
    layers = [
        {
            "preactivations": statistics(h),
            "activations": statistics(a),
            "gradients": statistics(h.grad),
            "weightGradients": statistics(weight.grad),
        }
        for weight, (h, a) in zip(weights, signals)
    ]
    return {
        "activation": activation,
        "init": init,
        "widths": widths,
        "batch": batch,
        "biasStd": bias_std,
        "seed": seed,
        "layers": layers,
    }


def propagation_cases():
    widths = [24, 17, 33, 20]
    for seed, activation in enumerate(ACTIVATIONS):
        yield stack_case(activation, "kaimingNormal", widths, 9, 0.0, seed)
        yield stack_case(activation, "xavierUniform", widths, 6, 0.5, 100 + seed)
