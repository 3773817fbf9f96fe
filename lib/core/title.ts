/**
 * Identifies an object by name: its class, and the copy of this library that
 * made it.
 *
 * @module
 */

/** The key that marks the tensors of every copy of this library. */
export const tensorBrand: unique symbol = Symbol.for("fanin.Tensor");

/** The value of this key in this copy's tensors. */
export const thisCopy: unique symbol = Symbol("fanin");

/**
 * Returns the name of an object's class: its own static `title`, which
 * minifiers leave alone, or else the name in the code; "" if it has no class. A
 * title that the class inherits is another class's.
 *
 * @param value Any object.
 */
export function titleOf(value: object): string {
  const { constructor } = value as { constructor?: unknown };
  if (typeof constructor !== "function") return "";
  const { title } = constructor as { title?: unknown };
  return typeof title === "string" && Object.hasOwn(constructor, "title")
    ? title
    : constructor.name;
}
