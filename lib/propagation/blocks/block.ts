/**
 * What a block is: a table of options, a pass forward that knows its way back,
 * and the theory.
 *
 * @module
 */

import type { AnyTable, ReadBy } from "../../core/options.ts";
import type { Matrix } from "../../numerics/matrix.ts";

/**
 * Draws a matrix from N(0, std²), in single precision as PyTorch does.
 *
 * @param shape Its rows and columns.
 * @param std The standard deviation.
 */
export type Draw = (shape: readonly [number, number], std: number) => Matrix;

/** What a block did with a stream. */
export interface BlockPass {
  /** The stream after the block. */
  readonly stream: Matrix;
  /** The branches that were added to it, by name. */
  readonly branches: Readonly<Record<string, Matrix>>;
  /** Other numbers, by name. */
  readonly numbers?: Readonly<Record<string, number>>;
  /**
   * Returns the gradient by the stream that entered.
   *
   * @param gradient The gradient by the stream after the block.
   */
  back(gradient: Matrix): Returned;
}

/** What comes back. */
export interface Returned {
  /** The gradient by the stream that entered. */
  readonly gradient: Matrix;
  /** The gradients by weights in the order of their draws, where they are asked. */
  readonly weightGradients?: readonly Matrix[];
}

/** The theory's mean squares after a block, and other numbers; absent for none. */
export interface BlockTheory {
  /** Of the stream. */
  readonly stream?: number;
  /** Of the gradient by the stream that enters the block. */
  readonly gradient?: number;
  /** Of branches, and other numbers, by name. */
  readonly others?: Readonly<Record<string, number>>;
  /** Of the gradients by weights. */
  readonly weightGradients?: readonly number[];
}

/** Options that every block has. */
export interface Sizes {
  /** How many blocks. */
  readonly depth: number;
  /** Features or channels. */
  readonly width: number;
  /** Examples, sequences or pictures. */
  readonly batch: number;
}

/** A kind of block. */
export interface BlockKind<S extends AnyTable = AnyTable> {
  /** Its options with their defaults, besides seeds. */
  readonly table: S;
  /**
   * Returns the rows that an example has. Default: 1.
   *
   * @param options The options.
   */
  rows?(options: ReadBy<S>): number;
  /**
   * Checks how options go together.
   *
   * @param action What is being done, for the error message.
   * @param options The options.
   */
  check?(action: string, options: ReadBy<S>): void;
  /**
   * Draws the inputs, if they are not N(0, 1); the output's gradient is then
   * drawn last.
   *
   * @param draw Draws a matrix.
   * @param options The options.
   */
  inputs?(draw: Draw, options: ReadBy<S>): Matrix;
  /** Whether inputs are drawn as pictures, `[batch, channels, places]`. */
  readonly isPicture?: boolean;
  /**
   * Passes the stream through one block.
   *
   * @param stream The stream that enters.
   * @param draw Draws the weights, in the stated order.
   * @param options The options.
   */
  forward(stream: Matrix, draw: Draw, options: ReadBy<S>): BlockPass;
  /**
   * Returns what the theory says of each block, the first one first.
   *
   * @param options The options.
   */
  theory(options: ReadBy<S>): readonly BlockTheory[];
}

/**
 * Returns a kind of block, whose options have the types of its table.
 *
 * @param kind The kind.
 */
export function blockKind<S extends AnyTable>(
  kind: BlockKind<S>,
): BlockKind<S> {
  return kind;
}

/**
 * Returns one value for each block.
 *
 * @param depth How many blocks.
 * @param each Returns it for block l, from 1.
 */
export function byDepth(
  depth: number,
  each: (layer: number) => BlockTheory,
): BlockTheory[] {
  return Array.from({ length: depth }, (_, index) => each(index + 1));
}
