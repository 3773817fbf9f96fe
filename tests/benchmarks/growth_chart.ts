/**
 * Time for each number by size, as a chart.
 *
 * @module
 */

import type { plot } from "../../mod.ts";
import { figureOf } from "../../lib/plot/figure.ts";
import {
  grid,
  headroom,
  palette,
  titleOfAxis,
  valueAxis,
} from "../../lib/plot/theme.ts";
import type { Growth, GrowthLine } from "./results.ts";
import { formatTime } from "./words.ts";
import type { ScatterTrace } from "../../lib/plot/types.ts";

/**
 * Returns the chart: nanoseconds for each number over the size on a log axis;
 * fanin's lines solid, others dashed.
 *
 * @param growth What was found.
 */
export function growthChart({ lines, machine, runs }: Growth): plot.Figure {
  const facts = [
    `float32, one thread · medians of ${runs} rounds by turns · ${machine.processor}`,
  ];
  const highest = lines.flatMap(({ points }) =>
    points.map(({ each }) => each.median * 1e9)
  );
  const powers = [4, 5, 6, 7, 8];
  return figureOf({
    panels: [{
      title: "Time for each number by size",
      facts,
      traces: lines.map(traceOf),
      axes: {
        xaxis: {
          ...valueAxis("numbers in the tensor", [3.9, 8.1]),
          tickmode: "array",
          tickvals: powers,
          ticktext: powers.map((power) => `10${superscript(power)}`),
        },
        yaxis: {
          type: "linear",
          title: titleOfAxis("ns for each number"),
          range: [0, headroom(highest)],
          gridcolor: grid,
          zeroline: false,
        },
      },
      colors: [],
      margin: { l: 56, r: 24, b: 52 },
      plotHeight: 300,
    }],
    description: `Lines over a log axis. ${lines.map(sentence).join(". ")}.`,
    text: lines.map(sentence).join("\n"),
  });
}

/** A color for each kind of fill, a dash for each that is not fanin's. */
function traceOf({ name, points }: GrowthLine): ScatterTrace {
  const [who, kind] = name.split(" ");
  const color = palette[kind === "uniform" ? 0 : 1];
  return {
    type: "scatter",
    mode: "lines+markers",
    name,
    // The axis counts powers of 10.
    x: points.map(({ elements }) => Math.log10(elements)),
    y: points.map(({ each }) => each.median * 1e9),
    line: { color, width: 2, dash: who === "fanin" ? "solid" : "dot" },
    marker: { color, size: who === "fanin" ? 7 : 5 },
  };
}

function superscript(power: number): string {
  return [...String(power)].map((digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(digit)]).join(
    "",
  );
}

function sentence({ name, points }: GrowthLine): string {
  const ends = [points[0], points.at(-1)!].map(({ elements, each }) =>
    `${formatTime(each.median)} at ${elements}`
  );
  return `${name}: ${ends.join(", ")}`;
}
