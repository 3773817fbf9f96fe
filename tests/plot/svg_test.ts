import {
  assert,
  assertEquals,
  assertMatch,
  assertNotMatch,
  assertStringIncludes,
} from "@std/assert";
import { plot, propagate, tensor } from "../../mod.ts";
import { textWidth } from "../../lib/plot/text.ts";
import type { Layout, Trace } from "../../lib/plot/types.ts";
import { bell } from "../numerics/samples.ts";
import { figures, hostile, named } from "./figures.ts";
import { type Node, parseXml } from "./xml.ts";
import { layoutOf } from "./layout.ts";

const page = {
  width: 400,
  height: 300,
  margin: { l: 50, r: 50, t: 50, b: 50 },
};

function draw(data: Trace[], layout: Partial<Layout> = {}): Node {
  return parseXml(
    new plot.Figure({ data, layout: { ...page, ...layout } }).toSvg(),
  );
}

function pathOf(root: Node, index = 0): string {
  const group = root.all("g").filter((node) => node.has("data-trace"))[index];
  return group.all("path")[0].attributes.d;
}

const tags = [
  ...["svg", "title", "desc", "g", "text", "tspan"],
  ...["path", "rect", "line", "circle"],
];

function everyNode(node: Node): Node[] {
  return [node, ...node.children.flatMap(everyNode)];
}

Deno.test("every figure is well-formed SVG for all sanitizers and readers", () => {
  for (const [name, make] of Object.entries(figures)) {
    const figure = make();
    const svg = figure.toSvg();
    const root = parseXml(svg);
    const { width, height } = layoutOf(figure);
    assertEquals(root.attributes.width, String(width), name);
    assertEquals(root.attributes.height, String(height), name);
    assertEquals(root.attributes.viewBox, `0 0 ${width} ${height}`, name);
    assertEquals(root.attributes.role, "img", name);
    assertEquals(root.children.slice(0, 2).map(({ tag }) => tag), [
      "title",
      "desc",
    ]);
    assert(root.all("desc")[0].text.length > 20, name);
    for (const { tag, attributes } of everyNode(root)) {
      assert(tags.includes(tag), `${name}: ${tag}`);
      for (const [attribute, value] of Object.entries(attributes)) {
        assertNotMatch(attribute, /^(id|style|class|href|on.*)$/, name);
        assertNotMatch(value, /NaN|Infinity|undefined|null|\d\.\d{3}/, name);
      }
    }
    assertEquals(make().toSvg(), svg, name);
  }
});

Deno.test("there are as many bars as bins, and as many cells as values", () => {
  const root = parseXml(figures.weights_uniform().toSvg());
  const [bars] = root.all("g").filter((node) => node.has("data-trace"));
  assertEquals(bars.attributes["data-trace"], "bar");
  assertEquals(bars.all("path")[0].attributes.d.split("M").length - 1, 18);
  const map = parseXml(figures.kernels_conv().toSvg());
  const [cells] = map.all("g").filter((node) => node.has("data-trace"));
  const moves = cells.all("path").map(({ attributes }) =>
    attributes.d.split("M")
  );
  assertEquals(moves.flatMap((move) => move.slice(1)).length, 3 * 5 * 9);
});

Deno.test("bars stand where plotly has them", () => {
  const root = draw([{ type: "bar", x: [1, 3], y: [2, 4], width: 2 }], {
    xaxis: { range: [0, 4] },
    yaxis: { range: [0, 4] },
  });
  assertEquals(pathOf(root), "M50 250V150H200V250ZM200 250V50H350V250Z");
});

Deno.test("lines follow their points, break at null, and step", () => {
  const x = [0, 1, 2, 3];
  const axes = { xaxis: { range: [0, 3] }, yaxis: { range: [0, 2] } } as const;
  const line = { type: "scatter", mode: "lines", x } as const;
  assertEquals(
    pathOf(draw([{ ...line, y: [0, 1, null, 2] }], axes)),
    "M50 250L150 150M350 50",
  );
  const step = draw(
    [{ ...line, y: [0, 1, 1, 2], line: { shape: "hv" } }],
    axes,
  );
  assertEquals(pathOf(step), "M50 250H150V150H250H350V50");
  const area = draw([{ ...line, y: [1, 1, 1, 1], fill: "tozeroy" }], axes);
  assertEquals(
    pathOf(area),
    "M50 150H150H250H350V250H50Z",
  );
});

