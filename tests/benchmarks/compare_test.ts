import { assertEquals, assertGreater } from "@std/assert";
import { compare } from "./compare.ts";
import { faninSide } from "./fanin.ts";
import { verdictOf } from "./results.ts";
import { exactly, results } from "./example.ts";
import { making, type Task } from "./tasks.ts";
import type { Opponent, Work } from "./works.ts";

const task = { kind: "uniform", elements: 2 ** 20 } as const;

function workOf(opponents: readonly Opponent[], task: Task): Work {
  return { group: "uniform", title: "a work", task, per: "number", opponents };
}

Deno.test("a peer is compared with fanin or reported missing, and then released", async () => {
  const { digest } = faninSide(task) as { digest(): Promise<string> };
  const released: string[] = [];
  const sideOf = (peer: string) => ({
    sample: () => 1000,
    digest: peer === "stdlib"
      ? undefined
      : peer === "tfjs"
      ? () => Promise.resolve("other")
      : digest,
    [Symbol.asyncDispose]: () => Promise.resolve(void released.push(peer)),
  });
  const { comparisons, skipped } = await compare(
    workOf([
      { peer: "PyTorch", target: 2 },
      { peer: "tfjs", how: "otherwise" },
      { peer: "stdlib" },
      { peer: "NumPy" },
    ], task),
    ({ peer }) => Promise.resolve(peer === "NumPy" ? "not here" : sideOf(peer)),
    1,
  );
  assertEquals(skipped, [{ work: "a work", by: "NumPy", reason: "not here" }]);
  assertEquals(
    comparisons.map(({ peer, same, target }) => [peer, same, target]),
    [
      ["PyTorch", true, 2],
      ["tfjs, otherwise", false, undefined],
      ["stdlib", undefined, undefined],
    ],
  );
  assertEquals(released.toSorted(), ["PyTorch", "stdlib", "tfjs"]);
  for (const { ours, theirs, ratio } of comparisons) {
    assertEquals(theirs, exactly(1000));
    assertGreater(ours.median, 0);
    assertEquals(ratio, exactly(1000 / ours.median));
  }
});

Deno.test("a peer that does another task gets that, and need not give the same bytes", async () => {
  const own = making([{ layer: "Linear", args: [4, 4] }]);
  const asked: Task[] = [];
  const { comparisons } = await compare(
    workOf([{ peer: "PyTorch", task }, { peer: "PyTorch" }], own),
    (_, task) => {
      asked.push(task);
      return Promise.resolve({
        sample: () => 1,
        digest: () => Promise.resolve("other"),
      });
    },
    1,
  );
  assertEquals(asked, [task, own]);
  assertEquals(comparisons.map(({ same }) => same), [undefined, false]);
});

Deno.test("a target is met from its own value on, and never with other bytes", () => {
  const [one] = results.comparisons;
  const verdict = (ratio: number, more = {}) =>
    verdictOf({ ...one, ratio: exactly(ratio), ...more });
  assertEquals([3.49, 3.5, 9].map((ratio) => verdict(ratio)), [
    "not met",
    "met",
    "met",
  ]);
  assertEquals(verdict(9, { same: false }), "other bytes");
  assertEquals(verdict(9, { target: undefined }), "");
});
