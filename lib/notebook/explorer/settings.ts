/**
 * What is explored: a layer, an initializer with its options, and a seed.
 *
 * @module
 */

import {
  cannot,
  checkCount,
  checkFinite,
  describe,
  withDefaults,
} from "../../core/options.ts";
import { elementCount, formatShape, type Shape } from "../../core/shape.ts";
import { empty, type Tensor } from "../../core/tensor.ts";
import {
  type FanMode,
  kaimingNormal,
  kaimingUniform,
  normal,
  orthogonal,
  truncNormal,
  uniform,
  xavierNormal,
  xavierUniform,
} from "../../init/mod.ts";
import {
  calculateGain,
  fan,
  type Nonlinearity,
  type ShownFan,
} from "../../init/scaling.ts";
import { checkGroups } from "../../nn/conv.ts";
import { Generator } from "../../random/torch/generator.ts";

/** An option of an initializer. */
type OptionName =
  | "mode"
  | "nonlinearity"
  | "negativeSlope"
  | "gain"
  | "mean"
  | "std"
  | "low"
  | "high";

/** An initializer. */
interface Initializer {
  /** Fills a tensor. */
  readonly fill: (tensor: Tensor, options: object) => Tensor;
  /** The options it takes. */
  readonly takes: readonly OptionName[];
}

/** The initializers by their names in `init`. */
export type ExploreInitializer =
  | "kaimingUniform"
  | "kaimingNormal"
  | "xavierUniform"
  | "xavierNormal"
  | "orthogonal"
  | "truncNormal"
  | "uniform"
  | "normal";

const kaiming = ["mode", "nonlinearity", "negativeSlope"] as const;

/** The initializers, those that look at the fan first. */
export const initializers: Readonly<Record<ExploreInitializer, Initializer>> = {
  kaimingUniform: { fill: kaimingUniform, takes: kaiming },
  kaimingNormal: { fill: kaimingNormal, takes: kaiming },
  xavierUniform: { fill: xavierUniform, takes: ["gain"] },
  xavierNormal: { fill: xavierNormal, takes: ["gain"] },
  orthogonal: { fill: orthogonal, takes: ["gain"] },
  truncNormal: { fill: truncNormal, takes: ["mean", "std", "low", "high"] },
  uniform: { fill: uniform, takes: ["low", "high"] },
  normal: { fill: normal, takes: ["mean", "std"] },
};

/** The nonlinearity whose gain has a slope. */
const sloped = "leaky_relu";

/**
 * Returns the options that take effect: no slope where the nonlinearity has
 * none.
 *
 * @param settings The initializer and the nonlinearity.
 */
export function optionsInForce(
  { initializer, nonlinearity }: {
    readonly initializer: ExploreInitializer;
    readonly nonlinearity: string;
  },
): readonly OptionName[] {
  return initializers[initializer].takes.filter((name) =>
    name !== "negativeSlope" || nonlinearity === sloped
  );
}

/** Options of `explore`: what the panel's inputs hold at first. */
export interface ExploreOptions {
  /** Channels of the input, at least 1; a multiple of `groups`. Default: 16. */
  readonly inChannels?: number;
  /** Channels of the output, at least 1; a multiple of `groups`. Default: 33. */
  readonly outChannels?: number;
  /**
   * The size of the kernel along each axis; none for a dense layer. Default:
   * [3, 3].
   */
  readonly kernelSize?: readonly number[];
  /** The step of the kernel, one for all axes or one for each. Default: 1. */
  readonly stride?: number | readonly number[];
  /** Groups of channels without connections between them. Default: 1. */
  readonly groups?: number;
  /** Whether the layer is a transposed convolution. Default: false. */
  readonly transposed?: boolean;
  /** The initializer, as it is called in `init`. Default: kaimingUniform. */
  readonly initializer?: ExploreInitializer;
  /** The fan that kaiming scales by. Default: fan_in. */
  readonly mode?: FanMode;
  /** The nonlinearity that kaiming scales for. Default: relu. */
  readonly nonlinearity?: Nonlinearity;
  /** The slope of leaky_relu below 0. Default: 0.01. */
  readonly negativeSlope?: number;
  /** The factor of xavier and orthogonal. Default: 1. */
  readonly gain?: number;
  /** The mean of normal and truncNormal. Default: 0. */
  readonly mean?: number;
  /** The std of normal, and of truncNormal before its cut. Default: 0.02. */
  readonly std?: number;
  /** The lower end of uniform and truncNormal. Default: −0.04. */
  readonly low?: number;
  /** The upper end of uniform and truncNormal. Default: 0.04. */
  readonly high?: number;
  /** The generator's seed, as for `new Generator`. Default: 0. */
  readonly seed?: number | bigint;
}

/** The options with their defaults. */
export type ExploreSettings = Required<ExploreOptions>;

const defaults: ExploreSettings = {
  inChannels: 16,
  outChannels: 33,
  kernelSize: [3, 3],
  stride: 1,
  groups: 1,
  transposed: false,
  initializer: "kaimingUniform",
  mode: "fan_in",
  nonlinearity: "relu",
  negativeSlope: 0.01,
  gain: 1,
  mean: 0,
  std: 0.02,
  low: -0.04,
  high: 0.04,
  seed: 0,
};

const action = "explore";

/** What `mode` may be. */
export const modes: readonly FanMode[] = ["fan_in", "fan_out"];

/** A page draws so many elements at each key that is pressed. */
const mostElements = 2 ** 20;
/** An orthogonal matrix takes time by its elements times its smaller side. */
const mostOrthogonal = 2 ** 26;

