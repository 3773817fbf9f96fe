import { assert, assertEquals, assertMatch } from "@std/assert";
import { jupyterDisplay, type MimeBundle } from "../../lib/core/show.ts";
import { carryAgain } from "../../lib/display/library.ts";
import { plotlyIntegrity, plotlyText } from "../../lib/display/plotly_text.ts";
import "../../lib/display/renderers.ts";
import { SampleFigure } from "../browser/sample.ts";

const carrier =
  /<script type="text\/plain" data-fanin-library="([^"]+)">([^<]*)<\/script>/g;

const hostile = `</script><script>alert(1)</script>"'><img src=x>&\u2028`;

Deno.test("a figure's bundle has plotly's MIME type, HTML and text", async () => {
  const bundle = await shown(new SampleFigure("one", [1, 2]));
  assertEquals(Object.keys(bundle).sort(), [
    "application/vnd.plotly.v1+json",
    "text/html",
    "text/plain",
  ]);
  assertEquals(bundle["text/plain"], "one");
});

Deno.test("a figure's data is plain JSON in each representation", async () => {
  const figure = new SampleFigure("one", new Float32Array([1, NaN, Infinity]));
  Object.assign(figure, { layout: undefined });
  figure.data.push({ type: "scatter", y: [3n, undefined], text: undefined });
  const bundle = await shown(figure);
  const expected = {
    data: [
      { type: "bar", x: [0, 1, 2], y: [1, null, null] },
      { type: "scatter", y: [3, null] },
    ],
    layout: {},
    config: { responsive: true, displaylogo: false },
  };
  assertEquals(bundle["application/vnd.plotly.v1+json"], expected);
  assertEquals(specOf(bundle), expected);
});

Deno.test("only the first of many figures carries plotly.js", async () => {
  carryAgain();
  const figures = Array.from(
    { length: 20 },
    (_, index) => new SampleFigure(`figure ${index}`, [index]),
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
  const html = String((await shown(new SampleFigure("one", [1])))["text/html"]);
  const [[, hash, packed]] = html.matchAll(carrier);
  const bytes = Uint8Array.fromBase64(packed);
  const stream = new Blob([bytes]).stream()
    .pipeThrough(new DecompressionStream("deflate-raw"));
  const text = await new Response(stream).text();
  assert(text === await plotlyText());
  assertEquals(hash, plotlyIntegrity);
  assertEquals(await integrityOf(text), plotlyIntegrity);
});

Deno.test("a figure has the same bytes each time", async () => {
  const make = () => new SampleFigure("one", [1, 2, 3]);
  await shown(make());
  assertEquals(await shown(make()), await shown(make()));
  assertEquals(await make().toHtml(), await make().toHtml());
});

Deno.test("a hostile title stays text", async () => {
  await shown(new SampleFigure("first", [1]));
  const figure = new SampleFigure(hostile, [1]);
  const bundle = await shown(figure);
  const html = String(bundle["text/html"]);
  assertEquals(html.match(/<script/g)?.length, 2);
  assertEquals(html.match(/<img/g)?.length, 1);
  const script = /<script type="application\/json">([^]*?)<\/script>/;
  assertEquals(script.exec(html)![1].match(/[<\u2028\u2029]/), null);
  assertEquals(specOf(bundle).layout.title.text, hostile);
  const tag = /^<div [^>]*>/.exec(html)![0];
  assertEquals(tag.match(/"/g)!.length % 2, 0);
  assertMatch(tag, /^<div( [a-z-]+="[^"<>]*")+>$/);
});

Deno.test("the HTML names no id and no place on the network", async () => {
  const html = await new SampleFigure("one", [1]).toHtml();
  const own = html.replaceAll(carrier, "").replaceAll(/src="data:[^"]*"/g, "");
  assertEquals(own.match(/\sid=|\bhttps?:/g), null);
});

Deno.test("toHtml carries plotly.js, or says where it is", async () => {
  const figure = new SampleFigure("one", [1]);
  const offline = await figure.toHtml();
  const online = await figure.toHtml({ offline: false });
  assertMatch(offline, /^<!doctype html>\n<meta charset="utf-8">\n<div /);
  assertEquals([...offline.matchAll(carrier)].length, 1);
  assertEquals(offline, await figure.toHtml({ offline: true }));
  assertEquals(online.match(/data-url="https:[^"]+"/g)?.length, 1);
  assert(online.length < 10_000);
});

async function shown(figure: SampleFigure): Promise<MimeBundle> {
  return await figure[jupyterDisplay]();
}

function specOf(bundle: MimeBundle) {
  const html = String(bundle["text/html"]);
  return JSON.parse(
    /<script type="application\/json">(.*?)<\/script>/.exec(html)![1],
  );
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
