/**
 * What a run of `propagate` finds: plain data.
 *
 * @module
 */

import type { Activation } from "./activations.ts";
import type { Signal } from "./signal.ts";

/** One layer of a run. */
export interface PropagationLayer {
  /** Which layer, from 1. */
  readonly layer: number;
  /** Inputs of one output. */
  readonly fanIn: number;
  /** Outputs that one input reaches. */
  readonly fanOut: number;
  /** Before the activation: `h = a · weightᵀ + bias`. */
  readonly preactivations: Signal;
  /** After it: `a = φ(h)`. */
  readonly activations: Signal;
  /** Back-propagated gradients, by the pre-activations. */
  readonly gradients: Signal;
  /** Gradients by the weights, summed over the batch. */
  readonly weightGradients: Signal;
}

/** What `propagate` returns. */
export interface Propagation {
  /** What follows each layer. */
  readonly activation: Activation;
  /** What filled the weights, with the options given. */
  readonly init: string;
  /** How many layers. */
  readonly depth: number;
  /** The inputs' width, then each layer's. */
  readonly widths: readonly number[];
  /** How many inputs. */
  readonly batch: number;
  /** The seed; null where a generator was given. */
  readonly seed: number | bigint | null;
  /** The layers, from the inputs to the output. */
  readonly layers: readonly PropagationLayer[];
}
