"""Writes files of Python's safetensors 0.8.0 and of NumPy 2.4, and what is in
them.

Run by `deno task golden`. No test needs Python: the files are committed.
"""

import base64
import io
import json

import numpy as np
import safetensors
import safetensors.torch
import torch

from oracle import data_bytes, write

assert safetensors.__version__ == "0.8.0", safetensors.__version__
assert np.__version__.startswith("2.4."), np.__version__

SHAPES = [[], [0], [3], [2, 0, 3], [5, 4], [1, 2, 1, 3, 1, 1, 2, 1]]

# fanin's name of each dtype, and PyTorch's where that is another.
DTYPES = {
    **{
        name: name
        for name in "float64 float32 float16 bfloat16 int64 int32 int16 int8 "
        "uint64 uint32 uint16 uint8 bool".split()
    },
    "F8_E5M2": "float8_e5m2",
    "F8_E4M3": "float8_e4m3fn",
    "F8_E8M0": "float8_e8m0fnu",
    "F8_E4M3FNUZ": "float8_e4m3fnuz",
    "F8_E5M2FNUZ": "float8_e5m2fnuz",
    "C64": "complex64",
}

# The names of dtypes of fewer than 8 bits, of which PyTorch has none that a file
# keeps as it is.
SMALL = {"F4": 4, "F6_E2M3": 6, "F6_E3M2": 6}

NUMPY = [name for name in DTYPES if hasattr(np, name) or name == "bool"]


