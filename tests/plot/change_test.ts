import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { empty, Generator, init, nn, plot, tensor } from "../../mod.ts";
import type { Axis, ScatterTrace } from "../../lib/plot/types.ts";
import { figures } from "./figures.ts";
import { layoutOf } from "./layout.ts";
import { parseXml } from "./xml.ts";

const generator = () => new Generator(0);
const drawn = () =>
  init.normal(empty([40, 30]), { std: 0.5, generator: generator() });

function lastOf(figure: plot.Figure): ScatterTrace {
  return figure.data.at(-1) as unknown as ScatterTrace;
}

function axis(figure: plot.Figure, name: string): Axis {
  return figure.layout[name] as Axis;
}

Deno.test("a figure keeps its numbers, whatever becomes of the weight", () => {
  const weight = drawn();
  const figure = plot.weights(weight);
  init.zeros(weight);
  const changed = figure.with({ title: "Then" });
  assertEquals(changed.data, figure.data);
  assertEquals(layoutOf(changed).title!.text, "Then");
  assertEquals(String(changed).split("\n")[0], "Then");
  assertStringIncludes(String(changed), "n = 1,200");
  assertEquals(layoutOf(figure).title!.text, "normal");
});

Deno.test("the options of with are those of all plot functions", () => {
  const changes = {
    title: "A title of my own",
    width: 900,
    height: 500,
    colors: ["#112233"],
    xaxis: { title: "w & v", range: [-3, 3] },
    yaxis: { showgrid: false },
    legend: "bottom",
    curves: { mine: (x: number) => x * x / 4 },
    traces: [{ type: "scatter", x: [0], y: [0.5], name: "a dot" }],
    annotations: [{ x: 0, y: 0.5, text: "here" }],
    layout: { barmode: "overlay", hoverlabel: { namelength: 5 } },
  } as const;
  const once = plot.weights(drawn(), changes);
  assertEquals(once.toJSON(), plot.weights(drawn()).with(changes).toJSON());
  const layout = layoutOf(once);
  assertEquals([layout.width, layout.height], [900, 500]);
  assertEquals(axis(once, "xaxis").title!.text, "w &#38; v");
  assertEquals(axis(once, "xaxis").range, [-3, 3]);
  assertEquals(axis(once, "yaxis").showgrid, false);
  assertEquals(layout.barmode, "overlay");
  assertEquals(layout.hoverlabel!.namelength, 5);
  assertEquals(layout.hoverlabel!.bgcolor, "#2b2b2b");
  const { marker } = once.data[0] as { marker: { color: string } };
  assertEquals(marker.color, "rgba(17,34,51,0.6)");
  assertEquals(once.data.slice(-2).map(({ name }) => name), ["a dot", "mine"]);
  const text = parseXml(once.toSvg()).text;
  for (const words of ["A title of my own", "w & v", "here", "mine", "a dot"]) {
    assertStringIncludes(text, words);
  }
});

Deno.test("a curve is drawn over the axis, and both ranges have room for it", () => {
  const figure = plot.weights(tensor([-1, 0, 1]));
  const [, high] = axis(figure, "yaxis").range!;
  const curved = figure.with({ curves: (x: number) => 10 - x });
  const { x, y, name } = lastOf(curved);
  assertEquals(name, "own curve");
  const [from, to] = axis(figure, "xaxis").range!;
  assertEquals([x[0], x.at(-1)], [from, to]);
  x.forEach((place, i) =>
    assertAlmostEquals(Number(y[i]), 10 - Number(place), 1e-9)
  );
  assert(high < 9 && axis(curved, "yaxis").range![1] > Number(y[0]));
  // Points beyond the axis.
  const points = figure.with({ curves: { far: [[-7, 0.1], [8, 0.2]] } });
  const [low, most] = axis(points, "xaxis").range!;
  assert(low < -7 && most > 8);
  assertEquals(lastOf(points).x, [-7, 8]);
  const both = figure.with({ curves: { xy: { x: [0, 1], y: [2, NaN] } } });
  assertEquals(lastOf(both).y, [2, null]);
});

Deno.test("the legend has a place for each entry, and covers nothing", () => {
  const many = Object.fromEntries(
    Array.from({ length: 6 }, (_, i) => [`a curve with number ${i}`, () => i]),
  );
  const figure = plot.weights(drawn());
  for (const legend of ["top", "right", "bottom"] as const) {
    const root = parseXml(figure.with({ curves: many, legend }).toSvg());
    const places = root.all("text").map(({ text, attributes }) =>
      [text, Number(attributes.x ?? 0), Number(attributes.y)] as const
    );
    const entries = places.filter(([text]) => /number \d/.test(text));
    assertEquals(entries.length, 6);
    for (const [text, x, y] of places) {
      const touched = entries.filter(([other, ex, ey]) =>
        other !== text && Math.abs(ey - y) < 12 && Math.abs(ex - x) < 60
      );
      assertEquals(touched, [], `${legend}: ${text}`);
    }
  }
  const none = figure.with({ legend: "none" });
  assertEquals(none.layout.showlegend, false);
  assert(layoutOf(none).margin.t < layoutOf(figure).margin.t);
});

