import { assertEquals, assertThrows } from "@std/assert";
import { callsFor } from "./clock.ts";
import { middleOf, ratiosOf } from "./samples.ts";
import { M } from "./works.ts";

Deno.test("median and quartiles of an odd and an even number of samples", () => {
  const five = [10, 50, 20, 40, 30];
  assertEquals(middleOf(five), { median: 30, low: 20, high: 40 });
  assertEquals(five, [10, 50, 20, 40, 30]);
  assertEquals(middleOf([4, 1, 3, 2]), { median: 2.5, low: 1.75, high: 3.25 });
  assertEquals(middleOf([7]), { median: 7, low: 7, high: 7 });
});

Deno.test("samples are ordered as numbers, not as words", () => {
  assertEquals(middleOf([1000, 9, 100]).median, 100);
});

Deno.test("the median of no values or of NaN throws", () => {
  for (const samples of [[], [1, NaN], [Infinity]]) {
    assertThrows(
      () => middleOf(samples),
      RangeError,
      `[${samples.join(", ")}]`,
    );
  }
});

Deno.test("ratios are those of one round, and stop where a peer stops", () => {
  assertEquals(ratiosOf([1, 2, 4], [3, 3, 3]), [3, 1.5, 0.75]);
  assertEquals(ratiosOf([1, 2, 4], [8]), [8]);
});

Deno.test("small tensors are filled often enough for the clock", () => {
  assertEquals([10_000, M, 4 * M, 16 * M].map(callsFor), [3355, 32, 8, 2]);
});
