/**
 * What `inspect` prints: the table of tensors, and findings.
 *
 * @module
 */

import { formatShape } from "../core/shape.ts";
import type {
  BinCounts,
  Finding,
  Inspection,
  TensorReport,
} from "../inspection/result.ts";
import { formatCount, formatNumber, formatShare } from "../plot/format.ts";
import { asciiMinus, blockHistogram } from "../plot/picture.ts";
import { formatBytes } from "./bytes.ts";
import { type Column, tableLines } from "./table.ts";
import type { Terminal } from "./terminal.ts";

/** A column, and how soon it is left out where there is no room: 0 is never. */
interface ReportColumn extends Column {
  readonly dropped: number;
  readonly cell: (report: TensorReport) => string;
}

/** Characters of a histogram. */
const bars = 16;

/** The columns before the last, which says what was found. */
const columns: readonly ReportColumn[] = [
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

/** The titles of the columns. */
export const reportColumns: readonly Column[] = columns;

/**
 * Returns the texts of a tensor, a column each.
 *
 * @param report What is in it.
 */
export function reportCells(report: TensorReport): string[] {
  return columns.map(({ cell }) => cell(report));
}

/** Names are not shortened further while a column can be left out instead. */
const enough = 24;

/** Of one kind no more findings are listed. */
const mostListed = 20;

/**
 * Prints a table with a line for each tensor. On a terminal columns are left out
 * that have no room.
 *
 * @param inspection What was found.
 * @param terminal Where it is printed.
 */
export function printTensors(
  { tensors, findings }: Inspection,
  terminal: Terminal,
): void {
  if (tensors.length === 0) return;
  const found = Map.groupBy(findings, ({ tensor }) => tensor);
  const width = terminal.isTerminal ? terminal.width : Infinity;
  const rows = tensors.map((report) => [
    ...reportCells(report),
    marksOf(found.get(report.name) ?? []),
  ]);
  const shown: readonly (Column & { dropped: number })[] = [
    ...columns,
    { title: "found", dropped: 0 },
  ];
  const [titles, ...lines] = tableLines(shown, fitted(rows, width), width);
  terminal.out(terminal.paint(titles, "dim"));
  lines.forEach((line, index) => {
    const ofTensor = found.get(tensors[index].name) ?? [];
    const matters = ofTensor.some((finding) => finding.matters);
    terminal.out(matters ? terminal.paint(line, "yellow") : line);
  });
  terminal.out("");
}

/**
 * Prints the findings, those that matter first, and how many there are.
 *
 * @param inspection What was found.
 * @param terminal Where it is printed.
 */
export function printFindings(
  { tensors, findings, elements, bytes }: Inspection,
  terminal: Terminal,
): void {
  const [bad, notes] = [true, false].map((matters) =>
    findings.filter((finding) => finding.matters === matters)
  );
  for (const group of [bad, notes]) {
    const kinds = Map.groupBy(group, ({ kind }) => kind);
    for (const [kind, ofKind] of kinds) printKind(kind, ofKind, terminal);
  }
  if (findings.length > 0) terminal.out("");
  terminal.out(terminal.paint(
    [
      `${plural(tensors.length, "tensor")}, ${plural(elements, "element")}, ${
        formatBytes(bytes)
      }`,
      `${plural(bad.length, "finding")} that ${
        bad.length === 1 ? "matters" : "matter"
      }`,
      plural(notes.length, "note"),
    ].join(" · "),
    "bold",
  ));
}

function printKind(
  kind: string,
  findings: readonly Finding[],
  terminal: Terminal,
): void {
  for (const { tensor, message, matters } of findings.slice(0, mostListed)) {
    const mark = matters
      ? terminal.paint(`! ${kind}`, "red", "bold")
      : terminal.paint(`· ${kind}`, "dim");
    const name = tensor.replace(/\p{Cc}/gu, " ");
    const width = terminal.isTerminal ? terminal.width : Infinity;
    const [first, ...more] = wrapped(
      `${matters ? "!" : "·"} ${kind}  ${name}: ${asciiMinus(message)}`,
      width,
    );
    // The mark is painted where it stands, at the start.
    terminal.out(mark + first.slice(kind.length + 2));
    for (const line of more) terminal.out(line);
  }
  const more = findings.length - mostListed;
  if (more > 0) {
    terminal.out(`  and ${formatCount(more)} more ${kind}; --json has all`);
  }
}

/** Breaks text between words, lines after the first indented. */
function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/(?<=\S)\s(?=\S)/)) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (lengthOf(longer) <= width || line.trim() === "") {
      line = longer;
    } else {
      lines.push(line);
      line = `    ${word}`;
    }
  }
  return [...lines, line];
}

/** Empties the cells of columns for which there is no room. */
function fitted(
  rows: readonly (readonly string[])[],
  width: number,
): readonly (readonly string[])[] {
  const titled = (cells: readonly string[], index: number) =>
    Math.max(columns[index]?.title.length ?? 5, ...cells.map(lengthOf));
  const widths = rows[0].map((_, index) =>
    titled(rows.map((row) => row[index]), index)
  );
  widths[0] = Math.min(widths[0], enough);
  const order = columns.map((_, index) => index)
    .filter((index) => columns[index].dropped > 0)
    .sort((a, b) => columns[a].dropped - columns[b].dropped);
  const out = new Set<number>();
  const taken = () =>
    widths.reduce(
      (sum, wide, index) => sum + (out.has(index) ? 0 : wide + 2),
      -2,
    );
  while (taken() > width && order.length > 0) out.add(order.shift()!);
  return rows.map((row) =>
    row.map((cell, index) => out.has(index) ? "" : cell)
  );
}

function lengthOf(text: string): number {
  return [...text].length;
}

function count(
  title: string,
  value: (report: TensorReport) => number | null,
): ReportColumn {
  return {
    title,
    align: "right",
    dropped: 1,
    cell: (report) => {
      const number = value(report);
      return number === null ? "" : formatCount(number);
    },
  };
}

function number(
  title: string,
  dropped: number,
  value: (report: TensorReport) => number | null,
): ReportColumn {
  return {
    title,
    align: "right",
    dropped,
    cell: (report) => {
      const number = value(report);
      return number === null ? "" : asciiMinus(formatNumber(number, 3));
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

/** The first kind, those that matter first, and how many there are beside it. */
function marksOf(findings: readonly Finding[]): string {
  const marks = findings.toSorted((a, b) =>
    Number(b.matters) - Number(a.matters)
  ).map(({ kind, matters }) => matters ? `! ${kind}` : kind);
  return marks.length < 2 ? marks.join("") : `${marks[0]} +${marks.length - 1}`;
}

function plural(count: number, word: string): string {
  return `${formatCount(count)} ${word}${count === 1 ? "" : "s"}`;
}
