"""Writes statistics.json: moments, histogram counts, quartiles and numbers of
bins as NumPy 2 computes them. Run it with a Python that has NumPy:

    python tests/golden/statistics.py
"""

import json
import pathlib

import numpy as np


def uniform(n, seed):
    """The generator of tests/statistics/samples.ts: exact in float64."""
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


cases = [case(*both) for both in recipes()]
path = pathlib.Path(__file__).with_suffix(".json")
lines = ",\n".join(json.dumps(one) for one in cases)
path.write_text(f'{{"numpy": "{np.__version__}", "cases": [\n{lines}\n]}}\n')
print(f"{len(cases)} cases by NumPy {np.__version__}")
