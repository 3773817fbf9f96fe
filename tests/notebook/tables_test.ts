import { assert, assertEquals } from "@std/assert";
import { empty, tensor } from "../../lib/core/tensor.ts";
import { jupyterDisplay, type MimeBundle } from "../../lib/core/show.ts";
import { foldedTable, marked, table } from "../../lib/notebook/tables.ts";
import "../../lib/notebook/mod.ts";
import * as init from "../../lib/init/mod.ts";
import * as nn from "../../lib/nn/mod.ts";
import { fan } from "../../lib/init/scaling.ts";

Deno.test("a tensor shows its text and facts about its values", async () => {
  const lines = await shownLines(tensor([[1, 2], [3, 4]]));
  assertEquals(lines, [
    "tensor([[1., 2.],",
    "        [3., 4.]])",
    "shape [2, 2] · float32 · n = 4 · mean 2.5 · std 1.291 · min 1 · max 4",
  ]);
});

Deno.test("facts about values that have none are left out", async () => {
  const facts = async (value: Parameters<typeof shownLines>[0]) =>
    (await shownLines(value)).at(-1);
  assertEquals(await facts(tensor(3.5)), "shape [] · float32 · n = 1");
  assertEquals(await facts(empty([0])), "shape [0] · float32 · n = 0");
  assertEquals(await facts(tensor([true, false])), "shape [2] · bool · n = 2");
  assertEquals(
    await facts(tensor([1, 3, NaN, Infinity])),
    "shape [4] · float32 · n = 4 · mean 2 · std 1.414 · min 1 · max 3 · not finite: 2",
  );
});

Deno.test("facts are read from every dtype", async () => {
  const read = async (dtype: "float64" | "float16" | "bfloat16" | "int64") =>
    (await shownLines(tensor([-1, 0, 4], { dtype }))).at(-1);
  for (const dtype of ["float64", "float16", "bfloat16", "int64"] as const) {
    assertEquals(
      await read(dtype),
      `shape [3] · ${dtype} · n = 3 · mean 1 · std 2.646 · min −1 · max 4`,
    );
  }
});

Deno.test("facts about integers are not rounded to float32", async () => {
  for (const dtype of ["int32", "int64"] as const) {
    const x = tensor([2 ** 24 + 1, 2 ** 24 + 3], { dtype });
    const facts = (await shownLines(x)).at(-1)!;
    assert(facts.includes(" · std 1.414 · "), facts);
  }
});

Deno.test("a size shows as text alone", async () => {
  const size = empty([33, 16, 3, 3]).size() as unknown as Shown;
  assertEquals(await size[jupyterDisplay](), {
    "text/plain": "[33, 16, 3, 3]",
  });
});

Deno.test("a fan shows what each axis counts, and the products", async () => {
  assertEquals(await shownLines(fan([33, 16, 3, 3]) as unknown as Shown), [
    "fan of a weight of shape [33, 16, 3, 3]",
    "axis | size | counts",
    "0 | 33 | output",
    "1 | 16 | input",
    "2 | 3 | kernel",
    "3 | 3 | kernel",
    "result | product",
    "receptive field | 3 · 3 = 9",
    "fan in | 16 · 9 = 144",
    "fan out | 33 · 9 = 297",
  ]);
});

Deno.test("a fan shows what divides its counts", async () => {
  const options = { transposed: true, groups: 4, stride: 2 };
  assertEquals(
    await shownLines(fan([8, 3, 3, 3], options) as unknown as Shown),
    [
      "fan of a weight of shape [8, 3, 3, 3]",
      "axis | size | counts",
      "0 | 8 | input, groups 4",
      "1 | 3 | output",
      "2 | 3 | kernel, stride 2",
      "3 | 3 | kernel, stride 2",
      "result | product",
      "receptive field | 3 · 3 = 9",
      "mean fan in | 8/4 · 9/4 = 4.5",
      "fan out | 3 · 9 = 27",
    ],
  );
});

Deno.test("a layer shows its text and its parameters", async () => {
  const layer = new nn.Linear(3, 2);
  layer.weight.toFloat32().set([1, 2, 3, 4, 5, 6]);
  init.constant(layer.bias!, { value: 0.5 });
  assertEquals(await shownLines(layer), [
    "Linear(in_features=3, out_features=2, bias=True)",
    "parameter | shape | n | initializer | mean | std",
    "weight | [2, 3] | 6 | kaimingUniform | 3.5 | 1.871",
    "bias | [2] | 2 | constant | 0.5 | 0",
    "8 elements in 2 parameters",
  ]);
});

Deno.test("a model shows its text and all its parameters", async () => {
  class Net extends nn.Module {
    hidden = new nn.Linear(100, 20, { bias: false });
    plain = tensor([0, 0]);
  }
  const lines = await shownLines(new Net());
  assertEquals(lines[0], "Net(");
  assertEquals(
    lines.slice(3).map((line) => line.split(" | ").slice(0, 4).join(" | ")),
    [
      "parameter | shape | n | initializer",
      "plain | [2] | 2 | –",
      "hidden.weight | [20, 100] | 2,000 | kaimingUniform",
      "2,002 elements in 2 parameters",
    ],
  );
  assertEquals(await shownLines(new (class Empty extends nn.Module {})()), [
    "Empty()",
  ]);
});

