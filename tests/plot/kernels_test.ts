import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { empty, nn, plot, type Shape, type Tensor, tensor } from "../../mod.ts";
import { layoutOf } from "./layout.ts";

interface HeatMap {
  x: string[];
  y: string[];
  z: (number | null)[][];
  zmin: number;
  zmax: number;
}

function mapOf(figure: plot.Figure): HeatMap {
  return JSON.parse(JSON.stringify(figure)).data[0];
}

/** A tensor whose elements are their own places in row-major order. */
function counted(shape: Shape): Tensor<"int32"> {
  const weight = empty(shape, { dtype: "int32" });
  weight.data.forEach((_, index) => weight.data[index] = index);
  return weight;
}

Deno.test("each cell shows the value that its names say", () => {
  const shapes = [[5, 6, 3, 2], [7, 3, 2, 3], [2, 4, 3], [3, 4, 2, 3, 2]];
  for (const shape of [...shapes, [4, 2, 2, 1, 2], [6, 1, 3, 3]]) {
    const weight = counted(shape);
    const { x, y, z } = mapOf(plot.kernels(weight));
    let cells = 0;
    z.forEach((row, i) =>
      row.forEach((value, j) => {
        const names = `${y[i]}, ${x[j]}`;
        if (names.includes("gap")) {
          assertEquals(value, null);
          return;
        }
        const read = (word: string) =>
          Number(new RegExp(`${word} (\\d+)`).exec(names)?.[1] ?? 0);
        const [, inputs, ...kernel] = shape;
        const [depth, rows, columns] = [1, 1, ...kernel].slice(-3);
        const at = ((read("output") * inputs + read("input")) * depth +
              read("slice")) * rows + read("row");
        assertEquals(value, at * columns + read("column"), names);
        cells++;
      })
    );
    assertEquals(cells, weight.numel(), String(shape));
  }
});

Deno.test("tiles stand apart by one gap, and names are unique", () => {
  const { x, y, z } = mapOf(plot.kernels(counted([2, 4, 3, 3])));
  assertEquals([y.length, x.length], [2 * 3 + 1, 4 * 3 + 3]);
  assertEquals([z.length, z[0].length], [y.length, x.length]);
  assertEquals(z[3], Array(15).fill(null));
  assertEquals([new Set(x).size, new Set(y).size], [x.length, y.length]);
});

Deno.test("the scale is symmetric, and of the whole tensor", () => {
  const weight = empty([20, 16, 3, 3]);
  weight.data[weight.numel() - 1] = -8;
  const map = mapOf(plot.kernels(weight));
  assertEquals([map.zmin, map.zmax], [-8, 8]);
  const asked = mapOf(plot.kernels(weight, { limit: 0.5 }));
  assertEquals([asked.zmin, asked.zmax], [-0.5, 0.5]);
  const zeros = mapOf(plot.kernels(empty([1, 1, 3, 3])));
  assertEquals([zeros.zmin, zeros.zmax], [-1, 1]);
});

Deno.test("what is left out is said", () => {
  const weight = counted([33, 16, 3, 3]);
  const part = plot.kernels(weight);
  assertStringIncludes(
    String(part),
    "kernels [3, 3] of outputs 0 to 8 of 33, all 16 inputs",
  );
  const asked = plot.kernels(weight, { out: [30, 33], in: [4, 5] });
  assertStringIncludes(
    String(asked),
    "kernels [3, 3] of outputs 30 to 32 of 33, input 4 of 16",
  );
  const { x, y, z } = mapOf(asked);
  assertEquals([y[0], x[0]], ["output 30, row 0", "input 4, column 0"]);
  assertEquals(z[0][0], Number((((30 * 16) + 4) * 9).toPrecision(4)));
  const matrix = plot.kernels(counted([300, 100]));
  assertStringIncludes(String(matrix), "shown: outputs 0 to 26 of 300");
});

Deno.test("all kernels are shown when they are asked for", () => {
  const weight = counted([33, 16, 3, 3]);
  const { z } = mapOf(plot.kernels(weight, { out: [0, 33], in: [0, 16] }));
  assertEquals(z.flat().filter((value) => value !== null).length, 4752);
});

Deno.test("any weight gives a small figure with square cells", () => {
  const shapes = [[512, 512, 3, 3], [64, 3, 7, 7], [2048, 2048], [32, 1, 3, 3]];
  for (const shape of [...shapes, [1, 1, 1, 1], [10, 1], [64, 64, 3, 3, 3]]) {
    const figure = plot.kernels(counted(shape));
    const { width, height, margin } = layoutOf(figure);
    const { x, y } = mapOf(figure);
    const columnWidth = (width - margin.l - margin.r) / x.length;
    const rowHeight = (height - margin.t - margin.b) / y.length;
    assertEquals(columnWidth <= rowHeight, true, String(shape));
    assertEquals(Number.isInteger(columnWidth), true, String(shape));
    assertEquals(width <= 1000 && height <= 800, true, String(shape));
    const bytes = JSON.stringify(figure).length * 2 + figure.toSvg().length;
    assertEquals(bytes < 80_000, true, `${shape}: ${bytes}`);
    assertEquals(layoutOf(figure).yaxis?.scaleanchor, "x");
  }
});

Deno.test("what is not finite is no cell", () => {
  const figure = plot.kernels(tensor([[1, NaN], [Infinity, 2]]));
  assertEquals(String(figure).split("\n").slice(1, 3), ["△", " ▲"]);
  const { z, zmax } = mapOf(figure);
  assertEquals(z, [[1, null], [null, 2]]);
  assertEquals(zmax, 2);
});

Deno.test("a layer's weight is shown under the layer's name", () => {
  const figure = plot.kernels(new nn.Conv2d(3, 8, 3));
  assertEquals(
    String(figure).split("\n")[0],
    "Conv2d(3, 8, kernel_size=(3, 3), stride=(1, 1)) · weight",
  );
});

Deno.test("the text shows whole tiles as signs", () => {
  const weight = tensor([[[[1, -1], [0, 0.4]]], [[[-0.4, 0.1], [0.7, -0.7]]]]);
  assertEquals(
    String(plot.kernels(weight)).split("\n").slice(1, 4),
    ["▲▼ ▽·", "·△ ▲▼", "▼ ▽ · △ ▲ from -1 to 1"],
  );
});

Deno.test("bad weights and options throw", () => {
  for (const shape of [[3], [], [1, 1, 1, 1, 1, 1]]) {
    assertThrows(
      () => plot.kernels(counted(shape)),
      RangeError,
      `Cannot plot kernels: its rank must be in [2, 5], got [${
        shape.join(", ")
      }]`,
    );
  }
  assertThrows(() => plot.kernels(empty([0, 3, 3, 3])), RangeError);
  const weight = counted([4, 4, 3, 3]);
  for (const range of [[2, 2], [-1, 2], [0, 5], [0.5, 2], [1], [0, 1, 2], 3]) {
    for (const name of ["out", "in"]) {
      assertThrows(
        () => plot.kernels(weight, { [name]: range }),
        RangeError,
        `Cannot plot kernels: ${name} must be [from, to) with 0 ≤ from < to ≤ 4`,
      );
    }
  }
  assertThrows(
    () => plot.kernels(weight, { output: [0, 1] } as plot.KernelsOptions),
    TypeError,
    "got output",
  );
  assertThrows(() => plot.kernels(weight, { limit: 0 }), RangeError, "above 0");
  assertThrows(
    () =>
      plot.kernels(counted([200, 200, 3, 3]), { out: [0, 200], in: [0, 200] }),
    RangeError,
    "at most 20000 values, got 360000",
  );
});
