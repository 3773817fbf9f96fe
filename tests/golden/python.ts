/**
 * The Python that has PyTorch.
 *
 * @module
 */

import { join } from "node:path";
import { prepareVenv } from "../../notebooks/venv.ts";

/**
 * Returns the path of a Python with PyTorch, NumPy, SciPy, JAX, safetensors and ml_dtypes,
 * in a virtual environment of its own; makes that the first time.
 */
export function goldenPython(): Promise<string> {
  return prepareVenv({
    dir: join(import.meta.dirname!, "..", "..", ".venv-golden"),
    packages: [
      "torch==2.13.0",
      "numpy==2.4.*",
      "scipy==1.17.1",
      "jax==0.10.2",
      "safetensors==0.8.0",
      "ml_dtypes==0.6.0",
    ],
  });
}