def pattern(length):
    """Bytes that differ from their neighbors, the same each time."""
    return bytes((37 * i + i // 7 + 5) % 256 for i in range(length))


def tensor_of(dtype, shape):
    """A tensor of any bits; of bools, 0 and 1."""
    kind = getattr(torch, DTYPES[dtype])
    count = int(np.prod(shape))
    if dtype == "bool":
        return (torch.arange(count) % 3 == 0).reshape(shape)
    data = bytearray(pattern(count * kind.itemsize))
    flat = torch.frombuffer(data, dtype=torch.uint8) if data else torch.empty(0, dtype=torch.uint8)
    return flat.view(kind).reshape(shape)


def safetensors_case(tensors, metadata=None):
    return {
        "tensors": [
            {
                "name": name,
                "dtype": dtype,
                "shape": list(tensor.shape),
                "data": data_bytes(tensor).hex() if tensor.numel() else "",
            }
            for name, (dtype, tensor) in tensors.items()
        ],
        "metadata": metadata or {},
        "file": text(
            safetensors.torch.save({n: t for n, (_, t) in tensors.items()}, metadata)
        ),
    }


def safetensors_cases():
    def made(dtype, shape):
        return dtype, tensor_of(dtype, shape)

    yield safetensors_case({})
    yield safetensors_case({}, {"format": "pt"})
    for dtype in DTYPES:
        yield safetensors_case(
            {f"shape {shape}": made(dtype, shape) for shape in SHAPES}
        )
    for dtype, bits in SMALL.items():
        yield small_case(dtype, bits)
    yield safetensors_case(
        {dtype: made(dtype, [3]) for dtype in DTYPES}, {"a key": "a\n\"text\""}
    )
    names = ["b", "a", "", "é", "\uffee", "\U0001f600", 'q"\\\n\u0001\u007f/', "10", "9"]
    names += ["__proto__", "constructor", "a.b", "ab", "a" * 300]
    yield safetensors_case({name: made("int8", [2]) for name in names})
    torch.manual_seed(0)
    layers = torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.BatchNorm1d(2))
    named = {
        name: (str(tensor.dtype).removeprefix("torch."), tensor)
        for name, tensor in layers.state_dict().items()
    }
    yield safetensors_case(named, {"format": "pt"})


def small_case(dtype, bits):
    """The bytes go in as they are: 4 or 8 elements fill whole ones."""
    specs = []
    for shape in ([0], [2, 4], [8, 3, 1]):
        data = pattern(int(np.prod(shape)) * bits // 8)
        specs.append({"name": f"{shape}", "dtype": dtype, "shape": shape, "data": data.hex()})
    head, end = {}, 0
    for spec in specs:
        start, end = end, end + len(spec["data"]) // 2
        head[spec["name"]] = {"dtype": dtype, "shape": spec["shape"], "data_offsets": [start, end]}
    raw = json.dumps(head, separators=(",", ":")).encode()
    raw += b" " * (-len(raw) % 8)
    data = b"".join(bytes.fromhex(spec["data"]) for spec in specs)
    file = len(raw).to_bytes(8, "little") + raw + data
    found = {name: bytes(found["data"]) for name, found in safetensors.deserialize(file)}
    assert found == {spec["name"]: bytes.fromhex(spec["data"]) for spec in specs}
    return {"tensors": specs, "metadata": {}, "file": text(file)}


def npy_cases():
    for dtype in NUMPY:
        for shape in SHAPES:
            yield npy_case(array_of(dtype, shape), dtype)
        if np.dtype(dtype).itemsize > 1:
            for order in "CF":
                swapped = array_of(dtype, [2, 3]).astype(np.dtype(dtype).newbyteorder(">"))
                yield npy_case(swapped.copy(order=order), dtype)
        yield npy_case(np.asfortranarray(array_of(dtype, [4, 3])), dtype)
    for shape in ([2, 3, 4], [1, 5], [5, 1], [2, 0, 3], [1, 2, 1, 3, 1, 1, 2, 1]):
        yield npy_case(array_of("float32", shape).copy(order="F"), "float32")
    for version in ((2, 0), (3, 0)):
        yield npy_case(array_of("int16", [4, 3]), "int16", version)
    yield npy_case(array_of("int8", [12345]), "int8")
    for rank in range(9, 31):
        yield npy_case(array_of("int8", [1] * rank), "int8")


def array_of(dtype, shape):
    return tensor_of(dtype, shape).numpy()


def npy_case(array, dtype, version=None):
    file = io.BytesIO()
    np.lib.format.write_array(file, array, version)
    plain = array.astype(array.dtype.newbyteorder("<"))
    return {
        "dtype": dtype,
        "shape": list(array.shape),
        "order": "F" if np.isfortran(array) else "C",
        "bytes": ">" if array.dtype.byteorder == ">" else "<",
        "version": file.getvalue()[6],
        "data": plain.tobytes("C").hex(),
        "file": text(file.getvalue()),
    }


def refused_cases():
    """Arrays of dtypes that fanin does not have."""
    arrays = {
        "complex64": np.zeros(2, "c8"),
        "complex128": np.zeros(2, "c16"),
        "long double": np.zeros(2, "g"),
        "text": np.array(["ab", "c"]),
        "bytes": np.array([b"ab", b"c"]),
        "date": np.array(["2000-01-01"], "M8[D]"),
        "structure": np.zeros(2, [("a", "<f4"), ("b", "<i4")]),
        "raw": np.zeros(2, "V2"),
        "object": np.array([{}, None]),
    }
    for what, array in arrays.items():
        file = io.BytesIO()
        np.save(file, array, allow_pickle=True)
        yield {"what": what, "descr": str(array.dtype), "file": text(file.getvalue())}


def npz_cases():
    arrays = {"weight": array_of("float32", [5, 4]), "bias": array_of("int64", [3])}
    arrays |= {"scalar": array_of("float64", []), "none": array_of("float32", [2, 0])}
    arrays |= {"é/α": np.asfortranarray(array_of("int16", [5, 4]))}
    arrays |= {"zeros": np.zeros(3000, "f4")}
    for save in (np.savez, np.savez_compressed):
        file = io.BytesIO()
        save(file, **arrays)
        yield {
            "writer": save.__name__,
            "arrays": [
                {
                    "name": name,
                    "dtype": array.dtype.name,
                    "shape": list(array.shape),
                    "data": array.tobytes("C").hex() if name != "zeros" else "00" * 12000,
                }
                for name, array in arrays.items()
            ],
            "file": text(file.getvalue()),
        }


def text(data):
    return base64.b64encode(data).decode()


if __name__ == "__main__":
    write("safetensors.json", list(safetensors_cases()))
    write("npy.json", list(npy_cases()))
    write("npy_refused.json", list(refused_cases()))
    write("npz.json", list(npz_cases()))
