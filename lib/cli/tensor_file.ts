/**
 * A file with one tensor, in the format that its name says.
 *
 * @module
 */

import { type Dtype, dtypes } from "../core/dtype.ts";
import { describe } from "../core/options.ts";
import type { Tensor } from "../core/tensor.ts";
import { writeAtomically } from "../files/atomic.ts";
import { writeSafetensors } from "../files/write_safetensors.ts";
import { encodeNpy } from "../formats/npy/encode.ts";
import { UsageError } from "./usage_error.ts";

/**
 * Checks that a file can hold a tensor.
 *
 * @param path The file.
 * @param dtype The tensor's dtype.
 * @throws {UsageError} If the name is of no format, or the format has no such
 * dtype.
 */
export function checkTensorFile(path: string, dtype: Dtype): void {
  if (isNpy(path) && dtypes[dtype].npy === null) {
    throw new UsageError(
      `Cannot write ${
        describe(path)
      } as npy files must have a dtype of NumPy: current value is ${dtype}`,
    );
  }
  if (!isNpy(path) && !/\.safetensors$/.test(path)) {
    throw new UsageError(
      `Cannot write ${
        describe(path)
      } as its name must end in .safetensors or .npy: current value is ${
        describe(path.replace(/.*[/\\]/s, ""))
      }`,
    );
  }
}

/**
 * Writes a file with one tensor; a file that is there is replaced when the new
 * one is whole.
 *
 * @param path The file; its name ends in `.safetensors` or `.npy`.
 * @param name The tensor's name; npy files have none.
 * @param tensor The tensor.
 * @throws What {@linkcode writeAtomically} throws.
 */
export async function writeTensorFile(
  path: string,
  name: string,
  tensor: Tensor,
): Promise<void> {
  const { dtype, shape } = tensor;
  if (isNpy(path)) {
    await writeAtomically(path, (file) => file.write(0, encodeNpy(tensor)));
  } else {
    await writeSafetensors(path, [{ name, dtype, shape }], () => tensor);
  }
}

function isNpy(path: string): boolean {
  return /\.npy$/.test(path);
}
