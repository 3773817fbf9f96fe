import { assert, assertEquals, assertThrows } from "@std/assert";
import { empty, Generator, init, plot, tensor } from "../../mod.ts";
import { figures } from "./figures.ts";
import { layoutOf } from "./layout.ts";
import { parseXml } from "./xml.ts";

interface Frame {
  name: string;
  data: Record<string, unknown>[];
  traces: number[];
  layout: Record<string, unknown>;
}

function seed(value: number): plot.Figure {
  const generator = new Generator(value);
  return plot.weights(init.normal(empty([60]), { generator }));
}

function framesOf(figure: plot.Figure): Frame[] {
  return JSON.parse(JSON.stringify(figure.frames));
}

/** As plotly.js merges a frame into what is there: nothing goes. */
function merged(old: unknown, change: unknown): unknown {
  const isRecord = (value: unknown) =>
    typeof value === "object" && value !== null && !Array.isArray(value);
  if (!isRecord(old) || !isRecord(change)) return change;
  const result: Record<string, unknown> = { ...old as object };
  for (const [key, value] of Object.entries(change as object)) {
    result[key] = merged(result[key], value);
  }
  return result;
}

type Merged = Record<string, unknown>;

/** The figure as it is after a frame. */
function shownAt(figure: plot.Figure, frame: Frame) {
  const data = figure.data.map((trace, index) => {
    const at = frame.traces.indexOf(index);
    return at === -1 ? trace : merged(trace, frame.data[at]) as Merged;
  });
  return {
    data: data.filter(({ visible }) => visible !== false),
    layout: merged(figure.layout, frame.layout) as Merged,
  };
}

Deno.test("each state is the figure that it is made from", () => {
  const states = {
    "seed 0": seed(0),
    two: plot.compare({ a: tensor([1, 2]), b: tensor([2, 4]) }),
    lines: plot.quantiles(tensor([1, 2, 4])),
    "seed 2": seed(2),
  };
  const figure = plot.frames(states);
  const frames = framesOf(figure);
  assertEquals(frames.map(({ name }) => name), Object.keys(states));
  for (const [index, state] of Object.values(states).entries()) {
    const { data, layout } = shownAt(figure, frames[index]);
    assertEquals(data.length, state.data.length);
    state.data.forEach((trace, i) => {
      const { visible: _, ...shown } = data[i];
      assertEquals(shown, trace);
    });
    const title = (layout.title as { text: string }).text;
    assertEquals(title, layoutOf(state).title!.text);
    const notes = (layout.annotations as { text: string; visible?: boolean }[])
      .filter(({ visible }) => visible !== false).map(({ text }) => text);
    assertEquals(notes, layoutOf(state).annotations!.map(({ text }) => text));
    // All have one size and one place for the plot.
    for (const name of ["width", "height", "margin"]) {
      assert(!(name in frames[index].layout), name);
    }
  }
  // The first frame is the figure as it stands.
  assertEquals(
    shownAt(figure, frames[0]).data,
    figure.data.filter(
      ({ visible }) => visible !== false,
    ),
  );
});

Deno.test("a slider and buttons show the states, from the chosen one on", () => {
  const figure = plot.frames({ a: seed(0), "<b>": seed(1) }, {
    start: "<b>",
    prefix: "seed ",
    interval: 250,
  });
  const { sliders, updatemenus } = layoutOf(figure);
  assertEquals(sliders![0].active, 1);
  assertEquals(sliders![0].steps.map(({ label, args }) => [label, args[0]]), [
    ["a", ["a"]],
    ["&#60;b&#62;", ["<b>"]],
  ]);
  assertEquals(updatemenus![0].buttons[0].args[1].frame.duration, 250);
  assertEquals(figure.data[0].y, seed(1).data[0].y);
  const root = parseXml(figure.toSvg());
  const [slider] = root.all("g").filter((node) => node.has("data-slider"));
  assertEquals(slider.all("text")[0].text, "seed <b>");
  const [buttons] = root.all("g").filter((node) => node.has("data-buttons"));
  assertEquals(buttons.all("text").map(({ text }) => text), ["Play", "Pause"]);
  assert(String(figure).endsWith("states: a, <b>"));
});

Deno.test("frames say only what differs", () => {
  const figure = plot.frames({ a: seed(0), b: seed(0) });
  for (const { data, traces, layout } of framesOf(figure)) {
    assertEquals([data, traces, layout], [[], [], {}]);
  }
});

Deno.test("changes reach all states", () => {
  const figure = plot.frames({ a: seed(0), b: seed(1) })
    .with({ width: 520, yaxis: { type: "log" } });
  assertEquals(layoutOf(figure).width, 520);
  assertEquals(layoutOf(figure).yaxis!.type, "log");
  assertEquals(framesOf(figure).length, 2);
});

Deno.test("what are no states throws", () => {
  const cases: [unknown, object, typeof TypeError, string][] = [
    [[], {}, TypeError, "must be an object or a Map of figures by label"],
    [{}, {}, RangeError, "there must be 1 to 500 figures, got 0"],
    [{ a: 5 }, {}, TypeError, "each must be a figure with a label, got 5"],
    [
      { a: figures.propagation() },
      {},
      RangeError,
      'a figure with frames must stand alone, got "a"',
    ],
    [
      { a: seed(0) },
      { start: "b" },
      TypeError,
      "start must be one of the labels",
    ],
    [
      { a: seed(0) },
      { prefix: 1 },
      TypeError,
      "prefix must be a string, got 1",
    ],
    [{ a: seed(0) }, { interval: 0 }, RangeError, "at least 1, got 0"],
    [
      { a: seed(0) },
      { play: 1 },
      TypeError,
      "start, prefix, interval, got play",
    ],
  ];
  for (const [given, options, kind, message] of cases) {
    assertThrows(
      () => plot.frames(given as Record<string, plot.Figure>, options),
      kind,
      message,
    );
  }
});
