import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { firstDifference } from "../../notebooks/runner/compare.ts";
import { isLibrary, keepOneLibrary } from "../../notebooks/runner/library.ts";
import { missingCells } from "../../notebooks/runner/missing.ts";
import {
  formatNotebook,
  type Notebook,
  parseNotebook,
} from "../../notebooks/runner/notebook.ts";
import { runNotebook } from "../../notebooks/run.ts";
import { answerCell, answersOf, numbersNotIn, questionsOf } from "./answers.ts";
import { mirrorModules } from "./mirror.ts";
import { scratchFolder } from "./scratch.ts";

const value = ["text/plain"];
const table = ["text/html", "text/plain"];
const figure = ["application/vnd.plotly.v1+json", "text/html", "text/plain"];
const printed = ["stream"];

/** A part of a cell's source, and for each output its MIME keys and text. */
type Expected = [string, ...[readonly string[], string][]];

const first: Expected[] = [
  ["manualSeed(0)", [value, "Generator(initialSeed=0)"]],
  ["propagate", [
    printed,
    "std 1.000: × 12.00 a layer, after 10 layers 6.0e+10\n" +
    "std 0.010: × 0.12 a layer, after 10 layers 6.0e-10\n" +
    "std 0.083: × 1.00 a layer, after 10 layers 0.98\n",
  ]],
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
  ["plot.fan", [figure, "33 · 9 = 297"]],
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
  ["calculateGain", [
    printed,
    "linear 1.0000\nrelu   1.4142\ntanh   1.6667\n",
  ]],
  ["init.xavierUniform", [figure, "expected 0.06734"]],
  ["init.kaimingNormal", [figure, "expected 0.1179"]],
  ["plot.compare", [figure, "kaiming normal: std "]],
  ["fan out, 297", [figure, "fan out, 297: std "]],
  ["linearWeight", [figure, "kaiming normal: std "]],
  ["filledBy(sample)", [printed, "expected std  0.11785  measured "]],
  ["plot.quantiles", [figure, "kaimingNormal · quantiles"]],
  ["plot.kernels", [figure, "of outputs 0 to 5 of 33, inputs 0 to 5 of 16"]],
];

const third: Expected[] = [
  ["manualSeed(0)", [value, "Generator(initialSeed=0)"]],
  ["he2015.kaiming30", [figure, "Kaiming: 30 relu layers of 256"]],
  ["toExponential", [printed, "layer 30 measured 3.052e-5 1/√2^30 = 3.052e-5"]],
  ["Math.max(0, x)", [printed, "mean square after relu: 0.498"]],
  ["glorotBengio2010", [figure, "normalized: 5 tanh layers of 1000"]],
  ["variances", [printed, "standard, linear:   0.33"]],
  ["gain 5/3", [figure, "gain 5/3: 30 tanh layers of 256"]],
  ["std 0.01", [figure, "std 0.01: 10 tanh layers of 256"]],
];

const panel = ["text/html", "text/plain"];

const fourth: Expected[] = [
  ["manualSeed(0)", [value, "Generator(initialSeed=0)"]],
  ["calculateGain", [printed, "relu       1.4142"]],
  ["selu", [printed, "linear  1.0"]],
  ["const rules", [printed, "gelu       0.00091    0.0017\n"]],
  ["explore()", [panel, "init.kaimingUniform(empty([33, 16, 3, 3])"]],
  ["plot.compare", [figure, "uniform: std 0.11"]],
  [
    "groups: 4",
    [table, "fan out         = 12 · 9 = 108"],
    [table, "fan out         = 12/4 · 9 = 27"],
  ],
  ["fanOut", [value, "0.2722"]],
  [
    "ConvTranspose2d",
    [table, "fan in          = 32 · 16 = 512"],
    [table, "mean fan in     = 64 · 16/4 = 256"],
  ],
  [
    "MultiheadAttention",
    [table, "fan out         = 192 · 1 = 192"],
    [table, "fan out         = 192/3 · 1 = 64"],
  ],
  ["bound", [printed, "1/√(fan in) 0.0833333333"]],
  ["plot.propagation", [figure, "Kaiming: 20 relu layers of 256"]],
];

