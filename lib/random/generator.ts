/**
 * The seam between this library and the frameworks whose numbers it reproduces:
 * the interface of a generator, a fill as a value, and the record of what
 * filled a tensor.
 *
 * @module
 */

import type { FloatDtype } from "../core/dtype.ts";
import { checkAtOnce, frozen } from "../core/options.ts";
import { perform, type Step } from "../core/recording.ts";
import type { Tensor } from "../core/tensor.ts";
import { type Distribution, draws, fillFixed } from "./distribution.ts";

/**
 * Where random numbers come from. A generator of another framework needs only
 * `fill` to work with `init`, `nn`, `propagate` and `initModel`.
 *
 * @example
 * ```ts
 * import { type AnyGenerator, empty, init } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * const halves: AnyGenerator = { fill: ({ data }) => void data.fill(0.5) };
 * const w = init.uniform(empty([3]), { generator: halves });
 * assertEquals(w.toArray(), [0.5, 0.5, 0.5]);
 * ```
 */
export interface AnyGenerator {
  /**
   * Fills a tensor as the framework does.
   *
   * @param tensor The tensor, filled from its first element to its last.
   * @param distribution What is drawn; its numbers are checked.
   * @throws {TypeError} If the framework does not draw from it.
   */
  fill(tensor: Tensor<FloatDtype>, distribution: Distribution): void;
  /** Present if each fill repeats the same numbers, as with a JAX key. */
  readonly repeats?: true;
}

/** A generator whose words can be counted and skipped. */
export interface SeekableGenerator extends AnyGenerator {
  /**
   * Returns how many words a fill draws; undefined where that depends on the
   * words themselves.
   *
   * @param distribution What is drawn.
   * @param dtype The tensor's dtype.
   * @param count The number of elements.
   */
  wordsOf(
    distribution: Distribution,
    dtype: FloatDtype,
    count: number,
  ): number | undefined;
  /** Returns a snapshot of the state. */
  getState(): Uint8Array;
  /**
   * Continues from a snapshot.
   *
   * @param state What `getState` returned.
   */
  setState(state: Uint8Array): this;
  /**
   * Skips words without drawing them.
   *
   * @param words How many.
   */
  advance(words: number | bigint): this;
  /** Returns a second generator in the same state. */
  clone(): SeekableGenerator;
}

/**
 * The key of a generator's method that fills as `fill` does, without checking
 * again what an initializer checked.
 */
export const drawChecked: unique symbol = Symbol("fanin.drawChecked");

/** What this library's own generators have besides. */
interface Drawing {
  readonly [drawChecked]?: AnyGenerator["fill"];
}

/** A fill of a whole tensor, with checked arguments. */
export class Fill implements Step {
  /** The tensor. */
  readonly tensor: Tensor<FloatDtype>;
  /** What it is filled from. */
  readonly distribution: Distribution;
  /** The source of the numbers; undefined if nothing is drawn. */
  readonly generator: AnyGenerator | undefined;
  /** Whether it draws. */
  readonly draws: boolean;

  /**
   * Makes a fill.
   *
   * @param tensor The tensor.
   * @param distribution What it is filled from.
   * @param generator Where the numbers come from, if it draws.
   */
  constructor(
    tensor: Tensor<FloatDtype>,
    distribution: Distribution,
    generator: AnyGenerator | undefined,
  ) {
    this.tensor = tensor;
    this.distribution = distribution;
    this.generator = generator;
    this.draws = draws(distribution);
  }

  /** The tensor that it writes. */
  get tensors(): readonly Tensor<FloatDtype>[] {
    return [this.tensor];
  }

  /** Fills the tensor. */
  run(): void {
    const { tensor, distribution, generator } = this;
    if (!this.draws) return fillFixed(tensor, distribution);
    const own = (generator as Drawing)[drawChecked];
    if (own !== undefined) return own.call(generator, tensor, distribution);
    // A listed fill runs after its record was made. The generator's own fill
    // deletes the record, as does one that throws.
    const filled = fills.get(tensor);
    remember(tensor, undefined);
    const returned: unknown = generator!.fill(tensor, distribution);
    checkAtOnce("fill a tensor", "the generator", returned);
    remember(tensor, filled);
  }
}

/**
 * Fills a tensor, or lists the fill for `initModel`. What filled it before is
 * forgotten.
 *
 * @param tensor The tensor.
 * @param distribution What it is filled from, checked.
 * @param generator Where the numbers come from, if it draws.
 */
export function fill(
  tensor: Tensor<FloatDtype>,
  distribution: Distribution,
  generator?: AnyGenerator,
): void {
  remember(tensor, undefined);
  perform(new Fill(tensor, distribution, generator));
}

/**
 * What filled some rows of a tensor.
 *
 * @internal
 */
export interface FilledPart extends Omit<Filled, "parts" | "zeroed"> {
  /** The first row and the row after the last: steps along axis 0. */
  readonly rows: readonly [start: number, end: number];
}

/** A record of what filled a tensor. */
export interface Filled {
  /**
   * The initializer's name in `init`: `kaimingUniform`; of parts, the names of
   * all, as `zeros + ones`. `chrono` is the recipe's own.
   */
  readonly initializer: string;
  /** The options that took effect, defaults included; of parts, none. */
  readonly options: Readonly<Record<string, unknown>>;
  /** What the elements were drawn from. */
  readonly distribution: Distribution;
  /** How many elements were set to 0 after the draw; absent for none. */
  readonly zeroed?: number;
  /** What filled each part, where parts were filled by themselves. */
  readonly parts?: readonly FilledPart[];
}

const fills = new WeakMap<Tensor, Filled>();

/**
 * Records what filled a tensor; undefined deletes the record.
 *
 * @param tensor The tensor that was filled.
 * @param filled The record.
 */
export function remember(tensor: Tensor, filled: Filled | undefined): void {
  if (filled === undefined) fills.delete(tensor);
  else fills.set(tensor, filled);
}

/**
 * Returns what last filled a tensor, if that was an initializer or a layer.
 *
 * Views and copies do not inherit the record. Direct writes to `data` go
 * unnoticed: the record then describes the values before them.
 *
 * @param tensor The tensor to ask about.
 *
 * @example
 * ```ts
 * import { empty, filledBy, init } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * const w = init.normal(empty([2, 3]), { std: 0.02 });
 * assertEquals(filledBy(w)?.initializer, "normal");
 * assertEquals(filledBy(w)?.distribution, { kind: "normal", mean: 0, std: 0.02 });
 * ```
 */
export function filledBy(tensor: Tensor): Filled | undefined {
  const filled = fills.get(tensor);
  if (filled === undefined || Object.isFrozen(filled)) return filled;
  // Frozen when it is first read: fills are fast, and mostly nobody asks.
  const safe = frozen(filled);
  fills.set(tensor, safe);
  return safe;
}
