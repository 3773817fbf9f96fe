/**
 * The scale of a weight: its fan-in and fan-out with their derivation, the gain
 * of a nonlinearity, and the standard deviations of Xavier and Kaiming.
 *
 * @module
 */

import {
  cannot,
  checkCount,
  checkFinite,
  describe,
  isPlain,
  noMore,
  withDefaults,
} from "../core/options.ts";
import {
  checkShape,
  elementCount,
  formatShape,
  type Shape,
} from "../core/shape.ts";
import { type HtmlOptions, showAs } from "../core/show.ts";
import { checkAlone, pick, tensorsOf, type Weights } from "../core/source.ts";
import { Tensor } from "../core/tensor.ts";

/** How many inputs and outputs a weight connects. */
export interface Fan {
  /** Inputs of one output: input channels · receptive field. */
  readonly fanIn: number;
  /** Outputs that one input reaches: output channels · receptive field. */
  readonly fanOut: number;
  /** Places of the kernel: the product of the sizes of its axes. */
  readonly receptiveField: number;
}

/** Options of `fan`. Without them it counts as PyTorch does. */
export interface FanOptions {
  /**
   * Whether the weight belongs to a transposed convolution: axis 0 is the
   * inputs, axis 1 the outputs of one group, unless `axes` names others.
   * Default: false.
   */
  readonly transposed?: boolean;
  /**
   * Groups of channels without connections between them. They divide the axis
   * that holds the channels of all groups: the outputs, or the inputs if
   * transposed. Default: 1.
   */
  readonly groups?: number;
  /**
   * The stride, one for all kernel axes or one for each. It divides the
   * fan-out, or the fan-in if transposed, which is then a mean. Default: 1.
   */
  readonly stride?: number | readonly number[];
  /**
   * Matrices that are stacked along the output axis, such as query, key and
   * value, or the four gates of an LSTM: each is counted separately. Default:
   * 1.
   */
  readonly fused?: number;
  /** The axes by what they count, for layouts other than PyTorch's. */
  readonly axes?: FanLayout;
  /**
   * The name of the tensor to count, if there are several. Default: `"weight"`.
   */
  readonly parameter?: string;
}

/**
 * The axes of a weight by what they count. Each is an axis or a list of axes;
 * negative ones count from the end. All other axes are the kernel.
 *
 * @internal
 */
export interface FanLayout {
  /** Inputs. Default: 1; 0 where transposed. */
  readonly in?: number | readonly number[];
  /** Outputs. Default: 0; 1 where transposed. */
  readonly out?: number | readonly number[];
  /** Axes that number independent weights. Default: none. */
  readonly batch?: number | readonly number[];
}

/**
 * What an axis of a weight counts.
 *
 * @internal
 */
export type FanRole = "output" | "input" | "kernel" | "batch";

/**
 * One axis of a weight and what it counts.
 *
 * @internal
 */
export interface FanAxis {
  /** The axis, from 0. */
  readonly axis: number;
  /** Its size. */
  readonly size: number;
  /** What it counts. */
  readonly role: FanRole;
  /** What divides its size; absent if nothing does. */
  readonly divisor?: FanDivisor;
}

/**
 * The option that divides a size.
 *
 * @internal
 */
export interface FanDivisor {
  /** The option. */
  readonly name: "groups" | "stride" | "fused";
  /** Its value along the axis, above 1. */
  readonly value: number;
}

/**
 * One line of a derivation: a product, its factors and its value.
 *
 * @internal
 */
export interface FanStep {
  /** What is computed. */
  readonly name: keyof Fan;
  /** The numbers that are multiplied, in order. */
  readonly factors: readonly number[];
  /** The divisor of each factor; 1 if there is none. */
  readonly divisors: readonly number[];
  /** The product of the quotients. */
  readonly value: number;
  /** Whether it is a mean over places, as with a stride. */
  readonly mean: boolean;
}

/**
 * The number of a layer's connections, if it differs from PyTorch's count.
 *
 * @internal
 */
