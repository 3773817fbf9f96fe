/**
 * Activation functions as layers. They have no parameters and compute nothing
 * here: they are places in a model.
 *
 * @module
 */

import { flag, oneOf, real } from "../core/options.ts";
import type { LayerArguments, LayerOptions } from "./arguments.ts";
import { Plain } from "./plain.ts";
import { formatFloat } from "./python.ts";

/** Arguments of activations that may overwrite their input, by name. */
export interface InplaceOptions extends LayerOptions {
  /** Whether the input is overwritten. Default: false. */
  readonly inplace?: boolean;
}

/** What activations share that only may overwrite their input. */
export abstract class InplaceActivation extends Plain {
  /** Whether the input is overwritten. */
  declare readonly inplace: boolean;

  /**
   * Makes the layer.
   *
   * @param given `inplace`, or an object of options.
   * @throws {TypeError} If an argument is of the wrong kind, or unknown.
   */
  constructor(...given: LayerArguments<[inplace: boolean], InplaceOptions>) {
    super(given, { inplace: flag(false) });
  }

  /** Returns the arguments that the layer's text shows. */
  override extraRepr(): string {
    return this.inplace ? "inplace=True" : "";
  }
}

/**
 * `max(0, x)`.
 *
 * @see `torch.nn.ReLU`, PyTorch 2.13.0
 *
 * @example
 * ```ts
 * import { nn } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * const model = new nn.Sequential(
 *   new nn.Linear(4, 8),
 *   new nn.ReLU(),
 *   new nn.Linear(8, 2),
 * );
 * const names = model.namedParameters().map(([name]) => name);
 * assertEquals(names, ["0.weight", "0.bias", "2.weight", "2.bias"]);
 * assertEquals(String(new nn.ReLU(true)), "ReLU(inplace=True)");
 * ```
 */
export class ReLU extends InplaceActivation {}

/**
 * The scaled exponential linear unit.
 *
 * @see `torch.nn.SELU`, PyTorch 2.13.0
 */
export class SELU extends InplaceActivation {}

/**
 * `x · sigmoid(x)`.
 *
 * @see `torch.nn.SiLU`, PyTorch 2.13.0
 */
export class SiLU extends InplaceActivation {}

/**
 * `x · tanh(log(1 + exp(x)))`.
 *
 * @see `torch.nn.Mish`, PyTorch 2.13.0
 */
export class Mish extends InplaceActivation {}

/** Arguments of {@linkcode LeakyReLU} by name. */
export interface LeakyReLUOptions extends InplaceOptions {
  /** The slope below 0. Default: 0.01. */
  readonly negativeSlope?: number;
}

/**
 * `x` above 0, `negativeSlope · x` below.
 *
 * @see `torch.nn.LeakyReLU`, PyTorch 2.13.0
 *
 * @example
 * ```ts
 * import { nn } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * const layer = new nn.LeakyReLU({ negativeSlope: 0.2 });
 * assertEquals(String(layer), "LeakyReLU(negative_slope=0.2)");
 * ```
 */
export class LeakyReLU extends Plain {
  /** The slope below 0. */
  declare readonly negativeSlope: number;
  /** Whether the input is overwritten. */
  declare readonly inplace: boolean;

  /**
   * Makes the layer.
   *
   * @param given `negativeSlope, inplace`, and an object of options.
   * @throws {RangeError} If the slope is not finite.
   * @throws {TypeError} If an argument is of the wrong kind, or unknown.
   */
  constructor(
    ...given: LayerArguments<
      [negativeSlope: number, inplace: boolean],
      LeakyReLUOptions
    >
  ) {
    super(given, { negativeSlope: real(0.01), inplace: flag(false) });
  }

  /** Returns the arguments that the layer's text shows. */
  override extraRepr(): string {
    const inplace = this.inplace ? ", inplace=True" : "";
    return `negative_slope=${formatFloat(this.negativeSlope)}${inplace}`;
  }
}

/** Arguments of {@linkcode ELU} by name. */
export interface ELUOptions extends InplaceOptions {
  /** What the function falls to, negated. Default: 1. */
  readonly alpha?: number;
}

/**
 * `x` above 0, `alpha · (exp(x) − 1)` below.
 *
 * @see `torch.nn.ELU`, PyTorch 2.13.0
 *
 * @example
 * ```ts
 * import { nn } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(String(new nn.ELU()), "ELU(alpha=1.0)");
 * ```
 */
export class ELU extends Plain {
  /** What the function falls to, negated. */
  declare readonly alpha: number;
  /** Whether the input is overwritten. */
  declare readonly inplace: boolean;

  /**
   * Makes the layer.
   *
   * @param given `alpha, inplace`, and an object of options.
   * @throws {RangeError} If alpha is not finite.
   * @throws {TypeError} If an argument is of the wrong kind, or unknown.
   */
  constructor(
    ...given: LayerArguments<[alpha: number, inplace: boolean], ELUOptions>
  ) {
    super(given, { alpha: real(1), inplace: flag(false) });
  }

  /** Returns the arguments that the layer's text shows. */
  override extraRepr(): string {
    const inplace = this.inplace ? ", inplace=True" : "";
    return `alpha=${formatFloat(this.alpha)}${inplace}`;
  }
}

/** How the normal distribution function in {@linkcode GELU} is computed. */
export type Approximate = "none" | "tanh";

/** Arguments of {@linkcode GELU} by name. */
export interface GELUOptions extends LayerOptions {
  /** How it is computed. Default: "none". */
  readonly approximate?: Approximate;
}

/**
 * `x · Φ(x)`.
 *
 * @see `torch.nn.GELU`, PyTorch 2.13.0
 *
 * @example
 * ```ts
 * import { nn } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(String(new nn.GELU("tanh")), "GELU(approximate='tanh')");
 * ```
 */
export class GELU extends Plain {
  /** How it is computed. */
  declare readonly approximate: Approximate;

  /**
   * Makes the layer.
   *
   * @param given `approximate`, or an object of options.
   * @throws {RangeError} If it is neither "none" nor "tanh".
   * @throws {TypeError} If an option is unknown.
   */
  constructor(
    ...given: LayerArguments<[approximate: Approximate], GELUOptions>
  ) {
    super(given, { approximate: oneOf(["none", "tanh"], "none") });
  }

  /** Returns the arguments that the layer's text shows. */
  override extraRepr(): string {
    return `approximate='${this.approximate}'`;
  }
}

/** What layers share that take no arguments. */
export abstract class BareActivation extends Plain {
  /**
   * Makes the layer.
   *
   * @param given An object of options, which changes nothing.
   * @throws {TypeError} If there is any other argument.
   */
  constructor(...given: [options?: LayerOptions]) {
    super(given, {});
  }
}

/**
 * `tanh(x)`.
 *
 * @see `torch.nn.Tanh`, PyTorch 2.13.0
 */
export class Tanh extends BareActivation {}

/**
 * `1 / (1 + exp(−x))`.
 *
 * @see `torch.nn.Sigmoid`, PyTorch 2.13.0
 */
export class Sigmoid extends BareActivation {}
