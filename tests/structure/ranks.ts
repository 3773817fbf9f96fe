/**
 * The layout's rule: a file imports from lower ranks, or sideways where no
 * cycle comes of it, and never from a `mod.ts`.
 *
 * @module
 */

import type { Edge } from "./graph.ts";

/** The rank of each folder of `lib/`, as in the architecture's table. */
export const ranks: Readonly<Record<string, number>> = {
  core: 0,
  kernels: 0,
  math: 0,
  scaling: 1,
  random: 1,
  statistics: 1,
  distributions: 2,
  formats: 2,
  files: 3,
  init: 3,
  parallel: 3,
  materialize: 4,
  nn: 4,
  propagation: 5,
  plot: 6,
  summary: 6,
  inspection: 6,
  display: 7,
  cli: 8,
};

/** The rank of `mod.ts` and other entry points, above all of `lib/`. */
const top = 9;

/**
 * Returns a sentence for each file and each import that breaks the rule.
 *
 * @param files The files, as paths from the root: `lib/core/tensor.ts`.
 * @param edges The imports between them.
 */
export function violations(
  files: readonly string[],
  edges: readonly Edge[],
): string[] {
  const rankless = files.filter((file) => rankOf(file) === undefined)
    .map((file) => `${file} is in no folder that has a rank`);
  const upward = edges.filter(({ from, to }) => rankOf(to)! > rankOf(from)!)
    .map(({ from, to }) => `${from} imports upward from ${to}`);
  const entries = edges.filter(({ from, to }) =>
    from.startsWith("lib/") && /(^|\/)mod\.ts$/.test(to)
  ).map(({ from, to }) => `${from} imports from ${to}`);
  const folders = edges.map(({ from, to }) => ({
    from: folderOf(from),
    to: folderOf(to),
  })).filter(({ from, to }) => from !== to);
  return [
    ...rankless,
    ...upward,
    ...entries,
    ...cycles(edges).map((cycle) => `${cycle} is a cycle of files`),
    ...cycles(folders).map((cycle) => `${cycle} is a cycle of folders`),
  ];
}

function rankOf(file: string): number | undefined {
  if (!file.startsWith("lib/")) return top;
  const [, folder, name] = file.split("/");
  return name === undefined ? undefined : ranks[folder];
}

/** The folder that has a rank: what is below it is one with it. */
function folderOf(file: string): string {
  return file.split("/").slice(0, file.startsWith("lib/") ? 2 : 0).join("/");
}

/** Each way round that a walk along the edges closes, as `a → b → a`. */
function cycles(edges: readonly Edge[]): string[] {
  const found: string[] = [];
  const done = new Set<string>();
  const walk = (node: string, path: readonly string[]) => {
    const start = path.indexOf(node);
    if (start !== -1) found.push([...path.slice(start), node].join(" → "));
    if (start !== -1 || done.has(node)) return;
    const next = edges.filter(({ from }) => from === node).map(({ to }) => to);
    for (const to of new Set(next)) walk(to, [...path, node]);
    done.add(node);
  };
  for (const { from } of edges) walk(from, []);
  return found;
}
