/**
 * The fills of one group, done by several threads.
 *
 * @module
 */

import {
  listedSteps,
  type Step,
  stopBy,
  storageOf,
  takeOff,
  work,
} from "../core/recording.ts";
import { formatShape } from "../core/shape.ts";
import type { Fill } from "../random/generator.ts";
import { Generator } from "../random/torch/generator.ts";
import type { Group } from "./groups.ts";
import { capacity, stride } from "./messages.ts";
import { fillPiece, packed, type Piece, placeOf, viewOf } from "./part.ts";
import { type Share, sharesOf } from "./shares.ts";
import type { Thread } from "./thread.ts";
import type { Turns } from "./turns.ts";

/** Who fills beside the calling thread, and who is told. */
export interface Helpers {
  /** The other threads. */
  readonly threads: readonly Thread[];
  /** Turns of the event loop. */
  readonly turns: Turns;
  /** Told how many elements were filled. */
  readonly onFilled: (count: number) => void;
}

/** Fills the tensors of a group. The generator moves when all is filled. */
export class Filling {
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
   * @param helpers Who fills beside the calling thread, and who is told.
   */
  constructor(group: Group, helpers: Helpers) {
    this.#group = group;
    this.#helpers = helpers;
    this.#first = group.steps[0];
    this.#source = group.fills[0].fill.generator as Generator;
    this.#state = work(() => this.#source.getState());
  }

  /**
   * Fills.
   *
   * @returns Whether it did; not if the group was done in another way meanwhile.
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
    const states = await Promise.all([this.#fillHere(own), ...elsewhere]);
    if (this.#isGone) return false;
    stopBy(undefined);
    // The last fill is not lost: its end is that of the group.
    const end = states.findLast((state) => state !== undefined);
    work(() => this.#source.setState(end ?? this.#state));
    return true;
  }

  /** Whether the group is on the list no more. */
  get #isGone(): boolean {
    return listedSteps()[0] !== this.#first;
  }

  async #fillHere(share: Share): Promise<Uint8Array | undefined> {
    if (share.parts.length === 0) return undefined;
    const { turns } = this.#helpers;
    const source = work(() =>
      new Generator().setState(this.#state).advance(share.offset)
    );
    for (const pieces of packed(share.parts, capacity)) {
      if (this.#isGone) return undefined;
      work(() => {
        for (const piece of pieces) {
          fillPiece(
            piece,
            share.parts[piece.part],
            placeOf(share.targets, piece),
            source,
          );
        }
      });
      this.#tell(pieces);
      if (this.#isAwaited || turns.isLong) await turns.next();
    }
    return work(() => source.getState());
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
    const refusals: unknown[] = [];
    const take = (buffer: ArrayBuffer | undefined) => {
      try {
        return this.#copy(share, packages.next().value!, buffer);
      } catch (error) {
        // Of who is told: thrown here, it would end the process.
        refusals.push(error);
        return false;
      }
    };
    const task = { state: this.#state, offset, parts, targets };
    const state = await thread.fill(task, take).catch(() =>
      this.#fillAgain(share)
    );
    if (refusals.length > 0) throw refusals[0];
    return state;
  }

  /** Copies what another thread made, if it is still wanted. */
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
    this.#tell(pieces);
    return true;
  }

  /** Fills what a worker left, which may be part of it. */
  async #fillAgain(share: Share): Promise<Uint8Array | undefined> {
    try {
      return await this.#fillHere(share);
    } catch (cause) {
      takeOff(Infinity);
      throw new Error(
        `Cannot fill tensors as a worker or the calling thread must do it: current value is undefined in those of shape ${
          share.shapes.map(formatShape).join(", ")
        }`,
        { cause },
      );
    }
  }

  #tell(pieces: readonly Piece[]): void {
    this.#helpers.onFilled(pieces.reduce((sum, { count }) => sum + count, 0));
  }
}

/** Whether workers can write to the storage of a fill's tensor. */
function hasSharedStorage({ tensor }: Fill): boolean {
  return typeof SharedArrayBuffer !== "undefined" &&
    storageOf(tensor).buffer instanceof SharedArrayBuffer;
}
