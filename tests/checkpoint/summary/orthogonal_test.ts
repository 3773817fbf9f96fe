import { assertAlmostEquals, assertEquals } from "@std/assert";
import {
  type Dtype,
  empty,
  Generator,
  init,
  summary,
  type Tensor,
} from "../../../mod.ts";
import type { SummaryRow } from "../../../lib/checkpoint/summary/result.ts";

const shapes = [
  ...[[1, 1], [1, 7], [7, 1], [2, 2], [3, 3], [64, 64], [200, 200]],
  ...[[5, 90], [90, 5], [128, 96], [96, 128], [300, 20]],
  ...[[16, 8, 3], [33, 16, 3, 3], [64, 3, 7, 7], [8, 4, 2, 3, 2]],
];
const dtypes = ["float32", "float64"] as const;
const gains = [1, -Math.SQRT2, 0.1, 1e-6, 1e6];

function fresh(shape: number[], dtype: Dtype, gain: number): Tensor {
  const generator = new Generator(shape.length);
  return init.orthogonal(empty(shape, { dtype }), { gain, generator });
}

function rowOf(weight: Tensor): SummaryRow {
  return summary({ weight }).rows[0];
}

/** Each shape in each dtype, with one gain after the other. */
function* cases(): Iterable<[Tensor, string]> {
  for (const dtype of dtypes) {
    for (const [index, shape] of shapes.entries()) {
      const gain = gains[index % gains.length];
      const weight = fresh(shape, dtype, gain);
      yield [weight, `${shape} ${dtype} ${gain}`];
    }
  }
}

Deno.test("a fresh orthogonal tensor is as expected, without a z", () => {
  for (const [weight, name] of cases()) {
    const { verdict, attention, z, meanZ } = rowOf(weight);
    assertEquals([verdict, attention], ["as expected", false], name);
    assertEquals([z, meanZ], [null, null], name);
  }
});

Deno.test("it is not, with 1 % more, 1 % less, or far less than that", () => {
  // Float32 rounds by at most 6e-8 of a value.
  for (const factor of [1.01, 0.99, 1 + 2e-7, 1 - 2e-7]) {
    for (const [weight, name] of cases()) {
      const data = weight.data as Float64Array;
      data.set(data.map((x) => x * factor));
      const { verdict, attention } = rowOf(weight);
      const expected = factor > 1 ? "wide" : "narrow";
      assertEquals([verdict, attention], [expected, true], name);
    }
  }
});

Deno.test("it is not, with one element changed", () => {
  for (const [weight, name] of cases()) {
    const data = weight.data as Float64Array;
    const sizes = Array.from(data, Math.abs);
    const at = sizes.indexOf(Math.max(...sizes));
    const before = data[at];
    data[at] = 1.5 * before;
    assertEquals(rowOf(weight).verdict, "wide", name);
    data[at] = before / 2;
    assertEquals(rowOf(weight).verdict, "narrow", name);
    data[at] = before;
    assertEquals(rowOf(weight).verdict, "as expected", name);
  }
});

Deno.test("the expected std is the gain over the root of the larger side", () => {
  const { expectedStd } = rowOf(fresh([90, 5, 2], "float32", -3));
  assertAlmostEquals(expectedStd!, 3 / Math.sqrt(90), 1e-15);
  // A gain of 0 leaves a constant.
  assertEquals(rowOf(fresh([4, 4], "float32", 0)).verdict, "as expected");
});
