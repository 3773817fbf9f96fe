"""Writes dense.json: deep dense stacks by PyTorch's autograd, in float64 over
float32 draws, and their mean squares over seeds.

Run by `deno task golden`. The rows name options of `propagate`.
"""

import json
import math

import torch
from generate_blocks import HERE, SEEDS, Drawing, marks, square
from propagation import ACTIVATIONS

WIDTH, BATCH, DEPTH = 128, 16, 32

# The critical points of criticality.json, to start at them.
CRITICAL = {
    row["activation"]: row
    for row in json.loads((HERE / "criticality.json").read_text())["critical"]
}


def plain(activation, gain, bias_std=0.0):
    return {"activation": activation, "gain": gain, "biasStd": bias_std}


def critical(activation):
    row = CRITICAL[activation]
    weight, bias = row["weightVariance"], row["biasVariance"]
    o = plain(activation, math.sqrt(weight), math.sqrt(bias))
    return {**o, "inputStd": math.sqrt((row["variance"] - bias) / weight)}


STACKS = [
    plain("linear", 1.0),
    plain("relu", math.sqrt(2)),
    plain("relu", 1.0),
    plain("tanh", 1.0),
    plain("tanh", 5 / 3),
    plain("tanh", math.sqrt(1.7609546396), math.sqrt(0.05)),
    plain("selu", 1.0),
    plain("gelu", math.sqrt(2)),
    plain("silu", math.sqrt(2)),
    plain("sigmoid", 1.0),
    critical("gelu"),
    critical("silu"),
    critical("mish"),
    {**plain("linear", 1.0), "orthogonal": True},
    {**plain("tanh", 1.0), "orthogonal": True},
]


def run(o, seed):
    draw = Drawing(seed)
    x = draw(BATCH, WIDTH) * o.get("inputStd", 1.0)
    gradient = draw(BATCH, WIDTH)
    a, layers = x.requires_grad_(), []
    for _ in range(DEPTH):
        if o.get("orthogonal"):
            weight = torch.empty(WIDTH, WIDTH)
            torch.nn.init.orthogonal_(
                weight, o["gain"], generator=draw.generator
            )
            weight = weight.double()
        else:
            weight = draw(WIDTH, WIDTH, std=o["gain"] / math.sqrt(WIDTH))
        bias = draw(WIDTH, std=o["biasStd"]) if o["biasStd"] > 0 else 0
        h = a @ weight.T + bias
        a = ACTIVATIONS[o["activation"]](h)
        h.retain_grad()
        layers.append((h, a))
    a.backward(gradient)
    return {
        "preactivations": [square(h) for h, _ in layers],
        "activations": [square(a) for _, a in layers],
        "gradients": [square(h.grad) for h, _ in layers],
    }


def over_seeds(o):
    runs = [run(o, seed) for seed in range(SEEDS)]
    at = marks(DEPTH)
    row = {"options": o, "at": at, "first": {}, "logMean": {}, "logError": {}}
    for name in runs[0]:
        values = torch.tensor(
            [[r[name][layer - 1] for layer in at] for r in runs],
            dtype=torch.float64,
        )
        logs = values.log()
        row["first"][name] = values[0].tolist()
        row["logMean"][name] = logs.mean(0).tolist()
        row["logError"][name] = (logs.std(0) / math.sqrt(SEEDS)).tolist()
    return row


def main():
    text = ",\n".join(json.dumps(over_seeds(o)) for o in STACKS)
    (HERE / "dense.json").write_text(f"[\n{text}\n]\n")


if __name__ == "__main__":
    torch.set_num_threads(1)
    main()
