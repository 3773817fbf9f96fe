/**
 * A fill of a tensor as a value: what is drawn, into what, from where.
 *
 * @module
 */

import type { FloatDtype } from "../core/dtype.ts";
import type { Step } from "../core/recording.ts";
import { elementCount } from "../core/shape.ts";
import type { Tensor } from "../core/tensor.ts";
import type { Generator } from "../random/generator.ts";
import { blockLength, fillNormal, type NormalSource } from "./normal.ts";
import { fillUniform } from "./uniform.ts";

/** A distribution from which any part of a tensor can be filled by itself. */
export type Law =
  | { readonly kind: "uniform"; readonly low: number; readonly high: number }
  | { readonly kind: "normal"; readonly mean: number; readonly std: number };

/** A fill of a whole tensor, whose arguments were checked. */
export class Fill implements Step {
  /** The tensor. */
  readonly tensor: Tensor<FloatDtype>;
  /** What is drawn. */
  readonly law: Law;
  /** Where the words come from. */
  readonly source: Generator;
  /** It draws. */
  readonly draws = true;

  /**
   * Makes a fill that is to be done.
   *
   * @param tensor The tensor.
   * @param law What is drawn.
   * @param source Where the words come from.
   */
  constructor(tensor: Tensor<FloatDtype>, law: Law, source: Generator) {
    this.tensor = tensor;
    this.law = law;
    this.source = source;
  }

  /** The tensor that it writes. */
  get tensors(): readonly Tensor<FloatDtype>[] {
    return [this.tensor];
  }

  /** Fills the tensor. */
  run(): void {
    fillBy(this.law, this.tensor, this.source);
  }

  /**
   * The words that it draws; undefined where that depends on the generator's
   * spare normal.
   */
  get words(): number | undefined {
    const { law, tensor: { dtype, shape } } = this;
    const count = elementCount(shape);
    const isSmall = law.kind === "normal" && count < blockLength;
    return isSmall && count > 0 ? undefined : wordsFor(law, dtype, count);
  }
}

/**
 * Fills a tensor.
 *
 * @param law What is drawn.
 * @param tensor The tensor.
 * @param source Where the words come from.
 */
export function fillBy(
  law: Law,
  tensor: Tensor<FloatDtype>,
  source: NormalSource,
): void {
  if (law.kind === "uniform") fillUniform(tensor, law.low, law.high, source);
  else fillNormal(tensor, law.mean, law.std, source);
}

/**
 * Returns how many words a fill draws.
 *
 * @param law What is drawn.
 * @param dtype The tensor's dtype.
 * @param count The number of elements; for normals 0, 16 or more.
 */
export function wordsFor(
  { kind }: Law,
  dtype: FloatDtype,
  count: number,
): number {
  const each = dtype === "float64" ? 2 : 1;
  const rest = kind === "normal" ? count % blockLength : 0;
  if (rest === 0) return each * count;
  // The last block is drawn anew; half precision leaves out the first draw.
  const isHalf = dtype === "float16" || dtype === "bfloat16";
  return each * (count - (isHalf ? rest : 0) + blockLength);
}
