"""Writes small files of PyTorch, and what PyTorch itself says is in them.

Run by `deno task golden`. No test needs PyTorch: the files are committed.
With two arguments, a seed and a path, other files go to the path. The keys of
streams are addresses, so these files differ from run to run.
"""

import sys

# Python's own `statistics`, which torch.optim loads, goes before that of this
# folder.
sys.path.append(sys.path.pop(0))

import argparse
import base64
import collections
import dataclasses
import io
import json
import pathlib
import warnings
import zipfile

import numpy as np
import torch
from torch import nn
from torch.utils.serialization import config

from oracle import sha256, write

warnings.filterwarnings("ignore")

SEED = int(sys.argv[1]) if len(sys.argv) > 1 else 1
# Sizes differ with the seed, too.
WIDTH = 2 + SEED % 3


def data_of(tensor):
    """Row-major bytes, of quantized tensors those of the integers."""
    tensor = tensor.detach()
    if tensor.is_quantized:
        tensor = tensor.int_repr()
    tensor = tensor.resolve_conj().resolve_neg().contiguous().reshape(-1)
    return bytes(tensor.view(torch.uint8).numpy()) if tensor.numel() else b""


def fact(tensor):
    """What a tensor is; without a hash if the file has no bytes of it."""
    if isinstance(tensor, np.ndarray):
        plain = np.ascontiguousarray(tensor.astype(tensor.dtype.newbyteorder("<")))
        return {
            "dtype": tensor.dtype.name,
            "shape": list(tensor.shape),
            "sha256": sha256(plain.tobytes()),
        }
    found = {"dtype": str(tensor.dtype)[6:], "shape": list(tensor.shape)}
    if tensor.device.type == "meta":
        return found | {"sha256": None}
    if tensor.is_quantized:
        found["values"] = tensor.dequantize().reshape(-1).tolist()
        found |= levels_of(tensor)
    return found | {"sha256": sha256(data_of(tensor))}


def levels_of(tensor):
    if tensor.qscheme() == torch.per_tensor_affine:
        return {"scales": [tensor.q_scale()], "zeros": [tensor.q_zero_point()], "axis": 0}
    return {
        "scales": tensor.q_per_channel_scales().tolist(),
        "zeros": tensor.q_per_channel_zero_points().tolist(),
        "axis": tensor.q_per_channel_axis(),
    }


def row(name, data, tensors, metadata=None):
    facts = [{"name": key, **fact(value)} for key, value in tensors.items()]
    file = base64.b64encode(data).decode()
    return {"name": name, "tensors": facts, "metadata": metadata, "file": file}


def saved(value, **options):
    file = io.BytesIO()
    torch.save(value, file, **options)
    return file.getvalue()


def stream(value, **options):
    return saved(value, _use_new_zipfile_serialization=False, **options)


def loaded(data):
    """What PyTorch reads, so that the expectation is not what went in."""
    return torch.load(io.BytesIO(data), weights_only=False)


