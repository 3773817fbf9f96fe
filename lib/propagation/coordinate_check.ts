/**
 * The coordinate check of muP: how much the coordinates of each layer move in
 * the first steps of training, over widths.
 *
 * @module
 */

import { inColumns } from "../core/columns.ts";
import {
  checkSignal,
  count,
  counts,
  flag,
  oneOf,
  type Option,
  readOptions,
  real,
} from "../core/options.ts";
import { showAs } from "../core/show.ts";
import { empty } from "../core/tensor.ts";
import { Turns } from "../core/turns.ts";
import { normal } from "../init/initializers.ts";
import {
  type Matrix,
  multiply,
  multiplyColumns,
  multiplyRows,
} from "../numerics/matrix.ts";
import { Generator } from "../random/torch/generator.ts";
import { callback } from "./run_options.ts";

/** The learning rules. */
type Optimizer = "sgd" | "adam";

/** How weights and learning rates depend on the width. */
type Parametrization = "standard" | "mup";

/**
 * Options of {@linkcode coordinateCheck}.
 *
 * @internal
 */
export interface CoordinateCheckOptions {
  /** The widths, at least two. Default: 64, 128, 256 and 512. */
  readonly widths?: readonly number[];
  /** The learning rule. Default: sgd. */
  readonly optimizer?: Optimizer;
  /** How weights and learning rates depend on the width. Default: standard. */
  readonly parametrization?: Parametrization;
  /** Whether the readout starts at 0, after its draw. Default: false. */
  readonly zeroReadout?: boolean;
  /** The learning rate at the base width. Default: 0.1; for adam 0.001. */
  readonly learningRate?: number;
  /** The width at which muP is standard. Default: 64. */
  readonly baseWidth?: number;
  /** Steps of training. Default: 3. */
  readonly steps?: number;
  /** How many seeds. Default: 20. */
  readonly seeds?: number;
  /** The first seed. Default: 0. */
  readonly seed?: number;
  /** Examples of a batch. Default: 32. */
  readonly batch?: number;
  /** Features of an input. Default: 16. */
  readonly inputs?: number;
  /** Classes; example i is of class i modulo this. Default: 10. */
  readonly classes?: number;
  /** Aborts the runs. */
  readonly signal?: AbortSignal;
  /** Called after each seed of a width. */
  readonly onProgress?: (
    progress: { readonly done: number; readonly total: number },
  ) => void;
}

/**
 * A slope of log2 against log2 of the width.
 *
 * @internal
 */
export interface Slope {
  /** The slope; null where nothing moved. */
  readonly slope: number | null;
  /** Its standard error, by leaving one seed out after the other; null for one. */
  readonly error: number | null;
  /** What the theory expects: an interval, mostly of one number. */
  readonly expected: readonly [low: number, high: number] | null;
}

/**
 * What happens to a layer over widths.
 *
 * @internal
 */
export interface CoordinateLayer {
  /** Which one: of the two hidden layers' pre-activations, or the logits. */
  readonly name: "h1" | "h2" | "logits";
  /** Mean absolute values by step and width: `[0 to steps][widths]`. */
  readonly sizes: readonly (readonly number[])[];
  /** Mean absolute changes since step 0: `[1 to steps][widths]`. */
  readonly changes: readonly (readonly number[])[];
  /** Slopes of the sizes, of step 0 to the last. */
  readonly sizeSlopes: readonly Slope[];
  /** Slopes of the changes, of step 1 to the last. */
  readonly changeSlopes: readonly Slope[];
  /** Whether a change grows with the width: a slope above 0.2. */
  readonly grows: boolean;
}

/**
 * What `coordinateCheck` returns.
 *
 * @internal
 */
export interface CoordinateCheck {
  /** The widths. */
  readonly widths: readonly number[];
  /** The learning rule. */
  readonly optimizer: Optimizer;
  /** How weights and learning rates depend on the width. */
  readonly parametrization: Parametrization;
  /** Whether the readout starts at 0. */
  readonly zeroReadout: boolean;
  /** The learning rate at the base width. */
  readonly learningRate: number;
  /** The first and the last seed. */
  readonly seeds: readonly [number, number];
  /** h1, h2 and the logits. */
  readonly layers: readonly CoordinateLayer[];
  /** The mean loss by step and width: `[0 to steps][widths]`. */
  readonly losses: readonly (readonly number[])[];
}

/** Settings of all runs. */
interface Settings {
  readonly optimizer: Optimizer;
  readonly parametrization: Parametrization;
  readonly zeroReadout: boolean;
  readonly learningRate: number;
  readonly baseWidth: number;
  readonly steps: number;
  readonly batch: number;
  readonly inputs: number;
  readonly classes: number;
}

