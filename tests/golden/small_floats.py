"""Floats of 8 bits and fewer, and complex numbers: what each pattern stands for,
what each float32 becomes, conversions, printed text, and NumPy's files of them.

PyTorch has no conversions of four bits: there ml_dtypes 0.6.0 is asked, which
agrees with PyTorch on the values of the others.
"""

import base64
import io
import math

import ml_dtypes
import numpy as np
import torch

from oracle import data_bytes, write

assert ml_dtypes.__version__ == "0.6.0", ml_dtypes.__version__

EIGHT_BITS = (
    "float8_e5m2",
    "float8_e4m3fn",
    "float8_e8m0fnu",
    "float8_e4m3fnuz",
    "float8_e5m2fnuz",
)
COMPLEX = ("complex64", "complex128")


def of_bytes(name, data):
    return torch.tensor(list(data), dtype=torch.uint8).view(getattr(torch, name))


def hex_bits(values):
    """float32 as hexadecimal, the highest digit first."""
    return [f"{bits:08x}" for bits in values.view(np.uint32)]


def small_cases():
    patterns = np.arange(256, dtype=np.uint8)
    for name in EIGHT_BITS:
        values = of_bytes(name, patterns).to(torch.float32).numpy()
        others = patterns.view(getattr(ml_dtypes, name)).astype(np.float32)
        np.testing.assert_array_equal(values, others)
        signs = np.signbit(values) == np.signbit(others)
        assert signs[~np.isnan(values)].all()
        yield small_case(name, values, encoder(name))
    name = "float4_e2m1fn"
    four = getattr(ml_dtypes, name)
    values = patterns[:16].view(four).astype(np.float32)
    yield small_case(name, values, lambda x: x.astype(four).view(np.uint8))


def encoder(name):
    dtype = getattr(torch, name)
    return lambda x: torch.from_numpy(x).to(dtype).view(torch.uint8).numpy()


def small_case(name, values, encode):
    """NaN is left out of the values, and of what is encoded."""
    return {
        "dtype": name,
        "values": [
            None if math.isnan(value) else bits
            for value, bits in zip(values, hex_bits(values))
        ],
        "runs": list(runs(encode)),
    }


def runs(encode, step=2**24):
    """Where, among all float32 by their bits, the code changes, and to what."""
    last = None
    for start in range(0, 2**32, step):
        bits = np.arange(start, start + step, dtype=np.uint32)
        codes = encode(bits.view(np.float32))
        places = [int(place) + 1 for place in np.flatnonzero(np.diff(codes))]
        for place in [0, *places]:
            if codes[place] != last:
                last = codes[place]
                yield [f"{start + place:08x}", int(last)]


def tensor_row(tensor):
    return {
        "dtype": str(tensor.dtype).removeprefix("torch."),
        "shape": list(tensor.shape),
        "bytes": data_bytes(tensor).hex() if tensor.numel() else "",
    }


def print_cases():
    for tensor in printed():
        yield {**tensor_row(tensor), "text": repr(tensor)}


def printed():
    nan, inf = math.nan, math.inf
    for name in EIGHT_BITS:
        # PyTorch takes the NaN of E8M0 for finite, and then prints no exponents.
        every = bytes(range(255 if name == "float8_e8m0fnu" else 256))
        yield of_bytes(name, every[:6])
        yield of_bytes(name, every[50:60]).reshape(2, 5)
        yield of_bytes(name, every[60:61])[0]
        yield of_bytes(name, every[112:])
        yield of_bytes(name, every[:240]).reshape(4, 4, 15)
        yield of_bytes(name, every * 5).reshape(-1, 51 if len(every) == 255 else 32)
        yield of_bytes(name, b"").reshape(2, 0)
        ones = torch.tensor([1.0, 2.0, 4.0]).to(getattr(torch, name))
        yield ones
    values = [
        [1 + 2j], 1 + 2j, [1.5 - 2j, 0.25 + 1e-5j],
        [[1e10 + 2j, 3 - 4j], [0j, 1j]], [complex(nan, 0), complex(inf, 0), 1 - 0j],
        [complex(nan, -0.0), complex(-0.0, -inf), 1 + 1j], [complex(0, nan)],
        [0j, 0j], [0.03125 + 0.09375j, -0.15625 - 0.21875j],
        [[[1 + 1j], [2 - 2j]], [[-3 + 3.5j], [4 - 40j]]], [1e-40 + 1j],
        [123456789 + 0.5j], complex(-inf, nan),
    ]
    for name in COMPLEX:
        dtype = getattr(torch, name)
        for value in values:
            yield torch.tensor(value, dtype=dtype)
        ramp = torch.arange(1200, dtype=torch.float64)
        both = torch.complex(0.37 * (ramp - 400), 11.7 * (300 - ramp)).to(dtype)
        for shape in ([7], [30], [3, 11], [40, 30], [1200], [2, 600]):
            yield both[: math.prod(shape)].reshape(shape)
        # Widths at which one character more changes how many fit a line.
        for value in (1 + 1j, 10 - 10j, 1.5 + 10j, 100.5 - 1000.5j):
            yield torch.full([20], value, dtype=dtype)
        for shape in ([0], [2, 0]):
            yield torch.empty(shape, dtype=dtype)


