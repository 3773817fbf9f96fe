/**
 * Does what a case says, and compares it with PyTorch's answer.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { empty, Generator, init, nn, type Tensor } from "../../mod.ts";
import { dtypes } from "../../lib/core/dtype.ts";
import { assertState, bytesOf } from "../golden/golden.ts";
import type { Case, InitCase, LayerCase } from "./cases.ts";
import { initialisers } from "./initialisers.ts";
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

/** What fanin made of a case. */
interface Ours {
  readonly results: readonly (readonly [string, Tensor][])[];
  readonly repr: string | null;
  readonly generator: Generator;
  readonly warnings: number;
}

/**
 * Returns what comes of a case.
 *
 * @param one The case.
 * @param answer What PyTorch says to it.
 */
export async function outcomeOf(one: Case, answer: Answer): Promise<Outcome> {
  const nothing = { refused: false, numbers: 0, largest: 0 };
  let ours: Ours;
  try {
    ours = make(one);
  } catch (error) {
    const { message } = error as Error;
    // Each refusal begins so; what does not is a fault.
    return "error" in answer && message.startsWith("Cannot ")
      ? { ...nothing, refused: true, problem: null }
      : { ...nothing, problem: `fanin alone throws: ${message}` };
  }
  if ("error" in answer) {
    return { ...nothing, problem: `PyTorch alone raises: ${answer.error}` };
  }
  const pairs = ours.results.flatMap((tensors, call) =>
    tensors.map(([, tensor], i) => [tensor, answer.results[call]?.[i]] as const)
  );
  const differences = pairs.map(([tensor, entry]) =>
    entry === undefined ? Infinity : differenceOf(tensor, entry)
  );
  const largest = Math.max(0, ...differences);
  return {
    refused: false,
    numbers: pairs.reduce((sum, [tensor]) => sum + tensor.numel(), 0),
    largest,
    problem: await problemOf(ours, answer) ??
      (largest > boundOf(one) ? `a number differs by ${largest}` : null),
  };
}

/** Does what a case says. */
function make(one: Case): Ours {
  const generator = new Generator(BigInt(one.seed));
  let warnings = 0;
  const { warn } = console;
  console.warn = () => warnings++;
  try {
    const made = Array.from(
      { length: one.calls },
      () => "fn" in one ? fill(one, generator) : makeLayer(one, generator),
    );
    return {
      results: made.map(({ tensors }) => tensors),
      repr: made[0].repr,
      generator,
      warnings,
    };
  } finally {
    console.warn = warn;
  }
}

const withoutGenerator = ["constant", "ones", "zeros", "eye", "dirac"];

function fill({ fn, shape, dtype, options }: InitCase, generator: Generator) {
  const initialise = init[fn] as (tensor: Tensor, options: unknown) => Tensor;
  const tensor = empty(shape, { dtype });
  // What was there before must not stay.
  tensor.data.fill(7 as never);
  const given = withoutGenerator.includes(fn) ? {} : { generator };
  initialise(tensor, { ...options, ...given });
  return { tensors: [["", tensor] as [string, Tensor]], repr: null };
}

function makeLayer(
  { layer, args, dtype, options }: LayerCase,
  generator: Generator,
) {
  const Layer = nn[layer as "Linear"] as unknown as new (
    ...args: unknown[]
  ) => nn.Module;
  const module = new Layer(...args, { ...options, dtype, generator });
  return { tensors: module.namedParameters(), repr: module.toString() };
}

/** What is not right beside the numbers. */
async function problemOf(ours: Ours, theirs: Made): Promise<string | null> {
  try {
    assertEquals(
      ours.results.map((tensors) =>
        tensors.map(([name, tensor]) => [name, tensor.size()])
      ),
      theirs.results.map((tensors) =>
        tensors.map(({ name, shape }) => [name, shape])
      ),
      "names and shapes",
    );
    assertEquals(ours.repr, theirs.repr, "text");
    assertEquals(ours.warnings, theirs.warnings, "warnings");
    await assertState(ours.generator, theirs.state);
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

/** The largest difference of a number; not a number's is infinite. */
function differenceOf(tensor: Tensor, { bytes }: Entry): number {
  const expected = Uint8Array.fromBase64(bytes);
  const actual = bytesOf(tensor);
  if (expected.length !== actual.length) return Infinity;
  if (actual.every((byte, i) => byte === expected[i])) return 0;
  const { data, dtype } = tensor;
  const { decode } = dtypes[dtype];
  const theirs = new (data.constructor as Float64ArrayConstructor)(
    expected.buffer,
  );
  return theirs.reduce((most, value, i) => {
    const [a, b] = [decode(data[i]), decode(value)];
    // Equal bytes are no difference; 0 and −0 are the smallest that there is.
    if (Object.is(a, b)) return most;
    const difference = a === b ? Number.MIN_VALUE : Math.abs(a - b);
    return Math.max(most, Number.isNaN(difference) ? Infinity : difference);
  }, 0);
}

function boundOf(one: Case): number {
  return "fn" in one ? initialisers[one.fn].bound?.(one) ?? 0 : 0;
}
