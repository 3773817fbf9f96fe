"""Writes jump.json: generators far ahead in their sequence.

Up to 2^31 words PyTorch draws them all; NumPy's MT19937 jumps by 2^128, which
no one draws. It leaves its words rotated, though: the place is 589 = 2^128 mod
624, and what it takes for the rest of a block is the start of the window. So of
its words only those are in the sequence that are made of words in order, from
the 35th on to the 226th.

Run by `deno task golden`.
"""

import numpy as np
import torch
from oracle import state_of, write

DRAWN = [
    (0, 0, 1),
    (0, 1, 623),
    (1, 0, 624),
    (1, 5, 10**6),
    (2**32 - 1, 0, 10**7),
    (7, 623, 624 * 10**5),
    (8, 625, 2**31),
]
JUMPED = [(0, 0), (1, 0), (2, 624), (2**32 - 1, 62400)]
RIGHT = slice(35, 227)
CHUNK = 2**24


def draw(generator, words):
    """A float32 uniform takes one word."""
    for start in range(0, words, CHUNK):
        torch.empty(min(CHUNK, words - start)).uniform_(generator=generator)


def drawn_cases():
    for seed, before, words in DRAWN:
        generator = torch.Generator().manual_seed(seed)
        draw(generator, before)
        draw(generator, words)
        yield {
            "seed": seed,
            "before": before,
            "words": str(words),
            "state": state_of(generator.get_state()),
        }


def jumped_cases():
    for seed, before in JUMPED:
        source = np.random.MT19937()
        source._legacy_seeding(seed)
        source.random_raw(before)
        words = source.jumped().random_raw(RIGHT.stop)[RIGHT]
        yield {
            "seed": seed,
            "before": before,
            "words": str(2**128 + RIGHT.start),
            "next": words.astype("<u4").tobytes().hex(),
        }


def main():
    write("jump.json", [*drawn_cases(), *jumped_cases()])


if __name__ == "__main__":
    main()
