/**
 * `deno task golden`: writes the golden files anew, from PyTorch, NumPy and
 * SciPy in a virtual environment of their own. No test needs it.
 *
 * @module
 */

import { join } from "node:path";
import { run } from "../../notebooks/venv.ts";
import { goldenPython } from "./python.ts";

const python = await goldenPython();
for (const name of ["generate", "statistics", "special_functions"]) {
  await run(python, [join(import.meta.dirname!, `${name}.py`)]);
}
