"""Cases of tensors and generators: states, texts, conversions."""

import math

import torch

from oracle import data_bytes, sha256, state_of


def generator_cases():
    """States as PyTorch writes them, and what follows each."""
    for seed in (0, 1, 67280421310721, -1, -(2**63), 2**64 - 1, 2**32, 2**53 + 1):
        for words in (0, 1, 623, 624, 625, 1248):
            generator = torch.Generator().manual_seed(seed)
            if words:
                torch.rand(words, generator=generator)
            yield generator_case(generator, seed, words, 0)
    for normals in (1, 2, 3):
        generator = torch.Generator().manual_seed(5)
        torch.randn(normals, generator=generator)
        yield generator_case(generator, 5, 0, normals)


def generator_case(generator, seed, words, normals):
    state = state_of(generator.get_state())
    following = torch.empty(5)
    following.normal_(generator=generator)
    return {
        "seed": str(seed),
        "initialSeed": str(generator.initial_seed()),
        "words": words,
        "normals": normals,
        "state": state,
        "next": data_bytes(following).hex(),
    }


def print_case(values, dtype="float32", shape=None):
    """Values go as text, since JSON has no NaN; the text is PyTorch's."""
    tensor = torch.tensor(values, dtype=getattr(torch, dtype))
    if shape is not None:
        tensor = tensor.reshape(shape)
    exact = tensor if dtype == "int64" else tensor.double()
    return {
        "dtype": dtype,
        "shape": list(tensor.shape),
        "values": [str(value) for value in exact.flatten().tolist()],
        "text": str(tensor),
    }


def ramp(n, scale):
    return [scale * (i - n / 3) for i in range(n)]


def ramp_case(shape, scale, dtype="float32"):
    """Values that a formula gives: scale * (i - n / 3), in double."""
    n = math.prod(shape)
    case = print_case(ramp(n, scale), dtype, shape)
    case["values"] = None
    return {**case, "scale": scale}


def print_cases():
    inf, nan = math.inf, math.nan
    halves = [0.03125, 0.09375, -0.15625, 0.21875, 0.5]
    floats = [
        [-0.0667, 0.0241, 0.0701],
        [[-0.0667, 0.0241], [-0.0209, 0.0364], [0.0803, -0.0535]],
        3.0, -0.5, 0.0, -0.0, nan, inf, -inf, 1e-5, 123456789.0,
        [1.0, 2.0, -3.0], [1.0, nan, -3.0], [1.0, inf, -inf], [1.5, nan, inf],
        [nan, nan], [inf, -inf, nan], [0.0, -0.0], [0.0, nan, inf],
        [1e-4, 0.5], [0.99e-4, 0.05], [1.0, 1000.0], [1.0, 1001.0], [1.5, 1501.5],
        [1e8, 2e8], [1.01e8, 2e8], [123456.0, 1.0], [0.1, 99.99999],
        halves, [1e-20, 1e20, -1.0], [1e-40, 1.0], [9.99996, 9.99994],
        [9.9999501e-5, 1.0], [100005000.0, 100015000.0, 1.0], [12345.5, 100.25],
        [[1.0], [-20.25]], [[[1.0, 2.0], [3.0, 4.0]], [[5.0, 6.0], [7.0, -8.0]]],
    ]
    for values in floats:
        yield print_case(values)
    for dtype in ("float64", "float16", "bfloat16"):
        yield print_case([0.1, -2.5, 3.0], dtype)
        yield print_case([1.0, 2.0], dtype)
        yield print_case([[0.1, 1e-6], [nan, 60000.0]], dtype)
        yield print_case(halves, dtype)
        yield print_case(0.1, dtype)
    yield print_case([1e300, 1e-300, 1.0], "float64")
    for dtype in ("int64", "int32", "int16", "int8", "uint8"):
        yield print_case([[1, 22], [3, 100]], dtype)
        yield print_case(7, dtype)
    for dtype in ("uint64", "uint32", "uint16"):
        yield print_case([[1, 22], [3, 2**16 - 1]], dtype)
        yield print_case(7, dtype)
    yield print_case([-(2**63), 2**63 - 1, 0], "int64")
    yield print_case([-1, 10, -100], "int8")
    yield print_case([True, False, True], "bool")
    yield print_case([True, True], "bool")
    yield print_case(False, "bool")
    for shape in [[0], [0, 3], [2, 0], [2, 3, 0, 1]]:
        for dtype in ("float32", "float64", "int64", "bool"):
            yield print_case([], dtype, shape)
    shapes = [[30], [1000], [1001], [2, 600], [600, 2], [40, 30], [7, 200]]
    shapes += [[6, 200], [11, 10, 10], [2, 2, 300], [5, 1, 3, 100]]
    shapes += [[20, 2, 2, 20], [10, 12, 14]]
    for shape in shapes:
        yield ramp_case(shape, 0.01)
    yield ramp_case([1200], 1.0)
    yield ramp_case([30, 40], 1e6)
    yield ramp_case([1200], 3.0, "int32")
    yield ramp_case([60, 20], 3.0, "int64")
    yield print_case([i % 3 == 0 for i in range(1010)], "bool", [101, 10])
    for n in range(6, 14):
        yield ramp_case([n], 0.37, "float64")
        yield ramp_case([1, n], 11.7, "float64")


def half_cases():
    """Every half-precision number as float32, and back from around each tie."""
    for name in ("float16", "bfloat16"):
        dtype = getattr(torch, name)
        patterns = torch.arange(2**16, dtype=torch.int32).to(torch.int16)
        values = patterns.view(dtype).float()
        numbers = values[~values.isnan()]
        positive = values[:2**15]
        finite = positive[positive.isfinite()]
        ties = finite[:-1] / 2 + finite[1:] / 2
        around = torch.cat([ties.view(torch.int32) + i for i in (-1, 0, 1)])
        rounded = torch.cat([around.view(torch.float32), ties, finite])
        both = torch.cat([rounded, -rounded])
        yield {
            "dtype": name,
            "numbers": numbers.numel(),
            "values": sha256(data_bytes(numbers)),
            "rounded": sha256(data_bytes(both.to(dtype))),
        }


def conversion_cases():
    values = [0.1, -2.5, 3.7, 0.0, -0.0, 65519.0, 100.99, -100.99, 1e-8]
    floats = ("float32", "float64", "float16", "bfloat16")
    for source in floats:
        for target in (*floats, "int64", "int32", "bool"):
            yield conversion_case(values, source, target)
    for source in ("int64", "int32", "int16", "int8", "uint8", "bool"):
        for target in (*floats, "int64", "int8", "bool"):
            yield conversion_case([0, 1, 1, 0], source, target)
    yield conversion_case([127, -128, 3], "int64", "int8")
    yield conversion_case([2**53 + 1, -(2**62)], "int64", "bool")


def conversion_case(values, source, target):
    tensor = torch.tensor(values, dtype=getattr(torch, source))
    converted = tensor.to(getattr(torch, target))
    return {
        "values": [repr(value) for value in values],
        "source": source,
        "target": target,
        "bytes": data_bytes(converted).hex(),
    }