Deno.test("a log y axis shows all bars, and a linear one is as it was", () => {
  const figure = plot.weights(drawn());
  const log = figure.with({ yaxis: { type: "log" } });
  const heights = (figure.data[0] as { y: number[] }).y.filter((y) => y > 0);
  const [low, high] = axis(log, "yaxis").range!;
  assert(low < Math.log10(Math.min(...heights)));
  assert(high > Math.log10(Math.max(...heights)));
  const back = log.with({ yaxis: { type: "linear" } });
  assertEquals(axis(back, "yaxis").range![0], 0);
});

Deno.test("a log x axis has the bins of |x|, and says so", () => {
  const values = [-100, -1, 0, 0, 0.01, 10];
  const figure = plot.weights(tensor(values), { xaxis: { type: "log" } });
  const { x, y, width, customdata } = figure.data[0] as unknown as {
    x: number[];
    y: number[];
    width: number[];
    customdata: [number, number, number][];
  };
  const counts = customdata.map(([, , count]) => count);
  assertEquals(counts.reduce((a, b) => a + b), 4);
  // The area by decades is 1.
  const area = y.reduce((sum, density, i) => {
    const [low, high] = [x[i] - width[i] / 2, x[i] + width[i] / 2];
    return sum + density * Math.log10(high / low);
  }, 0);
  assertAlmostEquals(area, 1, 1e-4);
  const text = parseXml(figure.toSvg()).text;
  assertStringIncludes(text, "|x| on a log axis · 2 zeros left out");
  assertStringIncludes(text, "density per decade");
  const positive = plot.weights(tensor([1, 10]), { xaxis: { type: "log" } });
  assert(!String(positive).includes("|x|"));
});

Deno.test("the density over a log axis has an area of 1", () => {
  for (
    const theory of [
      { kind: "normal", mean: 0, std: 2 },
      { kind: "uniform", low: -1, high: 3 },
    ] as const
  ) {
    const figure = plot.weights(tensor([1e-5, -1, 2]), {
      theory,
      xaxis: { type: "log" },
    });
    const { x, y } = lastOf(figure);
    const logs = x.map((place) => Math.log10(Number(place)));
    const area = logs.slice(1).reduce(
      (sum, right, i) =>
        sum + (right - logs[i]) * (Number(y[i]) + Number(y[i + 1])) / 2,
      0,
    );
    assertAlmostEquals(area, 1, 0.02, theory.kind);
  }
});

Deno.test("colors change kind by kind, and a heat map's scale from end to end", () => {
  const map = figures.kernels_conv().with({ colors: ["#000", "#888", "#fff"] });
  assertEquals(map.data[0].colorscale, [
    [0, "#000000"],
    [0.5, "#888888"],
    [1, "#ffffff"],
  ]);
  const layers = figures.layers().with({ colors: ["#123456"] });
  const json = JSON.stringify(layers.data);
  assert(json.includes("#123456") && json.includes("rgba(18,52,86,0.55)"));
  assert(!json.includes("#56b4e9") && json.includes("#d55e00"));
  const marks = plot.weights(drawn(), { colors: ["#123456", "#654321"] });
  assertEquals(layoutOf(marks).shapes![0].line!.color, "#654321");
});

Deno.test("changes go through a figure with frames to each of them", () => {
  const figure = figures.propagation().with({ title: "Four layers" });
  assertEquals(figure.frames!.length, 4);
  assertEquals(layoutOf(figure).title!.text, "Four layers");
  assertEquals(layoutOf(figure).sliders!.length, 1);
});

