/**
 * fanin initialises neural-network weights bit for bit as PyTorch does on a
 * CPU, computes their fan-in and fan-out, and shows them in notebooks.
 *
 * @module
 */

export { empty, tensor, type TensorOptions } from "./lib/core/create.ts";
export type { DataOf, Dtype, DtypeArrays } from "./lib/core/dtype.ts";
export type { Shape } from "./lib/core/shape.ts";
export {
  type HtmlOptions,
  type MimeBundle,
  Showable,
} from "./lib/core/show.ts";
export { type Nested, Tensor } from "./lib/core/tensor.ts";
export { Figure, type FigureParts } from "./lib/plot/figure.ts";
export * as plot from "./lib/plot/plot.ts";
