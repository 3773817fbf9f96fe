"""Writes start.json: LSUV, coordinate checks, saturated shares and dead units,
in float64 over float32 draws of PyTorch.

Run by `deno task golden`.
"""

import sys

# PyTorch's optimizers import Python's own statistics, not the file here.
sys.path.append(sys.path.pop(0))

import json  # noqa: E402
import math  # noqa: E402

import numpy as np  # noqa: E402
import torch  # noqa: E402
import torch.nn.functional as F  # noqa: E402
from generate_blocks import HERE, Drawing, marks  # noqa: E402

SHAPES = [(8, 3, 3, 3), (16, 8, 3, 3), (16, 16, 3, 3), (10, 1024)]
STRIDES = [1, 2, 1]


def lsuv(start, seed):
    draw = Drawing(seed)
    x = draw(16, 3, 16, 16)
    weights = []
    for shape in SHAPES:
        if start == "orthogonal":
            weight = torch.empty(shape)
            torch.nn.init.orthogonal_(weight, generator=draw.generator)
            weights.append(weight.double())
        else:
            weights.append(draw(*shape, std=0.01))
    layers = []
    for k, weight in enumerate(weights):

        def output(w):
            if k == 3:
                return x.flatten(1) @ w.T
            return F.conv2d(x, w, stride=STRIDES[k], padding=1)

        out, rescales = output(weight), 0
        met = out.std(correction=0).item()
        while abs(out.std(correction=0).item() - 1) > 0.1:
            weight = weight / out.std(correction=0)
            out, rescales = output(weight), rescales + 1
        layers.append(
            {
                "met": met,
                "rescales": rescales,
                "std": out.std(correction=0).item(),
                "mean": out.mean().item(),
                "weightRms": (weight**2).mean().sqrt().item(),
            }
        )
        x = F.relu(out)
    return {"start": start, "seed": seed, "layers": layers}


def training(seed, n, o):
    """Returns |h|, |h(t) - h(0)| and losses, step by step."""
    mup, base = o["parametrization"] == "mup", 64
    draw = Drawing(seed)
    x, labels = draw(32, 16), torch.arange(32) % 10
    weights = [
        draw(n, 16, std=math.sqrt(2 / 16)),
        draw(n, n, std=math.sqrt(2 / n)),
        draw(10, n, std=math.sqrt(1 / (base if mup else n))),
    ]
    if o["zeroReadout"]:
        weights[2].zero_()
    for weight in weights:
        weight.requires_grad_()
    wider = n / base if mup else 1
    if o["optimizer"] == "sgd":
        rates = [0.1 * wider, 0.1, 0.1 * wider]
        make = torch.optim.SGD
    else:
        rates = [0.001, 0.001 / wider, 0.001]
        make = torch.optim.Adam
    groups = [{"params": [w], "lr": r} for w, r in zip(weights, rates)]
    optimizer = make(groups, lr=1)
    sizes, changes, losses, start = [], [], [], None
    for _ in range(4):
        h1 = x @ weights[0].T
        h2 = F.relu(h1) @ weights[1].T
        logits = F.relu(h2) @ weights[2].T / wider
        loss = F.cross_entropy(logits, labels)
        signals = [h.detach() for h in (h1, h2, logits)]
        start = start or signals
        sizes.append([h.abs().mean().item() for h in signals])
        changes.append(
            [(h - s).abs().mean().item() for h, s in zip(signals, start)]
        )
        losses.append(loss.item())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return sizes, changes[1:], losses


