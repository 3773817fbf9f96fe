/**
 * What an activation does to variances from layer to layer: gains, fixed points,
 * and where signals and gradients both keep their size.
 *
 * Weights are N(0, C_W / fanIn), biases N(0, C_b), and K is the variance of a
 * layer's pre-activations. Then `K' = C_b + C_W · E[f(√K z)²]`.
 *
 * @see Poole et al., "Exponential expressivity in deep neural networks through
 * transient chaos", 2016; Schoenholz et al., "Deep information propagation",
 * 2017; Roberts, Yaida and Hanin, "The principles of deep learning theory", 2022
 *
 * @module
 */

import { formatNumber } from "../core/format.ts";
import {
  cannot,
  checkFinite,
  describe,
  oneOf,
  type Option,
  readOptions,
  real,
} from "../core/options.ts";
import { showAs } from "../core/show.ts";
import { normalMean } from "../numerics/normal_mean.ts";
import { rootBetween } from "../numerics/root.ts";
import {
  type Activation,
  activations,
  type Curve,
  curveOf,
} from "./activations.ts";
import { ownCurve } from "./own_curve.ts";

/**
 * Options of {@linkcode criticality}.
 *
 * @internal
 */
export interface CriticalityOptions {
  /** The slope of leaky_relu below 0. Default: 0.01. */
  readonly negativeSlope?: number;
  /**
   * The derivative of a function that is no name. Default: differences of
   * fourth order, with an error of about 1e-13 where the function is smooth.
   */
  readonly derivative?: (x: number) => number;
  /**
   * Where the derivative of a function jumps, besides 0. Default: kinks are
   * looked for in [−16, 16]. One that is missed leaves errors of 1e-6.
   */
  readonly kinks?: readonly number[];
}

/**
 * The variances of weights and biases.
 *
 * @internal
 */
export interface WeightRule {
  /** C_W, the weights' variance times the fan-in. Default: unit gain squared. */
  readonly weightVariance?: number;
  /** C_b, the biases' variance. Default: 0. */
  readonly biasVariance?: number;
}

/**
 * A variance that a layer passes on as it is.
 *
 * @internal
 */
export interface FixedPoint {
  /** K. */
  readonly variance: number;
  /** dK'/dK, the factor on a small deviation of the variance. */
  readonly chiParallel: number;
  /** The factor on the mean square of gradients, per layer. */
  readonly chiPerpendicular: number;
  /** Whether variances nearby come nearer. */
  readonly stable: boolean;
}

/**
 * Where χ∥ = χ⊥ = 1: signals and gradients keep their size.
 *
 * @internal
 */
export interface CriticalPoint {
  /** K*. */
  readonly variance: number;
  /** C_W. */
  readonly weightVariance: number;
  /** C_b. */
  readonly biasVariance: number;
}

/**
 * Weights and biases with χ⊥ = 1 at a stable variance.
 *
 * @internal
 */
export interface ChaosEdge extends CriticalPoint {
  /** dK'/dK there, below 1. */
  readonly chiParallel: number;
}

/**
 * What kind of critical point there is, if any:
 *
 * - `scale-invariant`: every variance is kept, by one gain without bias (relu);
 * - `zero`: at K* = 0 without bias, which the variance nears slowly (tanh);
 * - `half-stable`: at a variance above 0, with a bias, where a deviation to one
 *   side shrinks and to the other side grows (gelu);
 * - `none` (sigmoid).
 *
 * @internal
 */
export type CriticalityKind =
  | "scale-invariant"
  | "zero"
  | "half-stable"
  | "none";

/**
 * What `criticality` returns.
 *
 * @internal
 */
