/**
 * What a run found, as text for a terminal.
 *
 * @module
 */

import {
  type Comparison,
  type Machine,
  type Results,
  verdictOf,
} from "./results.ts";
import {
  formatMegabytes,
  formatRatio,
  formatShare,
  formatSize,
  formatTime,
} from "./words.ts";

const head = [
  "work",
  "numbers",
  "fanin",
  "peer",
  "takes",
  "times fanin's",
  "middle half",
  "target",
  "verdict",
];

/** With a load above this, other work takes a share of the cores. */
const quiet = 0.5;

/** Columns that stand at the left. */
const texts = new Set(["work", "peer", "verdict"]);

/** How much memory a thread may need beyond the tensor, in bytes. */
export const memoryTarget = 8e6;

/**
 * Returns the table and all that belongs to it.
 *
 * @param results What was found.
 */
export function report(results: Results): string {
  const { comparisons, skipped, memory, startup, machine, runs } = results;
  const missing = Map.groupBy(skipped, ({ by, reason }) => `${by}, ${reason}`);
  const needs = memory.map(({ work, bytes, threads }) => {
    const bound = threads * memoryTarget;
    return `${work}: ${formatMegabytes(bytes.median)} (${
      formatMegabytes(bytes.low)
    } to ${formatMegabytes(bytes.high)}), target at most ${
      formatMegabytes(bound)
    }: ${bytes.median <= bound ? "met" : "not met"}`;
  });
  const starts = startup.map(({ module, seconds }) =>
    `${module}: ${formatTime(seconds.median)} (${formatTime(seconds.low)} to ${
      formatTime(seconds.high)
    })`
  );
  return [
    comparisons.length === 0 ? "" : `${table(comparisons)}

${notes(runs)}`,
    section(
      "Not measured",
      Array.from(
        missing,
        ([why, rows]) =>
          `${why}: ${[...new Set(rows.map(({ work }) => work))].join("; ")}`,
      ),
    ),
    section(
      "Memory beyond the tensor of 16 M, at the peak, without the pages of Deno's program",
      needs,
    ),
    section("A fresh process, from its start to its end", starts),
    section("Machine", machineLines(machine)),
  ].filter((part) => part !== "").join("\n\n");
}

/**
 * Returns the machine's facts, a line each.
 *
 * @param machine The machine.
 */
export function machineLines(machine: Machine): string[] {
  const { processor, cores, system, deno, fanin, peers, touch, load } = machine;
  return [
    `${processor}, ${cores} cores, ${system}`,
    `Deno ${deno}`,
    `fanin's path: ${fanin}`,
    ...Object.entries(peers).map(([peer, what]) => `${peer} ${what}`),
    `new memory takes ${formatTime(touch)} for each float32, both sides alike`,
    `load ${load.map((value) => value.toFixed(1)).join(" before, ")} after${
      load[0] > quiet ? ": the machine was busy, and times are rough" : ""
    }`,
  ];
}

function notes(runs: number): string {
  return `\
Medians of ${runs} rounds, all sides by turns; times are for each number or for
the whole. "times fanin's" is the median of the rounds' ratios. PyTorch draws on
one thread, whatever it is given. The 2 workers run before the clock starts. A new
layer takes new memory on both sides; all else fills memory that was there.`;
}

/** One row for each peer; what repeats is said once. */
function table(comparisons: readonly Comparison[]): string {
  const rows = comparisons.map((one, index) => {
    const { work, elements, peer, ours, theirs, ratio, target } = one;
    const before = comparisons[index - 1];
    const repeated = before?.work === work && before.elements === elements;
    return [
      ...repeated
        ? ["", "", ""]
        : [work, formatSize(elements), formatShare(one, ours.median)],
      peer,
      formatShare(one, theirs.median),
      formatRatio(ratio.median),
      `${formatRatio(ratio.low)}–${formatRatio(ratio.high)}`,
      target === undefined ? "" : `≥ ${formatRatio(target)}`,
      verdictOf(one),
    ];
  });
  return align([head, ...rows]);
}

/**
 * Returns rows with their columns under each other, a line under the first.
 *
 * @param rows The cells; the first row names the columns.
 */
function align(rows: readonly (readonly string[])[]): string {
  const widths = rows[0].map((_, column) =>
    Math.max(...rows.map((row) => row[column].length))
  );
  const lines = rows.map((row) =>
    row.map((cell, column) =>
      texts.has(rows[0][column])
        ? cell.padEnd(widths[column])
        : cell.padStart(widths[column])
    ).join("  ").trimEnd()
  );
  const rule = widths.map((width) => "─".repeat(width)).join("  ");
  return [lines[0], rule, ...lines.slice(1)].join("\n");
}

function section(title: string, lines: readonly string[]): string {
  return lines.length === 0
    ? ""
    : [`${title}:`, ...lines.map((line) => `  ${line}`)].join("\n");
}