def without(data, ending):
    """A zip file without some of its files, which have paths of the machine."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            if not name.endswith(ending):
                new.writestr(name, old.read(name))
    return file.getvalue()


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, WIDTH, 2)
        self.norm = nn.BatchNorm2d(WIDTH)
        self.head = nn.Linear(WIDTH, 2)
        self.tied = nn.Linear(WIDTH, 2, bias=False)
        self.tied.weight = self.head.weight
        self.register_buffer("grid", torch.arange(WIDTH))
        self.register_buffer("passing", torch.randn(2), persistent=False)
        self.inner = nn.ModuleDict({"a": nn.Sequential(nn.Linear(2, 2), nn.ReLU())})


class Small(nn.Module):
    def __init__(self):
        super().__init__()
        self.w = nn.Parameter(torch.randn(3))
        self.register_buffer("b", torch.randn(2))


class Scripted(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(2, WIDTH)

    def forward(self, x):
        return self.fc(x)


class Subclass(torch.Tensor):
    pass


@dataclasses.dataclass
class Config:
    width: int = 3


def models():
    net = Net()
    state = dict(net.state_dict())
    for protocol in (2, 3, 4, 5):
        data = saved(net.state_dict(), pickle_protocol=protocol)
        yield row(f"state_dict, protocol {protocol}", data, state, {})
    for protocol in (2, 4):
        yield row(f"module, protocol {protocol}", saved(net, pickle_protocol=protocol), state)
    parallel = nn.DataParallel(net).state_dict()
    yield row("DataParallel", saved(parallel), {f"module.{k}": v for k, v in state.items()})
    yield row("stream: state_dict", stream(net.state_dict()), state, {})
    yield row("stream: state_dict, protocol 4", stream(net.state_dict(), pickle_protocol=4), state)
    small = Small()
    # Beside a module's class stands its source text, with the path.
    text = (["class Small(nn.Module):\n"], 1, "small.py")
    torch.serialization.get_source_lines_and_file = lambda _: text
    yield row("stream: module", stream(small), dict(small.state_dict()))
    both = Small()
    both.child = small
    both.alias = small
    yield row("module by two names", saved(both), dict(both.state_dict()))
    file = io.BytesIO()
    scripted = torch.jit.script(Scripted())
    torch.jit.save(scripted, file)
    data = without(file.getvalue(), ".debug_pkl")
    yield row("TorchScript", data, dict(scripted.state_dict()))


def checkpoints():
    net = Small()
    optimizer = torch.optim.Adam(net.parameters(), lr=0.1)
    net.w.square().sum().backward()
    optimizer.step()
    moments = {
        f"state.{index}.{key}": value
        for index, values in optimizer.state_dict()["state"].items()
        for key, value in values.items()
    }
    yield row("optimizer", saved(optimizer.state_dict()), moments)
    history = np.arange(3.0)
    checkpoint = {
        "epoch": 7,
        "state_dict": net.state_dict(),
        "optimizer": optimizer.state_dict(),
        "args": argparse.Namespace(lr=1e-3, name="x"),
        "best": np.float64(0.5),
        "loss": np.float32(1.5),
        "seen": np.int64(2**40),
        "history": history,
        "big": 2**70,
        "negative": -(2**40),
        "config": Config(),
        "none": None,
        "flags": (True, False),
        "set": {1, 2},
        "bytes": b"abc\xff",
        "complex": 1 + 2j,
        "default": collections.defaultdict(list, {"k": [1]}),
        "device": torch.device("cpu"),
        "dtype": torch.float16,
        "size": torch.Size([1, 2]),
        "one": 1.0,
    }
    tensors = {f"state_dict.{k}": v for k, v in net.state_dict().items()}
    tensors |= {f"optimizer.{k}": v for k, v in moments.items()} | {"history": history}
    metadata = {
        "epoch": "7",
        "optimizer.param_groups.0.lr": "0.1",
        "args.lr": "0.001",
        "args.name": "x",
        "best": "0.5",
        "loss": "1.5",
        "seen": str(2**40),
        "big": str(2**70),
        "negative": str(-(2**40)),
        "config.width": "3",
        "none": "None",
        "flags.0": "True",
        "flags.1": "False",
        "set": "{1, 2}",
        "bytes": "4 bytes",
        "complex": "1+2j",
        "default.k.0": "1",
        "device": "cpu",
        "dtype": "torch.float16",
        "size.0": "1",
        "size.1": "2",
        "one": "1.0",
    }
    for protocol in (2, 3, 4, 5):
        data = saved(checkpoint, pickle_protocol=protocol)
        yield row(f"checkpoint, protocol {protocol}", data, tensors, metadata)
    yield row("stream: checkpoint", stream(checkpoint), tensors, metadata)


def strided():
    base = torch.randn(6, 8)
    views = {
        "row": base[2],
        "column": base[:, 3],
        "transposed": base.t(),
        "block": base[1:4, 2:7:2],
        "permuted": torch.randn(2, 3, 4).permute(2, 0, 1),
        "expanded": torch.randn(3, 1).expand(3, 5),
        "scalar": torch.tensor(2.5),
        "empty": torch.empty(0, 3),
        "channels last": torch.randn(2, 3, 2, 2).to(memory_format=torch.channels_last),
        "diagonal": torch.diagonal(base),
        "short": torch.randn(1, 4)[:, ::2],
        "wide": torch.arange(12).reshape(3, 4).t(),
        "base": base,
    }
    yield row("views", saved(views), views)
    yield row("stream: views", stream(views), views)
    fortran = np.asfortranarray(np.arange(6, dtype="f4").reshape(2, 3))
    arrays = {
        "plain": np.arange(4, dtype="i2"),
        "fortran": fortran,
        "big": np.arange(6, dtype=">f8").reshape(3, 2),
        "none": np.zeros((2, 0)),
        "scalar": np.array(3.5, dtype="f4"),
        "fortran big": np.asfortranarray(np.arange(6, dtype=">u4").reshape(2, 3)),
    }
    for protocol in (2, 5):
        data = saved(arrays, pickle_protocol=protocol)
        yield row(f"arrays, protocol {protocol}", data, arrays)


def dtypes():
    floats = "float32 float64 float16 bfloat16 complex64 complex128 float8_e4m3fn "
    floats += "float8_e5m2 float8_e4m3fnuz float8_e5m2fnuz"
    whole = "uint8 int8 int16 int32 int64 uint16 uint32 uint64 bool"
    tensors = {name: torch.randn(5).to(getattr(torch, name)) for name in floats.split()}
    for name in whole.split():
        tensors[name] = (torch.arange(5) % 3).to(getattr(torch, name))
    tensors["complex32"] = torch.randn(5, 2).half().view(torch.complex32)[:, 0]
    bits = torch.tensor([0, 1, 127, 200, 255], dtype=torch.uint8)
    tensors["float8_e8m0fnu"] = bits.view(torch.float8_e8m0fnu)
    pairs = torch.tensor([[1, 2], [3, 40 + SEED]], dtype=torch.uint8)
    tensors["float4"] = pairs.view(torch.float4_e2m1fn_x2)
    yield row("dtypes", saved(tensors), tensors)
    yield row("stream: dtypes", stream(tensors), tensors)
    complex64 = tensors["complex64"]
    signs = {"conjugate": complex64.conj(), "negative": complex64.clone().conj().imag}
    yield row("signs", saved(signs), signs)
    one = torch.quantize_per_tensor(torch.randn(4, 3), 0.05, 7, torch.quint8)
    scales = torch.tensor([0.1, 0.2, 0.3]).double()
    zeros = torch.tensor([0, 1, 2])
    quantized = {
        "one": one,
        "signed": torch.quantize_per_tensor(torch.randn(5), 0.25, -3, torch.qint8),
        "wide": torch.quantize_per_tensor(torch.randn(5), 0.001, 0, torch.qint32),
        "rows": torch.quantize_per_channel(torch.randn(3, 4), scales, zeros, 0, torch.qint8),
        "columns": torch.quantize_per_channel(torch.randn(2, 3, 2), scales, zeros, 1, torch.quint8),
    }
    yield row("quantized", saved(quantized), quantized)


def kinds():
    u = torch.randn(4)
    v = torch.randn(2)
    coo = torch.eye(3).to_sparse()
    csr = torch.eye(3).to_sparse_csr()
    csc = torch.eye(3).to_sparse_csc()
    parts = {
        "coo.indices": coo.indices(),
        "coo.values": coo.values(),
        "csr.crow_indices": csr.crow_indices(),
        "csr.col_indices": csr.col_indices(),
        "csr.values": csr.values(),
        "csc.ccol_indices": csc.ccol_indices(),
        "csc.row_indices": csc.row_indices(),
        "csc.values": csc.values(),
    }
    yield row("sparse", saved({"coo": coo, "csr": csr, "csc": csc}), parts)
    nested = torch.nested.nested_tensor([torch.randn(2), torch.randn(3)])
    parts = {
        "n.values": nested.values(),
        "n.sizes": nested._nested_tensor_size(),
        "n.strides": nested._nested_tensor_strides(),
        "n.offsets": nested._nested_tensor_storage_offsets(),
    }
    yield row("nested", saved({"n": nested}), parts)
    parameter = nn.Parameter(torch.randn(3))
    parameter.note = "hi"
    tagged = torch.randn(2)
    tagged.tag = 5
    objects = {
        "parameter": parameter,
        "fixed": nn.Parameter(torch.randn(2), requires_grad=False),
        "subclass": torch.randn(4).as_subclass(Subclass),
        "tagged": tagged,
        "buffer": nn.Buffer(torch.randn(2)),
    }
    data = saved(objects)
    yield row("subclasses", data, loaded(data))
    meta = {"meta": torch.empty(3, 2, device="meta"), "w": v}
    yield row("meta", saved(meta), meta)
    whole = torch.arange(6, dtype=torch.uint8)
    yield row("storage", saved({"t": u, "s": whole.untyped_storage()}), {"t": u, "s": whole})
    yield row("tensor", saved(u), {"": u})
    yield row("list", saved([u, (v, {"x": u})]), {"0": u, "1.0": v, "1.1.x": u})
    loop = {"w": u}
    loop["self"] = loop
    yield row("a dictionary in itself", saved(loop), {"w": u})
    twice = {"a.b": u, "a": {"b": v}, "a.b~2": v}
    yield row("one name twice", saved(twice), {"a.b": u, "a.b~2": v, "a.b~2~2": v})
    names = ["ä.ключ", "emoji😀", "", "__proto__", "constructor", "\ufeffmark", "a\nb"]
    odd = {name: torch.randn(1) for name in names}
    yield row("odd names", saved(odd), odd)
    keys = {(1, 2): u, 3: v, True: u + 1, None: v + 1, 2.5: u + 2, (): u + 3, ("a",): v + 2}
    texts = {str(key): value for key, value in keys.items()}
    yield row("keys that are no text", saved(keys), texts)


def archives():
    simple = {"a": torch.randn(2, 3), "b": torch.arange(4)}
    plain = saved(simple)

    def archive(folder="archive", edit=lambda _, data: data, drop=(), method=zipfile.ZIP_STORED):
        file = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(plain)) as old, zipfile.ZipFile(file, "w", method) as new:
            for name in old.namelist():
                rest = name.split("/", 1)[1]
                if rest not in drop:
                    new.writestr(f"{folder}/{rest}", edit(rest, old.read(name)))
        return file.getvalue()

    def swap(name, data):
        if name == "byteorder":
            return b"big"
        words = {"data/0": 4, "data/1": 8}.get(name)
        if words is None:
            return data
        return b"".join(data[i : i + words][::-1] for i in range(0, len(data), words))

    yield row("plain", plain, simple, {})
    yield row("big-endian", archive(edit=swap), simple)
    yield row("another folder", archive(folder="any name/deep"), simple)
    yield row("deflated", archive(method=zipfile.ZIP_DEFLATED), simple)
    extra = ("byteorder", ".format_version", ".storage_alignment", ".data/serialization_id")
    yield row("as of 1.6", archive(drop=extra), simple)
    torch.serialization.set_crc32_options(False)
    yield row("without checksums", saved(simple), simple)
    torch.serialization.set_crc32_options(True)
    config.save.storage_alignment = 1024
    yield row("alignment 1024", saved({"b": simple["b"]}), {"b": simple["b"]})
    config.save.storage_alignment = 64


def fresh():
    """What layers begin with, from seed 0 whatever the others' seed."""
    torch.manual_seed(0)
    layers = nn.Sequential(
        nn.Conv2d(1, 8, 3),
        nn.BatchNorm2d(8),
        nn.Linear(20, 16),
        nn.Embedding(12, 10),
        nn.LSTM(6, 4),
    )
    yield row("fresh", saved(layers.state_dict()), dict(layers.state_dict()))


def protocol_1():
    """Without tuples of fixed length, and integers as text."""
    state = nn.Linear(WIDTH, 2).state_dict()
    yield row("protocol 1", saved(state, pickle_protocol=1), dict(state))
    yield row("stream: protocol 1", stream(state, pickle_protocol=1), dict(state))


def rows():
    torch.manual_seed(SEED)
    for cases in (models, checkpoints, strided, dtypes, kinds, archives, fresh, protocol_1):
        yield from cases()


if __name__ == "__main__":
    if len(sys.argv) > 2:
        pathlib.Path(sys.argv[2]).write_text(json.dumps(list(rows())))
    else:
        write("torch_files.json", list(rows()))
