import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { type Matrix, transpose } from "../../lib/numerics/matrix.ts";
import { singularValues } from "../../lib/numerics/singular_values.ts";
import { product } from "./product.ts";
import { bell } from "./samples.ts";

interface Row {
  readonly kind: "bell" | "deficient" | "graded";
  readonly rows: number;
  readonly columns: number;
  readonly seed: number;
  readonly values: readonly number[];
}

const url = new URL("../golden/singular_values.json", import.meta.url);
const golden: { cases: Row[] } = JSON.parse(await Deno.readTextFile(url));

function bells(rows: number, columns: number, seed: number): Matrix {
  return { data: bell(rows * columns, seed), rows, columns };
}

function matrixOf({ kind, rows, columns, seed }: Row): Matrix {
  if (kind === "deficient") {
    return product(bells(rows, 6, seed), bells(6, columns, seed + 1));
  }
  const { data } = bells(rows, columns, seed);
  if (kind === "graded") data.forEach((x, i) => data[i] = x * 10 ** -(i % 12));
  return { data, rows, columns };
}

Deno.test("singular values are NumPy's, within 1e-14 of the largest · √size", () => {
  assertEquals(golden.cases.length, 13);
  for (const row of golden.cases) {
    const matrix = matrixOf(row);
    const before = matrix.data.slice();
    const found = singularValues(matrix);
    assertEquals(matrix.data, before);
    const label = `${row.kind} ${row.rows} × ${row.columns}`;
    assertEquals(found.length, row.values.length, label);
    const bound = 1e-14 * row.values[0] *
      Math.sqrt(Math.max(row.rows, row.columns));
    found.forEach((value, i) => {
      const error = Math.abs(value - row.values[i]);
      assert(error <= bound, `${label}, value ${i} is off by ${error}`);
    });
  }
});

Deno.test("they are those of the transpose, sorted, and their squares sum up", () => {
  for (const [rows, columns] of [[17, 9], [40, 12], [13, 13]]) {
    const matrix = bells(rows, columns, rows);
    const found = singularValues(matrix);
    singularValues(transpose(matrix)).forEach((value, i) =>
      assertAlmostEquals(value, found[i], 1e-14 * found[0] * Math.sqrt(rows))
    );
    assertEquals(found.toSorted().reverse(), found);
    const sum = (values: Float64Array) =>
      values.reduce((total, x) => total + x * x, 0);
    assertAlmostEquals(sum(found) / sum(matrix.data), 1, 1e-14);
  }
});

Deno.test("zeros, diagonals and extreme sizes have theirs", () => {
  const none = { data: new Float64Array(6), rows: 2, columns: 3 };
  assertEquals([...singularValues(none)], [0, 0]);
  const data = Float64Array.of(0, 0, -7, 0, 2, 0, 0, 0, 0);
  const found = singularValues({ data, rows: 3, columns: 3 });
  [7, 2, 0].forEach((x, i) => assertAlmostEquals(found[i], x, 1e-14));
  const { data: plain, ...size } = bells(6, 4, 5);
  const [largest] = singularValues({ data: plain, ...size });
  for (const scale of [1e300, 1e-300]) {
    const scaled = { ...size, data: plain.map((x) => x * scale) };
    assertAlmostEquals(singularValues(scaled)[0] / scale / largest, 1, 1e-14);
  }
  const nothing = { data: new Float64Array(), rows: 0, columns: 3 };
  assertEquals(singularValues(nothing).length, 0);
});