const fifth: Expected[] = [
  ["manualSeed(0)", [value, "Generator(initialSeed=0)"]],
  ["class ResNet", [printed, "11689512 weights\n"]],
  ["summary", [table, "11,678,912 elements in 21 tensors · none marked"]],
  ["plot.quantiles", [figure, "kaimingNormal · quantiles"]],
  ["plot.spectrum", [figure, "kaimingNormal · singular values"]],
  ["1.3 * x", [table, "layer3.1.conv2.weight"]],
  ["flagged", [printed, "layer3.1.conv2.weight: wide\n"]],
  ["inspect(model)", [
    printed,
    "layer2.0.conv1.weight: 1 of 128 rows is all zero (row 7)\n",
  ]],
  ["openCheckpoint(faceFolder)", [
    printed,
    "117 tensors, 109 of them rounded\n",
  ]],
  ["axes", [table, "22 from uint8, at most 256 values each"]],
  ["range", [figure, "203 outside the bins"]],
  ["levels", [figure, "one bin for each level"]],
  ["plot.layers", [figure, "face_recognition_model"]],
  ["before", [printed, "conv32_down            0.1057 → 0.0167\n"]],
  ["inspect(filters", [
    printed,
    "conv256_down_out/conv2: 2,048 of 2,304 rows are all zero (first 0)\n",
  ]],
  ["zeros", [printed, " 100 %   3 % 100 %\n 100 % 100 % 100 %\n"]],
  ["openCheckpoint", [printed, "22713728 numbers in 90868376 bytes\n"]],
  ["plot.layers", [figure, "all-MiniLM-L6-v2"]],
  ["furthest", [printed, "0.78 %      175\n"]],
  ["plot.weights", [figure, "std 0.09546 (expected 0.02)"]],
  ["plot.quantiles", [figure, "furthest from the line: 3.6 std"]],
  ["plot.spectrum", [figure, "largest 6.125 (expected 3.741)"]],
  ["summary(others)", [table, "100 %  constant"]],
  ["plot.spectrum", [figure, "largest 0.3517 (expected 0.3566)"]],
  ["beyond", [printed, "std / 0.02: 0.45\nbeyond 3 std: 0.27 %\n"]],
  ["inspect(text)", [
    printed,
    "48 tensors with outliers\npooler.dense.bias: all values are 0, as biases and means begin\n",
  ]],
];

const short: Expected[] = [
  ["propagate", [figure, "Eight layers, all with a std of 0.02"]],
  ["predicted", [printed, "width 256 "]],
  ["plot.compare", [figure, "GPT-2: std 0.02"]],
];

const notebooks: [string, Expected[]][] = [
  ["01_fan_in_fan_out", first],
  ["02_weight_distributions", second],
  ["03_signal_through_depth", third],
  ["04_choose_an_initializer", fourth],
  ["05_inspect_a_model", fifth],
  ["six_cells", short],
];