export interface Connections extends Pick<Fan, "fanIn" | "fanOut"> {
  /** The options with which `fan` counts them. */
  readonly options: Pick<FanOptions, "groups" | "stride" | "transposed">;
}

/**
 * How a fan was counted from a shape.
 *
 * @internal
 */
export interface FanDerivation {
  /** The shape of the weight. */
  readonly shape: Shape;
  /** Its axes and what each counts. */
  readonly axes: readonly FanAxis[];
  /** The products, in the order in which they are taken. */
  readonly steps: readonly FanStep[];
  /**
   * The connections that follow from a layer's options; absent if PyTorch's
   * count is the same.
   */
  readonly connections?: Connections;
}

/**
 * A fan that also knows its derivation. Only the three counts are enumerable,
 * so it equals a plain object of them.
 */
export interface ShownFan extends Fan {
  /** The derivation of the counts. */
  readonly derivation: FanDerivation;
  /** Returns the derivation as lines of text. */
  toString(): string;
  /** Returns the derivation as HTML. */
  toHtml(options?: HtmlOptions): Promise<string>;
}

/** PyTorch's names for the layers and nonlinearities that have a gain. */
export type Nonlinearity =
  | "linear"
  | "conv1d"
  | "conv2d"
  | "conv3d"
  | "conv_transpose1d"
  | "conv_transpose2d"
  | "conv_transpose3d"
  | "sigmoid"
  | "tanh"
  | "relu"
  | "leaky_relu"
  | "selu";

/** A divisor and the axis that it divides. */
interface Divided {
  /** The axis, from 0. */
  readonly axis: number;
  /** What divides it. */
  readonly divisor: FanDivisor;
}

/** The input of a derivation. */
interface CountedAxes {
  /** The axes, with what each counts and what divides it. */
  readonly axes: readonly FanAxis[];
  /** The count that a stride divides. */
  readonly strided: "fanIn" | "fanOut";
}

/** A number in a product, and its divisor. */
type Factor = Pick<FanAxis, "size" | "divisor">;

const countAction = "compute fan in and fan out";

const defaults = {
  transposed: false,
  groups: 1,
  stride: undefined as FanOptions["stride"],
  fused: 1,
  axes: undefined as FanOptions["axes"],
  parameter: undefined as FanOptions["parameter"],
};

const names: Readonly<Record<keyof Fan, string>> = {
  receptiveField: "receptive field",
  fanIn: "fan in",
  fanOut: "fan out",
};

/** The default of `calculateGain`; Kaiming's is 0. */
const defaultSlope = 0.01;

const gains: Readonly<Record<Nonlinearity, (slope: number) => number>> = {
  linear: () => 1,
  conv1d: () => 1,
  conv2d: () => 1,
  conv3d: () => 1,
  conv_transpose1d: () => 1,
  conv_transpose2d: () => 1,
  conv_transpose3d: () => 1,
  sigmoid: () => 1,
  tanh: () => 5 / 3,
  relu: () => Math.sqrt(2),
  leaky_relu: (slope) => Math.sqrt(2 / (1 + slope * slope)),
  selu: () => 3 / 4,
};

/** The names that have a gain. */
export const nonlinearities = Object.keys(gains) as readonly Nonlinearity[];

