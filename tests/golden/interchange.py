"""Cases of layers whose weights another library takes: what the layers give."""

import math

import torch


def interchange_cases():
    """Outputs of layers with their first weights."""
    yield interchange_case("Conv2d", [2, 3, [3, 2]], [1, 2, 5, 4])
    yield interchange_case("Linear", [4, 3], [2, 4])


def interchange_case(layer, args, shape, seed=0):
    torch.manual_seed(seed)
    module = getattr(torch.nn, layer)(*args)
    with torch.no_grad():
        output = module(input_of(shape))
    return {
        "layer": layer,
        "args": args,
        "seed": seed,
        "input": shape,
        "output": {"shape": list(output.shape), "values": output.flatten().tolist()},
    }


def input_of(shape):
    """Eighths from -5/8 to 5/8, in an order that is no axis's own."""
    values = [(7 * i % 11 - 5) / 8 for i in range(math.prod(shape))]
    return torch.tensor(values).reshape(shape)
