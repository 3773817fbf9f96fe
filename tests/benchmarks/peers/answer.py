"""Times PyTorch and NumPy: a line of JSON in, a line of JSON out.

One thread. Memory to be filled is there and touched before the clock starts, and
garbage is collected after it stopped.
"""

import gc
import hashlib
import json
import sys
import time

import numpy
import torch
from torch import nn

torch.set_num_threads(1)
gc.disable()


class Torch:
    """PyTorch at a task: `call` is timed."""

    def __init__(self, task):
        self.task = task
        self.generator = torch.Generator().manual_seed(0)
        kind = task["kind"]
        if kind == "layers":
            self.call = self.build
            return
        shape = (task["rows"],) * 2 if kind == "orthogonal" else (task["elements"],)
        self.tensor = torch.ones(shape)
        self.call = {
            "uniform": lambda: self.tensor.uniform_(generator=self.generator),
            "normal": lambda: self.tensor.normal_(generator=self.generator),
            "truncNormal": lambda: nn.init.trunc_normal_(
                self.tensor, generator=self.generator
            ),
            "orthogonal": lambda: nn.init.orthogonal_(
                self.tensor, generator=self.generator
            ),
        }[kind]

    def build(self):
        return nn.ModuleList([make(**layer) for layer in self.task["layers"]])

    def digest(self):
        """SHA-256 of what seed 0 gives: of layers, the last parameter."""
        if self.task["kind"] == "orthogonal":
            return None
        self.generator.manual_seed(0)
        torch.manual_seed(0)
        made = self.call()
        if self.task["kind"] == "layers":
            made = list(made.parameters())[-1].detach()
        return hashlib.sha256(made.numpy()).hexdigest()


def make(layer, args, bias=None):
    options = {} if bias is None else {"bias": bias}
    return getattr(nn, layer)(*args, **options)


class NumPy:
    """NumPy at a task: `call` is timed."""

    def __init__(self, task):
        self.generator = numpy.random.default_rng(0)
        memory = numpy.ones(task["elements"], numpy.float32)
        self.call = {
            "uniform": lambda: self.generator.random(dtype=memory.dtype, out=memory),
            "normal": lambda: self.generator.standard_normal(
                dtype=memory.dtype, out=memory
            ),
            "statistics": lambda: (
                numpy.histogram(memory, bins=100),
                memory.mean(),
                memory.std(ddof=1),
            ),
        }[task["kind"]]
        if task["kind"] == "statistics":
            self.generator.standard_normal(dtype=memory.dtype, out=memory)

    def digest(self):
        return None


SIDES = {"PyTorch": Torch, "NumPy": NumPy}
sides = {}


def about():
    return {
        "PyTorch": f"{torch.__version__}, "
        f"{torch.backends.cpu.get_cpu_capability()}, "
        f"threads: {torch.get_num_threads()}",
        "NumPy": numpy.__version__,
    }


def prepare(key, peer, task):
    sides[key] = SIDES[peer](task)


def digest(key):
    return sides[key].digest()


def sample(key, calls):
    call = sides[key].call
    start = time.perf_counter()
    for _ in range(calls):
        made = call()
    seconds = (time.perf_counter() - start) / calls
    del made
    gc.collect()
    return seconds


def release(key):
    del sides[key]
    gc.collect()


REQUESTS = {
    function.__name__: function
    for function in (about, prepare, digest, sample, release)
}

for line in sys.stdin:
    name, *args = json.loads(line)
    print(json.dumps(REQUESTS[name](*args)), flush=True)
