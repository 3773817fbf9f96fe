/**
 * Compiled code of jumps that makes other words, which shows whether it was used.
 *
 * @module
 */

import { jumpCode } from "../../lib/numerics/kernels/code.ts";

/** The constant that twists, as it lies in the code. */
const matrix = "dfb00899";

/** The code, with another constant. */
export const otherJumpCode: string = Uint8Array.fromHex(
  Uint8Array.fromBase64(jumpCode).toHex().replace(matrix, "dfb00898"),
).toBase64();
