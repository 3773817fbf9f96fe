"""Writes rules.json: fills that PyTorch's initializers do not name, or that
are at the ends of what they take, drawn by PyTorch 2.13.0's generator."""

import json
import math

import torch

from initializers import DTYPES, FUNCTIONS, OPTIONS
from oracle import HERE, data_bytes, digest, state_of, write

INFINITE = {math.inf: "Infinity", -math.inf: "-Infinity"}


def filled(fill, shape, dtype, seed):
    """Two fills, one after the other; a float64 normal is stored whole."""
    generator = torch.Generator().manual_seed(seed)
    results = []
    for _ in range(2):
        tensor = torch.empty(shape, dtype=getattr(torch, dtype))
        fill(tensor, generator)
        is_whole = dtype == "float64" and tensor.numel() < 1000
        results.append({"bytes": data_bytes(tensor).hex()} if is_whole else digest(tensor))
    return {
        "shape": shape,
        "dtype": dtype,
        "seed": str(seed),
        "results": results,
        "state": state_of(generator.get_state()),
    }


def scaling_cases():
    """Variance scaling with JAX's numbers, by PyTorch's fills."""
    rows = json.loads((HERE / "scaling_jax.json").read_text())
    for i, row in enumerate(rows):
        factor = float.fromhex(row["factor"])
        kind = row["options"]["distribution"]

        def fill(tensor, generator):
            if kind == "uniform":
                tensor.uniform_(-factor, factor, generator=generator)
            elif kind == "normal":
                tensor.normal_(0, factor, generator=generator)
            else:
                ends = {"a": -2 * factor, "b": 2 * factor}
                torch.nn.init.trunc_normal_(
                    tensor, 0, factor, generator=generator, **ends
                )

        case = filled(fill, row["shape"], DTYPES[i % 4], i)
        yield {"fn": "varianceScaling", "options": row["options"], **case}


ENDS = [
    # Normals are drawn, with one end or none.
    {"low": -math.inf, "high": 0.5},
    {"low": -0.25, "high": math.inf},
    {"mean": 1, "std": 0.5, "low": 0.9, "high": math.inf},
    {"low": -math.inf, "high": math.inf},
    # Equal ends: uniforms of no range.
    {"low": 1, "high": 1},
    {"mean": 0.5, "std": 0.1, "low": 0.3, "high": 0.3},
    # Uniforms are drawn, the mean on either side.
    {"low": 3, "high": 3.5},
    {"low": -3.5, "high": -3},
]


def end_cases():
    for options in ENDS:
        keywords = {OPTIONS[name]: value for name, value in options.items()}

        def fill(tensor, generator):
            FUNCTIONS["truncNormal"](tensor, generator=generator, **keywords)

        named = {name: INFINITE.get(value, value) for name, value in options.items()}
        for shape in ([4], [33], [3, 401]):
            for dtype in DTYPES:
                case = filled(fill, shape, dtype, 11)
                yield {"fn": "truncNormal", "options": named, **case}


def refused_cases():
    """An infinite end where uniforms would be drawn: PyTorch throws."""
    for options in ({"low": 1, "high": math.inf}, {"low": -math.inf, "high": -2}):
        keywords = {OPTIONS[name]: value for name, value in options.items()}
        try:
            FUNCTIONS["truncNormal"](torch.empty(4), **keywords)
        except RuntimeError as error:
            named = {name: INFINITE.get(value, value) for name, value in options.items()}
            yield {"fn": "truncNormal", "options": named, "refused": str(error)}


def main():
    write("rules.json", [*scaling_cases(), *end_cases(), *refused_cases()])


if __name__ == "__main__":
    main()
