/**
 * How many of some values a generator can draw, and how likely that is of values
 * that it did not draw.
 *
 * @module
 */

/** Trials that each match or not. */
export interface Evidence {
  /** How many were tried. */
  readonly tried: number;
  /** How many match. */
  readonly matched: number;
  /** The mean of the chances that a stranger matches, in [0, 1]. */
  readonly byChance: number;
  /** The chance that all would: the product of theirs. Default: unknown. */
  readonly allByChance?: number;
}

/**
 * Returns a bound on the chance that so many or more strangers match: where all
 * do, the product of their chances; else `exp(−m · KL(k/m ‖ p))` of k in m trials
 * of mean chance p, 1 where k/m is not above p. It holds also where the chances
 * differ, as they do.
 *
 * @param evidence How many matched.
 * @see W. Hoeffding (1963), Probability inequalities for sums of bounded random
 * variables, theorem 1
 *
 * @example
 * ```ts
 * import { chanceOf } from "./evidence.ts";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * const all = chanceOf({ tried: 8, matched: 8, byChance: 0.1 });
 * assertAlmostEquals(all, 1e-8, 1e-15);
 * assertEquals(chanceOf({ tried: 8, matched: 1, byChance: 0.5 }), 1);
 * ```
 */
export function chanceOf(
  { tried, matched, byChance, allByChance }: Evidence,
): number {
  if (matched === tried && allByChance !== undefined) return allByChance;
  if (tried === 0 || matched <= tried * byChance) return 1;
  const share = matched / tried;
  const rest = matched === tried
    ? 0
    : (1 - share) * Math.log((1 - share) / (1 - byChance));
  return Math.exp(-tried * (share * Math.log(share / byChance) + rest));
}

/**
 * Tries values in a scattered order, and stops where it is plain that they are
 * strangers: among the first 64 fewer than half match.
 *
 * @param count How many there are.
 * @param tryOne Returns whether one matches, and the chance that a stranger
 * would; undefined where it tells nothing.
 */
export function gather(
  count: number,
  tryOne: (index: number) => { matches: boolean; chance: number } | undefined,
): Evidence {
  let [tried, matched, chances, product] = [0, 0, 0, 1];
  for (let index = 0; index < count; index++) {
    const one = tryOne(index * stride % count);
    if (one === undefined) continue;
    tried++;
    chances += Math.min(1, one.chance);
    product *= Math.min(1, one.chance);
    if (one.matches) matched++;
    if (tried === first && matched < first / 2) break;
  }
  const byChance = tried === 0 ? 1 : chances / tried;
  return { tried, matched, byChance, allByChance: product };
}

const first = 64;

/** A prime above all counts: its multiples are all places, far apart. */
const stride = 2654435761;
