"""Writes the golden files from PyTorch 2.13.0 (CPU, AVX2 or AVX-512).

Run by `deno task golden`. No test needs PyTorch: the files are committed.
Names of functions and options are fanin's; the tables below say what each is
in PyTorch.
"""

import hashlib
import json
import math
import pathlib
import struct

import torch
from torch import nn

assert torch.__version__.split("+")[0] == "2.13.0", torch.__version__
assert torch.backends.cpu.get_cpu_capability() in ("AVX2", "AVX512")

SPARE_OFFSET = 24 + 8 * 624 + 8
HERE = pathlib.Path(__file__).parent

SCALED = ("xavierUniform", "xavierNormal", "kaimingUniform", "kaimingNormal")
FUNCTIONS = {
    "uniform": nn.init.uniform_,
    "normal": nn.init.normal_,
    "constant": nn.init.constant_,
    "ones": nn.init.ones_,
    "zeros": nn.init.zeros_,
    "xavierUniform": nn.init.xavier_uniform_,
    "xavierNormal": nn.init.xavier_normal_,
    "kaimingUniform": nn.init.kaiming_uniform_,
    "kaimingNormal": nn.init.kaiming_normal_,
    "sparse": nn.init.sparse_,
    "eye": nn.init.eye_,
    "dirac": nn.init.dirac_,
}
OPTIONS = {
    "low": "a",
    "high": "b",
    "mean": "mean",
    "std": "std",
    "value": "val",
    "gain": "gain",
    "negativeSlope": "a",
    "mode": "mode",
    "nonlinearity": "nonlinearity",
    "sparsity": "sparsity",
    "groups": "groups",
}
LAYER_OPTIONS = {
    "kernelSize": "kernel_size",
    "stride": "stride",
    "padding": "padding",
    "paddingMode": "padding_mode",
    "dilation": "dilation",
    "groups": "groups",
    "bias": "bias",
}


def write(name, rows):
    """Writes one row a line, so that differences stay readable."""
    text = ",\n".join(json.dumps(row) for row in rows)
    (HERE / name).write_text(f"[\n{text}\n]\n")
    print(f"{name}: {len(rows)}")


def data_bytes(tensor):
    return tensor.detach().contiguous().view(torch.uint8).numpy().tobytes()


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def digest(tensor):
    """SHA-256 of the bytes, and the first bytes to see where they part."""
    data = data_bytes(tensor) if tensor.numel() else b""
    return {"sha256": sha256(data), "start": data[:32].hex()}


def state_of(state):
    """The SHA-256 of a state without its spare normal, and that normal.

    The spare comes from the C library's log1p, sin and cos in double, whose
    last bit is not everywhere the same.
    """
    data = bytearray(state.numpy().tobytes())
    (spare,) = struct.unpack_from("<d", data, SPARE_OFFSET)
    (has_spare,) = struct.unpack_from("<i", data, SPARE_OFFSET + 16)
    struct.pack_into("<d", data, SPARE_OFFSET, 0.0)
    return {"sha256": sha256(data), "spare": spare.hex() if has_spare else None}


def init_case(fn, shape, seed=0, dtype="float32", calls=1, **options):
    """`calls` fills, one after the other, from one generator."""
    generator = torch.Generator().manual_seed(seed)
    keywords = {OPTIONS[name]: value for name, value in options.items()}
    if fn == "sparse":
        # Its permutations come from the default generator, whatever is passed.
        generator = torch.default_generator.manual_seed(seed)
    elif fn not in ("constant", "ones", "zeros", "eye", "dirac"):
        keywords["generator"] = generator
    fills = []
    for _ in range(calls):
        tensor = torch.empty(shape, dtype=getattr(torch, dtype))
        FUNCTIONS[fn](tensor, **keywords)
        fills.append(tensor)
    # What is not exact is stored whole and compared within a bound.
    normal = "ormal" in fn or fn == "sparse"
    inexact = dtype == "float64" and normal
    results = [
        {"bytes": data_bytes(fill).hex()} if inexact else digest(fill)
        for fill in fills
    ]
    return {
        "fn": fn,
        "shape": shape,
        "dtype": dtype,
        "seed": str(seed),
        "options": options,
        "results": results,
        "state": state_of(generator.get_state()),
    }


