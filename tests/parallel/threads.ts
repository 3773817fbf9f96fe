/**
 * What tests of parallel fills share: any work, however small, is cut, and what
 * comes of it is compared with the plain call.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { Buffer } from "node:buffer";
import { Generator, type Tensor } from "../../mod.ts";
import { record } from "../../lib/core/recording.ts";
import { executeListed } from "../../lib/parallel/execute.ts";
import { spawnWorker } from "../../lib/parallel/spawn.ts";
import { type OpenWorkers, openWorkers } from "../../lib/parallel/workers.ts";
import { bytesOf } from "../golden/golden.ts";

/** Workers of one, two and three threads. */
export const pools: OpenWorkers[] = [];

/** Starts them; for `Deno.test.beforeAll`. */
export async function startPools(): Promise<void> {
  for (const count of [1, 2, 3]) {
    pools.push(await openWorkers(count, spawnWorker));
  }
}

/** Ends them; for `Deno.test.afterAll`. */
export function closePools(): void {
  for (const pool of pools.splice(0)) pool.close();
}

/** How tensors are filled that workers fill in part. */
export interface Manner {
  /** Whether workers write to them. Default: false. */
  readonly shared?: boolean;
  /** The progress callback. */
  readonly onProgress?: (filled: number, total: number) => void;
}

/** Both ways of getting what workers make. */
export const manners: readonly Manner[] = [{ shared: false }, { shared: true }];

/**
 * Builds with the draws put off, and shares all that can be cut.
 *
 * @param build What is built.
 * @param pool The threads.
 * @param manner How.
 */
export async function buildShared<T>(
  build: () => T,
  pool: OpenWorkers,
  { shared = false, onProgress = () => {} }: Manner = {},
): Promise<T> {
  const result = record(build, shared);
  await executeListed({
    threads: () => Promise.resolve(pool.threads),
    worthSharing: 0,
    onProgress,
  });
  return result;
}

/** Returns each number of threads with each manner. */
export function ways(): [OpenWorkers, Manner][] {
  return pools.flatMap((pool) =>
    manners.map((manner): [OpenWorkers, Manner] => [pool, manner])
  );
}

/**
 * Asserts that shared fills give the tensors and the state of the plain call, in
 * one, two and three threads.
 *
 * @param build Draws from a generator and returns tensors.
 * @param seed The generator's seed.
 * @param prepare Called with the generator before.
 */
export async function assertSame(
  build: (generator: Generator) => readonly Tensor[],
  seed: number,
  prepare: (generator: Generator) => void = () => {},
): Promise<void> {
  const plain = new Generator(seed);
  prepare(plain);
  const expected = build(plain).map((tensor) => bytesOf(tensor));
  for (const [pool, manner] of ways()) {
    const generator = new Generator(seed);
    prepare(generator);
    const actual = await buildShared(() => build(generator), pool, manner);
    for (const [index, tensor] of actual.entries()) {
      const difference = firstDifference(bytesOf(tensor), expected[index]);
      assertEquals(
        difference,
        undefined,
        `${pool.count} threads, shared: ${manner.shared}: tensor ${index}, shape ${tensor.shape}`,
      );
    }
    assertEquals(generator.getState(), plain.getState());
  }
}

/**
 * Returns whether tensors have the same bytes.
 *
 * @param tensors Some.
 * @param others As many.
 */
export function areSame(
  tensors: readonly Tensor[],
  others: readonly Tensor[],
): boolean {
  return tensors.length === others.length &&
    tensors.every((tensor, index) =>
      Buffer.compare(bytesOf(tensor), bytesOf(others[index])) === 0
    );
}

/** Returns the first place where two differ; undefined where none does. */
function firstDifference(
  actual: Uint8Array,
  expected: Uint8Array,
): number | undefined {
  if (Buffer.compare(actual, expected) === 0) return undefined;
  if (actual.length !== expected.length) return -1;
  return actual.findIndex((byte, i) => byte !== expected[i]);
}