export interface Criticality {
  /** The activation's name, or "a function". */
  readonly activation: string;
  /** The activation and its derivative. */
  readonly curve: Curve;
  /** E[f(z)], for z ~ N(0, 1). */
  readonly mean: number;
  /** E[f(z)²]. */
  readonly square: number;
  /** E[f′(z)²]. */
  readonly slopeSquare: number;
  /** 1 / √E[f(z)²], with which a variance of 1 stays 1. */
  readonly unitGain: number;
  /** 1 / std of f(z): timm's gain, for weights that are standardized. */
  readonly stdGain: number;
  /** dK'/dK at K = 1, unit gain and zero bias. */
  readonly chiParallel: number;
  /** The factor on the mean square of gradients there, per layer. */
  readonly chiPerpendicular: number;
  /** E[f⁴]/E[f²]² − 1: the relative variance of K' is this / width. */
  readonly fluctuation: number;
  /** The fixed points with unit gain and zero bias, ascending. */
  readonly fixedPoints: readonly FixedPoint[];
  /** The critical point; of a scale-invariant activation that with K* = 1. */
  readonly critical: CriticalPoint | null;
  /** What kind of critical point that is. */
  readonly kind: CriticalityKind;
  /** In words: whether there is a stable rule without a bias, and which. */
  readonly advice: string;
  /**
   * Returns K', the variance of the next layer's pre-activations.
   *
   * @param variance K, at least 0.
   * @param rule The variances of weights and biases. Default: unit gain.
   */
  map(variance: number, rule?: WeightRule): number;
  /**
   * Returns the fixed points in [1e-6, 1e4], and 0 if it is one, ascending.
   *
   * @param rule The variances of weights and biases. Default: unit gain.
   */
  fixedPointsOf(rule?: WeightRule): readonly FixedPoint[];
  /**
   * Returns the weights' variance with χ⊥ = 1 at a stable variance; null if
   * there is none.
   *
   * @param biasVariance C_b, above 0.
   */
  edgeOfChaos(biasVariance: number): ChaosEdge | null;
}

/** The moments at a variance K. */
interface Law {
  /** E[f]. */
  mean(variance: number): number;
  /** E[f²]. */
  square(variance: number): number;
  /** d E[f²] / dK, without f″: E[f²·(z² − 1)] / 2K. */
  squareSlope(variance: number): number;
  /** E[f′²]. */
  slopeSquare(variance: number): number;
}

const action = "compute criticality";

const table = {
  negativeSlope: real(0.01),
  derivative: optional("a function", (value) => typeof value === "function"),
  kinks: optional("a list of numbers", Array.isArray),
};

/** Critical points are looked for in [1e-3, 3000], fixed points in [1e-6, 1e4]. */
const criticalPlaces = geometric(1e-3, 3e3, 240);
const fixedPlaces = geometric(1e-6, 1e4, 240);

/** Relative differences below this are rounding, not a sign. */
const noise = 1e-11;

/** A χ this close to 1 is 1. */
const marginal = 1e-6;

/**
 * Returns what an activation does to variances from layer to layer: its gains,
 * its fixed points, and where signals and gradients keep their size.
 *
 * All numbers are at K = 1 with unit gain and zero bias where nothing else is
 * said. Accuracy: within 1e-12, relatively, by quadrature; no second
 * derivative is needed.
 *
 * @param activation A name as in PyTorch, or a function of one number that is
 * continuous and grows no faster than a line.
 * @param options The slope of leaky_relu; the derivative and kinks of a
 * function.
 * @throws {RangeError} If the name is unknown, or the function is not finite,
 * jumps, or grows faster than a line.
 * @throws {TypeError} If the function does not return numbers, or an option is
 * unknown or of a wrong kind.
 *
 * @example
 * ```ts
 * import { criticality, empty, init } from "@fanin/fanin";
 * import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * const gelu = criticality("gelu");
 * assertAlmostEquals(gelu.unitGain, 1.5335304411955355, 1e-12);
 * assert(gelu.chiParallel > 1); // No variance stays with unit gain and no bias.
 * assertAlmostEquals(gelu.critical!.biasVariance, 0.17292239075606597, 1e-9);
 * assertEquals(criticality("relu").kind, "scale-invariant");
 *
 * const abs = criticality(Math.abs);
 * init.kaimingNormal(empty([64, 64]), { gain: abs.unitGain });
 * assertAlmostEquals(abs.unitGain, 1, 1e-12);
 * ```
 */