def init_cases():
    lengths = [1, 15, 16, 17, 4099]
    for fn in ("uniform", "normal"):
        for n in lengths:
            for seed in (0, 1, 42):
                for calls in (1, 2):
                    yield init_case(fn, [n], seed, calls=calls)
    for n in [1, 2, 15, 16, 17, 32, 35]:
        yield init_case("uniform", [n], 3, "float64", calls=2)
        yield init_case("normal", [n], 3, "float64", calls=2)
    ranges = [(0.1, 0.7), (1, 1.0001), (100, 100.1), (-3, 5), (-1e-3, 1e-3)]
    for low, high in ranges + [(0, 0), (2, 2), (-1e30, 1e30)]:
        for dtype in ("float32", "float64"):
            yield init_case(
                "uniform", [20011], 7, dtype, calls=2, low=low, high=high
            )
    # Two doubles apart: half of the results equal the upper end.
    yield init_case("uniform", [101], 7, "float64", low=1, high=1 + 2**-51)
    for dtype in ("float16", "bfloat16"):
        for n in [*lengths, 32, 4096]:
            for fn in ("uniform", "normal"):
                yield init_case(fn, [n], 3, dtype, calls=2)
        for low, high in ranges + [(0, 0), (-1e-5, 0), (-30000, 30000)]:
            yield init_case("uniform", [70001], 7, dtype, low=low, high=high)
        for mean, std in [(1.5, 0.02), (-100, 3), (0, 0), (0.1, 1e-6)]:
            for n in (7, 4099, 65536):
                yield init_case("normal", [n], 11, dtype, mean=mean, std=std)
        # Symmetric bounds, whose upper end half precision often hits.
        for fn in SCALED:
            yield init_case(fn, [300, 300], 5, dtype)
            yield init_case(fn, [3, 5], 5, dtype, calls=2)
        yield init_case("constant", [3, 4], dtype=dtype, value=0.1)
        yield init_case("ones", [3, 4], dtype=dtype)
    for mean, std in [(1.5, 0.02), (-100, 3), (0, 0), (0.1, 1e-6), (3, 0)]:
        for n in (7, 4099):
            yield init_case("normal", [n], 11, calls=2, mean=mean, std=std)
    # From the fewest elements to the tutorial's weight and beyond.
    shapes = [[1, 1], [3, 5], [16, 1], [1, 17], [10, 1], [64, 3, 7]]
    shapes += [[33, 16, 3, 3], [8, 4, 3, 5], [4, 3, 2, 3, 2], [4099, 1]]
    for fn in SCALED:
        for shape in shapes:
            for seed in (0, 123):
                yield init_case(fn, shape, seed, calls=2)
        yield init_case(fn, [33, 16, 3, 3], -1)
        yield init_case(fn, [33, 16, 3, 3], 2**32 + 5)
        yield init_case(fn, [33, 16, 3, 3], 2**64 - 1)
        yield init_case(fn, [3, 5], 5, "float64", calls=2)
    yield init_case("xavierUniform", [6, 5], 5, "float64", calls=2)
    yield init_case("kaimingUniform", [6, 5], 5, "float64", calls=2)
    for fn in ("xavierUniform", "xavierNormal"):
        for gain in (0.5, math.sqrt(2), 5 / 3, 0.0):
            yield init_case(fn, [33, 16, 3, 3], 9, gain=gain)
            yield init_case(fn, [7, 4, 3], 9, "float64", gain=gain)
        yield init_case(fn, [0, 3], 9)
    # In float64 the last bit of the standard deviation shows.
    for shape in [[3, 5], [11, 7], [13, 17], [6, 10, 3], [2, 9], [23, 4]]:
        for fn in ("xavierUniform", "kaimingUniform"):
            yield init_case(fn, shape, 9, "float64")
        yield init_case("xavierUniform", shape, 9, "float64", gain=5 / 3)
    for fn in ("kaimingUniform", "kaimingNormal"):
        for mode in ("fan_in", "fan_out"):
            for name in ("relu", "tanh", "selu", "linear", "sigmoid", "conv2d"):
                yield init_case(fn, [12, 2, 3, 3], 9, mode=mode, nonlinearity=name)
            for slope in (0.0, 0.2, math.sqrt(5), -1.0):
                yield init_case(fn, [33, 16, 3, 3], 9, mode=mode, negativeSlope=slope)
        yield init_case(fn, [0, 3], 9)
    for dtype in ("float32", "float64"):
        yield init_case("ones", [3, 4], dtype=dtype)
        yield init_case("zeros", [3, 4], dtype=dtype)
        yield init_case("constant", [3, 4], dtype=dtype, value=0.1)
    yield init_case("constant", [5], value=math.pi)
    for dtype in ("float32", "float64", "float16", "bfloat16"):
        for shape in ([3, 5], [5, 3], [4, 4], [0, 3], [1, 1]):
            yield init_case("eye", shape, dtype=dtype)
        for shape in ([3, 5, 3], [6, 2, 4], [4, 4, 3, 5], [4, 2, 2, 3, 4]):
            yield init_case("dirac", shape, dtype=dtype)
            yield init_case("dirac", [2 * shape[0], *shape[1:]], dtype=dtype, groups=2)
    for dtype in ("float32", "float16", "bfloat16"):
        for shape in ([1, 1], [3, 5], [10, 4], [33, 17], [128, 64], [5, 0]):
            for sparsity in (0.0, 0.1, 0.5, 1.0):
                yield init_case("sparse", shape, 4, dtype, 2, sparsity=sparsity)
    yield init_case("sparse", [30, 20], 4, sparsity=0.3, std=2.5)
    yield init_case("sparse", [30, 20], 4, "float64", sparsity=0.3)


