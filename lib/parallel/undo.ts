/**
 * Undoes what a signal aborts: the listed steps are dropped, and generators and
 * tensors are set back.
 *
 * @module
 */

import {
  drop,
  listedSteps,
  settle,
  type Step,
  storageOf,
  work,
} from "../core/recording.ts";
import type { Tensor } from "../core/tensor.ts";
import { generatorOf } from "../random/default_generator.ts";
import {
  type AnyGenerator,
  Fill,
  filledBy,
  remember,
} from "../random/generator.ts";
import { Generator } from "../random/torch/generator.ts";

/** What is set back if a signal aborts while listed steps run. */
export class Undo {
  readonly #signal: AbortSignal;
  readonly #states = new Map<Generator, Uint8Array>();
  readonly #tensors: (() => void)[];
  #steps: ReadonlySet<Step> = new Set();
  #isDone = false;

  /**
   * Notes how things are before the steps are listed.
   *
   * @param signal The signal.
   * @param generator The default generator; undefined for the usual one.
   * @param existing Tensors that steps may write.
   */
  constructor(
    signal: AbortSignal,
    generator: AnyGenerator | undefined,
    existing: readonly Tensor[],
  ) {
    settle();
    this.#signal = signal;
    this.#note(generatorOf("note a state", generator));
    this.#tensors = existing.map((tensor) => {
      const filled = filledBy(tensor);
      const copy = storageOf(tensor).slice();
      return () => {
        storageOf(tensor).set(copy as never);
        remember(tensor, filled);
      };
    });
  }

  /** Whether the signal aborted in time. */
  get isDone(): boolean {
    return this.#isDone;
  }

  /** Begins to wait for the signal, before any of the listed steps runs. */
  begin(): void {
    this.#steps = new Set(listedSteps());
    for (const step of this.#steps) {
      if (step instanceof Fill) this.#note(step.generator);
    }
    if (this.#signal.aborted) this.#undo();
    else this.#signal.addEventListener("abort", this.#abort);
  }

  /** Waits no more. */
  end(): void {
    this.#signal.removeEventListener("abort", this.#abort);
  }

  /** If other code ran the steps meanwhile, it is too late. */
  readonly #abort = () => {
    const [next] = listedSteps();
    if (next !== undefined && this.#steps.has(next)) this.#undo();
  };

  #note(generator: AnyGenerator | undefined): void {
    if (!(generator instanceof Generator)) return;
    if (this.#states.has(generator)) return;
    this.#states.set(generator, work(() => generator.getState()));
  }

  /** At once, as other code may draw after it. */
  #undo(): void {
    this.#isDone = true;
    drop();
    for (const [generator, state] of this.#states) generator.setState(state);
    for (const setBack of this.#tensors) setBack();
  }
}
