/**
 * Notebooks for tests, and what is in them after a run.
 *
 * @module
 */

import { createHash } from "node:crypto";
import type { Json } from "../../notebooks/runner/json.ts";
import {
  type Notebook,
  parseNotebook,
} from "../../notebooks/runner/notebook.ts";

/**
 * Returns the text of a notebook that has not run.
 *
 * @param sources The source of each code cell.
 */
export function newNotebook(sources: readonly string[]): string {
  return JSON.stringify({
    cells: sources.map((source, index) => ({
      cell_type: "code",
      execution_count: null,
      id: `cell-${index}`,
      metadata: {},
      outputs: [],
      source,
    })),
    metadata: {
      kernelspec: {
        name: "deno",
        display_name: "Deno",
        language: "typescript",
      },
    },
    nbformat: 4,
    nbformat_minor: 5,
  });
}

/** One of the project's notebooks as it is committed. */
export interface Committed {
  /** Its name: `01_fan_in_fan_out`. */
  readonly name: string;
  /** Its file's text. */
  readonly text: string;
  /** What the text holds. */
  readonly notebook: Notebook;
}

/** Returns the project's notebooks by name. */
export async function committedNotebooks(): Promise<Committed[]> {
  const folder = new URL("../../notebooks/", import.meta.url);
  const names = [...Deno.readDirSync(folder)]
    .map(({ name }) => name)
    .filter((name) => name.endsWith(".ipynb"))
    .sort();
  return await Promise.all(names.map(async (file) => {
    const text = await Deno.readTextFile(new URL(file, folder));
    const name = file.replace(".ipynb", "");
    return { name, text, notebook: parseNotebook(text) };
  }));
}

/**
 * Returns a notebook as if it had not run.
 *
 * @param notebook The notebook.
 */
export function withoutOutputs(notebook: Notebook): Notebook {
  const cells = notebook.cells.map((cell) =>
    cell.cell_type === "code"
      ? { ...cell, outputs: [], execution_count: null }
      : cell
  );
  return { ...notebook, cells };
}

/**
 * Reads a notebook's file.
 *
 * @param path Where it is.
 */
export async function readNotebook(path: string): Promise<Notebook> {
  return parseNotebook(await Deno.readTextFile(path));
}

/**
 * Returns what a notebook's cells show in one MIME type, each with its cell's
 * index.
 *
 * @param notebook A notebook that has run.
 * @param type Such as `text/plain`.
 */
export function shownIn(
  { cells }: Notebook,
  type: string,
): [index: number, shown: Json][] {
  return cells.flatMap(({ outputs = [] }, index) =>
    outputs
      .map((output) => "data" in output ? output.data[type] : undefined)
      .filter((shown) => shown !== undefined)
      .map((shown): [number, Json] => [index, shown])
  );
}

/**
 * Returns the figures of a notebook, each as its cell's index, its title and a
 * digest of the rest; in whatever order the file has the keys.
 *
 * @param notebook A notebook that has run.
 */
export function figuresIn(notebook: Notebook): string[] {
  return shownIn(notebook, "application/vnd.plotly.v1+json")
    .map(([index, figure]) => {
      const { layout } = figure as { layout: { title: { text: string } } };
      const digest = createHash("sha256")
        .update(JSON.stringify(figure, inOrder)).digest("hex");
      return `${index} ${layout.title.text} ${digest.slice(0, 12)}`;
    });
}

function inOrder(_: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort());
}

/**
 * Returns how many copies of plotly.js a notebook's file holds.
 *
 * @param path Where it is.
 */
export async function copiesIn(path: string): Promise<number> {
  const text = await Deno.readTextFile(path);
  return [
    ...text.matchAll(/<script type=\\"text\/plain\\" data-fanin-library=/g),
  ].length;
}
