"""Writes distributions.json: moments and cumulative shares by SciPy, of the
distributions that have them. Run it with a Python that has SciPy:

    python tests/golden/distributions.py
"""

import json
import math
import pathlib

from scipy import stats

SHARES = (0.001, 0.1, 0.5, 0.77, 0.999)


def uniform(low, high):
    return stats.uniform(low, high - low)


def truncated(mean, std, low=-math.inf, high=math.inf):
    return stats.truncnorm((low - mean) / std, (high - mean) / std, mean, std)


# What fanin calls it, SciPy's, and by what its values are multiplied.
CASES = [
    ({"kind": "uniform", "low": -1, "high": 3}, uniform(-1, 3), 1),
    ({"kind": "uniform", "low": 0.1, "high": 0.1001}, uniform(0.1, 0.1001), 1),
    ({"kind": "normal", "mean": 0, "std": 0.02}, stats.norm(0, 0.02), 1),
    ({"kind": "normal", "mean": -7, "std": 3}, stats.norm(-7, 3), 1),
]
for mean, std, ends in [
    (0, 1, {"low": -2, "high": 2}),
    (0.5, 2, {"low": -1, "high": 1.5}),
    (0, 1, {"low": 1, "high": 4}),
    (0, 1, {"low": -0.1, "high": 0.2}),
    (0, 1, {"high": 0.5}),
    (1, 0.5, {"low": 0.9}),
    (3, 0.1, {}),
]:
    row = {"kind": "truncatedNormal", "mean": mean, "std": std, **ends}
    CASES.append((row, truncated(mean, std, **ends), 1))
CASES += [
    ({"kind": "uniform", "low": -1, "high": 1}, uniform(-0.25, 0.25), 0.25),
    ({"kind": "uniform", "low": 0, "high": 1}, uniform(-3, 0), -3),
    ({"kind": "normal", "mean": 1, "std": 2}, stats.norm(-0.5, 1), -0.5),
    (
        {"kind": "truncatedNormal", "mean": 0, "std": 1, "low": -1, "high": 2},
        truncated(0, 2, -4, 2),
        -2,
    ),
]


def main():
    rows = []
    for distribution, theirs, by in CASES:
        if by != 1:
            distribution = {"kind": "scaled", "of": distribution, "by": by}
        mean, variance, excess = theirs.stats("mvk")
        points = [float(theirs.ppf(share)) for share in SHARES]
        rows.append(
            {
                "distribution": distribution,
                "mean": float(mean),
                "std": math.sqrt(variance),
                "kurtosis": 3 + float(excess),
                "cdf": [[x, float(theirs.cdf(x))] for x in points],
            }
        )
    text = ",\n".join(json.dumps(row) for row in rows)
    path = pathlib.Path(__file__).parent / "distributions.json"
    path.write_text(f"[\n{text}\n]\n")
    print(f"{path.name}: {len(rows)}")


if __name__ == "__main__":
    main()
