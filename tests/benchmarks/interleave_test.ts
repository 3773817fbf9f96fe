import { assertEquals } from "@std/assert";
import { interleave } from "./interleave.ts";

/** Sides that write down when they are sampled, and return their turn. */
function recorded(...sides: { name: string; runs?: number }[]) {
  const order: string[] = [];
  return {
    order,
    sides: sides.map(({ name, runs }, index) => ({
      runs,
      // Every other one waits, as those of another process do.
      sample: () => {
        const turn = order.push(name);
        return index % 2 === 0 ? turn : Promise.resolve(turn);
      },
    })),
  };
}

Deno.test("sides take turns after a warm-up, and each is the first once", async () => {
  const { sides, order } = recorded({ name: "a" }, { name: "b" }, {
    name: "c",
  });
  const samples = await interleave(sides, 3);
  assertEquals(order.join(""), "abc" + "abc" + "bca" + "cab");
  assertEquals(samples, [[4, 9, 11], [5, 7, 12], [6, 8, 10]]);
});

Deno.test("a slow side takes part in the first rounds alone, and is not warmed up", async () => {
  const { sides, order } = recorded({ name: "a" }, { name: "b", runs: 2 });
  const samples = await interleave(sides, 4);
  assertEquals(order.join(""), "a" + "ab" + "ba" + "a" + "a");
  assertEquals(samples.map(({ length }) => length), [4, 2]);
});

Deno.test("the start of each round and the end are reported", async () => {
  const told: number[] = [];
  await interleave(recorded({ name: "a" }).sides, 2, (done) => told.push(done));
  assertEquals(told, [0, 1, 2]);
});