Deno.test("what does not suit a figure throws, in words", () => {
  const figure = plot.weights(tensor([-1, 1]));
  const cases: [plot.Figure, unknown, typeof TypeError, string][] = [
    [figure, { bins: 3 }, TypeError, "must be among title, width, height"],
    [figure, { title: 5 }, TypeError, "title must be a string, got 5"],
    [
      figure,
      { colors: ["red"] },
      TypeError,
      "colors must be an array of #rrggbb",
    ],
    [
      figure,
      { colors: ["#111", "#222"] },
      RangeError,
      "colors must be at most 1, got 2",
    ],
    [figure, { legend: "left" }, RangeError, "legend must be one of top"],
    [figure, { traces: [5] }, TypeError, "traces must be an array of plotly's"],
    [
      figure,
      { curves: 5 },
      TypeError,
      "curves must be a function of x or points",
    ],
    [figure, { curves: { a: 5 } }, TypeError, "curves.a must be a function"],
    [figure, { curves: () => "1" }, TypeError, 'must return a number, got "1"'],
    [
      figure,
      { xaxis: { type: "log" } },
      RangeError,
      'give plot.weights { xaxis: { type: "log" } }',
    ],
    [figure, { yaxis: { type: "date" } }, RangeError, "must be linear or log"],
    [
      plot.quantiles(tensor([-1, 1, 2])),
      { yaxis: { type: "log" } },
      RangeError,
      "a log yaxis must have values above 0, got −",
    ],
    [
      figures.kernels_conv(),
      { xaxis: { type: "log" } },
      RangeError,
      "no scale",
    ],
    [figures.fan_conv(), { yaxis: { type: "log" } }, RangeError, "no scale"],
    [figures.layers(), { yaxis: { type: "log" } }, RangeError, "no scale"],
    [figures.layers(), { xaxis: { type: "log" } }, RangeError, "above 0"],
    [
      figures.kernels_conv(),
      { curves: (x: number) => x },
      TypeError,
      "no scale",
    ],
  ];
  for (const [figure, changes, kind, message] of cases) {
    assertThrows(
      () => figure.with(changes as plot.FigureOptions),
      kind,
      message.replace("−", "-"),
    );
  }
  assertThrows(
    () =>
      plot.weights(tensor([-1, 1]), { xaxis: { type: "log" }, range: [-1, 1] }),
    RangeError,
    "range must be above 0 on a log x axis, got -1",
  );
  assertThrows(
    () => plot.weights(tensor([0, 0]), { xaxis: { type: "log" } }),
    RangeError,
    "a log x axis must have a value that is not 0",
  );
});

Deno.test("figures of the caller's take the same changes", () => {
  const figure = new plot.Figure({
    data: [{ type: "bar", x: [1, 2], y: [3, 4] }],
    layout: { title: "Mine", annotations: [{ text: "a", x: 1, y: 1 }] },
  });
  assertEquals(layoutOf(figure).title!.text, "Mine");
  const changed = figure.with({
    title: "<Yours>",
    xaxis: { title: "x", type: "log" },
    curves: (x: number) => x,
    annotations: [{ text: "b", x: 2, y: 2 }],
    legend: "bottom",
    layout: { plot_bgcolor: "#eeeeee" },
  });
  assertEquals(layoutOf(changed).title!.text, "&#60;Yours&#62;");
  assertEquals(changed.data.length, 2);
  assertEquals(lastOf(changed).x[0], 1);
  assertEquals(layoutOf(changed).annotations!.map(({ text }) => text), [
    "a",
    "b",
  ]);
  assertEquals(changed.layout.plot_bgcolor, "#eeeeee");
  assertEquals(axis(changed, "xaxis").type, "log");
});

Deno.test("what has no place on a log axis is left out of the picture", () => {
  const svg = new plot.Figure({
    data: [{ type: "bar", x: [0, 1, 10], y: [1, 0, 2], width: [1, 1, 1] }],
    layout: { xaxis: { type: "log" }, yaxis: { type: "log" } },
  }).toSvg();
  assert(!/NaN|Infinity/.test(svg));
  const [bars] = parseXml(svg).all("g").filter((node) =>
    node.has("data-trace")
  );
  // The first bar has no left edge, the second no height.
  assertEquals(bars.all("path")[0].attributes.d.split("M").length - 1, 2);
});

Deno.test("float64's ends, and names that XML forbids, draw well-formed pictures", () => {
  const ends = [
    [0, 5e-324, 0, 5e-324],
    [1, 1 + 2 ** -52, 1],
    [1e-300, 2e-300],
    [-8e307, 8e307],
    [1e300, 1e300 * (1 + 1e-12)],
  ];
  for (const numbers of ends) {
    const weight = tensor(numbers, { dtype: "float64" });
    const made = [
      plot.weights(weight),
      plot.compare({ "\u0000a\uffff": weight, "\ud800": weight }),
      plot.layers({ "w\u0008": weight }),
    ];
    for (const figure of [...made, plot.beside(made)]) {
      const svg = figure.toSvg();
      assert(!/NaN|Infinity/.test(svg), `${numbers}`);
      parseXml(svg);
      const strange = /[^\t\n\r -\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;
      assert(!strange.test(svg), `${numbers}`);
    }
  }
  const figure = plot.weights(new nn.Linear(3, 2), { title: "spread\uffff" });
  assertStringIncludes(figure.toSvg(), "spread\ufffd");
});
