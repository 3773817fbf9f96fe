/**
 * Checks of the options that figures share.
 *
 * @module
 */

/** Options of all figures. */
export interface FigureOptions {
  /** The title. Default: what the values belong to. */
  readonly title?: string;
  /** The width in pixels, in [200, 4000]. */
  readonly width?: number;
  /** The height in pixels, in [200, 4000]. */
  readonly height?: number;
}

const shared = ["title", "width", "height"];

/**
 * Checks that all options are known, and those that figures share.
 *
 * @param action What is being done, for the error's sentence.
 * @param options What was given.
 * @param known The further names.
 * @throws {TypeError} If an option is unknown or of a wrong kind.
 * @throws {RangeError} If a size is out of its interval.
 */
export function checkOptions(
  action: string,
  options: FigureOptions,
  known: readonly string[],
): void {
  if (typeof options !== "object" || options === null) {
    throw new TypeError(
      `Cannot ${action} as options must be an object: current value is ${options}`,
    );
  }
  const names = [...shared, ...known];
  const unknown = Object.keys(options).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new TypeError(
      `Cannot ${action} as options must be among ${
        names.toSorted().join(", ")
      }: current value is ${unknown}`,
    );
  }
  if (options.title !== undefined && typeof options.title !== "string") {
    throw new TypeError(
      `Cannot ${action} as title must be a string: current value is ${options.title}`,
    );
  }
  for (const name of ["width", "height"] as const) {
    const pixels = options[name];
    if (pixels === undefined) continue;
    if (!Number.isInteger(pixels) || pixels < 200 || pixels > 4000) {
      throw new RangeError(
        `Cannot ${action} as ${name} must be an integer in [200, 4000]: current value is ${pixels}`,
      );
    }
  }
}
