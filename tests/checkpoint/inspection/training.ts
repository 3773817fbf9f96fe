/**
 * Small dense networks, and their training: backpropagation and an optimizer on a
 * made-up task, in double, the weights stored in float32 after each step.
 *
 * @module
 */

import { empty, Generator, init, nn, type Tensor } from "../../../mod.ts";
import type { Dice } from "../../differential/dice.ts";

/** How the weights move. */
export type Optimizer = "sgd" | "momentum" | "adam" | "adamw";

/** What is trained, and how. */
export interface Training {
  /** Widths from the input to the output. */
  readonly widths: readonly number[];
  /** Between the layers. */
  readonly activation: "tanh" | "relu";
  /** How the weights move. */
  readonly optimizer: Optimizer;
  /** How far in a step. */
  readonly rate: number;
  /** Steps, each on 32 samples. */
  readonly steps: number;
  /** What fills the weights at first; undefined for the layer's default. */
  readonly fill?: (weight: Tensor, generator: Generator) => void;
}

/** A layer's numbers: of weight and bias in turn. */
type Rows = Float64Array[];

const batch = 32;

/**
 * Returns how a network is trained, by dice.
 *
 * @param dice The dice.
 */
export function drawTraining(dice: Dice): Training {
  const width = () => 12 + dice.below(52);
  const optimizer = dice.pick(["sgd", "momentum", "adam", "adamw"]);
  return {
    widths: [width(), width(), width(), 4 + dice.below(8)],
    activation: dice.pick(["tanh", "relu"]),
    optimizer,
    rate: optimizer.startsWith("adam")
      ? dice.pick([1e-4, 1e-3, 1e-2])
      : dice.pick([1e-3, 1e-2, 1e-1]),
    steps: dice.pick([10, 30, 100]),
    fill: dice.pick(fills),
  };
}

const fills: readonly (Training["fill"])[] = [
  undefined,
  (weight, generator) => init.normal(weight, { std: 0.02, generator }),
  (weight, generator) => init.xavierUniform(weight, { generator }),
  (weight, generator) =>
    init.truncNormal(weight, { std: 0.1, low: -0.2, high: 0.2, generator }),
  (weight, generator) => init.kaimingNormal(weight, { generator }),
];

/**
 * Trains a network to do as another one of the same widths does.
 *
 * @param training How.
 * @param seed The seed of its weights, of the other's, and of the samples.
 * @returns Its tensors by name.
 */
export function train(
  training: Training,
  seed: number,
): Record<string, Tensor> {
  const generator = new Generator(seed);
  const student = network(training, generator);
  const teacher = network({ ...training, fill: teach }, generator);
  const step = stepper(training, student.flatMap(parametersOf));
  for (let count = 0; count < training.steps; count++) {
    const x = samples(training.widths[0], generator);
    const wanted = forward(teacher, x, training).at(-1)!;
    step(backward(student, forward(student, x, training), wanted, training));
  }
  return Object.fromEntries(
    student.flatMap((layer, index) =>
      [...layer.namedParameters()].map(([name, tensor]) =>
        [`${2 * index}.${name}`, tensor] as const
      )
    ),
  );
}

function teach(weight: Tensor, generator: Generator): void {
  init.xavierNormal(weight, { gain: 2, generator });
}

function network(
  { widths, fill }: Training,
  generator: Generator,
): nn.Linear[] {
  return widths.slice(1).map((width, index) => {
    const layer = new nn.Linear(widths[index], width, { generator });
    fill?.(layer.weight, generator);
    return layer;
  });
}

function samples(width: number, generator: Generator): Rows {
  const { data } = init.normal(empty([batch * width], { dtype: "float64" }), {
    generator,
  });
  return Array.from(
    { length: batch },
    (_, row) => (data as Float64Array).slice(row * width, (row + 1) * width),
  );
}

function parametersOf(layer: nn.Linear): Float32Array[] {
  return Array.from(layer.parameters(), (tensor) => tensor.toFloat32());
}

