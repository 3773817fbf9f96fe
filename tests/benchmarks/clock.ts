/**
 * Times calls in this process.
 *
 * @module
 */

/**
 * As many numbers a sample is to be about: so many that a core which slept while
 * another side had its turn is awake for most of the time.
 */
const elementsTimed = 2 ** 25;

/**
 * Returns how many calls make one sample.
 *
 * @param elements How many numbers one call is about.
 */
export function callsFor(elements: number): number {
  return Math.max(1, Math.round(elementsTimed / elements));
}

/**
 * Returns how many seconds a call takes. What is left of it is collected after
 * the clock was read, where Deno runs with `--expose-gc`; so often that V8 would
 * forget code between two samples, had it not `--no-flush-bytecode`.
 *
 * @param calls How many calls are timed together.
 * @param work What is called.
 * @param tidy Takes back what a call returned, off the clock.
 */
export async function timed<T>(
  calls: number,
  work: () => T,
  tidy: (result: Awaited<T>) => void = () => {},
): Promise<number> {
  const results: Awaited<T>[] = [];
  const start = performance.now();
  for (let call = 0; call < calls; call++) {
    const result = work();
    // Waiting costs a turn of the queue; what is at once is not waited for.
    results.push(
      result instanceof Promise ? await result : result as Awaited<T>,
    );
  }
  const seconds = (performance.now() - start) / 1000 / calls;
  results.forEach(tidy);
  results.length = 0;
  (globalThis as { gc?: () => void }).gc?.();
  return seconds;
}
