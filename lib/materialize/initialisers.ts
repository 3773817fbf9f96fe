/**
 * The initialisers by name, with PyTorch's names for them and their options.
 *
 * @module
 */

import type { FloatDtype } from "../core/dtype.ts";
import { describe } from "../core/options.ts";
import type { Tensor } from "../core/tensor.ts";
import * as init from "../init/init.ts";
import type { Generator } from "../random/generator.ts";

/** Options of an initialiser, not yet checked. */
export type InitOptions = Readonly<Record<string, unknown>>;

/** An initialiser. */
export interface Initialiser {
  /** Its name in `init`. */
  readonly name: string;
  /** PyTorch's names for its options, where they differ. */
  readonly torchNames: Readonly<Record<string, string>>;
  /** Whether it has options. */
  readonly hasOptions: boolean;
  /**
   * Fills a tensor.
   *
   * @param tensor The tensor.
   * @param options The options, without a generator.
   * @param generator Where random numbers come from, if it takes some.
   * @throws What the initialiser throws.
   */
  fill(
    tensor: Tensor<FloatDtype>,
    options: InitOptions,
    generator: Generator | undefined,
  ): void;
}

const ends = { a: "low", b: "high" };
const slope = { a: "negativeSlope", negative_slope: "negativeSlope" };

const initialisers: ReadonlyMap<string, Initialiser> = new Map([
  random("uniform", init.uniform, ends),
  random("normal", init.normal),
  random("truncNormal", init.truncNormal, ends),
  random("xavierUniform", init.xavierUniform),
  random("xavierNormal", init.xavierNormal),
  random("kaimingUniform", init.kaimingUniform, slope),
  random("kaimingNormal", init.kaimingNormal, slope),
  random("orthogonal", init.orthogonal),
  random("sparse", init.sparse),
  fixed("constant", init.constant, { val: "value" }),
  fixed("dirac", init.dirac),
  { ...fixed("eye", init.eye), hasOptions: false },
  { ...fixed("ones", init.ones), hasOptions: false },
  { ...fixed("zeros", init.zeros), hasOptions: false },
].map((each) => [each.name, each]));

/**
 * Returns an initialiser by its name in `init` or in `torch.nn.init`, with or
 * without the underscore at the end.
 *
 * @param action What is being done, for the error's sentence.
 * @param name The name.
 * @throws {TypeError} If it is no string.
 * @throws {RangeError} If it names none.
 */
export function initialiserOf(action: string, name: unknown): Initialiser {
  if (typeof name !== "string") {
    throw new TypeError(
      `Cannot ${action} as init must be a string: current value is ${
        describe(name)
      }`,
    );
  }
  const camel = name.replace(/_$/, "")
    .replaceAll(/_([a-z])/g, (_, letter) => letter.toUpperCase());
  const found = initialisers.get(camel);
  if (found !== undefined) return found;
  throw new RangeError(
    `Cannot ${action} as init must be one of ${
      [...initialisers.keys()].join(", ")
    }: current value is ${describe(name)}`,
  );
}

/**
 * Returns options with the names that `init` has for them.
 *
 * @param action What is being done, for the error's sentence.
 * @param initialiser Whose options they are.
 * @param options The options; names may be PyTorch's.
 * @throws {TypeError} If it is no object, an option is given in both ways, or
 * the initialiser has none.
 */
export function optionsOf(
  action: string,
  { name, torchNames, hasOptions }: Initialiser,
  options: unknown,
): InitOptions {
  if (
    typeof options !== "object" || options === null || Array.isArray(options)
  ) {
    throw new TypeError(
      `Cannot ${action} as options must be an object: current value is ${
        describe(options)
      }`,
    );
  }
  const named = new Map<string, unknown>();
  for (const [key, value] of Object.entries(options)) {
    const own = Object.hasOwn(torchNames, key) ? torchNames[key] : key;
    if (!hasOptions || own === "generator" || named.has(own)) {
      throw new TypeError(
        `Cannot ${action} as options of ${name} must ${
          hasOptions ? "come once, and have no generator" : "be none"
        }: current value is ${key}`,
      );
    }
    named.set(own, value);
  }
  return Object.fromEntries(named);
}

/** Fills with options that it checks itself. */
type Filler = (tensor: Tensor<FloatDtype>, options: never) => unknown;

function fixed(
  name: string,
  filler: Filler,
  torchNames: Initialiser["torchNames"] = {},
): Initialiser {
  return {
    name,
    torchNames,
    hasOptions: true,
    fill: (tensor, options) => void filler(tensor, options as never),
  };
}

function random(
  name: string,
  filler: Filler,
  torchNames?: Initialiser["torchNames"],
): Initialiser {
  const { fill, ...rest } = fixed(name, filler, torchNames);
  return {
    ...rest,
    fill: (tensor, options, generator) =>
      fill(tensor, { ...options, generator }, undefined),
  };
}
