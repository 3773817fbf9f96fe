import { assert, assertEquals, assertThrows } from "@std/assert";
import { valuesOf } from "../../lib/core/tensor.ts";
import { empty, init, nn, Tensor, tensor } from "../../mod.ts";

const x = tensor([[[1, 2], [3, -4]], [[0, 0.5], [-1, 0]]], {
  dtype: "complex64",
});

Deno.test("complex numbers are pairs of real and imaginary part", () => {
  assertEquals([x.shape, x.numel(), x.data.length], [[2, 2], 4, 8]);
  assertEquals([...x.data], [1, 2, 3, -4, 0, 0.5, -1, 0]);
  assertEquals(x.toArray(), [[[1, 2], [3, -4]], [[0, 0.5], [-1, 0]]]);
  const pair: [number, number] = x.at(0, 1).item();
  assertEquals(pair, [3, -4]);
  assertEquals(x.at(1).toArray(), [[0, 0.5], [-1, 0]]);
  assertEquals(x.reshape([4]).at(-1).item(), [-1, 0]);
  assertEquals([...x.toFloat32()], [...x.data]);
  assert(x.toFloat32() === x.data);
  assertEquals(Array.from(valuesOf(x)), [...x.data]);
});

Deno.test("a part of a complex tensor is a view", () => {
  const copy = x.to("complex128").to("complex64");
  copy.at(1, 0).data.set([7, 8]);
  assertEquals(copy.toArray(), [[[1, 2], [3, -4]], [[7, 8], [-1, 0]]]);
  assertEquals(x.at(1, 0).item(), [0, 0.5]);
});

Deno.test("complex tensors are equal where both parts are", () => {
  const of = (...parts: number[]) =>
    new Tensor(Float32Array.from(parts), [parts.length / 2], "complex64");
  assert(of(1, 2, 0, -0).equals(of(1, 2, -0, 0)));
  assert(!of(1, 2).equals(of(1, 3)));
  assert(!of(1, 2).equals(of(2, 2)));
  assert(!of(1, NaN).equals(of(1, NaN)));
  assert(!of(1, 2).equals(of(1, 2).to("complex128")));
});

Deno.test("complex tensors are made of whole pairs", () => {
  assertEquals(tensor([1, 2], { dtype: "complex128" }).shape, []);
  assertThrows(
    () => tensor([1, 2, 3], { dtype: "complex64" }),
    RangeError,
    "must be pairs [real, imaginary], got shape [3]",
  );
  assertThrows(
    () => tensor(1, { dtype: "complex64" }),
    RangeError,
    "must be pairs",
  );
  assertThrows(
    () => new Tensor(new Float32Array(4), [4], "complex64"),
    RangeError,
    "shape must have 2 elements",
  );
  assertEquals(empty([3], { dtype: "complex128" }).data.length, 6);
  assertEquals(new Tensor(new Float32Array(4), [4]).dtype, "float32");
});

Deno.test("complex tensors are cloned with their dtype", () => {
  const { data, shape, dtype } = structuredClone(x) as typeof x;
  assert(new Tensor(data, shape, dtype).equals(x));
});

Deno.test("complex tensors are not filled, and no layer has them", () => {
  assertThrows(
    () => init.normal(empty([2], { dtype: "complex64" }) as never),
    TypeError,
    "complex64",
  );
  assertThrows(
    () => new nn.Linear(2, 2, { dtype: "complex64" } as never),
    TypeError,
    "complex64",
  );
});

Deno.test("arrays without numbers have no pairs either", () => {
  for (const nested of [[], [[], []]]) {
    const none = tensor(nested, { dtype: "complex64" });
    assertEquals(none.toArray(), nested);
  }
  assertEquals(tensor([], { dtype: "complex64" }).shape, [0]);
});
