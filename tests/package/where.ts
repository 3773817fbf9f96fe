/**
 * "Where it runs": what the tests of the package found, and the README's table of
 * it.
 *
 * @module
 */

/** What a runtime can do. */
export interface Row {
  /** The kernels that run there, the slowest first. */
  readonly kernels: readonly string[];
  /** Whether workers fill. */
  readonly threads: boolean;
  /** Whether paths of files are read and written. */
  readonly files: boolean;
  /** Whether the command line runs. */
  readonly cli: boolean;
}

/** What runtimes can do, by their names. */
export type Where = Readonly<Record<string, Row>>;

/** What the last run found; `deno task test:package -- --write` writes it. */
const committed = new URL("where.json", import.meta.url);

/** Returns what the last run found. */
export async function readWhere(): Promise<Where> {
  return JSON.parse(await Deno.readTextFile(committed));
}

/**
 * Keeps what a run found.
 *
 * @param name The runtime.
 * @param row What it can do.
 */
export async function writeWhere(name: string, row: Row): Promise<void> {
  const all = { ...await readWhere(), [name]: row };
  await Deno.writeTextFile(committed, `${JSON.stringify(all, null, 2)}\n`);
}

/**
 * Returns the table, in Markdown: what each runtime can do. Those that can do the
 * same have one row.
 */
export async function whereTable(): Promise<string> {
  const groups = new Map<string, string[]>();
  for (const [name, row] of Object.entries(await readWhere())) {
    const cells = cellsOf(row).join(" | ");
    groups.set(cells, [...groups.get(cells) ?? [], name]);
  }
  return [
    "| where | kernels | threads | files by path | command line |",
    "| --- | --- | --- | --- | --- |",
    ...[...groups].map(([cells, names]) =>
      `| ${names.join("; ")} | ${cells} |`
    ),
  ].join("\n");
}

function cellsOf({ kernels, threads, files, cli }: Row): string[] {
  const yes = (is: boolean) => is ? "yes" : "no";
  return [
    kernels.length === 3 ? "all" : kernels.join(", "),
    ...[threads, files, cli].map(yes),
  ];
}
