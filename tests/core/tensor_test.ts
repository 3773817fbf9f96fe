import { assert, assertEquals, assertFalse, assertThrows } from "@std/assert";
import { type Dtype, empty, Tensor, tensor } from "../../mod.ts";

Deno.test("size, dim and numel describe the shape", () => {
  const weight = empty([33, 16, 3, 3]);
  assertEquals(weight.size(), [33, 16, 3, 3]);
  assertEquals(weight.size(0), 33);
  assertEquals(weight.size(-1), 3);
  assertEquals(weight.dim(), 4);
  assertEquals(weight.numel(), 4752);
  assertEquals(empty([]).numel(), 1);
  assertThrows(() => weight.size(4), RangeError, "[-4, 4)");
  assertThrows(() => weight.size(0.5), RangeError, "0.5");
});

Deno.test("size prints as a plain list", () => {
  assertEquals(String(empty([33, 16, 3, 3]).size()), "[33, 16, 3, 3]");
  assertEquals(Deno.inspect(empty([10, 1]).size()), "[10, 1]");
});

Deno.test("changing what size returned does not change the tensor", () => {
  const x = empty([2, 3]);
  x.size()[0] = 7;
  assertEquals(x.shape, [2, 3]);
  assertThrows(() => (x.shape as number[])[0] = 7, TypeError);
});

Deno.test("at gives views that share their elements", () => {
  const x = tensor([[[1, 2], [3, 4]], [[5, 6], [7, 8]]]);
  const view = x.at(1, -1);
  assertEquals(view.toArray(), [7, 8]);
  assert(view.data.buffer === x.data.buffer);
  view.data[0] = 70;
  assertEquals(x.at(1, 1, 0).item(), 70);
  assertEquals(x.at().shape, [2, 2, 2]);
  assertEquals(x.at(0, 0, 0).shape, []);
  assertThrows(() => x.at(2), RangeError, "index axis 0");
  assertThrows(() => x.at(0, -3), RangeError, "index axis 1");
  assertThrows(() => x.at(0, 0, 0, 0), RangeError, "at most 3 indices");
  assertThrows(() => x.at(1.5), RangeError, "1.5");
});

Deno.test("item takes the only element", () => {
  assertEquals(tensor([[2.5]]).item(), 2.5);
  assertThrows(() => tensor([1, 2]).item(), RangeError, "2 in shape [2]");
});

Deno.test("reshape keeps the elements and infers one size", () => {
  const x = tensor([1, 2, 3, 4, 5, 6]);
  assertEquals(x.reshape([2, 3]).toArray(), [[1, 2, 3], [4, 5, 6]]);
  assertEquals(x.reshape([-1, 2]).shape, [3, 2]);
  assert(x.reshape([3, 2]).data === x.data);
  assertThrows(() => x.reshape([4]), RangeError, "6 elements");
  assertThrows(() => x.reshape([4, -1]), RangeError, "whole number");
  assertThrows(() => x.reshape([-1, -1]), RangeError, "at least 0");
  assertThrows(() => x.reshape([0, -1]), RangeError, "whole number");
});

Deno.test("every dtype stores, reads back and compares", () => {
  const dtypes: Dtype[] = [
    ...["float32", "float64", "float16", "bfloat16"] as const,
    ...["int64", "int32", "int16", "int8"] as const,
    ...["uint64", "uint32", "uint16", "uint8", "bool"] as const,
  ];
  for (const dtype of dtypes) {
    const x = tensor([[0, 1], [1, 0]], { dtype });
    assertEquals(x.dtype, dtype);
    assertEquals(x.toArray(), [[0, 1], [1, 0]]);
    assertEquals(x.toFloat32(), new Float32Array([0, 1, 1, 0]));
    assert(x.equals(tensor([[0, 1], [1, 0]], { dtype })));
    assertFalse(x.equals(tensor([[0, 1], [1, 1]], { dtype })));
    assertFalse(x.equals(tensor([0, 1, 1, 0], { dtype })));
  }
  assertFalse(tensor([1]).equals(tensor([1], { dtype: "float64" })));
  assertFalse(tensor([NaN]).equals(tensor([NaN])));
  assert(tensor([0]).equals(tensor([-0])));
  assert(tensor([2n ** 62n]).equals(tensor([2n ** 62n])));
  const largest = tensor([2n ** 64n - 1n], { dtype: "uint64" });
  assertEquals(largest.data, new BigUint64Array([2n ** 64n - 1n]));
  assertFalse(largest.equals(tensor([2n ** 64n - 2n], { dtype: "uint64" })));
});

