import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertLess,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { marchenkoPastur } from "../../lib/numerics/special.ts";
import {
  empty,
  expectationOf,
  filledBy,
  Generator,
  init,
  nn,
  plot,
  type Tensor,
  tensor,
} from "../../mod.ts";
import { layoutOf } from "./layout.ts";

interface Trace {
  x: number[];
  y: number[];
  width: number;
  name: string;
  customdata: [number, number, number][];
}

function traces(figure: plot.Figure): [Trace, Trace?] {
  return JSON.parse(JSON.stringify(figure)).data;
}

const generator = () => new Generator(0);

/** The share of the bars' area that the density does not cover. */
function misfit(figure: plot.Figure, std: number, sizes: [number, number]) {
  const { density } = marchenkoPastur(...sizes, std);
  const [bars] = traces(figure);
  const steps = 50;
  return bars.x.reduce((sum, x, i) => {
    let mean = 0;
    for (let step = 0; step < steps; step++) {
      mean += density(x + ((step + 0.5) / steps - 0.5) * bars.width) / steps;
    }
    return sum + Math.abs(bars.y[i] - mean) * bars.width;
  }, 0);
}

Deno.test("the density of Marchenko and Pastur has an area and a mean square", () => {
  for (const [rows, columns, std] of [[9, 25, 2], [70, 70, 0.1], [400, 3, 1]]) {
    const { low, high, density } = marchenkoPastur(rows, columns, std);
    const steps = 100_000;
    let [area, squares] = [0, 0];
    for (let step = 0; step < steps; step++) {
      const x = low + (high - low) * (step + 0.5) / steps;
      area += density(x) * (high - low) / steps;
      squares += density(x) * x * x * (high - low) / steps;
    }
    assertAlmostEquals(area, 1, 1e-6);
    // The mean of σ² is the sum of all squares over the number of values.
    const mean = std ** 2 * Math.max(rows, columns);
    assertAlmostEquals(squares / mean, 1, 1e-6);
  }
});

Deno.test("random weights have the density of Marchenko and Pastur", () => {
  const fills: Record<string, (weight: Tensor) => Tensor> = {
    normal: (w) => init.kaimingNormal(w, { generator: generator() }),
    uniform: (w) => init.xavierUniform(w, { generator: generator() }),
    cut: (w) => init.truncNormal(w, { generator: generator() }),
  };
  for (const [name, fill] of Object.entries(fills)) {
    for (const shape of [[160, 40, 2, 3], [200, 200], [320, 160]]) {
      const weight = fill(empty(shape));
      const rows = shape[0];
      const sizes: [number, number] = [rows, weight.numel() / rows];
      const figure = plot.spectrum(weight, { bins: 12 });
      const { std } = expectationOf(filledBy(weight)!.distribution, shape);
      // Singular values repel each other: a bin's count is within 1.5.
      const furthest = 12 * 1.5 / Math.min(...sizes);
      assertLess(misfit(figure, std, sizes), furthest, `${name} ${shape}`);
      // A wrong std does not fit.
      assert(
        misfit(figure, 1.3 * std, sizes) > 2 * furthest,
        `${name} ${shape}`,
      );
    }
  }
});

Deno.test("the line is the density, and its marks the edges", () => {
  const figure = plot.spectrum(
    init.normal(empty([16, 4, 3, 3]), { std: 0.5, generator: generator() }),
  );
  const [bars, line] = traces(figure);
  assertEquals(line!.name, "Marchenko–Pastur, std 0.5");
  const { density } = marchenkoPastur(16, 36, 0.5);
  assertEquals([line!.x[0], line!.x.at(-1)], [1, 5]);
  line!.x.slice(1).forEach((x, i) =>
    assertAlmostEquals(line!.y[i + 1], density(x), 1e-3)
  );
  assertEquals(
    layoutOf(figure).annotations!.slice(1).map(({ x, text }) => [x, text]),
    [[1, "1"], [5, "5"]],
  );
  const count = bars.customdata.reduce((sum, [, , n]) => sum + n, 0);
  assertEquals(count, 16);
  const facts = String(figure);
  assertStringIncludes(facts, "[16, 4, 3, 3] as 16 × 36 · float32 · 16 sing");
  assertStringIncludes(facts, "(expected 5) · smallest ");
});

