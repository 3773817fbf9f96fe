import { assert, assertEquals, assertNotMatch } from "@std/assert";
import type { plot } from "../../mod.ts";
import { layoutOf } from "./layout.ts";
import { variations } from "./variations.ts";
import { type Node, parseXml } from "./xml.ts";

interface Trace {
  type?: string;
  mode?: string;
  visible?: boolean;
  x?: (number | null)[];
  y: (number | null)[];
  z?: (number | null)[][];
  xaxis?: string;
  yaxis?: string;
}

const all = variations();

Deno.test("all variations draw finite numbers, and as many marks as the data", () => {
  for (const [name, figure] of all) {
    const svg = figure.toSvg();
    assertNotMatch(svg, /NaN|Infinity|undefined|null/, name);
    const root = parseXml(svg);
    const groups = root.all("g").filter((node) => node.has("data-trace"));
    const drawn = (figure.data as unknown as Trace[]).filter((trace) =>
      trace.visible !== false && trace.type !== "violin"
    );
    assertEquals(groups.length, drawn.length, name);
    groups.forEach((group, index) => {
      const trace = drawn[index];
      assertEquals(
        marksIn(group, trace),
        marksOf(trace, figure),
        `${name}, ${index}`,
      );
    });
    const violins = figure.data.some(({ type, visible }) =>
      type === "violin" && visible !== false
    );
    assertEquals(root.text.includes("not in this picture"), violins, name);
  }
});

Deno.test("no variation changes the figure that it is made from", () => {
  for (const [name, figure] of all) {
    if (!name.endsWith(", changed")) continue;
    const before = all.find(([other]) => other === name.slice(0, -9))![1];
    assertEquals(figure.data.length, before.data.length + 1, name);
    assertEquals(layoutOf(figure).width, 640, name);
  }
});

Deno.test("what is drawn stays on the page", () => {
  for (const [name, figure] of all) {
    const { width, height } = layoutOf(figure);
    for (const node of parseXml(figure.toSvg()).all("text")) {
      const { x = 0, y, transform } = node.attributes;
      if (transform !== undefined) continue;
      const message = `${name}: ${node.text}`;
      assert(Number(x) >= 0 && Number(x) <= width, message);
      assert(Number(y) >= 0 && Number(y) <= height, message);
    }
  }
});

/** Marks in the picture: circles, bars, cells, or whether there is a line. */
function marksIn(group: Node, { type, mode = "lines" }: Trace): number {
  const moves = group.all("path").map(({ attributes }) =>
    attributes.d.split("M").length - 1
  ).reduce((a, b) => a + b, 0);
  if (type === "bar" || type === "heatmap") return moves;
  return mode.includes("markers")
    ? group.all("circle").length
    : Number(moves > 0);
}

function marksOf(trace: Trace, figure: plot.Figure): number {
  const { type, x, y, z, mode = "lines" } = trace;
  if (type === "heatmap") {
    return z!.flat().filter((cell) => cell !== null).length;
  }
  if (type === "bar") return y.length;
  const isLog = (letter: "x" | "y") => {
    const id = trace[`${letter}axis`] ?? letter;
    const axis = figure.layout[`${letter}axis${id.slice(1)}`];
    return (axis as { type?: string })?.type === "log";
  };
  const placed = y.filter((value, index) =>
    value !== null && x![index] !== null &&
    (!isLog("y") || value > 0) && (!isLog("x") || x![index]! > 0)
  );
  return mode.includes("markers") ? placed.length : Number(placed.length > 0);
}
