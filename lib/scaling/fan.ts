/**
 * Fan-in and fan-out of a weight, with the way they are counted.
 *
 * @module
 */

import { checkShape, formatShape, type Shape } from "../core/shape.ts";
import { type HtmlOptions, showAs } from "../core/show.ts";
import { Tensor } from "../core/tensor.ts";

/** How many inputs and outputs a weight connects. */
export interface Fan {
  /** Inputs of one output: columns · receptive field. */
  readonly fanIn: number;
  /** Outputs that one input reaches: rows · receptive field. */
  readonly fanOut: number;
  /** Places of the kernel: the product of the sizes from axis 2 on. */
  readonly receptiveField: number;
}

/** One line of a derivation: a product, its factors and its value. */
export interface FanStep {
  /** What is computed. */
  readonly name: keyof Fan;
  /** The numbers that are multiplied, in order. */
  readonly factors: readonly number[];
  /** Their product. */
  readonly value: number;
}

/** One axis of a weight and what it counts. */
export interface FanAxis {
  /** The axis, from 0. */
  readonly axis: number;
  /** Its size. */
  readonly size: number;
  /** What it counts. */
  readonly role: "output" | "input" | "kernel";
}

/** How a fan was counted from a shape. */
export interface FanDerivation {
  /** The shape of the weight. */
  readonly shape: Shape;
  /** Its axes and what each counts. */
  readonly axes: readonly FanAxis[];
  /** The products, in the order in which they are taken. */
  readonly steps: readonly FanStep[];
}

/**
 * A fan that also knows its derivation. Only the three counts are enumerable,
 * so that it equals a plain object of them.
 */
export interface ShownFan extends Fan {
  /** How the counts come about. */
  readonly derivation: FanDerivation;
  /** Returns the derivation as lines of text. */
  toString(): string;
  /** Returns the derivation as HTML. */
  toHtml(options?: HtmlOptions): Promise<string>;
}

/**
 * Returns the fan-in and fan-out of a weight, as PyTorch counts them: axis 0
 * is the outputs, axis 1 the inputs, and all further axes the kernel.
 *
 * `fanIn = shape[1] * receptiveField`, `fanOut = shape[0] * receptiveField`,
 * `receptiveField = shape[2] * shape[3] * …`, 1 for a matrix. Stride, padding
 * and dilation do not enter. Groups do not either: the fan-out of a grouped
 * convolution counts connections that are not there, as in PyTorch.
 *
 * @param weight A shape, or a tensor, of rank at least 2.
 * @throws {RangeError} If the rank is below 2, or a size is negative or
 * fractional.
 * @throws {TypeError} If it is neither a shape nor a tensor.
 * @see `torch.nn.init._calculate_fan_in_and_fan_out`, PyTorch 2.13.0
 *
 * @example
 * ```ts
 * import { fan } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * const counts = fan([33, 16, 3, 3]);
 * assertEquals({ ...counts }, { fanIn: 144, fanOut: 297, receptiveField: 9 });
 * ```
 */
export function fan(weight: Shape | Tensor): ShownFan {
  const shape = weight instanceof Tensor ? weight.shape : weight;
  const action = "compute fan in and fan out";
  checkShape(action, shape);
  if (shape.length < 2) {
    throw new RangeError(
      `Cannot ${action} as the rank must be at least 2: current value is ${shape.length} in shape ${
        formatShape(shape)
      }`,
    );
  }
  const derivation = derive(shape);
  const [receptiveField, fanIn, fanOut] = derivation.steps.map((step) =>
    step.value
  );
  const counts = { fanIn, fanOut, receptiveField };
  Object.defineProperty(counts, "derivation", { value: derivation });
  return showAs(counts, "fan", printFan) as ShownFan;
}

function derive(shape: Shape): FanDerivation {
  const [outputs, inputs, ...kernel] = shape;
  const receptiveField = step("receptiveField", kernel);
  const roles = ["output", "input"] as const;
  return {
    shape: [...shape],
    axes: shape.map((size, axis) => ({
      axis,
      size,
      role: axis < 2 ? roles[axis] : "kernel",
    })),
    steps: [
      receptiveField,
      step("fanIn", [inputs, receptiveField.value]),
      step("fanOut", [outputs, receptiveField.value]),
    ],
  };
}

function step(name: keyof Fan, factors: readonly number[]): FanStep {
  return { name, factors, value: factors.reduce((a, b) => a * b, 1) };
}

/** The counts in words. */
export const fanNames: Readonly<Record<keyof Fan, string>> = {
  receptiveField: "receptive field",
  fanIn: "fan in",
  fanOut: "fan out",
};

/**
 * Returns a step as a formula: `16 · 9 = 144`; an empty product is `1`.
 *
 * @param step The step of a derivation.
 */
export function formatStep({ factors, value }: FanStep): string {
  return factors.length < 2
    ? String(value)
    : `${factors.join(" · ")} = ${value}`;
}

function printFan(value: object): string {
  const { shape, axes, steps } = (value as ShownFan).derivation;
  const width = Math.max(...axes.map(({ size }) => String(size).length));
  return [
    `fan of a weight of shape ${formatShape(shape)}`,
    ...axes.map(({ axis, size, role }) =>
      `  axis ${axis}: ${String(size).padStart(width)} ${role}`
    ),
    ...steps.map((line) =>
      `  ${fanNames[line.name].padEnd(15)} = ${formatStep(line)}`
    ),
  ].join("\n");
}
