/**
 * How many times as long the peers take, as a chart.
 *
 * @module
 */

import type { plot } from "../../mod.ts";
import { figureOf } from "../../lib/plot/figure.ts";
import type { Panel } from "../../lib/plot/page.ts";
import {
  expected,
  grid,
  ink,
  letters,
  measured,
  none,
  valueAxis,
} from "../../lib/plot/theme.ts";
import type { Comparison, Results } from "./results.ts";
import { formatRatio, formatShare, formatSize } from "./words.ts";
import type { Annotation, ScatterTrace } from "../../lib/plot/types.ts";

/** A line of the chart: a work's name, or a peer's bar below it. */
type Row =
  | { readonly heading: string }
  | { readonly one: Comparison };

const rowPixels = 19;
/** Half a bar, in rows. */
const half = 0.36;
/** Free space at the right of the longest bar, in powers of 10. */
const labelRoom = 0.95;

/**
 * Returns the chart: a bar for each peer from fanin's time, which is 1, to its
 * own, on a log axis, with a mark where the target is. Fills are shown at the
 * largest size alone.
 *
 * @param results What was found.
 */
export function speedChart(
  { comparisons, machine, runs }: Results,
): plot.Figure {
  const rows = rowsOf(comparisons);
  const bars = rows.flatMap((row, index) =>
    "one" in row ? [{ ...row, at: -index }] : []
  );
  const { PyTorch = "", NumPy = "" } = machine.peers;
  const facts = [
    `float32, one thread each unless it says so · medians of ${runs} rounds by turns`,
    [machine.processor, `Deno ${machine.deno.split(",")[0]}`]
      .concat(PyTorch && `PyTorch ${PyTorch.split(/[+,]/)[0]}`)
      .concat(NumPy && `NumPy ${NumPy}`)
      .filter((fact) => fact !== "").join(" · "),
  ];
  return figureOf({
    panels: [panelOf(rows, bars, facts)],
    description: `Bars of ratios on a log axis. ${
      bars.map(({ one }) => sentence(one)).join(". ")
    }.`,
    text: bars.map(({ one }) => sentence(one)).join("\n"),
  });
}

interface Bar {
  readonly one: Comparison;
  readonly at: number;
}

/** Each work once, at its largest size, and its peers. */
function rowsOf(comparisons: readonly Comparison[]): Row[] {
  const works = Map.groupBy(comparisons, ({ work }) => work);
  return [...works.values()].flatMap((all) => {
    const largest = Math.max(...all.map(({ elements }) => elements));
    const shown = all.filter(({ elements }) => elements === largest);
    const [first] = shown;
    const each = first.per === "number" ? " each" : "";
    const heading = `${first.work}${
      first.per === "number" ? `, ${formatSize(largest)} numbers` : ""
    }: fanin ${formatShare(first, first.ours.median)}${each}`;
    return [{ heading }, ...shown.map((one) => ({ one }))];
  });
}

/** One trace of rectangles: the line about each is closed and filled. */
function barTrace(bars: readonly Bar[]): ScatterTrace {
  const corners = bars.map(({ one, at }) => {
    const end = Math.log10(one.ratio.median);
    return {
      x: [0, end, end, 0, 0, null],
      y: [at - half, at - half, at + half, at + half, at - half, null],
    };
  });
  return {
    type: "scatter",
    mode: "lines",
    name: "measured",
    x: corners.flatMap(({ x }) => x),
    y: corners.flatMap(({ y }) => y),
    fill: "toself",
    fillcolor: measured,
    line: { color: measured, width: 0 },
    hoverinfo: "skip",
  };
}

function targetTrace(bars: readonly Bar[]): ScatterTrace {
  const marks = bars.flatMap(({ one, at }) => {
    if (one.target === undefined) return [];
    const x = Math.log10(one.target);
    return [{ x: [x, x, null], y: [at - 0.5, at + 0.5, null] }];
  });
  return {
    type: "scatter",
    mode: "lines",
    name: "target, at least",
    x: marks.flatMap(({ x }) => x),
    y: marks.flatMap(({ y }) => y),
    line: { color: expected, width: 3 },
    hoverinfo: "skip",
  };
}

function panelOf(
  rows: readonly Row[],
  bars: readonly Bar[],
  facts: readonly string[],
): Panel {
  const ends = bars.flatMap(({ one }) => [one.ratio.median, one.target ?? 1])
    .map(Math.log10);
  const low = Math.min(-0.3, ...ends);
  const high = Math.max(1, ...ends);
  const powers = Array.from({ length: 13 }, (_, index) => index - 6);
  return {
    title: "Time of other libraries, fanin's being 1",
    facts,
    traces: [barTrace(bars), targetTrace(bars)],
    annotations: notes(rows),
    shapes: [{
      type: "line",
      xref: "x",
      yref: "paper",
      x0: 0,
      x1: 0,
      y0: 0,
      y1: 1,
      line: { color: ink, width: 1 },
      layer: "below",
    }],
    axes: {
      xaxis: {
        // The axis counts powers of 10, so that a note's place is a number.
        ...valueAxis("times as long as fanin; right of 1 is slower", [
          low - 0.05,
          high + labelRoom,
        ]),
        tickmode: "array",
        tickvals: powers,
        ticktext: powers.map((power) => String(Number(`1e${power}`))),
        showgrid: true,
        gridcolor: grid,
      },
      yaxis: {
        type: "linear",
        range: [-rows.length + 0.4, 0.6],
        tickmode: "array",
        tickvals: bars.map(({ at }) => at),
        ticktext: bars.map(({ one }) => one.peer),
        ticks: "outside",
        ticklen: 5,
        tickcolor: none,
        showgrid: false,
        zeroline: false,
      },
    },
    colors: [],
    width: 780,
    margin: { l: 140, r: 16, b: 52 },
    plotHeight: rowPixels * rows.length + 8,
  };
}

/** The works' names, and each bar's ratio and time at its end. */
function notes(rows: readonly Row[]): Annotation[] {
  return rows.map((row, index) => {
    const shared = {
      y: -index,
      yref: "y",
      xanchor: "left",
      yanchor: "middle",
      showarrow: false,
    } as const;
    if ("heading" in row) {
      const text = `<b>${row.heading}</b>`;
      return { ...shared, text, x: 0, xref: "x", xshift: 6 };
    }
    const { one } = row;
    const { ratio, target = 0, theirs } = one;
    return {
      ...shared,
      text: `${formatRatio(ratio.median)}× · ${
        formatShare(one, theirs.median)
      }`,
      x: Math.log10(Math.max(1, ratio.median, target)),
      xref: "x",
      xshift: 6,
      font: { size: letters.label },
    };
  });
}

function sentence(one: Comparison): string {
  const { work, elements, peer, ratio, ours, theirs } = one;
  return `${work}, ${formatSize(elements)}: fanin ${
    formatShare(one, ours.median)
  }, ${peer} ${formatShare(one, theirs.median)}, ${
    formatRatio(ratio.median)
  } times as long`;
}
