/**
 * The same run from several seeds: how its mean squares are spread.
 *
 * @module
 */

import { inColumns } from "../core/columns.ts";
import { cannot, checkSignal, count, describe } from "../core/options.ts";
import { Turns } from "../core/turns.ts";

/**
 * Options of a run over several seeds, besides those of one run.
 *
 * @internal
 */
export interface SeedsOptions {
  /** How many seeds: `seed`, `seed + 1` and so on. */
  readonly seeds: number;
  /** Aborts the runs. */
  readonly signal?: AbortSignal;
  /** Called after each seed. */
  readonly onProgress?: (progress: SeedProgress) => void;
}

/**
 * The progress over seeds.
 *
 * @internal
 */
export interface SeedProgress {
  /** The seed that is done. */
  readonly seed: number | bigint;
  /** How many are done. */
  readonly done: number;
  /** How many there are. */
  readonly total: number;
}

/**
 * How a number is spread over seeds.
 *
 * @internal
 */
export interface Band {
  /** The mean. */
  readonly mean: number;
  /** The standard error of the mean; null for one seed. */
  readonly error: number | null;
  /** The median. */
  readonly median: number;
  /** The geometric mean; null unless all are above 0. */
  readonly geometricMean: number | null;
  /** The standard deviation of the logarithms; null likewise, and for one seed. */
  readonly logStd: number | null;
  /** A tenth of the seeds is below. */
  readonly low: number;
  /** A tenth of the seeds is above. */
  readonly high: number;
  /** One number a seed. */
  readonly values: readonly number[];
}

/**
 * What a layer has over seeds: a band in place of each number.
 *
 * @internal
 */
export type BandLayer<L> = {
  readonly [
    K in keyof L as BandOf<NonNullable<L[K]>> extends never ? never : K
  ]:
    | BandOf<NonNullable<L[K]>>
    | Extract<L[K], undefined>;
};

/** The band of a mean square, of several, or of another number. */
type BandOf<T> = T extends number ? T
  : T extends readonly (infer U)[] ? readonly BandOf<U>[]
  : T extends { readonly meanSquare: number } ?
      & {
        readonly [K in keyof T & SquareName]: Band;
      }
      & { readonly expected: number | null }
  : T extends { readonly value: number }
    ? { readonly value: Band; readonly expected: number | null }
  : never;

/** Numbers that get a band. */
const bandNames = [
  "meanSquare",
  "channelMeanSquare",
  "channelVariance",
  "value",
] as const;

type SquareName = "meanSquare" | "channelMeanSquare" | "channelVariance";

/**
 * A run over several seeds.
 *
 * @internal
 */
export type Bands<Run extends { readonly layers: readonly unknown[] }> =
  & Omit<Run, "inputs" | "layers" | "seed">
  & {
    /** The first and the last seed. */
    readonly seeds: readonly [number | bigint, number | bigint];
    /** The layers, from the inputs to the output. */
    readonly layers: readonly BandLayer<Run["layers"][number]>[];
  };

/**
 * Runs from several seeds, and lets other code run in between.
 *
 * @param action What is being done, for the error message.
 * @param given The number of seeds, the first one, and whom to tell.
 * @param runFrom Runs from one seed.
 * @returns The first run, the seeds, and the layers with bands.
 */
export async function overSeeds<
  Run extends { readonly layers: readonly object[] },
>(
  action: string,
  { seeds, seed = 0, signal, onProgress, generator }: {
    readonly seeds: number;
    readonly seed?: number | bigint;
    readonly signal?: AbortSignal;
    readonly onProgress?: (progress: SeedProgress) => void;
    readonly generator?: unknown;
  },
  runFrom: (seed: number | bigint) => Run,
): Promise<{
  readonly first: Run;
  readonly seeds: readonly [number | bigint, number | bigint];
  readonly layers: readonly BandLayer<Run["layers"][number]>[];
}> {
  const total = count(1).read(action, "seeds", seeds);
  checkSignal(action, signal);
  if (generator !== undefined) {
    throw new TypeError(
      cannot(action, "generator must be left out when seeds is given"),
    );
  }
  if (onProgress !== undefined && typeof onProgress !== "function") {
    throw new TypeError(
      cannot(action, "onProgress must be a function", describe(onProgress)),
    );
  }
  const turns = new Turns(signal);
  const runs: Run[] = [];
  const at = (i: number) =>
    typeof seed === "bigint" ? seed + BigInt(i) : seed + i;
  try {
    for (let i = 0; i < total; i++) {
      await turns.pause();
      runs.push(runFrom(at(i)));
      onProgress?.({ seed: at(i), done: i + 1, total });
    }
  } finally {
    turns.close();
  }
  const [first] = runs;
  const layers = first.layers.map((_, layer) =>
    banded(runs.map((run) => run.layers[layer]))
  );
  return {
    first,
    seeds: [at(0), at(total - 1)],
    layers: layers as BandLayer<Run["layers"][number]>[],
  };
}

