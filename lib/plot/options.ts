/**
 * Options that all figures take.
 *
 * @module
 */

import { describe, withDefaults } from "../core/options.ts";

/** Options of all figures. */
export interface FigureOptions {
  /** The title. Default: what the values belong to. */
  readonly title?: string;
  /** The width in pixels, in [480, 4000]. Default: 700, or by the content. */
  readonly width?: number;
  /** The height in pixels, in [300, 4000]. Default: by the content. */
  readonly height?: number;
}

const shared: FigureOptions = {
  title: undefined,
  width: undefined,
  height: undefined,
};

/**
 * Returns the options of a figure with their defaults, checked where all
 * figures share them.
 *
 * @param action What is being done, for the error's sentence.
 * @param options What the caller gave.
 * @param defaults The figure's own options.
 * @throws {TypeError} If an option is unknown or of a wrong kind.
 * @throws {RangeError} If a size is out of its interval.
 */
export function figureOptions<T extends object>(
  action: string,
  options: unknown,
  defaults: T,
): T & FigureOptions {
  const given = withDefaults(action, options, { ...shared, ...defaults });
  if (given.title !== undefined && typeof given.title !== "string") {
    throw new TypeError(
      `Cannot ${action} as title must be a string: current value is ${
        describe(given.title)
      }`,
    );
  }
  checkPixels(action, "width", given.width, 480);
  checkPixels(action, "height", given.height, 300);
  return given;
}

function checkPixels(
  action: string,
  name: string,
  pixels: number | undefined,
  fewest: number,
): void {
  if (pixels === undefined) return;
  if (!Number.isInteger(pixels) || pixels < fewest || pixels > 4000) {
    throw new RangeError(
      `Cannot ${action} as ${name} must be an integer in [${fewest}, 4000]: current value is ${
        describe(pixels)
      }`,
    );
  }
}
