/**
 * Makes workers from embedded code, so they start wherever the library runs:
 * from its sources, in a bundle or in a page. In Deno this needs no permission,
 * unlike a file.
 *
 * @module
 */

import { builtin } from "../core/platform.ts";
import type { WorkerLike } from "./thread.ts";
import { workerCode } from "./worker_code.ts";

/** What is used of a worker of Node. */
interface NodeWorker {
  on(event: "message", listener: (data: unknown) => void): void;
  on(event: "messageerror" | "error", listener: (error: Error) => void): void;
  on(event: "exit", listener: (code: number) => void): void;
  postMessage(message: unknown, transfer?: readonly ArrayBuffer[]): void;
  terminate(): unknown;
}

/** What is used of `node:worker_threads`. */
interface NodeThreads {
  readonly Worker: new (
    code: string,
    options: { readonly eval: true; readonly execArgv: readonly string[] },
  ) => NodeWorker;
}

/** Gives a worker of Node the functions of a page's. */
const nodePrelude = `{
  const { parentPort } = process.getBuiltinModule("node:worker_threads");
  Object.assign(globalThis, {
    addEventListener: (type, listener) =>
      parentPort.on(type, (data) => listener({ data })),
    postMessage: (answer, options) =>
      parentPort.postMessage(answer, options?.transfer),
  });
}
`;

/**
 * Makes a worker.
 *
 * @throws {Error} If the platform has none.
 * @throws What the platform throws if it refuses one.
 */
export function spawnWorker(): WorkerLike {
  if (typeof Worker !== "undefined") return spawnInPage();
  const threads = builtin("node:worker_threads") as NodeThreads | undefined;
  if (threads === undefined) throw new Error("there are none");
  return spawnInNode(threads);
}

function spawnInPage(): WorkerLike {
  const script = Uint8Array.from(atob(workerCode), (c) => c.charCodeAt(0));
  const blob = new Blob([script], { type: "text/javascript" });
  const url = URL.createObjectURL(blob);
  const revoke = () => URL.revokeObjectURL(url);
  try {
    const worker = new Worker(url, { type: "module" });
    // Bun reads the script only after the constructor has returned.
    worker.addEventListener("message", revoke, { once: true });
    worker.addEventListener("error", revoke, { once: true });
    return worker;
  } catch (error) {
    revoke();
    throw error;
  }
}

function spawnInNode({ Worker }: NodeThreads): WorkerLike {
  const worker = new Worker(nodePrelude + atob(workerCode), {
    eval: true,
    // Those of the program, such as loaders, are not for this code.
    execArgv: [],
  });
  return {
    addEventListener(type, listener) {
      if (type === "message") {
        worker.on(
          type,
          (data) => listener(Object.assign(new Event(type), { data })),
        );
        return;
      }
      worker.on(
        type,
        ({ message }) => listener(Object.assign(new Event(type), { message })),
      );
      if (type !== "error") return;
      worker.on("exit", (code) => {
        const message = `it ended with code ${code}`;
        listener(Object.assign(new Event(type), { message }));
      });
    },
    postMessage: (request, options) =>
      worker.postMessage(request, options?.transfer),
    terminate: () => void worker.terminate(),
  };
}