/** Returns the input and what leaves each layer. */
function forward(
  layers: readonly nn.Linear[],
  x: Rows,
  { activation }: Training,
): Rows[] {
  const flow = [x];
  layers.forEach((layer, index) => {
    const [weight, bias] = parametersOf(layer);
    const isLast = index === layers.length - 1;
    flow.push(flow[index].map((row) => {
      const sums = affine(weight, bias, row);
      if (isLast) return sums;
      return sums.map(activation === "tanh" ? Math.tanh : positive);
    }));
  });
  return flow;
}

function affine(
  weight: Float32Array,
  bias: Float32Array,
  row: Float64Array,
): Float64Array {
  const sums = Float64Array.from(bias);
  for (let out = 0; out < sums.length; out++) {
    const start = out * row.length;
    let sum = sums[out];
    for (let i = 0; i < row.length; i++) sum += weight[start + i] * row[i];
    sums[out] = sum;
  }
  return sums;
}

function positive(sum: number): number {
  return Math.max(0, sum);
}

/** Returns the gradient of the mean squared error: a part for each parameter. */
function backward(
  layers: readonly nn.Linear[],
  flow: readonly Rows[],
  wanted: Rows,
  { activation }: Training,
): Float64Array[] {
  const gradients: Float64Array[] = [];
  let error: Rows = flow.at(-1)!.map((row, n) =>
    row.map((y, i) => 2 * (y - wanted[n][i]) / (batch * row.length))
  );
  for (let index = layers.length - 1; index >= 0; index--) {
    const [weight, bias] = parametersOf(layers[index]);
    const inputs = flow[index];
    const width = inputs[0].length;
    const toWeight = new Float64Array(weight.length);
    const toBias = new Float64Array(bias.length);
    const next = inputs.map((row) => new Float64Array(row.length));
    for (const [n, slopes] of error.entries()) {
      const [x, toX] = [inputs[n], next[n]];
      for (let out = 0; out < slopes.length; out++) {
        const [slope, start] = [slopes[out], out * width];
        toBias[out] += slope;
        for (let i = 0; i < width; i++) {
          toWeight[start + i] += slope * x[i];
          toX[i] += slope * weight[start + i];
        }
      }
    }
    gradients.unshift(toWeight, toBias);
    error = next.map((row, n) =>
      row.map((slope, i) => slope * slopeAt(inputs[n][i], activation))
    );
  }
  return gradients;
}

/** The slope of an activation where its value is y. */
function slopeAt(y: number, activation: Training["activation"]): number {
  if (activation === "tanh") return 1 - y * y;
  return y > 0 ? 1 : 0;
}

/** Returns what moves the parameters by their gradients. */
function stepper(
  { optimizer, rate }: Training,
  parameters: readonly Float32Array[],
): (gradients: readonly Float64Array[]) => void {
  const mean = parameters.map((values) => new Float64Array(values.length));
  const square = parameters.map((values) => new Float64Array(values.length));
  const decay = optimizer === "adamw" ? 1 - 0.01 * rate : 1;
  let count = 0;
  return (gradients) => {
    count++;
    const [ofMean, ofSquare] = [1 - 0.9 ** count, 1 - 0.999 ** count];
    gradients.forEach((gradient, index) => {
      const [m, v, values] = [mean[index], square[index], parameters[index]];
      gradient.forEach((slope, i) => {
        let move = slope;
        if (optimizer === "momentum") move = m[i] = 0.9 * m[i] + slope;
        if (optimizer.startsWith("adam")) {
          m[i] = 0.9 * m[i] + 0.1 * slope;
          v[i] = 0.999 * v[i] + 0.001 * slope * slope;
          const root = Math.sqrt(v[i] / ofSquare);
          move = m[i] / ofMean / (root + 1e-8);
        }
        values[i] = decay * values[i] - rate * move;
      });
    });
  };
}
