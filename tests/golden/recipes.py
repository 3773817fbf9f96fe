"""Writes recipes.json: small models of torch.nn, started by the recipes that
SCIENCE's table lists, each parameter once and in order, by PyTorch 2.13.0.

The rules here are written by name and class for these models alone; those of
fanin must find the same parameters by themselves.
"""

import math
import re

import torch
from torch import nn
from torch.nn import init

from oracle import data_bytes, digest, state_of, write

CUT_STD = 0.87962566103423978


def layer(kind, *args, **options):
    return {"layer": kind, "args": args, "options": options}


def repeat(count, node):
    return {str(i): node for i in range(count)}


def linear(inputs, outputs, **options):
    return layer("Linear", inputs, outputs, **options)


def free(inputs, outputs):
    return linear(inputs, outputs, bias=False)


def conv(inputs, outputs, size, **options):
    return layer("Conv2d", inputs, outputs, size, **options)


def tensor(*shape):
    return {"tensor": shape}


D = 12
LN = layer("LayerNorm", D)
RMS = layer("RMSNorm", D)

GPT = {
    "wte": layer("Embedding", 40, D),
    "wpe": layer("Embedding", 17, D),
    "h": repeat(
        3,
        {
            "ln_1": LN,
            "attn": {"c_attn": linear(D, 3 * D), "c_proj": linear(D, D)},
            "ln_2": LN,
            "mlp": {"c_fc": linear(D, 4 * D), "c_proj": linear(4 * D, D)},
        },
    ),
    "ln_f": LN,
}

BERT = {
    "embeddings": {
        "word_embeddings": layer("Embedding", 40, D, padding_idx=0),
        "position_embeddings": layer("Embedding", 17, D),
        "LayerNorm": LN,
    },
    "layer": repeat(
        2,
        {
            "attention": {"query": linear(D, D), "output": linear(D, D), "LayerNorm": LN},
            "intermediate": linear(D, 4 * D),
            "output": linear(4 * D, D),
        },
    ),
    "cls": {"bias": tensor(40), "decoder": linear(D, 40)},
}

T5_ATTENTION = {
    "q": free(D, 8),
    "k": free(D, 8),
    "v": free(D, 8),
    "o": free(8, D),
}

T5 = {
    "shared": layer("Embedding", 40, D),
    "block": repeat(
        1,
        {
            "SelfAttention": {
                **T5_ATTENTION,
                "relative_attention_bias": layer("Embedding", 32, 2),
            },
            "DenseReluDense": {"wi_0": free(D, 20), "wi_1": free(D, 20), "wo": free(20, D)},
            "layer_norm": RMS,
        },
    ),
    "lm_head": free(D, 40),
}

LLAMA = {
    "tok_embeddings": layer("Embedding", 40, D),
    "layers": repeat(
        3,
        {
            "attention": {
                "wq": free(D, D),
                "wk": free(D, 4),
                "wv": free(D, 4),
                "wo": free(D, D),
            },
            "feed_forward": {"w1": free(D, 20), "w2": free(20, D), "w3": free(D, 20)},
            "attention_norm": RMS,
        },
    ),
    "norm": RMS,
    "output": free(D, 40),
}

VIT = {
    "cls_token": tensor(1, 1, D),
    "pos_embed": tensor(1, 5, D),
    "patch_embed": {"proj": conv(3, D, 4)},
    "blocks": repeat(
        2,
        {
            "norm1": LN,
            "attn": {"qkv": linear(D, 3 * D), "proj": linear(D, D)},
            "norm2": LN,
            "mlp": {"fc1": linear(D, 4 * D), "fc2": linear(4 * D, D)},
        },
    ),
    "norm": LN,
    "head": linear(D, 10),
}