export function criticality(
  activation: Activation | ((x: number) => number),
  options: CriticalityOptions = {},
): Criticality {
  const given = readOptions(action, options, table);
  const isOwn = typeof activation === "function";
  const curve = isOwn
    ? ownCurve(action, activation, ownOptions(given))
    : curveOf(named(activation), given.negativeSlope);
  const name = isOwn ? activation.name || "a function" : activation;
  return criticalityOf(name, curve);
}

/** Returns the options of a function; a list of kinks is checked. */
function ownOptions({ derivative, kinks }: {
  readonly derivative?: unknown;
  readonly kinks?: unknown;
}): CriticalityOptions {
  for (const kink of kinks as unknown[] ?? []) {
    checkFinite(action, "each kink", kink);
  }
  return { derivative, kinks } as CriticalityOptions;
}

function named(activation: unknown): Activation {
  if (typeof activation === "string") {
    return oneOf(activations, "relu").read(action, "activation", activation);
  }
  throw new TypeError(
    cannot(
      action,
      "activation must be a name or a function of one number",
      describe(activation),
    ),
  );
}

/**
 * Returns what an activation does to variances.
 *
 * @param activation Its name.
 * @param curve The function, its derivative and its kinks.
 */
export function criticalityOf(activation: string, curve: Curve): Criticality {
  const law = lawOf(curve);
  const [mean, square, slopeSquare] = [
    law.mean(1),
    law.square(1),
    law.slopeSquare(1),
  ];
  const unit = { weightVariance: 1 / square, biasVariance: 0 };
  const complete = (rule: WeightRule) => ({ ...unit, ...rule });
  const critical = criticalPointOf(curve, law);
  const found = {
    activation,
    curve,
    mean,
    square,
    slopeSquare,
    unitGain: square ** -0.5,
    stdGain: (square - mean ** 2) ** -0.5,
    chiParallel: law.squareSlope(1) / square,
    chiPerpendicular: slopeSquare / square,
    fluctuation:
      normalMean((x) => curve.value(x) ** 4, { breaks: curve.kinks }) /
        square ** 2 - 1,
    fixedPoints: fixedPointsOf(curve, law, unit, 1),
    critical: critical.point,
    kind: critical.kind,
  };
  return showAs(
    {
      ...found,
      advice: adviceOf(found),
      map(variance: number, rule: WeightRule = {}) {
        const { weightVariance, biasVariance } = complete(rule);
        return biasVariance + weightVariance * law.square(variance);
      },
      fixedPointsOf: (rule: WeightRule = {}) =>
        fixedPointsOf(curve, law, complete(rule), critical.point?.variance),
      edgeOfChaos: (biasVariance: number) => edgeOfChaos(law, biasVariance),
    },
    "criticality",
    criticalityText,
  );
}

function lawOf({ value, slope, kinks: breaks }: Curve): Law {
  const at = (variance: number) => ({ std: Math.sqrt(variance), breaks });
  return {
    mean: (variance) => normalMean(value, at(variance)),
    square: (variance) => normalMean((x) => value(x) ** 2, at(variance)),
    squareSlope: (variance) =>
      normalMean((x, z) => value(x) ** 2 * (z * z - 1), at(variance)) /
      (2 * variance),
    slopeSquare: (variance) => normalMean((x) => slope(x) ** 2, at(variance)),
  };
}

