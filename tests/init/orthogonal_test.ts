import { assert, assertEquals } from "@std/assert";
import { valuesOf } from "../../lib/core/tensor.ts";
import { kernelNames } from "../../lib/numerics/kernels/kernel.ts";
import { type Matrix, transpose } from "../../lib/numerics/matrix.ts";
import { empty, Generator, init, type Tensor } from "../../mod.ts";
import { withKernel } from "../kernels/with_kernel.ts";
import { distance, identity, product } from "../numerics/product.ts";

/** How far QᵀQ may be from the identity. */
const unityBounds = { float32: 1e-6, float64: 1e-14 } as const;
const dtypes = ["float32", "float64"] as const;
const shapes = [
  [1, 1],
  [1, 9],
  [9, 1],
  [5, 3],
  [3, 5],
  [16, 16],
  [8, 3, 5],
  [40, 3, 2, 2],
  [4, 2, 3, 1, 2],
];

/** The elements, one row for each place of axis 0. */
function matrixOf(tensor: Tensor): Matrix {
  const data = Float64Array.from(valuesOf(tensor));
  const rows = tensor.shape[0];
  return { data, rows, columns: data.length / rows };
}

/** The matrix, turned so that it is not wider than tall. */
function tall(matrix: Matrix): Matrix {
  return matrix.rows < matrix.columns ? transpose(matrix) : matrix;
}

/** How far the shorter side's vectors are from orthonormal ones. */
function unityOf(tensor: Tensor): number {
  const q = tall(matrixOf(tensor));
  return distance(product(transpose(q), q), identity(q.columns));
}

for (const kernel of kernelNames) {
  for (const dtype of dtypes) {
    Deno.test(`${kernel} fills ${dtype} with orthonormal rows or columns`, () => {
      const generator = new Generator(5);
      for (const shape of [...shapes, [100, 60], [60, 100], [256, 256]]) {
        const weight = withKernel(
          kernel,
          () => init.orthogonal(empty(shape, { dtype }), { generator }),
        );
        const off = unityOf(weight);
        assert(off < unityBounds[dtype], `[${shape}] is off by ${off}`);
      }
    });
  }
}

for (const dtype of dtypes) {
  Deno.test(`orthogonal draws normals, and takes the Q that leaves a positive diagonal, ${dtype}`, () => {
    for (const shape of shapes) {
      const ours = new Generator(8);
      const theirs = new Generator(8);
      const weight = init.orthogonal(empty(shape, { dtype }), {
        generator: ours,
      });
      const drawn = init.normal(empty(shape, { dtype }), { generator: theirs });
      assertEquals(ours.getState(), theirs.getState());
      const q = tall(matrixOf(weight));
      const { data, columns } = product(
        transpose(q),
        tall(matrixOf(drawn)),
      );
      data.forEach((x, i) => {
        const row = Math.floor(i / columns);
        const column = i % columns;
        if (row === column) assert(x > 0, `[${shape}]: ${x} at ${row}`);
        else if (row > column) assert(Math.abs(x) < 1e-5, `${x} is not 0`);
      });
    }
  });

  Deno.test(`the gain multiplies each element, ${dtype}`, () => {
    const fill = (gain?: number) =>
      valuesOf(
        init.orthogonal(empty([4, 6], { dtype }), {
          gain,
          generator: new Generator(2),
        }),
      );
    const plain = fill();
    assertEquals(fill(1), plain);
    // By powers of two, rounding is the same.
    for (const gain of [0.5, -2, 1024]) {
      assertEquals(Array.from(fill(gain)), Array.from(plain, (x) => gain * x));
    }
    assert(Array.from(fill(0)).every((x) => x === 0));
  });
}

Deno.test("the same seed gives the same bytes, another one others", () => {
  const fill = (seed: number) =>
    init.orthogonal(empty([7, 9]), { generator: new Generator(seed) });
  assertEquals(fill(3).data, fill(3).data);
  assert(!fill(3).equals(fill(4)));
});

Deno.test("all further axes are one", () => {
  const fill = (shape: number[]) =>
    init.orthogonal(empty(shape), { generator: new Generator(6) });
  assertEquals(fill([6, 2, 3, 4]).data, fill([6, 24]).data);
});

Deno.test("a tensor without elements is returned, nothing is drawn", () => {
  for (const shape of [[0, 3], [3, 0], [0, 0], [2, 0, 3]]) {
    const generator = new Generator(1);
    const target = empty(shape);
    assertEquals(init.orthogonal(target, { generator }), target);
    assertEquals(generator.getState(), new Generator(1).getState());
  }
});

Deno.test("the check of orthonormality sees normals, and a gain", () => {
  const generator = new Generator(1);
  assert(unityOf(init.normal(empty([6, 4]), { generator })) > 0.1);
  assert(unityOf(init.orthogonal(empty([6, 4]), { gain: 1.001 })) > 1e-3);
});