CONVNEXT = {
    "stem": {"0": conv(3, D, 4), "1": LN},
    "stages": repeat(
        2,
        {
            "blocks": repeat(
                1,
                {
                    "gamma": tensor(D),
                    "conv_dw": conv(D, D, 7, groups=D),
                    "norm": LN,
                    "mlp": {"fc1": linear(D, 4 * D), "fc2": linear(4 * D, D)},
                },
            )
        },
    ),
    "head": {"norm": LN, "fc": linear(D, 10)},
}

BN = layer("BatchNorm2d", 6)
BASIC = {
    "conv1": conv(6, 6, 3, bias=False),
    "bn1": BN,
    "conv2": conv(6, 6, 3, bias=False),
    "bn2": BN,
}
BOTTLENECK = {
    **BASIC,
    "conv3": conv(6, 6, 1, bias=False),
    "bn3": BN,
    "downsample": {"0": conv(6, 6, 1, bias=False), "1": BN},
}
RESNET = {
    "conv1": conv(3, 6, 7, bias=False),
    "bn1": BN,
    "layer1": repeat(2, BASIC),
    "layer2": repeat(2, BOTTLENECK),
    "fc": linear(6, 10),
}

EFFICIENTNET = {
    "conv_stem": conv(3, 6, 3, bias=False),
    "bn1": BN,
    "conv_dw": conv(6, 6, 3, groups=6, bias=False),
    "conv_pw": conv(6, 12, 1),
    "classifier": linear(12, 10),
}

LSTM = {
    "encoder": layer("Embedding", 20, 6),
    "rnn": layer("LSTM", 6, 10, num_layers=2, bidirectional=True),
    "cell": layer("LSTMCell", 5, 7),
    "decoder": linear(10, 20),
}

IRNN = {
    "rnn": layer("RNN", 6, 10, nonlinearity="relu"),
    "decoder": linear(10, 3),
}

PPO = {
    "network": {"0": conv(4, 8, 3), "2": linear(30, 16)},
    "actor": {"0": linear(16, 20), "2": linear(20, 6)},
    "critic": {"0": linear(16, 20), "2": linear(20, 1)},
    "actor_logstd": tensor(1, 6),
}

SIREN = {"net": repeat(1, {"linear": linear(2, 24)}), "mid": linear(24, 24), "last": linear(24, 3)}

ENCODER = {
    "self_attn": layer("MultiheadAttention", D, 2),
    "linear1": linear(D, 20),
    "linear2": linear(20, D),
    "norm1": LN,
}
SPLIT = {
    "self_attn": {
        "q_proj": linear(D, D),
        "k_proj": linear(D, D),
        "v_proj": linear(D, D),
        "out_proj": linear(D, D),
    },
    "fc1": linear(D, 20),
    "fc2": linear(20, D),
    "norm": LN,
}
DECODER = {**SPLIT, "encoder_attn": SPLIT["self_attn"]}
STACK = {"layers": {"0": ENCODER, "1": SPLIT}, "head": linear(D, 5)}
BOTH = {
    "encoder": {"layers": repeat(2, SPLIT)},
    "decoder": {"layers": repeat(3, DECODER)},
}
NORMLESS = {
    "encoder": {
        "embed": layer("Embedding", 30, D),
        "layers": repeat(2, {k: v for k, v in ENCODER.items() if k != "norm1"}),
    }
}

SCALED = {
    "gamma": tensor(D),
    "ls1": {"gamma": tensor(D)},
    "fc": linear(D, D),
}

ZERO = {
    "adaLN_modulation": {"1": linear(D, 6 * D)},
    "proj_in": conv(4, 4, 1),
    "proj_out": conv(4, 4, 1),
    "final_layer": {"linear": linear(D, 4)},
}

LORA = {
    "lora_A": {"default": free(D, 4)},
    "lora_B": {"default": free(4, D)},
    "lora_embedding_A": tensor(4, 20),
    "lora_embedding_B": tensor(D, 4),
    "base_layer": linear(D, D),
}

DCGAN = {
    "0": layer("ConvTranspose2d", 10, 6, 4, bias=False),
    "1": BN,
    "2": conv(6, 3, 4, bias=False),
    "3": linear(3, 3),
}

