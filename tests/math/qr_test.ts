import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { type Matrix, transpose } from "../../lib/math/matrix.ts";
import { qr } from "../../lib/math/qr.ts";
import { empty, Generator, init } from "../../mod.ts";
import { distance, identity, product } from "./product.ts";

/** A matrix from its rows. */
function matrix(...rows: number[][]): Matrix {
  const data = Float64Array.from(rows.flat());
  return { data, rows: rows.length, columns: rows[0].length };
}

function normals(rows: number, columns: number): Matrix {
  const generator = new Generator(rows);
  const tensor = empty([rows, columns], { dtype: "float64" });
  const { data } = init.normal(tensor, { generator });
  return { data: data as Float64Array, rows, columns };
}

/** Asserts all that makes Q and R a decomposition of A. */
function assertDecomposes(a: Matrix, label: string): void {
  const before = a.data.slice();
  const { q, r } = qr(a);
  assertEquals(a.data, before, label);
  const count = Math.min(a.rows, a.columns);
  assertEquals([q.rows, q.columns, r.rows, r.columns], [
    a.rows,
    count,
    count,
    a.columns,
  ]);
  const unity = distance(product(transpose(q), q), identity(count));
  assert(unity < 1e-14, `${label}: QᵀQ is off by ${unity}`);
  const size = a.data.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  const error = distance(product(q, r), a);
  assert(error <= 1e-13 * size, `${label}: QR is off by ${error}`);
  for (let i = 0; i < r.rows; i++) {
    for (let j = 0; j < i; j++) assertEquals(r.data[i * r.columns + j], 0);
  }
}

Deno.test("Q is orthonormal, R triangular, and QR the matrix", () => {
  const sizes = [[1, 1], [1, 6], [6, 1], [2, 2], [7, 5], [5, 7], [40, 40]];
  for (const [rows, columns] of [...sizes, [150, 30], [30, 150]]) {
    assertDecomposes(normals(rows, columns), `${rows} × ${columns}`);
  }
});

Deno.test("so they are for a matrix without full rank", () => {
  const deficient = {
    "all zeros, tall": matrix([0, 0], [0, 0], [0, 0]),
    "all zeros, wide": matrix([0, 0, 0], [0, 0, 0]),
    "a first column of zeros": matrix([0, 1], [0, 2], [0, 4]),
    "a last column of zeros": matrix([1, 0], [2, 0], [4, 0]),
    "a column of zeros below the diagonal": matrix([3, 1], [0, 2], [0, 5]),
    "columns that are equal": matrix([1, 1, 2], [2, 2, 1], [4, 4, 3]),
    "all ones": matrix([1, 1, 1], [1, 1, 1], [1, 1, 1], [1, 1, 1]),
    "negative zeros": matrix([-0, -0], [-0, -0]),
    "a row": matrix([0, 0, 3]),
  };
  for (const [label, a] of Object.entries(deficient)) {
    assertDecomposes(a, label);
  }
});

Deno.test("squares neither overflow nor vanish", () => {
  const { data, ...size } = normals(6, 4);
  for (const scale of [1e300, 1e-300]) {
    const a = { ...size, data: data.map((x) => x * scale) };
    assertDecomposes(a, `times ${scale}`);
  }
});

Deno.test("the factors are those of a decomposition by hand", () => {
  const a = matrix([12, -51, 4], [6, 167, -68], [-4, 24, -41]);
  const { q, r } = qr(a);
  const size = [14, 21, 14, 0, 175, 70, 0, 0, 35];
  size.forEach((x, i) => assertAlmostEquals(Math.abs(r.data[i]), x, 1e-12));
  [6 / 7, 3 / 7, 2 / 7].forEach((x, i) =>
    assertAlmostEquals(Math.abs(q.data[3 * i]), x, 1e-14)
  );
});

Deno.test("a matrix without rows or columns has factors without elements", () => {
  const nothing = new Float64Array();
  for (const [rows, columns] of [[0, 3], [3, 0], [0, 0]]) {
    const { q, r } = qr({ data: nothing, rows, columns });
    assertEquals([q.data.length, r.data.length], [0, 0]);
  }
});
