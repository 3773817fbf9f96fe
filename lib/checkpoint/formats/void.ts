/**
 * What raw bytes of NumPy's files are: an option, as the files do not say.
 *
 * @module
 */

import { dtypes, type SmallFloatDtype } from "../../core/dtype.ts";
import { oneOf, type Option, orNull } from "../../core/options.ts";

/**
 * A dtype that NumPy does not have, and that files therefore do not name.
 *
 * @internal
 */
export type VoidDtype = "bfloat16" | Exclude<SmallFloatDtype, "float4_e2m1fn">;

/**
 * Options of what reads NumPy's files.
 *
 * @internal
 */
export interface NpyOptions {
  /**
   * What raw bytes of one or two an element are, which files call `V1` and `V2`:
   * ml_dtypes and JAX write bfloat16 and floats of 8 bits so. Where it is of
   * another size or left out, such a tensor keeps its bytes, and its values are
   * not read.
   */
  readonly void?: VoidDtype;
}

/** How {@linkcode NpyOptions} are read. */
export const npyOptions: { readonly void: Option<VoidDtype | null> } = {
  void: {
    ...orNull(oneOf(
      Object.entries(dtypes).flatMap(([name, { kind, bits, npy }]) =>
        kind === "float" && npy === null && bits >= 8 ? [name as VoidDtype] : []
      ),
      "bfloat16",
    )),
    fallback: null,
  },
};
