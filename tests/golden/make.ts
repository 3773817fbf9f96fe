/**
 * `deno task golden`: regenerates the golden files from PyTorch, NumPy, SciPy,
 * JAX and safetensors in a virtual environment of their own. No test needs it.
 *
 * @module
 */

import { join } from "node:path";
import { run } from "../../notebooks/venv.ts";
import {
  checkTorchFile,
  type TorchRow,
} from "../checkpoint/formats/torch_cases.ts";
import { goldenPython } from "./python.ts";

const python = await goldenPython();
const scripts = [
  "generate",
  "statistics",
  "special_functions",
  "distributions",
  "mean_field",
  "generate_criticality",
  "generate_blocks",
  "generate_dense",
  "generate_start",
  "singular_values",
  "fan_connections",
  "jax_fans",
  "jax_scaling",
  "rules",
  "recipes",
  "formats",
  "jump",
  "materialize",
  "command_line",
  "inspection",
  "small_floats",
  "loading",
  "torch_files",
];
for (const name of scripts) {
  await run(python, [join(import.meta.dirname!, `${name}.py`)]);
}

// Other files of PyTorch than the committed ones must be read as well.
const others = await Deno.makeTempFile();
try {
  const script = join(import.meta.dirname!, "torch_files.py");
  await run(python, [script, "3", others]);
  const rows: TorchRow[] = JSON.parse(await Deno.readTextFile(others));
  for (const row of rows) await checkTorchFile(row);
  console.log(`${rows.length} files of PyTorch of another seed: equal`);
} finally {
  await Deno.remove(others);
}
