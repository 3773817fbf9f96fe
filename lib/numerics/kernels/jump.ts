/**
 * Jumps ahead of a Mersenne Twister by compiled code, in a memory of their own.
 *
 * @module
 */

import { bytesOf, kernelFor } from "./kernel.ts";

/**
 * Replaces the 624 words of a state by sums over the terms of a polynomial, of
 * which bit k % 32 of word k / 32 is the coefficient of t^k.
 *
 * @see `lib/random/torch/jump.ts`, which says which sums
 */
export type ApplyPolynomial = (
  polynomial: Int32Array,
  state: Uint32Array,
) => void;

/** What the compiled code exports. */
interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly polynomial: { readonly value: number };
  readonly state: { readonly value: number };
  apply(): void;
}

/** Words of state, and of a polynomial. */
const length = 624;
/** Words of the sequence that it takes to apply a polynomial, about. */
const wordsMade = 20_000;

let code: string | undefined;
/** The running code; null if it cannot run. */
let running: ApplyPolynomial | null | undefined;

/**
 * Gives the compiled code, which then may be started.
 *
 * @param compiled The code, in base 64.
 */
export function offerJump(compiled: string): void {
  code = compiled;
  running = undefined;
}

/**
 * Returns the compiled code for a jump, with the same choice as
 * {@linkcode kernelFor} makes. The first jump starts it; its memory of 0.2 MB
 * stays.
 */
export function compiledJump(): ApplyPolynomial | undefined {
  if (code === undefined || kernelFor(wordsMade) === undefined) {
    return undefined;
  }
  if (running === undefined) running = tryStart(code);
  return running ?? undefined;
}

function tryStart(base64: string): ApplyPolynomial | null {
  try {
    const module = new WebAssembly.Module(bytesOf(base64));
    const { exports } = new WebAssembly.Instance(module);
    const { apply, memory, ...places } = exports as unknown as Exports;
    const { buffer } = memory;
    const words = new Uint32Array(buffer, places.state.value, length);
    const terms = new Int32Array(buffer, places.polynomial.value, length);
    return (polynomial, state) => {
      words.set(state);
      terms.set(polynomial);
      apply();
      state.set(words);
    };
  } catch {
    // Vectors, or memory: TypeScript needs less.
    return null;
  }
}
