/**
 * Listed steps in groups whose fills can be done at the same time.
 *
 * @module
 */

import { type Step, storageOf, type Stored } from "../core/recording.ts";
import { Generator } from "../random/torch/generator.ts";
import { Fill } from "../random/generator.ts";
import { wordsOf } from "../random/torch/draw.ts";

/** One fill of a group. */
export interface GroupFill {
  /** The fill. */
  readonly fill: Fill;
  /** The words that it draws. */
  readonly words: number;
  /** Whether a later fill of the group writes over all of it. */
  isLost: boolean;
}

/** Steps of the list, one after the other. */
export interface Group {
  /** All of them. */
  readonly steps: Step[];
  /** Fills from one generator, which can be cut anywhere. */
  readonly fills: GroupFill[];
  /** What is done after the fills, in order. */
  readonly after: Step[];
}

/**
 * Returns the steps in groups, in order.
 *
 * A group has fills from one generator whose numbers of words are known. Steps
 * that draw nothing may stand between, and come after them all, if no later fill
 * writes what they touch. Any other step is a group of its own.
 *
 * @param steps The steps.
 */
export function groupsOf(steps: readonly Step[]): Group[] {
  const groups: Group[] = [];
  let open: OpenGroup | undefined;
  for (const step of steps) {
    if (open === undefined || !open.takes(step)) {
      open = new OpenGroup();
      groups.push(open);
    }
    open.add(step);
  }
  return groups;
}

/** A group that still takes steps. */
class OpenGroup implements Group {
  readonly steps: Step[] = [];
  readonly fills: GroupFill[] = [];
  readonly after: Step[] = [];
  /** The last fill of each storage. */
  readonly #filled = new Map<ArrayBufferLike, GroupFill>();
  /** Storage that the steps after the fills touch. */
  readonly #touched = new Set<ArrayBufferLike>();

  /** Whether a step can be in the group with those before. */
  takes(step: Step): boolean {
    if (this.after.some(({ draws }) => draws)) return false;
    if (!step.draws) return true;
    if (!(step instanceof Fill) || divisible(step) === undefined) return false;
    const [first = undefined] = this.fills;
    if (first !== undefined && first.fill.generator !== step.generator) {
      return false;
    }
    const buffer = bufferOf(step.tensor);
    const last = this.#filled.get(buffer);
    return !this.#touched.has(buffer) &&
      (last === undefined || isSameStorage(last.fill.tensor, step.tensor));
  }

  /** Adds a step, the first or one that the group takes. */
  add(step: Step): void {
    this.steps.push(step);
    const words = step instanceof Fill ? divisible(step) : undefined;
    if (step instanceof Fill && words !== undefined) {
      const buffer = bufferOf(step.tensor);
      const last = this.#filled.get(buffer);
      if (last !== undefined) last.isLost = true;
      const added = { fill: step, words, isLost: false };
      this.#filled.set(buffer, added);
      this.fills.push(added);
      return;
    }
    this.after.push(step);
    for (const tensor of step.tensors) this.#touched.add(bufferOf(tensor));
  }
}

function bufferOf(tensor: Stored): ArrayBufferLike {
  return storageOf(tensor).buffer;
}

function isSameStorage(one: Stored, other: Stored): boolean {
  const [a, b] = [storageOf(one), storageOf(other)];
  return a.buffer === b.buffer && a.byteOffset === b.byteOffset &&
    a.byteLength === b.byteLength;
}

/** The words of a fill of which any part can be done by itself. */
function divisible(
  { tensor, distribution, generator }: Fill,
): number | undefined {
  const { kind } = distribution;
  if (!(generator instanceof Generator)) return undefined;
  if (kind !== "uniform" && kind !== "normal") return undefined;
  return wordsOf(distribution, tensor.dtype, tensor.numel());
}
