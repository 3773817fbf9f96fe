/**
 * The seam: words → reals → distribution → initializer. An initializer never
 * sees a word.
 *
 * @module
 */

import type { Edge } from "./graph.ts";

/** What a generator offers to `lib/random/torch/` and to nobody else. */
export const wordNames: readonly string[] = [
  "nextWord",
  "fillWords",
  "spareNormal",
  "twister",
];

/** What makes words, and what turns them into numbers. */
const wordFiles: readonly string[] = [
  "lib/random/torch/jump.ts",
  "lib/random/torch/reals.ts",
  "lib/random/torch/twister.ts",
  "lib/numerics/kernels/fill.ts",
];

/**
 * Returns a sentence for each file that reaches across the seam.
 *
 * @param sources The text of each file of `lib/`, by path from the root.
 * @param edges The imports between the files, and those of `mod.ts`.
 */
export function breaches(
  sources: Readonly<Record<string, string>>,
  edges: readonly Edge[],
): string[] {
  const outside = Object.keys(sources).filter((file) =>
    !/^lib\/(random|numerics\/kernels)\//.test(file)
  );
  const words = outside.flatMap((file) =>
    wordNames.filter((name) => new RegExp(`\\b${name}\\b`).test(sources[file]))
      .map((name) => `${file} mentions ${name}`)
  );
  const imports = edges.filter(({ from, to }) =>
    outside.includes(from) && wordFiles.includes(to)
  ).map(({ from, to }) => `${from} imports from ${to}`);
  return [...words, ...imports];
}
