/**
 * The settings of an explorer: a layer, an initializer with its options, and a
 * seed.
 *
 * @module
 */

import {
  cannot,
  count,
  counts,
  flag,
  oneOf,
  type Option,
  readOptions,
} from "../../core/options.ts";
import { elementCount, formatShape, type Shape } from "../../core/shape.ts";
import { empty, type Tensor } from "../../core/tensor.ts";
import { type FanMode, initializers } from "../../init/initializers.ts";
import {
  fanOfShape,
  type Nonlinearity,
  type ShownFan,
} from "../../init/scaling.ts";
import { Generator } from "../../random/torch/generator.ts";

/** Options of `explore`: what the panel's inputs hold at first. */
export interface ExploreOptions {
  /** Channels of the input, at least 1; a multiple of `groups`. Default: 16. */
  readonly inChannels?: number;
  /** Channels of the output, at least 1; a multiple of `groups`. Default: 33. */
  readonly outChannels?: number;
  /**
   * The kernel of a `Conv2d` as one number, which counts for both axes; or a
   * size for each axis, none for a dense layer. Default: [3, 3].
   */
  readonly kernelSize?: number | readonly number[];
  /** The step of the kernel, one for all axes or one for each. Default: 1. */
  readonly stride?: number | readonly number[];
  /**
   * Groups of channels without connections between them; dirac's blocks, too.
   * Default: 1.
   */
  readonly groups?: number;
  /** Whether the layer is a transposed convolution. Default: false. */
  readonly transposed?: boolean;
  /** The initializer's name in `init`. Default: kaimingUniform. */
  readonly initializer?: string;
  /** What kaiming and varianceScaling scale by. Default: fan_in. */
  readonly mode?: FanMode | "fan_avg" | "fan_geo_avg";
  /** The nonlinearity that kaiming scales for. Default: relu. */
  readonly nonlinearity?: Nonlinearity;
  /** The slope of leaky_relu below 0. Default: 0.01. */
  readonly negativeSlope?: number;
  /** The factor of xavier, orthogonal and deltaOrthogonal. Default: 1. */
  readonly gain?: number;
  /** The factor of varianceScaling on the variance. Default: 1. */
  readonly scale?: number;
  /** What varianceScaling draws from. Default: truncatedNormal. */
  readonly distribution?: "truncatedNormal" | "normal" | "uniform";
  /** The mean of normal and truncNormal. Default: 0. */
  readonly mean?: number;
  /**
   * The std of normal, of truncNormal before its cut, and of what sparse leaves.
   * Default: 0.02.
   */
  readonly std?: number;
  /** The lower end of uniform and truncNormal. Default: −0.04. */
  readonly low?: number;
  /** The upper end of uniform and truncNormal. Default: 0.04. */
  readonly high?: number;
  /** The value of constant. Default: 0.1. */
  readonly value?: number;
  /** The share of each column that sparse sets to 0. Default: 0.1. */
  readonly sparsity?: number;
  /** The generator's seed, as for `new Generator`. Default: 0. */
  readonly seed?: number | bigint;
}

/**
 * The options with their defaults.
 *
 * @internal
 */
export type ExploreSettings =
  & Omit<Required<ExploreOptions>, "kernelSize">
  & {
    /** The size of the kernel along each axis. */
    readonly kernelSize: readonly number[];
  };

/** A setting that is an option of initializers only. */
export type OptionName = Exclude<keyof ExploreOptions, keyof typeof layer>;

/** A weight and what is known of it. */
export interface Explored {
  /** What was asked for. */
  readonly settings: ExploreSettings;
  /** The weight, filled. */
  readonly weight: Tensor<"float32">;
  /** The fan that initializers use: as PyTorch counts. */
  readonly counted: ShownFan;
  /** The fan by connections: groups, stride and direction are seen. */
  readonly connected: ShownFan;
}

/** The initializers of the registry, those first that look at the fan. */
export const explorable: readonly string[] = [
  ...new Set([
    "kaimingUniform",
    "kaimingNormal",
    "xavierUniform",
    "xavierNormal",
    "varianceScaling",
    "lecunUniform",
    "lecunNormal",
    "orthogonal",
    "deltaOrthogonal",
    "truncNormal",
    ...Object.keys(initializers),
  ]),
];

/** The nonlinearity whose gain has a slope. */
const sloped = "leaky_relu";

/** What the inputs hold at first where that is not an initializer's default. */
const start: Readonly<Record<string, unknown>> = {
  nonlinearity: "relu",
  negativeSlope: 0.01,
  std: 0.02,
  low: -0.04,
  high: 0.04,
  value: 0.1,
  sparsity: 0.1,
};

/** The settings that are no options of an initializer. */
const layer = {
  inChannels: count(1, 16),
  outChannels: count(1, 33),
  kernelSize: kernel([3, 3]),
  // `fan` checks it against the kernel, and the generator its seed.
  stride: unread<number | readonly number[]>(1),
  groups: count(1, 1),
  transposed: flag(false),
  initializer: oneOf(explorable, "kaimingUniform"),
  seed: unread<number | bigint>(0),
};

/** The options of all that can be explored, each once, as the inputs stand. */
export const optionTable = Object.fromEntries(
  explorable.flatMap((initializer) =>
    optionsOf(initializer).filter((name) => !Object.hasOwn(layer, name))
      .map((name) => [name, anyOf(name)])
  ),
) as Readonly<Record<OptionName, Option<unknown>>>;

const action = "explore";

