/**
 * A worker as the calling thread sees it.
 *
 * @module
 */

import { kernelCode } from "../kernels/code.ts";
import { currentKernel } from "../kernels/kernel.ts";
import type { Answer, Job, Request } from "./messages.ts";

/** What of a worker is used. */
export interface WorkerLike {
  addEventListener(
    type: "message" | "messageerror" | "error",
    listener: (event: Event) => void,
  ): void;
  postMessage(request: Request, options?: { transfer: ArrayBuffer[] }): void;
  terminate(): void;
}

/** A job without what a thread adds to it. */
export type Task = Pick<Job, "state" | "jump" | "parts">;

/** A job that was sent, and who waits for it. */
interface Sent {
  readonly id: number;
  readonly take: (buffer: ArrayBuffer) => boolean;
  readonly resolve: (state: Uint8Array | undefined) => void;
  readonly reject: (error: unknown) => void;
}

/** A worker, from its start to its end. */
export class Thread {
  /** Resolves when the worker runs; rejects if it cannot. */
  readonly ready: Promise<void>;
  readonly #worker: WorkerLike;
  readonly #refuse: (reason: Error) => void;
  #failure: Error | undefined;
  #jobs = 0;
  #sent: Sent | undefined;

  /**
   * Waits for a worker to run.
   *
   * @param worker The worker, just made.
   */
  constructor(worker: WorkerLike) {
    this.#worker = worker;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.ready = promise;
    this.#refuse = reject;
    // Whoever waits hears of it all the same.
    promise.catch(() => {});
    const fail = (event: Event) => {
      // Else an error in a worker ends Deno.
      event.preventDefault();
      const { message } = event as Partial<ErrorEvent>;
      this.end(new Error(`A worker failed: ${message ?? event.type}`));
    };
    worker.addEventListener("error", fail);
    worker.addEventListener("messageerror", fail);
    worker.addEventListener("message", (event) => {
      const answer = (event as MessageEvent<Answer>).data;
      if (answer.kind === "ready") resolve();
      else this.#hear(answer);
    });
    worker.postMessage({ kind: "start", code: kernelCode });
  }

  /**
   * Has a share filled. A job before that has not ended is given up.
   *
   * @param task The share.
   * @param take Called with each buffer that the worker filled; it says whether
   * more are wanted.
   * @returns The state of the words at the share's end; undefined if it was
   * given up.
   * @throws {Error} If the worker failed, before or meanwhile.
   */
  fill(
    task: Task,
    take: (buffer: ArrayBuffer) => boolean,
  ): Promise<Uint8Array | undefined> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    const id = ++this.#jobs;
    const { promise, resolve, reject } = Promise.withResolvers<
      Uint8Array | undefined
    >();
    this.#sent?.resolve(undefined);
    this.#sent = { id, take, resolve, reject };
    this.#worker.postMessage({
      kind: "job",
      id,
      kernel: currentKernel(),
      ...task,
    });
    return promise;
  }

  /**
   * Ends the worker.
   *
   * @param reason What a job that waits fails with.
   */
  end(reason: Error): void {
    if (this.#failure !== undefined) return;
    this.#failure = reason;
    this.#worker.terminate();
    this.#refuse(reason);
    this.#sent?.reject(reason);
    this.#sent = undefined;
  }

  #hear(answer: Exclude<Answer, { kind: "ready" }>): void {
    const sent = this.#sent?.id === answer.id ? this.#sent : undefined;
    if (answer.kind === "end") {
      this.#sent = sent === undefined ? this.#sent : undefined;
      sent?.resolve(answer.state);
      return;
    }
    const { buffer } = answer;
    if (sent !== undefined && !sent.take(buffer)) {
      this.#sent = undefined;
      sent.resolve(undefined);
    }
    // A worker without a buffer would not get to the next job.
    this.#worker.postMessage({ kind: "return", buffer }, {
      transfer: [buffer],
    });
  }
}