FIXUP_BASIC = {
    "bias1a": tensor(1),
    "conv1": BASIC["conv1"],
    "bias1b": tensor(1),
    "bias2a": tensor(1),
    "conv2": BASIC["conv2"],
    "scale": tensor(1),
    "bias2b": tensor(1),
}
FIXUP_BOTTLENECK = {
    **FIXUP_BASIC,
    "bias3a": tensor(1),
    "conv3": BOTTLENECK["conv3"],
    "bias3b": tensor(1),
    "downsample": conv(6, 6, 1, bias=False),
}


def fixup_net(block):
    return {
        "conv1": conv(3, 6, 7, bias=False),
        "bias1": tensor(1),
        "layer1": repeat(2, block),
        "layer2": repeat(3, block),
        "bias2": tensor(1),
        "fc": linear(6, 10),
    }


def build(node):
    """The module or the parameter that a node describes."""
    if "tensor" in node:
        return nn.Parameter(torch.zeros(node["tensor"]))
    if "layer" in node and not isinstance(node["layer"], dict):
        return getattr(nn, node["layer"])(*node["args"], **node["options"])
    module = nn.Module()
    for name, child in node.items():
        setattr(module, name, build(child))
    return module


class Place:
    """A parameter, its name and the module that holds it."""

    def __init__(self, model, name, generator):
        path, _, self.field = name.rpartition(".")
        self.name = name
        self.module = model.get_submodule(path)
        self.parent = model.get_submodule(path.rpartition(".")[0])
        self.weight = dict(model.named_parameters())[name]
        self.generator = generator

    def has(self, pattern):
        return re.search(pattern, self.name) is not None

    def of(self, *kinds):
        return isinstance(self.module, kinds)

    def normal(self, std, mean=0.0):
        init.normal_(self.weight, mean, std, generator=self.generator)

    def cut(self, std=0.02, a=-2.0, b=2.0):
        init.trunc_normal_(self.weight, 0.0, std, a, b, generator=self.generator)

    def uniform(self, bound):
        init.uniform_(self.weight, -bound, bound, generator=self.generator)

    def constant(self, value):
        init.constant_(self.weight, value)

    def orthogonal(self, gain=1.0):
        init.orthogonal_(self.weight, gain, generator=self.generator)

    def xavier_uniform(self, gain=1.0):
        init.xavier_uniform_(self.weight, gain, generator=self.generator)

    def xavier_normal(self, gain=1.0, rows=slice(None)):
        init.xavier_normal_(self.weight[rows], gain, generator=self.generator)


NORMS = (nn.LayerNorm, nn.RMSNorm, nn.BatchNorm2d)


def norm_or_bias(at):
    """Whether it was a norm's tensor, 1 or 0, or another bias, 0."""
    if at.of(*NORMS):
        at.constant(1 if at.field == "weight" else 0)
    elif at.field == "bias":
        at.constant(0)
    else:
        return False
    return True


def gpt2(at):
    if not norm_or_bias(at):
        at.normal(0.02 / math.sqrt(2 * 3) if at.has("c_proj") else 0.02)


def bert_google(at):
    if not norm_or_bias(at):
        at.cut(0.02, -0.04, 0.04)


def bert_hugging_face(at):
    if not norm_or_bias(at):
        at.normal(0.02)
        if at.has("word_embeddings"):
            init.zeros_(at.weight[0])


def t5(at):
    if norm_or_bias(at):
        return
    if at.has(r"shared|lm_head"):
        at.normal(1.0)
    elif at.has("relative"):
        at.normal(D**-0.5)
    elif at.has(r"\.q\."):
        at.normal((D * 4) ** -0.5)
    else:
        at.normal(at.weight.shape[1] ** -0.5)


def llama_hugging_face(at):
    if not norm_or_bias(at):
        at.normal(0.02)


