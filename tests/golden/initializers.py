"""Cases of the initializers, of fan and of gain.

Names of functions and options are fanin's; the tables below say what each is
in PyTorch.
"""

import itertools
import math

import torch
from torch import nn

from oracle import data_bytes, digest, state_of

SCALED = ("xavierUniform", "xavierNormal", "kaimingUniform", "kaimingNormal")
# Without random numbers.
FIXED = ("constant", "ones", "zeros", "eye", "dirac")
# With normals, which in float64 are not exact.
NORMAL = ("normal", "truncNormal", "xavierNormal", "kaimingNormal", "sparse")
DTYPES = ("float32", "float64", "float16", "bfloat16")
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


def fill(fn, shape, seed=0, dtype="float32", calls=1, **options):
    """`calls` fills, one after the other, and the generator they came from."""
    generator = torch.Generator().manual_seed(seed)
    keywords = {OPTIONS[name]: value for name, value in options.items()}
    if fn == "sparse":
        # Its permutations come from the default generator, whatever is passed.
        generator = torch.default_generator.manual_seed(seed)
    elif fn not in FIXED:
        keywords["generator"] = generator
    fills = []
    for _ in range(calls):
        tensor = torch.empty(shape, dtype=getattr(torch, dtype))
        FUNCTIONS[fn](tensor, **keywords)
        fills.append(tensor)
    return fills, generator


def is_exact(fn, dtype):
    return fn != "orthogonal" and not (dtype == "float64" and fn in NORMAL)


def init_case(fn, shape, seed=0, dtype="float32", calls=1, **options):
    fills, generator = fill(fn, shape, seed, dtype, calls, **options)
    # What is not exact is stored whole and compared within a bound.
    results = [
        digest(fill) if is_exact(fn, dtype) else {"bytes": data_bytes(fill).hex()}
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


# Around 16 elements normals change. All are small, as float64 normals are
# stored whole.
ANY = [[], [15], [4, 4], [17], [5, 7], [2, 3, 2, 4, 3]]
WEIGHTS = [[3, 5], [16, 1], [1, 17], [7, 4, 3], [6, 2, 3, 3], [3, 3, 2, 2, 2]]
MATRICES = [[1, 1], [5, 3], [4, 4], [17, 1], [1, 33], [19, 7]]
KERNELS = [[3, 5, 3], [6, 2, 4], [8, 2, 1], [4, 4, 3, 5], [10, 1, 2, 2]]
KERNELS += [[4, 2, 2, 3, 4]]
# The first four of these cut normals, the others accept uniforms: up to a share
# of 0.3 inside. It is 0.3035 in the fourth, 0.2961 in the fifth.
CUTS = [(0, 1, -2, 2), (0, 0.02, -0.04, 0.04), (0.5, 2, -1, 1.5)]
CUTS += [(0, 1, -0.39, 0.39), (0, 1, -0.38, 0.38)]
CUTS += [(0, 1, 1, 2), (0.3, 0.5, 1, 5), (0, 1, -0.2, 0.3), (0, 1, 2.5, 9)]
CUTS += [(-0.7, 0.3, 0.11, 2)]


def options_of(names, *rows):
    return [dict(zip(names, row)) for row in rows]


LAWS = options_of(("mean", "std"), (), (1.5, 0.02), (-100, 3), (0.1, 1e-6))
GAINS = options_of(["gain"], (), [0.5], [math.sqrt(2)], [5 / 3], [0.0])
SLOPES = options_of(
    ("mode", "negativeSlope"),
    *[(), ("fan_out",), ("fan_in", math.sqrt(5)), ("fan_out", 0.2), ("fan_in", -1.0)],
)
# Of each function: its shapes, and the options that go round in them.
GRID = {
    "uniform": (ANY, options_of(("low", "high"), (), (-3, 5), (0.1, 0.7), (-1e-3, 1e-3))),
    "normal": (ANY, LAWS),
    "truncNormal": (ANY, options_of(("mean", "std", "low", "high"), *CUTS)),
    "xavierUniform": (WEIGHTS, GAINS),
    "xavierNormal": (WEIGHTS, GAINS),
    "kaimingUniform": (WEIGHTS, SLOPES),
    "kaimingNormal": (WEIGHTS, SLOPES),
    "sparse": (
        MATRICES,
        options_of(("sparsity", "std"), [0.1], [0.0], (0.3, 2.5), [0.5], [1.0]),
    ),
    "constant": (ANY, options_of(["value"], [0.1], [math.pi], [-1e-7], [65504])),
    "ones": (ANY, [{}]),
    "zeros": (ANY, [{}]),
    "eye": (MATRICES, [{}]),
    "dirac": (KERNELS, options_of(["groups"], (), [1], [2])),
}


def grid_cases():
    """Every function by shapes, seeds and dtypes, two fills in a row each."""
    for fn, (shapes, options) in GRID.items():
        seeds = (0,) if fn in FIXED else (0, 123, 2**64 - 1)
        for i, (shape, seed) in enumerate(itertools.product(shapes, seeds)):
            for dtype in DTYPES:
                yield init_case(fn, shape, seed, dtype, 2, **options[i % len(options)])


def init_cases():
    yield from grid_cases()
    yield from range_cases()
    yield from large_cases()
    yield from scaled_cases()
    yield from orthogonal_cases()
    for dtype in DTYPES:
        yield init_case("dirac", [8, 2, 4, 3], dtype=dtype, groups=4)


def range_cases():
    """Ranges in which many values reach the upper end, and degenerate ones."""
    ranges = [(0.1, 0.7), (1, 1.0001), (100, 100.1), (-3, 5), (-1e-3, 1e-3)]
    for low, high in ranges + [(0, 0), (2, 2), (-1e30, 1e30)]:
        for dtype in ("float32", "float64"):
            yield init_case("uniform", [20011], 7, dtype, 2, low=low, high=high)
    for low, high in ranges + [(0, 0), (-1e-5, 0), (-30000, 30000)]:
        for dtype in ("float16", "bfloat16"):
            yield init_case("uniform", [70001], 7, dtype, low=low, high=high)
    # Two doubles apart: half of the results equal the upper end.
    yield init_case("uniform", [101], 7, "float64", low=1, high=1 + 2**-51)


def large_cases():
    """More elements than words are drawn at once, in whole blocks and not."""
    for dtype in ("float32", "float16", "bfloat16"):
        for n in (4096, 4099):
            yield init_case("uniform", [n], 3, dtype, 2)
            yield init_case("normal", [n], 3, dtype, 2)
        for mean, std in [(1.5, 0.02), (-100, 3), (0, 0), (0.1, 1e-6), (3, 0)]:
            for n in (7, 4099, 65536):
                yield init_case("normal", [n], 11, dtype, mean=mean, std=std)
        for cut in options_of(("mean", "std", "low", "high"), *CUTS):
            yield init_case("truncNormal", [4099], 6, dtype, 2, **cut)
        for sparsity in (0.1, 0.5):
            yield init_case("sparse", [128, 64], 4, dtype, 2, sparsity=sparsity)
        yield init_case("sparse", [5, 0], 4, dtype, 2, sparsity=0.5)
        for fn in SCALED:
            yield init_case(fn, [33, 16, 3, 3], 123, dtype, 2)
            yield init_case(fn, [4099, 1], 123, dtype, 2)
            # Symmetric bounds, whose upper end half precision often hits.
            yield init_case(fn, [300, 300], 5, dtype)


def scaled_cases():
    for fn in SCALED:
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
    yield init_case("orthogonal", [40, 27], 2**64 - 1)
    yield init_case("orthogonal", [27, 40], 3, "float64")


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
