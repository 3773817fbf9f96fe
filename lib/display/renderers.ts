/**
 * Tells the registry how each kind of value looks. `mod.ts` loads this file for
 * that effect.
 *
 * @module
 */

import { setRenderer } from "../core/show.ts";
import { figureRenderer } from "./figure.ts";

setRenderer("figure", figureRenderer);
