import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertMatch,
  assertNotMatch,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { init, plot, propagate, type Propagation } from "../../mod.ts";
import { figures, hostile } from "./figures.ts";
import { parseXml } from "./xml.ts";

interface Trace {
  name?: string;
  mode: string;
  xaxis: string;
  yaxis: string;
  x: number[];
  y: (number | null)[];
  customdata?: number[];
  showlegend?: boolean;
}

interface Spec {
  data: Trace[];
  layout: Record<string, { range: number[]; type?: string }> & {
    sliders?: { active: number; steps: { label: string; args: unknown[] }[] }[];
  };
  frames?: {
    name: string;
    traces: number[];
    data: Pick<Trace, "x" | "y" | "customdata">[];
    layout: Record<string, { range: number[] }>;
  }[];
}

function specOf(figure: plot.Figure): Spec {
  return JSON.parse(JSON.stringify(figure));
}

const small = { depth: 5, width: 24, batch: 16, bins: 10 };
const relu = propagate(small);

/** As the figure rounds. */
function shown(values: readonly number[]): number[] {
  return values.map((value) => Number(value.toPrecision(12)));
}

Deno.test("points are what was measured, lines what is expected", () => {
  const { data, layout } = specOf(plot.propagation(relu));
  const signals = ["activations", "gradients"] as const;
  signals.forEach((signal, panel) => {
    const [expected, measured] = data.slice(2 * panel);
    assertEquals([expected.mode, measured.mode], ["lines", "markers"]);
    assertEquals(measured.x, [1, 2, 3, 4, 5]);
    const stds = relu.layers.map((layer) => layer[signal].std);
    assertEquals(measured.y, shown(stds));
    const theory = relu.layers.map((layer) => layer[signal].expected!.std);
    assertEquals(expected.y, shown(theory));
    const yaxis = layout[["yaxis", "yaxis2"][panel]];
    assertEquals(yaxis.type, "log");
    for (const std of [...stds, ...theory].map(Math.log10)) {
      assert(std > yaxis.range[0] && std < yaxis.range[1]);
    }
  });
});

Deno.test("other quantities are drawn where they are asked for", () => {
  const { data } = specOf(plot.propagation(relu, {
    forward: "preactivations",
    backward: "weightGradients",
  }));
  const [, forward, , backward] = data;
  assertEquals(
    forward.y,
    shown(relu.layers.map((layer) => layer.preactivations.std)),
  );
  assertEquals(
    backward.y,
    shown(relu.layers.map((layer) => layer.weightGradients.std)),
  );
});

Deno.test("each layer is a frame, and the slider is set to the last", () => {
  const { data, layout, frames } = specOf(plot.propagation(relu));
  assertEquals(frames!.map(({ name }) => name), [
    ...["layer 1", "layer 2", "layer 3", "layer 4", "layer 5"],
  ]);
  const [slider] = layout.sliders!;
  assertEquals(slider.active, 4);
  slider.steps.forEach(({ label, args }, index) => {
    assertEquals(label, String(index + 1));
    assertEquals(args[0], [frames![index].name]);
  });
  for (const [index, frame] of frames!.entries()) {
    assertEquals(frame.traces, [4, 5, 6, 7]);
    const [ring, , activations, gradients] = frame.data;
    assertEquals(ring.x, [index + 1]);
    assertEquals(ring.y, shown([relu.layers[index].activations.std]));
    const layer = relu.layers[index];
    for (
      const [drawn, signal] of [
        [activations, layer.activations],
        [gradients, layer.gradients],
      ] as const
    ) {
      assertEquals(drawn.customdata, [0, ...signal.histogram!.counts, 0]);
      assertAlmostEquals(drawn.x[0], signal.histogram!.edges[0], 1e-4);
    }
  }
  // The last frame is the figure as it first stands.
  frames![4].data.forEach(({ x, y }, index) => {
    assertEquals([data[4 + index].x, data[4 + index].y], [x, y]);
  });
  for (const [axis, { range }] of Object.entries(frames![4].layout)) {
    assertEquals(layout[axis].range, range);
  }
});

Deno.test("one axis where layers are alike, their own where they are not", () => {
  const ranges = (run: Propagation) => {
    const { layout: first, frames } = specOf(plot.propagation(run));
    // A frame says only what is not alike in all.
    return frames!.map(({ layout }) =>
      (layout.xaxis3?.range ?? first.xaxis3.range)[1]
    );
  };
  assertEquals(new Set(ranges(relu)).size, 1);
  const vanishing = propagate({
    ...small,
    init: { name: "normal", std: 0.01 },
  });
  const each = ranges(vanishing);
  assertEquals(new Set(each).size, 5);
  assertEquals(each, each.toSorted((a, b) => b - a));
});

