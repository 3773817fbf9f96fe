/**
 * Does what is listed: group by group, each by several threads if it is worth
 * it, with the bytes that one thread gives.
 *
 * While it waits for others, anyone may read a tensor or draw. The calling thread
 * then does all that is left at once, and this gives up.
 *
 * @module
 */

import { listedSteps, storageOf, takeOff, work } from "../core/recording.ts";
import { Filling, type Helpers } from "./filling.ts";
import { type Group, groupsOf } from "./groups.ts";
import { timeOf } from "./shares.ts";
import type { Thread } from "./thread.ts";
import { Turns } from "./turns.ts";

/** Who does what is listed, and who is told. */
export interface Execution {
  /**
   * Returns the threads beside the calling one. Called at most once, before
   * anything is filled, and only if some of it is worth sharing.
   *
   * @param time The time that one thread would need, in nanoseconds.
   */
  readonly threads: (time: number) => Promise<readonly Thread[]>;
  /** The time of one thread from which on a group is shared. */
  readonly worthSharing: number;
  /** Told how many elements are done, and how many there are. */
  readonly onProgress: (done: number, total: number) => void;
}

/**
 * Does what is listed.
 *
 * @param execution Who does it, and who is told.
 * @throws {Error} If workers are refused: nothing was filled then, and nothing
 * drawn. If a part can be filled by no one: the message names the tensors. In
 * both cases what is left of the list is dropped.
 */
export async function executeListed(
  { threads, worthSharing, onProgress }: Execution,
): Promise<void> {
  const groups = groupsOf(listedSteps());
  const times = groups.map(timeOfGroup);
  const shared = times.filter((time) => time > 0 && time >= worthSharing);
  const others = shared.length > 0 ? await startedBy(threads, shared) : [];
  const total = groups.reduce((sum, group) => sum + elementsOf(group), 0);
  const turns = new Turns();
  let before = 0;
  try {
    for (const [index, group] of groups.entries()) {
      if (listedSteps()[0] !== group.steps[0]) break;
      let filled = before;
      await executeGroup(group, {
        threads: times[index] >= worthSharing ? others : [],
        turns,
        onFilled: (count) => onProgress(filled += count, total),
      });
      before += elementsOf(group);
    }
  } finally {
    turns.close();
  }
  onProgress(total, total);
}

/** Returns the threads; without them nothing is done. */
async function startedBy(
  threads: Execution["threads"],
  times: readonly number[],
): Promise<readonly Thread[]> {
  const [first] = listedSteps();
  try {
    return await threads(times.reduce((sum, time) => sum + time, 0));
  } catch (error) {
    if (listedSteps()[0] === first) takeOff(Infinity);
    throw error;
  }
}

/** Does the group that is first on the list, unless others do it meanwhile. */
async function executeGroup(group: Group, helpers: Helpers): Promise<void> {
  if (group.fills.length > 0) {
    const isFilled = await new Filling(group, helpers).run();
    if (!isFilled) return;
  }
  work(() => group.after.forEach((step) => step.run()));
  takeOff(group.steps.length);
}

/** Returns the time of a group's fills, in nanoseconds. */
function timeOfGroup({ fills }: Group): number {
  return fills.filter(({ isLost }) => !isLost)
    .reduce((sum, { fill }) => sum + timeOf(fill), 0);
}

/** Returns how many elements are drawn in a group and kept. */
function elementsOf({ fills, after }: Group): number {
  const kept = fills.filter(({ isLost }) => !isLost).map(({ fill }) => fill);
  return [...kept, ...after.filter(({ draws }) => draws)]
    .flatMap(({ tensors }) => tensors)
    .reduce((sum, tensor) => sum + storageOf(tensor).length, 0);
}
