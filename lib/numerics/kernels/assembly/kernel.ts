/**
 * What a kernel exports.
 *
 * @module
 */

export { block } from "./block";
export { isFused } from "./fused";
export { halves, replaceHalves, toBfloat16, toFloat16 } from "./half";
export { state } from "./mt19937";
export { normal } from "./normal";
export { countBins, counts, edges, found, measure, values } from "./statistics";
export { kept, outside, redraw } from "./truncated_normal";
export { skip, uniform, words } from "./uniform";
