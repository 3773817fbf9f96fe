/**
 * Kernels by rule: an orthogonal matrix in the middle, bilinear enlargement, and
 * the identity.
 *
 * @module
 */

import { assert, assertEquals, assertThrows } from "@std/assert";
import { empty, filledBy, Generator, init, summary } from "../../mod.ts";

Deno.test("deltaOrthogonal is orthogonal's matrix in the middle of zeros", () => {
  // The shapes and sums of jax.nn.initializers.delta_orthogonal.
  const cases: [number[], number, number][] = [
    [[6, 4, 3, 3], 4, 4],
    [[2, 2, 4, 4], 5, 2],
    [[3, 3, 3], 1, 3],
    [[4, 2, 1, 2, 5], 2, 2],
  ];
  for (const [shape, middle, squares] of cases) {
    for (const dtype of ["float32", "float64"] as const) {
      const [one, two] = [new Generator(3), new Generator(3)];
      const gain = -1.5;
      const options = { gain, generator: one };
      const w = init.deltaOrthogonal(empty(shape, { dtype }), options);
      const [outputs, inputs, ...kernel] = shape;
      const matrix = init.orthogonal(empty([outputs, inputs], { dtype }), {
        gain,
        generator: two,
      });
      const field = kernel.reduce((a, b) => a * b);
      const found = w.data.filter((_, i) => i % field === middle);
      assertEquals(found, matrix.data);
      const others = w.data.filter((x, i) => x !== 0 && i % field !== middle);
      assertEquals(others.length, 0);
      const sum = Array.from(w.data).reduce((sum, x) => sum + x * x, 0);
      assert(Math.abs(sum / gain ** 2 - squares) < 1e-5);
      assertEquals(one.getState(), two.getState());
      assertEquals(summary(w).rows[0].verdict, "as expected");
    }
  }
});

Deno.test("deltaOrthogonal keeps the length of an input under circular padding", () => {
  const [outputs, inputs, size] = [5, 4, 6];
  const w = init.deltaOrthogonal(empty([outputs, inputs, 3]));
  const x = init.normal(empty([inputs, size])).toArray() as number[][];
  let [before, after] = [0, 0];
  for (let place = 0; place < size; place++) {
    for (let o = 0; o < outputs; o++) {
      let sum = 0;
      for (let i = 0; i < inputs; i++) {
        for (let k = 0; k < 3; k++) {
          const from = (place + k - 1 + size) % size;
          sum += Number(w.at(o, i, k).item()) * x[i][from];
        }
      }
      after += sum ** 2;
    }
    for (const row of x) before += row[place] ** 2;
  }
  assert(Math.abs(after / before - 1) < 1e-6);
});

Deno.test("deltaOrthogonal needs a kernel, float32 or float64, and no fewer outputs", () => {
  const cases: [number[], "float32" | "float16", string][] = [
    [[4, 4], "float32", "the rank must be in [3, 5], got 2"],
    [[3, 4, 3], "float32", "as many outputs as inputs, got shape [3, 4, 3]"],
    [[4, 4, 0], "float32", "the kernel must have a center"],
    [[4, 4, 3], "float16", "float32 or float64, got float16"],
  ];
  for (const [shape, dtype, message] of cases) {
    const generator = new Generator(1);
    const w = empty(shape, { dtype });
    assertThrows(() => init.deltaOrthogonal(w, { generator }), Error, message);
    assertEquals(generator.getState(), new Generator(1).getState());
  }
});

Deno.test("identity has its gain on the diagonal, in matrices of any shape", () => {
  const wide = init.identity(empty([2, 3]), { gain: 2 });
  assertEquals(wide.toArray(), [[2, 0, 0], [0, 2, 0]]);
  assertEquals(init.identity(empty([2, 1])).toArray(), [[1], [0]]);
  assertEquals(
    init.identity(empty([3, 3], { dtype: "bfloat16" })).toArray(),
    init.eye(empty([3, 3], { dtype: "bfloat16" })).toArray(),
  );
  assertThrows(() => init.identity(empty([2, 2, 2])), RangeError, "rank");
  const half = empty([2, 2], { dtype: "float16" });
  assertThrows(() => init.identity(half, { gain: 1e5 }), RangeError, "65504");
  const broken = init.identity(empty([4, 4]), { gain: 3 });
  broken.data[1] = 3;
  assertEquals(summary(broken).rows[0].verdict, "wide");
});

Deno.test("bilinear has the published weights", () => {
  const lines: Record<number, number[]> = {
    1: [1],
    2: [1, 0],
    3: [0.25, 0.75, 0.75],
    4: [0.25, 0.75, 0.75, 0.25],
    8: [0.125, 0.375, 0.625, 0.875, 0.875, 0.625, 0.375, 0.125],
  };
  for (const [size, line] of Object.entries(lines)) {
    const w = init.bilinear(empty([1, 1, Number(size)]));
    assertEquals(w.toArray(), [[line]]);
  }
  const square = init.bilinear(empty([1, 1, 4, 4])).at(0, 0).toArray();
  // A row that is no whole number, as MXNet's under Python 3, would break this.
  assertEquals(square, lines[4].map((y) => lines[4].map((x) => y * x)));
});

Deno.test("bilinear goes from each channel to itself, block by block", () => {
  const kernelsOf = (shape: number[], groups?: number) => {
    const w = init.bilinear(empty(shape), { groups });
    return (w.toArray() as number[][][]).map((row) =>
      row.map(([first]) => Math.sign(first)).join("")
    );
  };
  assertEquals(kernelsOf([3, 1, 4]), ["1", "1", "1"]);
  assertEquals(kernelsOf([3, 1, 4], 1), ["1", "0", "0"]);
  assertEquals(kernelsOf([3, 3, 4]), ["100", "010", "001"]);
  assertEquals(kernelsOf([4, 2, 4], 2), ["10", "01", "10", "01"]);
  assertEquals(kernelsOf([4, 2, 4]), ["10", "01", "00", "00"]);
  assertThrows(
    () => init.bilinear(empty([3, 1, 4]), { groups: 2 }),
    RangeError,
    "axis 0 must be a multiple of groups 2, got 3",
  );
  assertThrows(() => init.bilinear(empty([3, 3])), RangeError, "rank");
});

Deno.test("bilinear doubles a straight line exactly, away from the border", () => {
  const kernel = init.bilinear(empty([1, 1, 4])).toFloat32();
  const line = [0, 1, 2, 3, 4, 5].map((x) => 3 * x - 1);
  // A transposed convolution of stride 2 and padding 1.
  const doubled = new Array<number>(12).fill(0);
  line.forEach((value, i) =>
    kernel.forEach((weight, k) => {
      const place = 2 * i + k - 1;
      if (place >= 0 && place < 12) doubled[place] += weight * value;
    })
  );
  const expected = doubled.map((_, i) => 3 * (i / 2 - 0.25) - 1);
  assertEquals(doubled.slice(1, -1), expected.slice(1, -1));
});

Deno.test("what these rules fill with is remembered", () => {
  const w = empty([2, 1, 4]);
  assertEquals(filledBy(init.bilinear(w)), {
    initializer: "bilinear",
    options: {},
    distribution: {
      kind: "repeated",
      values: [0.25, 0.75, 0.75, 0.25],
      places: [0, 4],
    },
  });
  assertEquals(filledBy(init.deltaOrthogonal(w, { gain: 2 }))?.distribution, {
    kind: "deltaOrthogonal",
    gain: 2,
  });
});
