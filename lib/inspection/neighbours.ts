/**
 * What a tensor's name and those of others say of how it was made.
 *
 * @module
 */

import type { Shape } from "../core/shape.ts";

/** Shapes of tensors by name. */
export type Shapes = Readonly<Record<string, { readonly shape: Shape }>>;

/** All tensors, as each has them beside it. */
export interface Neighbours {
  /** Their shapes. */
  readonly shapes: Shapes;
  /**
   * How many layers of one kind there are: one more than the largest number that
   * comes first in a name, as 11 in `h.11.mlp.weight`; 0 where no name has one.
   */
  readonly layers: number;
}

/**
 * Returns what is to be known of all tensors, once for all of them.
 *
 * @param shapes Their shapes.
 */
export function neighboursOf(shapes: Shapes): Neighbours {
  return { shapes, layers: layerCount(shapes) };
}

/**
 * Returns the shape of the weight beside a bias: that of `0.weight` for
 * `0.bias`, of `weight_ih_l0` for `bias_ih_l0`; undefined where there is none.
 *
 * @param shapes All tensors.
 * @param name The bias's name.
 */
export function weightBeside(shapes: Shapes, name: string): Shape | undefined {
  const weights = ["weight", "kernel"].map((word) =>
    name.replace(/bias(?!.*bias)/, word)
  );
  const found = weights.find((weight) =>
    weight !== name && Object.hasOwn(shapes, weight)
  );
  return found === undefined ? undefined : shapes[found].shape;
}

function layerCount(shapes: Shapes): number {
  let count = 0;
  for (const name of Object.keys(shapes)) {
    const number = name.split(/[./]/).find((part) => /^\d{1,4}$/.test(part));
    if (number !== undefined) count = Math.max(count, Number(number) + 1);
  }
  return count;
}