Deno.test("an orthogonal weight has one bar, under a line at the gain", () => {
  for (const [gain, size] of [[1, "1"], [-3, "3"]] as const) {
    const weight = empty([12, 5, 3]);
    const figure = plot.spectrum(
      init.orthogonal(weight, { gain, generator: generator() }),
    );
    const [bars, line] = traces(figure);
    assertEquals(bars.x.length, 21);
    bars.customdata.forEach(([low, high, count]) => {
      const inside = low < Math.abs(gain) && Math.abs(gain) < high;
      assertEquals(count, inside ? 12 : 0);
    });
    assertEquals(line!.x, [Math.abs(gain), Math.abs(gain)]);
    assertEquals(line!.name, `orthogonal: all at ${size}`);
    assertStringIncludes(
      String(figure),
      `largest ${size} (expected ${size}) · smallest ${size} (expected ${size}) · ratio 1`,
    );
  }
});

Deno.test("without a theory there are only bars, and an option gives one", () => {
  const weight = tensor([[3, 0, 0], [0, 0, -1]]);
  const plain = plot.spectrum(weight);
  assertEquals(plain.data.length, 1);
  assertStringIncludes(String(plain), "largest 3 · smallest 1 · ratio 3");
  const theory = { kind: "normal", mean: 0, std: 1 } as const;
  assertEquals(plot.spectrum(weight, { theory }).data.length, 2);
  const linear = new nn.Linear(8, 6, { generator: generator() });
  assertEquals(plot.spectrum(linear).data.length, 2);
  assertEquals(plot.spectrum(linear, { theory: null }).data.length, 1);
  const passed = filledBy(init.orthogonal(empty([2, 2]), { gain: 2 }))
    ?.distribution;
  const [, line] = traces(plot.spectrum(weight, { theory: passed }));
  assertEquals(line!.x, [2, 2]);
});

Deno.test("a matrix without full rank has a smallest value of 0", () => {
  const ones = plot.spectrum(init.ones(empty([8, 8])));
  assertStringIncludes(String(ones), "largest 8 · smallest 0 · ratio ∞");
  const zeros = plot.spectrum(init.zeros(empty([2, 3])));
  assertStringIncludes(String(zeros), "largest 0 · smallest 0 · ratio –");
});

Deno.test("what is no matrix of numbers throws", () => {
  const weight = empty([3, 3]);
  const cases: [() => plot.Figure, typeof TypeError, string][] = [
    [
      () => plot.spectrum(tensor([1, 2])),
      RangeError,
      "Cannot plot a spectrum: the rank must be at least 2, got 1 in shape [2]",
    ],
    [
      () => plot.spectrum(tensor([[1, NaN]])),
      RangeError,
      "of shape [1, 2]: all elements must be finite, got 1 not finite",
    ],
    [() => plot.spectrum(empty([0, 3])), RangeError, "a finite value"],
    [() => plot.spectrum(weight, { bins: 0 }), RangeError, "bins must be an"],
    [() => plot.spectrum(weight, { range: [2, 1] }), RangeError, "range must"],
    [
      () => plot.spectrum(weight, { points: 3 } as plot.SpectrumOptions),
      TypeError,
      "options must be among",
    ],
    [() => plot.spectrum(null as never), TypeError, "must be a tensor"],
    [() => plot.spectrum({}), RangeError, "must be a parameter, got none"],
  ];
  for (const [make, kind, message] of cases) {
    assertThrows(make, kind, message);
  }
});
