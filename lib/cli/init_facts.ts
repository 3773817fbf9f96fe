/**
 * What there is to say of a tensor that an initialiser filled.
 *
 * @module
 */

import type { FloatDtype } from "../core/dtype.ts";
import { elementCount, formatShape, type Shape } from "../core/shape.ts";
import type { Tensor } from "../core/tensor.ts";
import { valuesOf } from "../core/values.ts";
import { type Theory, theoryOf } from "../init/theory.ts";
import { Hasher } from "../materialize/hash.ts";
import { formatNumber } from "../plot/format.ts";
import { fan } from "../scaling/fan.ts";
import { moments } from "../statistics/moments.ts";

/** What was made. */
export interface Made {
  /** The initialiser's name in `init`. */
  readonly initialiser: string;
  /** The tensor, filled. */
  readonly tensor: Tensor<FloatDtype>;
  /** The seed of the generator that it was drawn from. */
  readonly seed: bigint;
}

/** What there is to say of a tensor. */
export interface InitFacts {
  /** The initialiser's name in `init`. */
  readonly initialiser: string;
  /** Its options, defaults included; none where it draws no distribution. */
  readonly options: Theory["options"];
  /** The generator's seed. */
  readonly seed: bigint;
  /** The element type. */
  readonly dtype: FloatDtype;
  /** Sizes along the axes. */
  readonly shape: Shape;
  /** How many elements there are. */
  readonly elements: number;
  /** Null where the rank is below 2. */
  readonly fanIn: number | null;
  /** Likewise. */
  readonly fanOut: number | null;
  /** What the values were drawn from; null where it has no density. */
  readonly expected: Pick<Theory, "mean" | "std" | "bound"> | null;
  /** The values' own mean, standard deviation (n − 1) and ends. */
  readonly measured: {
    readonly mean: number;
    readonly std: number;
    readonly min: number;
    readonly max: number;
  };
  /** Of the elements' bytes, little-endian. */
  readonly sha256: string;
}

/**
 * Returns what there is to say of a tensor that an initialiser filled.
 *
 * @param made The tensor, and how it was made.
 */
export function factsOf({ initialiser, tensor, seed }: Made): InitFacts {
  const { dtype, shape } = tensor;
  const theory = theoryOf(tensor);
  const { mean, sampleStd, min, max } = moments(valuesOf(tensor));
  const { fanIn, fanOut } = shape.length < 2
    ? { fanIn: null, fanOut: null }
    : fan(shape);
  const hasher = new Hasher(true);
  hasher.begin("");
  hasher.add("", tensor);
  return {
    initialiser,
    options: theory?.options ?? {},
    seed,
    dtype,
    shape,
    elements: elementCount(shape),
    fanIn,
    fanOut,
    expected: theory === undefined
      ? null
      : { mean: theory.mean, std: theory.std, bound: theory.bound },
    measured: { mean, std: sampleStd, min, max },
    sha256: hasher.hashes()[""],
  };
}

/**
 * Returns the facts in words, in parts that belong together.
 *
 * @param facts The facts.
 */
export function factsInWords(facts: InitFacts): string[] {
  const { initialiser, seed, dtype, shape, fanIn, fanOut } = facts;
  const { expected, measured } = facts;
  const bound = expected?.bound ?? null;
  return [
    `${initialiser} ${dtype} ${formatShape(shape)}, seed ${seed}`,
    ...fanIn === null ? [] : [`fan in ${fanIn}, fan out ${fanOut}`],
    ...bound === null ? [] : [`bound ${formatNumber(bound)}`],
    `std ${formatNumber(measured.std)}${
      expected === null ? "" : ` of ${formatNumber(expected.std)}`
    }`,
  ];
}
