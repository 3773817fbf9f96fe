/**
 * PyTorch and NumPy, in one process that lives as long as the benchmark.
 *
 * @module
 */

import { join } from "node:path";
import { goldenPython } from "../../golden/python.ts";
import { callsFor } from "../clock.ts";
import type { DrawingSide } from "../fanin.ts";
import type { Task } from "../tasks.ts";

/** A library of Python. */
export type PythonPeer = "PyTorch" | "NumPy";

/** A library at a task, until it is released. */
export interface PythonSide extends DrawingSide, AsyncDisposable {
  digest(): Promise<string | undefined>;
}

/** The Python process: a line of JSON in, a line of JSON out. */
export class PythonPeers implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly #lines: AsyncIterator<string>;
  #sides = 0;

  private constructor(child: Deno.ChildProcess) {
    this.#child = child;
    this.#writer = child.stdin.getWriter();
    this.#lines = linesOf(child.stdout);
  }

  /**
   * Starts the process; the first time, makes its virtual environment.
   *
   * @throws {Error} If there is no Python, or its packages cannot be installed.
   */
  static async start(): Promise<PythonPeers> {
    return new PythonPeers(
      new Deno.Command(await goldenPython(), {
        args: [join(import.meta.dirname!, "answer.py")],
        stdin: "piped",
        stdout: "piped",
      }).spawn(),
    );
  }

  /** Returns the versions of the libraries, and what PyTorch makes use of. */
  about(): Promise<Record<PythonPeer, string>> {
    return this.#ask("about");
  }

  /**
   * Returns a library at a task, with its memory made and touched.
   *
   * @param peer Which library.
   * @param task What is to be done.
   */
  async side(peer: PythonPeer, task: Task): Promise<PythonSide> {
    const key = this.#sides++;
    await this.#ask("prepare", key, peer, task);
    const isFill = task.kind === "uniform" || task.kind === "normal" ||
      task.kind === "truncNormal";
    const calls = isFill ? callsFor(task.elements) : 1;
    return {
      sample: () => this.#ask<number>("sample", key, calls),
      digest: async () =>
        await this.#ask<string | null>("digest", key) ?? undefined,
      [Symbol.asyncDispose]: () => this.#ask("release", key),
    };
  }

  /** Ends the process. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#writer.close().catch(() => {});
    await this.#child.status;
  }

  async #ask<T = void>(...request: unknown[]): Promise<T> {
    const line = `${JSON.stringify(request)}\n`;
    // Where the process has ended, there is no answer to read either.
    await this.#writer.write(new TextEncoder().encode(line)).catch(() => {});
    const { value, done } = await this.#lines.next();
    if (!done) return JSON.parse(value);
    const { code } = await this.#child.status;
    throw new Error(`Python ended with code ${code} when asked ${line}`);
  }
}

async function* linesOf(
  bytes: ReadableStream<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<string> {
  let rest = "";
  for await (const text of bytes.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    yield* lines;
  }
}