Deno.test("an area inside its line is one path, each part of it filled", () => {
  const root = draw([{
    type: "scatter",
    mode: "lines",
    x: [0, 1, 2, null, 3, 3],
    y: [0, 2, 0, null, 0, 1],
    fill: "toself",
    fillcolor: "rgba(255,0,0,0.5)",
    line: { color: "#0000ff", width: 1 },
  }], { xaxis: { range: [0, 3] }, yaxis: { range: [0, 2] } });
  const [group] = root.all("g").filter((node) => node.has("data-trace"));
  const [path, ...more] = group.all("path");
  assertEquals(more.length, 0);
  const { d, fill, stroke } = path.attributes;
  assertEquals(d, "M50 250L150 50L250 250M350 250V150");
  assertEquals([fill, stroke], ["#ff0000", "#0000ff"]);
  assertEquals(path.attributes["fill-opacity"], "0.5");
});

Deno.test("points, log axes and subplots have their place", () => {
  const points = {
    type: "scatter",
    mode: "markers",
    x: [0, 1],
    marker: { size: 8 },
  } as const;
  const root = draw([
    { ...points, y: [1, 100] },
    { ...points, y: [10, 0], xaxis: "x2", yaxis: "y2" },
  ], {
    xaxis: { range: [0, 1], domain: [0, 0.4] },
    xaxis2: { range: [0, 1], domain: [0.6, 1], anchor: "y2" },
    yaxis: { type: "log", range: [0, 2] },
    yaxis2: { type: "log", range: [0, 2], anchor: "x2" },
    showlegend: false,
  });
  const circles = root.all("circle").map(({ attributes: { cx, cy, r } }) =>
    [cx, cy, r].map(Number)
  );
  // The last point, 0, has no place on a log axis.
  assertEquals(circles, [[50, 250, 4], [170, 50, 4], [230, 150, 4]]);
  const labels = root.all("text").map(({ text }) => text);
  assertEquals(labels.filter((text) => text === "100").length, 2);
});

Deno.test("axes without a range show all data", () => {
  const root = draw([{
    type: "scatter",
    mode: "markers",
    x: [10, 20],
    y: [-1, 3],
  }]);
  const places = root.all("circle").map(({ attributes: { cx, cy } }) =>
    [cx, cy].map(Number)
  );
  for (const [cx, cy] of places) {
    assert(cx > 55 && cx < 345 && cy > 55 && cy < 245, `${cx}, ${cy}`);
  }
});

Deno.test("a tied axis keeps cells square, at the side it says", () => {
  const cellsOf = (layout: Partial<Layout>, rows: number) => {
    const z = [[1, -1], [0, 1]].slice(0, rows);
    const root = draw([{
      type: "heatmap",
      x: ["a", "b"],
      y: ["c", "d"].slice(0, rows),
      z,
      zmin: -1,
      zmax: 1,
      colorscale: [[0, "#000000"], [1, "#ffffff"]],
      showscale: false,
    }], layout);
    const [group] = root.all("g").filter((node) => node.has("data-trace"));
    return group.all("path").map(({ attributes }) => [
      attributes.stroke,
      attributes["stroke-width"],
      attributes.d,
    ]);
  };
  const wide = cellsOf({
    xaxis: { constraintoward: "left" },
    yaxis: { scaleanchor: "x", range: [1.5, -0.5] },
  }, 2);
  assertEquals(wide, [
    ["#000000", "100", "M150 100h100"],
    ["#808080", "100", "M50 200h100"],
    ["#ffffff", "100", "M50 100h100M150 200h100"],
  ]);
  const tall = cellsOf({
    yaxis: { scaleanchor: "x", range: [0.5, -0.5], constraintoward: "top" },
  }, 1);
  assertEquals(tall, [
    ["#000000", "150", "M200 125h150"],
    ["#ffffff", "150", "M50 125h150"],
  ]);
});

