"""Writes blocks.json and block_gradients.json: stacks of blocks by PyTorch's
autograd, in float64 over float32 draws.

Run by `deno task golden`. The rows name options of `propagate`.
"""

import json
import math
import pathlib

import torch
import torch.nn.functional as F

HERE = pathlib.Path(__file__).parent
SEEDS = 20


class Drawing:
    def __init__(self, seed):
        self.generator = torch.Generator().manual_seed(seed)

    def __call__(self, *shape, std=1.0):
        drawn = torch.empty(shape).normal_(0, std, generator=self.generator)
        return drawn.double()


def layer_norm(x):
    return F.layer_norm(x, x.shape[-1:], eps=1e-5)


def batch_norm(x, gamma=1.0):
    weight = torch.full((x.shape[1],), gamma, dtype=x.dtype)
    return F.batch_norm(x, None, None, weight, None, True, 0.1, 1e-5)


def dense_block(x, draw, o):
    """residual, fixup, preNorm and postNorm."""
    n, kind = o["width"], o["block"]
    first = draw(n, n, std=math.sqrt(2 / n))
    second = draw(n, n, std=math.sqrt(1 / n))
    if kind == "fixup":
        first, second = first * o["depth"] ** -0.5, second * 0
    first.requires_grad_()
    second.requires_grad_()
    entering = layer_norm(x) if kind == "preNorm" else x
    branch = F.relu(entering @ first.T) @ second.T
    stream = x + o.get("branchScale", 1) * branch
    if kind == "postNorm":
        stream = layer_norm(stream)
    return stream, {"branch": branch}, [first, second]


