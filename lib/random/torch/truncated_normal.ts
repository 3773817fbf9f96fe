/**
 * The normal distribution cut at both ends, as `torch.nn.init.trunc_normal_`
 * draws it.
 *
 * If more than 0.3 of the normal lies inside, it draws normals and redraws
 * those outside; otherwise it draws uniforms and accepts them by the density.
 * Either way each round draws for the whole tensor, even for elements that are
 * done.
 *
 * @module
 */

import { empty, type Tensor } from "../../core/tensor.ts";
import { dtypes, type FloatDtype, roundingOf } from "../../core/dtype.ts";
import {
  type CutNormal,
  fillTruncatedNormal as fillCompiled,
} from "../../numerics/kernels/fill.ts";
import { normalShare } from "../../numerics/special.ts";
import {
  enoughInside,
  logDensityOf,
  type Normal,
  type TruncatedNormal,
  type Uniform,
} from "../distribution.ts";
import { fillUniform } from "./uniform.ts";
import {
  blockLength,
  compiledFor,
  fillNormal,
  type NormalSource,
} from "./normal.ts";

/**
 * Fills a tensor from a cut normal.
 *
 * Draws: as many rounds for the whole tensor as it takes. With uniforms, a
 * round draws the proposals and then the numbers that decide about them. That
 * test uses the machine's logarithm, so in principle a decision could differ
 * from PyTorch's.
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
  fillTruncatedPart(tensor, law, () => source);
}

/**
 * Fills a part of a tensor from a cut normal. Each draw of the whole tensor has
 * its own source, which starts at the part's place.
 *
 * @param part The part, filled from its first element to its last.
 * @param law The distribution, checked.
 * @param sourceOf Returns the source of the words of a draw, counted from 0;
 * called in order. The source ends at the part's end in that draw.
 * @returns How many draws the part needed.
 */
export function fillTruncatedPart(
  part: Tensor<FloatDtype>,
  law: TruncatedNormal,
  sourceOf: (draw: number) => NormalSource,
): number {
  const first = sourceOf(0);
  const from = (draw: number) => draw === 0 ? first : sourceOf(draw);
  const { data } = part;
  const law32 = law32Of(law);
  const kernel = isDirect(law) && data instanceof Float32Array &&
      data.length >= blockLength
    ? compiledFor(data, law32.mean, first)
    : undefined;
  return kernel === undefined ? fillInRounds(part, law, from) : fillCompiled(
    kernel,
    data as Float32Array,
    law32,
    (draw) => from(draw).twister!,
  );
}

function fillInRounds(
  { data, dtype, shape }: Tensor<FloatDtype>,
  law: TruncatedNormal,
  sourceOf: (draw: number) => NormalSource,
): number {
  const laws = lawsOf(law);
  const drawn = laws.map(() => empty(shape, { dtype }));
  const [values, tests = values] = drawn;
  const isRejected = isDirect(law)
    ? outsideOf(law, dtype)
    : rejectionOf(law, dtype);
  const pending = new Uint8Array(data.length).fill(1);
  let draws = 0;
  do {
    laws.forEach((each, i) => {
      const source = sourceOf(draws++);
      if (each.kind === "uniform") {
        fillUniform(drawn[i], each.low, each.high, source);
      } else fillNormal(drawn[i], each.mean, each.std, source);
    });
    for (let i = 0; i < data.length; i++) {
      if (pending[i] === 0) continue;
      data[i] = values.data[i];
      if (!isRejected(data[i], tests.data[i])) pending[i] = 0;
    }
  } while (pending.includes(1));
  return draws;
}

/**
 * Returns what a round draws for the whole tensor: normals, or proposals and
 * the uniforms that decide about them.
 *
 * @param law The distribution, checked.
 */
export function lawsOf(law: TruncatedNormal): readonly (Uniform | Normal)[] {
  const { mean, std, low, high } = withEnds(law);
  if (isDirect(law)) return [{ kind: "normal", mean, std }];
  return [{ kind: "uniform", low, high }, { kind: "uniform", low: 0, high: 1 }];
}

function withEnds(
  { low = -Infinity, high = Infinity, ...rest }: TruncatedNormal,
): Required<TruncatedNormal> {
  return { ...rest, low, high };
}

/** Whether normals are drawn rather than uniforms. */
function isDirect(law: TruncatedNormal): boolean {
  const { mean, std, low, high } = withEnds(law);
  return normalShare((low - mean) / std, (high - mean) / std) > enoughInside;
}

function law32Of(law: TruncatedNormal): CutNormal {
  const { mean, std, low, high } = withEnds(law);
  const { fround } = Math;
  return {
    mean: fround(mean),
    std: fround(std),
    low: fround(low),
    high: fround(high),
  };
}

/** Whether a normal lies outside, the ends rounded to the dtype. */
function outsideOf(
  law: TruncatedNormal,
  dtype: FloatDtype,
): (stored: number) => boolean {
  const { low, high } = withEnds(law);
  const { decode } = dtypes[dtype];
  const round = roundingOf(dtype);
  const [first, last] = [round(low), round(high)];
  return (stored) => decode(stored) < first || decode(stored) > last;
}

/** Whether a proposal is rejected, each step rounded to the dtype. */
function rejectionOf(
  law: TruncatedNormal,
  dtype: FloatDtype,
): (proposal: number, test: number) => boolean {
  const { decode } = dtypes[dtype];
  const round = roundingOf(dtype);
  const logDensity = logDensityOf(law, dtype);
  return (proposal, test) =>
    round(Math.log(decode(test))) > logDensity(decode(proposal));
}
