/**
 * Deferred fills: during a recording, the steps that initializers and layers
 * would run on tensors are listed, and run later.
 *
 * Callers cannot tell the difference. Reading the `data` of a listed tensor, or
 * using any generator, first runs all listed steps, in order. And only tensors
 * whose storage nobody has read are listed: those made during the recording,
 * and those that the caller hands over.
 *
 * @module
 */

import { cannot } from "./options.ts";

/** A step that changes tensors. */
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

/**
 * The key under which a tensor returns its storage without counting as read.
 */
export const storage: unique symbol = Symbol("fanin.storage");

/** A tensor, by its storage. */
export interface Stored {
  /** The storage. */
  readonly [storage]: Storage;
}

let isRecording = false;
/** Whether new tensors share their storage with workers. */
let isShared = false;
/**
 * Whether listed steps are running: they may read storage without settling the
 * list.
 */
let isWorking = false;
let steps: Step[] = [];
/** Stops the threads that run listed steps. */
let stop: (() => void) | undefined;
/**
 * Storage that only listed steps have used, or that callers promise is unused.
 */
const unseen = new Set<ArrayBufferLike>();

/**
 * Calls a function and lists its steps. If it throws, they are run.
 *
 * @param build The function.
 * @param shared Whether the storage of tensors that it makes is to be shared
 * with workers. Default: false.
 * @param existing Tensors made before that may be listed, too. Arrays that were
 * read from them before are not watched. Default: none.
 * @returns What it returned.
 * @throws {Error} If a recording is already running.
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
        "no other recording may be running",
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
 * Runs a step, or lists it.
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

/** Runs all listed steps now. */
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

/** Returns the listed steps, in order. */
export function listedSteps(): readonly Step[] {
  return steps;
}

/**
 * Removes steps that were run from the list.
 *
 * @param count How many of the first.
 */
export function takeOff(count: number): void {
  steps = steps.slice(count);
  if (steps.length === 0 && !isRecording) unseen.clear();
}

/** Removes all listed steps: they will not run, and no thread runs them. */
export function drop(): void {
  stop?.();
  stop = undefined;
  takeOff(Infinity);
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
 * Calls a function that runs listed steps without settling the list.
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
 * Returns storage for a new tensor during a recording: steps on it may be
 * listed until it is read. Otherwise returns undefined.
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
 * Runs all listed steps before storage is read, if one of them may write it.
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
