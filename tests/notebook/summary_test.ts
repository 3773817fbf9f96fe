import { assert, assertEquals } from "@std/assert";
import { jupyterDisplay, type MimeBundle } from "../../lib/core/show.ts";
import { empty, init, nn, summary, tensor } from "../../mod.ts";
import type { Summary } from "../../lib/checkpoint/summary/result.ts";

Deno.test("a summary shows a table and its totals", async () => {
  const layer = new nn.Linear(4, 2);
  layer.weight.toFloat32().set([
    0.5,
    -0.25,
    0.25,
    0,
    0.25,
    -0.5,
    0.125,
    -0.125,
  ]);
  layer.bias!.toFloat32().set([0.25, NaN]);
  const html = await htmlOf(summary(layer));
  assertEquals(linesOf(html), [
    "name | verdict | shape | fan in | fan out | initializer | expected std | mean | std | z | min | max | zeros",
    "weight | as expected | [2, 4] | 4 | 2 | kaimingUniform | 0.289 | 0.0313 | 0.319 | 0.66 | −0.5 | 0.5 | 12.5 %",
    "bias | ! not finite: 1 | [2] | – | – | uniform | 0.289 | 0.25 | – | – | 0.25 | 0.25 | 0",
    "10 elements in 2 tensors · 1 marked · limit |z| = 3.02 (α = 0.01)",
  ]);
  assertEquals(await summary(layer).toHtml(), html);
});

Deno.test("what asks for attention is bold, framed and has a mark", async () => {
  const wrong = init.normal(empty([100]));
  wrong.data.fill(0);
  const html = await htmlOf(summary({ wrong, right: tensor([1, 2]) }));
  const strong = html.match(/<strong[^>]*>[^<]*<\/strong>/g)!;
  assertEquals(strong.length, 1);
  assert(strong[0].endsWith(">! constant</strong>"));
  assert(strong[0].includes("border:1px solid;"));
});

Deno.test("marked text is read in both themes", async () => {
  const html = await htmlOf(summary({ x: tensor([NaN]) }));
  const tint = /background:rgba\((\d+),(\d+),(\d+),([\d.]+)\)/.exec(html)!
    .slice(1).map(Number);
  // Paper and letters of JupyterLab, Notebook and VS Code.
  for (
    const [paper, ink] of [["#ffffff", "#212121"], ["#111111", "#dedede"], [
      "#1f1f1f",
      "#cccccc",
    ], ["#ffffff", "#616161"]]
  ) {
    const under = mixed(channels(paper), tint);
    const contrast = ratio(under, channels(ink));
    assert(contrast >= 4.5, `${contrast} of ${ink} on ${paper}`);
  }
});

Deno.test("names stay text in a summary", async () => {
  const name = `</td><script>alert("1")</script>&'`;
  const html = await htmlOf(summary({ [name]: tensor([1]) }));
  assertEquals(html.match(/<script/g), null);
  assert(linesOf(html).some((line) => line.startsWith(name)));
});

Deno.test("a summary equals its plain like, and shows its text", async () => {
  const shown = summary({ x: tensor([1, 2]) });
  const { rows, tensors, of, unread, elements, alpha, limit } = shown;
  assertEquals(Object.keys(shown).length, 7);
  assertEquals(
    JSON.parse(JSON.stringify(shown)),
    JSON.parse(
      JSON.stringify({ rows, tensors, of, unread, elements, alpha, limit }),
    ),
  );
  assertEquals((await bundleOf(shown))["text/plain"], String(shown));
  assertEquals(linesOf(await htmlOf(summary({}))), [
    "0 elements in 0 tensors · none marked",
  ]);
});

function bundleOf(value: Summary): Promise<MimeBundle> {
  return (value as unknown as { [jupyterDisplay](): Promise<MimeBundle> })
    [jupyterDisplay]();
}

async function htmlOf(value: Summary): Promise<string> {
  return String((await bundleOf(value))["text/html"]);
}

/** The lines as a person reads them; cells between bars. */
function linesOf(html: string): string[] {
  return html
    .replace(/<\/t[dh]><t[dh][^>]*>/g, " | ")
    .replace(/<[^>]*>/g, "")
    .replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)))
    .split("\n").filter((line) => line !== "");
}

function channels(color: string): number[] {
  return [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16));
}

/** A tint laid over a color. */
function mixed(under: number[], [r, g, b, opacity]: number[]): number[] {
  return [r, g, b].map((over, i) => opacity * over + (1 - opacity) * under[i]);
}

/** The contrast of two colors, as WCAG 2 defines it. */
function ratio(one: number[], other: number[]): number {
  const luminance = (color: number[]) => {
    const [r, g, b] = color.map((value) =>
      value <= 0.04045 * 255
        ? value / 255 / 12.92
        : ((value / 255 + 0.055) / 1.055) ** 2.4
    );
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}
