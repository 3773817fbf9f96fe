import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import { createHash } from "node:crypto";
import { empty, nn, type Tensor, tensor, withSeed } from "../../mod.ts";
import { snapshotOf, tensorDigest } from "../../lib/testing.ts";
import {
  allDtypes,
  bitsIn,
  copyOf,
  counted,
  reshaped,
  retyped,
  withBit,
} from "./changes.ts";

for (const dtype of allDtypes) {
  Deno.test(`digest and snapshot of ${dtype} change with each bit`, () => {
    const one = counted(dtype);
    const texts = [one, copyOf(one)].map((each) =>
      [tensorDigest(each), snapshotOf(each)].join()
    );
    assertEquals(texts[0], texts[1]);
    const digests = new Set([tensorDigest(one)]);
    const snapshots = new Set([snapshotOf(one)]);
    for (let bit = 0; bit < bitsIn(one); bit++) {
      digests.add(tensorDigest(withBit(one, bit)));
      snapshots.add(snapshotOf(withBit(one, bit)));
    }
    assertEquals(digests.size, bitsIn(one) + 1);
    assertEquals(snapshots.size, bitsIn(one) + 1);
  });
}

Deno.test("digest and snapshot change with the shape and the dtype", () => {
  const one = counted("float32");
  for (const  of of[tensorDigest, snapshotOf]) {
    const texts = [one, reshaped(one), retyped(one)].map(of);
    assertEquals(new Set(texts).size, 3);
  }
  assertEquals(
    new Set([[0], [0, 3], [3, 0]].map((shape) => tensorDigest(empty(shape))))
      .size,
    3,
  );
});

Deno.test("a digest covers the bytes of a view, at any place", () => {
  const whole = withSeed(0, () => new nn.Linear(37, 5).weight);
  const row = whole.at(3);
  const hash = createHash("sha256").update("float32 [37]\n")
    .update(new Uint8Array(row.data.slice().buffer));
  assertEquals(tensorDigest(row), hash.digest("hex"));
});

Deno.test("a snapshot of a model has a line for each tensor of its state", () => {
  const model = withSeed(
    0,
    () => new nn.Sequential(new nn.Linear(3, 2), new nn.BatchNorm1d(2)),
  );
  const text = snapshotOf(model);
  const names = text.split("\n").map((line) => line.split(":")[0]);
  assertEquals(names, Object.keys(model.stateDict()));
  const [weight] = text.split("\n");
  assertEquals(
    weight,
    `0.weight: float32 [2, 3], mean −0.1104, std 0.3171, min −0.4752, max 0.3097, sha256 ${
      tensorDigest(model.parameters()[0])
    }`,
  );
  assertMatch(text.split("\n").at(-1)!, /^1.num_batches_tracked: int64 \[\]/);
  assertEquals(snapshotOf(model.stateDict()), text);
  assertEquals(snapshotOf(new Map(Object.entries(model.stateDict()))), text);
});

Deno.test("a snapshot changes with a missing, surplus or other name", () => {
  const [a, b] = [tensor([1]), tensor([2])];
  const records: Record<string, Tensor>[] = [
    { a, b },
    { a },
    { a, b, c: b },
    { a, c: b },
    { a: b, b: a },
  ];
  const texts = records.map(snapshotOf);
  assertEquals(new Set(texts).size, 5);
  assertEquals(snapshotOf({}), "");
});

Deno.test("no name can stand for a line of its own", () => {
  const text = snapshotOf({ 'a: x\nb"': tensor([1]) });
  assertMatch(text, /^"a: x\\nb\\"": float32 \[1\]/);
});

Deno.test("numbers that are not there are left out", () => {
  assertMatch(snapshotOf(tensor([NaN])), /^float32 \[1\], sha256 \w{64}$/);
  assertMatch(snapshotOf(tensor([true])), /^bool \[1\], sha256 \w{64}$/);
  assertMatch(snapshotOf(empty([0])), /^float32 \[0\], sha256 \w{64}$/);
  assertMatch(snapshotOf(tensor([5, NaN])), /mean 5, min 5, max 5, sha256/);
});

Deno.test("what is no tensor, or has no memory, has no digest", () => {
  const gone = tensor([1, 2]);
  structuredClone(gone.data, { transfer: [gone.data.buffer as ArrayBuffer] });
  for (const wrong of [gone, [1], null, { w: 1 }, "w.npy"]) {
    assertThrows(() => tensorDigest(wrong as Tensor), TypeError);
  }
  for (const wrong of [gone, { gone }, null, { w: 1 }, "w.npy"]) {
    assertThrows(() => snapshotOf(wrong as Tensor), TypeError);
  }
});
