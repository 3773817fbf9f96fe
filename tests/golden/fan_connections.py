"""Writes fan_connections.json: the connections of convolutions, which PyTorch
counts by running them. With a weight of ones over ones, an output is the number
of inputs it reads, and the gradient of an input, the number of outputs it
reaches. Run it with a Python that has PyTorch:

    python tests/golden/fan_connections.py
"""

import math

import torch
import torch.nn.functional as F
from oracle import write

GRID = 60

# Inputs, outputs, kernel, stride, groups, dilation.
CASES = [
    (3, 2, (3,), (1,), 1, (1,)),
    (3, 2, (3,), (2,), 1, (1,)),
    (2, 3, (7,), (3,), 1, (2,)),
    (6, 3, (5,), (2,), 3, (1,)),
    (4, 8, (3,), (2,), 4, (1,)),
    (8, 12, (3, 3), (1, 1), 4, (1, 1)),
    (8, 12, (3, 5), (1, 1), 4, (1, 1)),
    (8, 12, (3, 5), (2, 3), 4, (1, 1)),
    (8, 12, (4, 4), (2, 2), 2, (2, 1)),
    (3, 64, (7, 7), (2, 2), 1, (1, 1)),
]


def mean_count(counts, period):
    """The sum over two periods in the middle, away from the edges, and the
    number of places there."""
    for axis, step in enumerate(period, start=2):
        # A stride's first place is a multiple of it.
        start = counts.shape[axis] // 2 // step * step - step
        counts = counts.narrow(axis, start, 2 * step)
    return [int(counts.sum()), counts.numel()]


def main():
    rows = []
    for transposed in (False, True):
        for inputs, outputs, kernel, stride, groups, dilation in CASES:
            rank = len(kernel)
            coarse, fine = (inputs, outputs) if transposed else (outputs, inputs)
            weight = torch.ones(coarse, fine // groups, *kernel, dtype=torch.float64)
            x = torch.ones(1, inputs, *[GRID] * rank, dtype=torch.float64)
            x.requires_grad_()
            name = f"conv_transpose{rank}d" if transposed else f"conv{rank}d"
            y = getattr(F, name)(
                x, weight, stride=stride, groups=groups, dilation=dilation
            )
            y.sum().backward()
            once = (1,) * rank
            read, reached = (stride, once) if transposed else (once, stride)
            rows.append(
                {
                    "shape": list(weight.shape),
                    "options": {
                        "transposed": transposed,
                        "groups": groups,
                        "stride": stride,
                    },
                    "dilation": dilation,
                    "fanIn": mean_count(y.detach(), read),
                    "fanOut": mean_count(x.grad, reached),
                    "receptiveField": math.prod(kernel),
                }
            )
    write("fan_connections.json", rows)


if __name__ == "__main__":
    main()
