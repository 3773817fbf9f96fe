/**
 * The plotly library in a file: carried by an output of the first figure, kept once.
 *
 * A figure's HTML may hold `<script type="text/plain" data-fanin-library="hash">…</script>`. Every figure that
 * was displayed when none was in the page has it; in a file the first with each hash is enough for all.
 *
 * @module
 */

import type { Notebook } from "./notebook.ts";
import type { Output } from "./outputs.ts";

const ELEMENT =
  /<script\b[^>]*\bdata-fanin-library="([^"]*)"[^>]*>[^<]*<\/script>/g;

/**
 * Returns the notebook with the first library element of each hash, and none of the others.
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
    cell.outputs ? { ...cell, outputs: cell.outputs.map(clean) } : cell
  );
  return { ...notebook, cells };
}
