/**
 * The README's table of what a run of the benchmark found.
 *
 * @module
 */

import type { Comparison, Results } from "./results.ts";
import { formatRatio, formatShare, formatSize } from "./words.ts";

/** A run whose results are committed. */
const committed = new URL("results.json", import.meta.url);

/**
 * Returns the table of the committed results, in Markdown.
 */
export async function committedSpeedTable(): Promise<string> {
  return speedTable(JSON.parse(await Deno.readTextFile(committed)));
}

/**
 * Returns the table: a row for each work, a column for each peer, in which
 * stands how many times as long as fanin it takes.
 *
 * @param results What was found.
 */
export function speedTable({ comparisons }: Results): string {
  const peers = [...new Set(comparisons.map(({ peer }) => peer))];
  const works = Map.groupBy(
    comparisons,
    ({ work, elements }) => `${work}\n${elements}`,
  );
  const rows = [...works.values()].map((all) => [
    all[0].work,
    formatSize(all[0].elements),
    formatShare(all[0], all[0].ours.median),
    ...peers.map((peer) => cellOf(all.find((one) => one.peer === peer))),
  ]);
  return [
    ["work", "numbers", "fanin", ...peers],
    ["---", ...Array(peers.length + 2).fill("---:")],
    ...rows,
  ].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function cellOf(one: Comparison | undefined): string {
  return one === undefined ? "" : `${formatRatio(one.ratio.median)} ×`;
}
