import {
  assert,
  assertEquals,
  assertGreater,
  assertRejects,
} from "@std/assert";
import { hostileFiles } from "./hostile_files.ts";
import { accepted, outcomeOf } from "./outcome.ts";
import { tallyOf } from "./tally.ts";

Deno.test("1,500 hostile files are read or refused, and none crashes", async () => {
  const { files, json, reasons, crashes } = await tallyOf(1n, 1500);
  assertEquals(crashes, []);
  // A third are PyTorch's, which have no JSON.
  assertGreater(json, 2 / 3 * files / 2);
  assertGreater(reasons[accepted], files / 20);
  assertGreater(Object.keys(reasons).length, 30);
  const counted = Object.values(reasons).reduce((a, b) => a + b, 0);
  assertEquals(counted, files);
});

Deno.test("2,000 hostile files of PyTorch are read or refused, and none crashes", async () => {
  const { files, reasons, crashes } = await tallyOf(
    1n,
    2000,
    () => {},
    "torch",
  );
  assertEquals(crashes, []);
  assertGreater(reasons[accepted], files / 20);
  assertGreater(Object.keys(reasons).length, 40);
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
