/**
 * What a mistyped name was meant to be.
 *
 * @module
 */

/**
 * Returns `; did you mean …?` for the name that is nearest to a mistyped one, or
 * nothing where none is near.
 *
 * @param typed What was typed.
 * @param names The names that there are.
 */
export function suggestion(typed: string, names: readonly string[]): string {
  const most = Math.min(
    typed.length - 1,
    Math.max(2, Math.floor(typed.length / 3)),
  );
  const [nearest] = names
    .map((name) => ({ name, distance: editDistance(typed, name) }))
    .filter(({ distance }) => distance <= most)
    .sort((a, b) => a.distance - b.distance);
  return nearest === undefined ? "" : `; did you mean ${nearest.name}?`;
}

/**
 * How many characters are put in, taken out or replaced to make one text of
 * another.
 *
 * @see Wagner and Fischer, 1974
 */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const replaced = row[j - 1] + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, row[j] + 1, next[j - 1] + 1));
    }
    row = next;
  }
  return row[to.length];
}
