/**
 * What comes of settings: a weight, how its fans are counted, and its numbers.
 *
 * The kernel and the page both run this file.
 *
 * @module
 */

import { empty } from "../../core/create.ts";
import type { Tensor } from "../../core/tensor.ts";
import { Generator } from "../../random/torch/generator.ts";
import { fan, type ShownFan } from "../../scaling/fan.ts";
import { initialisers, optionsInForce } from "./initialisers.ts";
import { type ExploreOptions, readSettings, shapeOf } from "./settings.ts";
import type { ExploreSettings } from "./settings.ts";

/** A weight and what is known of it. */
export interface Explored {
  /** What was asked for. */
  readonly settings: ExploreSettings;
  /** The weight, filled. */
  readonly weight: Tensor<"float32">;
  /** The fan by which initialisers scale: as PyTorch counts. */
  readonly counted: ShownFan;
  /** The fan by connections: groups, stride and direction are seen. */
  readonly connected: ShownFan;
}

/**
 * Returns a weight filled as the options say.
 *
 * @param options The layer, the initialiser and the seed.
 * @throws {TypeError} If an option is unknown or of a wrong kind.
 * @throws {RangeError} If an option is out of its interval or does not fit
 * another, or the weight has more than 2^20 elements.
 */
export function explored(options: ExploreOptions): Explored {
  const settings = readSettings(options);
  const { transposed, groups, stride, kernelSize, seed } = settings;
  const shape = shapeOf(settings);
  const counted = fan(shape);
  const connected = fan(shape, {
    transposed,
    groups,
    // A dense layer has no axis for a stride; 1 is no stride.
    stride: kernelSize.length === 0 && stride === 1 ? undefined : stride,
  });
  const generator = new Generator(seed);
  const chosen = Object.fromEntries(
    optionsInForce(settings).map((name) => [name, settings[name]]),
  );
  const { fill } = initialisers[settings.initialiser];
  const weight = empty(shape);
  fill(weight, { ...chosen, generator });
  return { settings, weight, counted, connected };
}

/**
 * Returns the call that fills the weight, as code.
 *
 * @param found What was explored.
 */
export function codeOf({ settings, weight }: Explored): string {
  const { initialiser, seed } = settings;
  const literal = Number.isSafeInteger(Number(seed)) ? `${seed}` : `${seed}n`;
  const options = [
    ...optionsInForce(settings).map((name) =>
      `${name}: ${JSON.stringify(settings[name])}`
    ),
    `generator: new Generator(${literal})`,
  ];
  return `init.${initialiser}(empty(${
    JSON.stringify(weight.shape).replaceAll(",", ", ")
  }), { ${options.join(", ")} })`;
}

/** So many values are listed. */
const listed = 8;

/**
 * Returns the first values, each with as few digits as tell it from all other
 * float32 numbers.
 *
 * @param found What was explored.
 */
export function firstValues({ weight }: Explored): string[] {
  return Array.from(weight.data.subarray(0, listed), (value) => {
    for (let digits = 1;; digits++) {
      const text = String(Number(value.toPrecision(digits)));
      if (Math.fround(Number(text)) === value) return text;
    }
  });
}
