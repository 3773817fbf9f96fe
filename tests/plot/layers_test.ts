import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertLess,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import {
  empty,
  expectationOf,
  filledBy,
  Generator,
  init,
  nn,
  plot,
  summary,
  type Tensor,
  tensor,
} from "../../mod.ts";
import { shortenNames, textWidth } from "../../lib/plot/text.ts";
import { moments } from "../../lib/numerics/moments.ts";
import { bundleOf } from "../browser/outputs.ts";
import { resnet50Shapes } from "./resnet50.ts";
import { parseXml } from "./xml.ts";
import { layoutOf } from "./layout.ts";

interface Trace {
  name: string;
  mode: string;
  x: (number | null)[];
  y: (number | null)[];
  text?: string;
  customdata?: string[];
}

function traces(figure: plot.Figure): Trace[] {
  return JSON.parse(JSON.stringify(figure)).data;
}

const generator = new Generator(0);

function model(): nn.Module {
  return new nn.Sequential(
    new nn.Linear(64, 48, { generator }),
    new nn.LayerNorm(48),
    new nn.Linear(48, 10, { generator }),
  );
}

function resnet50(fill: (weight: Tensor) => Tensor): Record<string, Tensor> {
  return Object.fromEntries(
    resnet50Shapes().map(([name, shape]) => [name, fill(empty(shape))]),
  );
}

Deno.test("each parameter has a row, in order, and each ridge its counts", () => {
  const net = model();
  const figure = plot.layers(net);
  const names = net.namedParameters().map(([name]) => name);
  assertEquals(layoutOf(figure).yaxis!.ticktext, names);
  assertEquals(layoutOf(figure).yaxis!.tickvals!.length, 6);
  const ridges = traces(figure).slice(0, -2);
  // The norm's ones and zeros have no ridge.
  const drawn = ["0.weight", "0.bias", "2.weight", "2.bias"];
  assertEquals(ridges.map(({ name }) => name), drawn);
  const parameters = new Map(net.namedParameters());
  for (const { name, x, y } of ridges) {
    const values = parameters.get(name)!.toFloat32();
    const row = names.indexOf(name);
    const [low, high] = [x[0]!, x.at(-1)!];
    const bins = x.length - 2;
    const rice = Math.ceil(2 * Math.cbrt(values.length));
    assertEquals(bins, Math.min(32, Math.max(6, rice)));
    assertAlmostEquals(low, Math.min(...values), 1e-5);
    const counts = new Array(bins).fill(0);
    for (const value of values) {
      const bin = Math.floor((value - low) / (high - low) * bins);
      counts[Math.max(0, Math.min(bins - 1, bin))]++;
    }
    assertEquals([y[0], y.at(-1)], [0 - row, 0 - row]);
    const highest = Math.max(...counts);
    y.slice(1, -1).forEach((level, bin) =>
      assertAlmostEquals(level! + row, 0.86 * counts[bin] / highest, 0.006)
    );
  }
});

Deno.test("the marks are the expected std and the measured one", () => {
  const net = model();
  const [expected, measured] = traces(plot.layers(net)).slice(-2);
  assertEquals([expected.mode, measured.mode], ["lines", "markers"]);
  net.namedParameters().forEach(([name, parameter], row) => {
    const theory = expectationOf(
      filledBy(parameter)!.distribution,
      parameter.shape,
    );
    const lines = expected.x.filter((_, i) => expected.y[i] === 0 - row);
    const dots = measured.x.filter((_, i) => measured.y[i] === 0 - row);
    const { mean, sampleStd } = moments(parameter.toFloat32());
    const sides = (center: number, std: number) =>
      std === 0 ? [center] : [center - std, center + std];
    for (
      const [found, wanted] of [
        [lines, sides(theory.mean, theory.std)],
        [dots, sides(mean, sampleStd)],
      ]
    ) {
      assertEquals(found.length, wanted.length, name);
      found.forEach((x, i) => assertAlmostEquals(x!, wanted[i]!, 1e-6, name));
    }
  });
  const hover = traces(plot.layers(net))[0].text!;
  assertStringIncludes(hover, "0.weight<br>[48, 64] · n = 3,072<br>mean ");
  assertStringIncludes(hover, "(expected 0.07217)");
});