def conversion_cases():
    every = [of_bytes(name, range(256)) for name in EIGHT_BITS]
    floats = [
        torch.tensor([0.1, -2.5, 3.7, 0.0, -0.0, 500.0, -1e9, math.inf, 1e-8, 24.5]).to(dtype)
        for dtype in (torch.float32, torch.float64, torch.float16, torch.bfloat16)
    ]
    # Rounded to float32 first, each of these is a tie.
    doubles = torch.tensor([1.0625, 1.0625 + 2**-40, 1.125 - 2**-50], dtype=torch.float64)
    whole = torch.tensor([0, 1, -3, 17, 300, 2**40])
    pairs = [
        torch.tensor([1.7 - 2j, 0j, 1j, -3 + 0.5j, 1e30 - 1e-30j], dtype=getattr(torch, name))
        for name in COMPLEX
    ]
    reals = ("float32", "float64", "float16", "bfloat16", "bool")
    for source in [*every, *floats, doubles, whole, torch.tensor([True, False])]:
        for target in (*EIGHT_BITS, *COMPLEX):
            yield conversion_case(source, target)
    for source in (*every, *pairs):
        for target in (*reals, *(EIGHT_BITS if source.is_complex() else ())):
            yield conversion_case(source, target)
    for source in pairs:
        for target in COMPLEX:
            yield conversion_case(source, target)
        yield conversion_case(source[:4], "int32")
    for source in every:
        yield conversion_case(source[40:76], "int32")


def conversion_case(source, target):
    return {
        **tensor_row(source),
        "target": target,
        "converted": data_bytes(source.to(getattr(torch, target))).hex(),
    }


def npy_cases():
    for name in COMPLEX:
        values = np.arange(6).reshape(2, 3) * (1 - 2.5j)
        for order in "CF":
            for byte_order in "<>":
                kind = np.dtype(name).newbyteorder(byte_order)
                yield npy_case(name, np.array(values, kind, order=order))
        yield npy_case(name, np.array(1 + 2j, name))
        yield npy_case(name, np.zeros([2, 0], name))
    for name in ("bfloat16", *EIGHT_BITS):
        kind = np.dtype(getattr(ml_dtypes, name))
        values = np.array([[0.5, 1, 2], [4, 8, 16]]).astype(kind)
        yield npy_case(name, values)
        yield npy_case(name, np.asfortranarray(values))
        yield npy_case(name, values.astype(kind.newbyteorder(">")))


def npy_case(name, array):
    file = io.BytesIO()
    np.save(file, array)
    plain = array.astype(array.dtype.newbyteorder("<"))
    return {
        "dtype": name,
        "descr": array.dtype.str,
        "shape": list(array.shape),
        "order": "F" if np.isfortran(array) else "C",
        "data": plain.tobytes("C").hex(),
        "file": base64.b64encode(file.getvalue()).decode(),
    }


if __name__ == "__main__":
    write("small_floats.json", list(small_cases()))
    write("small_prints.json", list(print_cases()))
    write("small_conversions.json", list(conversion_cases()))
    write("npy_more.json", list(npy_cases()))
