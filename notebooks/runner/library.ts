/**
 * The plotly library in a file: carried by an output of its own, kept once.
 *
 * It is `<script type="text/plain" data-fanin-library="hash">…</script>`. The
 * newest figure brings it and empties the output that had it before; in a file
 * the first with each hash is enough for all.
 *
 * @module
 */

import type { Notebook } from "./notebook.ts";
import type { Output } from "./outputs.ts";

const ELEMENT =
  /<script\b[^>]*\bdata-fanin-library="([^"]*)"[^>]*>[^<]*<\/script>/g;

/**
 * Returns the notebook with the first library element of each hash, none of the
 * others, and no emptied output.
 *
 * @param notebook The notebook; it stays as it is.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { keepOneLibrary } from "./library.ts";
 *
 * const html = '<script type="text/plain" data-fanin-library="a1">AAAA</script><p>figure</p>';
 * const output = { output_type: "display_data" as const, data: { "text/html": html }, metadata: {} };
 * const cell = { cell_type: "code" as const, id: "a", metadata: {}, source: "", outputs: [output, output] };
 * const [{ outputs = [] }] = keepOneLibrary({ cells: [cell], metadata: {} }).cells;
 * assertEquals(outputs[0], output);
 * assertEquals(outputs[1], { ...output, data: { "text/html": "<p>figure</p>" } });
 * ```
 */
export function keepOneLibrary(notebook: Notebook): Notebook {
  const seen = new Set<string>();
  function keep(element: string, hash: string): string {
    if (seen.has(hash)) return "";
    seen.add(hash);
    return element;
  }
  function clean(output: Output): Output {
    if (!("data" in output)) return output;
    const html = output.data["text/html"];
    if (typeof html !== "string") return output;
    return {
      ...output,
      data: { ...output.data, "text/html": html.replace(ELEMENT, keep) },
    };
  }
  const cells = notebook.cells.map((cell) =>
    cell.outputs
      ? { ...cell, outputs: cell.outputs.filter(isFull).map(clean) }
      : cell
  );
  return { ...notebook, cells };
}

/**
 * Whether an output is there to carry plotly.js, and shows nothing.
 *
 * @param output The output.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { isLibrary } from "./library.ts";
 *
 * const html = '<script type="text/plain" data-fanin-library="a1">AAAA</script>';
 * assert(isLibrary({ output_type: "display_data", data: { "text/html": html }, metadata: {} }));
 * ```
 */
export function isLibrary(output: Output): boolean {
  return output.output_type === "display_data" &&
    /^<script\b[^>]*\bdata-fanin-library="/.test(
      String(output.data["text/html"]),
    );
}

/** A cell's value may be empty: its number is shown. */
function isFull(output: Output): boolean {
  return output.output_type !== "display_data" ||
    Object.keys(output.data).length > 0;
}
