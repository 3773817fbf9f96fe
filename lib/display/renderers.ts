/**
 * Tells the registry how each kind of value looks. `mod.ts` loads this file for
 * that effect.
 *
 * @module
 */

import { setRenderer } from "../core/show.ts";
import { explorerRenderer } from "./explorer/renderer.ts";
import { fanRenderer } from "./fan.ts";
import { figureRenderer } from "./figure.ts";
import { moduleRenderer } from "./module.ts";
import { summaryRenderer } from "./summary.ts";
import { tensorRenderer } from "./tensor.ts";

setRenderer("tensor", tensorRenderer);
setRenderer("fan", fanRenderer);
setRenderer("module", moduleRenderer);
setRenderer("summary", summaryRenderer);
setRenderer("figure", figureRenderer);
setRenderer("explorer", explorerRenderer);
