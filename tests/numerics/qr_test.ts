import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { kernelNames } from "../../lib/numerics/kernels/kernel.ts";
import { type Matrix, transpose } from "../../lib/numerics/matrix.ts";
import { orthonormalize } from "../../lib/numerics/qr.ts";
import { empty, Generator, init } from "../../mod.ts";
import { withKernel } from "../kernels/with_kernel.ts";
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

/** The Q of a matrix. */
function qOf(a: Matrix, scale?: number): Matrix {
  const data = a.data.slice();
  orthonormalize(data, a.rows, a.columns, scale);
  return { ...a, data };
}

/** Asserts that Q is orthonormal and QᵀA, which is R, triangular. */
function assertDecomposes(a: Matrix, label: string): void {
  const isWide = a.rows < a.columns;
  const q = isWide ? transpose(qOf(a)) : qOf(a);
  const tall = isWide ? transpose(a) : a;
  const unity = distance(product(transpose(q), q), identity(q.columns));
  assert(unity < 1e-14, `${label}: QᵀQ is off by ${unity}`);
  const size = a.data.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  const r = product(transpose(q), tall);
  r.data.forEach((x, i) => {
    const row = Math.floor(i / r.columns);
    const column = i % r.columns;
    if (row > column) {
      assert(Math.abs(x) <= 1e-13 * size, `${label}: ${x} is not 0`);
      r.data[i] = 0;
    } else if (row === column) {
      assert(x >= -1e-13 * size, `${label}: ${x} is negative`);
    }
  });
  const error = distance(product(q, r), tall);
  assert(error <= 1e-13 * size, `${label}: QR is off by ${error}`);
}

/** Around the sizes of strips and blocks, with a last block of each kind. */
const sizes = [
  ...[[1, 1], [1, 6], [6, 1], [2, 2], [7, 5], [5, 7], [32, 32], [33, 32]],
  ...[[32, 33], [35, 35], [40, 40], [150, 30], [30, 150], [70, 69], [64, 100]],
];

const deficient = {
  "a zero": matrix([0]),
  "all zeros, tall": matrix([0, 0], [0, 0], [0, 0]),
  "all zeros, wide": matrix([0, 0, 0], [0, 0, 0]),
  "all zeros, two blocks": normals(45, 45),
  "a first column of zeros": matrix([0, 1], [0, 2], [0, 4]),
  "a last column of zeros": matrix([1, 0], [2, 0], [4, 0]),
  "a column of zeros below the diagonal": matrix([3, 1], [0, 2], [0, 5]),
  "columns that are equal": matrix([1, 1, 2], [2, 2, 1], [4, 4, 3]),
  "all ones": matrix([1, 1, 1], [1, 1, 1], [1, 1, 1], [1, 1, 1]),
  "negative zeros": matrix([-0, -0], [-0, -0]),
  "a row": matrix([0, 0, 3]),
  "rank 2, two blocks": product(normals(50, 2), normals(2, 40)),
};
deficient["all zeros, two blocks"].data.fill(0);

for (const kernel of kernelNames) {
  Deno.test(`${kernel}: Q is orthonormal, and QᵀA triangular`, () => {
    withKernel(kernel, () => {
      for (const [rows, columns] of sizes) {
        assertDecomposes(normals(rows, columns), `${rows} × ${columns}`);
      }
    });
  });

  Deno.test(`${kernel}: so they are for a matrix without full rank`, () => {
    withKernel(kernel, () => {
      for (const [label, a] of Object.entries(deficient)) {
        assertDecomposes(a, label);
      }
    });
  });

  Deno.test(`${kernel}: squares neither overflow nor vanish`, () => {
    const { data, ...size } = normals(6, 4);
    withKernel(kernel, () => {
      for (const scale of [1e300, 1e-300]) {
        const a = { ...size, data: data.map((x) => x * scale) };
        assertDecomposes(a, `times ${scale}`);
      }
    });
  });
}

Deno.test("Q is that of a decomposition by hand, also of the transpose", () => {
  const a = matrix([12, -51, 4], [6, 167, -68], [-4, 24, -41]);
  // The textbook's last column has the other sign, and so a negative R.
  const q = [
    ...[6 / 7, -69 / 175, -58 / 175],
    ...[3 / 7, 158 / 175, 6 / 175],
    ...[-2 / 7, 6 / 35, -33 / 35],
  ];
  qOf(a).data.forEach((x, i) => assertAlmostEquals(x, q[i], 1e-15));
  const tall = matrix([3, 1], [0, 2], [4, 7]);
  const wide = qOf(transpose(tall));
  assert(distance(transpose(wide), qOf(tall)) === 0);
});

Deno.test("the Q of zeros is the identity", () => {
  const zeros = { data: new Float64Array(49), rows: 7, columns: 7 };
  assert(distance(qOf(zeros), identity(7)) === 0);
});

Deno.test("Q is scaled, in single precision after it is computed", () => {
  const a = normals(9, 6);
  const expected = qOf(a).data.map((x) => 0.1 * x);
  assertEquals(qOf(a, 0.1).data, expected);
  const single = Float32Array.from(a.data);
  const wide = qOf({ ...a, data: Float64Array.from(single) }, 0.1);
  orthonormalize(single, 9, 6, 0.1);
  assertEquals(single, Float32Array.from(wide.data));
});

Deno.test("a matrix without rows or columns stays as it is", () => {
  for (const [rows, columns] of [[0, 3], [3, 0], [0, 0]]) {
    orthonormalize(new Float64Array(), rows, columns);
  }
});
