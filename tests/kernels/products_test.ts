import { assertEquals, assertNotEquals } from "@std/assert";
import {
  type Matrix,
  multiply,
  multiplyColumns,
  multiplyRows,
  transpose,
} from "../../lib/numerics/matrix.ts";
import { stripWorkspaceFor } from "../../lib/numerics/kernels/strips.ts";
import { withKernel } from "./with_kernel.ts";

function wave(rows: number, columns: number): Matrix {
  const data = Float64Array.from(
    { length: rows * columns },
    (_, i) => Math.sin(1.7 * i + rows),
  );
  return { data, rows, columns };
}

Deno.test("all kernels multiply to the same bytes, at every edge", () => {
  for (
    const [rows, shared, columns] of [
      [64, 64, 256],
      [16, 128, 128],
      [33, 1030, 21],
      [5, 700, 9],
      [1, 513, 30],
    ]
  ) {
    const left = wave(rows, shared);
    const right = wave(shared, columns);
    const all = () => [
      multiplyRows(left, transpose(right)),
      multiply(left, right),
      multiplyColumns(transpose(left), right),
    ];
    const plain = withKernel("typescript", all);
    assertEquals(plain[1], plain[0]);
    assertEquals(plain[2], plain[0]);
    assertNotEquals(plain[0].data[0], 0);
    for (const kernel of ["simd", "relaxed-simd"] as const) {
      assertEquals(withKernel(kernel, all), plain);
      withKernel(
        kernel,
        () => assertEquals(stripWorkspaceFor(1000) === undefined, false),
      );
    }
  }
});
