/**
 * Makes workers from code that is carried along, so that they start anywhere the
 * library runs: from its sources, in a bundle, in a page; in Deno without a
 * permission, which a file would need.
 *
 * @module
 */

import type { WorkerLike } from "./thread.ts";
import { workerCode } from "./worker_code.ts";

/** Makes a worker; undefined where the platform has none. */
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
