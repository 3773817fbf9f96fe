"""Writes criticality.json from mpmath, with 30 digits and then rounded: the
moments of each activation of z ~ N(0, 1), critical points, and edges of chaos.

Run by `deno task golden`.
"""

import json
import pathlib

from mean_field import CURVES, KINKS
from mpmath import findroot, mp, mpf, npdf, quad, sqrt

mp.dps = 30
HERE = pathlib.Path(__file__).parent

# Starts of the search, from Roberts, Yaida and Hanin for gelu and silu.
STARTS = {
    "gelu": 3.56,
    "gelu_tanh": 3.56,
    "silu": 14.32,
    "mish": 1.67,
    "hardswish": 4.8,
}
BIASES = ("0.001", "0.05", "0.3")


def mean(name, variance, f):
    """E[f(x, z)] for x = sqrt(variance) z, in pieces; f takes the half, too."""
    std = sqrt(variance)
    cuts = {mpf(c) for c in (0, 1, 2, 4, 8, 13, 20)}
    cuts |= {c / std for c in (1, 2, 4, 8) if c / std < 13}
    cuts |= {kink / std for kink in KINKS.get(name, [])}
    total = mpf(0)
    for half, sign in ((0, 1), (1, -1)):
        total += quad(
            lambda z: f(half, sign * std * z, sign * z) * npdf(z), sorted(cuts)
        )
    return total


def value(name, variance, power):
    return mean(name, variance, lambda h, x, z: CURVES[name][h][0](x) ** power)


def slope_square(name, variance):
    return mean(name, variance, lambda h, x, z: CURVES[name][h][1](x) ** 2)


def square_slope(name, variance):
    """d E[f^2] / dK by E[z f f'] / sqrt(K), another way than the library's."""
    at = CURVES[name]
    product = mean(name, variance, lambda h, x, z: z * at[h][0](x) * at[h][1](x))
    return product / sqrt(variance)


def moments(name):
    one = mpf(1)
    return {
        "activation": name,
        "mean": float(value(name, one, 1)),
        "square": float(value(name, one, 2)),
        "fourth": float(value(name, one, 4)),
        "slopeSquare": float(slope_square(name, one)),
        "squareSlope": float(square_slope(name, one)),
    }


def critical(name):
    def gap(variance):
        return square_slope(name, variance) - slope_square(name, variance)

    start = mpf(STARTS[name])
    variance = findroot(gap, (start, start * 1.001), solver="secant", tol=1e-40)
    weight = 1 / slope_square(name, variance)
    return {
        "activation": name,
        "variance": float(variance),
        "weightVariance": float(weight),
        "biasVariance": float(variance - weight * value(name, variance, 2)),
    }


def edge(bias):
    """tanh: chi_perp is 1 at the fixed point."""

    def gap(variance):
        ratio = value("tanh", variance, 2) / slope_square("tanh", variance)
        return variance - ratio - mpf(bias)

    start = (1.5 * mpf(bias)) ** mpf("0.4")
    variance = findroot(gap, (start, start * 1.01), solver="secant", tol=1e-40)
    return {
        "biasVariance": float(mpf(bias)),
        "variance": float(variance),
        "weightVariance": float(1 / slope_square("tanh", variance)),
    }


def main():
    found = {
        "moments": [moments(name) for name in CURVES if name != "leaky_relu"],
        "critical": [critical(name) for name in STARTS],
        "edges": [edge(bias) for bias in BIASES],
    }
    (HERE / "criticality.json").write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
