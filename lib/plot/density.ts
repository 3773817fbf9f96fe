/**
 * The density that values were drawn from, as a line to draw.
 *
 * It comes from the distribution's parameters, never from the values.
 *
 * @module
 */

import type { Theory } from "../init/theory.ts";
import { formatNumber, rounder } from "./format.ts";

/** A distribution with what is needed to draw it. */
export type Law = Pick<Theory, "distribution" | "mean" | "std" | "bound">;

/** A density as a line. */
export interface Density {
  /** The distribution in a few signs: `U(−0.1, 0.1)`. */
  readonly label: string;
  /** The abscissas. */
  readonly x: readonly number[];
  /** The densities; empty where there is none. */
  readonly y: readonly number[];
  /** Places worth a mark: the bounds, or one std to each side. */
  readonly marks: readonly { readonly x: number; readonly text: string }[];
}

/** A normal density is drawn this far: 2.7e-5 of its area lies outside. */
const reach = 4.2;
/** An even number, so that one point is the peak. */
const segments = 80;

/**
 * Returns the line of a density. Its area by trapezoids is 1 to 1e-4.
 *
 * @param law The distribution.
 */
export function densityOf({ distribution, mean, std, bound }: Law): Density {
  if (distribution === "uniform" && bound !== null) {
    const [low, high] = [mean - bound, mean + bound];
    const height = 1 / (high - low);
    return {
      label: `U(${formatNumber(low)}, ${formatNumber(high)})`,
      x: [low, low, high, high],
      y: [0, height, height, 0],
      marks: [low, high].map((x) => ({ x, text: formatNumber(x) })),
    };
  }
  if (distribution === "normal") {
    const steps = Array.from(
      { length: segments + 1 },
      (_, index) => reach * (2 * index / segments - 1),
    );
    const peak = 1 / (std * Math.sqrt(2 * Math.PI));
    const [place, level] = [rounder(std), rounder(peak)];
    return {
      label: `N(${formatNumber(mean)}, ${formatNumber(std)}²)`,
      x: steps.map((z) => place(mean + z * std)),
      y: steps.map((z) => level(peak * Math.exp(-z * z / 2))),
      marks: [
        { x: mean - std, text: "−std" },
        { x: mean + std, text: "+std" },
      ],
    };
  }
  const label = `constant ${formatNumber(mean)}`;
  return { label, x: [mean, mean], y: [], marks: [] };
}
