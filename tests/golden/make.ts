/**
 * `deno task golden`: writes the golden files anew, from PyTorch, NumPy,
 * SciPy and JAX in a virtual environment of their own. No test needs it.
 *
 * @module
 */

import { join } from "node:path";
import { prepareVenv, run } from "../../notebooks/venv.ts";

const folder = import.meta.dirname!;
const python = await prepareVenv({
  dir: join(folder, "..", "..", ".venv-golden"),
  packages: ["torch==2.13.0", "numpy==2.4.*", "scipy==1.17.1", "jax==0.10.2"],
});
const scripts = [
  "generate",
  "statistics",
  "special_functions",
  "fan_connections",
  "jax_fans",
];
for (const name of scripts) {
  await run(python, [join(folder, `${name}.py`)]);
}