/** What one run measures, step by step. */
interface Run {
  /** `[step][h1, h2, logits]`. */
  readonly sizes: readonly number[][];
  /** `[step − 1][h1, h2, logits]`. */
  readonly changes: readonly number[][];
  readonly losses: readonly number[];
}

const action = "check coordinates";

const names = ["h1", "h2", "logits"] as const;

/** A slope above this counts as growth. */
const growth = 0.2;

/** Adam's constants. */
const [beta1, beta2, tiny] = [0.9, 0.999, 1e-8];

/** A number that has a default elsewhere. */
const learningRate: Option<number | undefined> = {
  read: (action, name, value) =>
    value === undefined
      ? undefined
      : real(undefined, { low: 0 }).read(action, name, value),
};

const table = {
  widths: counts(1, [64, 128, 256, 512]),
  optimizer: oneOf<Optimizer>(["sgd", "adam"], "sgd"),
  parametrization: oneOf<Parametrization>(["standard", "mup"], "standard"),
  zeroReadout: flag(false),
  learningRate,
  baseWidth: count(1, 64),
  steps: count(1, 3),
  seeds: count(1, 20),
  seed: count(0, 0),
  batch: count(1, 32),
  inputs: count(1, 16),
  classes: count(2, 10),
  signal: { read: (_action, _name, value) => value } as Option<
    AbortSignal | undefined
  >,
  onProgress: callback<{ readonly done: number; readonly total: number }>(),
};

/**
 * Returns how much the coordinates of a small network move in its first steps of
 * training, and the slopes of that against the width.
 *
 * The network is `h1 = x · W1ᵀ`, `h2 = relu(h1) · W2ᵀ`, logits `relu(h2) · W3ᵀ`,
 * without biases, and the loss the mean cross-entropy. Draws from `new
 * Generator(seed)`: x `[batch, inputs]`, W1 of std √(2 / inputs), W2 of √(2 / n),
 * W3 of √(1 / n). muP, as in the package mup: W3 of √(1 / base), logits times
 * base / n; SGD with the learning rate times n / base for W1 and W3, Adam with it
 * times base / n for W2.
 *
 * With muP nothing should depend on the width. Slopes below 0 of its logits come
 * from the random readout, which fades; with `zeroReadout` they vanish.
 *
 * @param options The widths, the learning rule and the parametrization.
 * @throws {TypeError} If an option is unknown or of a wrong kind.
 * @throws {RangeError} If a number is out of its interval.
 * @see Yang et al., "Tensor Programs V: tuning large neural networks via
 * zero-shot hyperparameter transfer", 2022
 *
 * @example
 * ```ts
 * import { coordinateCheck } from "@fanin/fanin";
 * import { assert } from "@std/assert";
 *
 * const small = { widths: [32, 64, 128], seeds: 4, optimizer: "adam" } as const;
 * const [standard, mup] = await Promise.all([
 *   coordinateCheck(small),
 *   coordinateCheck({ ...small, parametrization: "mup" }),
 * ]);
 * assert(standard.layers[1].grows && !mup.layers[1].grows);
 * ```
 */
export async function coordinateCheck(
  options: CoordinateCheckOptions = {},
): Promise<CoordinateCheck> {
  const { widths, seeds, seed, signal, onProgress, ...given } = readOptions(
    action,
    options,
    table,
  );
  checkSignal(action, signal);
  if (new Set(widths).size < 2) {
    count(2).read(action, "the number of widths", new Set(widths).size);
  }
  const usual = given.optimizer === "sgd" ? 0.1 : 0.001;
  const settings = { ...given, learningRate: given.learningRate ?? usual };
  const turns = new Turns(signal);
  const total = widths.length * seeds;
  const runs: Run[][] = widths.map(() => []);
  let done = 0;
  try {
    for (const [i, width] of widths.entries()) {
      for (let k = 0; k < seeds; k++) {
        await turns.pause();
        runs[i].push(train(settings, width, seed + k));
        onProgress({ done: ++done, total });
      }
    }
  } finally {
    turns.close();
  }
  const { optimizer, parametrization, zeroReadout } = settings;
  return showAs(
    {
      widths,
      optimizer,
      parametrization,
      zeroReadout,
      learningRate: settings.learningRate,
      seeds: [seed, seed + seeds - 1] as const,
      layers: names.map((_, layer) => layerOf(settings, widths, runs, layer)),
      losses: Array.from(
        { length: settings.steps + 1 },
        (_, step) =>
          runs.map((all) => mean(all.map(({ losses }) => losses[step]))),
      ),
    },
    "coordinate check",
    coordinateText,
  );
}

