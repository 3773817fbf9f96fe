"""Writes mean_field.json from mpmath, with 30 digits and then rounded: the
moments of each activation of h ~ N(0, q).

Run by `deno task golden`.
"""

import json
import pathlib

from mpmath import (
    cos,
    erf,
    erfc,
    exp,
    expm1,
    log1p,
    mp,
    mpf,
    npdf,
    pi,
    quad,
    sech,
    sin,
    sqrt,
    tanh,
)

mp.dps = 30
HERE = pathlib.Path(__file__).parent
VARIANCES = ("1e-4", "0.09", "1", "7.5", "1e4")


def sigmoid(x):
    return 1 / (1 + exp(-x))


def below(x):
    return erfc(-x / sqrt(2)) / 2


ALPHA = mpf("1.6732632423543772848170429916717")
SCALE = mpf("1.0507009873554804934193349852946")

def softplus(x):
    return max(x, 0) + log1p(exp(-abs(x)))


def gelu_tanh(x):
    return x / 2 * (1 + tanh(GELU_SCALE * (x + GELU_CUBE * x**3)))


def gelu_tanh_slope(x):
    inner = GELU_SCALE * (x + GELU_CUBE * x**3)
    slope = GELU_SCALE * (1 + 3 * GELU_CUBE * x**2)
    return (1 + tanh(inner)) / 2 + x / 2 * sech(inner) ** 2 * slope


def mish_slope(x):
    s = softplus(x)
    return tanh(s) + x * sech(s) ** 2 * sigmoid(x)


def hardswish_slope(x):
    return mpf(0) if x <= -3 else mpf(1) if x >= 3 else (2 * x + 3) / 6


GELU_SCALE = sqrt(2 / pi)
GELU_CUBE = mpf("0.044715")

# Where a slope jumps, besides 0.
KINKS = {"relu6": [6], "hardtanh": [1], "hardswish": [3]}

# The activations for x > 0 and for x < 0, each with its derivative.
CURVES = {
    "linear": [(lambda x: x, lambda x: 1)] * 2,
    "relu": [(lambda x: x, lambda x: 1), (lambda x: 0, lambda x: 0)],
    "leaky_relu": [
        (lambda x: x, lambda x: 1),
        (lambda x: x / 10, lambda x: mpf(1) / 10),
    ],
    "tanh": [(tanh, lambda x: sech(x) ** 2)] * 2,
    "sigmoid": [(sigmoid, lambda x: sigmoid(x) * sigmoid(-x))] * 2,
    "gelu": [(lambda x: x * below(x), lambda x: below(x) + x * npdf(x))] * 2,
    "silu": [
        (
            lambda x: x * sigmoid(x),
            lambda x: sigmoid(x) + x * sigmoid(x) * sigmoid(-x),
        )
    ]
    * 2,
    "selu": [
        (lambda x: SCALE * x, lambda x: SCALE),
        (
            lambda x: SCALE * ALPHA * (exp(x) - 1),
            lambda x: SCALE * ALPHA * exp(x),
        ),
    ],
    "relu6": [
        (lambda x: min(x, 6), lambda x: mpf(x < 6)),
        (lambda x: 0, lambda x: 0),
    ],
    "erf": [(erf, lambda x: 2 / sqrt(pi) * exp(-(x**2)))] * 2,
    "sin": [(sin, cos)] * 2,
    "hardtanh": [
        (lambda x: max(-1, min(x, 1)), lambda x: mpf(abs(x) < 1)),
    ]
    * 2,
    "elu": [(lambda x: x, lambda x: 1), (expm1, exp)],
    "softplus": [(softplus, sigmoid)] * 2,
    "gelu_tanh": [(gelu_tanh, gelu_tanh_slope)] * 2,
    "mish": [(lambda x: x * tanh(softplus(x)), mish_slope)] * 2,
    "hardswish": [
        (lambda x: x * min(max(x + 3, 0), 6) / 6, hardswish_slope),
    ]
    * 2,
    "relu_squared": [
        (lambda x: x**2, lambda x: 2 * x),
        (lambda x: 0, lambda x: 0),
    ],
}


def moment(name, halves, variance, power):
    """E[f(h)^power], each half in pieces that fit its two scales."""
    std = sqrt(variance)
    if name == "sin" and variance > 100:
        return float(sine_moment(halves[0], variance, power))
    scale = 1 / max(1, std)
    cuts = [c * scale for c in (0, 0.5, 1, 2, 4, 8, 16, 40)]
    cuts += [c for c in (1, 2, 4, 8, 14, 20) if c > cuts[-1]]
    cuts = sorted(cuts + [kink / std for kink in KINKS.get(name, [])])
    total = mpf(0)
    for sign, f in zip((1, -1), halves):
        total += quad(lambda z: f(sign * std * z) ** power * npdf(z), cuts)
    return float(total)


def sine_moment(f, variance, power):
    """In closed form: it turns too often for quadrature."""
    if power == 1:
        return mpf(0)
    sign = -1 if f is sin else 1
    return (1 + sign * exp(-2 * variance)) / 2


def rows():
    for name, (above, under) in CURVES.items():
        values = (above[0], under[0])
        slopes = (above[1], under[1])
        for variance in map(mpf, VARIANCES):
            yield {
                "activation": name,
                "variance": float(variance),
                "mean": moment(name, values, variance, 1),
                "square": moment(name, values, variance, 2),
                "slopeSquare": moment(name, slopes, variance, 2),
            }


def main():
    text = ",\n".join(json.dumps(row) for row in rows())
    (HERE / "mean_field.json").write_text(f"[\n{text}\n]\n")


if __name__ == "__main__":
    main()