Deno.test("ticks are plotly's: round steps, one exponent an axis", () => {
  const labelsOf = (range: [number, number]) =>
    draw([{ type: "scatter", mode: "lines", x: [0], y: [0] }], {
      xaxis: { range },
      yaxis: { range: [0, 1], showticklabels: false },
    }).all("text").map(({ text }) => text).filter((text) => text !== "");
  assertEquals(labelsOf([0, 1]), ["0", "0.2", "0.4", "0.6", "0.8", "1"]);
  assertEquals(labelsOf([-0.09, 0.09]), ["−0.05", "0", "0.05"]);
  assertEquals(labelsOf([0, 45_000]), ["0", "1e+4", "2e+4", "3e+4", "4e+4"]);
  assertEquals(labelsOf([-3e-12, 3e-12]), ["−2e−12", "0", "2e−12"]);
});

Deno.test("no text leaves the picture or covers another", () => {
  const long = "Conv2d(16, 33, kernel_size=(3, 3)), ".repeat(9);
  const extreme = {
    "a long name": plot.weights(named(long)),
    "a long word": plot.weights(named("x".repeat(400))),
    "wide letters": plot.kernels(named("漢字".repeat(60))),
    "long names": plot.compare({ [long]: tensor([1, 2]), b: tensor([2, 3]) }),
    tiny: plot.weights(tensor([1e-12, 2e-12, 4e-12])),
    huge: plot.weights(tensor([-1e6, 2e6, 4e7])),
    narrow: plot.weights(named(long), { width: 480, height: 300 }),
    "narrow, many bins": plot.weights(tensor([...bell(3000, 1), 1e4]), {
      width: 480,
      theory: { kind: "uniform", low: -0.12345678, high: 0.12345678 },
    }),
    "narrow map": plot.kernels(named(long), { width: 480, height: 300 }),
    "narrow, many layers": plot.propagation({
      [long]: propagate({ depth: 60, width: 8, batch: 4, bins: 5 }),
      b: propagate({ width: 8, batch: 4, init: "ones", activation: "linear" }),
    }, { width: 480 }),
    "low, one layer": plot.propagation(
      propagate({ depth: 1, width: 8, batch: 4 }),
      { height: 300 },
    ),
    "low, with a slider": plot.propagation(
      Object.fromEntries(
        Array.from({ length: 7 }, (_, index) => [
          `a run of number ${index}`,
          propagate({ width: 8, batch: 4, seed: index, bins: 4 }),
        ]),
      ),
      { height: 520 },
    ),
    "narrow lines": plot.compare({ [long]: tensor([1, 2]) }, { width: 480 }),
    "one weight": plot.fan([1, 1]),
    "one input": plot.fan([2, 1]),
    "one output": plot.fan([1, 2]),
    "a large matrix": plot.fan([50257, 1024], { width: 480 }),
    "many groups": plot.fan([4096, 1, 3], { groups: 4096, width: 480 }),
    "a cube": plot.fan([64, 32, 3, 3, 3], { height: 300 }),
    "a wide kernel": plot.fan([3, 40, 11, 400]),
    "a transposed one": plot.fan([8, 3, 4, 4], { transposed: true, groups: 4 }),
    "long names of layers": plot.layers({ [long]: tensor([1, 2]) }),
    "narrow layers": plot.layers({ a: tensor([1, 2]), b: tensor([9]) }, {
      width: 480,
      height: 300,
    }),
    "tiny quantiles": plot.quantiles(tensor([1e-12, 2e-12, -4e-12])),
    "narrow quantiles": plot.quantiles(tensor([-1e6, 2e6, 4e7]), {
      width: 480,
    }),
    "a narrow spectrum": plot.spectrum(tensor([[1e6, 0], [1, 2]]), {
      width: 480,
    }),
  };
  const made = Object.entries(figures).map(([name, make]) =>
    [name, make()] as const
  );
  for (const [name, figure] of [...made, ...Object.entries(extreme)]) {
    const { width, height } = layoutOf(figure);
    const boxes = parseXml(figure.toSvg()).all("text").flatMap(boxesOf);
    boxes.forEach((box, index) => {
      const message = `${name}: ${JSON.stringify(box)}`;
      assert(box.left >= 0 && box.right <= width, message);
      assert(box.top >= 0 && box.bottom <= height, message);
      for (const other of boxes.slice(index + 1)) {
        const apart = box.right <= other.left || other.right <= box.left ||
          box.bottom <= other.top || other.bottom <= box.top;
        assert(apart, `${message} covers ${JSON.stringify(other)}`);
      }
    });
  }
});

