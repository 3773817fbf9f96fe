/**
 * How a fan is counted: what each axis of a weight means, and the products
 * that are taken.
 *
 * @module
 */

import type { Shape } from "../core/shape.ts";

/** How many inputs and outputs a weight connects. */
export interface Fan {
  /** Inputs of one output: input channels · receptive field. */
  readonly fanIn: number;
  /** Outputs that one input reaches: output channels · receptive field. */
  readonly fanOut: number;
  /** Places of the kernel: the product of the sizes of its axes. */
  readonly receptiveField: number;
}

/** What an axis of a weight counts. */
export type FanRole = "output" | "input" | "kernel" | "batch";

/** One axis of a weight and what it counts. */
export interface FanAxis {
  /** The axis, from 0. */
  readonly axis: number;
  /** Its size. */
  readonly size: number;
  /** What it counts. */
  readonly role: FanRole;
  /** What divides its size; absent where nothing does. */
  readonly divisor?: FanDivisor;
}

/** The option by which a size is divided. */
export interface FanDivisor {
  /** The option. */
  readonly name: "groups" | "stride" | "fused";
  /** Its value along the axis, above 1. */
  readonly value: number;
}

/** One line of a derivation: a product, its factors and its value. */
export interface FanStep {
  /** What is computed. */
  readonly name: keyof Fan;
  /** The numbers that are multiplied, in order. */
  readonly factors: readonly number[];
  /** By what each factor is divided; 1 where it is whole. */
  readonly divisors: readonly number[];
  /** The product of the quotients. */
  readonly value: number;
  /** Whether it is a mean over places, as with a stride. */
  readonly mean: boolean;
}

/** What a fan is derived from. */
export interface CountedAxes {
  /** The axes, with what each counts and what divides it. */
  readonly axes: readonly FanAxis[];
  /** The count that a stride divides. */
  readonly strided: "fanIn" | "fanOut";
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
 * Returns the products of a weight: the receptive field, and the inputs and the
 * outputs times it.
 *
 * @param counted The axes of the weight, and the count that a stride divides.
 */
export function derive({ axes, strided }: CountedAxes): FanDerivation {
  const kernel = axes.filter(({ role }) => role === "kernel");
  const places = step("receptiveField", kernel.map(({ size }) => ({ size })));
  const stride = product(kernel.map(divisorOf));
  const count = (name: "fanIn" | "fanOut", wanted: FanRole) => {
    const divisor = name === strided
      ? { name: "stride" as const, value: stride }
      : undefined;
    const channels = axes.filter(({ role }) => role === wanted);
    return step(name, [...channels, { size: places.value, divisor }]);
  };
  return {
    shape: axes.map(({ size }) => size),
    axes,
    steps: [places, count("fanIn", "input"), count("fanOut", "output")],
  };
}

/** A number in a product, and what divides it. */
type Factor = Pick<FanAxis, "size" | "divisor">;

function step(name: keyof Fan, parts: readonly Factor[]): FanStep {
  const factors = parts.map(({ size }) => size);
  const divisors = parts.map(divisorOf);
  return {
    name,
    factors,
    divisors,
    value: product(factors) / product(divisors),
    mean: parts.some(({ divisor }) =>
      divisor?.name === "stride" && divisor.value > 1
    ),
  };
}

function divisorOf({ divisor }: Factor): number {
  return divisor?.value ?? 1;
}

function product(values: readonly number[]): number {
  return values.reduce((a, b) => a * b, 1);
}
