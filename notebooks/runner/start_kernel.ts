/**
 * A kernel that has answered, or a clear error.
 *
 * @module
 */

import { Kernel, type KernelOptions } from "./kernel.ts";

/** How a kernel is started. */
export interface StartOptions extends KernelOptions {
  /** Milliseconds until it must have answered; 30,000 by default. */
  readonly startTimeout?: number;
}

const START_TIMEOUT = 30_000;
/** How often a start is tried if a port is taken between its choice and its use. */
const TRIES = 3;

/**
 * Starts a kernel and returns it once it has answered and can be heard.
 *
 * @param options Its folder, time limit and signal.
 * @throws {Error} If the Deno is older than 2.9.0, or the kernel ends at once or does not answer in time.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { startKernel } from "./start_kernel.ts";
 *
 * await using kernel = await startKernel();
 * let text: unknown;
 * const reply = await kernel.execute("console.log(6 * 7)", {
 *   onMessage({ type, content }) {
 *     if (type === "stream") text = content.text;
 *   },
 * });
 * assertEquals(text, "42\n");
 * assertEquals(reply.execution_count, 1);
 * ```
 */
export async function startKernel(
  options: StartOptions = {},
): Promise<Kernel> {
  requireDeno(Deno.version.deno);
  for (let tries = 1;; tries++) {
    const kernel = new Kernel(options);
    try {
      await kernel.ready(options.startTimeout ?? START_TIMEOUT);
      return kernel;
    } catch (error) {
      await kernel.close();
      if (tries === TRIES || !/AddrInUse/.test(String(error))) throw error;
    }
  }
}

/**
 * Throws if a version of Deno is too old to run notebooks: 2.8 loses results and errors.
 *
 * @param version Such as `"2.9.6"`.
 * @throws {Error} If it is below 2.9.0.
 *
 * @example
 * ```ts
 * import { assertThrows } from "@std/assert";
 * import { requireDeno } from "./start_kernel.ts";
 *
 * requireDeno("2.9.0");
 * assertThrows(() => requireDeno("2.8.3"), Error, "got 2.8.3");
 * ```
 */
export function requireDeno(version: string): void {
  const [major, minor] = version.split(".").map(Number);
  if (major > 2 || (major === 2 && minor >= 9)) return;
  throw new Error(
    `Cannot run notebooks: Deno must be 2.9.0 or newer, got ${version}`,
  );
}
