/**
 * `inspect model.safetensors`: what is in a checkpoint, and what is odd about it,
 * as a table, as JSON or as a page with figures.
 *
 * @module
 */

import "../numerics/kernels/offer.ts";

import { inspect } from "../checkpoint/inspection/inspect.ts";
import {
  type BinCounts,
  type Finding,
  type FindingKind,
  findingKinds,
  type Inspection,
  type TensorReport,
} from "../checkpoint/inspection/result.ts";
import { type FileCheckpoint, openCheckpoint } from "../checkpoint/open.ts";
import { lengthOf, shortened } from "../core/columns.ts";
import { writeAtomically } from "../checkpoint/write.ts";
import {
  formatCount,
  formatNumber,
  formatShare,
  plural,
} from "../core/format.ts";
import { onlyBy } from "../core/only.ts";
import { cannot, clip, describe } from "../core/options.ts";
import { dtypes } from "../core/dtype.ts";
import { formatShape } from "../core/shape.ts";
import { escapeMarkup } from "../core/show.ts";
import { sortedBy } from "../core/sorting.ts";
import { type Layout, layouts } from "../core/source.ts";
import { Tensor } from "../core/tensor.ts";
import { markup } from "../notebook/figure.ts";
import { libraryMarkup } from "../notebook/library.ts";
import { factLine, foldedTable, marked } from "../notebook/tables.ts";
import type { Figure } from "../plot/figure.ts";
import { layers } from "../plot/layers.ts";
import { asciiMinus, blockHistogram } from "../plot/text.ts";
import { weights } from "../plot/weights.ts";
import {
  checkOutputs,
  readArguments,
  readChoice,
  readNumber,
  UsageError,
} from "./arguments.ts";
import type { Command } from "./command.ts";
import { interruptible } from "./interrupt.ts";
import {
  type Column,
  formatBytes,
  jsonHelp,
  printJson,
  Progress,
  tableLines,
  type Terminal,
  widestCell,
} from "./terminal.ts";

/** A column, and how soon it is left out where there is no room: 0 is never. */
interface ReportColumn extends Column {
  /** The key of a report that it shows. */
  readonly key: keyof TensorReport;
  /** Its turn to be left out. */
  readonly dropped: number;
  /** Returns a tensor's text. */
  readonly cell: (report: TensorReport) => string;
}

/** Characters of a histogram. */
const bars = 16;

/** The columns, but for the one that says what was found. */
const reportColumns: readonly ReportColumn[] = [
  { key: "name", title: "tensor", dropped: 0, cell: ({ name }) => name },
  { key: "dtype", title: "dtype", dropped: 5, cell: dtypeCell },
  {
    key: "shape",
    title: "shape",
    dropped: 0,
    cell: ({ shape }) => formatShape(shape),
  },
  countColumn("fan in", "fanIn"),
  countColumn("fan out", "fanOut"),
  numberColumn("mean", 4),
  numberColumn("std", 0),
  numberColumn("min", 3),
  numberColumn("max", 3),
  {
    key: "zeroShare",
    title: "zeros",
    align: "right",
    dropped: 2,
    cell: zerosCell,
  },
  { key: "histogram", title: "histogram", dropped: 0, cell: histogramCell },
];

/** What `--columns` takes. */
const columnKeys = reportColumns.map(({ key }) => key);

/** What `--sort` takes. */
const sortKeys: readonly (keyof TensorReport)[] = [
  ...columnKeys.filter((key) => key !== "histogram"),
  "elements",
  "bytes",
  "nonFinite",
];

/** What one figure of layers holds. */
const mostRidges = 240;

/** The number of tensors with a separate figure. */
const mostOwn = 6;

/** Metadata are cut to as many characters. */
const longestMetadata = 300;

/** What is said where fans are not known. */
const unknownLayout =
  "unknown: what the axes of weights stand for is not said, so fans are not counted; --layout says it";

/** Names are not shortened further while a column can be left out instead. */
const enoughName = 24;

/** Of one kind no more findings are listed. */
const mostListed = 20;

