/**
 * What ran of a checkout, by V8's counts of calls.
 *
 * @module
 */

/** How often each function of each file was called. */
export type Calls = ReadonlyMap<string, ReadonlyMap<string, number>>;

/** What {@linkcode executed} counts. */
export interface Executed {
  readonly files: number;
  readonly functions: number;
}

/** A module in what V8 writes. */
export interface Script {
  readonly url: string;
  readonly functions: readonly {
    readonly functionName: string;
    readonly ranges: readonly {
      readonly startOffset: number;
      readonly endOffset: number;
      readonly count: number;
    }[];
  }[];
}

/**
 * Returns the calls of each function below a root; a module's top level, which
 * runs when it is imported, is no function.
 *
 * @param scripts What `deno run --coverage` wrote, a file each.
 * @param root The root, with a slash at its end.
 */
export function callsOf(scripts: readonly Script[], root: URL): Calls {
  const calls = new Map<string, Map<string, number>>();
  for (const { url, functions } of scripts) {
    if (!url.startsWith(root.href)) continue;
    const file = calls.get(url) ?? new Map<string, number>();
    calls.set(url, file);
    for (const { functionName, ranges: [whole] } of functions) {
      if (functionName === "" && whole.startOffset === 0) continue;
      const key = `${functionName} ${whole.startOffset} ${whole.endOffset}`;
      file.set(key, (file.get(key) ?? 0) + whole.count);
    }
  }
  return calls;
}

/**
 * Returns how many functions were called oftener in one run than in another, and
 * in how many files they are.
 *
 * @param prepared The calls of a run that ends where the journey begins.
 * @param gone The calls of a run that also goes the journey.
 */
export function executed(prepared: Calls, gone: Calls): Executed {
  const counts = [...gone].map(([url, functions]) =>
    [...functions].filter(([key, count]) =>
      count > (prepared.get(url)?.get(key) ?? 0)
    ).length
  ).filter((count) => count > 0);
  return {
    files: counts.length,
    functions: counts.reduce((sum, count) => sum + count, 0),
  };
}
