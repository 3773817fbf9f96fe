/**
 * The recipe for networks that are made wider: µP.
 *
 * @module
 */

import {
  cannot,
  describe,
  flag,
  type Option,
  real,
} from "../../core/options.ts";
import { elementCount, formatShape, type Shape } from "../../core/shape.ts";
import { normal, zeros } from "../../init/initializers.ts";
import { Conv } from "../conv.ts";
import { EmbeddingTable } from "../embedding.ts";
import { Linear } from "../linear.ts";
import { Module } from "../module.ts";
import { linearBias, normRules, paddingOf, read, recipe } from "./recipe.ts";
import type { Place, Recipe } from "./rule.ts";

/**
 * µP, in which one learning rate fits all widths: weights from N(0, gain² / fan
 * in), but those of a readout, whose inputs alone are wide, as in a base model;
 * embeddings from N(0, 1), biases 0, norms 1 and 0.
 *
 * Which axes are wide is told by comparing the shapes with the base model's of
 * the same names. The rest is the model's and the optimizer's: logits are
 * divided by m, the width over the base's, attention by d and not by √d, and
 * Adam's rate by m where both axes are wide.
 *
 * @param options `base`: a model of the same names and another width. No default.
 * `gain`: Default: 1. `zeroReadout`: whether the readout starts at 0, without
 * which logits shrink at first as the width grows. Default: false.
 * @see Yang et al., "Tensor programs V: tuning large neural networks via
 * zero-shot hyperparameter transfer", 2022, table 8; `init.py`, `layer.py` and
 * `optim.py` of mup
 *
 * @example
 * ```ts
 * import { initialize, nn, recipes } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * const net = (width: number) =>
 *   new nn.Sequential(
 *     new nn.Linear(4, width, { bias: false }),
 *     new nn.Linear(width, width, { bias: false }),
 *     new nn.Linear(width, 10, { bias: false }),
 *   );
 * const { rows } = initialize(net(256), recipes.muP({ base: net(64) }));
 * assertEquals(rows.map(({ std }) => std), [1 / 2, 1 / 16, 1 / 8]);
 * ```
 */
export function muP(
  options: {
    readonly base: Module;
    readonly gain?: number;
    readonly zeroReadout?: boolean;
  },
): Recipe {
  const { base, gain, zeroReadout } = read("muP", options, {
    base: baseOption,
    gain: real(1, { low: 0 }),
    zeroReadout: flag(false),
  });
  const shapes = new Map(
    base.namedParameters().map(([name, { shape }]) => [name, shape]),
  );
  const layer = [Linear, Conv];
  const isReadout = (place: Place) => {
    const other = baseShapeOf(place, shapes);
    const { shape } = place;
    return shape[0] === other[0] && shape[1] !== other[1];
  };
  return recipe("muP", {
    paper: "Yang et al., 2022",
    file: "mup, init.py, layer.py, optim.py",
    note:
      "logits / m, attention 1/d; Adam: rate / m where both axes are wide, m = width / base",
  }, [
    {
      layer,
      name: "weight",
      where: (place) => zeroReadout && isReadout(place),
      init: zeros,
      label: "readout",
      optional: true,
    },
    {
      layer,
      name: "weight",
      where: isReadout,
      init: normal,
      options: (met) => ({
        std: gain / Math.sqrt(fanInOf(baseShapeOf(met, shapes))),
      }),
      label: "readout",
      optional: true,
    },
    {
      layer,
      name: "weight",
      init: normal,
      options: ({ shape }) => ({ std: gain / Math.sqrt(fanInOf(shape)) }),
      label: "Conv, Linear weight",
    },
    {
      layer: EmbeddingTable,
      name: "weight",
      init: normal,
      zeroRow: paddingOf,
      label: "Embedding",
    },
    linearBias,
    { layer: Conv, name: "bias", init: zeros, label: "Conv bias" },
    ...normRules,
  ]);
}

const baseOption: Option<Module> = {
  read(action, name, value) {
    if (value instanceof Module) return value;
    throw new TypeError(
      cannot(action, `${name} must be a model`, describe(value)),
    );
  },
};

function baseShapeOf(
  { name, shape }: Place,
  shapes: ReadonlyMap<string, Shape>,
): Shape {
  const other = shapes.get(name);
  if (other?.length === shape.length) return other;
  throw new RangeError(
    cannot(
      `initialize ${name}`,
      "the base model must have it, of the same rank",
      other === undefined ? "none" : `shape ${formatShape(other)}`,
    ),
  );
}

function fanInOf([, ...inputs]: Shape): number {
  return elementCount(inputs);
}
