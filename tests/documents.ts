/**
 * The documents: what in them comes from the code. `deno task readme` writes it,
 * and formats the result.
 *
 * @module
 */

import { drawPictures, folder } from "../notebooks/pictures.ts";
import { committedSpeedTable } from "./benchmarks/speed_table.ts";
import { exactnessTable } from "./golden/exactness_table.ts";
import { whereTable } from "./package/where.ts";

const root = new URL("../", import.meta.url);

/** A table between `<!-- name: … -->` and `<!-- /name -->`. */
interface Table {
  /** The document that holds it. */
  readonly file: string;
  /** Makes it, in Markdown. */
  readonly make: () => Promise<string>;
}

/** The tables by name. */
export const tables: Readonly<Record<string, Table>> = {
  exactness: { file: "tests/golden/README.md", make: exactnessTable },
  where: { file: "README.md", make: whereTable },
  speed: { file: "tests/benchmarks/README.md", make: committedSpeedTable },
};

/**
 * Returns a document's text.
 *
 * @param file Its path in the project.
 */
export function readDocument(file: string): Promise<string> {
  return Deno.readTextFile(new URL(file, root));
}

/**
 * Returns the table that a document holds, and the one that the code makes.
 *
 * @param name The table's name.
 */
export async function tablePair(
  name: string,
): Promise<{ committed: string[][]; current: string[][] }> {
  const { file, make } = tables[name];
  const committed = blockOf(name).exec(await readDocument(file))?.[2];
  if (committed === undefined) throw new Error(`${file} has no ${name}`);
  return { committed: cells(committed), current: cells(await make()) };
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
  for (const [name, { file, make }] of Object.entries(tables)) {
    const table = await make();
    const text = (await readDocument(file)).replace(
      blockOf(name),
      (_, start, __, end) => `${start}\n${table}\n${end}`,
    );
    await Deno.writeTextFile(new URL(file, root), text);
  }
  for (const [name, svg] of Object.entries(drawPictures())) {
    await Deno.writeTextFile(new URL(name, folder), svg);
  }
}
