/**
 * The normal distribution cut at both ends, as `torch.nn.init.trunc_normal_`
 * draws it.
 *
 * Where more than 0.3 of the normal lies inside, normals are drawn and what is
 * outside is drawn again; else uniforms are drawn and accepted by the density.
 * Either way a round draws for the whole tensor, also what is not needed.
 *
 * @module
 */

import { empty } from "../core/create.ts";
import { dtypes, type FloatDtype } from "../core/dtype.ts";
import type { Tensor } from "../core/tensor.ts";
import { fillTruncatedNormal as fillCompiled } from "../kernels/truncated_normal.ts";
import { normalShare } from "../math/erf.ts";
import {
  blockLength,
  compiledFor,
  fillNormal,
  type NormalSource,
} from "./normal.ts";
import { fillUniform } from "./uniform.ts";

/** A normal distribution and where it is cut. */
export interface TruncatedNormal {
  /** The mean before the cut. */
  readonly mean: number;
  /** The standard deviation before the cut, above 0. */
  readonly std: number;
  /** The lower end, absolute. */
  readonly low: number;
  /** The upper end, absolute, not below `low`. */
  readonly high: number;
}

/** The share inside from which on normals are drawn. */
const enough = 0.3;

/**
 * Fills a tensor from a cut normal.
 *
 * Draws: as many rounds for the whole tensor as there must be. Where uniforms
 * are drawn, a round is one of proposals and one to accept them by. That test
 * takes the machine's logarithm: a decision could differ from PyTorch's, in
 * principle.
 *
 * @param tensor The tensor, filled from its first element to its last.
 * @param law The distribution, checked.
 * @param source Where the words come from.
 */
export function fillTruncatedNormal(
  tensor: Tensor<FloatDtype>,
  law: TruncatedNormal,
  source: NormalSource,
): void {
  const { mean, std, low, high } = law;
  const share = normalShare((low - mean) / std, (high - mean) / std);
  if (share > enough) redrawOutside(tensor, law, source);
  else acceptInside(tensor, law, source);
}

function redrawOutside(
  tensor: Tensor<FloatDtype>,
  { mean, std, low, high }: TruncatedNormal,
  source: NormalSource,
): void {
  const { data, dtype } = tensor;
  const { decode } = dtypes[dtype];
  const round = roundingOf(dtype);
  const [first, last] = [round(low), round(high)];
  if (data instanceof Float32Array && data.length >= blockLength) {
    const mean32 = Math.fround(mean);
    const kernel = compiledFor(data, mean32, source);
    if (kernel !== undefined) {
      const law32 = {
        mean: mean32,
        std: Math.fround(std),
        low: first,
        high: last,
      };
      fillCompiled(kernel, data, law32, source.twister!);
      return;
    }
  }
  const outside = (stored: number) =>
    decode(stored) < first || decode(stored) > last;
  fillNormal(tensor, mean, std, source);
  const again = empty(tensor.shape, { dtype });
  while (data.some(outside)) {
    fillNormal(again, mean, std, source);
    for (let i = 0; i < data.length; i++) {
      if (outside(data[i])) data[i] = again.data[i];
    }
  }
}

function acceptInside(
  tensor: Tensor<FloatDtype>,
  law: TruncatedNormal,
  source: NormalSource,
): void {
  const { data, dtype, shape } = tensor;
  const proposals = empty(shape, { dtype });
  const tests = empty(shape, { dtype });
  const isRejected = rejectionOf(law, dtype);
  const pending = new Uint8Array(data.length).fill(1);
  do {
    fillUniform(proposals, law.low, law.high, source);
    fillUniform(tests, 0, 1, source);
    for (let i = 0; i < data.length; i++) {
      if (pending[i] === 0) continue;
      data[i] = proposals.data[i];
      if (!isRejected(data[i], tests.data[i])) pending[i] = 0;
    }
  } while (pending.includes(1));
}

/** Whether a proposal is rejected, each step rounded to the dtype. */
function rejectionOf(
  { mean, std, low, high }: TruncatedNormal,
  dtype: FloatDtype,
): (proposal: number, test: number) => boolean {
  const { decode } = dtypes[dtype];
  const round = roundingOf(dtype);
  const mode = Math.max(low, Math.min(mean, high));
  // What is subtracted has the dtype; half precision is divided in float32.
  const shift = round(mean);
  const peak = round(-0.5 * ((mode - mean) / std) ** 2);
  const scale = dtype === "float64" ? std : Math.fround(std);
  return (proposal, test) => {
    const z = round(round(decode(proposal) - shift) / scale);
    const logDensity = round(round(round(z * z) * -0.5) - peak);
    return round(Math.log(decode(test))) > logDensity;
  };
}

/** Rounds to a dtype. */
function roundingOf(dtype: FloatDtype): (value: number) => number {
  const { decode, encode } = dtypes[dtype];
  if (dtype === "float32") return Math.fround;
  return (value) => decode(encode(value)!);
}
