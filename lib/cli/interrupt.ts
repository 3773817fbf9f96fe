/**
 * Ctrl-C and SIGTERM while a file is written: the temporary file is removed
 * before the process ends.
 *
 * @module
 */

import { builtin } from "../core/platform.ts";

/** The part of `node:process` that is used. */
interface Signals {
  on(name: SignalName, listener: () => void): unknown;
  off(name: SignalName, listener: () => void): unknown;
}

type SignalName = keyof typeof codes;

/** The exit codes of processes that signals end, as shells give them. */
const codes = { SIGINT: 130, SIGTERM: 143 } as const;

/** The process was told to end. */
export class Interruption extends Error {
  /** The exit code. */
  readonly code: number;

  /**
   * Makes one.
   *
   * @param signal Which signal told it.
   */
  constructor(signal: SignalName) {
    super(`Interrupted by ${signal}`);
    this.name = "Interruption";
    this.code = codes[signal];
  }
}

/**
 * Runs work that Ctrl-C and SIGTERM abort; it then rejects with an
 * `Interruption`. A second one of them ends the process at once.
 *
 * @param work The work; it gets the signal that aborts.
 */
export async function interruptible<T>(
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const process = builtin("node:process") as Signals;
  const controller = new AbortController();
  const listeners = (Object.keys(codes) as SignalName[]).map((name) => ({
    name,
    listener() {
      stop();
      controller.abort(new Interruption(name));
    },
  }));
  function stop(): void {
    for (const { name, listener } of listeners) process.off(name, listener);
  }
  for (const { name, listener } of listeners) process.on(name, listener);
  try {
    return await work(controller.signal);
  } finally {
    stop();
  }
}
