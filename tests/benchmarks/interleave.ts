/**
 * Takes samples of several things by turns, so that what disturbs the machine
 * disturbs all of them.
 *
 * @module
 */

/** Something of which samples are taken. */
export interface Side {
  /** Takes a sample: seconds for one call, or bytes. */
  sample(): number | Promise<number>;
  /** In how many rounds it takes part; it is not warmed up. Default: all. */
  readonly runs?: number;
}

/**
 * Returns the samples of each side, in the order of the rounds.
 *
 * Each side is sampled once before, to warm up. The first of a round is the
 * second of the next, and so on: no side always comes after the same one's
 * leavings.
 *
 * @param sides Who takes turns.
 * @param rounds How many samples are taken of each.
 * @param onRound Called with the number of finished rounds.
 */
export async function interleave(
  sides: readonly Side[],
  rounds: number,
  onRound: (done: number) => void = () => {},
): Promise<number[][]> {
  const samples: number[][] = sides.map(() => []);
  for (const side of sides) {
    if (side.runs === undefined) await side.sample();
  }
  for (let round = 0; round < rounds; round++) {
    onRound(round);
    for (let turn = 0; turn < sides.length; turn++) {
      const at = (turn + round) % sides.length;
      const { runs = rounds } = sides[at];
      if (round < runs) samples[at].push(await sides[at].sample());
    }
  }
  onRound(rounds);
  return samples;
}
