/**
 * Writes the parts of README.md that come from the code: the table of what is
 * exact, and the pictures. `deno task readme` runs it, and formats the result.
 *
 * @module
 */

import { drawPictures, folder } from "../notebooks/pictures.ts";
import { exactnessTable } from "./golden/exactness_table.ts";

const url = new URL("../README.md", import.meta.url);
const block = /(<!-- exactness[^>]*-->\n)(.*?)(\n<!-- \/exactness -->)/s;

/** Returns the committed README. */
export function readReadme(): Promise<string> {
  return Deno.readTextFile(url);
}

/** Returns the table that a README holds, and the one that the code makes. */
export async function exactness(
  readme: string,
): Promise<{ committed: string[][]; current: string[][] }> {
  const committed = block.exec(readme)?.[2];
  if (committed === undefined) throw new Error("README.md has no such block");
  return {
    committed: cells(committed),
    current: cells(await exactnessTable()),
  };
}

/** The cells of a Markdown table, without the line below its head. */
function cells(table: string): string[][] {
  return table.trim().split("\n")
    .map((line) => line.split("|").slice(1, -1).map((cell) => cell.trim()))
    .filter((row) => !row.every((cell) => /^:?-*:?$/.test(cell)));
}

if (import.meta.main) {
  const table = await exactnessTable();
  const readme = await readReadme();
  const changed = readme.replace(
    block,
    (_, start, __, end) => `${start}\n${table}\n${end}`,
  );
  await Deno.writeTextFile(url, changed);
  for (const [name, svg] of Object.entries(drawPictures())) {
    await Deno.writeTextFile(new URL(name, folder), svg);
  }
}
