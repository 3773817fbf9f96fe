/**
 * A function of the caller's as an activation: its slope by differences, its
 * kinks found, and what the theory cannot take refused.
 *
 * @module
 */

import { cannot, checkFinite, describe } from "../core/options.ts";
import type { Curve } from "./activations.ts";

/** What the caller knows of the function. */
export interface OwnCurveOptions {
  /** The derivative. Default: differences of fourth order. */
  readonly derivative?: (x: number) => number;
  /** Where the derivative jumps. Default: looked for in [−16, 16]. */
  readonly kinks?: readonly number[];
}

/** The step of the differences: rounding and curvature both leave 1e-13. */
const step = 1e-3;

/** Kinks are looked for up to here, with this distance at first. */
const [farthest, spacing] = [16, 1 / 32];

/** A kink is told from curvature at this distance, and then found more closely. */
const [telling, closest] = [1e-8, 1e-12];

/** The smallest jump of the slope that counts as a kink. */
const smallestKink = 1e-4;

/** The smallest jump of the value that counts as one. */
const smallestJump = 1e-5;

/**
 * Returns a function of the caller's as an activation.
 *
 * @param action What is being done, for the error message.
 * @param value The function.
 * @param options The derivative and the kinks, if they are known.
 * @throws {TypeError} If the function does not return numbers.
 * @throws {RangeError} If it is not finite, jumps, or grows faster than a line.
 */
export function ownCurve(
  action: string,
  value: (x: number) => number,
  { derivative, kinks }: OwnCurveOptions,
): Curve {
  checkNumbers(action, value);
  checkGrowth(action, value);
  const places = kinks ?? breaksOf(value);
  for (const place of [0, ...places]) checkJump(action, value, place);
  return {
    value,
    slope: derivative ?? slopeOf(value, places),
    kinks: places.filter((place) => place !== 0),
  };
}

function checkNumbers(action: string, value: (x: number) => unknown): void {
  for (const x of [-64, -3.7, -1, -0.1, 0, 0.1, 1, 3.7, 64]) {
    const y = value(x);
    if (typeof y !== "number") {
      throw new TypeError(
        cannot(action, "activation must return a number", describe(y)),
      );
    }
    checkFinite(action, `activation(${x})`, y);
  }
}

/** With faster growth no variance but 0 is kept: a large one explodes. */
function checkGrowth(action: string, value: (x: number) => number): void {
  for (const far of [-64, 64]) {
    const [one, two] = [Math.abs(value(far)), Math.abs(value(2 * far))];
    if (two <= 2.5 * one + 1) continue;
    throw new RangeError(
      cannot(
        action,
        "activation must grow no faster than a line, or variances explode from layer to layer",
        `${two} at ${2 * far} after ${one} at ${far}`,
      ),
    );
  }
}

function checkJump(
  action: string,
  value: (x: number) => number,
  place: number,
): void {
  const near = telling * Math.max(1, Math.abs(place));
  const jump = Math.abs(value(place + near) - value(place - near));
  if (!(jump > smallestJump)) return;
  throw new RangeError(
    cannot(
      action,
      "activation must be continuous, since a jump has no finite slope",
      `a jump of ${Number(jump.toPrecision(3))} at ${place}`,
    ),
  );
}

/** Returns the places at which the value or the slope jumps. */
function breaksOf(value: (x: number) => number): number[] {
  const count = 2 * farthest / spacing;
  const bends = Array.from(
    { length: count + 1 },
    (_, i) => bendOf(value, i * spacing - farthest, spacing),
  );
  const found = new Set<number>();
  bends.forEach((bend, i) => {
    const isPeak = bend >= (bends[i - 1] ?? 0) && bend >= (bends[i + 1] ?? 0);
    if (!isPeak || !(bend > smallestKink * telling)) return;
    const place = breakNear(value, i * spacing - farthest);
    if (place !== undefined) found.add(place);
  });
  return [...found].sort((a, b) => a - b);
}

/** |f(x − d) − 2 f(x) + f(x + d)|: d² of a curve, d of a kink, 1 of a jump. */
function bendOf(
  value: (x: number) => number,
  x: number,
  distance: number,
): number {
  return Math.abs(value(x - distance) - 2 * value(x) + value(x + distance));
}

/** Follows the largest bend to ever shorter distances. */
function breakNear(
  value: (x: number) => number,
  start: number,
): number | undefined {
  let [place, distance, told] = [start, spacing, false];
  while (distance > closest * Math.max(1, Math.abs(place))) {
    distance /= 2;
    const bends = [-distance, 0, distance].map((by) =>
      bendOf(value, place + by, distance)
    );
    const largest = Math.max(...bends);
    place += (bends.indexOf(largest) - 1) * distance;
    if (!told && distance < telling) {
      if (!(largest > smallestKink * distance)) return undefined;
      told = true;
    }
  }
  return shortest(place, 2 * telling);
}

/** Returns the number with the fewest digits near a place: kinks are round. */
function shortest(place: number, near: number): number {
  for (let digits = 1; digits < 7; digits++) {
    const round = Number(place.toPrecision(digits));
    if (Math.abs(round - place) < near) return round;
  }
  return Math.abs(place) < near ? 0 : place;
}

/** Differences of fourth order; beside a kink from its own side. */
function slopeOf(
  value: (x: number) => number,
  kinks: readonly number[],
): (x: number) => number {
  const breaks = [...new Set([0, ...kinks])];
  const h = step;
  return (x) => {
    const near = breaks.find((place) => Math.abs(x - place) < 2 * h);
    if (near === undefined) {
      return (value(x - 2 * h) - 8 * value(x - h) + 8 * value(x + h) -
        value(x + 2 * h)) / (12 * h);
    }
    const d = x > near ? h : -h;
    return (-25 * value(x) + 48 * value(x + d) - 36 * value(x + 2 * d) +
      16 * value(x + 3 * d) - 3 * value(x + 4 * d)) / (12 * d);
  };
}
