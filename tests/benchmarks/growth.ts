/**
 * Time for each number by size, from 10^4 to 10^8.
 *
 * @module
 */

import type { FindPeer, PeerSide } from "./compare.ts";
import { faninSide } from "./fanin.ts";
import { interleave } from "./interleave.ts";
import type { Growth, Skipped } from "./results.ts";
import { middleOf } from "./samples.ts";

/** Two for each power of 10. */
const sizes = Array.from(
  { length: 9 },
  (_, step) => Math.round(10 ** (4 + step / 2)),
);
const kinds = ["uniform", "normal"] as const;

/**
 * Times uniform and normal fills of growing size, by fanin and PyTorch.
 *
 * @param find Where PyTorch comes from.
 * @param runs How many rounds at each size.
 * @param onSize Called with the next size.
 */
export async function measureGrowth(
  find: FindPeer,
  runs: number,
  onSize: (next: string) => void = () => {},
): Promise<{ lines: Growth["lines"]; skipped: Skipped[] }> {
  const skipped: Skipped[] = [];
  const lines = new Map<string, Growth["lines"][number]["points"][number][]>();
  for (const kind of kinds) {
    for (const elements of sizes) {
      onSize(`${kind}, ${elements} numbers`);
      const task = { kind, elements };
      const peer = await find({ peer: "PyTorch" }, task);
      const sides = { fanin: faninSide(task), PyTorch: peer };
      const able = Object.entries(sides).filter((entry) =>
        typeof entry[1] !== "string"
      ) as [string, PeerSide][];
      if (typeof peer === "string" && elements === sizes[0]) {
        const work = `growth, ${kind}`;
        skipped.push({ work, by: "PyTorch", reason: peer });
      }
      const samples = await interleave(able.map(([, side]) => side), runs);
      able.forEach(([name], index) => {
        const each = middleOf(samples[index].map((time) => time / elements));
        const line = `${name} ${kind}`;
        lines.set(line, [...lines.get(line) ?? [], { elements, each }]);
      });
      for (const [, side] of able) await side[Symbol.asyncDispose]?.();
    }
  }
  return {
    lines: Array.from(lines, ([name, points]) => ({ name, points })),
    skipped,
  };
}
