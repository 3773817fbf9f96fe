/**
 * A running `deno jupyter` kernel: started, asked to execute code, and ended without a trace.
 *
 * Nothing is installed: the kernel is this same Deno, which reads its ports
 * from a file in a temporary folder.
 *
 * @module
 */

import { type Channel, Connection } from "./connection.ts";
import { freshConnectionFile } from "./connection_file.ts";
import type { JsonObject } from "./json.ts";
import { KernelProcess } from "./process.ts";
import { Waiters } from "./waiters.ts";
import type { Message } from "./wire.ts";

/** Where a kernel runs. */
export interface KernelOptions {
  /** The folder from which relative imports resolve; the current one by default. */
  readonly cwd?: string;
  /** When aborted, whatever waits for the kernel throws the signal's reason. */
  readonly signal?: AbortSignal;
}

/** How one piece of code is executed. */
export interface ExecuteOptions {
  /** Milliseconds until it must be done; no limit by default. */
  readonly timeout?: number;
  /** Called with each message that belongs to the code, in the order of arrival. */
  readonly onMessage?: Listener;
}

/** The receiver of the messages that belong to some code. */
export type Listener = (message: Message) => void;

/** Milliseconds that a kernel has to end by itself. */
const GRACE = 3_000;
/** Milliseconds after which an unanswered `kernel_info_request` is sent again. */
const RESEND = 100;
/**
 * Code that shows errors which nothing caught, without Deno's own frames.
 * Otherwise, one that is thrown while a cell waits ends the kernel's evaluation
 * for good, without a word.
 */
const CATCH_ALL = `for (const type of ["error", "unhandledrejection"]) {
  addEventListener(type, (event) => {
    event.preventDefault();
    const text = Deno.inspect(type === "error" ? event.error : event.reason);
    console.error("Uncaught", text.replace(/\\n +at [^\\n]*\\bext:[^\\n]*/g, ""));
  });
}`;
/** The kind of the message by which the kernel says that all outputs before it are sent. */
const MARKER = "fanin_outputs_end";

/** A kernel; `await using kernel = await startKernel()` ends it in any case. */
export class Kernel implements AsyncDisposable {
  #process: KernelProcess;
  #connection: Connection;
  #waiters = new Waiters();
  #listeners = new Map<string, Listener>();
  #closed: Promise<void> | undefined;
  #signal: AbortSignal | undefined;
  #onAbort = () => this.#waiters.fail(this.#signal?.reason);

  /** Starts the process; `startKernel` also waits for its answer. */
  constructor(options: KernelOptions) {
    const file = freshConnectionFile();
    this.#process = new KernelProcess(file, options.cwd);
    this.#connection = new Connection(file, {
      onMessage: (channel, message) => this.#hear(channel, message),
      onError: (error) => this.#waiters.fail(error),
    });
    this.#process.ended.then((how) =>
      this.#waiters.fail(new Error(`The kernel ended: ${how}`))
    );
    this.#signal = options.signal;
    this.#signal?.addEventListener("abort", this.#onAbort);
    if (this.#signal?.aborted) this.#onAbort();
  }

  /** The operating system's id of the kernel's process. */
  get pid(): number {
    return this.#process.pid;
  }

  /**
   * Waits until the kernel has answered on `shell`, is heard on `iopub`, and
   * shows errors that nothing catches.
   *
   * @param timeout Milliseconds.
   * @throws {Error} If that takes longer.
   */
  async ready(timeout: number): Promise<void> {
    const ask = () =>
      this.#connection.send("shell", request("kernel_info_request", {}));
    const answers = Promise.all([
      this.#waiters.expect("kernel_info_reply"),
      this.#waiters.expect("status"),
    ]);
    const resend = setInterval(ask, RESEND);
    try {
      await ask();
      const prepared = answers.then(() => {
        this.#process.forget();
        return this.#ask({ code: CATCH_ALL, silent: true });
      });
      await this.#waiters.within(
        prepared,
        timeout,
        "The kernel did not answer",
      );
    } finally {
      clearInterval(resend);
    }
  }

  /**
   * Executes code and returns the content of the reply, when all outputs have been heard.
   *
   * Output of work that the code started and did not await is part of it if it comes within the same turn of the
   * kernel's event loop.
   *
   * @param code TypeScript; its value is an output unless it is `undefined`.
   * @param options Time limit and listener.
   * @throws {Error} If the kernel ends, or is not done in time; it is of no use then.
   */
  async execute(
    code: string,
    { timeout, onMessage }: ExecuteOptions = {},
  ): Promise<JsonObject> {
    const work = this.#ask({ code, silent: false }, onMessage);
    const heard = work.then(() => this.#hearOut(onMessage)).then(() => work);
    return await this.#waiters.within(heard, timeout, "The cell was not done");
  }

  /**
   * Ends the kernel and removes its temporary folder: by force if it does not
   * end by itself within 3 s, and at once after an error or an abort.
   */
  close(): Promise<void> {
    return this.#closed ??= this.#close();
  }

  /** Does the same as `close`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #close(): Promise<void> {
    this.#signal?.removeEventListener("abort", this.#onAbort);
    const isOfUse = !this.#waiters.hasFailed;
    this.#waiters.fail(new Error("The kernel is closed"));
    const shutdown = request("shutdown_request", { restart: false });
    if (isOfUse) {
      await this.#connection.send("control", shutdown).catch(() => {});
    }
    await this.#process.end(isOfUse ? GRACE : 0);
    await this.#connection.close();
  }

  /**
   * Waits until all outputs of the last request have been heard.
   *
   * The kernel's reply overtakes outputs, and so does its `idle`. But what code broadcasts goes the way of outputs,
   * in order. So a second, silent request broadcasts a marker. Outputs that are still in the queue when it arrives
   * there carry the second request's id, and are heard as the first one's.
   */
  async #hearOut(onMessage?: Listener): Promise<void> {
    const id = crypto.randomUUID();
    const code = `await new Promise((turn) => setTimeout(turn, 0));
Deno.jupyter.broadcast("${MARKER}", { id: "${id}" });`;
    const marked = this.#waiters.expect(id);
    const { status } = await this.#ask({ code, silent: true }, onMessage);
    if (status !== "ok") {
      throw new Error(
        "The kernel cannot say when outputs end: is Deno.jupyter overwritten?",
      );
    }
    await marked;
  }

  async #ask(
    { code, silent }: { readonly code: string; readonly silent: boolean },
    onMessage?: Listener,
  ): Promise<JsonObject> {
    const message = request("execute_request", {
      code,
      silent,
      store_history: !silent,
      user_expressions: {},
      allow_stdin: false,
      stop_on_error: false,
    });
    if (onMessage) this.#listeners.set(message.id, onMessage);
    const reply = this.#waiters.expect(message.id);
    await this.#connection.send("shell", message);
    return (await reply).content;
  }

  #hear(channel: Channel, message: Message): void {
    const { type, parent, content } = message;
    this.#waiters.settle(type, message);
    if (channel === "shell") this.#waiters.settle(parent, message);
    else if (type === MARKER) this.#waiters.settle(String(content.id), message);
    else this.#listeners.get(parent)?.(message);
  }
}

/** Returns a fresh request. */
function request(type: string, content: JsonObject): Message {
  return { type, id: crypto.randomUUID(), parent: "", content };
}
