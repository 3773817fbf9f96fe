import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { firstDifference } from "../../notebooks/runner/compare.ts";
import { keepOneLibrary } from "../../notebooks/runner/library.ts";
import {
  type Notebook,
  parseNotebook,
} from "../../notebooks/runner/notebook.ts";
import { runNotebook } from "../../notebooks/run.ts";

const value = ["text/plain"];
const table = ["text/html", "text/plain"];
const figure = ["application/vnd.plotly.v1+json", "text/html", "text/plain"];
const printed = ["stream"];

/** A part of a cell's source, and for each output its MIME keys and text. */
type Expected = [string, ...[readonly string[], string][]];

const first: Expected[] = [
  ["manualSeed(0)", [value, "Generator(initialSeed=0)"]],
  [
    "await display(conv)",
    [table, "Conv2d(16, 33, kernel_size=(3, 3), stride=(2, 2))"],
    [table, "Linear(in_features=1, out_features=10, bias=True)"],
  ],
  ["conv.weight.size();", [value, "[33, 16, 3, 3]"]],
  ["linear.weight.size();", [value, "[10, 1]"]],
  ["fan(linear.weight)", [table, "fan out         = 10 · 1 = 10"]],
  ["conv.weight.at(0, 0);", [table, "tensor([[-0.0006,  0.0447, -0.0686],"]],
  ["at(0, 0).numel();", [value, "9"]],
  ["receptiveField", [printed, "fan in  = 144\nfan out = 297\n"]],
  ["fan(conv.weight)", [table, "fan out         = 33 · 9 = 297"]],
  ["[3, 5]", [table, "fan out         = 33 · 15 = 495"]],
  ["stride: 2", [printed, "true\ntrue\n"]],
  ["plot.weights(conv)", [figure, "expected 0.04811"]],
  ["const printed", [printed, "all within: true\n"]],
];

const second: Expected[] = [
  ["manualSeed(0)", [value, "fanIn"]],
  ["plot.weights(conv)", [figure, "expected 0.04811"]],
  ["nn.Linear(1, 10)", [table, "tensor([["]],
  ["nn.Linear(256, 128)", [figure, "n = 32,768"]],
  ["init.xavierUniform", [figure, "expected 0.06734"]],
  ["init.kaimingNormal", [figure, "expected 0.1179"]],
  ["plot.compare", [figure, "kaiming normal: std "]],
  ["fan out, 297", [figure, "fan out, 297: std "]],
  ["linearWeight", [figure, "kaiming normal: std "]],
  ["theoryOf(sample)", [printed, "expected std  0.11785  measured "]],
  ["plot.kernels", [figure, "of outputs 0 to 5 of 33, inputs 0 to 5 of 16"]],
];

const notebooks: [string, Expected[]][] = [
  ["01_fan_in_fan_out", first],
  ["02_weight_distributions", second],
];

for (const [name, expected] of notebooks) {
  const path = `notebooks/${name}.ipynb`;

  Deno.test(`${name} shows what it says`, async () => {
    const { failure, notebook } = await runNotebook(path);
    assertEquals(failure, undefined);
    const cells = notebook.cells.filter((cell) => cell.cell_type === "code");
    assertEquals(cells.length, expected.length);
    for (const [index, [source, ...outputs]] of expected.entries()) {
      assertStringIncludes(cells[index].source, source);
      const found = (cells[index].outputs ?? []).map(keysAndText);
      assertEquals(
        found.map(({ keys }) => keys),
        outputs.map(([keys]) => keys),
      );
      outputs.forEach(([, text], i) =>
        assertStringIncludes(found[i].text, text)
      );
    }
  });

  Deno.test(`${name}: 20 runs lose no output and change none`, async () => {
    const committed = parseNotebook(await Deno.readTextFile(path));
    assert(committed.cells.some((cell) => cell.outputs?.length));
    for (let run = 0; run < 20; run++) {
      const { notebook } = await runNotebook(path);
      const difference = firstDifference(keepOneLibrary(committed), notebook);
      assertEquals(difference, undefined, `run ${run}`);
    }
  });
}

type Output = NonNullable<Notebook["cells"][number]["outputs"]>[number];

function keysAndText(output: Output): { keys: string[]; text: string } {
  if (output.output_type === "stream") {
    return { keys: ["stream"], text: output.text };
  }
  if (output.output_type === "error") {
    return { keys: ["error"], text: output.evalue };
  }
  // Colours of the console are not what is asked about.
  // deno-lint-ignore no-control-regex
  const text = String(output.data["text/plain"]).replace(/\x1b\[\d+m/g, "");
  return { keys: Object.keys(output.data).sort(), text };
}
