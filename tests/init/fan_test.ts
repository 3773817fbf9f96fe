import { assertEquals, assertThrows } from "@std/assert";
import { empty, type Fan, fan } from "../../mod.ts";
import { readGolden } from "../golden/golden.ts";

type Case = Pick<Fan, "fanIn" | "fanOut"> & { readonly shape: number[] };

for (const { shape, fanIn, fanOut } of await readGolden<Case>("fan.json")) {
  Deno.test(`fan of [${shape}] is PyTorch's`, () => {
    const receptiveField = shape.slice(2).reduce((a, b) => a * b, 1);
    assertEquals({ ...fan(shape) }, { fanIn, fanOut, receptiveField });
    assertEquals({ ...fan(empty(shape)) }, { fanIn, fanOut, receptiveField });
  });
}

Deno.test("fan equals a plain object of three counts", () => {
  const counts: Fan = fan([33, 16, 3, 3]);
  assertEquals(counts, { fanIn: 144, fanOut: 297, receptiveField: 9 });
  assertEquals(Object.keys(counts), ["fanIn", "fanOut", "receptiveField"]);
  assertEquals(
    JSON.stringify(counts),
    `{"fanIn":144,"fanOut":297,"receptiveField":9}`,
  );
});

Deno.test("fan prints its derivation", () => {
  assertEquals(
    String(fan([33, 16, 3, 3])),
    `fan of a weight of shape [33, 16, 3, 3]
  axis 0: 33 output
  axis 1: 16 input
  axis 2:  3 kernel
  axis 3:  3 kernel
  receptive field = 3 · 3 = 9
  fan in          = 16 · 9 = 144
  fan out         = 33 · 9 = 297`,
  );
  assertEquals(
    Deno.inspect(fan([10, 1])),
    `fan of a weight of shape [10, 1]
  axis 0: 10 output
  axis 1:  1 input
  receptive field = 1
  fan in          = 1 · 1 = 1
  fan out         = 10 · 1 = 10`,
  );
});

Deno.test("fan refuses what has no fan", () => {
  assertThrows(() => fan([3]), RangeError, "at least 2, got 1");
  assertThrows(() => fan([]), RangeError, "at least 2, got 0");
  assertThrows(() => fan([3, -1]), RangeError, "[3, -1]");
  assertThrows(() => fan([3, 1.5]), RangeError, "[3, 1.5]");
  assertThrows(() => fan([3, "1"] as never), TypeError, "array of numbers");
  assertThrows(() => fan(undefined as never), TypeError, "undefined");
});
