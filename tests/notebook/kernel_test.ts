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

Deno.test("one cell of a notebook carries plotly.js", async () => {
  const figure = (value: number) => `plot.weights(tensor([${value}, 2, 4]));`;
  const outputs = await outputsOf([
    figure(1),
    `await display(${figure(2).slice(0, -1)}); ${figure(3)}`,
    figure(1),
    `await display(${figure(1).slice(0, -1)}, { library: true });`,
    figure(1),
  ]);
  assertEquals(
    outputs.map((cell) => cell.map(copies)),
    [[1], [0, 0], [0], [1], [0]],
  );
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