def llama_torchtitan(at):
    if norm_or_bias(at):
        return
    if at.has("tok_embeddings"):
        at.normal(1.0)
    elif at.has("^output"):
        std = D**-0.5
        at.cut(std, -3 * std, 3 * std)
    elif at.has(r"\.(wo|w2|w3)\."):
        depth = int(re.search(r"layers\.(\d+)", at.name)[1])
        at.cut(0.02 / math.sqrt(2 * (depth + 1)))
    else:
        at.cut(0.02)


def vit_timm(at):
    if at.has("cls_token"):
        at.normal(1e-6)
    elif at.has("pos_embed") or at.of(nn.Linear) and at.field == "weight":
        at.cut()
    elif not at.of(nn.Conv2d):
        norm_or_bias(at)


def vit_jax(at):
    if at.has("cls_token"):
        at.normal(1e-6)
    elif at.has("pos_embed"):
        at.cut()
    elif at.has("^head"):
        at.constant(0 if at.field == "weight" else -math.log(10))
    elif at.has(r"mlp\.fc\d\.bias"):
        at.normal(1e-6)
    elif not norm_or_bias(at):
        if at.of(nn.Linear):
            at.xavier_uniform()
        else:
            std = math.sqrt(1 / (3 * 4 * 4)) / CUT_STD
            at.cut(std, -2 * std, 2 * std)


def beit(at):
    if at.has("cls_token|pos_embed") or at.of(nn.Linear) and at.field == "weight":
        at.cut()
        if at.has(r"attn\.proj|fc2"):
            depth = int(re.search(r"blocks\.(\d+)", at.name)[1])
            with torch.no_grad():
                at.weight.mul_(1 / math.sqrt(2 * (depth + 1)))
    elif not at.of(nn.Conv2d):
        norm_or_bias(at)


def convnext(at):
    if at.has("gamma"):
        at.constant(1e-6)
    elif not norm_or_bias(at):
        at.cut()
        if at.has(r"head\.fc"):
            with torch.no_grad():
                at.weight.mul_(0.3)


def resnet(at, zero=True):
    if at.of(nn.Conv2d):
        init.kaiming_normal_(
            at.weight, mode="fan_out", nonlinearity="relu", generator=at.generator
        )
    elif not at.of(nn.Linear):
        last = "bn3" if hasattr(at.parent, "bn3") else "bn2"
        if zero and at.has(rf"{last}\.weight"):
            at.constant(0)
        else:
            norm_or_bias(at)


def resnet_torchvision(at):
    resnet(at, False)


