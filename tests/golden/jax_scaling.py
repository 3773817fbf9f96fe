"""Writes scaling_jax.json: the factor by which JAX 0.10.2's variance_scaling
multiplies what it draws, in double. Run it with a Python that has JAX:

    python tests/golden/jax_scaling.py
"""

import itertools
import json
import pathlib
from unittest import mock

import jax
import jax.numpy as jnp
from jax._src.nn import initializers

assert jax.__version__ == "0.10.2", jax.__version__
jax.config.update("jax_enable_x64", True)

MODES = ("fan_in", "fan_out", "fan_avg", "fan_geo_avg")
DISTRIBUTIONS = {
    "truncatedNormal": "truncated_normal",
    "normal": "normal",
    "uniform": "uniform",
}
SCALES = (1.0, 2.0, 1 / 3)
# Shape, and the axes; None for PyTorch's, which are 1 and 0 in JAX's words.
SITES = [
    ((5, 3), None),
    ((33, 16, 3), None),
    ((6, 4, 3, 5), None),
    ((2, 3, 2, 4, 3), None),
    ((3, 5, 16, 33), {"in": -2, "out": -1}),
    ((4, 7, 6), {"in": 1, "out": 2, "batch": 0}),
    ((8, 4, 6), {"in": [0, 1], "out": 2}),
    ((2, 3, 5, 4, 7), {"in": [0, 4], "out": [1, 3], "batch": 2}),
]


def factor_of(shape, axes, scale, mode, distribution):
    """What is multiplied, where 1 is drawn for each element."""
    axes = axes or {"in": 1, "out": 0}
    draws = mock.Mock()
    for name in DISTRIBUTIONS.values():
        getattr(draws, name).side_effect = lambda *_, **__: jnp.ones((), jnp.float64)
    with mock.patch.object(initializers, "random", draws):
        fill = initializers.variance_scaling(
            scale,
            mode,
            DISTRIBUTIONS[distribution],
            in_axis=axes["in"],
            out_axis=axes["out"],
            batch_axis=axes.get("batch", ()),
            dtype=jnp.float64,
        )
        return float(fill(jax.random.key(0), shape))


def main():
    rows = []
    for (shape, axes), mode, distribution in itertools.product(
        SITES, MODES, DISTRIBUTIONS
    ):
        scale = SCALES[len(rows) // 3 % len(SCALES)]
        factor = factor_of(shape, axes, scale, mode, distribution)
        options = {"scale": scale, "mode": mode, "distribution": distribution}
        if axes is not None:
            options["axes"] = axes
        rows.append({"shape": shape, "options": options, "factor": factor.hex()})
    text = ",\n".join(json.dumps(row) for row in rows)
    path = pathlib.Path(__file__).parent / "scaling_jax.json"
    path.write_text(f"[\n{text}\n]\n")
    print(f"{path.name}: {len(rows)}")


if __name__ == "__main__":
    main()
