/**
 * One work, by fanin and its peers by turns.
 *
 * @module
 */

import { type DrawingSide, faninSide } from "./fanin.ts";
import { interleave } from "./interleave.ts";
import type { Comparison, Skipped } from "./results.ts";
import { middleOf, ratiosOf } from "./samples.ts";
import type { Task } from "./tasks.ts";
import type { Opponent, Work } from "./works.ts";

/** A peer at a task, with what it holds until it is let go. */
export type PeerSide = DrawingSide & Partial<AsyncDisposable>;

/** Finds a peer at a task; a string says why there is none. */
export type FindPeer = (
  opponent: Opponent,
  task: Task,
) => Promise<PeerSide | string>;

/** What became of a work. */
export interface Outcome {
  /** Fanin compared with each peer that is installed. */
  readonly comparisons: readonly Comparison[];
  /** What was not. */
  readonly skipped: readonly Skipped[];
}

/**
 * Times one work.
 *
 * @param work The work.
 * @param find Where peers come from.
 * @param runs How many rounds.
 * @param onRound Called with the number of finished rounds.
 */
export async function compare(
  work: Work,
  find: FindPeer,
  runs: number,
  onRound?: (done: number) => void,
): Promise<Outcome> {
  const ours = faninSide(work.task);
  await using held = new AsyncDisposableStack();
  const peers: { opponent: Opponent; side: PeerSide }[] = [];
  const skipped: Skipped[] = [];
  for (const opponent of work.opponents) {
    const side = await find(opponent, opponent.task ?? work.task);
    if (typeof side === "string") {
      skipped.push(skip(work, nameOf(opponent), side));
      continue;
    }
    held.defer(async () => await side[Symbol.asyncDispose]?.());
    peers.push({ opponent, side: { ...side, runs: opponent.runs } });
  }
  const same = await digestsOf(ours, peers.map(({ side }) => side));
  const [own, ...theirs] = await interleave(
    [ours, ...peers.map(({ side }) => side)],
    runs,
    onRound,
  );
  const comparisons = peers.map(({ opponent }, index): Comparison => ({
    work: work.title,
    elements: work.task.elements,
    per: work.per,
    peer: nameOf(opponent),
    ours: middleOf(own),
    theirs: middleOf(theirs[index]),
    ratio: middleOf(ratiosOf(own, theirs[index])),
    target: opponent.target,
    same: opponent.task?.kind === work.task.kind || opponent.task === undefined
      ? same[index]
      : undefined,
  }));
  return { comparisons, skipped };
}

/** Whether each peer draws the same bytes; undefined where it is not to. */
async function digestsOf(
  ours: DrawingSide,
  peers: readonly DrawingSide[],
): Promise<(boolean | undefined)[]> {
  const own = await ours.digest?.();
  const same: (boolean | undefined)[] = [];
  for (const peer of peers) {
    const digest = await peer.digest?.();
    same.push(digest === undefined ? undefined : digest === own);
  }
  return same;
}

function nameOf({ peer, how }: Opponent): string {
  return how === undefined ? peer : `${peer}, ${how}`;
}

function skip({ title }: Work, by: string, reason: string): Skipped {
  return { work: title, by, reason };
}