def efficientnet(at, divides=True):
    if norm_or_bias(at):
        return
    if at.of(nn.Linear):
        at.uniform(1 / math.sqrt(at.weight.shape[0]))
    else:
        outputs, _, *kernel = at.weight.shape
        groups = at.module.groups if divides else 1
        at.normal(math.sqrt(2 / (outputs * math.prod(kernel) // groups)))


def efficientnet_torchvision(at):
    efficientnet(at, False)


def lstm_bias(at):
    with torch.no_grad():
        at.weight.zero_()
        if "_ih" in at.field:
            size = at.weight.shape[0] // 4
            at.weight[size : 2 * size] = 1


def lstm(at):
    if at.of(nn.LSTM, nn.LSTMCell):
        if at.field.startswith("weight_ih"):
            at.xavier_uniform()
        elif at.field.startswith("weight_hh"):
            at.orthogonal()
        else:
            lstm_bias(at)


def lstm_per_gate(at):
    if at.of(nn.LSTM, nn.LSTMCell) and at.field.startswith("weight_hh"):
        for gate in at.weight.chunk(4):
            init.orthogonal_(gate, generator=at.generator)
    else:
        lstm(at)


def chrono(at):
    if at.of(nn.LSTM, nn.LSTMCell) and at.field.startswith("bias"):
        with torch.no_grad():
            at.weight.zero_()
            if "_ih" in at.field:
                size = at.weight.shape[0] // 4
                times = torch.empty(size).uniform_(1, 99, generator=at.generator)
                at.weight[:size] = -times.log()
                at.weight[size : 2 * size] = times.log()


def irnn(at):
    if at.of(nn.RNN):
        if at.field.startswith("weight_hh"):
            init.eye_(at.weight)
        elif at.field.startswith("weight_ih"):
            at.normal(0.001)
        else:
            at.constant(0)


def ppo(at):
    if at.field in ("bias", "actor_logstd"):
        at.constant(0)
    else:
        heads = {"actor.2.weight": 0.01, "critic.2.weight": 1.0}
        at.orthogonal(heads.get(at.name, math.sqrt(2)))


def siren(at, biases=False):
    if at.field == "weight" or biases:
        first = at.has(r"^net\.0")
        at.uniform(1 / 2 if first else math.sqrt(6 / 24) / 30)


def siren_pytorch(at):
    siren(at, True)


SCALED_LAYERS = r"(fc1|fc2|linear1|linear2|out_proj|v_proj)\.weight"


def branches(at, gain):
    """DeepNorm's and Magneto's tensors by Xavier's normal."""
    if norm_or_bias(at):
        return
    if at.field == "in_proj_bias":
        at.constant(0)
    elif at.field == "in_proj_weight":
        at.xavier_normal(1, slice(0, D))
        at.xavier_normal(1, slice(D, 2 * D))
        at.xavier_normal(gain, slice(2 * D, 3 * D))
    else:
        at.xavier_normal(gain if at.has(SCALED_LAYERS) else 1)


def deep_norm(at):
    branches(at, (8 * 2) ** -0.25)


def deep_norm_both(at):
    encoder = 0.87 * (2**4 * 3) ** (-1 / 16)
    branches(at, (12 * 3) ** -0.25 if at.has("^decoder") else encoder)


def magneto(at):
    branches(at, math.sqrt(math.log(2 * 2)))


def magneto_both(at):
    if at.has("encoder_attn"):
        branches(at, 1)
    elif at.has("^decoder"):
        branches(at, math.sqrt(math.log(3 * 3)))
    else:
        branches(at, math.sqrt(math.log(3 * 3) * math.log(2 * 2) / 3))


def t_fixup(at):
    if norm_or_bias(at):
        return
    if at.field == "in_proj_bias":
        at.constant(0)
        return
    factor = 0.67 * 2**-0.25
    with torch.no_grad():
        if at.has("embed"):
            at.normal(D**-0.5)
            at.weight.mul_((9 * 2) ** -0.25)
        elif at.field == "in_proj_weight":
            for i, third in enumerate(at.weight.chunk(3)):
                init.xavier_uniform_(third, generator=at.generator)
                if i == 2:
                    third.mul_(factor)
        else:
            at.xavier_uniform()
            at.weight.mul_(factor)


def layer_scale(at):
    if at.has("gamma"):
        at.constant(1e-5)


def zero_output(at):
    if at.has("adaLN|proj_out|final_layer"):
        at.constant(0)


def lora(at, gaussian=False):
    if at.has("embedding_A|lora_B"):
        at.constant(0)
    elif at.has("embedding_B"):
        at.normal(1.0)
    elif at.has("lora_A"):
        if gaussian:
            at.normal(1 / 4)
        else:
            init.kaiming_uniform_(at.weight, a=math.sqrt(5), generator=at.generator)


def lora_gaussian(at):
    lora(at, True)


def dcgan(at):
    if at.of(nn.Conv2d, nn.ConvTranspose2d):
        at.normal(0.02)
    elif at.of(nn.BatchNorm2d):
        if at.field == "weight":
            at.normal(0.02, 1.0)
        else:
            at.constant(0)


def fixup(at):
    if at.of(nn.Linear):
        at.constant(0)
    elif at.field == "scale":
        at.constant(1)
    elif at.field.startswith("bias"):
        at.constant(0)
    else:
        outputs, _, *kernel = at.weight.shape
        std = math.sqrt(2 / (outputs * math.prod(kernel)))
        last = "conv3" if hasattr(at.parent, "conv3") else "conv2"
        exponent = -1 / 4 if last == "conv3" else -1 / 2
        if at.has("downsample"):
            at.normal(std)
        elif at.has(rf"layer.*{last}"):
            at.constant(0)
        elif at.has("layer"):
            at.normal(std * 5**exponent)


# Recipe, its options in fanin, the model, and what starts it here.
CASES = [
    ("gpt2", {}, GPT, gpt2),
    ("gpt2", {"layers": 3}, GPT, gpt2),
    ("bert", {}, BERT, bert_google),
    ("bert", {"variant": "huggingFace"}, BERT, bert_hugging_face),
    ("t5", {"headSize": 4}, T5, t5),
    ("llama", {}, LLAMA, llama_hugging_face),
    ("llama", {"variant": "torchtitan"}, LLAMA, llama_torchtitan),
    ("vitTimm", {}, VIT, vit_timm),
    ("vitJax", {"headBias": -math.log(10)}, VIT, vit_jax),
    ("beit", {}, VIT, beit),
    ("convnext", {"headScale": 0.3}, CONVNEXT, convnext),
    ("resnet", {}, RESNET, resnet),
    ("resnet", {"zeroGamma": False}, RESNET, resnet_torchvision),
    ("efficientnet", {}, EFFICIENTNET, efficientnet),
    ("efficientnet", {"variant": "torchvision"}, EFFICIENTNET, efficientnet_torchvision),
    ("lstm", {}, LSTM, lstm),
    ("lstm", {"perGate": True}, LSTM, lstm_per_gate),
    ("chrono", {"longest": 100}, LSTM, chrono),
    ("irnn", {}, IRNN, irnn),
    ("ppo", {}, PPO, ppo),
    ("siren", {}, SIREN, siren),
    ("siren", {"biases": "asWeights"}, SIREN, siren_pytorch),
    ("deepNorm", {}, STACK, deep_norm),
    ("deepNorm", {"layers": 2, "decoderLayers": 3}, BOTH, deep_norm_both),
    ("magneto", {}, STACK, magneto),
    ("magneto", {"layers": 2, "decoderLayers": 3}, BOTH, magneto_both),
    ("tFixup", {}, NORMLESS, t_fixup),
    ("layerScale", {}, SCALED, layer_scale),
    ("zeroOutput", {}, ZERO, zero_output),
    ("lora", {}, LORA, lora),
    ("lora", {"variant": "gaussian"}, LORA, lora_gaussian),
    ("dcgan", {}, DCGAN, dcgan),
    ("fixup", {}, fixup_net(FIXUP_BASIC), fixup),
    ("fixup", {}, fixup_net(FIXUP_BOTTLENECK), fixup),
]


def entry(recipe, place):
    """The bytes, or all values where PyTorch's own rounding is another."""
    rounded = {
        "lstm": r"weight_hh",
        "ppo": r"weight",
        "chrono": r"bias_ih",
    }
    found = {"name": place.name, "shape": list(place.weight.shape)}
    if recipe in rounded and place.has(rounded[recipe]):
        return {**found, "bytes": data_bytes(place.weight).hex()}
    return {**found, **digest(place.weight)}


def cases():
    for seed, (recipe, options, tree, start) in enumerate(CASES):
        torch.manual_seed(1)
        model = build(tree)
        generator = torch.Generator().manual_seed(seed)
        entries = []
        for name, _ in model.named_parameters():
            place = Place(model, name, generator)
            with torch.no_grad():
                start(place)
            entries.append(entry(recipe, place))
        yield {
            "recipe": recipe,
            "options": options,
            "model": tree,
            "seed": str(seed),
            "parameters": entries,
            "state": state_of(generator.get_state()),
        }


if __name__ == "__main__":
    write("recipes.json", list(cases()))
