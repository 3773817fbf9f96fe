/**
 * A kernel as code in a cell sees it, with what its cells show.
 *
 * @module
 */

import type { MimeBundle } from "../../lib/core/show.ts";
import type { JsonObject } from "../../notebooks/runner/json.ts";
import { Outputs } from "../../notebooks/runner/outputs.ts";

/** A kernel that keeps what is sent. */
export class FakeKernel {
  /** What the cells show. */
  readonly outputs = new Outputs();
  /** The cell that runs. */
  cell = 0;
  /** What was sent, in order. */
  readonly sent: MimeBundle[] = [];

  /** Takes a message, as `Deno.jupyter.broadcast`. */
  broadcast(type: string, content: { readonly data: MimeBundle }): void {
    this.sent.push(content.data);
    this.outputs.add(this.cell, {
      type,
      content: content as unknown as JsonObject,
    });
  }

  /** Returns a value's text, as `Deno.jupyter.format`. */
  async format(value: unknown): Promise<MimeBundle> {
    await Promise.resolve();
    return { "text/plain": Deno.inspect(value) };
  }

  /** Returns the HTML of what a cell shows. */
  html(cell: number): string {
    return this.outputs.of(cell).map((output) =>
      "data" in output ? output.data["text/html"] ?? "" : ""
    ).join("\n");
  }
}

/**
 * Does something as code in a cell.
 *
 * @param action What is done.
 */
export async function inKernel<T>(
  action: (kernel: FakeKernel) => T | Promise<T>,
): Promise<T> {
  const own = Object.getOwnPropertyDescriptor(globalThis, "Deno")!;
  const kernel = new FakeKernel();
  const value = Object.create(Deno, { jupyter: { value: kernel } });
  Object.defineProperty(globalThis, "Deno", { value, configurable: true });
  try {
    return await action(kernel);
  } finally {
    Object.defineProperty(globalThis, "Deno", own);
  }
}
