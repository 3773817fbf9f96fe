/**
 * What an object is, by name: its class, and which copy of this library made it.
 *
 * @module
 */

/** The key by which tensors of every copy of this library are known. */
export const tensorBrand: unique symbol = Symbol.for("fanin.Tensor");

/** What this copy's tensors have under it. */
export const thisCopy: unique symbol = Symbol("fanin");

/**
 * Returns the name of an object's class: its own static `title`, which minifiers
 * leave alone, or else the name in the code; "" where it has no class. A title
 * that the class inherits is another class's.
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
