import { assert, assertEquals } from "@std/assert";
import { fma32, fma64 } from "../../lib/numerics/float.ts";
import { Generator } from "../../mod.ts";
import { nextWord } from "../golden/golden.ts";
import { countDifferences, exactFma32, exactFma64 } from "./exact_fma.ts";

Deno.test("normals need no truer fma in float32: every 97th input", async () => {
  // Every input is tried by `deno task test:soak`.
  assertEquals(await countDifferences(97), 0);
});

Deno.test("the exact float32 fma sees what two roundings miss", () => {
  // 1 + 2^-23 + 2^-24 − 2^-54: double drops the last term, and what is left is
  // a tie that goes to the even neighbor above.
  const [a, b, c] = [2 ** -24 * (1 + 2 ** -15), 1 - 2 ** -15, 1 + 2 ** -23];
  assertEquals(fma32(a, b, c), 1 + 2 ** -22);
  assertEquals(exactFma32(a, b, c), 1 + 2 ** -23);
  assertEquals(exactFma32(-a, b, -c), -(1 + 2 ** -23));
  assertEquals(exactFma32(3, 5, 7), 22);
});

Deno.test("fma64 rounds once, where a product and a sum round twice", () => {
  const generator = new Generator(64);
  const real = () =>
    (nextWord(generator) * 2 ** 21 + (nextWord(generator) & 0x1fffff)) *
    2 ** -53;
  const ranges = [[0.1, 0.7], [1, 1.0001], [100, 100.1], [-3, 5], [-1e-3, 7]];
  let plain = 0;
  for (let i = 0; i < 20000; i++) {
    const [low, high] = ranges[i % ranges.length];
    const [x, range] = [real(), high - low];
    const expected = exactFma64(x, range, low);
    assertEquals(fma64(x, range, low), expected);
    if (x * range + low !== expected) plain++;
  }
  assert(plain > 1000, `the plain formula was wrong ${plain} times only`);
});
