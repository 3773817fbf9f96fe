import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { kernelCode, stripCode } from "../../lib/numerics/kernels/code.ts";
import {
  type KernelName,
  kernelNames,
  offerKernels,
} from "../../lib/numerics/kernels/kernel.ts";
import {
  offerStrips,
  stripWorkspaceFor,
} from "../../lib/numerics/kernels/strips.ts";
import { orthonormalize, type Reals } from "../../lib/numerics/qr.ts";
import { empty, Generator, init } from "../../mod.ts";
import { withKernel } from "./with_kernel.ts";

const compiled = kernelNames.filter((name) => name !== "typescript");

/** Around the sizes of strips, blocks and the distances between strips. */
const shapes = [
  ...[[1, 1], [1, 2], [2, 1], [1, 40], [40, 1], [2, 2], [3, 3], [4, 4]],
  ...[[5, 5], [8, 8], [4, 9], [9, 4], [15, 17], [17, 15], [31, 31], [32, 32]],
  ...[[33, 33], [36, 36], [31, 33], [33, 31], [63, 65], [64, 64], [65, 65]],
  ...[[96, 97], [129, 128], [200, 33], [33, 200], [300, 7], [7, 300]],
];

/** What fills a matrix; some leave it without full rank. */
const matrices: Readonly<Record<string, (i: number, j: number) => number>> = {
  "zeros": () => 0,
  "negative zeros": () => -0,
  "ones": () => 1,
  "rank 1": (i, j) => (i + 1) * (j - 2),
  "the identity": (i, j) => i === j ? 1 : 0,
  "a triangle of zeros of both signs": (i, j) => i > j ? -0 : i - j,
  "zeros in every second column": (i, j) => j % 2 * Math.sin(i * j),
  "sizes from 1e-290 to 1e290": (i, j) =>
    10 ** (290 * Math.sin(i + j)) * Math.cos(i * j),
};

function fillBy(
  [rows, columns]: readonly number[],
  element: (i: number, j: number) => number,
): Float64Array {
  return Float64Array.from(
    { length: rows * columns },
    (_, k) => element(Math.floor(k / columns), k % columns),
  );
}

function normals([rows, columns]: readonly number[]): Float64Array {
  const tensor = empty([rows, columns], { dtype: "float64" });
  const generator = new Generator(rows);
  return init.normal(tensor, { generator }).data as Float64Array;
}

/** The bytes of a matrix's Q, made by a kernel. */
function bytesBy(
  kernel: KernelName,
  [rows, columns]: readonly number[],
  values: Reals,
): string {
  const q = values.slice();
  withKernel(kernel, () => orthonormalize(q, rows, columns, 0.7));
  assert(q.every((x) => Number.isFinite(x)));
  return new Uint8Array(q.buffer).toHex();
}

for (const kernel of compiled) {
  Deno.test(`${kernel} makes the bytes of TypeScript's Q, of normals`, () => {
    for (const shape of shapes) {
      for (const type of [Float64Array, Float32Array]) {
        const values = type.from(normals(shape));
        const expected = bytesBy("typescript", shape, values);
        const bytes = bytesBy(kernel, shape, values);
        assert(bytes === expected, `${shape[0]} × ${shape[1]}, ${type.name}`);
      }
    }
  });

  for (const [name, element] of Object.entries(matrices)) {
    Deno.test(`${kernel} makes the bytes of TypeScript's Q: ${name}`, () => {
      for (const shape of shapes) {
        const values = fillBy(shape, element);
        const expected = bytesBy("typescript", shape, values);
        const bytes = bytesBy(kernel, shape, values);
        assert(bytes === expected, `${shape[0]} × ${shape[1]}`);
      }
    });
  }

  Deno.test(`${kernel} computes in a memory that grows and is taken again`, () => {
    withKernel(kernel, () => {
      const first = stripWorkspaceFor(1000)!.memory;
      assertStrictEquals(stripWorkspaceFor(2000)!.memory.buffer, first.buffer);
      const { length } = first;
      const second = stripWorkspaceFor(length + 1)!.memory;
      assert(second.length > length);
      assertEquals(first.length, 0);
      assertStrictEquals(stripWorkspaceFor(1000)!.memory.buffer, second.buffer);
    });
  });

  Deno.test(`what ${kernel} has left in its memory does not matter`, () => {
    const shape = [37, 21];
    const values = normals(shape);
    const expected = bytesBy("typescript", shape, values);
    withKernel(kernel, () => stripWorkspaceFor(100_000)!.memory.fill(NaN));
    assertEquals(bytesBy(kernel, shape, values), expected);
  });
}

Deno.test("typescript computes without compiled code", () => {
  withKernel("typescript", () => {
    assertEquals(stripWorkspaceFor(1000), undefined);
  });
});

/** Calls a function while a memory cannot grow. */
function withoutMemory(body: () => void): void {
  const { grow } = WebAssembly.Memory.prototype;
  WebAssembly.Memory.prototype.grow = () => {
    throw new RangeError("no memory");
  };
  try {
    body();
  } finally {
    WebAssembly.Memory.prototype.grow = grow;
  }
}

Deno.test("without compiled code, or memory for it, Q is the same", () => {
  const shape = [140, 150];
  const values = normals(shape);
  const expected = bytesBy("typescript", shape, values);
  try {
    offerStrips(btoa("no WebAssembly"));
    assertEquals(bytesBy("simd", shape, values), expected);
    offerStrips(stripCode);
    withoutMemory(() => {
      withKernel("simd", () => {
        assertEquals(stripWorkspaceFor(shape[0] * shape[1]), undefined);
      });
      assertEquals(bytesBy("simd", shape, values), expected);
    });
  } finally {
    offerStrips(stripCode);
  }
});

Deno.test("where no kernel runs, none computes Q", () => {
  const broken = btoa("no WebAssembly");
  try {
    offerKernels({ "simd": broken, "relaxed-simd": broken });
    assertEquals(stripWorkspaceFor(100_000), undefined);
  } finally {
    offerKernels(kernelCode);
  }
});
