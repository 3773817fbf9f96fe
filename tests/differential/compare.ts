/**
 * Does what a case says, and compares it with PyTorch's answer.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { empty, Generator, init, nn, type Tensor } from "../../mod.ts";
import { valuesOf } from "../../lib/core/tensor.ts";
import { boundOf, normalBound } from "../golden/exactness.ts";
import { assertState, bytesOf } from "../golden/golden.ts";
import { makeLayer } from "../golden/layers.js";
import type { Case, InitCase, LayerCase } from "./cases.ts";
import type { Answer, Entry, Made } from "./oracle.ts";

/** What came of a case. */
export interface Outcome {
  /** Whether both refused. */
  readonly refused: boolean;
  /** How many numbers were compared. */
  readonly numbers: number;
  /** The largest difference of one. */
  readonly largest: number;
  /** What differs, in words; null where nothing does. */
  readonly problem: string | null;
}

/** Makes what a function returns, as its plain call would or by threads. */
export type Build = <T>(build: () => T) => T | Promise<T>;

/** What fanin made of a case. */
interface Ours {
  readonly results: readonly (readonly [string, Tensor][])[];
  readonly repr: string | null;
  readonly generator: Generator;
}

/**
 * Returns the result of a case.
 *
 * @param one The case.
 * @param answer What PyTorch says to it.
 * @param build How it is made. Default: by the plain call.
 */
export async function outcomeOf(
  one: Case,
  answer: Answer,
  build: Build = (make) => make(),
): Promise<Outcome> {
  const nothing = { refused: false, numbers: 0, largest: 0 };
  let ours: Ours;
  try {
    ours = await build(() => make(one));
  } catch (error) {
    const { message } = error as Error;
    // Each refusal begins so; what does not is a fault.
    return "error" in answer && message.startsWith("Cannot ")
      ? { ...nothing, refused: true, problem: null }
      : { ...nothing, problem: `fanin throws: ${message}` };
  }
  if ("error" in answer) {
    return { ...nothing, problem: `PyTorch alone raises: ${answer.error}` };
  }
  const problem = await problemOf(ours, answer);
  if (problem !== null) return { ...nothing, problem };
  return compareNumbers(
    ours.results.flat().map(([, tensor]) => tensor),
    answer.results.flat(),
    "fn" in one ? boundOf(one) : normalBound,
  );
}

/** Does what a case says. */
function make(one: Case): Ours {
  const generator = new Generator(BigInt(one.seed));
  const made = Array.from(
    { length: one.calls },
    () => "fn" in one ? fill(one, generator) : layerOf(one, generator),
  );
  return {
    results: made.map(({ tensors }) => tensors),
    repr: made[0].repr,
    generator,
  };
}

const withoutGenerator = ["constant", "ones", "zeros", "eye", "dirac"];

function fill({ fn, shape, dtype, options }: InitCase, generator: Generator) {
  const initialize = init[fn] as (tensor: Tensor, options: unknown) => Tensor;
  const tensor = empty(shape, { dtype });
  // What was there before must not stay.
  init.constant(tensor, { value: 7 });
  const given = withoutGenerator.includes(fn) ? {} : { generator };
  initialize(tensor, { ...options, ...given });
  return { tensors: [["", tensor] as [string, Tensor]], repr: null };
}

function layerOf(one: LayerCase, generator: Generator) {
  const module: nn.Module = makeLayer(nn, one, { dtype: one.dtype, generator });
  return {
    tensors: Object.entries(module.stateDict()),
    repr: module.toString(),
  };
}

/** Differences other than in the numbers. */
async function problemOf(ours: Ours, theirs: Made): Promise<string | null> {
  const kinds = ours.results.map((tensors) =>
    tensors.map(([name, tensor]) => [name, tensor.dtype, tensor.size()])
  );
  const expected = theirs.results.map((entries) =>
    entries.map(({ name, dtype, shape }) => [name, dtype, shape])
  );
  try {
    assertEquals(kinds, expected, "names, dtypes and shapes");
    assertEquals(ours.repr, theirs.repr, "text");
    await assertState(ours.generator, theirs.state);
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Compares tensors of equal shapes and dtypes. */
function compareNumbers(
  ours: readonly Tensor[],
  theirs: readonly Entry[],
  bound: number,
): Outcome {
  const differences = ours.map((tensor, i) => differenceOf(tensor, theirs[i]));
  const wrong = differences.findIndex((difference, i) =>
    difference > (theirs[i].exact ? 0 : bound)
  );
  return {
    refused: false,
    numbers: ours.reduce((sum, tensor) => sum + tensor.numel(), 0),
    largest: Math.max(0, ...differences),
    problem: wrong < 0 ? null : `a number differs by ${differences[wrong]}`,
  };
}

/** The largest difference of a number; not a number's is infinite. */
function differenceOf(tensor: Tensor, { bytes }: Entry): number {
  const theirs = empty(tensor.shape, { dtype: tensor.dtype });
  const expected = Uint8Array.fromBase64(bytes);
  bytesOf(theirs).set(expected);
  if (bytesOf(tensor).every((byte, i) => byte === expected[i])) return 0;
  const [a, b] = [valuesOf(tensor), valuesOf(theirs)];
  return Array.from(a).reduce((most, value, i) => {
    if (Object.is(value, b[i])) return most;
    // 0 and −0 differ by the least that there is.
    const difference = Math.abs(value - b[i]) || Number.MIN_VALUE;
    return Math.max(most, value === value ? difference : Infinity);
  }, 0);
}
