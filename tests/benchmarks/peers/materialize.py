"""Makes a model from a spec with PyTorch, and saves it: what `materialize` does.

Arguments: the spec, the file, the seed, and whether to print the SHA-256 of each
tensor's bytes ("hash"). The file is forced to the disk, as fanin does it.
"""

import hashlib
import json
import os
import sys

import torch
from safetensors.torch import save_file


def main(spec, path, seed, *hash):
    torch.manual_seed(int(seed))
    tensors = {}
    with open(spec) as file:
        for entry in json.load(file):
            tensor = torch.empty(entry["shape"])
            fill = getattr(torch.nn.init, entry["init"] + "_")
            fill(tensor, **entry.get("options", {}))
            tensors[entry["name"]] = tensor
    save_file(tensors, path)
    with open(path, "rb") as file:
        os.fsync(file.fileno())
    for name in tensors if hash else ():
        data = tensors[name].numpy().data
        print(f"{hashlib.sha256(data).hexdigest()}  {name}")


if __name__ == "__main__":
    main(*sys.argv[1:])
