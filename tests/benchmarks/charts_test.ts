import { assertAlmostEquals, assertEquals } from "@std/assert";
import type { plot } from "../../mod.ts";
import { parseXml } from "../plot/xml.ts";
import { growth, results } from "./example.ts";
import { growthChart } from "./growth_chart.ts";
import { speedChart } from "./speed_chart.ts";
import type { Annotation, Axis, ScatterTrace } from "../../lib/plot/types.ts";

Deno.test("a bar goes from fanin's time to the peer's, on a log axis", () => {
  const figure = speedChart(results);
  const [bars] = figure.data as unknown as ScatterTrace[];
  const ends = [2, 8, 14].map((corner) => Number(bars.x[corner]));
  [3, 0.5, 725].forEach((ratio, bar) => assertPower(ends[bar], ratio));
  assertEquals([0, 6, 12].map((corner) => bars.x[corner]), [0, 0, 0]);
  assertEquals(bars.x.length, 3 * 6);
});

Deno.test("each bar is next to its peer, below its work at the largest size", () => {
  const { layout } = speedChart(results);
  const { tickvals, ticktext } = layout.yaxis as Axis;
  assertEquals(ticktext, ["PyTorch", "NumPy", "tfjs"]);
  assertEquals(tickvals, [-1, -2, -4]);
  const notes = (layout.annotations as Annotation[]).slice(1).map((
    { text, y },
  ) => [y, text]);
  assertEquals(notes, [
    [0, "<b>uniform, 16 M numbers: fanin 1.00 ns each</b>"],
    [-1, "3.00× · 3.00 ns"],
    [-2, "0.500× · 0.500 ns"],
    [-3, "<b>orthogonal 256²: fanin 10.0 ms</b>"],
    [-4, "725× · 7.25 s"],
  ]);
});

Deno.test("a target is marked where there is one", () => {
  const [, targets] = speedChart(results)
    .data as unknown as ScatterTrace[];
  const places = targets.x.filter((_, index) => index % 3 === 0).map(Number);
  assertEquals(places.length, 2);
  assertPower(places[0], 3.5);
  assertPower(places[1], 500);
  assertEquals(targets.y.map(Number).slice(0, 2), [-1.5, -0.5]);
});

Deno.test("growth is drawn in nanoseconds over powers of 10", () => {
  const figure = growthChart(growth);
  const [uniform, normal] = figure.data as unknown as ScatterTrace[];
  assertEquals(uniform.x, [4, 6, 8]);
  assertEquals(uniform.y, [1, 1.5, 2]);
  assertEquals(normal.y, [2, 2.5, 3]);
  assertEquals(uniform.line?.dash, "solid");
  assertEquals(normal.line?.dash, "dot");
  assertEquals(
    (figure.layout.xaxis as Axis).ticktext,
    ["10⁴", "10⁵", "10⁶", "10⁷", "10⁸"],
  );
});

Deno.test("both charts are SVG that says in words what it shows", () => {
  for (
    const [figure, words] of [
      [speedChart(results), "NumPy 0.500 ns, 0.500 times as long"],
      [growthChart(growth), "PyTorch normal: 2.00 ns at 10000"],
    ] as const
  ) {
    const [description] = parseXml(figure.toSvg()).all("desc");
    assertEquals(description.text.includes(words), true, description.text);
  }
});

for (
  const [name, draw] of Object.entries({
    results: speedChart,
    growth: growthChart,
  }) as [string, (measured: unknown) => plot.Figure][]
) {
  Deno.test(`${name}.svg is what ${name}.json says`, async () => {
    const read = (ending: string) =>
      Deno.readTextFile(new URL(`${name}.${ending}`, import.meta.url));
    assertEquals(
      await read("svg"),
      draw(JSON.parse(await read("json"))).toSvg(),
    );
  });
}

/** Figures keep 12 digits. */
function assertPower(power: number, value: number): void {
  assertAlmostEquals(power, Math.log10(value), 1e-11);
}
