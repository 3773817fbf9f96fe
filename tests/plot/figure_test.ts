import { assert, assertEquals, assertThrows } from "@std/assert";
import { plot } from "../../mod.ts";
import type { FigureParts } from "../../lib/plot/figure.ts";
import { Showable } from "../../lib/core/show.ts";

function make(x: unknown, more: object = {}): plot.Figure {
  const data = [{ type: "scatter", mode: "lines", x, y: [0, 1], ...more }];
  const layout = {
    width: 300,
    height: 200,
    margin: { l: 40, r: 10, t: 30, b: 30 },
    title: { text: "A <b>bold</b> &#38; plain<br>title" },
  };
  return new plot.Figure({ data, layout } as unknown as FigureParts);
}

Deno.test("a figure is plain JSON: numbers rounded, keys in order", () => {
  const x = Float32Array.of(0.1, NaN, 2);
  const figure = make(x, { line: { width: 1 / 3, color: "#123456" } });
  const [trace] = figure.data;
  assertEquals(trace.x, [0.10000000149, null, 2]);
  assertEquals(
    JSON.stringify(trace),
    '{"line":{"color":"#123456","width":0.333333333333},"mode":"lines","type":"scatter","x":[0.10000000149,null,2],"y":[0,1]}',
  );
  assertEquals(JSON.parse(JSON.stringify(figure)), figure.toJSON());
  assertEquals(Object.keys(figure.toJSON()), ["data", "layout"]);
});

Deno.test("numbers that JSON lacks become null, and −0 becomes 0", () => {
  const [trace] = make([Infinity, -Infinity, -0, undefined]).data;
  assertEquals(JSON.stringify(trace.x), "[null,null,0,null]");
});

Deno.test("a figure does not change with what it was made from, nor at all", () => {
  const x = [1, 2];
  const figure = make(x);
  x[0] = 9;
  assertEquals(figure.data[0].x, [1, 2]);
  const frozen = (value: unknown): boolean =>
    typeof value !== "object" || value === null ||
    Object.isFrozen(value) && Object.values(value).every(frozen);
  assert(frozen(figure.data));
  assert(frozen(figure.layout));
});

Deno.test("without words of its own a figure says its title", () => {
  assertEquals(String(make([0, 1])), "A bold & plain title");
});

Deno.test("a figure shows itself", async () => {
  const figure = make([0, 1]);
  assert(figure instanceof Showable);
  assertEquals(Deno.inspect(figure), String(figure));
  assert((await figure.toHtml()).includes("plain title"));
});

Deno.test("what is not JSON throws, and says where it is", () => {
  for (const value of [1n, Symbol("s"), Math.abs]) {
    assertThrows(
      () => make([value]),
      TypeError,
      `Cannot make a figure: data[].x[] must be JSON, got ${String(value)}`,
    );
  }
  for (
    const [parts, got] of [
      [null, "parts must be a plain object, got null"],
      [{ data: [], layout: {}, bogus: 1 }, "text, got bogus"],
      [new Map(), "parts must be a plain object, got Map(0)"],
    ] as const
  ) {
    assertThrows(() => new plot.Figure(parts as never), TypeError, got);
  }
  for (const data of [undefined, null, {}, "bars"]) {
    assertThrows(
      () => new plot.Figure({ data, layout: {} } as unknown as FigureParts),
      TypeError,
      "Cannot make a figure: data must be an array of traces",
    );
  }
});
