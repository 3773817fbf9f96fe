/**
 * The messages between the calling thread and a worker, and the worker as the
 * calling thread sees it.
 *
 * @module
 */

import type { DataOf, FloatDtype } from "../core/dtype.ts";
import { jumpCode, kernelCode } from "../numerics/kernels/code.ts";
import {
  currentKernel,
  type KernelCode,
  type KernelName,
} from "../numerics/kernels/kernel.ts";
import type { Part } from "./pieces.ts";

/** The first message to a worker. */
interface Start {
  readonly kind: "start";
  /** The compiled code that it may use. */
  readonly code: KernelCode;
  /** The compiled code of jumps. */
  readonly jumpCode: string;
  /**
   * Holds the current job and whether the worker is writing to shared storage;
   * undefined without shared storage.
   */
  readonly control: Int32Array | undefined;
}

/** Asks a worker to fill a share. */
export interface Job {
  readonly kind: "job";
  /** Its number, which answers repeat. */
  readonly id: number;
  /** The kernel that makes numbers. */
  readonly kernel: KernelName;
  /** The state of the generator before the group. */
  readonly state: Uint8Array;
  /** Words from there to the share's start. */
  readonly offset: number;
  /** The share's parts. */
  readonly parts: readonly Part[];
  /** The parts' places in shared storage; undefined where buffers are sent. */
  readonly targets: readonly DataOf<FloatDtype>[] | undefined;
}

/** Returns a buffer that was copied. */
interface Return {
  readonly kind: "return";
  readonly buffer: ArrayBuffer;
}

/** What the calling thread sends. */
export type Request = Start | Job | Return;

/** Reports that a worker is running. */
interface Ready {
  readonly kind: "ready";
}

/** Brings the next pieces of a share. */
interface Package {
  readonly kind: "package";
  readonly id: number;
  /** Where they lie; undefined if in shared storage. */
  readonly buffer: ArrayBuffer | undefined;
}

/** Reports that a share is filled, with the state of the words after it. */
export interface End {
  readonly kind: "end";
  readonly id: number;
  readonly state: Uint8Array;
}

/** What a worker sends. */
export type Answer = Ready | Package | End;

/** What the calling thread uses of a `Worker`. */
export interface WorkerLike {
  addEventListener(
    type: "message" | "messageerror" | "error",
    listener: (event: Event) => void,
  ): void;
  postMessage(request: Request, options?: { transfer: ArrayBuffer[] }): void;
  terminate(): void;
}

/** A job without what a thread adds to it. */
type Task = Pick<Job, "state" | "offset" | "parts" | "targets">;

/** A job that was sent, with the callbacks for its answers. */
interface Sent {
  readonly id: number;
  readonly take: (buffer: ArrayBuffer | undefined) => boolean;
  readonly resolve: (state: Uint8Array | undefined) => void;
  readonly reject: (error: unknown) => void;
}

/** The places in the control array. */
export const at = { job: 0, isWriting: 1 } as const;

/** The size of a buffer in bytes. */
export const capacity: number = 2 ** 19;
/**
 * The bytes of shared storage after which a worker checks that its job was not
 * canceled.
 */
export const stride: number = 2 ** 22;
/** Buffers of a worker. */
export const bufferCount = 4;

/** Milliseconds between two looks at a worker that is waited for. */
const tick = 50;
/**
 * How much longer a worker is waited for that is writing to shared storage:
 * another must not write there meanwhile.
 */
const longerToWrite = 5;
/** Milliseconds that it may take until a worker has stopped. */
const timeToStop = 4000;

/** A worker, from its start to its end. */
export class Thread {
  /** Resolves when the worker runs; rejects if it cannot. */
  readonly ready: Promise<void>;
  readonly #worker: WorkerLike;
  readonly #patience: number;
  readonly #control = typeof SharedArrayBuffer === "undefined"
    ? undefined
    : new Int32Array(new SharedArrayBuffer(8));
  #refuse!: (reason: Error) => void;
  #failure: Error | undefined;
  #jobs = 0;
  #sent: Sent | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;
  /** Milliseconds since something was heard, while it is waited for. */
  #silence = 0;

