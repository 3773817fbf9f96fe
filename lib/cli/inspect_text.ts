/**
 * What `inspect` prints: the table of tensors, and findings.
 *
 * @module
 */

import type { Finding, Inspection } from "../inspection/result.ts";
import { formatCount } from "../plot/format.ts";
import { asciiMinus } from "../plot/picture.ts";
import { formatBytes } from "./bytes.ts";
import { reportCells, reportColumns as columns } from "./inspect_columns.ts";
import { tableLines } from "./table.ts";
import type { Terminal } from "./terminal.ts";

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
  const [titles, ...lines] = tableLines(
    [...columns, { title: "found" }],
    fitted(rows, width),
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
  const widths = rows[0].map((_, index) =>
    rows.reduce(
      (most, row) => Math.max(most, lengthOf(row[index])),
      columns[index]?.title.length ?? 5,
    )
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