Deno.test("what is 0 everywhere has no point, and a line as its histogram", () => {
  let layer = 0;
  const dying = propagate({
    ...small,
    init: (weight, generator) => {
      if (++layer < 3) init.kaimingNormal(weight, { generator });
      else init.zeros(weight);
    },
  });
  const { data, frames } = specOf(plot.propagation(dying));
  assertEquals(data[1].y.slice(2), [null, null, null]);
  assertEquals(data[3].y, [null, null, null, null, null]);
  assertEquals(frames![2].data[2].x, [0, 0]);
  assertEquals(frames![1].data[2].x.length, small.bins + 2);
  assertNotMatch(plot.propagation(dying).toSvg(), /NaN|Infinity/);
  // Nothing at all is left to show by bins.
  const dead = plot.propagation(propagate({ ...small, init: "zeros" }));
  assertEquals([dead.frames, dead.data.length], [undefined, 4]);
  assertNotMatch(dead.toSvg(), /NaN|Infinity/);
});

Deno.test("runs may differ in depth, and the shallow one then is empty", () => {
  const shallow = propagate({ ...small, depth: 2 });
  const { frames } = specOf(plot.propagation({ shallow, deep: relu }));
  assertEquals(frames!.length, 5);
  const fifth = frames![4];
  assertEquals(fifth.data[2].x, []);
  assertEquals(fifth.data[0].x, [5]);
  assertEquals(frames![0].data[0].x, [1, 1]);
});

Deno.test("without histograms there is neither slider nor frame", () => {
  const { layout, frames, data } = specOf(
    plot.propagation(propagate({ ...small, bins: 0 })),
  );
  assertEquals([layout.sliders, frames], [undefined, undefined]);
  assertEquals(data.length, 4);
});

Deno.test("the picture has the slider, on its step, and all points", () => {
  const root = parseXml(plot.propagation(relu).toSvg());
  const [slider] = root.all("g").filter((node) => node.has("data-slider"));
  const labels = slider.all("text").map(({ text }) => text);
  assertEquals(labels, ["Histograms at layer 5", "1", "2", "3", "4", "5"]);
  const [rail, knob] = slider.all("rect").map(({ attributes }) => attributes);
  const end = Number(rail.x) + Number(rail.width);
  const middle = Number(knob.x) + Number(knob.width) / 2;
  assertAlmostEquals(middle, end - 2, 0.02);
  assertEquals(root.all("circle").length, 5 + 5 + 1 + 1 + 1);
  assertStringIncludes(root.all("desc")[0].text, "activations from ");
});

Deno.test("the text picture goes down where signals do", () => {
  const lines = String(figures.propagation_two()).split("\n");
  assertEquals(lines.length, 1 + 2 * 5 + 1);
  assertMatch(lines[3].trim(), /^█.*[▁▂▃▄▅▆▇]$/);
  assertMatch(lines[8].trim(), /^▁.*█$/);
});

Deno.test("hostile names stay text", () => {
  for (const name of hostile) {
    const figure = plot.propagation({ [name]: relu });
    const { data } = specOf(figure);
    assertNotMatch(JSON.stringify(data.map(({ name }) => name)), /[<>$]|%\{/);
    assertStringIncludes(parseXml(figure.toSvg()).text, name);
  }
});

Deno.test("a Map of runs is drawn as a record of them", () => {
  const run = propagate({ width: 8, depth: 2, batch: 4 });
  assertEquals(
    plot.propagation(new Map([["b", run], ["a", run]])).toJSON(),
    plot.propagation({ b: run, a: run }).toJSON(),
  );
});

Deno.test("bad sources and options throw", () => {
  const many = Object.fromEntries(
    Array.from({ length: 8 }, (_, index) => [index, relu]),
  );
  const cases: [unknown, object, typeof TypeError, string][] = [
    [{}, {}, RangeError, "there must be 1 to 7 runs, got 0"],
    [many, {}, RangeError, "got 8"],
    [null, {}, TypeError, "must be what propagate returned"],
    [5, {}, TypeError, "must be what propagate returned"],
    [{ a: 5 }, {}, TypeError, "got 5"],
    [{ a: null }, {}, TypeError, "got null"],
    [relu, { forward: "gradients" }, RangeError, "forward must be one of"],
    [relu, { backward: 1 }, RangeError, "backward must be one of gradients"],
    [relu, { widht: 1 }, TypeError, "got widht"],
  ];
  for (const [source, options, kind, message] of cases) {
    assertThrows(
      () => plot.propagation(source as Propagation, options),
      kind,
      message,
    );
  }
});
