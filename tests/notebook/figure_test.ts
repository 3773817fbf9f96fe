import { assert, assertEquals, assertMatch } from "@std/assert";
import { jupyterDisplay, type MimeBundle } from "../../lib/core/show.ts";
import { tensor } from "../../lib/core/tensor.ts";
import { display } from "../../lib/notebook/display.ts";
import { plotlyIntegrity, plotlyText } from "../../lib/notebook/plotly.ts";
import { Figure, type FigureParts } from "../../lib/plot/figure.ts";
import * as plot from "../../lib/plot/mod.ts";
import { bundleOf, outputsOf } from "../browser/outputs.ts";
import { figures } from "../browser/sample.ts";
import { inKernel } from "./fake_kernel.ts";
import { unpack } from "../../notebooks/runner/packed.ts";

const carrier =
  /<script type="text\/plain" data-fanin-library="([^"]+)">([^<]*)<\/script>/g;

const hostile = `</script><script>alert(1)</script>"'><img src=x>&\u2028`;

Deno.test("a figure's bundle has plotly's MIME type, HTML and text", async () => {
  const bundle = await bundleOf(bars("one", [1, 2]));
  assertEquals(Object.keys(bundle).sort(), [
    "application/vnd.plotly.v1+json",
    "text/html",
    "text/plain",
  ]);
  assertEquals(bundle["text/plain"], "one");
});

Deno.test("a figure's data is the same plain JSON in both of them", async () => {
  const bundle = await bundleOf(
    bars("one", new Float32Array([1, NaN, Infinity])),
  );
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
  const bundle = await bundleOf(new Figure({ data, layout, frames }));
  for (
    const spec of [bundle["application/vnd.plotly.v1+json"], specOf(bundle)]
  ) {
    assertEquals(spec.frames, frames);
    assertEquals(Object.keys(spec).sort(), [
      ...["config", "data", "frames", "layout"],
    ]);
  }
  assertEquals("frames" in specOf(await bundleOf(bars("one", [1]))), false);
});

Deno.test("the newest of many figures carries plotly.js", async () => {
  const figures = Array.from(
    { length: 7 },
    (_, index) => bars(`figure ${index}`, [index]),
  );
  for (const shown of [figures, [...figures, ...figures], [figures[3]]]) {
    assertEquals(copies(await outputsOf(...shown)), [
      ...new Array(shown.length - 1).fill(0),
      1,
    ]);
  }
});

Deno.test("figures that are shown in one turn bring plotly.js once", async () => {
  await inKernel(async (kernel) => {
    const shown = [1, 2, 3].map((height) => display(bars("one", [height])));
    assertEquals(kernel.sent.length, 3);
    await Promise.all(shown);
    const carried = copies(
      kernel.sent.map((each) => String(each["text/html"])),
    );
    assertEquals(carried.slice(0, 4), [0, 0, 0, 1]);
    assertEquals(copies([kernel.html(0)]), [1]);
  });
});

Deno.test("where no kernel asks, a figure's output carries plotly.js itself", async () => {
  const figure = bars("one", [1]);
  for (let i = 0; i < 2; i++) {
    const { "text/html": html } = await figure[jupyterDisplay]();
    assertEquals(copies([String(html)]), [1]);
  }
});

Deno.test("the carried text is plotly.js, to the byte", async () => {
  const [html] = await outputsOf(bars("one", [1]));
  const [[, hash, packed]] = html.matchAll(carrier);
  const text = unpack(packed);
  assert(text === await plotlyText());
  assertEquals(hash, plotlyIntegrity);
  assertEquals(await integrityOf(text), plotlyIntegrity);
});

Deno.test("a figure has the same bytes each time", async () => {
  const make = () => plot.weights(tensor([1, 2, 3]));
  await bundleOf(make());
  assertEquals(await bundleOf(make()), await bundleOf(make()));
  assertEquals(await make().toHtml(), await make().toHtml());
});

Deno.test("a hostile title stays text", async () => {
  await bundleOf(bars("first", [1]));
  const figure = bars(hostile, [1]);
  const bundle = await bundleOf(figure);
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

function specOf(bundle: MimeBundle) {
  const html = String(bundle["text/html"]);
  const packed = /<script type="text\/plain">([^<]*)<\/script>/.exec(html)![1];
  return JSON.parse(unpack(packed));
}

function copies(outputs: readonly string[]): number[] {
  return outputs.map((html) => [...html.matchAll(carrier)].length);
}

async function integrityOf(text: string): Promise<string> {
  const bytes = new TextEncoder().encode(text);
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return `sha256-${hash.toBase64()}`;
}
