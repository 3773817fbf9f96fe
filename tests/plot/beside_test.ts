import { assert, assertEquals, assertThrows } from "@std/assert";
import { plot, tensor } from "../../mod.ts";
import type { Annotation, Axis } from "../../lib/plot/types.ts";
import { figures } from "./figures.ts";
import { layoutOf } from "./layout.ts";

const narrow = plot.weights(tensor([1, 2, 2, 3]));
const wide = plot.weights(tensor([-9, 0, 7]), {
  theory: { kind: "uniform", low: -9, high: 9 },
});

function axis(figure: plot.Figure, name: string): Axis {
  return figure.layout[name] as Axis;
}

Deno.test("each figure keeps traces, facts, marks and legend in a place of its own", () => {
  const both = plot.beside([narrow, wide], { title: "Both" });
  assertEquals(both.data.map(({ xaxis, yaxis }) => [xaxis, yaxis]), [
    ["x", "y"],
    ["x2", "y2"],
    ["x2", "y2"],
  ]);
  assertEquals(both.data[0].y, narrow.data[0].y);
  assertEquals(both.data.map(({ legend }) => legend), [
    undefined,
    "legend2",
    "legend2",
  ]);
  const [left, right] = ["xaxis", "xaxis2"].map((name) =>
    axis(both, name).domain!
  );
  assert(left[0] >= 0 && left[1] < right[0] && right[1] <= 1);
  assertEquals(layoutOf(both).shapes!.map(({ xref }) => xref), ["x2", "x2"]);
  const texts = layoutOf(both).annotations!.map(({ text }) => text);
  for (const { annotations } of [narrow, wide].map(layoutOf)) {
    assert(
      texts.some((text) => text.startsWith(annotations![0].text.slice(0, 20))),
    );
  }
  // A figure's facts begin at the left of its plot.
  const facts = layoutOf(both).annotations!.filter(({ text }) =>
    text.startsWith("[")
  );
  assertEquals(facts.map(({ xref, x }) => [xref, x]), [
    ["paper", left[0]],
    ["paper", right[0]],
  ]);
  assertEquals(layoutOf(both).title!.text, "Both");
  assertEquals(String(both), `Both\n${narrow}\n\n${wide}`);
});

Deno.test("rows and columns: as many as asked, within the page", () => {
  const four = [narrow, wide, narrow, figures.kernels_conv()];
  for (const columns of [1, 2, 3, 4]) {
    const figure = plot.beside(four, { columns });
    const axes = ["", "2", "3", "4"].map((id) => [
      axis(figure, `xaxis${id}`).domain!,
      axis(figure, `yaxis${id}`).domain!,
    ]);
    axes.forEach(([x, y], i) => {
      assert([...x, ...y].every((end) => end >= 0 && end <= 1));
      for (const [otherX, otherY] of axes.slice(i + 1)) {
        const apart = x[1] <= otherX[0] || otherX[1] <= x[0] ||
          y[1] <= otherY[0] || otherY[1] <= y[0];
        assert(apart, `${columns} columns`);
      }
    });
    const inFirstRow = axes.filter(([, y]) => y[1] === axes[0][1][1]).length;
    assertEquals(inFirstRow, columns);
  }
  assert(Number(plot.beside(four, { columns: 2 }).layout.width) <= 1000);
});

Deno.test("shared axes have one range over all, and are zoomed together", () => {
  const figure = plot.beside([narrow, wide], { shareX: true, shareY: true });
  const [a, b] = [axis(figure, "xaxis"), axis(figure, "xaxis2")];
  assertEquals(a.range, b.range);
  assert(a.range![0] < -9 && a.range![1] > 9);
  assertEquals([a.matches, b.matches], [undefined, "x"]);
  assertEquals(axis(figure, "yaxis2").matches, "y");
  const mine = new plot.Figure({
    data: [{ type: "scatter", x: [0, 50], y: [1, 2] }],
  });
  const three = plot.beside([narrow, mine], { shareX: true });
  assert(axis(three, "xaxis").range![1] > 50);
});

Deno.test("changes reach the axes that they name", () => {
  const figure = plot.beside([narrow, wide]).with({
    traces: [{ type: "scatter", x: [0], y: [9], xaxis: "x2", yaxis: "y2" }],
    annotations: [{ text: "there", x: 0, y: 1, xref: "x2", yref: "y2" }],
    layout: { xaxis2: { title: { text: "second" } } },
    xaxis: { title: "first" },
  });
  assertEquals(figure.data.at(-1)!.xaxis, "x2");
  assert(axis(figure, "yaxis2").range![1] >= 9);
  assert(axis(figure, "yaxis").range![1] < 9);
  const added = layoutOf(figure).annotations!.find(({ text }) =>
    text === "there"
  );
  assertEquals((added as Annotation).xref, "x2");
  assertEquals(axis(figure, "xaxis").title!.text, "first");
  assertEquals(axis(figure, "xaxis2").title!.text, "second");
});

Deno.test("any plotly figure has its place: scenes, pies and violins", () => {
  const figure = plot.beside([
    narrow,
    new plot.Figure({ data: [{ type: "surface", z: [[1, 2], [3, 4]] }] }),
    new plot.Figure({ data: [{ type: "pie", values: [1, 2] }] }),
    new plot.Figure({ data: [{ type: "violin", y: [1, 2, 9] }] }),
  ]);
  const [, surface, pie, violin] = figure.data as unknown as {
    scene: string;
    domain: { x: number[] };
    xaxis: string;
  }[];
  const scene = figure.layout[surface.scene] as { domain: { x: number[] } };
  assert(scene.domain.x[0] >= 0.5 && pie.domain.x[1] <= 0.5);
  assertEquals(violin.xaxis, "x2");
});

Deno.test("what cannot stand beside each other throws", () => {
  const stacked = (barmode: string) =>
    new plot.Figure({
      data: [{ type: "bar", y: [1] }, { type: "bar", y: [2] }],
      layout: { barmode },
    });
  const cases: [unknown, object, typeof TypeError, string][] = [
    [narrow, {}, TypeError, "must be an array of figures"],
    [[], {}, RangeError, "there must be 1 to 24 figures, got 0"],
    [[narrow, 5], {}, TypeError, "figure 1 must be a figure, got 5"],
    [[figures.propagation()], {}, RangeError, "no figure with frames"],
    [
      [stacked("stack"), stacked("group")],
      {},
      RangeError,
      "their bars must have one barmode, got stack and group",
    ],
    [
      [narrow],
      { columns: 5 },
      RangeError,
      "columns must be an integer in [1, 4]",
    ],
    [[narrow], { shareX: 1 }, TypeError, "shareX must be true or false"],
    [
      [narrow, figures.kernels_conv()],
      { shareX: true },
      RangeError,
      "the xaxiss must be scales",
    ],
    [
      [narrow, narrow.with({ yaxis: { type: "log" } })],
      { shareY: true },
      RangeError,
      "of one type to be shared, got linear, log",
    ],
  ];
  for (const [given, options, kind, message] of cases) {
    assertThrows(
      () => plot.beside(given as plot.Figure[], options),
      kind,
      message.replace("xaxiss", "x axes"),
    );
  }
  // One set of bars in each stands in the same way in any mode.
  plot.beside([narrow, new plot.Figure({ data: [{ type: "bar", y: [1] }] })]);
});
