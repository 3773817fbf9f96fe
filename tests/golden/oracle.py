"""What the scripts that ask PyTorch share.

PyTorch 2.13.0, CPU build, AVX2 or AVX-512.
"""

import hashlib
import json
import pathlib
import struct

import torch

assert torch.__version__.split("+")[0] == "2.13.0", torch.__version__
assert torch.backends.cpu.get_cpu_capability() in ("AVX2", "AVX512")

SPARE_OFFSET = 24 + 8 * 624 + 8
HERE = pathlib.Path(__file__).parent


def write(name, rows):
    """Writes one row a line, so that differences stay readable."""
    text = ",\n".join(json.dumps(row) for row in rows)
    (HERE / name).write_text(f"[\n{text}\n]\n")
    print(f"{name}: {len(rows)}")


def data_bytes(tensor):
    return tensor.detach().reshape(-1).view(torch.uint8).numpy().tobytes()


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def digest(tensor):
    """SHA-256 of the bytes, and the first bytes to see where they part."""
    data = data_bytes(tensor)
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
