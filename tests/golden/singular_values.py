"""Writes singular_values.json: the singular values of matrices that a test can
make anew, as NumPy computes them (LAPACK's gesdd, in double).

Run by `deno task golden`.
"""

import json
import pathlib

import numpy as np

HERE = pathlib.Path(__file__).parent

SIZES = [(1, 1), (1, 5), (5, 1), (2, 2), (3, 7), (9, 4), (24, 24), (60, 31)]
SIZES += [(31, 62), (64, 144), (100, 100)]


def bell(n, seed):
    """The sample of that name in tests/numerics/samples.ts: exact in float64."""
    state, values = seed, []
    for _ in range(12 * n):
        state = (state * 1664525 + 1013904223) % 2**32
        values.append(state / 2**32)
    return np.array(values).reshape(n, 12).sum(axis=1) - 6


def cases():
    for seed, (rows, columns) in enumerate(SIZES, 1):
        a = bell(rows * columns, seed).reshape(rows, columns)
        yield dict(kind="bell", rows=rows, columns=columns, seed=seed), a
    # Of rank 6, so that 14 of the 20 are 0.
    left, right = bell(20 * 6, 21).reshape(20, 6), bell(6 * 30, 22).reshape(6, 30)
    yield dict(kind="deficient", rows=20, columns=30, seed=21), left @ right
    # Columns of very different sizes: values over 12 powers of ten.
    scales = 10.0 ** -np.arange(12)
    graded = bell(12 * 12, 31).reshape(12, 12) * scales
    yield dict(kind="graded", rows=12, columns=12, seed=31), graded


def main():
    rows = [
        json.dumps({**recipe, "values": np.linalg.svd(a, compute_uv=False).tolist()})
        for recipe, a in cases()
    ]
    text = ",\n".join(rows)
    path = HERE / "singular_values.json"
    path.write_text(f'{{"numpy": "{np.__version__}", "cases": [\n{text}\n]}}\n')
    print(f"{path.name}: {len(rows)}")


if __name__ == "__main__":
    main()
