import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertLess,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import {
  type Distribution,
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
import type { Weights } from "../../lib/core/source.ts";
import { bell } from "../numerics/samples.ts";
import { layoutOf } from "./layout.ts";

interface Bars {
  x: number[];
  y: number[];
  width: number;
  name: string;
  customdata: [number, number, number][];
}
interface Line {
  x: number[];
  y: number[];
  name: string;
}

function traces(figure: plot.Figure): [Bars, Line] {
  return JSON.parse(JSON.stringify(figure)).data;
}

/** The area under a polyline, by trapezoids. */
function area({ x, y }: Line): number {
  return x.slice(1).reduce(
    (sum, right, i) => sum + (right - x[i]) * (y[i] + y[i + 1]) / 2,
    0,
  );
}

function drawn(fill: (weight: Tensor) => Tensor): Tensor {
  return fill(empty([33, 16, 3, 3]));
}

const generator = () => new Generator(0);

const initializers: Record<string, (weight: Tensor) => Tensor> = {
  uniform: (w) =>
    init.uniform(w, { low: 0.1, high: 0.7, generator: generator() }),
  normal: (w) => init.normal(w, { mean: 5, std: 2, generator: generator() }),
  "tiny normal": (w) => init.normal(w, { std: 1e-12, generator: generator() }),
  "huge uniform": (w) =>
    init.uniform(w, { low: -1e6, high: 1e6, generator: generator() }),
  truncNormal: (w) => init.truncNormal(w, { generator: generator() }),
  "tail of a normal": (w) =>
    init.truncNormal(w, { low: 2.5, high: 9, generator: generator() }),
  xavierUniform: (w) => init.xavierUniform(w, { generator: generator() }),
  xavierNormal: (w) => init.xavierNormal(w, { generator: generator() }),
  kaimingUniform: (w) => init.kaimingUniform(w, { generator: generator() }),
  kaimingNormal: (w) =>
    init.kaimingNormal(w, { mode: "fan_out", generator: generator() }),
};

Deno.test("each initializer's density has an area of 1, and so have the bars", () => {
  for (const [name, fill] of Object.entries(initializers)) {
    const [bars, line] = traces(plot.weights(drawn(fill)));
    assertAlmostEquals(area(line), 1, 1e-3, name);
    const filled = bars.y.reduce((sum, y) => sum + y * bars.width, 0);
    assertAlmostEquals(filled, 1, 1e-3, name);
  }
});

Deno.test("a uniform density is a box whose edges are its bounds", () => {
  const [, line] = traces(plot.weights(drawn(initializers.uniform)));
  assertEquals(line.x, [0.1, 0.1, 0.7, 0.7]);
  assertEquals(line.y, [0, 1 / 0.6, 1 / 0.6, 0].map(to12));
  const [, kaiming] = traces(plot.weights(new nn.Conv2d(16, 33, 3)));
  assertEquals(kaiming.x, [-1, -1, 1, 1].map((sign) => to12(sign / 12)));
});

Deno.test("a normal density follows its formula and reaches beyond 4 std", () => {
  const [, line] = traces(plot.weights(drawn(initializers.normal)));
  const peak = 1 / (2 * Math.sqrt(2 * Math.PI));
  line.x.forEach((x, i) =>
    assertAlmostEquals(line.y[i], peak * Math.exp(-((x - 5) ** 2) / 8), 1e-5)
  );
  assertLess(line.x[0], 5 - 8);
  assertLess(5 + 8, line.x.at(-1)!);
  assert(line.x.includes(5));
});

Deno.test("a cut normal's density has vertical edges at its ends", () => {
  const [, line] = traces(plot.weights(drawn(initializers.truncNormal)));
  assertEquals([line.x[0], line.x[1], line.x.at(-1)], [-2, -2, 2]);
  assertEquals([line.y[0], line.y.at(-1)], [0, 0]);
  // 0.9545 of N(0, 1) lies within 2 std.
  const share = 0.9544997361036416;
  const peak = 1 / Math.sqrt(2 * Math.PI) / share;
  assertAlmostEquals(Math.max(...line.y), peak, 1e-5);
  assertAlmostEquals(line.y[1], peak * Math.exp(-2), 1e-5);
  assertStringIncludes(line.name, "truncNormal: N(0, 1²) in [−2, 2]");
});

Deno.test("an orthogonal weight has bars, and no density over them", () => {
  const weight = drawn((w) => init.orthogonal(w, { generator: generator() }));
  assertEquals(traces(plot.weights(weight)).length, 1);
  const [, , { name }] = traces(plot.quantiles(weight)) as unknown as Line[];
  assertStringIncludes(name, "normal of the same mean and std: N(");
});

Deno.test("one tensor's theory serves another, a cut one too", () => {
  const theory = filledBy(drawn(initializers.truncNormal))!
    .distribution;
  const [, line] = traces(plot.weights(tensor([1, 2, 3]), { theory }));
  assertStringIncludes(line.name, "in [−2, 2]");
});

Deno.test("the density does not change when the data do", () => {
  for (const fill of [initializers.uniform, initializers.xavierNormal]) {
    const weight = drawn(fill);
    const before = traces(plot.weights(weight))[1];
    for (let i = 0; i < weight.data.length; i++) weight.data[i] = 3 + i / 1000;
    assertEquals(traces(plot.weights(weight))[1], before);
  }
});

Deno.test("the bars are the bins: their counts are all values", () => {
  const weight = drawn(initializers.xavierNormal);
  const [bars] = traces(plot.weights(weight));
  assertEquals(bars.x.length, bars.y.length);
  assertEquals(bars.customdata.length, bars.x.length);
  assertEquals(sum(bars.customdata.map(([, , count]) => count)), 4752);
  bars.customdata.forEach(([low, high, count], bin) => {
    assertAlmostEquals(bars.x[bin], (low + high) / 2, 1e-5);
    assertAlmostEquals(bars.y[bin], count / (4752 * bars.width), 1e-4);
  });
  assertStringIncludes(bars.name, `${bars.x.length} bins (Freedman–Diaconis)`);
});

Deno.test("the options say bins and range; what is outside is counted", () => {
  const weight = tensor([-9, 0, 1, 2, 3, 4]);
  const figure = plot.weights(weight, { bins: 4, range: [0, 4] });
  const [bars] = traces(figure);
  assertEquals(bars.x, [0.5, 1.5, 2.5, 3.5]);
  assertEquals(bars.customdata.map(([, , count]) => count), [1, 1, 1, 2]);
  assertStringIncludes(String(figure), "n = 6 · 16.7 % zeros · 1 outside");
});

Deno.test("the facts are shape, dtype, n, mean, both stds and extremes", () => {
  const conv = new nn.Conv2d(16, 33, 3, { stride: 2, generator: generator() });
  const text = String(plot.weights(conv));
  assertStringIncludes(text, "[33, 16, 3, 3] · float32 · n = 4,752");
  assertStringIncludes(text, "std 0.04778 (expected 0.04811)");
  const [title] = text.split("\n");
  assertEquals(
    title,
    "Conv2d(16, 33, kernel_size=(3, 3), stride=(2, 2)) · weight",
  );
  const layout = layoutOf(plot.weights(conv));
  assertEquals(layout.title?.text, title);
  assertStringIncludes(layout.annotations![0].text, "(expected 0.04811)");
});

Deno.test("labels distinguish values far from 0", () => {
  const figure = plot.weights(tensor([1e6, 1e6 + 1, 1e6 + 4]), {
    theory: { kind: "uniform", low: 1e6, high: 1e6 + 4 },
  });
  assertStringIncludes(String(figure), "min 1e6 · max 1.000004e6");
  assertEquals(traces(figure)[1].name, "expected: U(1e6, 1.000004e6)");
  assertStringIncludes(
    String(figure.data[0].hovertemplate),
    "%{customdata[0]:.9~g}",
  );
});

Deno.test("bounds are marked, and for a normal one std to each side", () => {
  const box = plot.weights(new nn.Conv2d(16, 33, 3));
  assertEquals(
    layoutOf(box).annotations!.slice(1).map(({ text, x }) => [text, x]),
    [["−0.08333", to12(-1 / 12)], ["0.08333", to12(1 / 12)]],
  );
  const hill = plot.weights(drawn(initializers.normal));
  assertEquals(layoutOf(hill).shapes!.map(({ x0, x1 }) => [x0, x1]), [
    [3, 3],
    [7, 7],
  ]);
});

Deno.test("another parameter of a layer is asked for by name", () => {
  const linear = new nn.Linear(256, 10, { generator: generator() });
  const figure = plot.weights(linear, { parameter: "bias" });
  assertStringIncludes(String(figure), "· bias\n");
  assertStringIncludes(String(figure), "[10] · float32 · n = 10");
  class Net extends nn.Module {
    hidden = linear;
  }
  const inner = plot.weights(new Net(), { parameter: "hidden.weight" });
  assertEquals(String(inner).split("\n")[0], "Net · hidden.weight");
  assertThrows(
    () => plot.weights(new Net()),
    RangeError,
    'Cannot plot weights: parameter must be the name of one of 2 tensors, such as hidden.weight, hidden.bias, got "weight"',
  );
});

Deno.test("every dtype is plotted as the numbers it represents", () => {
  const dtypes = [
    ...["float32", "float64", "float16", "bfloat16"],
    ...["int64", "int32", "int16", "int8", "uint8"],
  ] as const;
  for (const dtype of dtypes) {
    const weight = tensor([1, 2, 2, 4], { dtype: dtype as "int8" });
    const text = String(plot.weights(weight));
    assertStringIncludes(text, `[4] · ${dtype} · n = 4`);
    assertStringIncludes(text, "mean 2.25 · std 1.258 · min 1 · max 4");
  }
  const [bars] = traces(plot.weights(tensor([true, false, true])));
  assertEquals(bars.x, [0, 1]);
  assertEquals(bars.customdata.map(([, , count]) => count), [1, 2]);
});

Deno.test("the theory option is a distribution", () => {
  const weight = tensor([-1, 0, 1]);
  const lineOf = (theory: Distribution) =>
    traces(plot.weights(weight, { theory }))[1];
  const box = lineOf({ kind: "uniform", low: -2, high: 2 });
  assertEquals(box.x, [-2, -2, 2, 2]);
  assertEquals(box.name, "expected: U(−2, 2)");
  const hill = lineOf({ kind: "normal", mean: 1, std: 0.5 });
  assertEquals(hill.name, "expected: N(1, 0.5²)");
  assertAlmostEquals(area(hill), 1, 1e-3);
  assertEquals(lineOf({ kind: "constant", value: 3 }).x, [3, 3]);
  assertEquals(lineOf({ kind: "uniform", low: 3, high: 3 }).x, [3, 3]);
  assertEquals(traces(plot.weights(weight, { theory: null })).length, 1);
});

Deno.test("a cut without an end extends as far as the density", () => {
  const weight = tensor([-1, 0, 1]);
  const base = { kind: "truncatedNormal", mean: 0, std: 1 } as const;
  const cases = [
    [{ low: 0 }, "[0, ∞]", [0]],
    [{ high: 1 }, "[−∞, 1]", [1]],
    [{}, "[−∞, ∞]", []],
  ] as const;
  for (const [ends, label, marks] of cases) {
    const figure = plot.weights(weight, { theory: { ...base, ...ends } });
    const [, line] = traces(figure);
    assertStringIncludes(line.name, `N(0, 1²) in ${label}`);
    assertAlmostEquals(area(line), 1, 1e-3, label);
    assertEquals(layoutOf(figure).shapes!.map(({ x0 }) => x0), [...marks]);
  }
});

Deno.test("a scaled distribution is drawn as that of the products", () => {
  const weight = tensor([-1, 0, 1]);
  const drawnBy = (theory: Distribution) =>
    traces(plot.weights(weight, { theory }))[1];
  const cases: [Distribution, number, Distribution][] = [
    [
      { kind: "uniform", low: -1, high: 2 },
      -3,
      { kind: "uniform", low: -6, high: 3 },
    ],
    [
      { kind: "normal", mean: 1, std: 2 },
      -0.5,
      { kind: "normal", mean: -0.5, std: 1 },
    ],
    [
      { kind: "truncatedNormal", mean: 0, std: 1, low: -1 },
      -2,
      { kind: "truncatedNormal", mean: 0, std: 2, high: 2 },
    ],
    [
      { kind: "normal", mean: 1, std: 2 },
      0,
      { kind: "constant", value: 0 },
    ],
  ];
  for (const [of, by, same] of cases) {
    assertEquals(drawnBy({ kind: "scaled", of, by }), drawnBy(same));
  }
});

Deno.test("what has no density has facts and bars alone", () => {
  const sparse = init.sparse(empty([10, 40]), { sparsity: 0.25, std: 2 });
  const kernel = init.dirac(empty([8, 8, 3]));
  const eye = init.eye(empty([8, 8]));
  for (const weight of [sparse, kernel, eye]) {
    const figure = plot.weights(weight);
    assertEquals(figure.data.length, 1);
    const { distribution } = filledBy(weight)!;
    const { std } = expectationOf(distribution, weight.shape);
    const digits = Number(std.toPrecision(4));
    assertStringIncludes(String(figure), `(expected ${digits})`);
    const [, , { name }] = traces(plot.quantiles(weight)) as unknown as Line[];
    assertStringIncludes(name, "normal of the same mean and std: N(");
    assertEquals(plot.spectrum(eye).data.length, 1);
    assertEquals(traces(plot.compare({ weight })).length, 1);
  }
});

Deno.test("a row that was set to 0 counts in what is expected", () => {
  const embedding = new nn.Embedding(4, 50, { paddingIdx: 0 });
  const figure = plot.weights(embedding);
  assertStringIncludes(String(figure), "(expected 0.866)");
  assertStringIncludes(traces(figure)[1].name, "N(0, 1²)");
});

Deno.test("typed arrays, nested numbers, records and Maps are weights", () => {
  const values = Float32Array.from({ length: 90 }, (_, i) => Math.sin(i));
  const bars = (figure: plot.Figure) => traces(figure)[0];
  const expected = bars(plot.weights(tensor([...values])));
  const sources = [
    values,
    Float64Array.from(values),
    [...values],
    [[...values.subarray(0, 45)], [...values.subarray(45)]],
    { any: tensor([...values]) },
    new Map([["bias", empty([3])], ["weight", tensor([...values])]]),
  ];
  for (const source of sources) {
    assertEquals(bars(plot.weights(source as Weights)), expected);
  }
  assertEquals(plot.weights(new Uint8Array(4)).data.length, 1);
  const title = (source: Weights) =>
    String(plot.weights(source)).split("\n")[0];
  assertEquals(title(values), "Float32Array");
  assertEquals(title([1, 2]), "values");
  assertEquals(title({ any: tensor([1]) }), "any");
});

Deno.test("one value, all alike and far outliers are drawn", () => {
  const [one] = traces(plot.weights(tensor([0.25])));
  assertEquals(one.customdata, [[0.2375, 0.2625, 1]]);
  const ones = plot.weights(init.ones(empty([8])));
  const [bar, line] = traces(ones);
  assertEquals(bar.customdata.map(([, , count]) => count), [8]);
  assertEquals(line.x, [1, 1]);
  assertEquals(line.name, "ones: constant 1");
  const still = plot.weights(init.normal(empty([8]), { mean: 2, std: 0 }));
  assertEquals(traces(still)[1].name, "normal: constant 2");
  const far = [...bell(500, 1), 1e9];
  const [bars] = traces(plot.weights(tensor(far)));
  assertEquals(sum(bars.customdata.map(([, , count]) => count)), 501);
});

Deno.test("without a finite value there is nothing to plot", () => {
  assertThrows(
    () => plot.weights(empty([0, 3])),
    RangeError,
    "Cannot plot weights of shape [0, 3]: there must be a finite value, got no value",
  );
  assertThrows(
    () => plot.weights(tensor([NaN, Infinity])),
    RangeError,
    "got 2 not finite",
  );
});

Deno.test("bad options and sources throw", () => {
  const weight = tensor([1, 2, 3]);
  const cases: [object, typeof TypeError, string][] = [
    [{ color: 1 }, TypeError, "options must be among parameter"],
    [{ title: 5 }, TypeError, "title must be a string, got 5"],
    [{ width: 10 }, RangeError, "width must be an integer in [480, 4000]"],
    [{ height: NaN }, RangeError, "height must be an integer"],
    [{ bins: 0 }, RangeError, "bins must be an integer in [1, 10000]"],
    [{ range: [2, 1] }, RangeError, "range must be two finite numbers"],
    [{ parameter: "bias" }, TypeError, "parameter must be left out"],
    [{ titel: "a" }, TypeError, "got titel; did you mean title?"],
    [new Map([["title", "a"]]), TypeError, "options must be a plain object"],
    [Object.create({ title: "a" }), TypeError, "must be a plain object"],
    [new (class Options {})(), TypeError, "an object of class Options"],
    [
      { theory: { kind: "uniform", low: 2, high: 1 } },
      RangeError,
      "low must be at most high, got low 2 and high 1",
    ],
    [{ theory: { low: 0, high: 1 } }, RangeError, "the kind of theory must be"],
    [{ theory: { kind: "uniform", low: 0 } }, TypeError, "high must be a num"],
    [
      { theory: { kind: "uniform", low: 0, high: 1, mean: 3 } },
      TypeError,
      "theory must be among low, high, got mean",
    ],
    [
      { theory: { kind: "uniform", low: 0, high: "1" } },
      TypeError,
      'high must be a number, got "1"',
    ],
    [{ theory: { kind: "normal", mean: 0 } }, TypeError, "std must be a num"],
    [
      { theory: { kind: "cauchy", std: 1 } },
      RangeError,
      "the kind of theory must be one of constant, uniform, normal, ",
    ],
    [
      { theory: { kind: "normal", mean: 0, std: -1 } },
      RangeError,
      "std must be at least 0",
    ],
    [
      { theory: { kind: "normal", mean: 0, std: NaN } },
      RangeError,
      "std must be finite",
    ],
    [
      { theory: { kind: "scaled", by: 2, of: 5 } },
      TypeError,
      "of must be a distribution",
    ],
    [{ theory: { kind: "sparse", std: 1, zeros: 1 } }, RangeError, "rank"],
    ...[["0,1", '"0,1"'], [5, "5"], [null, "null"], [[0, "1"], '[0, "1"]']]
      .map(([range, got]): [object, typeof TypeError, string] => [
        { range },
        RangeError,
        `range must be two finite numbers, the lower first, got ${got}`,
      ]),
    [{ theory: "normal" }, TypeError, 'got "normal"'],
    [{ theory: 5 }, TypeError, "theory must be a distribution"],
    [{ theory: new Map() }, TypeError, "got Map(0)"],
  ];
  for (const [options, kind, message] of cases) {
    assertThrows(
      () => plot.weights(weight, options as plot.WeightsOptions),
      kind,
      message,
    );
  }
  const sources: [unknown, string][] = [
    [null, "null"],
    [undefined, "undefined"],
    [Promise.resolve(weight), "a Promise; await it"],
    [new Date(), "an object of class Date"],
    [{ a: "b" }, '"a": "b"'],
    [new Map([["a", 5]]), '"a": 5'],
    [new Set([1]), "Set(1)"],
  ];
  for (const [source, got] of sources) {
    assertThrows(
      () => plot.weights(source as Tensor),
      TypeError,
      `Cannot plot weights: weights must be a tensor, numbers, a layer or model, tensors by name, a checkpoint, a path or a URL, got ${got}`,
    );
  }
});

function to12(value: number): number {
  return Number(value.toPrecision(12));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
