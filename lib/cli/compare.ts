/**
 * `compare a.safetensors b.safetensors`: what differs between two checkpoints.
 *
 * @module
 */

import {
  commonBytes,
  compare,
  type Comparison,
  type Outline,
  type TensorComparison,
} from "../checkpoint/compare.ts";
import { type FileCheckpoint, openCheckpoint } from "../checkpoint/open.ts";
import { formatCount, formatNumber, formatShare } from "../core/format.ts";
import { cannot } from "../core/options.ts";
import { formatShape } from "../core/shape.ts";
import type { Checkpoint } from "../core/source.ts";
import { readArguments, UsageError } from "./arguments.ts";
import type { Command } from "./command.ts";
import {
  type Column,
  jsonHelp,
  printJson,
  Progress,
  tableLines,
  type Terminal,
} from "./terminal.ts";

const help = `Compares the tensors of two checkpoints, bit for bit.

Usage: fanin compare <a> <b> [options]

A checkpoint is a .safetensors file, a .safetensors.index.json of several, an
.npz or .npy file, a model.json or weights_manifest.json of TensorFlow.js, or a
folder that has one of these. Files may be larger than memory; an array in an
.npz file may not. Metadata is not compared.

  differing     elements that are not the same bits: 0 and -0 are not, NaN and
                NaN of the same bits are
  max |a − b|   the largest difference where neither is NaN
  max ulps      the most steps from one number of the dtype to the next that lie
                between two elements
  NaN           elements that are NaN in one alone

  --differing             only the tensors that are not equal
${jsonHelp}

Exit codes: 0 all tensors are equal to the bit, 1 they are not, or some are not
read, 2 a failure.

Permissions: --allow-read for both.

Examples:
  fanin compare before.safetensors after.safetensors
  fanin compare model/ model.npz --differing`;

/** The columns of the table. */
const columns: readonly Column[] = [
  { title: "tensor" },
  { title: "dtype" },
  { title: "shape" },
  { title: "differing", align: "right" },
  { title: "share", align: "right" },
  { title: "max |a − b|", align: "right" },
  { title: "max ulps", align: "right" },
  { title: "NaN", align: "right" },
];

/** Columns of a terminal from which on there is room for the share. */
const roomForShare = 100;

/** The command `compare`. */
export const compareCommand: Command = { help, run };

async function run(
  args: readonly string[],
  terminal: Terminal,
): Promise<number> {
  const { operands, flags } = readArguments(args, {
    flags: ["differing", "json"],
  });
  if (operands.length !== 2) {
    throw new UsageError(
      cannot("compare", "two checkpoints must be named", operands.length),
    );
  }
  const a = await openCheckpoint(operands[0]);
  try {
    const b = await openCheckpoint(operands[1]);
    try {
      return await compareOpened(a, b, flags, terminal);
    } finally {
      b.close();
    }
  } finally {
    a.close();
  }
}

async function compareOpened(
  a: FileCheckpoint,
  b: FileCheckpoint,
  flags: { readonly differing: boolean; readonly json: boolean },
  terminal: Terminal,
): Promise<number> {
  const { equal, tensors: rows } = await compareShowing(a, b, terminal);
  const shown = flags.differing ? rows.filter((row) => !row.equal) : rows;
  if (flags.json) {
    printJson(terminal, { a: a.path, b: b.path, equal, tensors: shown });
  } else {
    printTable(shown, terminal);
    terminal.out(terminal.paint(sentenceOf(rows), "bold"));
  }
  return equal ? 0 : 1;
}

async function compareShowing(
  a: Checkpoint,
  b: Checkpoint,
  terminal: Terminal,
): Promise<Comparison> {
  const progress = new Progress(terminal, commonBytes(a, b));
  const onProgress = (bytes: number, name: string) => progress.add(bytes, name);
  return await compare(a, b, { onProgress }).finally(() => progress.end());
}

function printTable(
  rows: readonly TensorComparison[],
  terminal: Terminal,
): void {
  if (rows.length === 0) return;
  const lines = rows.flatMap((row) =>
    cellsOf(row).map((cells) => ({ cells, equal: row.equal }))
  );
  const [titles, ...texts] = tableLines(
    columns,
    lines.map(({ cells }) =>
      terminal.room < roomForShare ? cells.with(4, "") : cells
    ),
    terminal.room,
  );
  terminal.out(terminal.paint(titles, "dim"));
  for (const [index, text] of texts.entries()) {
    terminal.out(lines[index].equal ? text : terminal.paint(text, "yellow"));
  }
  terminal.out("");
}

/** A line for what is alike, one for each checkpoint for what is not. */
function cellsOf(
  { name, a, b, equal, difference }: TensorComparison,
): string[][] {
  const line = (
    { dtype, shape }: Outline,
    ...cells: readonly string[]
  ) => [
    ...[name, dtype, formatShape(shape), ...cells],
    ...new Array(columns.length - 3 - cells.length).fill(""),
  ];
  if (a === null || b === null || difference === null) {
    // One line is enough where neither is read and both are of one kind.
    if (isUnread(a) && JSON.stringify(a) === JSON.stringify(b)) {
      return [line(a!, "not read")];
    }
    const only = a === null || b === null ? "only " : "";
    const place = (outline: Outline, name: string) =>
      line(
        outline,
        `${only}in ${name}${isUnread(outline) ? ", not read" : ""}`,
      );
    return [
      ...a === null ? [] : [place(a, "a")],
      ...b === null ? [] : [place(b, "b")],
    ];
  }
  if (equal) return [line(a, "equal")];
  const { elements, differing, place, maxAbs, maxUlps, oneNaN } = difference;
  return [line(
    a,
    formatCount(differing),
    formatShare(differing / elements).replace("below ", "<")
      .replace("above ", ">"),
    place === null ? "" : formatNumber(maxAbs ?? NaN),
    place === null || maxUlps === null ? "" : formatUlps(maxUlps),
    oneNaN === 0 ? "" : formatCount(oneNaN),
  )];
}

function isUnread(outline: Outline | null): boolean {
  return outline?.reason !== undefined;
}

/** Beyond a million the exact number does not matter. */
function formatUlps(ulps: number): string {
  return ulps < 1e6 ? formatCount(ulps) : formatNumber(ulps);
}

function sentenceOf(rows: readonly TensorComparison[]): string {
  const count = (test: (row: TensorComparison) => boolean) =>
    rows.filter(test).length;
  const elements = rows.reduce(
    (sum, { difference }) => sum + (difference?.elements ?? 0),
    0,
  );
  const unread = count(({ a, b }) => isUnread(a) || isUnread(b));
  const unequal = count(({ equal, a, b }) =>
    !equal && a !== null && b !== null && !isUnread(a) && !isUnread(b)
  );
  const alone = [count(({ b }) => b === null), count(({ a }) => a === null)];
  const tensors = `${formatCount(rows.length)} ${
    rows.length === 1 ? "tensor" : "tensors"
  }`;
  if (rows.every((row) => row.equal)) {
    return `equal to the bit: ${tensors}, ${formatCount(elements)} elements`;
  }
  return [
    `${formatCount(unequal)} of ${tensors} differ`,
    ...alone[0] === 0 ? [] : [`${formatCount(alone[0])} only in a`],
    ...alone[1] === 0 ? [] : [`${formatCount(alone[1])} only in b`],
    ...unread === 0 ? [] : [`${formatCount(unread)} not read`],
  ].join(" · ");
}
