"""Writes mean_field.json from mpmath, with 30 digits and then rounded: the
moments of each activation of h ~ N(0, q).

Run by `deno task golden`.
"""

import json
import pathlib

from mpmath import erfc, exp, mp, mpf, npdf, quad, sech, sqrt, tanh

mp.dps = 30
HERE = pathlib.Path(__file__).parent
VARIANCES = ("1e-4", "0.09", "1", "7.5", "1e4")


def sigmoid(x):
    return 1 / (1 + exp(-x))


def below(x):
    return erfc(-x / sqrt(2)) / 2


ALPHA = mpf("1.6732632423543772848170429916717")
SCALE = mpf("1.0507009873554804934193349852946")

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
}


def moment(halves, variance, power):
    """E[f(h)^power], each half in pieces that fit its two scales."""
    std = sqrt(variance)
    scale = 1 / max(1, std)
    cuts = [c * scale for c in (0, 0.5, 1, 2, 4, 8, 16, 40)]
    cuts += [c for c in (1, 2, 4, 8, 14, 20) if c > cuts[-1]]
    total = mpf(0)
    for sign, f in zip((1, -1), halves):
        total += quad(lambda z: f(sign * std * z) ** power * npdf(z), cuts)
    return float(total)


def rows():
    for name, (above, under) in CURVES.items():
        values = (above[0], under[0])
        slopes = (above[1], under[1])
        for variance in map(mpf, VARIANCES):
            yield {
                "activation": name,
                "variance": float(variance),
                "mean": moment(values, variance, 1),
                "square": moment(values, variance, 2),
                "slopeSquare": moment(slopes, variance, 2),
            }


def main():
    text = ",\n".join(json.dumps(row) for row in rows())
    (HERE / "mean_field.json").write_text(f"[\n{text}\n]\n")


if __name__ == "__main__":
    main()
