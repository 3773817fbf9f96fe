"""Cases of the initialisers, of fan and of gain.

Names of functions and options are fanin's; the tables below say what each is
in PyTorch.
"""

import math

import torch
from torch import nn

from oracle import data_bytes, digest, state_of

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
    "truncNormal": nn.init.trunc_normal_,
    "eye": nn.init.eye_,
    "dirac": nn.init.dirac_,
    "orthogonal": nn.init.orthogonal_,
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
    inexact = fn == "orthogonal" or dtype == "float64" and normal
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
    # The first three by normals, the others by accepted uniforms.
    cuts = [(0, 1, -2, 2), (0, 0.02, -0.04, 0.04), (0.5, 2, -1, 1.5)]
    cuts += [(0, 1, 1, 2), (0.3, 0.5, 1, 5), (0, 1, -0.2, 0.3), (0, 1, 2.5, 9)]
    cuts += [(-0.7, 0.3, 0.11, 2)]
    for dtype in ("float32", "float16", "bfloat16"):
        for mean, std, low, high in cuts:
            for n in (1, 15, 16, 17, 4099):
                keywords = {"mean": mean, "std": std, "low": low, "high": high}
                yield init_case("truncNormal", [n], 6, dtype, 2, **keywords)
    yield init_case("truncNormal", [35], 6, "float64", 2)
    yield init_case("truncNormal", [35], 6, "float64", 2, low=1, high=2)
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
    yield from orthogonal_cases()


def orthogonal_cases():
    """Tall, wide and square; fewer than 16 elements, 16 and more."""
    shapes = [[1, 1], [1, 7], [9, 1], [3, 5], [5, 3], [4, 4], [17, 17]]
    shapes += [[24, 16], [16, 24], [4, 3, 5], [12, 2, 2, 2], [2, 3, 1, 2, 2]]
    gains = (1, 0.5, -2, math.sqrt(2), 0)
    for i, shape in enumerate(shapes):
        for j, seed in enumerate((0, 1, 42)):
            for dtype in ("float32", "float64"):
                gain = gains[(i + j) % len(gains)]
                yield init_case("orthogonal", shape, seed, dtype, gain=gain)
    for dtype in ("float32", "float64"):
        yield init_case("orthogonal", [3, 5], 7, dtype, calls=2)
        yield init_case("orthogonal", [5, 7], 7, dtype, calls=2)
        for shape in ([0, 3], [3, 0], [2, 0, 3]):
            yield init_case("orthogonal", shape, 7, dtype)
    yield init_case("orthogonal", [64, 48], 2**64 - 1)
    yield init_case("orthogonal", [48, 64], 3, "float64")


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
