/**
 * How cases of `nn` are drawn: one row a layer, its arguments by name in
 * PyTorch's order. How many of them go by position is drawn elsewhere.
 *
 * @module
 */

import type { Dice } from "./dice.ts";
import type { Options } from "./initialisers.ts";

/** How each layer's arguments are drawn. */
export const layers: Readonly<Record<string, (dice: Dice) => Options>> = {
  Linear: (dice) => {
    const [inFeatures, outFeatures] = dice.shape(2, 2);
    return { inFeatures, outFeatures, bias: bias(dice) };
  },
  Conv2d: (dice) => convolution(dice, 2),
};

function convolution(dice: Dice, axes: number): Options {
  const groups = dice.pick([1, 1, 2, 3]);
  const channels = () => groups * dice.below(7);
  const perAxis = (draw: () => number) =>
    dice.pick([draw(), Array.from({ length: axes }, draw)]);
  const stride = dice.maybe(() => perAxis(() => dice.pick([1, 2, 3])));
  const rules = stride === undefined ? ["same", "valid"] : ["valid"];
  return {
    inChannels: channels(),
    outChannels: channels(),
    kernelSize: perAxis(() => 1 + dice.below(5)),
    stride,
    padding: dice.maybe(() =>
      dice.pick([...rules, perAxis(() => dice.below(3))])
    ),
    dilation: dice.maybe(() => perAxis(() => 1 + dice.below(3))),
    groups,
    bias: bias(dice),
    paddingMode: dice.maybe(() =>
      dice.pick(["zeros", "reflect", "replicate", "circular"])
    ),
  };
}

function bias(dice: Dice): boolean | undefined {
  return dice.maybe(() => dice.chance(0.7));
}