/**
 * Returns the fan-in and fan-out of a weight: as PyTorch counts them or, with
 * options, the number of connections.
 *
 * PyTorch takes axis 0 as the outputs, axis 1 as the inputs, and all further
 * axes as the kernel: `fanIn = shape[1] * receptiveField`, `fanOut = shape[0] *
 * receptiveField`, `receptiveField = shape[2] * shape[3] * …`, 1 for a matrix.
 * This differs from the number of connections in four cases:
 *
 * - A grouped convolution, weight `[out, in / groups, …]`: an input reaches
 *   only the outputs of its own group. `{ groups }` divides the fan-out
 *   (PyTorch #23854). In PyTorch's layout the fan-in is right without it.
 * - A transposed convolution, weight `[in, out / groups, …]`: PyTorch takes the
 *   inputs for the outputs. `{ transposed: true, groups }` corrects this.
 * - A stride: a convolution of stride s reads an input at one in s of the
 *   kernel's places, on average. `{ stride }` divides the fan-out by the
 *   product of the strides, and the fan-in if transposed. The result may be a
 *   fraction. It is the mean over all places, far from any edge; padding and
 *   dilation do not change it.
 * - Matrices fused along the output axis (query, key and value in an
 *   attention's `in_proj_weight`, the gates of an LSTM): an input reaches the
 *   outputs of all of them, yet each is a separate layer. `{ fused: 3 }` counts
 *   one (PyTorch #166378). It cannot be combined with `groups`.
 *
 * `{ axes: { in, out, batch } }` names the axes of another layout, as JAX does:
 * `{ in: -2, out: -1 }` for HWIO. A batch axis numbers independent weights and
 * enters no count. It can be combined with all options; `groups` and `fused`
 * then need a single axis to divide, and `stride` follows the kernel axes in
 * order. A depthwise kernel of TensorFlow, `[H, W, in, multiplier]`, is `{ in:
 * [], out: 3, batch: 2 }`.
 *
 * Initializers and layers use PyTorch's count. So the `a = √5` of its default
 * weights gives U(±1 / √fanIn) with that fan-in (PyTorch #15314).
 *
 * For a layer it counts the weight, as PyTorch does: `fan(layer)` equals
 * `fan(layer.weight)`. If the layer's own groups, stride or direction change
 * the number of connections, the derivation states that number too.
 *
 * @param source A shape, as a flat array of numbers; or a tensor, a layer or
 * model, or tensors by name. Its rank is at least 2; with `axes`, any rank that
 * has them.
 * @param options Which tensor to count, and what its shape does not say.
 * @throws {RangeError} If the rank is below 2, or a size is negative or
 * fractional, or an option does not fit the shape or another option.
 * @throws {TypeError} If it is neither a shape nor weights in memory, or an
 * option is unknown or of the wrong kind.
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
  source: Shape | Weights,
  options: FanOptions = {},
): ShownFan {
  const settings = withDefaults(countAction, options, defaults);
  const shape = shapeOf(source, settings.parameter);
  const derivation = derive(readAxes(countAction, shape, settings));
  const connections = connectionsOf(source, derivation, settings);
  return shownFan(
    connections === undefined ? derivation : { ...derivation, connections },
  );
}

/**
 * Returns the fan-in and fan-out of a shape, as {@linkcode fan} does. Code that
 * has no weights to count needs less of the library with it.
 *
 * @param shape The weight's shape.
 * @param options What the shape does not say.
 * @throws {RangeError} As `fan` does.
 * @throws {TypeError} As `fan` does.
 */
export function fanOfShape(
  shape: Shape,
  options: Omit<FanOptions, "parameter"> = {},
): ShownFan {
  const settings = withDefaults(countAction, options, defaults);
  checkShape(countAction, shape);
  return shownFan(derive(readAxes(countAction, shape, settings)));
}

function shownFan(derivation: FanDerivation): ShownFan {
  const [receptiveField, fanIn, fanOut] = derivation.steps.map(({ value }) =>
    value
  );
  const counts = { fanIn, fanOut, receptiveField };
  Object.defineProperty(counts, "derivation", { value: derivation });
  return showAs(counts, "fan", () => formatDerivation(derivation)) as ShownFan;
}

/**
 * Returns a weight's fan-in and fan-out as PyTorch counts them, or by axes,
 * without their derivation.
 *
 * @param action What is being done, for the error message.
 * @param shape The weight's shape.
 * @param axes The axes by what they count. Default: PyTorch's.
 * @throws {RangeError} If the rank is below 2, or lacks one of these axes.
 * @throws {TypeError} If the axes are of the wrong kind.
 */
