/**
 * A thousand fresh layers, of many kinds and sizes.
 *
 * @module
 */

import { empty, type Generator, init, nn, type Tensor } from "../../../mod.ts";
import type { FloatDtype } from "../../../lib/core/dtype.ts";
import type { Dice } from "../../differential/dice.ts";

/** Tensors by name: those of one layer. */
export type Layer = Readonly<Record<string, Tensor>>;

/** Makes a layer. */
export type Maker = (dice: Dice, generator: Generator) => Layer;

/** Each kind of layer and how one is made. */
export const kinds: Readonly<Record<string, Maker>> = {
  "Linear": (dice, generator) =>
    drawn(new nn.Linear(size(dice), size(dice), { generator })),
  "Linear, float64": (dice, generator) =>
    drawn(
      new nn.Linear(size(dice), size(dice), { generator, dtype: "float64" }),
    ),
  "Linear, float16": (dice, generator) =>
    halfLinear(dice, generator, "float16"),
  "Linear, bfloat16": (dice, generator) =>
    halfLinear(dice, generator, "bfloat16"),
  "Bilinear": (dice, generator) =>
    drawn(
      new nn.Bilinear(small(dice), small(dice), small(dice), { generator }),
    ),
  "Conv1d": (dice, generator) =>
    drawn(new nn.Conv1d(size(dice), size(dice), 3, { generator })),
  "Conv2d": (dice, generator) =>
    drawn(new nn.Conv2d(small(dice), size(dice), kernel(dice), { generator })),
  "Conv2d, depthwise": (dice, generator) => {
    const channels = size(dice);
    return drawn(
      new nn.Conv2d(channels, channels, 3, { generator, groups: channels }),
    );
  },
  "Conv3d": (dice, generator) =>
    drawn(new nn.Conv3d(small(dice), small(dice), 3, { generator })),
  "ConvTranspose2d": (dice, generator) =>
    drawn(
      new nn.ConvTranspose2d(small(dice), small(dice), kernel(dice), {
        generator,
      }),
    ),
  "Embedding": (dice, generator) =>
    drawn(new nn.Embedding(size(dice), size(dice), { generator })),
  "Embedding, padded": (dice, generator) =>
    drawn(
      new nn.Embedding(size(dice), size(dice), { generator, paddingIdx: 0 }),
    ),
  "RNN": (dice, generator) =>
    drawn(new nn.RNN(small(dice), size(dice), { generator })),
  "LSTM": (dice, generator) =>
    drawn(new nn.LSTM(small(dice), small(dice), { generator, numLayers: 2 })),
  "GRU": (dice, generator) =>
    drawn(
      new nn.GRU(small(dice), small(dice), { generator, bidirectional: true }),
    ),
  "MultiheadAttention": (dice, generator) =>
    drawn(new nn.MultiheadAttention(8 * small(dice), 4, { generator })),
  "TransformerEncoderLayer": (dice, generator) =>
    drawn(
      new nn.TransformerEncoderLayer(8 * (1 + dice.below(6)), 4, {
        dimFeedforward: size(dice),
        generator,
      }),
    ),
  "xavierUniform": (dice, generator) =>
    one(
      dice,
      (w) => init.xavierUniform(w, { gain: dice.pick([1, 5 / 3]), generator }),
    ),
  "xavierNormal": (dice, generator) =>
    one(
      dice,
      (w) => init.xavierNormal(w, { gain: dice.pick([1, 3 / 4]), generator }),
    ),
  "kaimingUniform": (dice, generator) =>
    one(dice, (w) => init.kaimingUniform(w, { ...he(dice), generator })),
  "kaimingNormal": (dice, generator) =>
    one(dice, (w) => init.kaimingNormal(w, { ...he(dice), generator })),
  "kaimingNormal, float64": (dice, generator) =>
    one(
      dice,
      (w) => init.kaimingNormal(w, { ...he(dice), generator }),
      "float64",
    ),
  "normal": (dice, generator) =>
    one(
      dice,
      (w) =>
        init.normal(w, { std: dice.pick([0.02, 0.01, 0.037, 1]), generator }),
    ),
  "normal by depth": (dice, generator) => {
    const layers = 1 + dice.below(48);
    const [name] = [`h.${layers - 1}.mlp.weight`];
    const weight = empty([size(dice), size(dice)]);
    return {
      [name]: init.normal(weight, {
        std: 0.02 / Math.sqrt(2 * layers),
        generator,
      }),
    };
  },
  "uniform": (dice, generator) =>
    one(dice, (w) => {
      const high = dice.pick([0.05, 0.1, 0.37, 1]);
      return init.uniform(w, { low: -high, high, generator });
    }),
  "truncNormal, ±2": (dice, generator) =>
    one(
      dice,
      (w) => init.truncNormal(w, { std: 0.02, low: -2, high: 2, generator }),
    ),
  "truncNormal, ±2 std": (dice, generator) =>
    one(
      dice,
      (w) =>
        init.truncNormal(w, { std: 0.02, low: -0.04, high: 0.04, generator }),
    ),
  "orthogonal": (dice, generator) =>
    one(
      dice,
      (w) =>
        init.orthogonal(w, { gain: dice.pick([1, Math.SQRT2]), generator }),
    ),
  "sparse": (dice, generator) =>
    one(dice, (w) => init.sparse(w, { sparsity: 0.3, generator })),
};

/** The tensors of a layer that were drawn: no zeros and ones. */
function drawn(layer: nn.Module): Layer {
  return Object.fromEntries(
    Object.entries(layer.stateDict()).filter(([, tensor]) => {
      const values = tensor.toFloat32();
      const second = values.find((value) => value !== values[0]);
      return values.some((value) => value !== values[0] && value !== second);
    }),
  );
}

function one(
  dice: Dice,
  fill: (weight: Tensor) => Tensor,
  dtype: FloatDtype = "float32",
): Layer {
  return { weight: fill(empty([size(dice), size(dice)], { dtype })) };
}

/** So large that noise would show without a lattice. */
function halfLinear(
  dice: Dice,
  generator: Generator,
  dtype: FloatDtype,
): Layer {
  const sizes = [60 + dice.below(100), 60 + dice.below(100)] as const;
  return drawn(new nn.Linear(...sizes, { generator, dtype, bias: false }));
}

function he(dice: Dice) {
  return {
    mode: dice.pick(["fan_in", "fan_out"]),
    nonlinearity: dice.pick(["relu", "linear"]),
  };
}

function size(dice: Dice): number {
  return 8 + dice.below(120);
}

function small(dice: Dice): number {
  return 4 + dice.below(20);
}

function kernel(dice: Dice): number {
  return dice.pick([1, 3, 5]);
}
