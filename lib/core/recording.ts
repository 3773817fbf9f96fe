/**
 * Fills that are put off: while a recording lasts, what initializers and layers
 * would do to tensors is listed, and done later.
 *
 * No one can tell. Whoever reads a tensor that is listed, or uses any generator,
 * has all that is listed done first, in order. And only tensors are listed whose
 * storage no one has seen, as they were made during the recording, or which the
 * caller hands over.
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

/** A tensor: what holds its storage as `data`. */
export interface Stored {
  /** The storage. */
  readonly data: Storage;
}

let isRecording = false;
/** Whether tensors that are made are to share their storage with workers. */
let isShared = false;
/** Whether listed steps are being done: what they read is as it should be. */
let isWorking = false;
let steps: Step[] = [];
/** Stops those who do listed steps elsewhere. */
let stop: (() => void) | undefined;
/** Storage that none but listed steps has seen, or is taken for so. */
const unseen = new Set<ArrayBufferLike>();
/** Tensors whose `data` watches for readers, and their storage. */
const watched = new Map<Stored, Storage>();

/**
 * Calls a function and lists the steps in it. If it throws, they are done.
 *
 * @param build The function.
 * @param shared Whether the storage of tensors that it makes is to be shared
 * with workers. Default: false.
 * @param existing Tensors made before that may be listed, too. Arrays and views
 * of their storage that were got before are not watched. Default: none.
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
  for (const tensor of existing) unseen.add(tensor.data.buffer);
  existing.forEach(watch);
  try {
    return build();
  } catch (error) {
    settle();
    throw error;
  } finally {
    isRecording = isShared = false;
    if (steps.length === 0) unwatchAll();
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
    if (!isRecording) unwatchAll();
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
  if (steps.length === 0 && !isRecording) unwatchAll();
}

/**
 * Says how to stop those who do listed steps elsewhere: they must write nothing
 * after that.
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
 * Returns storage for a new tensor. If a recording lasts, no one has seen it, and
 * steps on it may be listed.
 *
 * @param bytes Its size.
 */
export function newStorage(bytes: number): ArrayBufferLike {
  const isListed = isRecording && !isWorking;
  const buffer = isListed && isShared
    ? new SharedArrayBuffer(bytes)
    : new ArrayBuffer(bytes);
  if (isListed) unseen.add(buffer);
  return buffer;
}

/**
 * Watches for readers of a tensor whose storage no one has seen.
 *
 * @param tensor The tensor, with its storage as `data`.
 */
export function watch(tensor: Stored): void {
  if (unseen.size === 0 || watched.has(tensor)) return;
  if (!unseen.has(tensor.data.buffer)) return;
  const { data } = tensor;
  watched.set(tensor, data);
  Object.defineProperty(tensor, "data", {
    get(): Storage {
      if (isWorking) return data;
      settle();
      unseen.delete(data.buffer);
      unwatch(tensor, data);
      return data;
    },
  });
}

/**
 * Returns a tensor's storage without having been seen to read it.
 *
 * @param tensor The tensor.
 */
export function storageOf<T extends Stored>(tensor: T): T["data"] {
  return watched.get(tensor) ?? tensor.data;
}

function isUnseen(tensor: Stored): boolean {
  return unseen.has(storageOf(tensor).buffer);
}

function unwatchAll(): void {
  for (const [tensor, data] of watched) unwatch(tensor, data);
  unseen.clear();
}

function unwatch(tensor: Stored, value: Storage): void {
  watched.delete(tensor);
  Object.defineProperty(tensor, "data", { value, writable: true });
}
