/**
 * Deno's kernel, as far as it is used.
 *
 * @module
 */

import type { MimeBundle } from "../core/show.ts";

/** The part of Deno's kernel that is used. */
export interface Kernel {
  /** Sends a message to the front ends; it is on its way when this returns. */
  broadcast(type: string, content: Record<string, unknown>): unknown;
  /** Returns what an output cell shows of any value. */
  format(value: unknown): Promise<MimeBundle>;
}

/** Returns the kernel, if this is one: elsewhere, reading it throws. */
export function findKernel(): Kernel | undefined {
  const { Deno } = globalThis as { Deno?: { readonly jupyter?: Kernel } };
  try {
    return Deno?.jupyter;
  } catch {
    return undefined;
  }
}