Deno.test("ResNet-50's 161 parameters take less than 400 kB", async () => {
  const shapes = resnet50Shapes();
  assertEquals(shapes.length, 161);
  const count = shapes.reduce(
    (sum, [, shape]) => sum + shape.reduce((a, b) => a * b),
    0,
  );
  assertEquals(count, 25_557_032);
  // Every parameter with a ridge of its own: more than a new model has.
  const figure = plot.layers(
    resnet50((weight) => init.normal(weight, { std: 0.02, generator })),
  );
  assertEquals(figure.data.length, 163);
  const html = String((await bundleOf(figure))["text/html"]);
  const bytes = (text: string) => new TextEncoder().encode(text).length;
  assertLess(bytes(html) + bytes(JSON.stringify(figure)), 400_000);
  const { width, height } = layoutOf(figure);
  assert(width <= 800 && height <= 3000, `${width} × ${height}`);
});

Deno.test("240 long names are drawn without touching, all distinct", () => {
  const long = "model.encoder.transformer_layers.";
  const tensors = Object.fromEntries(
    Array.from({ length: 240 }, (_, i) => [
      `${long}${i}.self_attention.in_projection_of_all_heads.weight`,
      init.normal(empty([40]), { generator }),
    ]),
  );
  const figure = plot.layers(tensors);
  const names = layoutOf(figure).yaxis!.ticktext!;
  assertEquals(new Set(names).size, 240);
  for (const name of names) assert(textWidth(name, 11) <= 300, name);
  const labels = parseXml(figure.toSvg()).all("text").filter(({ text }) =>
    text.includes("…")
  );
  const places = labels.map(({ attributes }) => Number(attributes.y));
  assertEquals(places.length, 240);
  places.slice(1).forEach((y, i) => assert(y - places[i] >= 14.9));
  assert(layoutOf(figure).height <= 4000);
});

Deno.test("names lose their middle, never an end", () => {
  assertEquals(shortenNames(["conv1.weight"], 300, 11), ["conv1.weight"]);
  const [short] = shortenNames(["a.very.long.name.of.a.weight"], 100, 11);
  assert(/^a\.ver.*….*weight$/.test(short), short);
  assertEquals(shortenNames(["漢字漢字"], 1, 11), ["…字"]);
  // What tells these apart lies near their start.
  const alike = ["a", "b"].map((letter) => `${letter}${"-".repeat(60)}`);
  const cut = shortenNames(alike, 100, 11);
  assertEquals(cut.map((name) => name[0]), ["a", "b"]);
  assertEquals(shortenNames([alike[0], alike[0]], 100, 11), [cut[0], cut[0]]);
});

Deno.test("constants beyond the axis are named at its end", () => {
  const figure = plot.layers({
    weight: tensor([-1, 0, 0.5, 1]),
    ones: tensor([7, 7]),
    below: tensor([-30]),
    inside: tensor([0.5, 0.5]),
    broken: tensor([NaN]),
  });
  const notes = layoutOf(figure).annotations!.slice(1);
  assertEquals(notes.map(({ text, xanchor }) => [text, xanchor]), [
    ["all 7 →", "right"],
    ["← all −30", "left"],
    ["no finite value", "left"],
  ]);
  assertEquals(layoutOf(figure).xaxis!.range, [-1.05, 1.05]);
  const zoomed = plot.layers({ weight: tensor([5, 6, 7]) }, { range: [0, 1] });
  assertEquals(layoutOf(zoomed).annotations![1].text, "mean 6 →");
  assertEquals(layoutOf(zoomed).xaxis!.range, [0, 1]);
  // A ridge that is seen in part needs no note.
  for (const range of [[0, 6], [6, 9]] as const) {
    const part = plot.layers({ weight: tensor([5, 6, 7]) }, { range });
    assertEquals(layoutOf(part).annotations!.length, 1);
  }
  const only = plot.layers({ a: tensor([1, 1]), b: tensor([NaN]) });
  assertEquals(layoutOf(only).xaxis!.range, [-0.05, 2.05]);
});

Deno.test("an outlier does not flatten its ridge", () => {
  const values = [...init.normal(empty([4000]), { generator }).toFloat32()];
  const [ridge] = traces(plot.layers({ far: tensor([...values, 100]) }));
  assertLess(ridge.x.at(-1)!, 15);
  assertEquals(ridge.x.length, 34);
});