def transformer_block(x, draw, o):
    """transformer and gpt2."""
    d, heads, tokens, depth = o["width"], o["heads"], o["tokens"], o["depth"]
    gpt2 = o["block"] == "gpt2"
    last = 0.02 / math.sqrt(2 * depth)
    deep = o.get("norm", "pre") == "deepNorm"
    beta = (8 * depth) ** -0.25 if deep else 1
    alpha = (2 * depth) ** 0.25 if deep else 1

    def weight(rows, columns, gain=1.0):
        std = o.get("std") or gain * math.sqrt(2 / (rows + columns))
        return draw(rows, columns, std=std)

    if gpt2:
        q, k, v = (draw(d, d, std=0.02) for _ in range(3))
        out, up = draw(d, d, std=last), draw(4 * d, d, std=0.02)
        down = draw(d, 4 * d, std=last)
    else:
        q, k = weight(d, d), weight(d, d)
        v, out = weight(d, d, beta), weight(d, d, beta)
        up, down = weight(4 * d, d, beta), weight(d, 4 * d, beta)
    if o.get("residualScale"):
        out, down = out / math.sqrt(2 * depth), down / math.sqrt(2 * depth)
    numbers = {}

    def attention(u):
        def by_head(w):
            return (u @ w.T).view(-1, tokens, heads, d // heads).transpose(1, 2)

        logits = by_head(q) @ by_head(k).transpose(-1, -2)
        logits = logits / math.sqrt(d // heads)
        if gpt2:
            later = torch.full((tokens, tokens), -math.inf).triu(1)
            logits = logits + later
        shares = torch.softmax(logits, -1)
        squares = (shares.detach() ** 2).sum(-1).mean()
        numbers["attentionSquares"] = squares.item()
        mixed = (shares @ by_head(v)).transpose(1, 2).reshape(-1, tokens, d)
        return mixed @ out.T

    def mlp(u):
        form = "tanh" if gpt2 else "none"
        return F.gelu(u @ up.T, approximate=form) @ down.T

    branches = {}
    for name, branch in (("attention", attention), ("mlp", mlp)):
        pre = o.get("norm", "pre") == "pre"
        value = branch(layer_norm(x) if pre else x)
        branches[name] = value
        x = x + value if pre else layer_norm(alpha * x + value)
    unit = F.normalize(x.detach(), dim=-1)
    cosines = unit @ unit.transpose(1, 2)
    off = 1 - torch.eye(tokens, dtype=torch.float64)
    pairs = x.shape[0] * tokens * (tokens - 1)
    numbers["tokenCosine"] = ((cosines * off).sum() / pairs).item()
    return x, {**branches, **numbers}, []


def convolve(x, weight, o):
    if o["padding"] == "circular":
        return F.conv2d(F.pad(x, (1, 1, 1, 1), mode="circular"), weight)
    return F.conv2d(x, weight, padding=1)


def conv_block(x, draw, o):
    c = o["width"]
    branch = convolve(x, draw(c, c, 3, 3, std=math.sqrt(2 / (9 * c))), o)
    if o.get("batchNorm"):
        branch = batch_norm(branch)
    return F.relu(branch), {"branch": branch}, []


def resnet_block(x, draw, o):
    c = o["width"]
    std = math.sqrt(2 / (9 * c))
    norm = o.get("batchNorm", True)
    first = draw(c, c, 3, 3, std=std)
    second = draw(c, c, 3, 3, std=std if norm else std / math.sqrt(2))
    if not norm:
        branch = convolve(F.relu(convolve(x, first, o)), second, o)
    elif o["version"] == 1:
        inner = F.relu(batch_norm(convolve(x, first, o)))
        branch = batch_norm(convolve(inner, second, o), o.get("gamma", 1.0))
        return F.relu(x + branch), {"branch": branch}, []
    else:
        inner = convolve(F.relu(batch_norm(x)), first, o)
        branch = convolve(F.relu(batch_norm(inner)), second, o)
    return x + branch, {"branch": branch}, []


BLOCKS = {
    "residual": dense_block,
    "fixup": dense_block,
    "preNorm": dense_block,
    "postNorm": dense_block,
    "transformer": transformer_block,
    "gpt2": transformer_block,
    "conv": conv_block,
    "resnet": resnet_block,
}


def shape_of(o):
    if o["block"] in ("transformer", "gpt2"):
        return o["batch"], o["tokens"], o["width"]
    if o["block"] in ("conv", "resnet"):
        return o["batch"], o["width"], o["size"], o["size"]
    return o["batch"], o["width"]


def embedded(draw, o):
    words = draw(o["vocabulary"], o["width"], std=0.02)
    places = draw(1024, o["width"], std=0.02)[: o["tokens"]]
    rows = torch.arange(o["batch"] * o["tokens"]) * 7919 % o["vocabulary"]
    return words[rows].view(shape_of(o)) + places


def square(x):
    return (x.detach() ** 2).mean().item()


def run(o, seed):
    """Returns the inputs' gradient, and numbers by name, one a block."""
    draw = Drawing(seed)
    if o["block"] == "gpt2":
        x, gradient = embedded(draw, o), None
    else:
        x, gradient = draw(*shape_of(o)), draw(*shape_of(o))
    stream = inputs = x.requires_grad_()
    streams, found, weights = [], [], []
    for _ in range(o["depth"]):
        entering = stream * 1
        entering.retain_grad()
        stream, others, own = BLOCKS[o["block"]](entering, draw, o)
        streams.append((entering, stream))
        found.append(others)
        weights.append(own)
    stream.backward(draw(*shape_of(o)) if gradient is None else gradient)
    numbers = {
        "stream": [square(after) for _, after in streams],
        "gradient": [square(before.grad) for before, _ in streams],
    }
    for name, value in found[0].items():
        is_branch = isinstance(value, torch.Tensor)
        numbers[name] = [square(f[name]) if is_branch else f[name] for f in found]
    for i in range(len(weights[0])):
        numbers[f"weight{i + 1}"] = [square(own[i].grad) for own in weights]
    return inputs.grad, numbers


GPT2 = dict(
    block="gpt2", width=6, heads=2, tokens=5, batch=2, depth=2, vocabulary=11
)
DENSE = dict(width=64, batch=16, depth=32)
TOKENS = dict(
    block="transformer", width=64, heads=4, tokens=16, batch=4, depth=16
)
PICTURES = dict(width=32, size=16, batch=4, depth=16)

STACKS = [
    dict(block="residual", **DENSE),
    dict(block="residual", branchScale=32**-0.5, **DENSE),
    dict(block="residual", branchScale=0, **DENSE),
    dict(block="fixup", **DENSE),
    dict(block="preNorm", **DENSE),
    dict(block="postNorm", **DENSE),
    dict(norm="pre", **TOKENS),
    dict(norm="pre", residualScale=True, **TOKENS),
    dict(norm="post", **TOKENS),
    dict(norm="deepNorm", **TOKENS),
    dict(norm="pre", std=0.02, **TOKENS),
    dict(block="conv", padding="zeros", **PICTURES),
    dict(block="conv", padding="circular", **PICTURES),
    dict(block="conv", padding="circular", batchNorm=True, **PICTURES),
    dict(block="resnet", padding="circular", version=2, **PICTURES),
    dict(block="resnet", padding="zeros", version=2, **PICTURES),
    dict(block="resnet", padding="zeros", version=1, **PICTURES),
    dict(block="resnet", padding="zeros", version=1, gamma=0, **PICTURES),
    dict(block="resnet", padding="circular", batchNorm=False, **PICTURES),
]

SMALL = {
    "residual": dict(width=6, batch=5, depth=3),
    "fixup": dict(width=6, batch=5, depth=3),
    "preNorm": dict(width=6, batch=5, depth=3),
    "postNorm": dict(width=6, batch=5, depth=3),
    "transformer": dict(width=6, heads=2, tokens=5, batch=2, depth=2),
    "conv": dict(width=3, size=4, batch=2, depth=3),
    "resnet": dict(width=3, size=4, batch=2, depth=2),
}


def marks(depth):
    return [layer for layer in (1, 2, 4, 8, 16, 32) if layer <= depth]


def over_seeds(o):
    runs = [run(o, seed)[1] for seed in range(SEEDS)]
    at = marks(o["depth"])
    row = {"options": o, "at": at, "first": {}, "mean": {}, "error": {}}
    row |= {"logMean": {}, "logError": {}}
    for name in runs[0]:
        values = torch.tensor(
            [[r[name][layer - 1] for layer in at] for r in runs],
            dtype=torch.float64,
        )
        row["first"][name] = values[0].tolist()
        row["mean"][name] = values.mean(0).tolist()
        row["error"][name] = (values.std(0) / math.sqrt(SEEDS)).tolist()
        if (values > 0).all():
            logs = values.log()
            row["logMean"][name] = logs.mean(0).tolist()
            row["logError"][name] = (logs.std(0) / math.sqrt(SEEDS)).tolist()
    return row


def gradients(o, seed):
    small = {**o, **SMALL.get(o["block"], {})}
    gradient, numbers = run(small, seed)
    if gradient.dim() == 4:
        gradient = gradient.permute(0, 2, 3, 1)
    return {
        "options": {**small, "seed": seed},
        "numbers": numbers,
        "inputGradient": gradient.flatten().tolist(),
    }


def write(name, rows):
    text = ",\n".join(json.dumps(row) for row in rows)
    (HERE / name).write_text(f"[\n{text}\n]\n")


def main():
    rows = [gradients(o, seed) for seed, o in enumerate([*STACKS, GPT2])]
    write("block_gradients.json", rows)
    write("blocks.json", [over_seeds(o) for o in STACKS])


if __name__ == "__main__":
    torch.set_num_threads(1)
    main()
