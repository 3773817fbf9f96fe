/**
 * What values were drawn from that lie on the lattice of PyTorch's generator.
 *
 * @module
 */

import { normalShare } from "../math/erf.ts";
import { formatCount, formatShare } from "../plot/format.ts";
import { chanceOf, type Evidence } from "./evidence.ts";
import type { Law } from "./law.ts";
import { isInside, isNear, type Known } from "./nearness.ts";
import { tryNormal } from "./normal_lattice.ts";
import { type Precision, precisions } from "./precision.ts";
import type { Origin } from "./result.ts";
import { tryUniform } from "./uniform_lattice.ts";

/** The chance of a false flag that is borne, a tensor. */
const alpha = 1e-6;

/** What is less likely of other values is a hint, and no finding. */
const hint = 0.01;

/** Where fewer match, they may be fresh values that were multiplied. */
const leastPart = 2 / 3;

/** Laws are tried whose std is so far from the measured one, at most. */
const reach = { share: 0.1, errors: 6 } as const;

/** The share of float64 pairs that the machine's log, sin and cos leave equal. */
const equalDoubles = 0.99;

/**
 * Returns what values on a generator's lattice were drawn from; null where they
 * lie on none.
 *
 * @param known The values.
 * @param laws What they may have been drawn from.
 */
export function originByLattice(
  known: Known,
  laws: readonly Law[],
): Origin | null {
  const precision = precisions[known.dtype];
  if (precision === undefined) return null;
  const near = laws.filter((law) =>
    isNear(law, known.found, reach.errors, reach.share) &&
    (law.family !== "truncatedNormal" ||
      isInside(law, known.found, known.dtype))
  );
  const origins = near.map((law) => {
    const evidence = tryLaw(law, known.sample, precision);
    return originOf(law, evidence, near.length, precision);
  });
  const order: readonly unknown[] = ["fresh", "partly", "consistent"];
  const found = order.map((state) =>
    origins.find((origin) => origin?.state === state)
  );
  return found.find((origin) => origin !== undefined) ?? null;
}

function tryLaw(
  law: Law,
  sample: Known["sample"],
  precision: Precision,
): Evidence {
  return law.family === "uniform"
    ? tryUniform(sample.values, [law.low, law.high], precision)
    : tryNormal(sample, law.scale, precision);
}

/** Null where too few match, or as many would by chance. */
function originOf(
  law: Law,
  evidence: Evidence,
  laws: number,
  precision: Precision,
): Origin | null {
  const { tried, matched, byChance } = evidence;
  const chance = Math.min(1, chanceOf(evidence) * laws);
  const isWhole = matched >= leastOf(law, tried, precision);
  if (!isWhole && (matched < leastPart * tried || chance > alpha)) return null;
  if (chance > hint) return null;
  const [what, place] = law.family === "uniform"
    ? ["values", "on the lattice of PyTorch's generator"]
    : ["pairs of values", "what PyTorch's generator makes of its lattice"];
  const count = matched === tried
    ? `each of ${formatCount(tried)} ${what} is`
    : `${formatCount(matched)} of ${formatCount(tried)} ${what} are`;
  const few = chance > alpha ? "; they are too few to tell" : "";
  return {
    state: !isWhole ? "partly" : chance > alpha ? "consistent" : "fresh",
    initialiser: law.name,
    evidence: `${count} ${place} (${
      formatShare(byChance)
    } of others would be)${few}`,
    share: isWhole ? 1 : (matched / tried - byChance) / (1 - byChance),
    chance,
  };
}

/**
 * How many of fresh values match at least: all; of a cut normal those pairs of
 * which neither was drawn again, or 4 standard errors fewer.
 */
function leastOf(law: Law, tried: number, { step }: Precision): number {
  const { family, scale, high } = law;
  const kept = family === "truncatedNormal"
    ? (1 - 2 * normalShare(high / scale, Infinity)) ** 2
    : 1;
  const isDouble = family !== "uniform" && step === 2 ** -53;
  const share = isDouble ? kept * equalDoubles : kept;
  return tried * share - 4 * Math.sqrt(tried * share * (1 - share));
}
