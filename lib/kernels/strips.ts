/**
 * Steps of the QR decomposition by compiled code, in a memory of their own.
 *
 * @module
 */

import { bytesOf, kernelFor } from "./kernel.ts";

/**
 * Steps on matrices in strips of four columns, which lie in one array. Places,
 * distances and counts are in numbers, rows and strips.
 *
 * @see `lib/math/strip_operations.ts`, which says what each one does
 */
export interface StripOperations {
  reflect(strip: number, rows: number): void;
  multiply(
    to: number,
    left: number,
    stride: number,
    strips: number,
    right: number,
    rows: number,
  ): void;
  solveLower(strip: number, gram: number, rows: number): void;
  solveUpper(strip: number, gram: number, rows: number): void;
  subtract(
    from: number,
    left: number,
    stride: number,
    strips: number,
    right: number,
    rows: number,
  ): void;
}

/** An array, and what works on it. */
export interface StripWorkspace {
  /** The array; what it holds at first is anything. */
  readonly memory: Float64Array;
  /** The steps. */
  readonly operations: StripOperations;
}

const pageBytes = 2 ** 16;
const bytesOfNumber = Float64Array.BYTES_PER_ELEMENT;

let code: string | undefined;
let module: WebAssembly.Module | undefined;
/** What the last call had; kept until the garbage collector wants it. */
let last: WeakRef<StripWorkspace> | undefined;

/**
 * Gives the compiled code, which then may be started.
 *
 * @param compiled The code, in base 64.
 */
export function offerStrips(compiled: string): void {
  code = compiled;
  module = undefined;
  last = undefined;
}

/**
 * Returns a place for a call to compute in, where that is compiled code's: with
 * the same choice as {@linkcode kernelFor} makes. None is there if a memory of the
 * size is not to be had.
 *
 * Only the code is kept. A memory, which cannot shrink, goes with its call's other
 * garbage; a call before that takes it again.
 *
 * @param length How many numbers the memory holds at least.
 */
export function stripWorkspaceFor(length: number): StripWorkspace | undefined {
  if (kernelFor(length) === undefined || code === undefined) return undefined;
  const before = last?.deref();
  if (before !== undefined && before.memory.length >= length) return before;
  module ??= new WebAssembly.Module(bytesOf(code));
  const workspace = tryStart(module, length);
  if (workspace !== undefined) last = new WeakRef(workspace);
  return workspace;
}

function tryStart(
  module: WebAssembly.Module,
  length: number,
): StripWorkspace | undefined {
  const pages = Math.ceil(length * bytesOfNumber / pageBytes);
  try {
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
    const { exports } = new WebAssembly.Instance(module, { env: { memory } });
    return {
      memory: new Float64Array(memory.buffer),
      operations: exports as unknown as StripOperations,
    };
  } catch {
    // No memory of the size: TypeScript's arrays may still have room.
    return undefined;
  }
}
