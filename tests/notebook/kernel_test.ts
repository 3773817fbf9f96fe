import { hasFonts } from "./fonts.ts";
import { assertEquals } from "@std/assert";
import { stripVTControlCharacters } from "node:util";
import { type Output, Outputs } from "../../notebooks/runner/outputs.ts";
import { startKernel } from "../../notebooks/runner/start_kernel.ts";

const first = `import { display, plot, tensor, useRenderer } from "${
  new URL("../../mod.ts", import.meta.url).href
}";
undefined;`;

const text = (value: number) => `tensor(${value}.)`;

Deno.test("display shows once, awaited or not", async () => {
  const outputs = await outputsOf([
    `await display(tensor(1));`,
    `display(tensor(1));`,
    `await display(tensor(1)); await display(tensor(2)); tensor(3);`,
    `await display([1]); await display("a"); await display(undefined);`,
  ]);
  assertEquals(outputs.map((cell) => cell.map(seen)), [
    [text(1)],
    // Nothing but the cell's number.
    [text(1), "{}"],
    [text(1), text(2), text(3)],
    ["[ 1 ]", '"a"', "undefined"],
  ]);
});

Deno.test("outputs stand under their cells when many cells wait", async () => {
  const cells = Array.from(
    { length: 150 },
    (_, index) =>
      index % 3 === 0
        ? `await display(tensor(${index}));`
        : `tensor(${index});`,
  );
  const outputs = await outputsOf(cells);
  assertEquals(
    outputs.map((cell) => cell.map(seen)),
    cells.map((_, index) => [text(index)]),
  );
});

Deno.test("the cell that showed the newest figure carries plotly.js", async () => {
  await using kernel = await startKernel();
  await kernel.execute(first);
  const outputs = new Outputs();
  const run = (cell: number, code: string) =>
    kernel.execute(code, {
      onMessage: (message) => outputs.add(cell, message),
    });
  const copiesOf = () =>
    [0, 1, 2].map((cell) =>
      outputs.of(cell).reduce((sum, each) => sum + copies(each), 0)
    );
  await run(0, `plot.weights([1, 2])`);
  assertEquals(copiesOf(), [1, 0, 0]);
  await run(1, `await display(plot.weights([1, 3])); plot.weights([1, 4])`);
  assertEquals(copiesOf(), [0, 1, 0]);
  await run(2, `tensor([1, 2])`);
  assertEquals(copiesOf(), [0, 1, 0]);
  // What a cell showed goes when it runs again.
  outputs.add(1, { type: "clear_output", content: {} });
  await run(1, `plot.weights([1, 4], { title: "New" })`);
  assertEquals(copiesOf(), [0, 1, 0]);
});

Deno.test("un-awaited, values stand in order before the cell's own", async () => {
  await using kernel = await startKernel();
  await kernel.execute(first);
  for (let run = 0; run < 20; run++) {
    const outputs = new Outputs();
    await kernel.execute(
      `display(tensor(1)); display(plot.weights([1, 2])); display(2, tensor(3)); "last"`,
      { onMessage: (message) => outputs.add(0, message) },
    );
    const texts = outputs.of(0).map(seen).filter((text) =>
      /^(tensor|2|"last"|values)/.test(text)
    );
    assertEquals(texts.map((text) => text.split(/[\s(]/)[0]), [
      ...["tensor", "values", "2", "tensor", '"last"'],
    ]);
  }
});

Deno.test(
  "a notebook chooses how its figures show",
  { ignore: !hasFonts },
  async () => {
    const figure = `plot.weights(tensor([1, 2, 4]))`;
    const outputs = await outputsOf([
      `useRenderer("static"); ${figure};`,
      `await display(${figure}, { renderer: "mimetype" });`,
      `useRenderer("svg"); await display(${figure}); tensor(1);`,
    ]);
    assertEquals(outputs.map((cell) => cell.map(types)), [
      ["image/png image/svg+xml text/plain"],
      ["application/vnd.plotly.v1+json text/plain"],
      ["image/svg+xml text/plain", "text/html text/plain"],
    ]);
  },
);

/** Sends cells to a fresh kernel, all at once, and returns their outputs. */
async function outputsOf(cells: readonly string[]): Promise<Output[][]> {
  await using kernel = await startKernel();
  await kernel.execute(first);
  const outputs = new Outputs();
  await Promise.all(cells.map((code, cell) =>
    kernel.execute(code, {
      timeout: 60_000,
      onMessage: (message) => outputs.add(cell, message),
    })
  ));
  return cells.map((_, cell) => outputs.of(cell));
}

/** An output's text, without colors. */
function seen(output: Output): string {
  if (!("data" in output)) return JSON.stringify(output);
  const shown = output.data["text/plain"];
  return shown === undefined
    ? JSON.stringify(output.data)
    : stripVTControlCharacters(String(shown));
}

/** The MIME types of an output, sorted. */
function types(output: Output): string {
  return "data" in output ? Object.keys(output.data).sort().join(" ") : "";
}

function copies(output: Output): number {
  const html = "data" in output ? String(output.data["text/html"]) : "";
  return html.split('<script type="text/plain" data-fanin-library=').length - 1;
}
