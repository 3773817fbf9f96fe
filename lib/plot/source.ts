/**
 * What is plotted: a tensor, or a parameter of a layer.
 *
 * @module
 */

import { dtypes } from "../core/dtype.ts";
import { Tensor } from "../core/tensor.ts";
import { theoryOf } from "../init/theory.ts";
import type { Values } from "../statistics/moments.ts";

/** Anything with named parameters: a layer, a model. */
export interface ParameterOwner {
  /** The parameters, each with its name. */
  namedParameters(): Iterable<readonly [string, Tensor]>;
  /** What it is called in a title. */
  toString(): string;
}

/** A tensor, or a layer whose `weight` is meant. */
export type Source = Tensor | ParameterOwner;

/** A tensor and what to call it. */
export interface Named {
  /** The tensor. */
  readonly tensor: Tensor;
  /** Whose it is: plain text. */
  readonly title: string;
}

/**
 * Returns the tensor that a source stands for.
 *
 * @param action What is being done, for the error's sentence.
 * @param source A tensor or a layer.
 * @param parameter The name of the layer's parameter. Default: `weight`.
 * @throws {TypeError} If the source is neither, or a tensor with a parameter.
 * @throws {RangeError} If the layer has no such parameter.
 */
export function tensorOf(
  action: string,
  source: Source,
  parameter: string | undefined,
): Named {
  if (source instanceof Tensor) {
    if (parameter !== undefined) {
      throw new TypeError(
        `Cannot ${action} as parameter must be left out with a tensor: current value is ${parameter}`,
      );
    }
    return { tensor: source, title: theoryOf(source)?.name ?? "Tensor" };
  }
  if (typeof source?.namedParameters !== "function") {
    throw new TypeError(
      `Cannot ${action} as it must be a tensor or have namedParameters(): current value is ${
        describe(source)
      }`,
    );
  }
  const name = parameter === undefined ? "weight" : parameter;
  const parameters = new Map(source.namedParameters());
  const tensor = parameters.get(name);
  if (tensor === undefined) {
    throw new RangeError(
      `Cannot ${action} as parameter must be one of ${
        [...parameters.keys()].join(", ") || "none"
      }: current value is ${name}`,
    );
  }
  return { tensor, title: `${firstLine(source.toString())} · ${name}` };
}

/**
 * Returns the elements as numbers, without a copy where the storage is that.
 *
 * @param tensor A tensor of any dtype.
 */
export function valuesOf(tensor: Tensor): Values {
  const { data, dtype } = tensor;
  if (data instanceof BigInt64Array) return Float64Array.from(data, Number);
  return dtype === "float16" || dtype === "bfloat16"
    ? tensor.toFloat32()
    : data;
}

/**
 * Whether a tensor holds whole numbers or truth values.
 *
 * @param tensor A tensor.
 */
export function isWhole(tensor: Tensor): boolean {
  return dtypes[tensor.dtype].kind !== "float";
}

/** A model prints as a tree: its first line, without the bracket it opens. */
function firstLine(text: string): string {
  const [first, ...more] = text.split("\n");
  return more.length === 0 ? first : first.replace(/\($/, "");
}

function describe(value: unknown): string {
  return typeof value === "object" && value !== null
    ? Object.prototype.toString.call(value).slice(8, -1)
    : String(value);
}
