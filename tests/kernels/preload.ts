/**
 * Runs whatever comes after it with the kernel that `FANIN_TEST_KERNEL` names,
 * and says at the end which one was in use:
 *
 *     FANIN_TEST_KERNEL=simd deno test -A --preload tests/kernels/preload.ts tests/init
 *
 * @module
 */

import type { KernelName } from "../../lib/numerics/kernels/kernel.ts";
import { currentKernel, useKernel } from "../../mod.ts";

useKernel(Deno.env.get("FANIN_TEST_KERNEL") as KernelName);
addEventListener("unload", () => console.log(`kernel: ${currentKernel()}`));
