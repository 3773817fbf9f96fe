/**
 * Fills that are put off: while a recording lasts, what initializers and layers
 * would do to tensors is listed, and done later.
 *
 * Callers cannot tell. Reading the `data` of a tensor that is listed, or using any
 * generator, does all that is listed first, in order. And only tensors are listed
 * whose storage nobody has read: those made during the recording, and those that
 * the caller hands over.
 *
 * @module
 */

import { cannot } from "./options.ts";

/** Something that is done to tensors. */
export interface Step {
  /** The tensors that it writes or reads. */
  readonly tensors: readonly Stored[];
  /** Whether it draws from a generator. */
  readonly draws: boolean;
  /** Does it. */
  run(): void;
}

/** A typed array. */
type Storage = ArrayBufferView & ArrayLike<unknown>;

/** The key under which a tensor gives its storage without counting as read. */
export const storage: unique symbol = Symbol("fanin.storage");

/** A tensor, by its storage. */
export interface Stored {
  /** The storage. */
  readonly [storage]: Storage;
}

let isRecording = false;
/** Whether tensors that are made are to share their storage with workers. */
let isShared = false;
/** Whether listed steps are being done: what they read is as it should be. */
let isWorking = false;
let steps: Step[] = [];
/** Stops the threads that do listed steps. */
let stop: (() => void) | undefined;
/** Storage that only listed steps have used, or that is taken to be so. */
const unseen = new Set<ArrayBufferLike>();

/**
 * Calls a function and lists the steps in it. If it throws, they are done.
 *
 * @param build The function.
 * @param shared Whether the storage of tensors that it makes is to be shared
 * with workers. Default: false.
 * @param existing Tensors made before that may be listed, too. Arrays that were
 * read from them before are not watched. Default: none.
 * @returns What it returned.
 * @throws {Error} If a recording lasts already.
 */
export function record<T>(
  build: () => T,
  shared = false,
  existing: readonly Stored[] = [],
): T {
  if (isRecording) {
    throw new Error(
      cannot(
        "record what a function draws",
        "no other recording must last",
        "one that lasts",
      ),
    );
  }
  settle();
  isRecording = true;
  isShared = shared;
  for (const tensor of existing) unseen.add(tensor[storage].buffer);
  try {
    return build();
  } catch (error) {
    settle();
    throw error;
  } finally {
    isRecording = isShared = false;
    if (steps.length === 0) unseen.clear();
  }
}

/**
 * Does a step, or lists it.
 *
 * @param step The step, whose arguments were checked.
 */
export function perform(step: Step): void {
  if (isWorking) return step.run();
  if (isRecording && step.tensors.every(isUnseen)) {
    steps.push(step);
    return;
  }
  settle();
  step.run();
}

/** Does all that is listed, now. */
export function settle(): void {
  if (steps.length === 0 || isWorking) return;
  const listed = steps;
  steps = [];
  stop?.();
  stop = undefined;
  try {
    work(() => listed.forEach((step) => step.run()));
  } finally {
    if (!isRecording) unseen.clear();
  }
}

/** Returns what is listed, in order. */
export function listedSteps(): readonly Step[] {
  return steps;
}

/**
 * Takes steps off the list: they were done.
 *
 * @param count How many of the first.
 */
export function takeOff(count: number): void {
  steps = steps.slice(count);
  if (steps.length === 0 && !isRecording) unseen.clear();
}

/**
 * Sets how to stop the threads that do listed steps: they must write nothing
 * afterwards.
 *
 * @param act Called before the list is settled; undefined when they are done.
 */
export function stopBy(act: (() => void) | undefined): void {
  stop = act;
}

/**
 * Calls a function that does listed steps, and settles none.
 *
 * @param act The function.
 */
export function work<T>(act: () => T): T {
  const before = isWorking;
  isWorking = true;
  try {
    return act();
  } finally {
    isWorking = before;
  }
}

/**
 * Returns storage for a new tensor while a recording lasts: steps on it may be
 * listed until it is read. Else undefined.
 *
 * @param bytes Its size.
 */
export function listedStorage(bytes: number): ArrayBufferLike | undefined {
  if (!isRecording || isWorking) return undefined;
  const buffer = isShared
    ? new SharedArrayBuffer(bytes)
    : new ArrayBuffer(bytes);
  unseen.add(buffer);
  return buffer;
}

/**
 * Does all that is listed before storage is read, if a listed step may write it.
 *
 * @param read The storage.
 */
export function see(read: Storage): void {
  if (unseen.size === 0 || isWorking || !unseen.has(read.buffer)) return;
  settle();
  unseen.delete(read.buffer);
}

/**
 * Returns a tensor's storage without counting as reading it.
 *
 * @param tensor The tensor.
 */
export function storageOf<T extends Stored>(tensor: T): T[typeof storage] {
  return tensor[storage];
}

function isUnseen(tensor: Stored): boolean {
  return unseen.has(tensor[storage].buffer);
}