/** Solves χ∥ = χ⊥, which leaves both 1 by the choice of C_W; then tries K* = 0. */
function criticalPointOf(
  curve: Curve,
  law: Law,
): { point: CriticalPoint | null; kind: CriticalityKind } {
  const isOne = (chi: number) => Math.abs(chi - 1) < marginal;
  const scale = 1 / law.square(1);
  if (
    isOne(scale * law.squareSlope(1)) && isOne(scale * law.slopeSquare(1)) &&
    isOne(scale * law.square(0.25) / 0.25)
  ) {
    const point = { variance: 1, weightVariance: scale, biasVariance: 0 };
    return { point, kind: "scale-invariant" };
  }
  const gap = (variance: number) =>
    law.squareSlope(variance) - law.slopeSquare(variance);
  const places = criticalPlaces;
  for (const variance of rootsOf(gap, places, law.slopeSquare)) {
    const weightVariance = 1 / law.slopeSquare(variance);
    const biasVariance = variance - weightVariance * law.square(variance);
    if (biasVariance < 0) continue;
    const point = { variance, weightVariance, biasVariance };
    return { point, kind: "half-stable" };
  }
  const atZero = slopeSquareAtZero(curve);
  if (curve.value(0) !== 0 || !(atZero > 0)) {
    return { point: null, kind: "none" };
  }
  const rule = { weightVariance: 1 / atZero, biasVariance: 0 };
  return isStable(law, rule, 0, 1)
    ? { point: { variance: 0, ...rule }, kind: "zero" }
    : { point: null, kind: "none" };
}

/** The mean of f′² over both sides of 0. */
function slopeSquareAtZero({ slope }: Curve): number {
  return (slope(0) ** 2 + slope(Number.MIN_VALUE) ** 2) / 2;
}

function fixedPointsOf(
  curve: Curve,
  law: Law,
  rule: Required<WeightRule>,
  known?: number,
): FixedPoint[] {
  const { weightVariance, biasVariance } = rule;
  const drift = (variance: number) =>
    biasVariance + weightVariance * law.square(variance) - variance;
  const point = (variance: number): FixedPoint => {
    const [along, across] = variance === 0
      ? [slopeSquareAtZero(curve), slopeSquareAtZero(curve)]
      : [law.squareSlope(variance), law.slopeSquare(variance)];
    const chiParallel = weightVariance * along;
    return {
      variance,
      chiParallel,
      chiPerpendicular: weightVariance * across,
      stable: isStable(law, rule, variance, chiParallel),
    };
  };
  const roots = rootsOf(drift, fixedPlaces, (variance) => variance);
  // A double root, as at a half-stable point, changes no sign.
  const isKnown = known !== undefined && known > 0 &&
    Math.abs(drift(known)) < noise * known;
  const others = isKnown
    ? roots.filter((root) => Math.abs(root / known - 1) > marginal)
    : roots;
  const isZero = curve.value(0) === 0 && biasVariance === 0;
  return [...isZero ? [0] : [], ...isKnown ? [known] : [], ...others]
    .sort((a, b) => a - b).map(point);
}

/** Whether a deviation shrinks; if χ∥ is 1, whether the next order says so. */
function isStable(
  law: Law,
  { weightVariance, biasVariance }: Required<WeightRule>,
  variance: number,
  chiParallel: number,
): boolean {
  if (Math.abs(chiParallel - 1) >= marginal) return Math.abs(chiParallel) < 1;
  const away = variance === 0 ? 0.05 : variance * 1e-3;
  const drift = (from: number) =>
    (biasVariance + weightVariance * law.square(from) - from) / from;
  return drift(variance + away) < -1e-9 &&
    (variance === 0 || drift(variance - away) > 1e-9);
}