const help = `Inspects a checkpoint: statistics of each tensor, and findings.

Usage: fanin inspect <checkpoint> [options]

A checkpoint is a .safetensors file, a file of PyTorch (.pt, .pth, .bin, .ckpt
or .pkl; nothing of it is run), an .index.json of several, an .npz or .npy file,
a model.json or weights_manifest.json of TensorFlow.js, or a folder that has one
of these. Files may be larger than memory; an array in an .npz file may not.

Findings that matter:
  notFinite     NaN or infinities
  huge          values beyond 1e30, as in memory that was never written
  fresh         still at initialization. Reported only if 5 % noise would have
                been seen; a vector of zeros or ones is a note
  constant      a tensor of one value
  dead          rows of one value each, or columns of zeros; one row of zeros
                is a note
Notes:
  partlyFresh   a part of the values is still as drawn
  outliers      values beyond k std from the mean
  duplicate     the bytes of an earlier tensor

  --only <pattern>        only tensors with this in their name; * matches any
                          text, and the pattern is then the whole name
  --sort <key>            the tensors by a key that they have in --json: name,
                          shape, fanIn, mean, std, zeroShare, elements, bytes…
  --descending            the largest first
  --columns <keys>        what the table has after the names, such as std,shape;
                          nothing of it is left out on a narrow terminal
  --layout <layout>       what the axes of weights stand for: torch (out, in,
                          kernel…), hwio (kernel…, in, out) or ohwi (out,
                          kernel…, in). Default: what the file, or the names
                          of its tensors, say; else fans are "?"
  --sigma <k>             std from the mean that make an outlier. Default: as
                          many as one of n normals exceeds once in 10^6 times
  --fail-on <kinds>       kinds that make the exit code 1, notes included, such
                          as fresh,dead; or none. Default: findings that matter
  --plot <page.html>      also write a page of figures, which needs no network
${jsonHelp}

Exit codes: 0 nothing that matters, 1 a finding that does, 2 a failure.

Permissions: --allow-read for the checkpoint, and --allow-write for the folder
of the page.

Examples:
  fanin inspect model.safetensors
  fanin inspect model/ --only '*.bias' --fail-on fresh
  fanin inspect model.npz --plot page.html`;

/** The command `inspect`. */
export const inspectCommand: Command = { help, run };

async function run(
  args: readonly string[],
  terminal: Terminal,
): Promise<number> {
  const { operands, flags, values } = readArguments(args, {
    flags: ["json", "descending"],
    values: ["only", "sort", "columns", "layout", "sigma", "fail-on", "plot"],
  });
  if (operands.length !== 1) {
    throw new UsageError(
      cannot("inspect", "one checkpoint must be named", operands.length),
    );
  }
  const { plot } = values;
  if (plot !== undefined && !plot.endsWith(".html")) {
    throw new UsageError(
      cannot(
        "read --plot",
        "the page's name must end in .html",
        describe(plot),
      ),
    );
  }
  const fails = readFailOn(values["fail-on"]);
  const sigma = values.sigma === undefined
    ? undefined
    : readSigma(values.sigma);
  const only = onlyBy("inspect", values.only ?? "*");
  const sort = values.sort === undefined
    ? undefined
    : readChoice("--sort", values.sort, sortKeys);
  const columns = readColumns(values.columns);
  const layout = values.layout === undefined
    ? undefined
    : readChoice("--layout", values.layout, layouts);
  const checkpoint = await openCheckpoint(operands[0]);
  try {
    if (plot !== undefined) await checkOutputs([plot], checkpoint.files);
    const found = await inspectShowing(
      checkpoint,
      { only, sigma, layout, sort, descending: flags.descending },
      plot,
      terminal,
    );
    if (flags.json) {
      printJson(terminal, { path: checkpoint.path, ...found });
    } else {
      printTensors(found, columns, terminal);
      printFindings(found, terminal);
    }
    return found.findings.some(fails) ? 1 : 0;
  } finally {
    checkpoint.close();
  }
}

/** Shows the progress, and writes the page that is asked for. */
async function inspectShowing(
  checkpoint: FileCheckpoint,
  { only, sigma, layout, sort, descending }: {
    readonly only: (name: string) => boolean;
    readonly sigma: number | undefined;
    readonly layout: Layout | undefined;
    readonly sort: keyof TensorReport | undefined;
    readonly descending: boolean;
  },
  plot: string | undefined,
  terminal: Terminal,
): Promise<Inspection> {
  const gallery = plot === undefined ? undefined : new Gallery();
  const total = Object.entries(checkpoint.tensors).reduce(
    (sum, [name, { bytes }]) => only(name) ? sum + bytes : sum,
    0,
  );
  const progress = new Progress(terminal, total);
  const { tensors, ...others } = await inspect(checkpoint, {
    sigma,
    layout,
    only,
    onProgress: (bytes, name) => progress.add(bytes, name),
    onTensor: (report, values) => gallery?.add(report, values),
  }).finally(() => progress.end());
  const found = { ...others, tensors: sortedBy(tensors, sort, descending) };
  if (plot !== undefined) await gallery?.write(plot, checkpoint.path, found);
  return found;
}

