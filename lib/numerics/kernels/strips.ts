/**
 * Steps of the QR decomposition by compiled code, in a memory of their own.
 *
 * @module
 */

import { bytesOf, kernelFor } from "./kernel.ts";

/**
 * Steps on matrices in strips of four columns, which lie in one array. Places and
 * distances are in numbers; all counts are multiples of four.
 *
 * @see `lib/numerics/qr.ts`, which says what each one does
 */
export interface StripOperations {
  reflect(strip: number, rows: number): void;
  multiply(
    to: number,
    left: number,
    leftColumns: number,
    right: number,
    rightColumns: number,
    rows: number,
    stride: number,
  ): void;
  solveLower(matrix: number, columns: number, gram: number, rows: number): void;
  solveUpper(matrix: number, columns: number, gram: number, rows: number): void;
  subtract(
    from: number,
    fromColumns: number,
    left: number,
    leftColumns: number,
    right: number,
    rows: number,
    stride: number,
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
const numberBytes = Float64Array.BYTES_PER_ELEMENT;

/** A running kernel and its memory, which grows. */
interface Running {
  readonly memory: WebAssembly.Memory;
  readonly operations: StripOperations;
}

let code: string | undefined;
let module: WebAssembly.Module | undefined;
/** What the last call had; kept until the garbage collector wants it. */
let last: WeakRef<Running> | undefined;

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
 * the same choice as {@linkcode kernelFor} makes. Returns nothing if no memory
 * of that size is available.
 *
 * A memory cannot shrink, so it is held only weakly: the next call reuses it,
 * unless the garbage collector was faster.
 *
 * @param length How many numbers the memory holds at least.
 */
export function stripWorkspaceFor(length: number): StripWorkspace | undefined {
  if (kernelFor(length) === undefined || code === undefined) return undefined;
  try {
    module ??= new WebAssembly.Module(bytesOf(code));
    const { memory, operations } = last?.deref() ?? start(module);
    const missing = length * numberBytes - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / pageBytes));
    return { memory: new Float64Array(memory.buffer), operations };
  } catch {
    // No memory of the size: TypeScript's arrays may still have room.
    return undefined;
  }
}

function start(module: WebAssembly.Module): Running {
  const memory = new WebAssembly.Memory({ initial: 1 });
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const running = {
    memory,
    operations: exports as unknown as StripOperations,
  };
  last = new WeakRef(running);
  return running;
}
