/**
 * The activation of a stack as it may be given, and the weights and biases that
 * go with it if nothing else is said.
 *
 * @module
 */

import { cannot, describe, isPlain, oneOf } from "../core/options.ts";
import { nonlinearities, type Nonlinearity } from "../init/scaling.ts";
import {
  type Activation,
  activations,
  type Curve,
  curveOf,
} from "./activations.ts";
import { type Criticality, criticalityOf } from "./criticality.ts";
import type { Filler } from "./filling.ts";
import { ownCurve } from "./own_curve.ts";

/**
 * An activation: a name, a function of one number, or what `criticality`
 * returned.
 *
 * @internal
 */
export type ActivationLike =
  | Activation
  | ((x: number) => number)
  | Pick<Criticality, "activation" | "curve">;

/** An activation that is read. */
export interface NamedCurve {
  /** Its name. */
  readonly name: string;
  /** Whether it is the caller's own function, whatever its name. */
  readonly isOwn: boolean;
  /**
   * Returns it with its derivative.
   *
   * @param negativeSlope The slope of leaky_relu below 0.
   */
  readonly curveAt: (negativeSlope: number) => Curve;
}

/** What fills the weights, and the biases' standard deviation. */
interface UsualFilling {
  readonly init: Filler;
  readonly biasStd: number;
}

/** By name: the search for a critical point takes a tenth of a second. */
const known = new Map<string, UsualFilling>();

/**
 * Reads an activation.
 *
 * @param action What is being done, for the error message.
 * @param given What the caller gave.
 * @throws {RangeError} If a name is unknown, or a function cannot be used.
 * @throws {TypeError} If it is of another kind.
 */
export function activationOf(action: string, given: unknown): NamedCurve {
  if (typeof given === "string") {
    const name = oneOf(activations, "relu").read(action, "activation", given);
    return { name, isOwn: false, curveAt: (slope) => curveOf(name, slope) };
  }
  if (typeof given === "function") {
    const curve = ownCurve(action, given as (x: number) => number, {});
    const name = given.name || "a function";
    return { name, isOwn: true, curveAt: () => curve };
  }
  if (isPlain(given) && isPlain(given.curve)) {
    const { activation, curve } = given as unknown as Criticality;
    return { name: activation, isOwn: true, curveAt: () => curve };
  }
  throw new TypeError(
    cannot(
      action,
      "activation must be a name, a function of one number, or what criticality returned",
      describe(given),
    ),
  );
}

/**
 * Returns He et al.'s rule with the gain of PyTorch's table; where that has
 * none, with the critical gain and its bias, or else unit gain.
 *
 * @param activation The activation.
 * @param negativeSlope The slope of leaky_relu below 0.
 */
export function usualFilling(
  { name: activation, isOwn, curveAt }: NamedCurve,
  negativeSlope: number,
): UsualFilling {
  const name = "kaimingNormal";
  if (!isOwn && (nonlinearities as readonly string[]).includes(activation)) {
    const nonlinearity = activation as Nonlinearity;
    const init = nonlinearity === "leaky_relu"
      ? { name, nonlinearity, negativeSlope } as const
      : { name, nonlinearity } as const;
    return { init, biasStd: 0 };
  }
  const found = isOwn ? undefined : known.get(activation);
  if (found !== undefined) return found;
  const curve = curveAt(negativeSlope);
  const { critical, unitGain } = criticalityOf(activation, curve);
  const gain = critical ? Math.sqrt(critical.weightVariance) : unitGain;
  const biasStd = Math.sqrt(critical?.biasVariance ?? 0);
  const usual = { init: { name, gain } as const, biasStd };
  if (!isOwn) known.set(activation, usual);
  return usual;
}
