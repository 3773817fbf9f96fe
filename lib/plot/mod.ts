/**
 * Figures of weights, each a pure function from weights and options to a
 * figure.
 *
 * @example
 * ```ts
 * import { manualSeed, nn } from "@fanin/fanin";
 * import { weights } from "@fanin/fanin/plot";
 * import { assertEquals } from "@std/assert";
 *
 * manualSeed(0);
 * const figure = weights(new nn.Linear(40, 30));
 * assertEquals(figure.toJSON().data.map(({ type }) => type), [
 *   "bar",
 *   "scatter",
 * ]);
 * assertEquals(figure.toSvg().slice(0, 4), "<svg");
 * ```
 *
 * @module
 */

export { beside } from "./beside.ts";
export type { FigureOptions } from "./change.ts";
export { compare, type CompareOptions } from "./compare.ts";
export { fan, type FanFigureOptions } from "./fan.ts";
export { Figure, type FigureJson } from "./figure.ts";
export { frames } from "./frames.ts";
export { kernels, type KernelsOptions } from "./kernels.ts";
export { layers, type LayersOptions } from "./layers.ts";
export { propagation, type PropagationFigureOptions } from "./propagation.ts";
export { quantiles, type QuantilesOptions } from "./quantiles.ts";
export { spectrum, type SpectrumOptions } from "./spectrum.ts";
export { weights, type WeightsOptions } from "./weights.ts";