Deno.test("the text has a line for each, and the title counts", () => {
  const lines = String(plot.layers(model())).split("\n");
  assertEquals(lines.length, 8);
  assertEquals(lines[0], "Sequential · 6 parameters");
  assert(/^0\.weight {2}\S+ +mean \S+ · std \S+ \(exp/.test(lines[1]));
  assertEquals(lines[3].replace(/ +/g, " "), "1.weight all 1");
  assertEquals(lines[7], "3,706 values in 6 parameters");
  const one = plot.layers({ only: tensor([1, 2]) });
  assertEquals(layoutOf(one).title!.text, "1 parameter");
});

Deno.test("hostile names stay text", () => {
  const name = "<b>bold</b> %{x} $x$";
  const figure = plot.layers({ [name]: tensor([1, 2]), b: tensor([1]) });
  const label = layoutOf(figure).yaxis!.ticktext![0];
  const json = JSON.stringify([label, figure.data]);
  assert(!/<b>|%\{x\} |\$/.test(json), json);
  assertStringIncludes(parseXml(figure.toSvg()).text, name);
});

Deno.test("what are no parameters throws", () => {
  const many = Object.fromEntries(
    Array.from({ length: 241 }, (_, i) => [`p${i}`, tensor([1])]),
  );
  const weight = tensor([1, 2]);
  const bad = (source: unknown) => () => plot.layers(source as nn.Module);
  const cases: [() => unknown, typeof TypeError, string][] = [
    [
      bad({}),
      RangeError,
      "Cannot plot layers: there must be a parameter, got 0",
    ],
    [
      () => plot.layers(many, { page: 3 }),
      RangeError,
      "page must be in [1, 2], got 3",
    ],
    [
      () => plot.layers(many, { filter: "x" }),
      RangeError,
      "filter and depth must leave a parameter, got 0 of 241",
    ],
    [() => plot.layers(many, { page: 0 }), RangeError, "at least 1, got 0"],
    [
      () => plot.layers({ weight }, { filter: 5 as unknown as string }),
      TypeError,
      "filter must be a string or a RegExp, got 5",
    ],
    [bad(new nn.ReLU()), RangeError, "got 0"],
    [bad({ a: [1, 2] }), TypeError, 'a path or a URL, got "a": [1, 2]'],
    [bad(null), TypeError, "Cannot plot layers: weights must be a tensor"],
    [
      () => plot.layers({ weight }, { range: [1, 1] }),
      RangeError,
      "range must be two finite numbers, the lower first, got [1, 1]",
    ],
    [
      () => plot.layers({ weight }, { bins: 3 } as plot.LayersOptions),
      TypeError,
      "options must be among",
    ],
  ];
  for (const [make, kind, message] of cases) assertThrows(make, kind, message);
});

Deno.test("more than 240 parameters come in pages, and parts by name and depth", () => {
  const names = Array.from({ length: 300 }, (_, i) => `block.${i}.weight`);
  const tensors = new Map(
    [...names, "norm.weight"].map((name) => [name, tensor([1, 2])]),
  );
  const shown = (options: plot.LayersOptions) => {
    const figure = plot.layers(tensors, options);
    const names = layoutOf(figure).yaxis!.ticktext!;
    assertEquals(names.length, figure.data.length - 1);
    return { names, text: parseXml(figure.toSvg()).text };
  };
  const first = shown({});
  assertEquals(first.names, names.slice(0, 240));
  assertStringIncludes(first.text, "parameters 1 to 240 of 301");
  assertStringIncludes(first.text, "page 1 of 2");
  const second = shown({ page: 2 });
  assertEquals(second.names, [...names.slice(240), "norm.weight"]);
  assertStringIncludes(second.text, "parameters 241 to 301 of 301");
  assertEquals(shown({ depth: 2 }).names, ["norm.weight"]);
  assertEquals(shown({ filter: ".29" }).names, [
    "block.29.weight",
    ...names.slice(290),
  ]);
  assertEquals(shown({ filter: "*.2*9.*" }).names.length, 11);
  assertEquals(shown({ filter: "block.1" }).names.length, 111);
  const some = shown({ filter: /^block\.[12]\./g });
  assertEquals(some.names, ["block.1.weight", "block.2.weight"]);
  assertStringIncludes(some.text, "2 of 301 parameters");
  // All of them fit on one page: nothing to say.
  const few = String(plot.layers({ a: tensor([1, 2]) }).toSvg());
  assert(!few.includes("page"));
});

Deno.test("one value of one parameter is no plural", () => {
  const text = String(plot.layers({ w: tensor([1]) }));
  assert(text.includes("1 value in 1 parameter"), text);
  assertEquals(totalsOf(tensor([1])), "1 element in 1 tensor");
});

function totalsOf(weight: Tensor): string {
  return String(summary(weight)).match(/\S+ elements? in \S+ tensors?/)![0];
}
