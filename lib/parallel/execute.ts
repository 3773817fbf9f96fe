/**
 * Runs the listed steps group by group, each with several threads if that pays,
 * and with the same bytes as one thread.
 *
 * While it waits for workers, other code may read a tensor or draw. The calling
 * thread then runs all remaining steps at once, and this gives up.
 *
 * @module
 */

import type { DataOf, FloatDtype } from "../core/dtype.ts";
import { cannot } from "../core/options.ts";
import {
  drop,
  listedSteps,
  type Step,
  stopBy,
  storageOf,
  takeOff,
  work,
} from "../core/recording.ts";
import { formatShape } from "../core/shape.ts";
import { Turns } from "../core/turns.ts";
import { Tensor } from "../core/tensor.ts";
import type { Normal, Uniform } from "../random/distribution.ts";
import type { Fill } from "../random/generator.ts";
import type { Generator } from "../random/torch/generator.ts";
import { Words } from "../random/torch/words.ts";
import {
  cutBelow,
  fillPiece,
  packed,
  type Piece,
  placeOf,
  viewOf,
} from "./pieces.ts";
import {
  type Group,
  groupsOf,
  type Share,
  sharesOf,
  timeOf,
  wordsUpTo,
} from "./schedule.ts";
import { capacity, stride, type Thread } from "./thread.ts";

/** Helper threads and the progress callback. */
interface Helpers {
  /** The other threads. */
  readonly threads: readonly Thread[];
  /** Turns of the event loop. */
  readonly turns: Turns;
  /** Called with how many elements were filled. */
  readonly onFilled: (count: number) => void;
}

/** The threads that run the list, and the progress callback. */
interface Execution {
  /**
   * Returns the helper threads. Called at most once, before anything is filled,
   * and only if sharing pays for some of it.
   *
   * @param time The time that one thread would need, in nanoseconds.
   */
  readonly threads: (time: number) => Promise<readonly Thread[]>;
  /** A group is shared if one thread would take at least this time. */
  readonly worthSharing: number;
  /** Called with how many elements are done, and how many there are. */
  readonly onProgress: (done: number, total: number) => void;
}

/**
 * Runs the list.
 *
 * @param execution The threads and the progress callback.
 * @throws {Error} If workers are refused: nothing was filled then, and nothing
 * drawn. If neither a worker nor the calling thread can fill a part: the
 * message names the tensors. In both cases the rest of the list is dropped.
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

/**
 * Fills a tensor with several threads, a share each, with the same bytes as one
 * thread. The calling thread fills what a worker fails to.
 *
 * @param distribution What is drawn.
 * @param tensor The tensor, of 16 elements or more; if there are other threads,
 * on a SharedArrayBuffer.
 * @param source Where the words come from; it then stands after them.
 * @param threads The helper threads, which fill nothing else.
 */
export async function fillShared(
  distribution: Uniform | Normal,
  { data, dtype }: Tensor<FloatDtype>,
  source: Generator,
  threads: readonly Thread[],
): Promise<void> {
  const { length } = data;
  const each = Math.ceil(length / (threads.length + 1));
  const ends = threads.map((_, i) => cutBelow(length, each * (i + 1)));
  const share = (start: number, end: number) =>
    data.subarray(start, end) as DataOf<FloatDtype>;
  const state = source.getState();
  // The others first, so that they work meanwhile.
  const elsewhere = threads.map(async (thread, i) => {
    const [start, end = length] = ends.slice(i, i + 2);
    const target = share(start, end);
    const part = { distribution, dtype, count: end - start, before: 0 };
    const offset = source.wordsOf(distribution, dtype, start)!;
    const task = { state, offset, parts: [part], targets: [target] };
    try {
      return await thread.fill(task, () => true);
    } catch {
      const words = new Words().setState(state).advance(BigInt(offset));
      const whole = { part: 0, start: 0, count: end - start, offset: 0 };
      fillPiece(whole, part, target, words);
      return words.getState();
    }
  });
  const [end = length] = ends;
  source.fill(new Tensor(share(0, end), [end], dtype), distribution);
  for (const thread of threads) thread.hurry();
  for (const left of await Promise.all(elsewhere)) source.setState(left!);
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
    if (listedSteps()[0] === first) drop();
    throw error;
  }
}

/** Runs the first group on the list, unless other code runs it meanwhile. */
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

/** Returns how many elements of a group are drawn and kept. */
function elementsOf({ fills, after }: Group): number {
  const kept = fills.filter(({ isLost }) => !isLost).map(({ fill }) => fill);
  return [...kept, ...after.filter(({ draws }) => draws)]
    .flatMap(({ tensors }) => tensors)
    .reduce((sum, tensor) => sum + storageOf(tensor).length, 0);
}

/**
 * Fills the tensors of a group. The generator moves on when all of them are
 * filled.
 */
class Filling {
  readonly #group: Group;
  readonly #helpers: Helpers;
  readonly #first: Step;
  readonly #source: Generator;
  /** The generator's state before. */
  readonly #state: Uint8Array;
  /** Whether other threads wait for their buffers. */
  #isAwaited = false;

