import { assert, assertEquals, assertFalse, assertThrows } from "@std/assert";
import { type Dtype, empty, init, Tensor, tensor } from "../../mod.ts";
import type { TypedArray } from "../../lib/core/dtype.ts";

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

Deno.test("data, shape and dtype cannot be set, nor the sizes", () => {
  const x = tensor([[1, 2, 3], [4, 5, 6]]);
  const before = x.toString();
  for (
    const [name, value] of Object.entries({ data: 5, shape: [6], dtype: 0 })
  ) {
    assertThrows(() => Object.assign(x, { [name]: value }), TypeError, name);
    assertThrows(
      () => Object.defineProperty(x, name, { value }),
      TypeError,
      name,
    );
    assertFalse(Reflect.deleteProperty(x, name));
  }
  assertThrows(() => (x.shape as number[]).push(1), TypeError);
  assertEquals(x.toString(), before);
  assertEquals(Object.keys(x), ["data", "shape", "dtype"]);
});

Deno.test("structuredClone and postMessage bring a tensor's parts over", async () => {
  const x = init.normal(empty([3, 2], { dtype: "float16" }));
  const { port1, port2 } = new MessageChannel();
  const posted = new Promise<Tensor>((resolve) => {
    port2.onmessage = (event) => resolve(event.data);
  });
  port1.postMessage(x);
  for (const copy of [structuredClone(x), await posted]) {
    assertEquals(Object.keys(copy), ["data", "shape", "dtype"]);
    assert(copy.data !== x.data);
    assert(new Tensor(copy.data, copy.shape, copy.dtype).equals(x));
  }
  port1.close();
  port2.close();
});

Deno.test("a typed array brings its dtype, copied by tensor, taken by new Tensor", () => {
  const arrays: [TypedArray, Dtype][] = [
    [new Float32Array([1, -2.5]), "float32"],
    [new Float64Array([0.1, 2]), "float64"],
    [new BigInt64Array([1n, -(2n ** 62n)]), "int64"],
    [new BigUint64Array([1n, 2n ** 63n]), "uint64"],
    [new Int32Array([7, -8]), "int32"],
    [new Uint32Array([7, 2 ** 31]), "uint32"],
    [new Int16Array([7, -8]), "int16"],
    [new Uint16Array([7, 65535]), "uint16"],
    [new Int8Array([7, -8]), "int8"],
    [new Uint8Array([7, 255]), "uint8"],
    [new Uint8ClampedArray([7, 255]), "uint8"],
  ];
  for (const [array, dtype] of arrays) {
    const copy = tensor(array);
    assertEquals([copy.dtype, copy.shape], [dtype, [2]]);
    assertEquals([...copy.data as Iterable<number>], [
      ...array as Iterable<number>,
    ]);
    assert(copy.data.buffer !== array.buffer);
    const taken = new Tensor(array as Float32Array, [2, 1]);
    assertEquals([taken.dtype, taken.shape], [dtype, [2, 1]]);
    assert(taken.data.buffer === array.buffer);
    assert(taken.reshape([2]).equals(copy));
  }
  const part = new Float32Array([1, 2, 3, 4]).subarray(1, 3);
  assertEquals(tensor(part).toArray(), [2, 3]);
  const nan = new Uint32Array([0x7fc12345]);
  const copied = tensor(new Float32Array(nan.buffer)).data;
  assertEquals(new Uint32Array(copied.buffer), nan);
  assertThrows(
    () => new Tensor(new DataView(new ArrayBuffer(4)) as never, [1]),
    TypeError,
    "a typed array",
  );
});

Deno.test("tensor converts typed arrays to the dtype that is asked for", () => {
  const x = tensor(new Float64Array([0.1, 2049]), { dtype: "float16" });
  assertEquals(x.toArray(), [0.0999755859375, 2048]);
  assertEquals(tensor(new Uint16Array([3]), { dtype: "bfloat16" }).item(), 3);
  assertThrows(
    () => tensor(new Float32Array([300]), { dtype: "int8" }),
    RangeError,
    "must fit int8, got 300",
  );
});

Deno.test("rows of nested arrays may be typed arrays, and mixed", () => {
  const rows = [new Float64Array([1, 2]), new Float64Array([3, 4])];
  assertEquals(tensor(rows).dtype, "float64");
  assertEquals(tensor(rows).toArray(), [[1, 2], [3, 4]]);
  const mixed = tensor([[rows[0], [5, 6]], [new Int8Array([7, 8]), rows[1]]]);
  assertEquals(mixed.dtype, "float32");
  assertEquals(mixed.toArray(), [[[1, 2], [5, 6]], [[7, 8], [3, 4]]]);
  assertEquals(tensor([rows[0], rows[1]], { dtype: "int32" }).dtype, "int32");
  assertThrows(() => tensor([rows[0], [1]]), RangeError, "one length");
  assertThrows(() => tensor([rows[0], 1]), RangeError, "must hold arrays");
  assertThrows(() => tensor([[1, 2], new Int8Array(3)]), RangeError, "length");
});

Deno.test("unknown and inherited options are refused", () => {
  const given: [unknown, string][] = [
    [{ dtpye: "float64" }, "got dtpye; did you mean dtype?"],
    [Object.create({ dtype: "float64" }), "plain object"],
    [new Map([["dtype", "float64"]]), "got Map(1)"],
    ["float64", "plain object"],
    [null, "got null"],
  ];
  for (const [options, message] of given) {
    assertThrows(() => empty([2], options as object), TypeError, message);
    assertThrows(() => tensor([1, 2], options as object), TypeError, message);
  }
});

Deno.test("tensors have at most 64 axes, and a deeper one is refused at once", () => {
  const many = new Array(64).fill(1);
  assertEquals(empty(many).dim(), 64);
  assertEquals(String(empty(many)).length > 64, true);
  let nested: unknown[] = [1];
  for (let depth = 1; depth < 100_000; depth++) nested = [nested];
  const cyclic: unknown[] = [];
  cyclic.push(cyclic);
  const acts = [
    () => empty([...many, 1]),
    () => empty(new Array(30_000).fill(1)),
    () => new Tensor(new Float32Array(1), [...many, 1]),
    () => empty([1]).reshape([...many, 1]),
    () => empty([1]).reshape([...many, -1]),
    () => tensor(nested as number[]),
    () => tensor(cyclic as number[]),
  ];
  for (const act of acts) {
    assertThrows(act, RangeError, "the rank must be at most 64");
  }
});
