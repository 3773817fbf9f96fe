/**
 * Gives the compiled code to those who fill arrays. Apart from `kernel.ts`, so
 * that what is bundled for a page goes without.
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
