/**
 * All that one read of a tensor gathers, part by part.
 *
 * @module
 */

import { dtypes } from "../core/dtype.ts";
import { elementCount } from "../core/shape.ts";
import type { Tensor } from "../core/tensor.ts";
import { valuesOf } from "../core/values.ts";
import type { TensorInfo } from "../formats/checkpoint.ts";
import { bytesOf } from "../formats/storage.ts";
import { addMoments, noMoments } from "../statistics/block_moments.ts";
import { type Moments, moments } from "../statistics/moments.ts";
import { Fingerprint } from "./fingerprint.ts";
import { Grid } from "./grid.ts";
import { DeadRows } from "./rows.ts";
import { Sample } from "./sample.ts";
import { Structure } from "./structure.ts";

/** What a read of a tensor gathers. */
export class Gathered {
  /** What the checkpoint says of it. */
  readonly info: TensorInfo;
  /** A number of its bytes. */
  readonly fingerprint: Fingerprint = new Fingerprint();
  /** Counts of its values. */
  readonly grid: Grid;
  /** Rows and columns; undefined for whole numbers and below rank 2. */
  readonly dead: DeadRows | undefined;
  /** Values that were kept; undefined for whole numbers. */
  readonly sample: Sample | undefined;
  /** Identities; undefined for whole numbers and below rank 2. */
  readonly structure: Structure | undefined;
  readonly #total = noMoments();
  #read = 0;

  /**
   * @param info What the checkpoint says of the tensor.
   */
  constructor(info: TensorInfo) {
    this.info = info;
    const isFloat = dtypes[info.dtype].kind === "float";
    const count = elementCount(info.shape);
    const isMatrix = isFloat && info.shape.length >= 2 && count > 0;
    this.grid = new Grid(!isFloat);
    this.sample = isFloat ? new Sample(count) : undefined;
    this.dead = isMatrix ? new DeadRows(info.shape) : undefined;
    this.structure = isMatrix ? new Structure(info.shape) : undefined;
  }

  /**
   * Takes the next part of the tensor.
   *
   * @param part Its elements, as a vector.
   */
  add(part: Tensor): void {
    this.fingerprint.add(bytesOf(part));
    if (dtypes[this.info.dtype].kind === "opaque") return;
    const values = valuesOf(part);
    const found = moments(values);
    addMoments(this.#total, flat(found));
    this.grid.add(values, found);
    this.sample?.add(values, this.#read);
    this.dead?.add(values);
    this.structure?.add(values, this.#read);
    this.#read += values.length;
  }

  /** Returns the moments of all values so far. */
  found(): Moments {
    const [count, zeros, mean, squares, min, max] = this.#total;
    return {
      count,
      nonFinite: this.#read - count,
      mean: count === 0 ? NaN : mean,
      sampleStd: count < 2 ? NaN : Math.sqrt(squares / (count - 1)),
      min: count === 0 ? NaN : min,
      max: count === 0 ? NaN : max,
      zeroShare: zeros / count,
    };
  }
}

/** Moments as those of blocks are kept. */
function flat(found: Moments): Float64Array {
  const { count, zeroShare, mean, sampleStd, min, max } = found;
  if (count === 0) return noMoments();
  const squares = count < 2 ? 0 : sampleStd ** 2 * (count - 1);
  return Float64Array.of(
    count,
    Math.round(zeroShare * count),
    mean,
    squares,
    min,
    max,
  );
}