def layer_case(layer, args, seed, layers=1, dtype="float32", **options):
    """`layers` layers, one after the other, from the default generator."""
    torch.manual_seed(seed)
    keywords = {LAYER_OPTIONS[name]: value for name, value in options.items()}
    made = [
        getattr(nn, layer)(*args, **keywords, dtype=getattr(torch, dtype))
        for _ in range(layers)
    ]
    weight = made[0].weight.detach()
    return {
        "layer": layer,
        "args": args,
        "seed": str(seed),
        "dtype": dtype,
        "options": options,
        "repr": repr(made[0]),
        "first": str(weight[0]) if weight.numel() else None,
        "parameters": [
            [
                {"name": name, "shape": list(p.shape), **digest(p)}
                for name, p in module.named_parameters()
            ]
            for module in made
        ],
        "state": state_of(torch.get_rng_state()),
    }


def layer_cases():
    for seed in (0, 1, 2026):
        yield layer_case("Linear", [1, 10], seed, layers=2)
        yield layer_case("Linear", [784, 256], seed)
        yield layer_case("Linear", [5, 3], seed, layers=2, bias=False)
        yield layer_case("Conv2d", [16, 33, 3], seed, layers=2, stride=2)
        yield layer_case("Conv2d", [3, 8, [3, 5]], seed, layers=2)
    yield layer_case("Linear", [7, 4], 5, dtype="float64")
    for dtype in ("float16", "bfloat16"):
        yield layer_case("Linear", [784, 100], 5, layers=2, dtype=dtype)
        yield layer_case("Conv2d", [16, 33, 3], 5, layers=2, dtype=dtype)
    yield layer_case("Linear", [0, 3], 5, layers=2)
    yield layer_case("Linear", [3, 0], 5, layers=2)
    yield layer_case("Conv2d", [0, 3, 2], 5, layers=2)
    wide = {"stride": [2, 1], "padding": [4, 2]}
    yield layer_case("Conv2d", [16, 33, [3, 5]], 5, **wide)
    yield layer_case("Conv2d", [16, 33, [3, 5]], 5, **wide, dilation=[3, 1])
    yield layer_case("Conv2d", [8, 12, 3], 5, groups=4)
    yield layer_case("Conv2d", [8, 8, 3], 5, groups=8, bias=False, padding=1)
    yield layer_case("Conv2d", [4, 6, 3], 5, padding="same", paddingMode="circular")
    yield layer_case("Conv2d", [4, 6, 3], 5, padding="valid", paddingMode="reflect")
    yield layer_case("Conv2d", [4, 6, 1], 5, dtype="float64", bias=False)
    yield layer_case("Conv2d", [3, 64, 7, 2, 3, 1, 1, False], 5)


def fan_cases():
    shapes = [[10, 1], [33, 16, 3, 3], [3, 8, 5], [12, 2, 3, 3], [8, 4, 3, 5]]
    for shape in shapes + [[2, 3, 4, 5, 6], [0, 3], [5, 0, 2]]:
        fan_in, fan_out = nn.init._calculate_fan_in_and_fan_out(torch.empty(shape))
        yield {"shape": shape, "fanIn": fan_in, "fanOut": fan_out}


def gain_cases():
    names = [f"conv{t}{n}d" for t in ("", "_transpose") for n in (1, 2, 3)]
    for name in ["linear", "sigmoid", "tanh", "relu", "selu", *names]:
        gain = float(nn.init.calculate_gain(name))
        yield {"nonlinearity": name, "slope": None, "gain": gain.hex()}
    for slope in (None, 0, 0.01, 0.2, 1, -0.5, math.sqrt(5)):
        gain = nn.init.calculate_gain("leaky_relu", slope)
        row = {"nonlinearity": "leaky_relu", "slope": slope}
        yield {**row, "gain": gain.hex()}


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


def main():
    write("init.json", list(init_cases()))
    write("layers.json", list(layer_cases()))
    write("fan.json", list(fan_cases()))
    write("gain.json", list(gain_cases()))
    write("generator.json", list(generator_cases()))
    write("print.json", list(print_cases()))
    write("half.json", list(half_cases()))
    write("conversions.json", list(conversion_cases()))


if __name__ == "__main__":
    main()
