/**
 * One tensor's report, of what its read gathered.
 *
 * @module
 */

import { dtypes } from "../core/dtype.ts";
import { elementCount } from "../core/shape.ts";
import { fan } from "../scaling/fan.ts";
import type { Moments } from "../statistics/moments.ts";
import { numbersOf } from "../summary/row.ts";
import { candidates } from "./candidates.ts";
import type { Gathered } from "./gathered.ts";
import type { Neighbours } from "./neighbours.ts";
import { originByDistribution } from "./origin_by_distribution.ts";
import { originByLattice } from "./origin_by_lattice.ts";
import type { BinCounts, Origin, TensorReport } from "./result.ts";
import { identity } from "./structure.ts";

/** A histogram goes so many std to each side at most. */
const reach = 5;

/**
 * Returns what is in a tensor.
 *
 * @param name Its name.
 * @param gathered What its read gathered.
 * @param neighbours All tensors.
 */
export function reportOf(
  name: string,
  gathered: Gathered,
  neighbours: Neighbours,
): TensorReport {
  const { info } = gathered;
  const { shape, dtype, bytes } = info;
  const { kind } = dtypes[dtype];
  const found = gathered.found();
  const counts = kind === "float" && shape.length >= 2 ? fan(shape) : null;
  return {
    name,
    shape,
    dtype,
    elements: elementCount(shape),
    bytes,
    fanIn: counts?.fanIn ?? null,
    fanOut: counts?.fanOut ?? null,
    ...numbersOf(found, dtype),
    quantization: info.quantization ?? null,
    histogram: histogramOf(gathered, found),
    duplicateOf: null,
    origin: originOf(name, gathered, found, neighbours),
  };
}

function histogramOf(
  { grid }: Gathered,
  { count, mean, sampleStd, min, max }: Moments,
): BinCounts | null {
  if (count === 0) return null;
  const far = count < 2 ? 0 : reach * sampleStd;
  return grid.between(Math.max(min, mean - far), Math.min(max, mean + far));
}

function originOf(
  name: string,
  { info, sample, structure }: Gathered,
  found: Moments,
  neighbours: Neighbours,
): Origin | null {
  // A file's rounding hides what was drawn; equal values were not drawn.
  if (
    sample === undefined || info.quantization !== undefined ||
    found.nonFinite > 0 || !(found.min < found.max)
  ) return null;
  if (structure?.isIdentity(found)) {
    return made(identity, "ones on the diagonal and zeros elsewhere");
  }
  const drawn = withoutZeros(found);
  const known = { dtype: info.dtype, found: drawn, sample };
  const spread = {
    largest: Math.max(-found.min, found.max),
    std: drawn.sampleStd,
    error: 6 * drawn.sampleStd / Math.sqrt(2 * drawn.count),
  };
  const lattice = originByLattice(known, candidates(name, neighbours, spread));
  if (lattice !== null) return lattice;
  const gain = structure?.gain();
  if (gain !== undefined) {
    return made(
      `orthogonal (gain ${Number(gain.toPrecision(6))})`,
      "its rows, or columns where these are shorter, are orthogonal and of one length within 1e-5",
    );
  }
  // A round number near the measured one is no candidate for a test by it.
  const none = { largest: 0, std: 0, error: 0 };
  return originByDistribution(known, candidates(name, neighbours, none));
}

function made(initialiser: string, evidence: string): Origin {
  return { state: "fresh", initialiser, evidence, share: 1, chance: null };
}

/** The moments of the values that are not 0: zeros may have been set later. */
function withoutZeros(found: Moments): Moments {
  const { count, mean, sampleStd, zeroShare } = found;
  const share = 1 - zeroShare;
  if (zeroShare === 0 || share === 0) return found;
  const square = ((count - 1) / count * sampleStd ** 2 + mean ** 2) / share;
  const rest = count * share;
  const variance = Math.max(0, square - (mean / share) ** 2);
  return {
    ...found,
    count: rest,
    mean: mean / share,
    sampleStd: Math.sqrt(variance * rest / Math.max(1, rest - 1)),
    zeroShare: 0,
  };
}