/** One run of a width, from a seed. */
function train(settings: Settings, width: number, seed: number): Run {
  const { batch, inputs, classes, parametrization, baseWidth } = settings;
  const isMup = parametrization === "mup";
  const generator = new Generator(seed);
  const draw = (rows: number, columns: number, std: number): Matrix => {
    const { data } = normal(empty([rows, columns]), { std, generator });
    return { data: new Float64Array(data), rows, columns };
  };
  const x = draw(batch, inputs, 1);
  const weights = [
    draw(width, inputs, Math.sqrt(2 / inputs)),
    draw(width, width, Math.sqrt(2 / width)),
    draw(classes, width, Math.sqrt(1 / (isMup ? baseWidth : width))),
  ];
  if (settings.zeroReadout) weights[2].data.fill(0);
  const scale = isMup ? baseWidth / width : 1;
  const update = updating(settings, width, weights);
  const sizes: number[][] = [];
  const changes: number[][] = [];
  const losses: number[] = [];
  let start: readonly Matrix[] | undefined;
  for (let step = 0; step <= settings.steps; step++) {
    const h1 = multiplyRows(x, weights[0]);
    const a1 = relu(h1);
    const h2 = multiplyRows(a1, weights[1]);
    const a2 = relu(h2);
    const plain = multiplyRows(a2, weights[2]);
    const logits = { ...plain, data: plain.data.map((value) => scale * value) };
    const { loss, gradient } = crossEntropy(logits);
    losses.push(loss);
    const signals = [h1, h2, logits];
    start ??= signals;
    sizes.push(signals.map(({ data }) => meanSize(data)));
    if (step > 0) {
      changes.push(
        signals.map(({ data }, i) => meanSize(data, start![i].data)),
      );
    }
    if (step === settings.steps) break;
    const d3 = {
      ...gradient,
      data: gradient.data.map((value) => scale * value),
    };
    const d2 = masked(multiply(d3, weights[2]), h2);
    const d1 = masked(multiply(d2, weights[1]), h1);
    update(step, [
      multiplyColumns(d1, x),
      multiplyColumns(d2, a1),
      multiplyColumns(d3, a2),
    ]);
  }
  return { sizes, changes, losses };
}

/** Returns what changes the weights, in place. */
function updating(
  { optimizer, parametrization, learningRate, baseWidth }: Settings,
  width: number,
  weights: readonly Matrix[],
): (step: number, gradients: readonly Matrix[]) => void {
  const wider = parametrization === "mup" ? width / baseWidth : 1;
  if (optimizer === "sgd") {
    const rates = [wider, 1, wider].map((factor) => learningRate * factor);
    return (_, gradients) =>
      gradients.forEach(({ data }, k) => {
        const weight = weights[k].data;
        for (let i = 0; i < weight.length; i++) weight[i] -= rates[k] * data[i];
      });
  }
  const rates = [1, 1 / wider, 1].map((factor) => learningRate * factor);
  const first = weights.map(({ data }) => new Float64Array(data.length));
  const second = weights.map(({ data }) => new Float64Array(data.length));
  return (step, gradients) =>
    gradients.forEach(({ data }, k) => {
      const weight = weights[k].data;
      const [m, v] = [first[k], second[k]];
      const unbiased1 = 1 - beta1 ** (step + 1);
      const unbiased2 = 1 - beta2 ** (step + 1);
      for (let i = 0; i < weight.length; i++) {
        m[i] = beta1 * m[i] + (1 - beta1) * data[i];
        v[i] = beta2 * v[i] + (1 - beta2) * data[i] * data[i];
        weight[i] -= rates[k] * (m[i] / unbiased1) /
          (Math.sqrt(v[i] / unbiased2) + tiny);
      }
    });
}

function relu(x: Matrix): Matrix {
  return { ...x, data: x.data.map((value) => Math.max(0, value)) };
}

function masked(gradient: Matrix, before: Matrix): Matrix {
  const data = gradient.data.map((value, i) => before.data[i] > 0 ? value : 0);
  return { ...gradient, data };
}

/** The mean over examples, of which number i is of class i modulo the classes. */
function crossEntropy(
  { data, rows, columns }: Matrix,
): { loss: number; gradient: Matrix } {
  const gradient = new Float64Array(data.length);
  let loss = 0;
  for (let row = 0; row < rows; row++) {
    const logits = data.subarray(row * columns, (row + 1) * columns);
    const most = Math.max(...logits);
    const total = logits.reduce((sum, z) => sum + Math.exp(z - most), 0);
    const label = row % columns;
    loss += (Math.log(total) + most - logits[label]) / rows;
    for (let c = 0; c < columns; c++) {
      const share = Math.exp(logits[c] - most) / total;
      gradient[row * columns + c] = (share - (c === label ? 1 : 0)) / rows;
    }
  }
  return { loss, gradient: { data: gradient, rows, columns } };
}

