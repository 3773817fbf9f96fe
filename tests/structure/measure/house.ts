/**
 * The size of the house, counted without running it: files, rooms, arrows and
 * names.
 *
 * @module
 */

import { filesBelow, type Import, importsOf, sourcesOf } from "../imports.ts";

/** What {@linkcode measureHouse} counts. */
export interface House {
  /** The files of `lib/`, and `mod.ts`; none in AssemblyScript. */
  readonly files: number;
  /** The lines of these files, with comments and empty ones. */
  readonly lines: number;
  /** The rooms: the folders directly in `lib/`, without `lib/dialects/`. */
  readonly rooms: number;
  /** All folders below `lib/`, however deep, that have a file in them. */
  readonly folders: number;
  /** How many rooms the longest chain of arrows between rooms passes. */
  readonly ranks: number;
  /**
   * The arrows between rooms: pairs of which one imports the other, types too;
   * `mod.ts` and `notebooks/` are rooms here, and dialects are left out.
   */
  readonly arrows: number;
  /** The exported names, without those of dialects: the sum of `entries`. */
  readonly names: number;
  /** The exported names of each entry point; dialects come last. */
  readonly entries: Readonly<Record<string, number>>;
}

/** An entry point and its names. */
export interface Entry {
  /** The name in the exports of `deno.json`: `./nn`. */
  readonly entry: string;
  /** The file, as a path from the root. */
  readonly file: string;
  /** The names that it exports, sorted. */
  readonly names: readonly string[];
}

/** A name in what `deno doc --json` says. */
interface Named {
  readonly name: string;
}

// `deno doc` leaves out what such a namespace re-exports.
const namespaceExport = /^export \* as (\w+) from "(.+)";$/gm;

/**
 * Returns the counts of a checkout.
 *
 * @param root The checkout's root, with a slash at its end.
 */
export async function measureHouse(root: URL): Promise<House> {
  const files = sourcesOf(root);
  const folders = new Set(files.map(folderOf));
  const rooms = new Set(files.map(roomOf).filter(isInLib));
  const arrows = arrowsOf([...await importsOf(root), ...notebookImports(root)]);
  const entries = await entriesOf(root);
  const own = entries.filter(({ file }) => !isDialect(file));
  return {
    files: files.length,
    lines: files.reduce((sum, file) => sum + linesOf(new URL(file, root)), 0),
    rooms: rooms.size,
    folders: [...folders].filter((folder) => /^lib\/./.test(folder)).length,
    ranks: longestChain(arrows.filter((arrow) => arrow.every(isInLib))),
    arrows: arrows.length,
    names: own.reduce((sum, { names }) => sum + names.length, 0),
    entries: Object.fromEntries(
      [...own, ...entries.filter(({ file }) => isDialect(file))].map((
        { entry, names },
      ) => [entry, names.length]),
    ),
  };
}

/** Whether a room is one of `lib/`; its dialects are none. */
function isInLib(room: string | undefined): boolean {
  return ![undefined, "mod.ts", "notebooks", "dialects"].includes(room);
}

/**
 * Returns the room that a file is in: the folder directly in `lib/`, `mod.ts` or
 * `notebooks`; undefined for all else, as for a file directly in `lib/`.
 *
 * @param file The file, as a path from the root.
 */
export function roomOf(file: string): string | undefined {
  const [top, ...rest] = file.split("/");
  if (top === "lib" && rest.length > 1) return rest[0];
  return top === "notebooks" || file === "mod.ts" ? top : undefined;
}

/**
 * Returns the arrows between rooms, each once: pairs of importer and imported.
 *
 * @param imports The imports between files.
 */
export function arrowsOf(
  imports: readonly Pick<Import, "from" | "to">[],
): [string, string][] {
  const arrows = new Map<string, [string, string]>();
  for (const { from, to } of imports) {
    const [a, b] = [roomOf(from), roomOf(to)];
    if (a === undefined || b === undefined || a === b) continue;
    if (a !== "dialects" && b !== "dialects") arrows.set(`${a} ${b}`, [a, b]);
  }
  return [...arrows.values()];
}