def coordinates(o):
    widths, seeds = [32, 64, 128], 5
    runs = [[training(s, n, o) for s in range(seeds)] for n in widths]
    sizes, changes, losses = (
        np.array([[run[i] for run in all] for all in runs]) for i in range(3)
    )

    def slope(values):
        """Of the means over seeds, [width, step, layer]."""
        logs = np.log2(np.where(values == 0, 1, values))
        flat = logs.reshape(len(widths), -1)
        fitted = np.polyfit(np.log2(widths), flat, 1)[0]
        return fitted.reshape(values.shape[1:])

    left_out = np.array(
        [slope(np.delete(changes, k, 1).mean(1)) for k in range(seeds)]
    )
    error = np.sqrt((seeds - 1) * left_out.var(0))
    return {
        "options": {**o, "widths": widths, "seeds": seeds},
        "sizes": sizes.mean(1).tolist(),
        "changes": changes.mean(1).tolist(),
        "losses": losses.mean(1).tolist(),
        "changeSlopes": slope(changes.mean(1)).tolist(),
        "changeErrors": error.tolist(),
    }


ACTIVATIONS = {"tanh": torch.tanh, "sigmoid": torch.sigmoid, "relu": F.relu}


def shares(activation, gain):
    """Saturated shares and dead units of dense stacks at seed 0."""
    width, batch, depth = 128, 16, 32
    draw = Drawing(0)
    a = draw(batch, width)
    draw(batch, width)
    saturated, dead = [], []
    for _ in range(depth):
        h = a @ draw(width, width, std=gain / math.sqrt(width)).T
        a = ACTIVATIONS[activation](h)
        far = a.abs() > 0.97
        if activation == "sigmoid":
            far = (a > 0.97) | (a < 0.03)
        saturated.append(far.double().mean().item())
        dead.append((h <= 0).all(0).double().mean().item())
    at = marks(depth)
    return {
        "activation": activation,
        "gain": gain,
        "at": at,
        "saturated": [saturated[layer - 1] for layer in at],
        "dead": [dead[layer - 1] for layer in at],
    }


def first_step(outputs, seed):
    """conv(3, 4) relu conv(4, 6, stride 2) tanh dense(6, outputs), with biases;
    the loss, zeros in gradients, and SGD's first update over the weight."""
    draw = Drawing(seed)
    x = draw(8, 3, 6, 6)
    shapes = [(4, 3, 3, 3), (6, 4, 3, 3), (outputs, 54)]
    weights = [draw(*shape, std=0.3).requires_grad_() for shape in shapes]
    biases = [draw(shape[0], std=0.1) for shape in shapes]
    h1 = F.conv2d(x, weights[0], biases[0], padding=1)
    h2 = F.conv2d(F.relu(h1), weights[1], biases[1], stride=2, padding=1)
    h3 = torch.tanh(h2).flatten(1) @ weights[2].T + biases[2]
    signals = [h1, h2, h3]
    for h in signals:
        h.retain_grad()
    if outputs == 1:
        labels = (torch.arange(8) % 2).double()
        loss = F.binary_cross_entropy_with_logits(h3[:, 0], labels)
    else:
        loss = F.cross_entropy(h3, torch.arange(8) % outputs)
    loss.backward()
    return {
        "outputs": outputs,
        "seed": seed,
        "loss": loss.item(),
        "zeroGradient": [(h.grad == 0).double().mean().item() for h in signals],
        "saturated": (torch.tanh(h2).abs() > 0.97).double().mean().item(),
        "updateToWeight": [
            0.01 * (w.grad**2).mean().sqrt().item() / rms(w) for w in weights
        ],
    }


def rms(x):
    return (x.detach() ** 2).mean().sqrt().item()


def main():
    starts = [(s, i) for s in ("orthogonal", "normal") for i in (0, 1)]
    checks = [
        {"optimizer": o, "parametrization": p, "zeroReadout": z}
        for o in ("sgd", "adam")
        for p, z in (("standard", False), ("mup", False), ("mup", True))
    ]
    stacks = [("tanh", 1.0), ("tanh", 5 / 3), ("tanh", 3.0)]
    stacks += [("sigmoid", 4.0), ("relu", math.sqrt(2))]
    found = {
        "lsuv": [lsuv(*each) for each in starts],
        "coordinates": [coordinates(o) for o in checks],
        "shares": [shares(*each) for each in stacks],
        "steps": [first_step(5, 0), first_step(1, 1)],
    }
    (HERE / "start.json").write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    torch.set_num_threads(1)
    main()