Deno.test("the dtype of nested arrays", () => {
  assertEquals(tensor([1, 2]).dtype, "float32");
  assertEquals(tensor([true]).dtype, "bool");
  assertEquals(tensor([1n]).dtype, "int64");
  assertEquals(tensor([]).dtype, "float32");
  assertEquals(tensor(7).shape, []);
  assertEquals(tensor([[], []]).shape, [2, 0]);
});

Deno.test("values that do not fit a dtype throw", () => {
  assertThrows(() => tensor([256], { dtype: "uint8" }), RangeError, "256");
  assertThrows(() => tensor([1.5], { dtype: "int32" }), RangeError, "1.5");
  assertThrows(() => tensor([2n ** 63n]), RangeError, "int64");
  assertThrows(() => tensor([NaN], { dtype: "int64" }), RangeError, "NaN");
  assertThrows(() => tensor([2], { dtype: "bool" }), RangeError, "bool");
  for (const [dtype, bits] of [["uint16", 16], ["uint32", 32]] as const) {
    assertThrows(() => tensor([2 ** bits], { dtype }), RangeError, dtype);
    assertThrows(() => tensor([-1], { dtype }), RangeError, dtype);
    assertEquals(tensor([2 ** bits - 1], { dtype }).item(), 2 ** bits - 1);
  }
  for (const value of [2n ** 64n, -1n, 0.5, NaN]) {
    assertThrows(
      () => tensor([value] as bigint[], { dtype: "uint64" }),
      RangeError,
      "uint64",
    );
  }
});

Deno.test("half precision rounds to the nearest, ties to even", () => {
  const half = (value: number) => tensor([value], { dtype: "float16" }).item();
  assertEquals(half(2049), 2048);
  assertEquals(half(2051), 2052);
  assertEquals(half(65519), 65504);
  assertEquals(half(65520), Infinity);
  assertEquals(half(2 ** -25), 0);
  assertEquals(half(1.5 * 2 ** -24), 2 ** -23);
  assertEquals(half(-(2 ** -14) * (1 - 2 ** -12)), -(2 ** -14));
  const brain = (value: number) =>
    tensor([value], { dtype: "bfloat16" }).item();
  assertEquals(brain(257), 256);
  assertEquals(brain(259), 260);
  assertEquals(brain(3.4e38), Infinity);
  assert(Number.isNaN(brain(NaN)));
});

Deno.test("bad tensors throw", () => {
  assertThrows(() => empty([-1]), RangeError, "[-1]");
  assertThrows(() => empty([1.5]), RangeError, "[1.5]");
  assertThrows(() => empty([NaN]), RangeError, "[NaN]");
  assertThrows(() => empty([, 2] as number[]), RangeError);
  assertThrows(() => empty([2 ** 40, 2 ** 40]), RangeError, "2^53");
  assertThrows(() => empty(3 as never), TypeError, "array of numbers");
  assertThrows(() => empty(["3"] as never), TypeError, "array of numbers");
  assertThrows(
    () => empty([1], { dtype: "float8" as never }),
    TypeError,
    "float8",
  );
  assertThrows(() => tensor([[1, 2], [3]]), RangeError, "one length");
  assertThrows(() => tensor([[1], 2]), RangeError, "must hold arrays");
  assertThrows(() => tensor([1, [2]]), RangeError);
  assertThrows(() => tensor(["1"] as never), TypeError, "numbers");
  assertThrows(
    () => new Tensor(new Float64Array(2) as never, [2], "float32"),
    TypeError,
    "typed array of float32",
  );
  assertThrows(
    () => new Tensor(new Float32Array(2), [3], "float32"),
    RangeError,
    "2 elements",
  );
});

Deno.test("a tensor shows itself as its text where nothing renders it", async () => {
  const x = tensor([1, 2]);
  assertEquals(Deno.inspect(x), "tensor([1., 2.])");
  assertEquals(`${x}`, "tensor([1., 2.])");
  assertEquals(typeof await x.toHtml(), "string");
});