/**
 * Returns how many rooms the longest way along the arrows passes; Infinity where
 * the arrows go round in a circle.
 *
 * @param arrows Pairs of importer and imported.
 */
export function longestChain(
  arrows: readonly (readonly [string, string])[],
): number {
  const lengths = new Map<string, number>();
  const lengthFrom = (room: string): number => {
    const known = lengths.get(room);
    if (known !== undefined) return known;
    lengths.set(room, Infinity);
    const below = arrows.filter(([from]) => from === room)
      .map(([, to]) => lengthFrom(to));
    const length = 1 + Math.max(0, ...below);
    lengths.set(room, length);
    return length;
  };
  return Math.max(0, ...arrows.map(([from]) => lengthFrom(from)));
}

/** Imports of the notebooks' tools; packages and cells of notebooks are none. */
function notebookImports(root: URL): Pick<Import, "from" | "to">[] {
  return filesBelow(root, "notebooks").flatMap((from) => {
    const source = Deno.readTextFileSync(new URL(from, root));
    return [...source.matchAll(/ from "(\..*)";$/gm)].map(([, path]) => ({
      from,
      to: new URL(path, new URL(from, root)).href.slice(root.href.length),
    }));
  });
}

/**
 * Returns the entry points of a checkout with their names, types too. A
 * namespace that one of them exports, such as `nn`, is an entry `./nn` of its
 * own, whether `deno.json` has that or not, and is no name itself.
 *
 * @param root The checkout's root, with a slash at its end.
 */
export async function entriesOf(root: URL): Promise<Entry[]> {
  const files = new Map<string, Set<string>>();
  const add = (entry: string, file: string) =>
    files.set(entry, (files.get(entry) ?? new Set()).add(file));
  for (const [entry, file] of Object.entries(exportsOf(root))) {
    add(entry, file);
    for (const [name, path] of namespacesOf(root, file)) add(`./${name}`, path);
  }
  const entries: Entry[] = [];
  for (const [entry, paths] of files) {
    const names = new Set<string>();
    for (const path of paths) {
      for (const name of await namesOf(root, path)) names.add(name);
    }
    entries.push({ entry, file: [...paths][0], names: [...names].sort() });
  }
  return entries;
}

/**
 * Returns the file of each entry point of `deno.json`, as a path from the root.
 *
 * @param root The checkout's root, with a slash at its end.
 */
export function exportsOf(root: URL): Record<string, string> {
  const { exports } = JSON.parse(
    Deno.readTextFileSync(new URL("deno.json", root)),
  );
  return Object.fromEntries(
    Object.entries<string>(exports).map((
      [entry, file],
    ) => [entry, file.replace(/^\.\//, "")]),
  );
}

/**
 * Returns the namespaces that a file exports with their files, as paths from the
 * root.
 *
 * @param root The checkout's root, with a slash at its end.
 * @param file The file, as a path from the root.
 */
export function namespacesOf(root: URL, file: string): Map<string, string> {
  const url = new URL(file, root);
  const found = Deno.readTextFileSync(url).matchAll(namespaceExport);
  return new Map([...found].map(([, name, path]) => [
    name,
    new URL(path, url).href.slice(root.href.length),
  ]));
}

async function namesOf(root: URL, file: string): Promise<string[]> {
  const { href } = new URL(file, root);
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["doc", "--json", href],
    cwd: root,
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  const { nodes } = JSON.parse(new TextDecoder().decode(stdout));
  const namespaces = namespacesOf(root, file);
  return nodes[href].symbols.map(({ name }: Named) => name)
    .filter((name: string) => !namespaces.has(name));
}

function isDialect(file: string): boolean {
  return file.startsWith("lib/dialects/");
}

function folderOf(file: string): string {
  return file.slice(0, Math.max(0, file.lastIndexOf("/")));
}

function linesOf(file: URL): number {
  return Deno.readTextFileSync(file).split("\n").length - 1;
}