/** Returns the bands of one layer of all runs; what has none is left out. */
function banded(layers: readonly object[]): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(layers[0])) {
    const all = layers.map((layer) => (layer as Record<string, unknown>)[name]);
    const band = typeof value === "number"
      ? value
      : Array.isArray(value)
      ? value.map((_, i) => bandsOf((all as unknown[][]).map((one) => one[i])))
      : bandsOf(all);
    if (band !== undefined) found[name] = band;
  }
  return found;
}

function bandsOf(all: readonly unknown[]): Record<string, unknown> | undefined {
  const values = all as readonly Readonly<Record<string, unknown>>[];
  const names = bandNames.filter((name) =>
    typeof values[0]?.[name] === "number"
  );
  if (names.length === 0) return undefined;
  const bands = names.map((name) => [
    name,
    bandOf(values.map((value) => value[name] as number)),
  ]);
  return {
    ...Object.fromEntries(bands),
    expected: squareOf(values[0].expected),
  };
}

/** Of a mean and a standard deviation the mean square. */
function squareOf(expected: unknown): number | null {
  if (typeof expected !== "object" || expected === null) {
    return expected as number | null;
  }
  const { mean, std } = expected as Readonly<Record<string, number>>;
  return mean ** 2 + std ** 2;
}

/**
 * Returns how numbers are spread.
 *
 * @param values One number a seed, at least one.
 */
export function bandOf(values: readonly number[]): Band {
  const n = values.length;
  const sorted = values.toSorted((a, b) => a - b);
  const [mean, std] = meanAndStd(values);
  const positive = sorted[0] > 0;
  const [logMean, logStd] = positive
    ? meanAndStd(values.map(Math.log))
    : [NaN, NaN];
  return {
    mean,
    error: n > 1 ? std / Math.sqrt(n) : null,
    median: quantile(sorted, 0.5),
    geometricMean: positive ? Math.exp(logMean) : null,
    logStd: positive && n > 1 ? logStd : null,
    low: quantile(sorted, 0.1),
    high: quantile(sorted, 0.9),
    values,
  };
}

/** The mean, and the standard deviation with n − 1. */
function meanAndStd(values: readonly number[]): [number, number] {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value) / n;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return [mean, Math.sqrt(squares / (n - 1))];
}

/** Between two of them in proportion. */
function quantile(sorted: readonly number[], share: number): number {
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const above = sorted[Math.min(below + 1, sorted.length - 1)];
  return sorted[below] + (place - below) * (above - sorted[below]);
}

/**
 * Returns the table of bands: mean and median of each quantity, with what is
 * expected in brackets.
 *
 * @param layers The layers.
 * @param what What a layer is called.
 * @param names The quantities.
 */
export function bandTable(
  layers: readonly object[],
  what: string,
  names: readonly string[],
): string {
  const shown = names.filter((name) => name in layers[0]);
  const rows = [
    [what, ...shown],
    ...layers.map((layer) => {
      const found = layer as Readonly<
        Record<string, { meanSquare: Band; expected: number | null }>
      >;
      return [
        String(found.layer),
        ...shown.map((name) => {
          const { meanSquare: { mean, median }, expected } = found[name];
          const text = `${mean.toPrecision(3)} | ${median.toPrecision(3)}`;
          return expected === null
            ? text
            : `${text} (${expected.toPrecision(3)})`;
        }),
      ];
    }),
  ];
  return [
    "mean squares: mean | median (expected)",
    ...inColumns(rows),
  ].join("\n");
}