/** The name, and what was asked for or all. */
function readColumns(text: string | undefined): readonly ReportColumn[] {
  if (text === undefined) return reportColumns;
  const keys = text.split(",").map((word) =>
    readChoice("--columns", word.trim(), columnKeys)
  );
  const [name] = reportColumns;
  const asked = [...new Set(keys)].flatMap((key) =>
    reportColumns.filter((column) => column.key === key && column !== name)
  );
  return [name, ...asked.map((column) => ({ ...column, dropped: 0 }))];
}

function readSigma(text: string): number {
  const sigma = readNumber("--sigma", text);
  if (sigma <= 0) {
    throw new UsageError(
      cannot("read --sigma", "it must be above 0", text),
    );
  }
  return sigma;
}

function readFailOn(text: string | undefined): (finding: Finding) => boolean {
  if (text === undefined) return ({ matters }) => matters;
  if (text === "none") return () => false;
  const kinds = text.split(",").map((word) =>
    readChoice<FindingKind>("--fail-on", word.trim(), findingKinds)
  );
  return ({ kind }) => kinds.includes(kind);
}

/**
 * Prints a table with a line for each tensor. On a terminal columns are left out
 * that have no room.
 *
 * @param inspection What was found.
 * @param columns The columns, but for the one that says what was found.
 * @param terminal Where it is printed.
 */
function printTensors(
  { tensors, findings }: Inspection,
  columns: readonly ReportColumn[],
  terminal: Terminal,
): void {
  if (tensors.length === 0) return;
  const found = Map.groupBy(findings, ({ tensor }) => tensor);
  const width = terminal.isTerminal ? terminal.width : Infinity;
  const rows = tensors.map((report) => [
    ...columns.map(({ cell }) => cell(report)),
    marksOf(found.get(report.name) ?? []),
  ]);
  const [titles, ...lines] = tableLines(
    [...columns, { title: "found" }],
    fitted(columns, rows, width),
    width,
  );
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
function printFindings(inspection: Inspection, terminal: Terminal): void {
  const { layout, metadata, tensors, findings, unread, elements, bytes } =
    inspection;
  const { notes: said } = inspection;
  const [bad, notes] = [true, false].map((matters) =>
    findings.filter((finding) => finding.matters === matters)
  );
  for (const group of [bad, notes]) {
    const kinds = Map.groupBy(group, ({ kind }) => kind);
    for (const [kind, ofKind] of kinds) printKind(kind, ofKind, terminal);
  }
  const refused = unread.map(({ name, dtype, shape, reason }) => ({
    tensor: name,
    message: `${dtype} ${formatShape(shape)}; ${reason}`,
    matters: false,
  }));
  printKind("not read", refused, terminal);
  for (const note of said) printLine("note", note, false, terminal);
  // PyTorch's goes without saying.
  const toSay = layout !== "torch" && tensors.some(isWeight);
  if (toSay) {
    printLine("layout", layout ?? unknownLayout, false, terminal);
  }
  const texts = Object.entries(metadata).map(([key, text]) =>
    `${key}: ${text}`
  );
  if (texts.length > 0) {
    const text = clip(texts.slice(0, mostListed).join(", "), longestMetadata);
    const shown = text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, " ");
    printLine("metadata", shown, false, terminal);
  }
  if (
    findings.length + unread.length + said.length + texts.length > 0 ||
    toSay
  ) terminal.out("");
  terminal.out(terminal.paint(
    [
      `${countOf(inspection)}, ${plural(elements, "element")}, ${
        formatBytes(bytes)
      }`,
      `${plural(bad.length, "finding")} that ${
        bad.length === 1 ? "matters" : "matter"
      }`,
      plural(notes.length + said.length, "note"),
      ...unread.length === 0
        ? []
        : [`${plural(unread.length, "tensor")} not read`],
    ].join(" · "),
    "bold",
  ));
}

function printKind(
  kind: string,
  findings: readonly Pick<Finding, "tensor" | "message" | "matters">[],
  terminal: Terminal,
): void {
  for (const { tensor, message, matters } of findings.slice(0, mostListed)) {
    const name = shortened(tensor, widestCell);
    printLine(kind, `${name}: ${asciiMinus(message)}`, matters, terminal);
  }
  const more = findings.length - mostListed;
  if (more > 0) {
    terminal.out(`  and ${formatCount(more)} more ${kind}; --json has all`);
  }
}

