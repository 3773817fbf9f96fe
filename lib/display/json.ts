/**
 * Figures as plain JSON: what a notebook's protocol and plotly.js both take.
 *
 * @module
 */

/**
 * Returns a value as plain JSON data: typed arrays become arrays, bigints
 * numbers, numbers that are not finite null; functions and undefined go.
 *
 * @param value Any tree of objects and arrays.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const plain = plainJson({ y: new Float32Array([1, NaN]), n: 3n });
 * assertEquals(plain, { y: [1, null], n: 3 });
 * ```
 */
export function plainJson(value: unknown): unknown {
  if (typeof value === "bigint") return Number(value);
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (typeof value !== "object" || value === null) return value;
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    return Array.from(value as unknown as ArrayLike<unknown>, plainJson);
  }
  if (Array.isArray(value)) return value.map((item) => plainJson(item) ?? null);
  const entries = Object.entries(value)
    .filter(([, item]) => item !== undefined && typeof item !== "function")
    .map(([key, item]) => [key, plainJson(item)]);
  return Object.fromEntries(entries);
}

/**
 * Returns JSON text that can stand inside a script element: nothing in it ends
 * the element or a line of the script.
 *
 * @param value Plain JSON data.
 */
export function scriptJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<\u2028\u2029]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
