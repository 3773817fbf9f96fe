/**
 * Makes workers from embedded code, so they start wherever the library runs:
 * from its sources, in a bundle or in a page. In Deno this needs no permission,
 * unlike a file.
 *
 * @module
 */

import type { WorkerLike } from "./thread.ts";
import { workerCode } from "./worker_code.ts";

/** Makes a worker; undefined if the platform has none. */
export const spawnWorker: (() => WorkerLike) | undefined =
  typeof Worker === "undefined" ? undefined : spawn;

function spawn(): WorkerLike {
  const script = Uint8Array.from(atob(workerCode), (c) => c.charCodeAt(0));
  const blob = new Blob([script], { type: "text/javascript" });
  const url = URL.createObjectURL(blob);
  try {
    return new Worker(url, { type: "module" });
  } finally {
    URL.revokeObjectURL(url);
  }
}