/** Prints a sentence after its kind, which is painted. */
function printLine(
  kind: string,
  text: string,
  matters: boolean,
  terminal: Terminal,
): void {
  const mark = matters
    ? terminal.paint(`! ${kind}`, "red", "bold")
    : terminal.paint(`· ${kind}`, "dim");
  const width = terminal.isTerminal ? terminal.width : Infinity;
  const [first, ...more] = wrapped(
    `${matters ? "!" : "·"} ${kind}  ${text}`,
    width,
  );
  // The mark is painted where it stands, at the start.
  terminal.out(mark + first.slice(kind.length + 2));
  for (const line of more) terminal.out(line);
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
  columns: readonly ReportColumn[],
  rows: readonly (readonly string[])[],
  width: number,
): readonly (readonly string[])[] {
  const widths = rows[0].map((_, index) =>
    rows.reduce(
      (most, row) => Math.max(most, lengthOf(row[index])),
      columns[index]?.title.length ?? 5,
    )
  );
  widths[0] = Math.min(widths[0], enoughName);
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

/** The first kind, by importance, and how many others there are. */
function marksOf(findings: readonly Finding[]): string {
  const marks = findings.toSorted((a, b) =>
    Number(b.matters) - Number(a.matters)
  ).map(({ kind, matters }) => matters ? `! ${kind}` : kind);
  return marks.length < 2 ? marks.join("") : `${marks[0]} +${marks.length - 1}`;
}

function countColumn(title: string, key: "fanIn" | "fanOut"): ReportColumn {
  const column = numericColumn(title, key, 1, formatCount);
  return {
    ...column,
    cell: (report) => column.cell(report) || (isWeight(report) ? "?" : ""),
  };
}

/** Whether a tensor has fans, if it is known what its axes stand for. */
function isWeight({ dtype, shape }: TensorReport): boolean {
  return dtypes[dtype].kind === "float" && shape.length >= 2;
}

function numberColumn(
  key: "mean" | "std" | "min" | "max",
  dropped: number,
): ReportColumn {
  const format = (number: number) => asciiMinus(formatNumber(number, 3));
  return numericColumn(key, key, dropped, format);
}

function numericColumn(
  title: string,
  key: "fanIn" | "fanOut" | "mean" | "std" | "min" | "max",
  dropped: number,
  format: (number: number) => string,
): ReportColumn {
  return {
    key,
    title,
    align: "right",
    dropped,
    cell: (report) => {
      const number = report[key];
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

/**
 * Returns counts in 16 bins from the smallest value drawn to the largest; they
 * sum to those given.
 *
 * @param histogram Counts in other bins.
 * @param min The smallest value.
 * @param max The largest value, above it.
 */
export function resampled(
  { start, width, counts }: BinCounts,
  min: number,
  max: number,
): number[] {
  const low = Math.max(start, min);
  const high = Math.min(start + width * counts.length, max);
  // The range may be beyond the largest number.
  const scale = Number.isFinite(high - low) ? 1 : 0.5;
  const range = high * scale - low * scale;
  const heights = new Array<number>(bars).fill(0);
  counts.forEach((count, index) => {
    // A bin at an end is as wide as what of it can have values.
    const left = Math.max(low, start + index * width);
    const right = Math.min(high, start + (index + 1) * width);
    const [from, to] = [left, right].map((x) =>
      (x * scale - low * scale) / range * bars
    );
    // A bin that begins at the largest value has no width, but that value.
    const first = Math.min(bars - 1, Math.floor(from));
    const last = Math.max(first, Math.ceil(to) - 1);
    for (let bar = first; bar <= last; bar++) {
      const shared = Math.min(to, bar + 1) - Math.max(from, bar);
      heights[bar] += to > from ? count * shared / (to - from) : count;
    }
  });
  return heights;
}

/** Collects what the page shows. */
class Gallery {
  readonly #samples = new Map<string, Tensor>();

  /**
   * Takes a tensor.
   *
   * @param report What is in it.
   * @param values Some of its values, or all.
   */
  add(report: TensorReport, values: Readonly<ArrayLike<number>>): void {
    // More could not be drawn, and would fill the memory.
    if (values.length === 0 || this.#samples.size >= mostRidges) return;
    if (report.min === null) return;
    const data = Float32Array.from(values);
    this.#samples.set(report.name, new Tensor(data, [data.length], "float32"));
  }

  /**
   * Writes the page.
   *
   * @param path The page; what was there is replaced.
   * @param source The checkpoint's path, for the title.
   * @param inspection What was found.
   */
  async write(
    path: string,
    source: string,
    inspection: Inspection,
  ): Promise<void> {
    const page = new TextEncoder().encode(await this.#page(source, inspection));
    await interruptible((signal) =>
      writeAtomically(path, (file) => file.write(0, page), signal)
    );
  }

  async #page(source: string, inspection: Inspection): Promise<string> {
    const { tensors, findings, elements, bytes } = inspection;
    const title = escapeMarkup(source.split(/[\\/]/).at(-1) || source);
    const figures = this.#figures(findings).map((figure) =>
      `<section>${markup(figure)}</section>`
    );
    const facts = factLine([
      countOf(inspection),
      plural(elements, "element"),
      formatBytes(bytes),
      `${
        formatCount(findings.filter(({ matters }) => matters).length)
      } findings that matter`,
    ]);
    return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>
body{font:15px/1.5 system-ui,sans-serif;margin:2em auto;max-width:1100px;padding:0 1em;background:Canvas;color:CanvasText}
h1{font-size:1.4em}h2{font-size:1.1em;margin-top:2em}section{margin:1.5em 0}
.wide{overflow-x:auto;font-size:.85em}
</style>
<h1>${title}</h1>
${facts}
<h2>Findings</h2>
${findingsTable(findings)}
<h2>Distributions</h2>
${figures.join("\n")}
${await libraryMarkup()}
<p>${this.#samples.size} of ${
      formatCount(tensors.length)
    } tensors are drawn: the first ${mostRidges} of floats at most. Of more than
65,536 values, so many are drawn, in blocks evenly spread.</p>
<h2>Tensors</h2>
${tensorsTable(inspection)}
</html>
`;
  }

  /** One of all, and one for each of the most notable. */
  #figures(findings: readonly Finding[]): Figure[] {
    if (this.#samples.size === 0) return [];
    const notable = this.#notable(findings);
    return [
      layers(Object.fromEntries(this.#samples)),
      ...notable.map((name) =>
        weights(this.#samples.get(name)!, { title: name })
      ),
    ];
  }

  /** The first of each kind, then the second, and so on. */
  #notable(findings: readonly Finding[]): string[] {
    const drawable = findings.filter(({ kind, tensor }) =>
      kind !== "duplicate" && this.#isDrawable(tensor)
    );
    const kinds = [...Map.groupBy(drawable, ({ kind }) => kind).values()];
    const turns = Array.from(
      { length: mostOwn },
      (_, turn) => kinds.flatMap((ofKind) => ofKind.slice(turn, turn + 1)),
    );
    return [...new Set(turns.flat().map(({ tensor }) => tensor))]
      .slice(0, mostOwn);
  }

  #isDrawable(name: string): boolean {
    const sample = this.#samples.get(name)?.toFloat32() ?? [];
    return sample.some((value, _, all) =>
      Number.isFinite(value) && value !== all[0]
    );
  }
}

function findingsTable(findings: readonly Finding[]): string {
  if (findings.length === 0) return "<p>None.</p>";
  const rows = findings
    .toSorted((a, b) => Number(b.matters) - Number(a.matters))
    .map(({ kind, tensor, message, matters }) => [
      matters ? marked(`! ${kind}`) : kind,
      tensor,
      message,
    ]);
  return `<div class="wide">${
    foldedTable([
      { title: "kind" },
      { title: "tensor", broken: "names" },
      { title: "what", broken: "sentences" },
    ], rows)
  }</div>`;
}

function tensorsTable({ tensors, findings }: Inspection): string {
  const bad = new Set(
    findings.filter(({ matters }) => matters).map(({ tensor }) => tensor),
  );
  const [first, ...others] = reportColumns;
  const rows = tensors.map((report) => {
    const [name, ...cells] = reportColumns.map(({ cell }) => cell(report));
    return [bad.has(name) ? marked(name) : name, ...cells];
  });
  return `<div class="wide">${
    foldedTable([{ ...first, broken: "names" }, ...others], rows)
  }</div>`;
}

/** How many tensors were inspected, and of how many if some were not asked for. */
function countOf({ tensors, of, unread }: Inspection): string {
  const names = new Set([...tensors, ...unread].map(({ name }) => name));
  if (names.size === of) return plural(tensors.length, "tensor");
  return `${formatCount(tensors.length)} of ${plural(of, "tensor")}`;
}
