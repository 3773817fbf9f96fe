/**
 * The columns of the tables of `inspect`: on a terminal and on its page.
 *
 * @module
 */

import { formatShape } from "../core/shape.ts";
import type { BinCounts, TensorReport } from "../inspection/result.ts";
import { formatCount, formatNumber, formatShare } from "../plot/format.ts";
import { asciiMinus, blockHistogram } from "../plot/picture.ts";
import type { Column } from "./table.ts";

/** A column, and how soon it is left out where there is no room: 0 is never. */
export interface ReportColumn extends Column {
  /** In which turn it is left out. */
  readonly dropped: number;
  /** Returns a tensor's text. */
  readonly cell: (report: TensorReport) => string;
}

/** Characters of a histogram. */
const bars = 16;

/** The columns, but for the one that says what was found. */
export const reportColumns: readonly ReportColumn[] = [
  { title: "tensor", dropped: 0, cell: ({ name }) => name },
  { title: "dtype", dropped: 5, cell: dtypeCell },
  { title: "shape", dropped: 0, cell: ({ shape }) => formatShape(shape) },
  count("fan in", ({ fanIn }) => fanIn),
  count("fan out", ({ fanOut }) => fanOut),
  number("mean", 4, ({ mean }) => mean),
  number("std", 0, ({ std }) => std),
  number("min", 3, ({ min }) => min),
  number("max", 3, ({ max }) => max),
  { title: "zeros", align: "right", dropped: 2, cell: zerosCell },
  { title: "histogram", dropped: 0, cell: histogramCell },
];

/**
 * Returns the texts of a tensor, a column each.
 *
 * @param report What is in it.
 */
export function reportCells(report: TensorReport): string[] {
  return reportColumns.map(({ cell }) => cell(report));
}

function count(
  title: string,
  value: (report: TensorReport) => number | null,
): ReportColumn {
  return numeric(title, 1, value, (number) => formatCount(number));
}

function number(
  title: string,
  dropped: number,
  value: (report: TensorReport) => number | null,
): ReportColumn {
  const format = (number: number) => asciiMinus(formatNumber(number, 3));
  return numeric(title, dropped, value, format);
}

function numeric(
  title: string,
  dropped: number,
  value: (report: TensorReport) => number | null,
  format: (number: number) => string,
): ReportColumn {
  return {
    title,
    align: "right",
    dropped,
    cell: (report) => {
      const number = value(report);
      return number === null ? "" : format(number);
    },
  };
}

/** What a file rounds is marked: its values are few. */
function dtypeCell({ dtype, quantization }: TensorReport): string {
  return quantization === null ? dtype : `${dtype} (${quantization.dtype})`;
}

function zerosCell({ zeroShare }: TensorReport): string {
  if (zeroShare === null || zeroShare === 0) return "";
  return formatShare(zeroShare).replace("below ", "<").replace("above ", ">");
}

function histogramCell({ histogram, min, max }: TensorReport): string {
  if (histogram === null || min === max) return "";
  return blockHistogram(resampled(histogram, min!, max!), bars);
}

/** Counts in 16 bins from the smallest value drawn to the largest. */
function resampled(
  { start, width, counts }: BinCounts,
  min: number,
  max: number,
): number[] {
  const low = Math.max(start, min);
  const high = Math.min(start + width * counts.length, max);
  const heights = new Array<number>(bars).fill(0);
  counts.forEach((count, index) => {
    // A bin at an end is as wide as what of it can have values.
    const left = Math.max(low, start + index * width);
    const right = Math.min(high, start + (index + 1) * width);
    const [from, to] = [left, right].map((x) =>
      (x - low) / (high - low) * bars
    );
    for (let bar = Math.floor(from); bar < Math.min(bars, to); bar++) {
      const shared = Math.min(to, bar + 1) - Math.max(from, bar);
      heights[bar] += to > from ? count * shared / (to - from) : count;
    }
  });
  return heights;
}
