"""Whole models, of torch.nn alone, with the names that people know.

`models.ts` holds the same in fanin.
"""

import math

import torch
from torch import nn

from layers import entry
from oracle import state_of


def mlp():
    return nn.Sequential(nn.Linear(784, 256), nn.ReLU(), nn.Linear(256, 10))


class BasicBlock(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.relu = nn.ReLU()
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.downsample = None
        if stride != 1 or inputs != outputs:
            self.downsample = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride, bias=False),
                nn.BatchNorm2d(outputs),
            )


def stage(inputs, outputs, stride):
    return nn.Sequential(
        BasicBlock(inputs, outputs, stride), BasicBlock(outputs, outputs, 1)
    )


class ResNet18(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        self.relu = nn.ReLU()
        self.maxpool = nn.MaxPool2d(3, 2, 1)
        self.layer1 = stage(64, 64, 1)
        self.layer2 = stage(64, 128, 2)
        self.layer3 = stage(128, 256, 2)
        self.layer4 = stage(256, 512, 2)
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(512, 1000)
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(
                    module.weight, mode="fan_out", nonlinearity="relu"
                )


def transformer():
    return nn.Transformer(64, 4, 2, 2, 128)


class LanguageModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Embedding(1000, 64)
        self.rnn = nn.LSTM(64, 128, 2, dropout=0.5)
        self.decoder = nn.Linear(128, 1000)
        nn.init.uniform_(self.encoder.weight, -0.1, 0.1)
        nn.init.zeros_(self.decoder.bias)
        nn.init.uniform_(self.decoder.weight, -0.1, 0.1)


class Attention(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.c_attn = nn.Linear(width, 3 * width)
        self.c_proj = nn.Linear(width, width)


class Feedforward(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.c_fc = nn.Linear(width, 4 * width)
        self.c_proj = nn.Linear(4 * width, width)


class Block(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.ln_1 = nn.LayerNorm(width)
        self.attn = Attention(width)
        self.ln_2 = nn.LayerNorm(width)
        self.mlp = Feedforward(width)


class GPT2(nn.Module):
    def __init__(self, words=50257, places=1024, width=768, depth=12):
        super().__init__()
        self.transformer = nn.ModuleDict(
            {
                "wte": nn.Embedding(words, width),
                "wpe": nn.Embedding(places, width),
                "h": nn.ModuleList([Block(width) for _ in range(depth)]),
                "ln_f": nn.LayerNorm(width),
            }
        )
        self.lm_head = nn.Linear(width, words, bias=False)
        self.lm_head.weight = self.transformer["wte"].weight
        for name, parameter in self.named_parameters():
            if name.endswith("c_proj.weight"):
                nn.init.normal_(parameter, std=0.02 / math.sqrt(2 * depth))
            elif name.endswith("bias"):
                nn.init.zeros_(parameter)
            elif parameter.dim() > 1:
                nn.init.normal_(parameter, std=0.02)


MODELS = {
    "mlp": mlp,
    "resnet18": ResNet18,
    "transformer": transformer,
    "languageModel": LanguageModel,
    "gpt2": GPT2,
}


def model_cases():
    for name, make in MODELS.items():
        torch.manual_seed(0)
        model = make()
        yield {
            "model": name,
            "seed": "0",
            "elements": sum(p.numel() for p in model.parameters()),
            "repr": repr(model) if name in ("mlp", "resnet18") else None,
            "parameters": [name for name, _ in model.named_parameters()],
            "stateDict": [
                entry(model, *each) for each in model.state_dict().items()
            ],
            "state": state_of(torch.get_rng_state()),
        }
