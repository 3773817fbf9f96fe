/**
 * Offers the compiled code to the functions that fill arrays. Apart from
 * `kernel.ts`, so that a page's bundle goes without.
 *
 * @module
 */

import { jumpCode, kernelCode, stripCode } from "./code.ts";
import { offerJump } from "./jump.ts";
import { offerKernels } from "./kernel.ts";
import { offerStrips } from "./strips.ts";

offerKernels(kernelCode);
offerStrips(stripCode);
offerJump(jumpCode);
