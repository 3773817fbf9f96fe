/**
 * Random cases: a function or a layer, its arguments, a dtype and a seed.
 *
 * @module
 */

import type { Dtype, init } from "../../mod.ts";
import { Dice } from "./dice.ts";
import { initializers, type Options } from "./initializers.ts";
import { defined, layers, refusedLayers } from "./layers.ts";

/** What cases of both kinds have. */
interface Common {
  /** The element type. */
  readonly dtype: Dtype;
  /** The generator's seed. */
  readonly seed: string;
  /** How often, in a row from one generator. */
  readonly calls: number;
  /** Arguments by name. */
  readonly options: Options;
}

/** Fills by an initializer. */
export interface InitCase extends Common {
  /** The initializer. */
  readonly fn: keyof typeof initializers;
  /** The shape that is filled. */
  readonly shape: number[];
}

/** Layers that are made. */
export interface LayerCase extends Common {
  /** The layer. */
  readonly nn: string;
  /** Arguments by position. */
  readonly args: readonly unknown[];
}

/** One question to PyTorch and to fanin. */
export type Case = InitCase | LayerCase;

/** The dtypes that are filled. */
export const floatDtypes = [
  "float32",
  "float64",
  "float16",
  "bfloat16",
] as const;

const functionNames = Object.keys(
  initializers,
) as (keyof typeof initializers)[];
const layerNames = Object.keys(layers);

/** How often a case is one that PyTorch refuses. */
const refusedShare = 0.05;

/**
 * Draws cases: one half of functions, one half of layers.
 *
 * @param seed The seed, which gives the same cases each time.
 * @param count How many.
 */
export function* drawCases(seed: bigint, count: number): Iterable<Case> {
  const dice = new Dice(seed);
  for (let i = 0; i < count; i++) {
    yield dice.chance(0.5)
      ? drawInit(dice, dice.pick(functionNames))
      : drawLayer(dice, dice.pick(layerNames));
  }
}

/** What a case is of: `init.uniform`. */
export function nameOf(one: Case): string {
  return "fn" in one ? `init.${one.fn}` : `nn.${one.nn}`;
}

function drawInit(dice: Dice, fn: keyof typeof initializers): InitCase {
  const { ranks, options, refused, dtypes } = initializers[fn];
  const shape = dice.shape(...ranks);
  const one = {
    fn,
    shape,
    ...drawCommon(dice, dtypes),
    options: defined(options(dice, shape)),
  };
  const isRefused = dice.chance(refusedShare) && refused.length > 0;
  return isRefused ? { ...one, ...dice.pick(refused) } : one;
}

function drawLayer(dice: Dice, layer: string): LayerCase {
  if (dice.chance(refusedShare)) {
    return { ...dice.pick(refusedLayers), ...drawCommon(dice) };
  }
  const named = layers[layer](dice);
  const values = Object.values(named);
  const missing = values.indexOf(undefined);
  const leading = missing < 0 ? values.length : missing;
  const positional = dice.below(leading + 1);
  return {
    nn: layer,
    args: values.slice(0, positional),
    ...drawCommon(dice),
    options: defined(
      Object.fromEntries(Object.entries(named).slice(positional)),
    ),
  };
}

function drawCommon(
  dice: Dice,
  dtypes: readonly Dtype[] = floatDtypes,
): Omit<Common, "options"> {
  const dtype = dice.pick(dtypes);
  return { dtype, seed: dice.seed(), calls: 1 + dice.below(3) };
}
