import {
  assert,
  assertEquals,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { empty, fan, type FanOptions, nn, plot } from "../../mod.ts";
import type { Weights } from "../../lib/core/source.ts";
import { layoutOf } from "./layout.ts";

interface Trace {
  name?: string;
  mode: string;
  legendgroup?: string;
  showlegend: boolean;
  xaxis?: string;
  x: (number | null)[];
  y: (number | null)[];
  customdata?: string[];
}

function traces(figure: plot.Figure): Trace[] {
  return JSON.parse(JSON.stringify(figure)).data;
}

/** How many pieces a trace has between its gaps. */
function pieces({ x }: Trace): number {
  return x.filter((value, i) =>
    value !== null && (i === 0 || x[i - 1] === null)
  )
    .length;
}

/** How many cells and lines are highlighted, by what they mean. */
function lit(figure: plot.Figure, of: "cells" | "lines") {
  const wanted = traces(figure).filter((trace) =>
    trace.mode === "lines" && (trace.xaxis === "x2") === (of === "lines")
  );
  const count = (group: string) =>
    wanted.filter(({ legendgroup }) => legendgroup === group)
      .reduce((sum, trace) => sum + pieces(trace), 0);
  const [input, output, both] = ["input", "output", "both"].map(count);
  return { input, output, both, other: count("other") };
}

/** Weights that are small enough to be drawn whole. */
const whole: readonly (readonly [number[], Omit<FanOptions, "stride">])[] = [
  [[4, 6], {}],
  [[1, 1], {}],
  [[1, 8], {}],
  [[8, 1], {}],
  [[5, 3, 4], {}],
  [[3, 4, 3, 2], {}],
  [[3, 2, 2, 2, 3], {}],
  [[6, 2, 3], { groups: 3 }],
  [[6, 2, 3], { transposed: true, groups: 2 }],
  [[6, 4], { fused: 3 }],
  [[3, 2, 4, 5], { axes: { in: -2, out: -1 } }],
  [[2, 3, 4], { axes: { in: [0, 1], out: 2 } }],
  [[3, 3, 4, 1], { axes: { in: [], out: 3, batch: 2 } }],
];

Deno.test("as many cells are lit as the fan counts", () => {
  for (const [shape, options] of whole) {
    const figure = plot.fan(shape, options);
    const { fanIn, fanOut, receptiveField } = fan(shape, options);
    const { input, output, both, other } = lit(figure, "cells");
    const label = `${shape} ${JSON.stringify(options)}`;
    assertEquals(both, receptiveField, label);
    assertEquals(input + both, fanIn, label);
    assertEquals(output + both, fanOut, label);
    // All weights are there, those of one place of a batch axis.
    const all = shape.reduce((a, b) => a * b);
    const batch = options.axes?.batch === 2 ? shape[2] : 1;
    assertEquals(input + output + both + other, all / batch, label);
  }
});

Deno.test("as many lines are lit as there are channels", () => {
  for (const [shape, options] of whole) {
    const figure = plot.fan(shape, options);
    const { fanIn, fanOut, receptiveField } = fan(shape, options);
    const { input, output, both } = lit(figure, "lines");
    const label = `${shape} ${JSON.stringify(options)}`;
    assertEquals(both, 1, label);
    assertEquals(input + both, fanIn / receptiveField, label);
    assertEquals(output + both, fanOut / receptiveField, label);
  }
  // The matrices of a fused one are connected, groups are not.
  const fused = lit(plot.fan([6, 4], { fused: 3 }), "lines");
  assertEquals(Object.values(fused).reduce((a, b) => a + b), 24);
  const grouped = lit(plot.fan([6, 4, 1], { groups: 3 }), "lines");
  assertEquals(Object.values(grouped).reduce((a, b) => a + b), 8);
});

Deno.test("the legend has the formulas of the derivation", () => {
  const named = (weight: Weights, options?: plot.FanFigureOptions) =>
    traces(plot.fan(weight, options)).filter(({ showlegend }) => showlegend)
      .map(({ name }) => name!.split(":")[0]);
  assertEquals(named([33, 16, 3, 3]), [
    "fan in = 16 · 9 = 144",
    "fan out = 33 · 9 = 297",
    "receptive field = 3 · 3 = 9",
  ]);
  assertEquals(named([12, 2, 3], { groups: 4 }), [
    "fan in = 2 · 3 = 6",
    "fan out = 12/4 · 3 = 9",
    "receptive field = 3",
  ]);
  // Where no cell is of one kind, its formula stands there all the same.
  assertEquals(named([1, 1]), [
    "fan in = 1 · 1 = 1",
    "fan out = 1 · 1 = 1",
    "receptive field = 1",
  ]);
  assertEquals(named(empty([4, 3])), named([4, 3]));
  // Nested numbers are a weight, a flat list is a shape.
  assertEquals(named([[1, 2, 3], [4, 5, 6]]), named([2, 3]));
});

Deno.test("a layer is drawn as its weight, or the parameter asked for", () => {
  const layer = new nn.Conv2d(6, 10, [3, 5]);
  assertEquals(
    plot.fan(layer).toSvg(),
    plot.fan(layer.weight).toSvg(),
  );
  const attention = new nn.MultiheadAttention(8, 2);
  const parameter = "in_proj_weight";
  assertEquals(
    plot.fan(attention, { parameter, fused: 3 }).toSvg(),
    plot.fan([24, 8], { fused: 3 }).toSvg(),
  );
});

Deno.test("large sizes are shortened with dots, and the last channel is shown", () => {
  for (const shape of [[4096, 1024], [512, 256, 3, 3], [64, 3, 5, 99, 99]]) {
    const figure = plot.fan(shape);
    const { xaxis, yaxis } = layoutOf(figure);
    const ends = [xaxis!, yaxis!].map(({ ticktext }) => ticktext!.at(-1));
    assertEquals(ends, [String(shape[1] - 1), String(shape[0] - 1)]);
    assert(yaxis!.ticktext!.includes("…"));
    assertStringIncludes(xaxis!.title!.text, "input, axis 1: ");
    assert(JSON.stringify(figure).length < 45_000, String(shape));
  }
  const grouped = plot.fan([128, 4, 3], { groups: 8 });
  // The last output of the first group and the first of the next are shown.
  const shown = layoutOf(grouped).yaxis!.ticktext!;
  assertEquals(shown.slice(-5), ["…", "15", "16", "…", "127"]);
});

Deno.test("cells are square", () => {
  for (const [shape, options] of whole) {
    for (const size of [{}, { width: 480 }, { height: 320 }]) {
      const layout = layoutOf(plot.fan(shape, { ...options, ...size }));
      const { width, height, margin, xaxis, yaxis } = layout;
      const pixels = (
        { domain, range }: typeof xaxis & object,
        room: number,
      ) => room * (domain![1] - domain![0]) / Math.abs(range![1] - range![0]);
      const across = pixels(xaxis!, width - margin.l - margin.r);
      const down = pixels(yaxis!, height - margin.t - margin.b);
      assert(Math.abs(across / down - 1) < 1e-9, `${shape}`);
      assert(xaxis!.domain![1] <= 1 + 1e-9 && yaxis!.domain![0] >= -1e-9);
    }
  }
});

Deno.test("the text has the cells as letters, and the derivation", () => {
  const text = String(plot.fan([3, 4]));
  assertEquals(text.split("\n").slice(0, 4), [
    "Fan in and fan out of [3, 4]",
    "·o··",
    "ixii",
    "·o··",
  ]);
  assert(text.endsWith(String(fan([3, 4]))));
  const tiles = String(plot.fan([2, 2, 1, 3])).split("\n");
  assertEquals(tiles.slice(1, 4), ["··· ooo", "", "iii xxx"]);
});

Deno.test("what cannot be drawn throws", () => {
  const cases: [() => unknown, typeof TypeError, string][] = [
    [
      () => plot.fan([2, 3, 1, 1, 1, 1]),
      RangeError,
      "Cannot draw a fan: there must be at most 3 kernel axes, got [2, 3, 1, 1, 1, 1]",
    ],
    [
      () => plot.fan([2, 0]),
      RangeError,
      "Cannot draw a fan: it must have an element, got [2, 0]",
    ],
    ...[plot.fan, fan].map((of): [() => unknown, typeof TypeError, string] => [
      () => of([3, 4], { parameter: "weight" }),
      TypeError,
      'parameter must be left out with a single tensor, got "weight"',
    ]),
    [() => plot.fan(new nn.ReLU()), RangeError, "be a parameter, got none"],
    [() => plot.fan([5]), RangeError, "the rank must be at least 2"],
    [() => plot.fan([5, 3], { groups: 2 }), RangeError, "groups must divide"],
    [() => plot.fan(5), RangeError, "the rank must be at least 2"],
    [() => plot.fan(null as never), TypeError, "weights must be a tensor"],
    [
      () => plot.fan([5, 3, 2], { stride: 2 } as plot.FanFigureOptions),
      TypeError,
      "Cannot draw a fan: options must be among parameter, transposed, groups, fused, axes, title, width, height, colors, xaxis, yaxis, legend, curves, traces, annotations, layout, got stride",
    ],
  ];
  for (const [make, kind, message] of cases) assertThrows(make, kind, message);
});

Deno.test("rows in typed arrays are numbers, not a shape", () => {
  const rows = [new Float32Array(3), new Float32Array(3)];
  assertEquals({ ...fan(rows) }, { ...fan([2, 3]) });
  assertEquals(
    JSON.stringify(plot.fan(rows)),
    JSON.stringify(plot.fan([2, 3])),
  );
});
