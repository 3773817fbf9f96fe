"""Writes materialize.json: models whose tensors PyTorch initializes in the
order of a spec, from one seed.

Run by `deno task golden`.
"""

import json

import torch

from initializers import FUNCTIONS, OPTIONS, is_exact
from oracle import HERE, data_bytes, digest, state_of, write

SPECS = [
    ("tests/golden/materialize_spec.json", 5),
    ("notebooks/specs/gpt2.json", 0),
]


def make(spec):
    """A tensor of a spec, drawn from the default generator."""
    dtype = spec.get("dtype", "float32")
    tensor = torch.empty(spec["shape"], dtype=getattr(torch, dtype))
    options = {
        OPTIONS[name]: value for name, value in spec.get("options", {}).items()
    }
    FUNCTIONS[spec["init"]](tensor, **options)
    # What is not exact is stored whole.
    if is_exact(spec["init"], dtype):
        return digest(tensor)
    return {"bytes": data_bytes(tensor).hex()}


def model_case(path, seed):
    torch.manual_seed(seed)
    specs = json.loads((HERE.parent.parent / path).read_text())
    tensors = [
        {"name": spec["name"], **make(spec)} for spec in specs
    ]
    state = state_of(torch.get_rng_state())
    return {"spec": path, "seed": seed, "tensors": tensors, "state": state}


def main():
    write("materialize.json", [model_case(*spec) for spec in SPECS])


if __name__ == "__main__":
    main()
