/**
 * `deno task golden`: regenerates the golden files from PyTorch, NumPy, SciPy,
 * JAX and safetensors in a virtual environment of their own. No test needs it.
 *
 * @module
 */

import { join } from "node:path";
import { run } from "../../notebooks/venv.ts";
import { goldenPython } from "./python.ts";

const python = await goldenPython();
const scripts = [
  "generate",
  "statistics",
  "special_functions",
  "distributions",
  "mean_field",
  "singular_values",
  "fan_connections",
  "jax_fans",
  "jax_scaling",
  "rules",
  "formats",
  "jump",
  "materialize",
  "command_line",
  "inspection",
  "small_floats",
  "loading",
];
for (const name of scripts) {
  await run(python, [join(import.meta.dirname!, `${name}.py`)]);
}
