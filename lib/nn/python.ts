/**
 * Values as Python writes them, for the texts of layers.
 *
 * @module
 */

/**
 * Returns a value as Python's `str` gives it: `True`, `(3, 3)`, `(3,)`.
 *
 * @param value A number, text, truth value, or array of numbers.
 */
export function formatPython(
  value: number | string | boolean | readonly number[],
): string {
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value !== "object") return String(value);
  return value.length === 1 ? `(${value[0]},)` : `(${value.join(", ")})`;
}
