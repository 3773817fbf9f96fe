/**
 * Findings about a tensor, as sentences with their numbers.
 *
 * @module
 */

import { dtypes } from "../../core/dtype.ts";
import { formatCount, formatNumber, formatShare } from "../../core/format.ts";
import type { Gathered } from "./gathered.ts";
import type { Finding, TensorReport } from "./result.ts";
import { identity } from "./structure.ts";

/** A finding without its tensor. */
type Note = Omit<Finding, "tensor">;

/**
 * Returns how many standard deviations from the mean are too many, by default:
 * the threshold that any of n normals exceeds with a chance of 1e-6, about
 * `sqrt(2 · ln(n / 1e-6))`: 6.1 for 100, 7.4 for a million, 8.3 for a billion.
 *
 * @param count How many values there are.
 */
export function usualSigma(count: number): number {
  return Math.sqrt(2 * Math.log(Math.max(2, count) / 1e-6));
}

/**
 * Returns the findings about a tensor.
 *
 * @param report Its report.
 * @param gathered The data gathered while reading it.
 * @param sigma How many standard deviations from the mean are too many; undefined
 * for as many as {@linkcode usualSigma} says.
 */
export function findingsOf(
  report: TensorReport,
  gathered: Gathered,
  sigma: number | undefined,
): Finding[] {
  const notes = [
    notFinite(report),
    huge(report, gathered),
    fresh(report),
    constant(report),
    ...report.origin?.initializer === identity ? [] : [
      dead(report, gathered),
      outliers(report, gathered, sigma),
    ],
    duplicate(report),
  ];
  return notes.filter((note) => note !== null)
    .map((note) => ({ tensor: report.name, ...note }));
}

function notFinite({ nonFinite, elements }: TensorReport): Note | null {
  if (nonFinite === 0) return null;
  return {
    kind: "notFinite",
    matters: true,
    message: `${formatCount(nonFinite)} of ${formatCount(elements)} values ${
      nonFinite === 1 ? "is" : "are"
    } NaN or infinite`,
    numbers: { count: nonFinite, elements },
  };
}

/** E8M0, the scale of a block, may be a power of two of any size. */
function huge(
  { dtype, elements }: TensorReport,
  { huge: { count, farthest } }: Gathered,
): Note | null {
  if (count === 0 || !dtypes[dtype].isFilled) return null;
  return {
    kind: "huge",
    matters: true,
    message: `${formatCount(count)} of ${formatCount(elements)} values ${
      count === 1 ? "is" : "are"
    } beyond 1e30, up to ${
      formatNumber(farthest)
    }, as in memory that was never written`,
    numbers: { count, elements, farthest },
  };
}

function fresh({ origin }: TensorReport): Note | null {
  if (origin === null || origin.state === "consistent") return null;
  const { initializer, evidence, share, chance } = origin;
  const numbers = { initializer, share, ...chance === null ? {} : { chance } };
  if (origin.state === "fresh") {
    return {
      kind: "fresh",
      matters: true,
      message: `still at initialization: ${initializer}; ${evidence}`,
      numbers,
    };
  }
  return {
    kind: "partlyFresh",
    matters: false,
    message: `about ${
      formatShare(share)
    } of it is still at initialization: ${initializer}; ${evidence}`,
    numbers,
  };
}

/**
 * Biases and norms begin as vectors of zeros or ones, and stay so if training
 * does not reach them.
 */
function constant(
  { shape, dtype, elements, min, max, nonFinite }: TensorReport,
): Note | null {
  const drawable = dtypes[dtype].kind === "float" && nonFinite === 0;
  if (!drawable || elements < 2 || min === null || min !== max) return null;
  const numbers = { value: min, elements };
  if (shape.length < 2 && (min === 0 || min === 1)) {
    return {
      kind: "fresh",
      matters: false,
      message: min === 0
        ? "all values are 0, as biases and means begin"
        : "all values are 1, as weights and variances of norms begin",
      numbers,
    };
  }
  return {
    kind: "constant",
    matters: true,
    message: `all ${formatCount(elements)} values are ${formatNumber(min)}`,
    numbers,
  };
}

function dead(
  { min, max }: TensorReport,
  { dead, layout }: Gathered,
): Note | null {
  if (dead === undefined || min === max) return null;
  const { of, rows, zeroRows, firstRow, zeroColumns, firstColumn } = dead
    .found();
  const column = layout === "hwio" ? "output" : "column";
  if (rows === 0 && zeroColumns === 0) return null;
  const ofRows = zeroRows === rows ? "all zero" : "of one value each";
  const parts = [
    ...rows === 0 ? [] : [
      `${formatCount(rows)} of ${formatCount(of)} rows ${
        rows === 1 ? "is" : "are"
      } ${rows === 1 && zeroRows === 0 ? "of one value" : ofRows} (${
        rows === 1 ? "row" : "first"
      } ${firstRow})`,
    ],
    ...zeroColumns === 0 ? [] : [
      zeroColumns === 1
        ? `${column} ${firstColumn} is all zero`
        : `${
          formatCount(zeroColumns)
        } ${column}s are all zero (first ${firstColumn})`,
    ],
  ];
  return {
    kind: "dead",
    // An embedding keeps one row of zeros for padding.
    matters: !(rows === 1 && zeroRows === 1 && zeroColumns === 0),
    message: parts.join("; "),
    numbers: { rows, zeroRows, firstRow, zeroColumns, firstColumn },
  };
}

function outliers(
  { dtype, elements, mean, std, min, max }: TensorReport,
  { grid }: Gathered,
  sigma = usualSigma(elements),
): Note | null {
  if (dtypes[dtype].kind !== "float" || !std) return null;
  // The range may be beyond the largest number.
  const scale = Number.isFinite(max! - min!) ? 1 : 0.5;
  const [below, above] = [[min!, mean!], [mean!, max!]].map(([from, to]) =>
    (to * scale - from * scale) / (std * scale)
  );
  const farthest = Math.max(below, above);
  if (farthest <= sigma) return null;
  const count = Math.max(1, grid.countBeyond(mean!, sigma * std));
  return {
    kind: "outliers",
    matters: false,
    message: `${formatCount(count)} ${
      count === 1 ? "value or more is" : "values or more are"
    } beyond ${formatNumber(sigma, 2)} std; the farthest is ${
      formatNumber(above > below ? max! : min!)
    }, ${formatNumber(farthest, 3)} std from the mean`,
    numbers: { count, sigma, farthest },
  };
}

function duplicate({ duplicateOf }: TensorReport): Note | null {
  if (duplicateOf === null) return null;
  return {
    kind: "duplicate",
    matters: false,
    message: `the same bytes as ${duplicateOf}`,
    numbers: { of: duplicateOf },
  };
}
