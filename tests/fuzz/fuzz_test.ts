import {
  assert,
  assertEquals,
  assertGreater,
  assertRejects,
} from "@std/assert";
import { hostileFiles } from "./hostile_files.ts";
import { accepted, outcomeOf } from "./outcome.ts";
import { tallyOf } from "./tally.ts";

Deno.test("1,000 hostile files are read or refused, and none crashes", async () => {
  const { files, json, reasons, crashes } = await tallyOf(1n, 1000);
  assertEquals(crashes, []);
  assertGreater(json, files / 2);
  assertGreater(reasons[accepted], files / 20);
  assertGreater(Object.keys(reasons).length, 30);
  const counted = Object.values(reasons).reduce((a, b) => a + b, 0);
  assertEquals(counted, files);
});

Deno.test("a seed gives the same files each time", () => {
  const draw = (seed: bigint) =>
    [...hostileFiles(seed, 50)].map(({ bytes }) => bytes.toHex());
  assertEquals(draw(3n), draw(3n));
  assert(draw(3n).join() !== draw(4n).join());
});

Deno.test("what is no refusal is a crash", async () => {
  await assertRejects(
    () => outcomeOf({ format: "npy", bytes: "PK" as never }),
    TypeError,
  );
});
