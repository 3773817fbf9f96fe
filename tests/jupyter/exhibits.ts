/**
 * What a notebook's file says that its cells show: figures, tables, explorers.
 *
 * @module
 */

import type { Cell, Notebook } from "../../notebooks/runner/notebook.ts";
import type { Output } from "../../notebooks/runner/outputs.ts";
import type { Trace } from "../browser/drawn.ts";
import type { Frame } from "../browser/slider.ts";

/** An output that is more than text. */
export interface Exhibit {
  /** Its cell, from 0 among all cells. */
  readonly cell: number;
  /** Its place among the cell's exhibits, from 0. */
  readonly place: number;
  /** The function that made it: `plot.weights`; or the kind of value. */
  readonly kind: string;
  /** Its HTML. */
  readonly html: string;
  /** What plotly.js gets, if it is a figure. */
  readonly figure?: {
    readonly data: readonly Trace[];
    readonly frames?: readonly Frame[];
  };
}

/** Values that show themselves as tables or text, by what their HTML has. */
const values: readonly (readonly [kind: string, mark: RegExp])[] = [
  ["explore", /data-fanin-explorer/],
  ["fan()", /^<div>fan of a weight/],
  ["summary", />verdict<\/th>/],
  ["layer", />parameter<\/th>/],
  ["tensor", /^<pre/],
];

/**
 * Returns what a notebook shows, from top to bottom.
 *
 * Text does not count for a place: where the machine is busy, the kernel may send
 * what the console prints, and a number, when the next cell has begun.
 *
 * @param notebook A notebook that has run.
 * @throws {Error} If an output is of no known kind.
 */
export function exhibitsIn({ cells }: Notebook): Exhibit[] {
  return cells.flatMap((cell, index) =>
    (cell.outputs ?? []).flatMap((output) => exhibitOf(cell, output) ?? [])
      .map((shown, place) => ({ ...shown, cell: index, place }))
  );
}

/** plotly.js is in an output of its own, which nobody sees. */
function isLibrary(html: string): boolean {
  return /^<script type="text\/plain" data-fanin-library=/.test(html);
}

function exhibitOf(
  { source }: Cell,
  output: Output,
): Omit<Exhibit, "cell" | "place"> | undefined {
  if (!("data" in output)) return undefined;
  const html = output.data["text/html"];
  if (typeof html !== "string" || isLibrary(html)) return undefined;
  const figure = output.data["application/vnd.plotly.v1+json"] as unknown as
    | Exhibit["figure"]
    | undefined;
  if (figure === undefined) {
    const kind = values.find(([, mark]) => mark.test(html))?.[0];
    if (kind === undefined) throw new Error(`What is ${html.slice(0, 80)}?`);
    return { kind, html };
  }
  const [call, ...others] = source.match(/\bplot\.\w+(?=\()/g) ?? [];
  if (call === undefined || others.length > 0) {
    throw new Error(`Which figure does this show? ${source}`);
  }
  const slider = figure.frames === undefined ? "" : " with slider";
  return { kind: call + slider, html, figure };
}