export function countFans(
  action: string,
  shape: Shape,
  axes?: FanLayout,
): Pick<Fan, "fanIn" | "fanOut"> {
  if (axes !== undefined) {
    const counted = readAxes(action, shape, { ...defaults, axes });
    const [, fanIn, fanOut] = derive(counted).steps;
    return { fanIn: fanIn.value, fanOut: fanOut.value };
  }
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

/**
 * Describes what a step computes: `fan in`, `mean fan out`.
 *
 * @param step The step of a derivation.
 */
export function formatName({ name, mean }: FanStep): string {
  return mean ? `mean ${names[name]}` : names[name];
}

/**
 * Returns a step as a formula: `16 · 9 = 144`, `12/4 · 9/2 = 13.5`; for a
 * product of one number or none, only the number.
 *
 * @param step The step of a derivation.
 */
export function formatStep({ factors, divisors, value }: FanStep): string {
  const formula = factors.map((factor, index) =>
    divisors[index] === 1 ? String(factor) : `${factor}/${divisors[index]}`
  ).join(" · ");
  if (formula === "" || formula === String(value)) return String(value);
  const short = shortOf(value);
  return `${formula} ${short === value ? "=" : "≈"} ${short}`;
}

/**
 * Describes what an axis counts: `input`, `output, groups 4`.
 *
 * @param axis The axis.
 */
export function formatRole({ role, divisor }: FanAxis): string {
  return divisor === undefined
    ? role
    : `${role}, ${divisor.name} ${divisor.value}`;
}

/**
 * Describes how a layer's options change its connections: `connections by
 * groups 2, stride 2×2: fan in 144, fan out 37.125`.
 *
 * @param connections The connections.
 */
export function formatConnections(
  { options, fanIn, fanOut }: Connections,
): string {
  const causes = Object.entries(options).map(([name, value]) =>
    value === true ? name : `${name} ${[value].flat().join("×")}`
  );
  return `  connections by ${causes.join(", ")}: ` +
    `fan in ${shortOf(fanIn)}, fan out ${shortOf(fanOut)}`;
}

/**
 * Returns the gain of a nonlinearity: the factor on a weight's standard
 * deviation that keeps the size of signals through it.
 *
 * 1 for linear, convolutions and sigmoid; 5/3 for tanh; √2 for relu;
 * `sqrt(2 / (1 + negativeSlope^2))` for leaky_relu; 3/4 for selu.
 *
 * @param nonlinearity The name, as PyTorch writes it.
 * @param negativeSlope The slope of leaky_relu below 0; the others ignore it.
 * Default: 0.01.
 * @throws {RangeError} If the name is unknown, or the slope not finite.
 * @throws {TypeError} If the slope is not a number.
 * @see `torch.nn.init.calculate_gain`, PyTorch 2.13.0
 *
 * @example
 * ```ts
 * import { calculateGain } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(calculateGain("relu"), Math.SQRT2);
 * assertEquals(calculateGain("tanh"), 5 / 3);
 * assertEquals(calculateGain("leaky_relu", 1), 1);
 * ```
 */
export function calculateGain(
  nonlinearity: Nonlinearity,
  negativeSlope: number = defaultSlope,
): number {
  const action = "calculate a gain";
  // What `map` passes is a place, and no slope.
  const slope = noMore(action, arguments, 2) ? defaultSlope : negativeSlope;
  if (typeof nonlinearity !== "string" || !Object.hasOwn(gains, nonlinearity)) {
    throw new RangeError(
      cannot(
        action,
        `nonlinearity must be one of ${nonlinearities.join(", ")}`,
        describe(nonlinearity),
      ),
    );
  }
  checkFinite(action, "negativeSlope", slope);
  return gains[nonlinearity](slope);
}

/**
 * Returns Glorot and Bengio's `std = gain * sqrt(2 / (fanIn + fanOut))`.
 *
 * @param fanIn Inputs of one output.
 * @param fanOut Outputs that one input reaches.
 * @param gain The factor on the standard deviation.
 * @see Glorot and Bengio, 2010, equation 16
 */
export function xavierStd(fanIn: number, fanOut: number, gain: number): number {
  return gain * Math.sqrt(2 / (fanIn + fanOut));
}

/**
 * Returns He et al.'s `std = gain / sqrt(fan)`.
 *
 * @param fan Fan-in or fan-out.
 * @param gain The factor on the standard deviation.
 * @see He, Zhang, Ren and Sun, 2015, equations 10 and 14
 */
export function kaimingStd(fan: number, gain: number): number {
  return gain / Math.sqrt(fan);
}

/**
 * Returns the bound of the default bias of PyTorch's layers, `1 / sqrt(fanIn)`,
 * and 0 if there is no input.
 *
 * @param fanIn Inputs of one output.
 */
export function biasBound(fanIn: number): number {
  return fanIn > 0 ? 1 / Math.sqrt(fanIn) : 0;
}

/** The shape to count: the given one, or a tensor's. */
function shapeOf(source: unknown, parameter: string | undefined): Shape {
  if (isShape(source)) {
    checkAlone(countAction, parameter);
    checkShape(countAction, source);
    return source;
  }
  const tensors = tensorsOf(countAction, source);
  const name = pick(countAction, tensors.map(([name]) => name), parameter);
  return new Map(tensors).get(name)!.shape;
}

/**
 * Returns whether a value is a flat array, without nested rows, which is a shape.
 *
 * @param source Any value.
 */
export function isShape(source: unknown): source is Shape {
  return Array.isArray(source) &&
    !source.slice(0, 64).some((row) =>
      Array.isArray(row) || ArrayBuffer.isView(row)
    );
}

/** Reads a layer's own groups, stride and direction, if it has them. */
function connectionsOf(
  source: unknown,
  { shape, steps }: FanDerivation,
  settings: typeof defaults,
): Connections | undefined {
  const { parameter, ...asked } = settings;
  const isPlainCount = Object.entries(asked).every(([name, value]) =>
    value === defaults[name as keyof typeof asked]
  );
  const isWeight = parameter === undefined || parameter === "weight";
  if (!isPlainCount || !isWeight || !isLayer(source)) return undefined;
  const { groups = 1, stride = 1, transposed = false } = source;
  const options = {
    ...groups === 1 ? {} : { groups },
    ...[stride].flat().every((step) => step === 1) ? {} : { stride },
    ...transposed ? { transposed } : {},
  };
  if (Object.keys(options).length === 0) return undefined;
  const counted = derive(
    readAxes(countAction, shape, { ...defaults, ...options }),
  );
  const [fanIn, fanOut] = counted.steps.slice(1).map(({ value }) => value);
  return fanIn === steps[1].value && fanOut === steps[2].value
    ? undefined
    : { fanIn, fanOut, options };
}

/** Whether a value has a weight and the settings of a convolution. */
function isLayer(source: unknown): source is Partial<Connections["options"]> {
  if (typeof source !== "object" || source === null) return false;
  if (isPlain(source) || !("weight" in source)) return false;
  const { weight, kernelSize, groups, stride, transposed } = source as Readonly<
    Record<string, unknown>
  >;
  return weight instanceof Tensor && Array.isArray(kernelSize) &&
    kernelSize.length === weight.shape.length - 2 &&
    Number.isInteger(groups) && Array.isArray(stride) &&
    typeof transposed === "boolean";
}

/**
 * Returns the axes of a weight, with what each counts and what divides it.
 *
 * @param action What is being done, for the error message.
 * @param shape The weight's shape.
 * @param settings The options of `fan`.
 * @throws {RangeError} If the rank is below 2 and no axes are given, or an
 * option does not fit the shape or another option.
 * @throws {TypeError} If an option is unknown or of the wrong kind.
 */
function readAxes(
  action: string,
  shape: Shape,
  settings: typeof defaults,
): CountedAxes {
  checkSettings(action, settings);
  const { transposed, groups, fused, stride } = settings;
  const roles = readRoles(action, shape, settings);
  const axes = shape.map((size, axis) => ({ axis, size, role: roles[axis] }));
  const whole = transposed ? "input" : "output";
  const divisors = [
    ...divideChannels(action, axes, whole, { name: "groups", value: groups }),
    ...divideChannels(action, axes, "output", { name: "fused", value: fused }),
    ...divideKernel(action, axes, stride),
  ];
  return {
    axes: axes.map((axis) => {
      const found = divisors.find((divided) => divided.axis === axis.axis);
      return found === undefined ? axis : { ...axis, divisor: found.divisor };
    }),
    strided: transposed ? "fanIn" : "fanOut",
  };
}

function checkSettings(
  action: string,
  { transposed, groups, fused }: typeof defaults,
) {
  if (typeof transposed !== "boolean") {
    throw new TypeError(
      cannot(action, "transposed must be true or false", describe(transposed)),
    );
  }
  checkCount(action, "groups", groups, 1);
  checkCount(action, "fused", fused, 1);
  if (groups > 1 && fused > 1) {
    throw new RangeError(
      cannot(action, `groups must be 1 where fused is ${fused}`, groups),
    );
  }
}

function readRoles(
  action: string,
  shape: Shape,
  { transposed, axes }: typeof defaults,
): FanRole[] {
  if (axes === undefined && shape.length < 2) {
    throw new RangeError(
      cannot(
        action,
        "the rank must be at least 2",
        `${shape.length} in shape ${formatShape(shape)}`,
      ),
    );
  }
  const named = withDefaults(action, axes === undefined ? {} : axes, {
    in: transposed ? 0 : 1,
    out: transposed ? 1 : 0,
    batch: [],
  } as Required<FanLayout>, "axes");
  const roles: FanRole[] = new Array(shape.length).fill("kernel");
  const words = { in: "input", out: "output", batch: "batch" } as const;
  for (const key of ["in", "out", "batch"] as const) {
    const given = named[key];
    const values = Array.isArray(given) ? given : [given];
    // By index, since an array may have holes, and any length.
    for (let i = 0; i < values.length; i++) {
      const value = values[i];
      const axis = readAxis(action, `axes.${key}`, value, shape);
      if (roles[axis] !== "kernel") {
        throw new RangeError(
          cannot(
            action,
            "axes must name each axis once",
            `${value} in axes.${key}, and it is ${roles[axis]} already`,
          ),
        );
      }
      roles[axis] = words[key];
    }
  }
  return roles;
}

function readAxis(
  action: string,
  name: string,
  axis: number,
  shape: Shape,
): number {
  checkFinite(action, name, axis);
  const rank = shape.length;
  if (!Number.isInteger(axis) || axis < -rank || axis >= rank) {
    throw new RangeError(
      cannot(
        action,
        `${name} must be an integer in [${-rank}, ${rank})`,
        `${axis} for shape ${formatShape(shape)}`,
      ),
    );
  }
  return axis < 0 ? axis + rank : axis;
}

/**
 * Returns how a divisor divides the channels: nothing for 1, else one axis with
 * its divisor.
 *
 * @param action What is being done, for the error message.
 * @param axes The axes of the weight.
 * @param role The role of the axis that is divided.
 * @param divisor The divisor.
 * @throws {RangeError} If there is not one such axis, or it does not divide.
 */
function divideChannels(
  action: string,
  axes: readonly FanAxis[],
  role: FanRole,
  divisor: FanDivisor,
): Divided[] {
  const { name, value } = divisor;
  if (value === 1) return [];
  const found = axes.filter((axis) => axis.role === role);
  if (found.length !== 1) {
    throw new RangeError(
      cannot(
        action,
        `${name} must come with one ${role} axis`,
        `${value} with ${found.length}`,
      ),
    );
  }
  const [{ axis, size }] = found;
  if (size % value !== 0) {
    throw new RangeError(
      cannot(
        action,
        `${name} must divide ${role} axis ${axis} of size ${size}`,
        value,
      ),
    );
  }
  return [{ axis, divisor }];
}

/**
 * Returns how a stride divides the kernel, axis by axis; nothing for 1.
 *
 * @param action What is being done, for the error message.
 * @param axes The axes of the weight.
 * @param stride The stride, one for all kernel axes or one for each.
 * @throws {RangeError} If a stride is below 1 or fractional, or there are more
 * or fewer than kernel axes.
 * @throws {TypeError} If a stride is not a number.
 */
function divideKernel(
  action: string,
  axes: readonly FanAxis[],
  stride: number | readonly number[] | undefined,
): Divided[] {
  if (stride === undefined) return [];
  const kernel = axes.filter(({ role }) => role === "kernel");
  const each = Array.isArray(stride);
  if (!each) checkCount(action, "stride", stride, 1);
  if (each ? stride.length !== kernel.length : kernel.length === 0) {
    throw new RangeError(
      cannot(
        action,
        `stride must fit ${kernel.length} kernel axes`,
        `${describe(stride)} for shape ${
          formatShape(axes.map(({ size }) => size))
        }`,
      ),
    );
  }
  // `Array.from` turns holes into undefined, which is no number.
  const strides: number[] = each
    ? Array.from(stride)
    : kernel.map(() => stride as number);
  for (const value of strides) checkCount(action, "stride", value, 1);
  return strides
    .map((value, index) => ({
      axis: kernel[index].axis,
      divisor: { name: "stride" as const, value },
    }))
    .filter(({ divisor }) => divisor.value > 1);
}

/**
 * Returns the products of a weight: the receptive field, and the inputs and
 * outputs multiplied by it.
 *
 * @param counted The axes of the weight, and the count that a stride divides.
 */
function derive({ axes, strided }: CountedAxes): FanDerivation {
  const kernel = axes.filter(({ role }) => role === "kernel");
  const places = step("receptiveField", kernel.map(({ size }) => ({ size })));
  const stride = product(kernel.map(divisorOf));
  const count = (name: "fanIn" | "fanOut", wanted: FanRole) => {
    const divisor = name === strided
      ? { name: "stride" as const, value: stride }
      : undefined;
    const channels = axes.filter(({ role }) => role === wanted);
    return step(name, [...channels, { size: places.value, divisor }]);
  };
  return {
    shape: axes.map(({ size }) => size),
    axes,
    steps: [places, count("fanIn", "input"), count("fanOut", "output")],
  };
}

function step(name: keyof Fan, parts: readonly Factor[]): FanStep {
  const factors = parts.map(({ size }) => size);
  const divisors = parts.map(divisorOf);
  return {
    name,
    factors,
    divisors,
    value: product(factors) / product(divisors),
    mean: parts.some(({ divisor }) =>
      divisor?.name === "stride" && divisor.value > 1
    ),
  };
}

function divisorOf({ divisor }: Factor): number {
  return divisor?.value ?? 1;
}

function product(values: readonly number[]): number {
  return values.reduce((a, b) => a * b, 1);
}

/**
 * Returns a derivation as lines of text.
 *
 * @param derivation The derivation.
 */
function formatDerivation(
  { shape, axes, steps, connections }: FanDerivation,
): string {
  const width = Math.max(...axes.map(({ size }) => String(size).length));
  return [
    `fan of a weight of shape ${formatShape(shape)}`,
    ...axes.map((axis) =>
      `  axis ${axis.axis}: ${String(axis.size).padStart(width)} ${
        formatRole(axis)
      }`
    ),
    ...steps.map((line) =>
      `  ${formatName(line).padEnd(15)} = ${formatStep(line)}`
    ),
    ...connections === undefined ? [] : [formatConnections(connections)],
  ].join("\n");
}

function shortOf(value: number): number {
  return Number.isInteger(value) ? value : Number(value.toPrecision(8));
}