/** Parametric in K: C_W = 1 / E[f′²] and the C_b that makes K a fixed point. */
function edgeOfChaos(law: Law, biasVariance: number): ChaosEdge | null {
  if (!(biasVariance > 0 && biasVariance < Infinity)) {
    throw new RangeError(
      cannot(
        "find the edge of chaos",
        "the biases' variance must be above 0",
        describe(biasVariance),
      ),
    );
  }
  const biasAt = (variance: number) =>
    variance - law.square(variance) / law.slopeSquare(variance);
  const roots = rootsOf(
    (variance) => biasAt(variance) - biasVariance,
    fixedPlaces,
    () => biasVariance,
  );
  const edges = roots.map((variance) => {
    const weightVariance = 1 / law.slopeSquare(variance);
    const chiParallel = weightVariance * law.squareSlope(variance);
    return { variance, weightVariance, biasVariance, chiParallel };
  });
  return edges.find(({ chiParallel }) => chiParallel < 1) ?? null;
}

/** Returns the roots between places at which the signs differ by more than noise. */
function rootsOf(
  f: (x: number) => number,
  places: readonly number[],
  scale: (x: number) => number,
): number[] {
  const signs = places.map((place) => {
    const value = f(place);
    return Math.abs(value) > noise * scale(place) ? Math.sign(value) : 0;
  });
  return places.slice(1).flatMap((place, i) =>
    signs[i] * signs[i + 1] < 0 ? [rootBetween(f, places[i], place)] : []
  );
}

function geometric(low: number, high: number, count: number): number[] {
  return Array.from(
    { length: count },
    (_, i) => low * (high / low) ** (i / (count - 1)),
  );
}

function optional(
  what: string,
  isRight: (value: unknown) => boolean,
): Option<unknown> {
  return {
    read(action, name, value) {
      if (value === undefined || isRight(value)) return value;
      throw new TypeError(
        cannot(action, `${name} must be ${what}`, describe(value)),
      );
    },
  };
}

function adviceOf(
  { kind, critical, chiParallel, chiPerpendicular, fixedPoints }: Pick<
    Criticality,
    "kind" | "critical" | "chiParallel" | "chiPerpendicular" | "fixedPoints"
  >,
): string {
  const gain = formatNumber(Math.sqrt(critical?.weightVariance ?? NaN));
  const [along, across] = [chiParallel, chiPerpendicular].map((chi) =>
    formatNumber(chi)
  );
  const isStable = fixedPoints.some(({ variance, stable }) =>
    variance === 1 && stable
  );
  const unit = isStable
    ? `With unit gain and no bias the variance settles at 1, while each layer multiplies the gradient's mean square by ${across}.`
    : `With unit gain and no bias a variance of 1 is unstable: each layer multiplies a deviation by ${along}.`;
  switch (kind) {
    case "scale-invariant":
      return `A gain of ${gain} without bias keeps every variance, and gradients.`;
    case "zero":
      return `A gain of ${gain} without bias is critical: gradients keep their size, and the variance falls slowly toward 0. ${unit}`;
    case "half-stable": {
      const { variance, biasVariance } = critical!;
      const bias = formatNumber(Math.sqrt(biasVariance));
      return `No stable rule without bias. ${unit} With a gain of ${gain} and a bias of std ${bias}, both signals and gradients keep their size at a variance of ${
        formatNumber(variance)
      }.`;
    }
    case "none":
      return `No critical point: signals and gradients do not keep their size at once. ${unit}`;
  }
}

/** Returns the numbers, one a line. */
function criticalityText(found: Criticality): string {
  const rows: [string, number][] = [
    ["unit gain", found.unitGain],
    ["std gain", found.stdGain],
    ["χ∥", found.chiParallel],
    ["χ⊥", found.chiPerpendicular],
    ["fluctuation", found.fluctuation],
  ];
  const points = found.fixedPoints.map(({ variance, stable }) =>
    `${formatNumber(variance)} (${stable ? "stable" : "not stable"})`
  );
  return [
    `${found.activation} · ${found.kind}`,
    ...rows.map(([name, value]) =>
      `${name.padEnd(12)} ${formatNumber(value, 8)}`
    ),
    `${"fixed points".padEnd(12)} ${points.join(", ") || "none"}`,
    found.advice,
  ].join("\n");
}