for (const [name, expected] of notebooks) {
  const path = `notebooks/${name}.ipynb`;
  // All three tests look at this run.
  let firstRun: ReturnType<typeof runWithAnswers> | undefined;

  Deno.test(`${name} shows what it says`, async () => {
    const { failure, notebook } = await (firstRun ??= runWithAnswers(name));
    assertEquals(failure, undefined);
    const missing = missingOf(name, notebook);
    const cells = notebook.cells.filter((cell) => cell.cell_type === "code");
    assertEquals(cells.length, expected.length);
    const carriers = cells.filter(({ outputs }) => outputs?.some(isLibrary));
    assertEquals(carriers.length, 1);
    for (const [index, [source, ...outputs]] of expected.entries()) {
      assertStringIncludes(cells[index].source, source);
      if (missing.includes(notebook.cells.indexOf(cells[index]) + 1)) continue;
      const found = (cells[index].outputs ?? [])
        .filter((output) => !isLibrary(output)).map(keysAndText);
      assertEquals(
        found.map(({ keys }) => keys),
        outputs.map(([keys]) => keys),
      );
      outputs.forEach(([, text], i) =>
        assertStringIncludes(found[i].text, text)
      );
    }
  });

  // `deno task test:jupyter` repeats it.
  Deno.test(`${name}: a run loses no output and changes none`, async () => {
    const committed = parseNotebook(await Deno.readTextFile(path));
    assert(committed.cells.some((cell) => cell.outputs?.length));
    assertEquals(missingCells(committed), []);
    const { notebook } = await (firstRun ??= runWithAnswers(name));
    const difference = firstDifference(
      keepOneLibrary(committed),
      notebook,
      missingOf(name, notebook),
    );
    assertEquals(difference, undefined);
  });

  Deno.test(`${name}: its answers are what their code gives`, async () => {
    const { notebook, answers, answered } =
      await (firstRun ??= runWithAnswers(name));
    assertEquals(answers.length, questionsOf(notebook));
    for (const [index, { prose, code, printed }] of answers.entries()) {
      const outputs = (answered[index].outputs ?? []).map(keysAndText);
      const needsMissing = outputs.some(({ keys }) => keys[0] === "error") &&
        missingOf(name, notebook).length > 0;
      if (needsMissing) continue;
      assertEquals(outputs, [{ keys: ["stream"], text: `${printed}\n` }]);
      assertEquals(numbersNotIn(prose, `${code}\n${printed}`), []);
    }
  });
}

Deno.test("05_inspect_a_model says what is missing, and shows the rest", async () => {
  await using folder = await scratchFolder();
  await mirrorModules(folder.path);
  folder.file(
    "notebooks/checkpoints/installed.ts",
    "export async function installed() {}",
  );
  const text = await Deno.readTextFile("notebooks/05_inspect_a_model.ipynb");
  const committed = parseNotebook(text);
  const { failure, notebook } = await runNotebook(
    folder.file("notebooks/05_inspect_a_model.ipynb", text),
  );
  assertEquals(failure, undefined);
  const first = committed.cells.findIndex(({ source }) =>
    source.includes("checkpoints/installed.ts")
  );
  const trained = committed.cells.flatMap((cell, index) =>
    cell.cell_type === "code" && index >= first ? [index + 1] : []
  );
  assertEquals(trained.length, 18);
  assertEquals(missingCells(notebook), trained);
  const difference = firstDifference(
    keepOneLibrary(committed),
    notebook,
    trained,
  );
  assertEquals(difference, undefined);
});

/** Runs a notebook, and its answers as cells after its own. */
async function runWithAnswers(name: string) {
  await using folder = await scratchFolder();
  await mirrorModules(folder.path);
  const file = `notebooks/${name}.ipynb`;
  const committed = parseNotebook(await Deno.readTextFile(file));
  const answers = answersOf(committed);
  const { cells } = committed;
  const { failure, notebook } = await runNotebook(
    folder.file(
      file,
      formatNotebook({
        ...committed,
        cells: [...cells, ...answers.map(answerCell)],
      }),
    ),
  );
  const own = notebook.cells.slice(0, cells.length);
  const answered = notebook.cells.slice(cells.length);
  return { failure, notebook: { ...notebook, cells: own }, answers, answered };
}

/** Returns the cells whose checkpoint is not installed, and prints them. */
function missingOf(name: string, notebook: Notebook): number[] {
  const missing = missingCells(notebook);
  if (missing.length > 0) {
    console.log(
      `NOT RUN: ${name}, cells ${missing}: deno task checkpoints was not run`,
    );
  }
  return missing;
}

type Output = NonNullable<Notebook["cells"][number]["outputs"]>[number];

function keysAndText(output: Output): { keys: string[]; text: string } {
  if (output.output_type === "stream") {
    return { keys: ["stream"], text: output.text };
  }
  if (output.output_type === "error") {
    return { keys: ["error"], text: output.evalue };
  }
  // Colors of the console are not what is asked about.
  // deno-lint-ignore no-control-regex
  const text = String(output.data["text/plain"]).replace(/\x1b\[\d+m/g, "");
  return { keys: Object.keys(output.data).sort(), text };
}