Deno.test("names stay text in tables", async () => {
  class Net extends nn.Module {}
  const name = `</td></table><script>alert("1")</script>&'`;
  const net = Object.assign(new Net(), { [name]: empty([2]) });
  const html = String((await net[jupyterDisplay]())["text/html"]);
  assertEquals(html.match(/<script|<\/table>/g), ["</table>"]);
  assert((await shownLines(net)).some((line) => line.startsWith(name)));
  const cells = table([{ title: name }], [[name]]);
  assertEquals(cells.match(/<script|<\/table>/g), ["</table>"]);
});

Deno.test("colors come from the page", async () => {
  const values = [tensor([1, 2]), fan([2, 3]), new nn.Linear(2, 2)];
  for (const value of values) {
    const { "text/html": html } = await (value as unknown as Shown)
      [jupyterDisplay]();
    const colors = String(html).match(/#[\da-f]{3,6}\b|\brgba?\([^)]*\)/gi);
    assertEquals(
      colors?.filter((color) => !color.startsWith("rgba(128,128,128,")) ??
        [],
      [],
    );
  }
});

Deno.test("a long table folds, and each row is there once", () => {
  const columns = [{ title: "n", align: "right" }, { title: "name" }] as const;
  const rowsFor = (count: number) =>
    Array.from(
      { length: count },
      (_, index) => [`${index}`, index === 30 ? marked("! t") : "t"],
    );
  const numbersIn = (html: string) =>
    [...html.matchAll(/<tr><td[^>]*>(\d+)/g)].map(([, text]) => Number(text));
  for (const count of [0, 1, 40]) {
    const html = foldedTable(columns, rowsFor(count));
    assert(!html.includes("<details>"));
    assertEquals(numbersIn(html), [...Array(count).keys()]);
  }
  for (const [count, line] of [[41, 21], [300, 280], [2000, 1980]] as const) {
    const html = foldedTable(columns, rowsFor(count));
    const [open, folded] = html.split("<details>");
    assertEquals(numbersIn(open), [...Array(20).keys()]);
    assertEquals(numbersIn(html), [...Array(count).keys()]);
    assert(
      folded.includes(
        `>${line.toLocaleString("en")} more rows, 1 of them marked</summary>`,
      ),
      folded.slice(0, 200),
    );
    // Some style sheets make the line a block, which has no mark of its state.
    assert(folded.includes('<summary style="display:list-item;'));
    // Both parts have titles, and are closed.
    assertEquals(html.match(/<th /g)!.length, 4);
    assertEquals(html.match(/<\/table>/g)!.length, 2);
    assertEquals(html.match(/<\/details>/g)!.length, 1);
    assert(!html.includes("not shown here"));
  }
});

Deno.test("more than 2,000 rows are counted, not written", () => {
  const rows = Array.from({ length: 10_000 }, (_, i) => [`w.${i}`, "1"]);
  const html = foldedTable(
    [{ title: "a", broken: "names" }, { title: "b" }],
    rows,
  );
  assertEquals(html.match(/<tr><td/g)!.length, 2000);
  assert(html.includes(">9,980 more rows</summary>"));
  assert(html.includes(">8,000 more rows not shown here<"));
  assert(html.length < 500_000, `${html.length}`);
});

Deno.test("names break after dots, sentences between words, numbers nowhere", () => {
  const text = "model.layers_0/weight is \u202e& long ".repeat(10);
  const cellOf = (broken?: "names" | "sentences") =>
    foldedTable([{ title: "a", broken }], [[text]]).split("\n")[3];
  const whole = text.replaceAll("\u202e", " ");
  const shown = (html: string) =>
    html.replaceAll(/<[^>]*>/g, "").replaceAll("&#38;", "&");
  const start = "model.layers_0/weight is  & long model";
  assert(shown(cellOf()).startsWith(start));
  assert(shown(cellOf()).includes("…") && shown(cellOf()).length === 80);
  assert(cellOf().includes("white-space:nowrap"));
  assertEquals(shown(cellOf("names")), shown(cellOf()));
  assert(cellOf("names").includes("model.<wbr>layers_<wbr>0/<wbr>weight"));
  assertEquals(shown(cellOf("sentences")), whole);
  const [, title] = /title="([^"]*)"/.exec(cellOf("names"))!;
  assertEquals(title.replaceAll("&#38;", "&"), whole);
  const name = "n".repeat(100_000);
  assert(
    foldedTable([{ title: "a", broken: "names" }], [[name]]).length < 2000,
  );
});

interface Shown {
  [jupyterDisplay](): Promise<MimeBundle>;
}

/** The lines of a value's HTML as a person reads them; cells between bars. */
async function shownLines(value: Shown): Promise<string[]> {
  const html = String((await value[jupyterDisplay]())["text/html"]);
  return html
    .replace(/<\/t[dh]><t[dh][^>]*>/g, " | ")
    .replace(/<[^>]*>/g, "")
    .replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)))
    .split("\n").filter((line) => line !== "");
}
