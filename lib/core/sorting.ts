/**
 * Rows of a table in the order of a column.
 *
 * @module
 */

/** `h.2` before `h.10`, the same in every locale. */
const { compare } = new Intl.Collator("en", { numeric: true });

/**
 * Returns rows in the order of the values under a key: texts and lists by the
 * numbers in them, other values by size. Equal ones keep their order; those
 * without a value, null or NaN, come last.
 *
 * @param rows The rows.
 * @param key The key; undefined to leave the order.
 * @param descending Whether the largest comes first.
 */
export function sortedBy<R>(
  rows: readonly R[],
  key: keyof R | undefined,
  descending: boolean,
): readonly R[] {
  if (key === undefined) return rows;
  const sign = descending ? -1 : 1;
  const isLacking = (row: R) => row[key] === null || Number.isNaN(row[key]);
  return [
    ...rows.filter((row) => !isLacking(row))
      .sort((one, other) => sign * order(one[key], other[key])),
    ...rows.filter(isLacking),
  ];
}

/** Below 0 if the first of two values comes first. */
function order<T>(a: T, b: T): number {
  if (typeof a === "object" || typeof a === "string") {
    return compare(String(a), String(b));
  }
  return a < b ? -1 : Number(a > b);
}