/**
 * Returns the settings that options say, all checked but for the stride and
 * the seed, which `fan` and `Generator` check.
 *
 * @param options The options.
 * @throws {TypeError} If an option is unknown or of a wrong kind.
 * @throws {RangeError} If an option is out of its interval or does not fit
 * another, or the weight has more than 2^20 elements.
 */
function readSettings(options: ExploreOptions): ExploreSettings {
  const settings = withDefaults(action, options, defaults);
  for (const name of ["inChannels", "outChannels", "groups"] as const) {
    checkCount(action, name, settings[name], 1);
  }
  checkKernel(settings.kernelSize);
  if (typeof settings.transposed !== "boolean") {
    throw refusal(TypeError, "transposed", "true or false", settings);
  }
  checkGroups(action, settings);
  if (!Object.hasOwn(initializers, settings.initializer)) {
    const names = Object.keys(initializers).join(", ");
    throw refusal(RangeError, "initializer", `one of ${names}`, settings);
  }
  if (!modes.includes(settings.mode)) {
    throw refusal(RangeError, "mode", `one of ${modes.join(", ")}`, settings);
  }
  calculateGain(settings.nonlinearity, settings.negativeSlope);
  for (const name of ["gain", "mean", "std", "low", "high"] as const) {
    checkFinite(action, name, settings[name]);
  }
  checkSize(settings);
  return settings;
}

/**
 * Returns the shape of the weight: `[out, in / groups, ...kernel]`, transposed
 * `[in, out / groups, ...kernel]`.
 *
 * @param settings The settings.
 */
function shapeOf(settings: ExploreSettings): Shape {
  const { inChannels, outChannels, kernelSize, groups, transposed } = settings;
  return transposed
    ? [inChannels, outChannels / groups, ...kernelSize]
    : [outChannels, inChannels / groups, ...kernelSize];
}

function checkKernel(kernelSize: unknown): void {
  if (!Array.isArray(kernelSize)) {
    throw refusal(TypeError, "kernelSize", "an array of sizes", { kernelSize });
  }
  for (const size of Array.from(kernelSize)) {
    checkCount(action, "kernelSize", size, 1);
  }
}

function checkSize(settings: ExploreSettings): void {
  const shape = shapeOf(settings);
  const count = elementCount(shape);
  const rows = shape[0];
  const work = count * Math.min(rows, count / rows);
  const orthogonal = settings.initializer === "orthogonal";
  if (count > mostElements || orthogonal && work > mostOrthogonal) {
    throw new RangeError(
      cannot(
        action,
        `the weight must have at most ${
          count > mostElements
            ? `${mostElements} elements`
            : `${mostOrthogonal} elements times its smaller side`
        }`,
        `${count > mostElements ? count : work} for shape ${
          formatShape(shape)
        }`,
      ),
    );
  }
}

function refusal(
  kind: typeof RangeError | typeof TypeError,
  name: string,
  wanted: string,
  settings: object,
): Error {
  const value = settings[name as keyof typeof settings];
  return new kind(
    cannot(action, `${name} must be ${wanted}`, describe(value)),
  );
}

/** A weight and what is known of it. */
export interface Explored {
  /** What was asked for. */
  readonly settings: ExploreSettings;
  /** The weight, filled. */
  readonly weight: Tensor<"float32">;
  /** The fan by which initializers scale: as PyTorch counts. */
  readonly counted: ShownFan;
  /** The fan by connections: groups, stride and direction are seen. */
  readonly connected: ShownFan;
}

/**
 * Returns a weight filled as the options say.
 *
 * @param options The layer, the initializer and the seed.
 * @throws {TypeError} If an option is unknown or of a wrong kind.
 * @throws {RangeError} If an option is out of its interval or does not fit
 * another, or the weight has more than 2^20 elements.
 */
export function explored(options: ExploreOptions): Explored {
  const settings = readSettings(options);
  const { transposed, groups, stride, kernelSize, seed } = settings;
  const shape = shapeOf(settings);
  const counted = fan(shape);
  const connected = fan(shape, {
    transposed,
    groups,
    // A dense layer has no axis for a stride; 1 is no stride.
    stride: kernelSize.length === 0 && stride === 1 ? undefined : stride,
  });
  const generator = new Generator(seed);
  const chosen = Object.fromEntries(
    optionsInForce(settings).map((name) => [name, settings[name]]),
  );
  const { fill } = initializers[settings.initializer];
  const weight = empty(shape);
  fill(weight, { ...chosen, generator });
  return { settings, weight, counted, connected };
}

/**
 * Returns the call that fills the weight, as code.
 *
 * @param found What was explored.
 */
export function codeOf({ settings, weight }: Explored): string {
  const { initializer, seed } = settings;
  const literal = Number.isSafeInteger(Number(seed)) ? `${seed}` : `${seed}n`;
  const options = [
    ...optionsInForce(settings).map((name) =>
      `${name}: ${JSON.stringify(settings[name])}`
    ),
    `generator: new Generator(${literal})`,
  ];
  return `init.${initializer}(empty(${
    JSON.stringify(weight.shape).replaceAll(",", ", ")
  }), { ${options.join(", ")} })`;
}

/** So many values are listed. */
const listed = 8;

/**
 * Returns the first values, each with as few digits as tell it from all other
 * float32 numbers.
 *
 * @param found What was explored.
 */
export function firstValues({ weight }: Explored): string[] {
  return Array.from(weight.data.subarray(0, listed), (value) => {
    for (let digits = 1;; digits++) {
      const text = String(Number(value.toPrecision(digits)));
      if (Math.fround(Number(text)) === value) return text;
    }
  });
}