/** The most elements that a page draws at each key press. */
const mostElements = 2 ** 20;
/** An orthogonal matrix takes time by its elements times its smaller side. */
const mostOrthogonal = 2 ** 26;
/** The number of listed values. */
const listed = 8;

/**
 * Returns the options that take effect, groups among them: no slope where the
 * nonlinearity has none.
 *
 * @param settings The initializer and the nonlinearity.
 */
export function optionsInForce(
  { initializer, nonlinearity }: {
    readonly initializer: string;
    readonly nonlinearity: string;
  },
): readonly OptionName[] {
  return optionsOf(initializer).filter((name) =>
    name !== "negativeSlope" || nonlinearity === sloped
  );
}

/**
 * Returns the option of an initializer.
 *
 * @param initializer The initializer.
 * @param name The option.
 */
export function optionOf(
  initializer: string,
  name: OptionName,
): Option<unknown> {
  return (initializers[initializer].options as typeof optionTable)[name];
}

/**
 * Returns a weight filled as the options say.
 *
 * @param options The layer, the initializer and the seed.
 * @throws {TypeError} If an option is unknown or of the wrong kind.
 * @throws {RangeError} If an option is out of its interval or does not fit
 * another, or the weight has more than 2^20 elements.
 */
export function explored(options: ExploreOptions): Explored {
  const table = { ...layer, ...optionTable };
  const settings = readOptions(action, options, table) as ExploreSettings;
  checkGroups(settings);
  checkSize(settings);
  const { transposed, groups, stride, kernelSize, seed } = settings;
  const shape = shapeOf(settings);
  const counted = fanOfShape(shape);
  const connected = fanOfShape(shape, {
    transposed,
    groups,
    // A dense layer has no axis for a stride; 1 is no stride.
    stride: kernelSize.length === 0 && stride === 1 ? undefined : stride,
  });
  const initializer = initializers[settings.initializer];
  const generator = new Generator(seed);
  const chosen = Object.fromEntries(
    optionsInForce(settings).map((name) => [name, settings[name]]),
  );
  const weight = empty(shape);
  initializer(weight, initializer.random ? { ...chosen, generator } : chosen);
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
    ...initializers[initializer].random
      ? [`generator: new Generator(${literal})`]
      : [],
  ];
  const given = options.length === 0 ? "" : `, { ${options.join(", ")} }`;
  return `init.${initializer}(empty(${
    JSON.stringify(weight.shape).replaceAll(",", ", ")
  })${given})`;
}

/**
 * Returns the class of the layer that has such a weight, as `Conv2d`; none where
 * `nn` has no such layer.
 *
 * @param found What was explored.
 */
export function layerOf({ settings }: Explored): string | undefined {
  const { kernelSize: { length }, transposed, groups } = settings;
  if (length > 3) return undefined;
  if (length > 0) return `Conv${transposed ? "Transpose" : ""}${length}d`;
  return transposed || groups > 1 ? undefined : "Linear";
}

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

/** The options that an input can hold; the slope after what it depends on. */
function optionsOf(initializer: string): OptionName[] {
  const { options } = initializers[initializer];
  return Object.entries(options as typeof optionTable)
    .filter(([, { asText = true, insteadOf }]) => asText && !insteadOf)
    .map(([name]) => name as OptionName)
    .sort((a, b) =>
      Number(a === "negativeSlope") - Number(b === "negativeSlope")
    );
}

function checkGroups(settings: ExploreSettings): void {
  const { groups } = settings;
  for (const name of ["inChannels", "outChannels"] as const) {
    if (settings[name] % groups === 0) continue;
    throw new RangeError(
      cannot(
        action,
        `${name} must be a multiple of groups ${groups}`,
        settings[name],
      ),
    );
  }
}

function checkSize(settings: ExploreSettings): void {
  const shape = shapeOf(settings);
  const count = elementCount(shape);
  const rows = shape[0];
  const { initializer } = settings;
  const columns = initializer === "deltaOrthogonal" ? shape[1] : count / rows;
  const work = rows * columns * Math.min(rows, columns);
  const orthogonal = ["orthogonal", "deltaOrthogonal"].includes(initializer);
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

/** `[out, in / groups, ...kernel]`, transposed `[in, out / groups, ...kernel]`. */
function shapeOf(settings: ExploreSettings): Shape {
  const { inChannels, outChannels, kernelSize, groups, transposed } = settings;
  return transposed
    ? [inChannels, outChannels / groups, ...kernelSize]
    : [outChannels, inChannels / groups, ...kernelSize];
}

/** A single number counts for the two axes of a `Conv2d`. */
function kernel(fallback: readonly number[]): Option<readonly number[]> {
  const list = counts(1, fallback);
  return {
    ...list,
    read: (action, name, value) =>
      list.read(
        action,
        name,
        typeof value === "number" ? [value, value] : value,
      ),
  };
}

function unread<T>(fallback: T): Option<T> {
  return { fallback, read: (_action, _name, value) => value as T };
}

/** An option that is kept while another initializer is chosen. */
function anyOf(name: OptionName): Option<unknown> {
  const options = explorable.filter((each) => optionsOf(each).includes(name))
    .map((each) => optionOf(each, name));
  const choices = new Set(options.flatMap(({ choices = [] }) => choices));
  return {
    fallback: start[name] ?? options[0].fallback,
    choices: choices.size > 0 ? [...choices] : undefined,
    read(action, name, value) {
      const fitting = options.find((option) => {
        try {
          option.read(action, name, value);
          return true;
        } catch {
          return false;
        }
      });
      return (fitting ?? options[0]).read(action, name, value);
    },
  };
}
