/**
 * Whole models, with the names that people know. `models.py` holds the same in
 * PyTorch.
 *
 * @module
 */

import { init, nn } from "../../mod.ts";

function mlp(): nn.Module {
  return new nn.Sequential(
    new nn.Linear(784, 256),
    new nn.ReLU(),
    new nn.Linear(256, 10),
  );
}

class BasicBlock extends nn.Module {
  conv1: nn.Conv2d;
  bn1: nn.BatchNorm2d;
  relu: nn.ReLU;
  conv2: nn.Conv2d;
  bn2: nn.BatchNorm2d;
  downsample: nn.Sequential | null;

  constructor(inputs: number, outputs: number, stride: number) {
    super();
    this.conv1 = new nn.Conv2d(inputs, outputs, 3, stride, 1, { bias: false });
    this.bn1 = new nn.BatchNorm2d(outputs);
    this.relu = new nn.ReLU();
    this.conv2 = new nn.Conv2d(outputs, outputs, 3, 1, 1, { bias: false });
    this.bn2 = new nn.BatchNorm2d(outputs);
    this.downsample = stride === 1 && inputs === outputs
      ? null
      : new nn.Sequential(
        new nn.Conv2d(inputs, outputs, 1, stride, { bias: false }),
        new nn.BatchNorm2d(outputs),
      );
  }
}

function stage(inputs: number, outputs: number, stride: number): nn.Sequential {
  return new nn.Sequential(
    new BasicBlock(inputs, outputs, stride),
    new BasicBlock(outputs, outputs, 1),
  );
}

class ResNet18 extends nn.Module {
  conv1 = new nn.Conv2d(3, 64, 7, 2, 3, { bias: false });
  bn1 = new nn.BatchNorm2d(64);
  relu = new nn.ReLU();
  maxpool = new nn.MaxPool2d(3, 2, 1);
  layer1 = stage(64, 64, 1);
  layer2 = stage(64, 128, 2);
  layer3 = stage(128, 256, 2);
  layer4 = stage(256, 512, 2);
  avgpool = new nn.AdaptiveAvgPool2d(1);
  fc = new nn.Linear(512, 1000);

  constructor() {
    super();
    for (const module of this.modules()) {
      if (module instanceof nn.Conv2d) {
        init.kaimingNormal(module.weight, {
          mode: "fan_out",
          nonlinearity: "relu",
        });
      }
    }
  }
}

function transformer(): nn.Module {
  return new nn.Transformer(64, 4, 2, 2, 128);
}

class LanguageModel extends nn.Module {
  encoder = new nn.Embedding(1000, 64);
  rnn = new nn.LSTM(64, 128, 2, { dropout: 0.5 });
  decoder = new nn.Linear(128, 1000);

  constructor() {
    super();
    init.uniform(this.encoder.weight, { low: -0.1, high: 0.1 });
    init.zeros(this.decoder.bias!);
    init.uniform(this.decoder.weight, { low: -0.1, high: 0.1 });
  }
}

class Attention extends nn.Module {
  c_attn: nn.Linear;
  c_proj: nn.Linear;

  constructor(width: number) {
    super();
    this.c_attn = new nn.Linear(width, 3 * width);
    this.c_proj = new nn.Linear(width, width);
  }
}

class Feedforward extends nn.Module {
  c_fc: nn.Linear;
  c_proj: nn.Linear;

  constructor(width: number) {
    super();
    this.c_fc = new nn.Linear(width, 4 * width);
    this.c_proj = new nn.Linear(4 * width, width);
  }
}

class Block extends nn.Module {
  ln_1: nn.LayerNorm;
  attn: Attention;
  ln_2: nn.LayerNorm;
  mlp: Feedforward;

  constructor(width: number) {
    super();
    this.ln_1 = new nn.LayerNorm(width);
    this.attn = new Attention(width);
    this.ln_2 = new nn.LayerNorm(width);
    this.mlp = new Feedforward(width);
  }
}

class GPT2 extends nn.Module {
  transformer: nn.ModuleDict;
  lm_head: nn.Linear;

  constructor(words = 50257, places = 1024, width = 768, depth = 12) {
    super();
    const wte = new nn.Embedding(words, width);
    this.transformer = new nn.ModuleDict({
      wte,
      wpe: new nn.Embedding(places, width),
      h: new nn.ModuleList(
        Array.from({ length: depth }, () => new Block(width)),
      ),
      ln_f: new nn.LayerNorm(width),
    });
    this.lm_head = new nn.Linear(width, words, { bias: false });
    this.lm_head.weight = wte.weight;
    for (const [name, parameter] of this.namedParameters()) {
      if (name.endsWith("c_proj.weight")) {
        init.normal(parameter, { std: 0.02 / Math.sqrt(2 * depth) });
      } else if (name.endsWith("bias")) init.zeros(parameter);
      else if (parameter.dim() > 1) init.normal(parameter, { std: 0.02 });
    }
  }
}

/** How each model is made, from the default generator. */
export const models: Readonly<Record<string, () => nn.Module>> = {
  mlp,
  resnet18: () => new ResNet18(),
  transformer,
  languageModel: () => new LanguageModel(),
  gpt2: () => new GPT2(),
};
