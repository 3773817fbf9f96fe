/**
 * A kernel for the length of a call.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import type { KernelName } from "../../lib/numerics/kernels/kernel.ts";
import { currentKernel, useKernel } from "../../mod.ts";

/**
 * Calls a function with a kernel, and asserts at the end that it is in use.
 *
 * @param kernel The kernel.
 * @param body What is called.
 * @returns What that returns.
 */
export function withKernel<T>(kernel: KernelName, body: () => T): T {
  useKernel(kernel);
  try {
    const result = body();
    assertEquals(currentKernel(), kernel);
    return result;
  } finally {
    useKernel("auto");
  }
}