  /**
   * Waits for a worker to run.
   *
   * @param worker The worker, just made.
   * @param patience Milliseconds of silence after which it is given up while it
   * is waited for.
   */
  constructor(worker: WorkerLike, patience: number) {
    this.#worker = worker;
    this.#patience = patience;
    this.ready = new Promise((resolve, reject) => {
      this.#refuse = reject;
      worker.addEventListener("message", (event) => {
        const answer = (event as MessageEvent<Answer>).data;
        this.#silence = 0;
        if (answer.kind !== "ready") return this.#hear(answer);
        this.#unwatch();
        resolve();
      });
    });
    // Callers still see the rejection.
    this.ready.catch(() => {});
    const fail = (event: Event) => {
      // Otherwise an error in a worker ends Deno.
      event.preventDefault();
      const { message } = event as Partial<ErrorEvent>;
      this.end(new Error(`A worker failed: ${message ?? event.type}`));
    };
    worker.addEventListener("error", fail);
    worker.addEventListener("messageerror", fail);
    const control = this.#control;
    worker.postMessage({ kind: "start", code: kernelCode, jumpCode, control });
    this.#watch();
  }

  /**
   * Sends a share to be filled. An unfinished earlier job is abandoned.
   *
   * @param task The share.
   * @param take Called with each buffer that the worker filled, or with
   * undefined where it filled shared storage; it says whether more are wanted.
   * @returns The state of the words at the share's end; undefined if it was
   * given up.
   * @throws {Error} If the worker failed, before or meanwhile. It then writes
   * nothing more.
   */
  fill(
    task: Task,
    take: (buffer: ArrayBuffer | undefined) => boolean,
  ): Promise<Uint8Array | undefined> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    this.stop();
    const id = ++this.#jobs;
    if (this.#control !== undefined) Atomics.store(this.#control, at.job, id);
    return new Promise((resolve, reject) => {
      this.#sent = { id, take, resolve, reject };
      this.#worker.postMessage({
        kind: "job",
        id,
        kernel: currentKernel(),
        ...task,
      });
    });
  }

  /**
   * Gives the worker up if from now on nothing is heard of its job for a while,
   * since a worker can end without a word.
   */
  hurry(): void {
    if (this.#sent !== undefined) this.#watch();
  }

  /**
   * Abandons an unfinished job: when this returns, the worker writes nothing
   * more to shared storage.
   */
  stop(): void {
    this.#settle()?.resolve(undefined);
    if (this.#failure !== undefined || this.#halt()) return;
    this.#kill(new Error("A worker did not stop"));
  }

  /**
   * Ends the worker, which then writes nothing more.
   *
   * @param reason The error of a waiting job.
   */
  end(reason: Error): void {
    if (this.#failure !== undefined) return;
    this.#halt();
    this.#kill(reason);
  }

  #kill(reason: Error): void {
    this.#failure = reason;
    this.#worker.terminate();
    this.#refuse(reason);
    this.#settle()?.reject(reason);
  }

  /** Returns the job that was sent, of which nothing is expected any more. */
  #settle(): Sent | undefined {
    this.#unwatch();
    const sent = this.#sent;
    this.#sent = undefined;
    return sent;
  }

  /** Cancels the job, and returns whether the worker has stopped writing. */
  #halt(): boolean {
    const control = this.#control;
    if (control === undefined) return true;
    Atomics.store(control, at.job, 0);
    const start = performance.now();
    // A page's main thread may not sleep, so it polls, for about as long as
    // filling a buffer takes.
    while (Atomics.load(control, at.isWriting) === 1) {
      if (performance.now() - start > timeToStop) return false;
    }
    return true;
  }

  /**
   * Counts ticks of silence: a calling thread that was busy or asleep itself
   * does not take that for silence of the worker.
   */
  #watch(): void {
    this.#unwatch();
    this.#silence = 0;
    this.#timer = setInterval(() => {
      this.#silence += tick;
      const isWriting = this.#control?.[at.isWriting] === 1;
      const longer = isWriting ? longerToWrite : 1;
      if (this.#silence < longer * this.#patience) return;
      this.end(new Error(`A worker did not answer for ${this.#silence} ms`));
    }, tick);
  }

  #unwatch(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #hear(answer: Exclude<Answer, { kind: "ready" }>): void {
    const sent = this.#sent?.id === answer.id ? this.#sent : undefined;
    if (answer.kind === "end") {
      if (sent !== undefined) this.#settle();
      sent?.resolve(answer.state);
      return;
    }
    const { buffer } = answer;
    if (sent !== undefined && !sent.take(buffer)) {
      if (this.#sent === sent) this.#settle();
      sent.resolve(undefined);
    }
    if (buffer === undefined) return;
    // A worker without a buffer would never reach the next job.
    this.#worker.postMessage({ kind: "return", buffer }, {
      transfer: [buffer],
    });
  }
}
