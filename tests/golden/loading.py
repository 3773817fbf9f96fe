"""What PyTorch's load_state_dict makes of records that differ from a module's.

Each row: a layer, what its state dict is changed by, whether it loads, and the
values afterwards.
"""

import torch
from torch import nn

from oracle import data_bytes, write

LAYERS = {
    "Linear": lambda: nn.Linear(2, 3),
    "BatchNorm1d": lambda: nn.BatchNorm1d(3),
    "InstanceNorm1d": lambda: nn.InstanceNorm1d(3, track_running_stats=True),
}
FP8 = "float8_e4m3fn float8_e5m2 float8_e4m3fnuz float8_e5m2fnuz float8_e8m0fnu"


def changes():
    """The layer, the names that are left out, and tensors that are put in."""
    count = "num_batches_tracked"
    for layer in ("BatchNorm1d", "InstanceNorm1d"):
        yield layer, [count], {}
        yield layer, ["running_mean"], {}
        yield layer, [count, "running_mean"], {}
        for shape in ([], [1], [3], [1, 1], [0]):
            yield layer, [], {count: torch.full(shape, 9)}
        yield layer, [], {count: torch.tensor([7.75])}
    yield "BatchNorm1d", [], {"weight": torch.tensor(1.0)}
    yield "BatchNorm1d", [], {"weight": torch.ones(3, 1)}
    yield "Linear", ["bias"], {}
    yield "Linear", [], {"scale": torch.ones(2)}
    yield "Linear", [], {"weight": torch.ones(2, 3)}
    values = torch.tensor([[0.1, -2.5], [300.0, 1e-3], [-0.0, 7.0]])
    names = f"{FP8} float64 float16 bfloat16 complex64 complex128"
    for name in names.split():
        yield "Linear", [], {"weight": values.to(getattr(torch, name))}
    yield "Linear", [], {"weight": values > 0}
    yield "Linear", [], {"weight": torch.arange(6).reshape(3, 2)}


def load_case(layer, removed, added):
    torch.manual_seed(0)
    source, target = LAYERS[layer](), LAYERS[layer]()
    # Plain: a dict without the versions that PyTorch's own files have.
    record = {k: v for k, v in source.state_dict().items() if k not in removed}
    record |= added
    try:
        target.load_state_dict(record)
        loads = True
    except RuntimeError:
        loads = False
    return {
        "layer": layer,
        "record": [row(name, tensor) for name, tensor in record.items()],
        "loads": loads,
        "after": [row(*item) for item in target.state_dict().items()] if loads else [],
    }


def row(name, tensor):
    return {
        "name": name,
        "dtype": str(tensor.dtype).removeprefix("torch."),
        "shape": list(tensor.shape),
        "data": data_bytes(tensor).hex() if tensor.numel() else "",
    }


if __name__ == "__main__":
    write("loading.json", [load_case(*change) for change in changes()])
