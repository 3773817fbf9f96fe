import { assert, assertEquals, assertMatch } from "@std/assert";
import { jupyterDisplay, type MimeBundle } from "../../lib/core/show.ts";
import { tensor } from "../../lib/core/tensor.ts";
import {
  carryAgain,
  plotlyIntegrity,
  plotlyText,
} from "../../lib/notebook/plotly.ts";
import "../../lib/notebook/mod.ts";
import { Figure, type FigureParts } from "../../lib/plot/figure.ts";
import * as plot from "../../lib/plot/mod.ts";
import { figures } from "../browser/sample.ts";
import { unpack } from "../../notebooks/runner/packed.ts";

const carrier =
  /<script type="text\/plain" data-fanin-library="([^"]+)">([^<]*)<\/script>/g;

const hostile = `</script><script>alert(1)</script>"'><img src=x>&\u2028`;

Deno.test("a figure's bundle has plotly's MIME type, HTML and text", async () => {
  const bundle = await shown(bars("one", [1, 2]));
  assertEquals(Object.keys(bundle).sort(), [
    "application/vnd.plotly.v1+json",
    "text/html",
    "text/plain",
  ]);
  assertEquals(bundle["text/plain"], "one");
});

Deno.test("a figure's data is the same plain JSON in both of them", async () => {
  const bundle = await shown(bars("one", new Float32Array([1, NaN, Infinity])));
  const expected = {
    data: [{ type: "bar", x: [0, 1, 2], y: [1, null, null] }],
    layout: { height: 300, margin, title: { text: "one" }, width: 500 },
    config: {
      responsive: true,
      displaylogo: false,
      modeBarButtonsToRemove: ["select2d", "lasso2d"],
      plotlyServerURL: "",
      showSendToCloud: false,
    },
  };
  assertEquals(bundle["application/vnd.plotly.v1+json"], expected);
  assertEquals(specOf(bundle), expected);
});

Deno.test("frames are in both of them, and only where there are some", async () => {
  const { data, layout } = bars("one", [1]);
  const frames = [{
    name: "next",
    data: [{ x: [0], y: [2] }],
    traces: [0],
    layout: { yaxis: { range: [0, 2] as const } },
  }];
  const bundle = await shown(new Figure({ data, layout, frames }));
  for (
    const spec of [bundle["application/vnd.plotly.v1+json"], specOf(bundle)]
  ) {
    assertEquals(spec.frames, frames);
    assertEquals(Object.keys(spec).sort(), [
      ...["config", "data", "frames", "layout"],
    ]);
  }
  assertEquals("frames" in specOf(await shown(bars("one", [1]))), false);
});

Deno.test("only the first of many figures carries plotly.js", async () => {
  carryAgain();
  const figures = Array.from(
    { length: 20 },
    (_, index) => bars(`figure ${index}`, [index]),
  );
  const bundles = await Promise.all(figures.map(shown));
  const again = await Promise.all(figures.map(shown));
  assertEquals(copies(bundles), [1, ...new Array(19).fill(0)]);
  assertEquals(copies(again), new Array(20).fill(0));
  carryAgain();
  assertEquals(copies([await shown(figures[7]), await shown(figures[0])]), [
    1,
    0,
  ]);
});

Deno.test("the carried text is plotly.js, to the byte", async () => {
  carryAgain();
  const html = String((await shown(bars("one", [1])))["text/html"]);
  const [[, hash, packed]] = html.matchAll(carrier);
  const text = unpack(packed);
  assert(text === await plotlyText());
  assertEquals(hash, plotlyIntegrity);
  assertEquals(await integrityOf(text), plotlyIntegrity);
});

Deno.test("a figure has the same bytes each time", async () => {
  const make = () => plot.weights(tensor([1, 2, 3]));
  await shown(make());
  assertEquals(await shown(make()), await shown(make()));
  assertEquals(await make().toHtml(), await make().toHtml());
});

Deno.test("a hostile title stays text", async () => {
  await shown(bars("first", [1]));
  const figure = bars(hostile, [1]);
  const bundle = await shown(figure);
  const html = String(bundle["text/html"]);
  assertEquals(html.match(/<script/g)?.length, 2);
  assertEquals(html.match(/<img/g)?.length, 1);
  assertEquals(specOf(bundle).layout.title.text, hostile);
  const tag = /^<div [^>]*>/.exec(html)![0];
  assertEquals(tag.match(/"/g)!.length % 2, 0);
  assertMatch(tag, /^<div( [a-z-]+="[^"<>]*")+>$/);
});

Deno.test("the HTML names no id and no place on the network", async () => {
  for (const figure of figures) {
    const html = await figure.toHtml();
    const own = html.replace(carrier, "").replace(/src="data:[^"]*"/, "");
    assertEquals(own.match(/\sid=|\bhttps?:/g), null);
  }
});

Deno.test("toHtml carries plotly.js, or says where it is", async () => {
  const figure = bars("one", [1]);
  const offline = await figure.toHtml();
  const online = await figure.toHtml({ offline: false });
  assertMatch(offline, /^<!doctype html>\n<meta charset="utf-8">\n<div /);
  assertEquals([...offline.matchAll(carrier)].length, 1);
  assertEquals(offline, await figure.toHtml({ offline: true }));
  assertEquals(online.match(/data-url="https:[^"]+"/g)?.length, 1);
  assert(online.length < 10_000);
});

const margin = { l: 40, r: 10, t: 40, b: 40 };

function bars(title: string, heights: ArrayLike<number>): Figure {
  const x = Array.from(heights, (_, index) => index);
  return new Figure({
    data: [{ type: "bar", x, y: heights }] as unknown as FigureParts["data"],
    layout: { width: 500, height: 300, margin, title: { text: title } },
  });
}

async function shown(figure: Figure): Promise<MimeBundle> {
  return await figure[jupyterDisplay]();
}

function specOf(bundle: MimeBundle) {
  const html = String(bundle["text/html"]);
  const packed = /<script type="text\/plain">([^<]*)<\/script>/.exec(html)![1];
  return JSON.parse(unpack(packed));
}

function copies(bundles: readonly MimeBundle[]): number[] {
  return bundles.map((bundle) =>
    [...String(bundle["text/html"]).matchAll(carrier)].length
  );
}

async function integrityOf(text: string): Promise<string> {
  const bytes = new TextEncoder().encode(text);
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return `sha256-${hash.toBase64()}`;
}
