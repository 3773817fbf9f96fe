/**
 * The notebook file: read, and written byte for byte as Jupyter writes it.
 *
 * nbformat 4.5: sorted keys, an indent of one space, texts as lists of lines, a line feed at the end.
 *
 * @module
 */

import { cannot, describe } from "../../lib/core/options.ts";
import { isObject, type Json, type JsonObject } from "./json.ts";
import type { MimeBundle, Output } from "./outputs.ts";

/** A cell; its texts are whole, not lists of lines. */
export interface Cell {
  /** Its kind. */
  readonly cell_type: "code" | "markdown" | "raw";
  /** An id that no other cell has. */
  readonly id: string;
  /** Its metadata, such as `tags`. */
  readonly metadata: JsonObject;
  /** Its text. */
  readonly source: string;
  /** What it showed; of a code cell only. */
  readonly outputs?: readonly Output[];
  /** Its place among those that ran, from 1, or `null`; of a code cell only. */
  readonly execution_count?: number | null;
  /** Pictures of a markdown cell, by name. */
  readonly attachments?: Readonly<Record<string, MimeBundle>>;
}

/** A notebook. */
export interface Notebook {
  /** Its cells, from top to bottom. */
  readonly cells: readonly Cell[];
  /** What programs say of it. */
  readonly metadata: JsonObject;
}

/** What Jupyter writes of Deno's kernel, without the version of TypeScript, which changes with each Deno. */
const KERNEL_METADATA: JsonObject = {
  kernelspec: { display_name: "Deno", language: "typescript", name: "deno" },
  language_info: {
    codemirror_mode: "typescript",
    file_extension: ".ts",
    mimetype: "text/x.typescript",
    name: "typescript",
    nbconvert_exporter: "script",
    pygments_lexer: "typescript",
  },
};

/** Where Python's `splitlines`, and so nbformat, ends a line. */
const BREAKS = String.raw`\n\r\v\f\x1c-\x1e\x85\u2028\u2029`;
const LINES = new RegExp(
  `[^${BREAKS}]*(?:\\r\\n|[${BREAKS}])|[^${BREAKS}]+`,
  "g",
);

/** What the parts of a cell must be; those that may be missing are so. */
const PARTS: readonly (readonly [
  name: string,
  kind: string,
  isOfKind: (part: unknown) => boolean,
])[] = [
  [
    "cell_type",
    "code, markdown or raw",
    (part) => ["code", "markdown", "raw"].includes(part as string),
  ],
  ["id", "a string", isString],
  ["metadata", "an object", isObject],
  ["source", "text", (part) => isString(part) || isListOf(isString, part)],
  ["attachments", "an object", (part = {}) => isObject(part)],
  ["outputs", "a list of outputs", (part = []) => isListOf(isOutput, part)],
];

/** MIME types besides `text/…` whose data are texts. */
const TEXT_TYPES = ["application/javascript", "image/svg+xml"];

/**
 * Returns the notebook in a file.
 *
 * @param path The `.ipynb` file.
 * @throws {SyntaxError} If it is not UTF-8, or no notebook.
 */
export async function readNotebook(path: string): Promise<Notebook> {
  const bytes = await Deno.readFile(path);
  let text;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return refuse("it must be UTF-8");
  }
  return parseNotebook(text);
}

/**
 * Returns the notebook that a text holds, its texts joined.
 *
 * @param text The content of an `.ipynb` file.
 * @throws {SyntaxError} If it is not JSON, not nbformat 4, or a part is of the
 * wrong kind; parts that are missing are taken as empty.
 *
 * @example A cell without an id gets one from its place.
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseNotebook } from "./notebook.ts";
 *
 * const cell = { cell_type: "code", metadata: {}, source: ["1 +\n", "1"], outputs: [], execution_count: null };
 * const text = JSON.stringify({ cells: [cell], metadata: {}, nbformat: 4, nbformat_minor: 4 });
 * assertEquals(parseNotebook(text).cells[0], { ...cell, source: "1 +\n1", id: "cell-1" } as never);
 * ```
 */
