/**
 * Fan-in and fan-out of a weight, with the way they are counted.
 *
 * @module
 */

import { cannot } from "../core/options.ts";
import {
  checkShape,
  elementCount,
  formatShape,
  type Shape,
} from "../core/shape.ts";
import { type HtmlOptions, showAs } from "../core/show.ts";
import { Tensor } from "../core/tensor.ts";
import { derive, type Fan, type FanDerivation } from "./derivation.ts";
import { type FanOptions, readAxes } from "./fan_axes.ts";
import { formatDerivation } from "./fan_text.ts";

/**
 * A fan that also knows its derivation. Only the three counts are enumerable,
 * so that it equals a plain object of them.
 */
export interface ShownFan extends Fan {
  /** How the counts come about. */
  readonly derivation: FanDerivation;
  /** Returns the derivation as lines of text. */
  toString(): string;
  /** Returns the derivation as HTML. */
  toHtml(options?: HtmlOptions): Promise<string>;
}

/**
 * Returns the fan-in and fan-out of a weight: as PyTorch counts them, or, with
 * options, as many as there are connections.
 *
 * PyTorch takes axis 0 as the outputs, axis 1 as the inputs, and all further
 * axes as the kernel: `fanIn = shape[1] * receptiveField`,
 * `fanOut = shape[0] * receptiveField`,
 * `receptiveField = shape[2] * shape[3] * …`, 1 for a matrix. That is not the
 * number of connections in four cases:
 *
 * - A grouped convolution, weight `[out, in / groups, …]`: an input reaches the
 *   outputs of its own group only. `{ groups }` divides the fan-out
 *   (PyTorch #23854). In PyTorch's layout the fan-in is right without it.
 * - A transposed convolution, weight `[in, out / groups, …]`: PyTorch takes the
 *   inputs for the outputs. `{ transposed: true, groups }` puts them right.
 * - A stride: a convolution of stride s reads an input at one in s of the
 *   kernel's places, on average. `{ stride }` divides the fan-out by the product
 *   of the strides, and the fan-in where transposed. The result may be a
 *   fraction. It is the mean over all places, far from any edge; padding and
 *   dilation do not change it.
 * - Matrices fused along the output axis (query, key and value in an attention's
 *   `in_proj_weight`, the gates of an LSTM): an input reaches the outputs of all
 *   of them, yet each is a layer of its own. `{ fused: 3 }` counts one
 *   (PyTorch #166378). It does not go with `groups`.
 *
 * `{ axes: { in, out, batch } }` names the axes of another layout, as JAX does:
 * `{ in: -2, out: -1 }` for HWIO. A batch axis numbers weights that share
 * nothing, and enters no count. All options go with it; `groups` and `fused`
 * then need a single axis to divide, and `stride` follows the kernel axes in
 * order. A depthwise kernel of TensorFlow, `[H, W, in, multiplier]`, is
 * `{ in: [], out: 3, batch: 2 }`.
 *
 * Initialisers and layers use PyTorch's count. So the `a = √5` of its default
 * weights comes to U(±1 / √fanIn) with that fan-in (PyTorch #15314).
 *
 * @param weight A shape, or a tensor, of rank at least 2; with `axes`, of any
 * rank that has them.
 * @param options What the shape does not say.
 * @throws {RangeError} If the rank is below 2, or a size is negative or
 * fractional, or an option does not fit the shape or another option.
 * @throws {TypeError} If it is neither a shape nor a tensor, or an option is
 * unknown or of another kind.
 * @see `torch.nn.init._calculate_fan_in_and_fan_out`, PyTorch 2.13.0
 * @see `jax.nn.initializers.variance_scaling`, JAX 0.10.2: `in_axis`,
 * `out_axis`, `batch_axis`
 *
 * @example
 * ```ts
 * import { fan } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * const counts = fan([33, 16, 3, 3]);
 * assertEquals({ ...counts }, { fanIn: 144, fanOut: 297, receptiveField: 9 });
 *
 * const grouped = fan([12, 2, 3, 3], { groups: 4 });
 * assertEquals([grouped.fanIn, grouped.fanOut], [18, 27]);
 *
 * const transposed = { transposed: true, groups: 4, stride: 2 };
 * const up = fan([8, 3, 4, 4], transposed);
 * assertEquals([up.fanIn, up.fanOut], [8, 48]);
 *
 * const hwio = fan([3, 3, 16, 33], { axes: { in: -2, out: -1 } });
 * assertEquals({ ...hwio }, { fanIn: 144, fanOut: 297, receptiveField: 9 });
 *
 * const qkv = fan([3 * 64, 64], { fused: 3 });
 * assertEquals([qkv.fanIn, qkv.fanOut], [64, 64]);
 * ```
 */
export function fan(
  weight: Shape | Tensor,
  options: FanOptions = {},
): ShownFan {
  const shape = weight instanceof Tensor ? weight.shape : weight;
  const action = "compute fan in and fan out";
  checkShape(action, shape);
  const derivation = derive(readAxes(action, shape, options));
  const [receptiveField, fanIn, fanOut] = derivation.steps.map((step) =>
    step.value
  );
  const counts = { fanIn, fanOut, receptiveField };
  Object.defineProperty(counts, "derivation", { value: derivation });
  return showAs(
    counts,
    "fan",
    () => formatDerivation(derivation),
  ) as ShownFan;
}

/**
 * Returns a weight's fan-in and fan-out as PyTorch counts them, without their
 * derivation.
 *
 * @param action What is being done, for the error's sentence.
 * @param shape The weight's shape.
 * @throws {RangeError} If the rank is below 2.
 */
export function countFans(
  action: string,
  shape: Shape,
): Pick<Fan, "fanIn" | "fanOut"> {
  if (shape.length < 2) {
    throw new RangeError(
      cannot(
        action,
        "the rank must be at least 2",
        `${shape.length} in shape ${formatShape(shape)}`,
      ),
    );
  }
  const [outputs, inputs, ...kernel] = shape;
  const field = elementCount(kernel);
  return { fanIn: inputs * field, fanOut: outputs * field };
}
