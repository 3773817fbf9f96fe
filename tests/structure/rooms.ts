/**
 * The layout's rule: a room, which is a folder of `lib/` with all below it,
 * imports from the rooms below it and from itself. Rooms of the same rank stand
 * side by side and know nothing of each other, not even types.
 *
 * Dialects are no rooms: they stand on `init`, each for itself, and `cli` alone
 * loads one, when it is asked for. Nor is `lib/testing.ts`, an entry point over
 * the rooms below `cli`.
 *
 * @module
 */

import type { Import } from "./imports.ts";

/** The rank of each room; `mod.ts` is above them all. */
export const ranks: Readonly<Record<string, number>> = {
  core: 1,
  numerics: 2,
  random: 3,
  init: 4,
  parallel: 4,
  nn: 5,
  propagation: 5,
  checkpoint: 5,
  plot: 6,
  notebook: 7,
  cli: 8,
};

/** An entry point in no room: it is at the height of `cli`, and nothing loads it. */
const testing = "lib/testing.ts";

/** The rooms that a dialect imports from. */
const belowDialects: readonly string[] = ["core", "numerics", "random", "init"];

/** The room that loads dialects. */
const aboveDialects = "cli";

/**
 * Returns a sentence for each file and each import that breaks the rule, and for
 * each circle of files that load each other.
 *
 * @param files The files, as paths from the root: `lib/core/tensor.ts`.
 * @param imports The imports between them, without packages.
 */
export function breaches(
  files: readonly string[],
  imports: readonly Import[],
): string[] {
  return [
    ...files.filter((file) => !isHoused(file))
      .map((file) => `${file} is in no room`),
    ...imports.flatMap(breachesOf),
    ...circles(imports.filter(({ kind }) => kind !== "type"))
      .map((circle) => `${circle} is a circle of files`),
  ];
}

function isHoused(file: string): boolean {
  return file === "mod.ts" || file === testing || roomOf(file) in ranks ||
    dialectOf(file) !== undefined;
}

function breachesOf({ from, to, kind }: Import): string[] {
  if (to === testing) return [`${from} imports the entry point ${to}`];
  const dialect = dialectOf(from);
  if (dialect !== undefined) {
    return dialectOf(to) === dialect || belowDialects.includes(roomOf(to))
      ? []
      : [`${from} of a dialect imports from ${to}`];
  }
  if (dialectOf(to) !== undefined) {
    return roomOf(from) === aboveDialects && kind === "dynamic"
      ? []
      : [`${from} imports a dialect from ${to}`];
  }
  const [above, below] = [rankOf(from), rankOf(to)];
  if (below > above) return [`${from} imports upward from ${to}`];
  return below === above && roomOf(from) !== roomOf(to)
    ? [`${from} imports sideways from ${to}`]
    : [];
}

/** The rank of a file's room; what is no room is above all. */
function rankOf(file: string): number {
  return file === testing ? ranks.cli : ranks[roomOf(file)] ?? Infinity;
}

/** The folder directly in `lib/`; of a file that is in none, the file itself. */
function roomOf(file: string): string {
  const [top, room, ...rest] = file.split("/");
  return top === "lib" && rest.length > 0 ? room : file;
}

function dialectOf(file: string): string | undefined {
  return /^lib\/dialects\/([^/]+)\//.exec(file)?.[1];
}

/** Each way round that a walk along the imports closes, as `a → b → a`. */
function circles(imports: readonly Import[]): string[] {
  const next = Map.groupBy(imports, ({ from }) => from);
  const found: string[] = [];
  const done = new Set<string>();
  const walk = (file: string, path: readonly string[]) => {
    const start = path.indexOf(file);
    if (start !== -1) found.push([...path.slice(start), file].join(" → "));
    if (start !== -1 || done.has(file)) return;
    for (const { to } of next.get(file) ?? []) walk(to, [...path, file]);
    done.add(file);
  };
  for (const file of next.keys()) walk(file, []);
  return found;
}
