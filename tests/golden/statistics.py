"""Writes statistics.json: moments, histogram counts, quartiles and numbers of
bins as NumPy 2 computes them; and kolmogorov_smirnov.json, as SciPy does. Run
it with a Python that has both:

    python tests/golden/statistics.py
"""

import json
import pathlib

import numpy as np
import scipy
from scipy import stats
from scipy.stats import _ksstats


def uniform(n, seed):
    """The generator of tests/numerics/samples.ts: exact in float64."""
    state, values = seed, []
    for _ in range(n):
        state = (state * 1664525 + 1013904223) % 2**32
        values.append(state / 2**32)
    return np.array(values)


def bell(n, seed):
    """Sums of 12 uniform numbers less 6: near normal, exact in float64."""
    return uniform(12 * n, seed).reshape(n, 12).sum(axis=1) - 6


def outlier(n, seed):
    """A bell with one value far off."""
    return np.append(bell(n - 1, seed), 1000.0)


# Each with its values.
def recipes():
    for n, seed in [(9, 1), (100, 2), (1000, 3), (4752, 4)]:
        for scale, shift in [(1, 0), (1e-12, 0), (1e6, 5e6)]:
            for kind, make in [("uniform", uniform), ("bell", bell)]:
                recipe = dict(kind=kind, n=n, seed=seed, scale=scale, shift=shift)
                yield recipe, make(n, seed) * scale + shift
    yield dict(kind="outlier", n=1000, seed=5, scale=1, shift=0), outlier(1000, 5)
    for values in [
        [0.5],
        [1.0, 2.0],
        [0.0, 0.0, 0.0, 3.0],
        [-0.0, 1.0, -1.0, 0.0],
        [1e9 + 1, 1e9 + 2, 1e9 + 3],
    ]:
        yield dict(kind="listed", values=values), np.array(values)


def case(recipe, x):
    low, high = x.min(), x.max()
    edges = np.linspace(low, high, 13) if high > low else np.array([low - 1, low + 1])
    # Uneven edges inside the range: some values are left out on both sides.
    inner = low + (high - low) * np.array([0.1, 0.15, 0.4, 0.85])
    q1, q3 = np.quantile(x, [0.25, 0.75])
    return dict(
        recipe=recipe,
        mean=x.mean(),
        sampleStd=x.std(ddof=1) if len(x) > 1 else None,
        min=low,
        max=high,
        zeros=int((x == 0).sum()),
        edges=edges.tolist(),
        counts=np.histogram(x, edges)[0].tolist(),
        densities=np.histogram(x, edges, density=True)[0].tolist(),
        inner=inner.tolist() if high > low else None,
        innerCounts=np.histogram(x, inner)[0].tolist() if high > low else None,
        interquartile=q3 - q1,
        freedmanDiaconis=len(np.histogram_bin_edges(x, "fd")) - 1,
    )


# Each sample with its law: good fits and bad, ties, and values outside.
def tests():
    unit = dict(kind="uniform", low=0.0, high=1.0)
    standard = dict(kind="normal", mean=0.0, std=1.0)
    tail = dict(kind="truncatedNormal", mean=0.0, std=1.0, low=5.0, high=9.0)
    listed = [
        ([0.5], unit),
        ([0.9], unit),
        ([1.0], unit),
        ([-0.3], standard),
        ([5.1], tail),
        ([-7.5], standard),
        ([0.25, 0.75], unit),
        ([0.1, 0.1], unit),
        ([2.0, -1.0, 0.5, 0.5, -0.25], standard),
        ([-3.0, 0.25, 0.5, 0.75, 4.0], unit),
        ([5.0, 5.01, 5.1, 5.3, 10.0], tail),
    ]
    for values, law in listed:
        yield dict(kind="listed", values=values), np.array(values), law
    for n, seed in [(20, 11), (100, 12), (140, 13), (500, 14), (1000, 15), (10000, 16)]:
        for scale, shift, low, high in [
            (1.0, 0.0, 0.0, 1.0),
            (0.25, 0.5, 0.5, 0.76),
            (1.0, -0.03, 0.0, 1.0),
            (1.0, 0.0, 0.0, 1.4),
        ]:
            recipe = dict(kind="uniform", n=n, seed=seed, scale=scale, shift=shift)
            law = dict(kind="uniform", low=low, high=high)
            yield recipe, uniform(n, seed) * scale + shift, law
        recipe = dict(kind="bell", n=n, seed=seed, scale=0.5, shift=3.0)
        values = bell(n, seed) * 0.5 + 3.0
        both = dict(mean=3.0, std=0.5)
        for law in [
            dict(kind="normal", **both),
            dict(kind="normal", mean=3.0, std=0.525),
            dict(kind="normal", mean=3.01, std=0.5),
            dict(kind="truncatedNormal", low=2.0, high=4.5, **both),
            dict(kind="uniform", low=2.0, high=4.0),
        ]:
            yield recipe, values, law
        # To eighths, so that many are the same.
        recipe = dict(kind="eighths", n=n, seed=seed, scale=1.0, shift=0.0)
        yield recipe, np.floor(bell(n, seed) * 8) / 8, standard


def distribution(law):
    if law["kind"] == "uniform":
        return stats.uniform(law["low"], law["high"] - law["low"])
    mean, std = law["mean"], law["std"]
    if law["kind"] == "normal":
        return stats.norm(mean, std)
    lower, upper = (law["low"] - mean) / std, (law["high"] - mean) / std
    return stats.truncnorm(lower, upper, mean, std)


def test(recipe, x, law):
    cdf = distribution(law).cdf
    statistic, p = stats.kstest(x, cdf, method="exact")
    # Above n = 140 the exact p-value is an expansion, true to 2e-6, where it is
    # not small; the matrix method is true to the last places everywhere.
    if len(x) > 140 and 1e-9 < p:
        matrix = float(_ksstats._kolmogn_DMTW(len(x), statistic, cdf=False))
        assert abs(matrix - p) < 2e-6
        p = matrix
    return dict(recipe=recipe, law=law, statistic=float(statistic), p=float(p))


def write(name, head, rows):
    """Writes one row a line."""
    path = pathlib.Path(__file__).with_name(name)
    lines = ",\n".join(json.dumps(row) for row in rows)
    path.write_text(f'{{{head}, "cases": [\n{lines}\n]}}\n')
    print(f"{name}: {len(rows)}")


numpy_version = f'"numpy": "{np.__version__}"'
scipy_version = f'"scipy": "{scipy.__version__}"'
write("statistics.json", numpy_version, [case(*both) for both in recipes()])
write("kolmogorov_smirnov.json", scipy_version, [test(*three) for three in tests()])
