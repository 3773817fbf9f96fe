/**
 * Which tensors are meant, by their names.
 *
 * @module
 */

import { cannot, describe } from "./options.ts";

/**
 * A part of the names of the tensors that are meant; if it has a `*`, which
 * matches any text, the whole of their names. Or a function that says of a name
 * whether it is meant.
 *
 * @internal
 */
export type Only = string | ((name: string) => boolean);

/**
 * Returns whether a tensor is meant, as a function of its name.
 *
 * @param action What is being done, for the error message.
 * @param only The pattern or the function.
 * @throws {TypeError} If it is neither.
 */
export function onlyBy(
  action: string,
  only: unknown,
): (name: string) => boolean {
  if (typeof only === "string") return matcher(only);
  if (typeof only === "function") return only as (name: string) => boolean;
  throw new TypeError(
    cannot(
      action,
      'only must be a pattern such as "*.weight", or a function of a name',
      describe(only),
    ),
  );
}

function matcher(pattern: string): (name: string) => boolean {
  if (!pattern.includes("*")) return (name) => name.includes(pattern);
  const [first, ...parts] = pattern.split("*");
  const last = parts.pop()!;
  // Each part at its first place, so a name is read once: with many stars, a
  // regular expression would try all places of each.
  return (name) => {
    const end = name.length - last.length;
    let at = first.length;
    if (at > end || !name.startsWith(first) || !name.endsWith(last)) {
      return false;
    }
    return parts.every((part) => {
      const place = name.indexOf(part, at);
      at = place + part.length;
      return place !== -1 && at <= end;
    });
  };
}
