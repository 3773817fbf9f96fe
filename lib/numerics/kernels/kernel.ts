/**
 * Chooses the code that makes numbers in bulk: TypeScript, or WebAssembly with
 * vectors.
 *
 * All make the same bytes. The compiled code is started when it is first worth
 * it, and only where the machine can run it.
 *
 * @module
 */

import { cannot } from "../../core/options.ts";

/**
 * Code that makes numbers in bulk.
 *
 * @internal
 */
export type KernelName = "typescript" | "simd" | "relaxed-simd";

/** The names of compiled code. */
type CompiledName = Exclude<KernelName, "typescript">;

/** Compiled code, in base 64. */
export type KernelCode = Readonly<Record<CompiledName, string>>;

/** Running compiled code. The functions are those of `assembly/`. */
export interface Kernel {
  /** The state of the Mersenne Twister. */
  readonly state: Uint32Array;
  /** The block that calls fill. */
  readonly block: Float32Array;
  /** The same, as words. */
  readonly wordBlock: Uint32Array;
  /** A block of which only some numbers are replaced. */
  readonly kept: Float32Array;
  /** The block in half precision. */
  readonly halves: Uint16Array;
  /** The block that calls read. */
  readonly values: Float32Array;
  /** What `measure` finds of it: count, zeros, mean, squares, min and max. */
  readonly found: Float64Array;
  /** The edges of bins, each the first of four. */
  readonly edges: Float32Array;
  /** Four tables of counts in turn: below the bins, in each, and above. */
  readonly counts: Uint32Array;
  uniform(position: number, count: number, step: number, from: number): number;
  words(position: number, count: number): number;
  skip(position: number, count: number): number;
  normal(first: number, count: number, mean: number, std: number): void;
  outside(count: number, low: number, high: number): number;
  redraw(
    groups: number,
    mean: number,
    std: number,
    low: number,
    high: number,
  ): number;
  toFloat16(count: number): void;
  toBfloat16(count: number): void;
  replaceHalves(count: number, from: number, to: number): void;
  measure(count: number): void;
  countBins(
    count: number,
    low: number,
    scale: number,
    bins: number,
    doubt: number,
  ): number;
}

/** What is exported as a place in the memory. */
type PlaceName =
  | "block"
  | "counts"
  | "edges"
  | "found"
  | "halves"
  | "kept"
  | "state"
  | "values";

/** What the compiled code exports. */
type Exports =
  & Omit<Kernel, PlaceName | "wordBlock">
  & Readonly<Record<PlaceName, { readonly value: number }>>
  & {
    readonly memory: { readonly buffer: ArrayBuffer };
    isFused(): number;
  };

/** The names, the slowest first. */
export const kernelNames: readonly KernelName[] = [
  "typescript",
  "simd",
  "relaxed-simd",
];

/** Numbers that the block holds. */
export const blockLength = 512;

/** Numbers that the block to read holds. */
export const readLength = 1024;

/** Bins that there is room for. */
export const mostBins = 1024;

/** Numbers in a call from which on compiled code pays, once it runs. */
const worthCalling = 32;
/** Numbers in all calls so far from which on it pays to start it. */
const worthStarting = 2000;

let code: KernelCode | undefined;
let choice: KernelName | "auto" = "auto";
let asked = 0;
/** The running code; null if none can run. */
let running: Kernel | null | undefined;
let runningName: KernelName = "typescript";

/**
 * Gives the compiled code, which then may be started.
 *
 * @param compiled The code.
 */
export function offerKernels(compiled: KernelCode): void {
  code = compiled;
  running = undefined;
}

/**
 * Chooses the code that makes numbers in bulk. All make the same bytes; so this
 * is for measuring, and for tests.
 *
 * @param name `"typescript"`, `"simd"` (WebAssembly vectors), `"relaxed-simd"`
 * (with fused multiply-add), or `"auto"`: the fastest that the machine can run,
 * started when it is worth it. Default at start: `"auto"`.
 * @throws {RangeError} If it is another name, or cannot run on this machine; the
 * choice is unchanged.
 *
 * @example
 * ```ts
 * import { currentKernel, useKernel } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * useKernel("typescript");
 * assertEquals(currentKernel(), "typescript");
 * useKernel("auto");
 * ```
 */
export function useKernel(name: KernelName | "auto"): void {
  if (name !== "auto" && !kernelNames.includes(name)) {
    throw new RangeError(
      cannot(
        "choose a kernel",
        `the name must be one of auto, ${kernelNames.join(", ")}`,
        name,
      ),
    );
  }
  const started = name === "auto" ? undefined : startOneOf([name]);
  if (started?.name !== name && name !== "auto") {
    throw new RangeError(
      cannot("choose a kernel", "it must run on this machine", name),
    );
  }
  choice = name;
  running = started?.kernel;
  runningName = started?.name ?? "typescript";
}

/**
 * Returns the name of the code that makes numbers in bulk on this machine. With
 * `"auto"` this starts it, if nothing did before.
 */
export function currentKernel(): KernelName {
  if (running === undefined) start();
  return runningName;
}

/**
 * Returns the compiled code for a call, if it is worth it.
 *
 * @param count How many numbers the call makes.
 */
export function kernelFor(count: number): Kernel | undefined {
  if (running === undefined) {
    asked += count;
    if (asked < worthStarting) return undefined;
    start();
  }
  const isWorth = choice !== "auto" || count >= worthCalling;
  return isWorth ? running ?? undefined : undefined;
}

/**
 * Returns the bytes of compiled code.
 *
 * @param base64 The code, in base 64.
 */
export function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

function start(): void {
  const { kernel, name } = startOneOf(kernelNames.toReversed());
  running = kernel;
  runningName = name;
}

/** Starts the first of some that runs here; in the end TypeScript, which does. */
function startOneOf(
  names: readonly KernelName[],
): { name: KernelName; kernel: Kernel | null } {
  for (const name of names) {
    if (name === "typescript" || code === undefined) break;
    const kernel = tryStart(code[name]);
    if (kernel !== undefined) return { name, kernel };
  }
  return { name: "typescript", kernel: null };
}

/** Returns the running code, unless its vectors or its rounding are missing. */
function tryStart(base64: string): Kernel | undefined {
  try {
    const module = new WebAssembly.Module(bytesOf(base64));
    const { exports } = new WebAssembly.Instance(module);
    const { isFused, memory, ...rest } = exports as unknown as Exports;
    if (!isFused()) return undefined;
    const { block, state, kept, halves, ...reading } = rest;
    const { values, found, edges, counts, ...functions } = reading;
    const { buffer } = memory;
    return {
      ...functions,
      state: new Uint32Array(buffer, state.value, 624),
      block: new Float32Array(buffer, block.value, blockLength),
      wordBlock: new Uint32Array(buffer, block.value, blockLength),
      kept: new Float32Array(buffer, kept.value, blockLength),
      halves: new Uint16Array(buffer, halves.value, blockLength),
      values: new Float32Array(buffer, values.value, readLength),
      found: new Float64Array(buffer, found.value, 6),
      edges: new Float32Array(buffer, edges.value, 4 * (mostBins + 1)),
      counts: new Uint32Array(buffer, counts.value, 4 * (mostBins + 2)),
    };
  } catch {
    // Vectors, WebAssembly as such, or memory: there is code that needs less.
    return undefined;
  }
}
