import { assertEquals } from "@std/assert";
import { Generator } from "../../mod.ts";
import { nextWord } from "../golden/golden.ts";

Deno.test("a jump by the period, 2^19937 - 1, comes back", () => {
  // The words come back; not their places in the state, as 624 is no divisor.
  const jumped = new Generator(1).advance(2n ** 19937n - 1n);
  const start = new Generator(1);
  for (let i = 0; i < 2000; i++) {
    assertEquals(nextWord(jumped), nextWord(start));
  }
});
