/**
 * The Mersenne Twister MT19937: words and state, no more.
 *
 * @see Matsumoto and Nishimura, "Mersenne Twister", ACM TOMACS 8 (1998)
 *
 * @module
 */

/** Words of state. */
export const stateLength = 624;

/** The distance in the state to the word that enters a new one. */
export const shift = 397;
/** The bottom row of the matrix A that twists. */
export const matrix = 0x9908b0df;
const upperMask = 0x80000000;
const lowerMask = 0x7fffffff;

/**
 * A Mersenne Twister: 32-bit words with a period of 2^19937 − 1.
 *
 * Compatibility: the words are those of the authors' `genrand_int32`, of
 * NumPy's `RandomState` and of PyTorch's CPU generator.
 */
export class MersenneTwister {
  /** The state. */
  readonly state: Uint32Array<ArrayBuffer> = new Uint32Array(stateLength);
  /** The state as signed words, which engines keep in integer registers. */
  readonly #signed = new Int32Array(this.state.buffer);
  /**
   * The place in the state of the next word. 0 and 624 both mean that the state
   * must be renewed first: 0 after a seed, 624 at a block's end.
   */
  position = 0;

  /**
   * Starts the sequence of a seed.
   *
   * @param seed An integer in [0, 2^32).
   */
  seed(seed: number): void {
    const { state } = this;
    state[0] = seed;
    for (let i = 1; i < stateLength; i++) {
      const previous = state[i - 1] ^ (state[i - 1] >>> 30);
      state[i] = Math.imul(1812433253, previous) + i;
    }
    this.position = 0;
  }

  /** Returns the next word, an integer in [0, 2^32). */
  next(): number {
    if (this.position % stateLength === 0) this.#renew();
    return temper(this.#signed[this.position++]) >>> 0;
  }

  /**
   * Fills an array with the next words.
   *
   * @param words The array, filled from its start to its end.
   */
  fill(words: Uint32Array): void {
    const state = this.#signed;
    for (let start = 0; start < words.length;) {
      if (this.position % stateLength === 0) this.#renew();
      const first = this.position;
      const count = Math.min(stateLength - first, words.length - start);
      for (let i = 0; i < count; i++) {
        words[start + i] = temper(state[first + i]);
      }
      this.position += count;
      start += count;
    }
  }

  #renew(): void {
    const state = this.#signed;
    const split = stateLength - shift;
    for (let i = 0; i < split; i++) {
      state[i] = state[i + shift] ^ twist(state[i], state[i + 1]);
    }
    for (let i = split; i < stateLength - 1; i++) {
      state[i] = state[i - split] ^ twist(state[i], state[i + 1]);
    }
    const last = stateLength - 1;
    state[last] = state[last - split] ^ twist(state[last], state[0]);
    this.position = 0;
  }
}

/**
 * Returns the upper bit of one word and the lower bits of the next, times A.
 *
 * @param high The word that gives its upper bit.
 * @param low The next word.
 */
export function twist(high: number, low: number): number {
  const mixed = (high & upperMask) | (low & lowerMask);
  return (mixed >>> 1) ^ (-(low & 1) & matrix);
}

function temper(word: number): number {
  word ^= word >>> 11;
  word ^= (word << 7) & 0x9d2c5680;
  word ^= (word << 15) & 0xefc60000;
  return word ^ (word >>> 18);
}
