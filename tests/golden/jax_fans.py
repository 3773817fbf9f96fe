"""Writes fan_jax.json: fans as JAX 0.10.2 counts them, for layouts of any
kind. Run it with a Python that has JAX:

    python tests/golden/jax_fans.py
"""

import json
import pathlib

import jax
from jax._src.nn.initializers import _compute_fans

assert jax.__version__ == "0.10.2", jax.__version__

# Shape, in_axis, out_axis, batch_axis.
CASES = [
    # JAX's defaults: the last two axes.
    ((16, 33), -2, -1, ()),
    ((3, 16, 33), -2, -1, ()),
    ((3, 5, 16, 33), -2, -1, ()),
    ((2, 3, 5, 16, 33), -2, -1, ()),
    ((1, 1), -2, -1, ()),
    # PyTorch's layouts, ordinary and transposed.
    ((33, 16), 1, 0, ()),
    ((33, 16, 3, 5), 1, 0, ()),
    ((33, 16, 3, 5), 0, 1, ()),
    ((33, 16, 2, 3, 5), -4, -5, ()),
    # Other orders of the same axes.
    ((16, 3, 5, 33), 0, 3, ()),
    ((33, 3, 5, 16), -1, 0, ()),
    ((3, 16, 5, 33), 1, -1, ()),
    ((3, 33, 16, 5), 2, 1, ()),
    # Batch axes.
    ((4, 16, 33), -2, -1, 0),
    ((4, 16, 33), -2, -1, (0,)),
    ((4, 3, 5, 16, 33), -2, -1, 0),
    ((4, 3, 5, 16, 33), 3, 4, (0, 1)),
    ((16, 4, 33), 0, 2, -2),
    ((7, 33, 16, 3, 4), 2, 1, (0, -1)),
    ((7, 4, 2, 16, 33), -2, -1, (0, 1, 2)),
    ((3, 5, 8, 2), (), 3, 2),
    ((1, 16, 33, 1), 1, 2, (0, 3)),
    # Several axes of inputs or outputs, as attention heads have.
    ((64, 8, 16), 0, (1, 2), ()),
    ((8, 16, 64), (0, 1), 2, ()),
    ((8, 16, 64), (-3, -2), -1, ()),
    ((64, 3, 8, 16), 0, (-2, -1), 1),
    ((2, 3, 5, 7, 11), (0, 4), (1, 3), ()),
    ((2, 3, 5, 7, 11), (4, 0), (3, 1), 2),
    ((2, 3, 5, 7, 11), (0, -2), (1,), (-1,)),
    ((2, 3, 5, 7), (0, 1), (2, 3), ()),
    # No axis of inputs or outputs.
    ((3, 5, 7), (), 2, ()),
    ((3, 5, 7), 0, (), ()),
    ((3, 5, 7), (), (), ()),
    ((3, 5, 7), (), (), (0, 1, 2)),
    # One axis, which JAX takes when it is named.
    ((5,), 0, (), ()),
    ((5,), (), -1, ()),
    ((5,), (), (), 0),
    # Large.
    ((1, 1, 50257, 12288), -2, -1, ()),
    ((96, 12288, 3, 128, 96), 1, (3, 4), (0, 2)),
]


def main():
    rows = []
    for shape, ins, outs, batch in CASES:
        fan_in, fan_out = _compute_fans(shape, ins, outs, batch)
        axes = {"in": ins, "out": outs, "batch": batch}
        rows.append({"shape": shape, "axes": axes, "fanIn": fan_in, "fanOut": fan_out})
    text = ",\n".join(json.dumps(row) for row in rows)
    path = pathlib.Path(__file__).parent / "fan_jax.json"
    path.write_text(f"[\n{text}\n]\n")
    print(f"{path.name}: {len(rows)}")


if __name__ == "__main__":
    main()
