/**
 * Options objects: defaults, and errors for what they cannot hold.
 *
 * @module
 */

/**
 * Returns the options with defaults in place of what is undefined.
 *
 * @param action What is being done, for the error's sentence.
 * @param options What the caller gave.
 * @param defaults Every option with its default; undefined where it has none.
 * @param what What the options are called. Default: `"options"`.
 * @throws {TypeError} If `options` is not an object, or has another name.
 */
export function withDefaults<T extends object>(
  action: string,
  options: unknown,
  defaults: T,
  what = "options",
): T {
  if (
    typeof options !== "object" || options === null || Array.isArray(options)
  ) {
    throw new TypeError(
      `Cannot ${action} as ${what} must be an object: current value is ${
        describe(options)
      }`,
    );
  }
  const result: T = { ...defaults };
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(defaults, name)) {
      throw new TypeError(
        `Cannot ${action} as ${what} must be among ${
          Object.keys(defaults).join(", ")
        }: current value is ${name}`,
      );
    }
    if (value !== undefined) result[name as keyof T] = value;
  }
  return result;
}

/**
 * Checks that an option is a finite number.
 *
 * @param action What is being done, for the error's sentence.
 * @param name The option's name.
 * @param value Its value.
 * @throws {TypeError} If it is not a number.
 * @throws {RangeError} If it is NaN or infinite.
 */
export function checkFinite(
  action: string,
  name: string,
  value: unknown,
): asserts value is number {
  checkNumber(action, name, value);
  if (!Number.isFinite(value)) {
    throw new RangeError(
      `Cannot ${action} as ${name} must be finite: current value is ${value}`,
    );
  }
}

/**
 * Checks that an argument is a whole number of at least `smallest`.
 *
 * @param action What is being done, for the error's sentence.
 * @param name The argument's name.
 * @param value Its value.
 * @param smallest The smallest it may be.
 * @throws {TypeError} If it is not a number.
 * @throws {RangeError} If it is fractional or too small.
 */
export function checkCount(
  action: string,
  name: string,
  value: unknown,
  smallest: number,
): asserts value is number {
  checkNumber(action, name, value);
  if (!Number.isSafeInteger(value) || value < smallest) {
    throw new RangeError(
      `Cannot ${action} as ${name} must be an integer of at least ${smallest}: current value is ${value}`,
    );
  }
}

/**
 * Returns a value as it is written in a message.
 *
 * @param value Any value.
 */
export function describe(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(describe).join(", ")}]`;
  if (typeof value === "function") return `function ${value.name}`;
  if (typeof value === "object" && value !== null) {
    return value.constructor === undefined
      ? "an object"
      : `an object of class ${value.constructor.name}`;
  }
  return String(value);
}

function checkNumber(
  action: string,
  name: string,
  value: unknown,
): asserts value is number {
  if (typeof value !== "number") {
    throw new TypeError(
      `Cannot ${action} as ${name} must be a number: current value is ${
        describe(value)
      }`,
    );
  }
}
