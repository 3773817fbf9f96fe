/**
 * `deno task golden`: writes the golden files anew, from PyTorch, NumPy and
 * SciPy in a virtual environment of their own. No test needs it.
 *
 * @module
 */

import { join } from "node:path";
import { prepareVenv, run } from "../../notebooks/venv.ts";

const folder = import.meta.dirname!;
const python = await prepareVenv({
  dir: join(folder, "..", "..", ".venv-golden"),
  packages: ["torch==2.13.0", "numpy==2.4.*", "scipy==1.17.1"],
});
for (
  const name of ["generate", "statistics", "special_functions", "mean_field"]
) {
  await run(python, [join(folder, `${name}.py`)]);
}
