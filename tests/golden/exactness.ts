/**
 * The table of what is exact, from all golden cases.
 *
 * @module
 */

import {
  type Dtype,
  empty,
  Generator,
  init,
  nn,
  type Tensor,
} from "../../mod.ts";
import {
  bytesOf,
  type Digest,
  digestOf,
  readGolden,
  type StateDigest,
} from "./golden.ts";
import { makeLayer } from "./layers.js";

/** A fill that is not exact is stored whole, as bytes. */
type Result = Digest | { readonly bytes: string };

/** A row of `init.json`. */
export interface InitCase {
  /** The initialiser. */
  readonly fn: keyof typeof init;
  /** The shape that is filled. */
  readonly shape: number[];
  /** Its element type. */
  readonly dtype: Dtype;
  /** The generator's seed. */
  readonly seed: string;
  /** The initialiser's options. */
  readonly options: Readonly<Record<string, number | string>>;
  /** What PyTorch filled, call by call. */
  readonly results: readonly Result[];
  /** The generator's state afterwards. */
  readonly state: StateDigest;
}

/** A row of `layers.json`: a layer, and what PyTorch made of it. */
export interface LayerCase {
  /** The layer. */
  readonly nn: keyof typeof nn;
  /** Its positional arguments; one that is a layer is described as this. */
  readonly args: readonly unknown[];
  /** Its named arguments. */
  readonly options: Readonly<Record<string, unknown>>;
  /** The default generator's seed. */
  readonly seed: string;
  /** The element type of its parameters. */
  readonly dtype: Dtype;
  /** PyTorch's text. */
  readonly repr: string;
  /** The text of the first parameter's first row; null where there is none. */
  readonly first: string | null;
  /** The names of its parameters. */
  readonly parameters: readonly string[];
  /** The tensors of the layers that were made, one after the other. */
  readonly stateDicts: readonly (readonly Entry[])[];
  /** The generator's state afterwards. */
  readonly state: StateDigest;
}

/** A parameter or buffer: its name, shape, dtype and bytes. */
export type Entry = Result & {
  /** The name in PyTorch. */
  readonly name: string;
  /** The shape. */
  readonly shape: readonly number[];
  /** The element type. */
  readonly dtype: Dtype;
};

/** The bound on float64 normals, which are not exact. */
export const float64Bound = 1e-12;

/**
 * Fills one tensor after the other as a case says.
 *
 * @param row The case.
 * @param generator The generator; the fills without random numbers ignore it.
 */
export function* fillsOf(
  { fn, shape, dtype, options, results }: InitCase,
  generator: Generator,
): Iterable<[Tensor, Result]> {
  const fill = init[fn] as (tensor: Tensor, options: unknown) => Tensor;
  const isRandom = !["constant", "ones", "zeros", "eye", "dirac"].includes(
    fn,
  );
  for (const result of results) {
    const given = isRandom ? { ...options, generator } : options;
    const tensor = empty(shape, { dtype });
    // What was there before must not stay.
    tensor.data.fill(7 as never);
    yield [fill(tensor, given), result];
  }
}

/**
 * Makes a case's layer from a generator.
 *
 * @param row The case.
 * @param generator The generator; undefined for the default one.
 */
export function layerOf(row: LayerCase, generator?: Generator): nn.Module {
  return makeLayer(nn, row, { dtype: row.dtype, generator });
}

/**
 * Returns the largest difference of a tensor from PyTorch's; 0 where all bytes
 * are equal, infinity where only their digest says that they are not.
 *
 * @param tensor The tensor.
 * @param expected What PyTorch filled.
 */
export async function differenceOf(
  tensor: Tensor,
  expected: Result,
): Promise<number> {
  if (!("bytes" in expected)) {
    return (await digestOf(tensor)).sha256 === expected.sha256 ? 0 : Infinity;
  }
  const bytes = Uint8Array.fromHex(expected.bytes);
  if (bytesOf(tensor).length !== bytes.length) return Infinity;
  const values = new Float64Array(bytes.buffer);
  return values.reduce(
    (most, value, i) =>
      Math.max(most, Math.abs(value - Number(tensor.data[i]))),
    0,
  );
}

/** What is counted of one function and dtype. */
interface Count {
  cases: number;
  numbers: number;
  largest: number;
  /** Whether PyTorch's bytes are promised, or only the bound. */
  exact: boolean;
}

/** Returns the table, in Markdown. */
export async function exactnessTable(): Promise<string> {
  const counts = new Map<string, Count>();
  const countOf = (key: string): Count => {
    const count = counts.get(key) ??
      { cases: 0, numbers: 0, largest: 0, exact: true };
    counts.set(key, count);
    return count;
  };
  for (const row of await readGolden<InitCase>("init.json")) {
    const generator = new Generator(BigInt(row.seed));
    const count = countOf(`| \`init.${row.fn}\` | ${row.dtype}`);
    await addCase(count, fillsOf(row, generator));
  }
  for (const row of await readGolden<LayerCase>("layers.json")) {
    if (row.stateDicts[0].length === 0) continue;
    const generator = new Generator(BigInt(row.seed));
    const count = countOf(`| \`nn.${row.nn}\` | ${row.dtype}`);
    const pairs = row.stateDicts.flatMap((expected) =>
      Object.values(layerOf(row, generator).stateDict()).map((tensor, i) =>
        [tensor, expected[i]] as const
      )
    );
    await addCase(count, pairs);
  }
  const format = new Intl.NumberFormat("en").format;
  const rows = [...counts].map(([key, count]) =>
    `${key} | ${count.cases} | ${format(count.numbers)} | ${verdict(count)} |`
  );
  return [
    "| what | dtype | cases | numbers | against PyTorch 2.13.0 |",
    "| --- | --- | ---: | ---: | --- |",
    ...rows.sort(),
  ].join("\n");
}

async function addCase(
  count: Count,
  pairs: Iterable<readonly [Tensor, Result]>,
): Promise<void> {
  count.cases++;
  for (const [tensor, expected] of pairs) {
    const difference = await differenceOf(tensor, expected);
    count.numbers += tensor.numel();
    count.largest = Math.max(count.largest, difference);
    count.exact &&= !("bytes" in expected);
  }
}

function verdict({ largest, exact }: Count): string {
  if (exact && largest === 0) return "equal to the bit";
  return !exact && largest < float64Bound ? "within 1e-12" : "**differs**";
}
