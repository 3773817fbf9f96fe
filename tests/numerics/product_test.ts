import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { type Matrix, multiplyRows } from "../../lib/numerics/matrix.ts";
import { normalMean } from "../../lib/numerics/normal_mean.ts";

/** Small whole numbers, so that every order of sums gives the same. */
function whole(rows: number, columns: number): Matrix {
  const data = Float64Array.from(
    { length: rows * columns },
    (_, i) => (i * i + 3 * i) % 11 - 5,
  );
  return { data, rows, columns };
}

Deno.test("products of rows are the sums that define them, at every edge", () => {
  for (
    const [rows, others, columns] of [
      [1, 1, 1],
      [4, 4, 512],
      [5, 7, 513],
      [3, 9, 1030],
      [8, 2, 0],
    ]
  ) {
    const [left, right] = [whole(rows, columns), whole(others, columns)];
    const product = multiplyRows(left, right);
    assertEquals([product.rows, product.columns], [rows, others]);
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < others; j++) {
        let sum = 0;
        for (let k = 0; k < columns; k++) {
          sum += left.data[i * columns + k] * right.data[j * columns + k];
        }
        assertEquals(product.data[i * others + j], sum);
      }
    }
  }
  assertThrows(
    () => multiplyRows(whole(1, 2), whole(1, 3)),
    RangeError,
    "as many columns, got 2 and 3",
  );
});

Deno.test("means under the normal are its moments", () => {
  assertAlmostEquals(normalMean(() => 1), 1, 1e-14);
  assertAlmostEquals(normalMean((z) => z), 0, 1e-14);
  assertAlmostEquals(normalMean((z) => z ** 2), 1, 1e-14);
  assertAlmostEquals(normalMean((z) => z ** 8), 105, 1e-11);
  assertAlmostEquals(normalMean((z) => z > 0 ? 1 : 0), 1 / 2, 1e-14);
  assertAlmostEquals(normalMean(Math.abs), Math.sqrt(2 / Math.PI), 1e-14);
});