export function parseNotebook(text: string): Notebook {
  let file;
  try {
    file = JSON.parse(text);
  } catch (error) {
    refuse(`it must be JSON: ${(error as Error).message}`);
  }
  if (file?.nbformat !== 4) refuse("nbformat must be 4", file?.nbformat);
  const { cells, metadata = {} } = file;
  if (!isObject(metadata)) refuse("metadata must be an object", metadata);
  if (!Array.isArray(cells)) refuse("cells must be a list", cells);
  return { cells: cells.map(parsedCell), metadata };
}

function parsedCell(value: unknown, index: number): Cell {
  const place = `cell ${index + 1}`;
  if (!isObject(value)) refuse(`${place} must be an object`, value);
  const cell: JsonObject = {
    id: `cell-${index + 1}`,
    metadata: {},
    source: "",
    ...value,
  };
  for (const [name, kind, isOfKind] of PARTS) {
    if (!isOfKind(cell[name])) {
      refuse(`${name} of ${place} must be ${kind}`, cell[name]);
    }
  }
  return {
    ...cell,
    source: joined(cell.source),
    ...(Array.isArray(cell.outputs) &&
      { outputs: cell.outputs.map(joinedOutput) }),
  } as unknown as Cell;
}

/** Throws an error that says what the notebook must be. */
function refuse(rule: string, got?: unknown): never {
  const value = got === undefined ? undefined : describe(got);
  throw new SyntaxError(cannot("read the notebook", rule, value));
}

/**
 * Returns the text of a notebook file; the same notebook always gives the same text.
 *
 * @param notebook The notebook; the times that JupyterLab notes in `metadata.execution` are left out.
 */
export function formatNotebook(notebook: Notebook): string {
  const file = {
    cells: notebook.cells.map(formattedCell),
    metadata: { ...notebook.metadata, ...KERNEL_METADATA },
    nbformat: 4,
    nbformat_minor: 5,
  };
  return JSON.stringify(sorted(file), null, 1) + "\n";
}

function formattedCell(cell: Cell): unknown {
  const { execution: _, ...metadata } = cell.metadata;
  return {
    ...cell,
    metadata,
    source: lines(cell.source),
    ...(cell.outputs && { outputs: cell.outputs.map(formattedOutput) }),
  };
}

function formattedOutput(output: Output): unknown {
  if (output.output_type === "stream") {
    return { ...output, text: lines(output.text) };
  }
  if (output.output_type === "error") return output;
  const data = Object.entries(output.data).map(([type, value]) => [
    type,
    typeof value === "string" && isText(type) ? lines(value) : value,
  ]);
  return { ...output, data: Object.fromEntries(data) };
}

function joinedOutput(output: JsonObject): JsonObject {
  if (output.output_type === "stream") {
    return { ...output, text: joined(output.text) };
  }
  if (!isObject(output.data)) return output;
  const data = Object.entries(output.data).map(([type, value]) => [
    type,
    isText(type) ? joined(value) : value,
  ]);
  return { ...output, data: Object.fromEntries(data) };
}

function isText(type: string): boolean {
  return type.startsWith("text/") || TEXT_TYPES.includes(type);
}

function joined(text: Json | undefined): string {
  return Array.isArray(text) ? text.join("") : String(text ?? "");
}

function lines(text: string): string[] {
  return text.match(LINES) ?? [];
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([, part]) =>
    part !== undefined
  );
  return Object.fromEntries(
    entries.sort(([a], [b]) => a < b ? -1 : 1).map((
      [key, part],
    ) => [key, sorted(part)]),
  );
}

function isOutput(value: unknown): boolean {
  return isObject(value) && isObject(value.data ?? {});
}

function isListOf(isOne: (part: unknown) => boolean, list: unknown): boolean {
  return Array.isArray(list) && list.every(isOne);
}

function isString(value: unknown): boolean {
  return typeof value === "string";
}