Deno.test("hostile names stay text", () => {
  for (const name of hostile) {
    const figure = plot.weights(named(name));
    const root = parseXml(figure.toSvg());
    assertEquals(root.all("title")[0].text, `${name} · weight`);
    const [title] = root.all("text").filter(({ text }) =>
      text.endsWith("weight")
    );
    assertEquals(title.text, `${name} · weight`);
    assertEquals(title.children.length, 0);
    assertEquals(String(figure).split("\n")[0], `${name} · weight`);
    assertNotMatch(layoutOf(figure).title!.text, /[<>$]|%\{/);
    const both = plot.compare({ [name]: tensor([1, 2]) });
    const json = JSON.stringify(both.data.map(({ name }) => name));
    assertNotMatch(json, /[<>$]|%\{/);
    const hover = String(both.data[0].hovertemplate);
    assertMatch(hover.split("<br>")[0], /^[^<>$]*$/);
    assertStringIncludes(parseXml(both.toSvg()).text, name);
  }
});

Deno.test("a name that is cut in the picture is whole for readers", () => {
  const name = "a long name, ".repeat(30);
  const root = parseXml(plot.weights(named(name)).toSvg());
  assertEquals(root.all("title")[0].text, `${name} · weight`);
  assertStringIncludes(root.all("text").at(-1)!.text, "…");
});

Deno.test("what the picture lacks it names, and draws the rest", () => {
  const line: Trace = { type: "scatter", mode: "lines", x: [0, 1], y: [0, 1] };
  const pie = { type: "pie", values: [1] } as unknown as Trace;
  const note = "not in this picture, but with plotly.js: pie";
  const alone = draw([pie]);
  assertStringIncludes(alone.text, note);
  assertEquals(alone.all("g").filter((node) => node.has("data-trace")), []);
  const both = draw([line, pie], { showlegend: false });
  assertStringIncludes(both.text, note);
  assertEquals(pathOf(both).split("M").length - 1, 1);
  assertNotMatch(draw([line]).text, /not in this picture/);
});

interface Extent {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** The boxes of a text's lines, by the estimate that the layout relies on. */
function boxesOf(node: Node): Extent[] {
  const { transform, "font-size": size, "text-anchor": anchor } =
    node.attributes;
  const lines = node.children.length === 0 ? [node] : node.children;
  return lines.map((line, index) => {
    const length = textWidth(line.text, Number(size));
    const share = { middle: 0.5, end: 1 }[anchor] ?? 0;
    const x = Number(line.attributes.x ?? node.attributes.x ?? 0);
    const y = Number(node.attributes.y) + index * 1.3 * Number(size);
    const along = [x - share * length, x + (1 - share) * length];
    const across = [y - 0.75 * Number(size), y + 0.2 * Number(size)];
    if (transform === undefined) {
      const [left, right, top, bottom] = [...along, ...across];
      return { left, right, top, bottom };
    }
    const [, cx, cy] = /translate\((\S+) (\S+)\) rotate\(-90\)/.exec(
      transform,
    )!;
    return {
      left: Number(cx) + across[0],
      right: Number(cx) + across[1],
      top: Number(cy) - along[1],
      bottom: Number(cy) - along[0],
    };
  });
}