  /**
   * Prepares to fill.
   *
   * @param group The group, the first of the list; it has fills.
   * @param helpers Helper threads and the progress callback.
   */
  constructor(group: Group, helpers: Helpers) {
    this.#group = group;
    this.#helpers = helpers;
    this.#first = group.steps[0];
    this.#source = group.generator!;
    this.#state = work(() => this.#source.getState());
  }

  /**
   * Fills.
   *
   * @returns Whether it did; false if other code ran the group meanwhile.
   * @throws {Error} If a worker failed and its share cannot be filled here.
   */
  async run(): Promise<boolean> {
    const { threads } = this.#helpers;
    const { fills } = this.#group;
    const isShared = fills.every(({ fill }) => hasSharedStorage(fill));
    this.#isAwaited = threads.length > 0 && !isShared;
    const [own, ...others] = sharesOf(fills, threads.length + 1, isShared);
    stopBy(() => threads.forEach((thread) => thread.stop()));
    // The others first, so that they work meanwhile.
    const elsewhere = others.map((share, i) =>
      this.#fillElsewhere(share, threads[i], isShared)
    );
    const here = this.#fillHere(own).finally(() =>
      threads.forEach((thread) => thread.hurry())
    );
    const states = await Promise.all([here, ...elsewhere]);
    if (this.#isGone) return false;
    stopBy(undefined);
    // The last fill is always kept: the group ends where it ends.
    const end = states.findLast((state) => state !== undefined);
    work(() => this.#source.setState(end ?? this.#state));
    return true;
  }

  /** Whether the group was taken off the list. */
  get #isGone(): boolean {
    return listedSteps()[0] !== this.#first;
  }

  /**
   * Fills a share, or what is left of it.
   *
   * @param share The share.
   * @param packages The pieces that are left. Default: all.
   * @param skipped The words of those before.
   */
  async #fillHere(
    share: Share,
    packages: Iterable<Piece[]> = packed(share.parts, capacity),
    skipped = 0,
  ): Promise<Uint8Array | undefined> {
    if (share.parts.length === 0) return undefined;
    const { turns } = this.#helpers;
    const words = new Words().setState(this.#state)
      .advance(BigInt(share.offset + skipped));
    for (const pieces of packages) {
      if (this.#isGone) return undefined;
      for (const piece of pieces) {
        const part = share.parts[piece.part];
        fillPiece(piece, part, placeOf(share.targets, piece), words);
      }
      this.#report(pieces);
      if (this.#isAwaited || turns.isLong) await turns.next();
    }
    return words.getState();
  }

  async #fillElsewhere(
    share: Share,
    thread: Thread,
    isShared: boolean,
  ): Promise<Uint8Array | undefined> {
    const { parts, offset } = share;
    const targets = isShared ? share.targets : undefined;
    if (parts.length === 0) return undefined;
    const packages = packed(parts, isShared ? stride : capacity);
    let taken = 0;
    const refusals: unknown[] = [];
    const take = (buffer: ArrayBuffer | undefined) => {
      try {
        const pieces: Piece[] = packages.next().value!;
        const isWanted = this.#copy(share, pieces, buffer);
        for (const each of pieces) taken += wordsUpTo(each, parts[each.part]);
        return isWanted;
      } catch (error) {
        // An error from the callback; rethrown later, since here it would end
        // the process.
        refusals.push(error);
        return false;
      }
    };
    const task = { state: this.#state, offset, parts, targets };
    const state = await thread.fill(task, take).catch(() =>
      this.#fillRest(share, packages, taken)
    );
    if (refusals.length > 0) throw refusals[0];
    return state;
  }

  /** Copies a helper thread's numbers, unless the group is gone. */
  #copy(
    share: Share,
    pieces: readonly Piece[],
    buffer: ArrayBuffer | undefined,
  ): boolean {
    if (this.#isGone) return false;
    for (const piece of buffer === undefined ? [] : pieces) {
      const made = viewOf(buffer!, piece, share.parts[piece.part]);
      placeOf(share.targets, piece).set(made as never);
    }
    this.#report(pieces);
    return true;
  }

  /** Fills what a worker that failed left of its share. */
  async #fillRest(
    share: Share,
    packages: Iterable<Piece[]>,
    skipped: number,
  ): Promise<Uint8Array | undefined> {
    try {
      return await this.#fillHere(share, packages, skipped);
    } catch (cause) {
      drop();
      throw new Error(
        cannot(
          `fill tensors of shape ${share.shapes.map(formatShape).join(", ")}`,
          "a worker or the calling thread must do it",
        ),
        { cause },
      );
    }
  }

  #report(pieces: readonly Piece[]): void {
    this.#helpers.onFilled(pieces.reduce((sum, { count }) => sum + count, 0));
  }
}

/** Whether workers can write to the storage of a fill's tensor. */
function hasSharedStorage({ tensor }: Fill): boolean {
  return typeof SharedArrayBuffer !== "undefined" &&
    storageOf(tensor).buffer instanceof SharedArrayBuffer;
}
