/**
 * The blocks by name.
 *
 * @module
 */

import { conv } from "./conv.ts";
import { fixup, postNorm, preNorm, residual } from "./residual.ts";
import { gpt2 } from "./gpt2.ts";
import { resnet } from "./resnet.ts";
import { transformer } from "./transformer.ts";

/** The blocks that `propagate` knows besides dense layers. */
export const blocks = {
  residual,
  fixup,
  preNorm,
  postNorm,
  transformer,
  gpt2,
  conv,
  resnet,
};
