/**
 * Writes the parts of README.md that come from the code: the tables of what is
 * exact and how fast it is, and the pictures. `deno task readme` runs it, and
 * formats the result.
 *
 * @module
 */

import { drawPictures, folder } from "../notebooks/pictures.ts";
import { committedSpeedTable } from "./benchmarks/speed_table.ts";
import { exactnessTable } from "./golden/exactness_table.ts";

const url = new URL("../README.md", import.meta.url);

/** What stands between `<!-- name: … -->` and `<!-- /name -->`. */
export const tables: Readonly<Record<string, () => Promise<string>>> = {
  exactness: exactnessTable,
  speed: committedSpeedTable,
};

/** Returns the committed README. */
export function readReadme(): Promise<string> {
  return Deno.readTextFile(url);
}

/**
 * Returns the table that a README holds, and the one that the code makes.
 *
 * @param readme The README.
 * @param name The table's name.
 */
export async function tablePair(
  readme: string,
  name: string,
): Promise<{ committed: string[][]; current: string[][] }> {
  const committed = blockOf(name).exec(readme)?.[2];
  if (committed === undefined) throw new Error(`README.md has no ${name}`);
  return { committed: cells(committed), current: cells(await tables[name]()) };
}

function blockOf(name: string): RegExp {
  return new RegExp(`(<!-- ${name}:[^>]*-->\n)(.*?)(\n<!-- /${name} -->)`, "s");
}

/** The cells of a Markdown table, without the line below its head. */
function cells(table: string): string[][] {
  return table.trim().split("\n")
    .map((line) => line.split("|").slice(1, -1).map((cell) => cell.trim()))
    .filter((row) => !row.every((cell) => /^:?-*:?$/.test(cell)));
}

if (import.meta.main) {
  let readme = await readReadme();
  for (const [name, make] of Object.entries(tables)) {
    const table = await make();
    readme = readme.replace(
      blockOf(name),
      (_, start, __, end) => `${start}\n${table}\n${end}`,
    );
  }
  await Deno.writeTextFile(url, readme);
  for (const [name, svg] of Object.entries(drawPictures())) {
    await Deno.writeTextFile(new URL(name, folder), svg);
  }
}