/** The mean absolute value, or that of a difference. */
function meanSize(data: Float64Array, from?: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < data.length; i++) {
    sum += Math.abs(data[i] - (from?.[i] ?? 0));
  }
  return sum / data.length;
}

function layerOf(
  settings: Settings,
  widths: readonly number[],
  runs: readonly (readonly Run[])[],
  layer: number,
): CoordinateLayer {
  const { steps } = settings;
  const take = (of: "sizes" | "changes", step: number) =>
    runs.map((all) => all.map((run) => run[of][step][layer]));
  const range = (length: number) => Array.from({ length }, (_, i) => i);
  const expected = expectedSlope(settings, layer);
  const changeSlopes = range(steps).map((step) =>
    slopeOf(widths, take("changes", step), expected)
  );
  const atStart = settings.zeroReadout && layer === 2 ? null : [
    settings.parametrization === "mup" && layer === 2 ? -0.5 : 0,
  ];
  return {
    name: names[layer],
    sizes: range(steps + 1).map((step) => take("sizes", step).map(mean)),
    changes: range(steps).map((step) => take("changes", step).map(mean)),
    sizeSlopes: range(steps + 1).map((step) =>
      slopeOf(
        widths,
        take("sizes", step),
        step === 0 && atStart ? [atStart[0], atStart[0]] : null,
      )
    ),
    changeSlopes,
    grows: changeSlopes.some(({ slope }) => slope !== null && slope > growth),
  };
}

/** By the theory of wide networks, for the first step that changes a layer. */
function expectedSlope(
  { parametrization, optimizer, zeroReadout }: Settings,
  layer: number,
): readonly [number, number] | null {
  if (parametrization === "mup") return [0, 0];
  if (zeroReadout) return null;
  const sgd = [[-0.5, -0.5], [0.5, 0.5], [1, 1]] as const;
  const adam = [[0, 0], [1, 1], [1, 1.5]] as const;
  return (optimizer === "sgd" ? sgd : adam)[layer];
}

/** The least-squares slope of the means' logarithms, and its jackknife error. */
function slopeOf(
  widths: readonly number[],
  values: readonly (readonly number[])[],
  expected: readonly [number, number] | null,
): Slope {
  if (values.some((all) => mean(all) === 0)) {
    return { slope: null, error: null, expected };
  }
  const n = values[0].length;
  const slope = fitted(widths, values.map(mean));
  if (n === 1) return { slope, error: null, expected };
  const without = Array.from(
    { length: n },
    (_, k) => fitted(widths, values.map((all) => mean(all.toSpliced(k, 1)))),
  );
  const center = mean(without);
  const squares = without.reduce((sum, each) => sum + (each - center) ** 2, 0);
  return {
    slope,
    error: Math.sqrt(squares * (n - 1) / n),
    expected,
  };
}

function fitted(widths: readonly number[], values: readonly number[]): number {
  const x = widths.map(Math.log2);
  const y = values.map(Math.log2);
  const [mx, my] = [mean(x), mean(y)];
  const above = x.reduce((sum, each, i) => sum + (each - mx) * (y[i] - my), 0);
  return above / x.reduce((sum, each) => sum + (each - mx) ** 2, 0);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Returns a table of the changes' slopes, with errors and what is expected. */
function coordinateText(run: CoordinateCheck): string {
  const { optimizer, parametrization, widths, layers, zeroReadout } = run;
  const steps = layers[0].changeSlopes.map((_, i) => `step ${i + 1}`);
  const cell = ({ slope, error }: Slope) =>
    [
      slope?.toFixed(3) ?? "–",
      ...error === null ? [] : [`± ${error.toFixed(3)}`],
    ].join(" ");
  const rows = [
    ["", ...steps, "expected", ""],
    ...layers.map(({ name, changeSlopes, grows }) => [
      name,
      ...changeSlopes.map(cell),
      changeSlopes[0].expected === null
        ? "–"
        : [...new Set(changeSlopes[0].expected)].join(" to "),
      grows ? "grows with width" : "",
    ]),
  ];
  return [
    [
      parametrization,
      optimizer,
      `learning rate ${run.learningRate}`,
      ...zeroReadout ? ["zero readout"] : [],
      `widths ${widths.join(", ")}`,
      `seeds ${run.seeds.join(" to ")}`,
    ].join(" · "),
    "slope of log2 |h(t) − h(0)| against log2 width",
    ...inColumns(rows),
  ].join("\n");
}
