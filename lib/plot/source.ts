/**
 * What is plotted: a tensor, or a parameter of a layer.
 *
 * @module
 */

import { dtypes } from "../core/dtype.ts";
import { describe } from "../core/options.ts";
import { formatShape } from "../core/shape.ts";
import { Tensor } from "../core/tensor.ts";
import { valuesOf } from "../core/values.ts";
import { theoryOf } from "../init/theory.ts";
import { type Moments, moments, type Values } from "../statistics/moments.ts";

/** Anything with named parameters: a layer, a model. */
export interface ParameterOwner {
  /** The parameters, each with its name. */
  namedParameters(): Iterable<readonly [string, Tensor]>;
  /** What it is called in a title. */
  toString(): string;
}

/** A tensor, or a layer whose `weight` is meant. */
export type Source = Tensor | ParameterOwner;

/** A tensor, read as numbers. */
export interface Sample {
  /** The tensor. */
  readonly tensor: Tensor;
  /** What it is called: plain text. */
  readonly title: string;
  /** Its elements. */
  readonly values: Values;
  /** Their moments. */
  readonly found: Moments;
  /** Whether they are whole numbers or truth values by their dtype. */
  readonly whole: boolean;
}

/**
 * Returns the values that a source stands for.
 *
 * @param action What is being done, for the error's sentence.
 * @param source A tensor or a layer.
 * @param parameter The name of the layer's parameter. Default: `weight`.
 * @throws {TypeError} If the source is neither, or a tensor with a parameter.
 * @throws {RangeError} If the layer has no such parameter, or there is no
 * finite value.
 */
export function sampleOf(
  action: string,
  source: Source,
  parameter: string | undefined,
): Sample {
  const { tensor, title } = tensorOf(action, source, parameter);
  const values = valuesOf(tensor);
  const found = moments(values);
  if (found.count === 0) {
    throw new RangeError(
      `Cannot ${action} of shape ${
        formatShape(tensor.shape)
      } as there must be a finite value: current value is ${
        values.length === 0 ? "no value" : `${values.length} not finite`
      }`,
    );
  }
  const whole = dtypes[tensor.dtype].kind !== "float";
  return { tensor, title, values, found, whole };
}

function tensorOf(
  action: string,
  source: Source,
  parameter: string | undefined,
): { tensor: Tensor; title: string } {
  if (source instanceof Tensor) {
    if (parameter !== undefined) {
      throw new TypeError(
        `Cannot ${action} as parameter must be left out with a tensor: current value is ${
          describe(parameter)
        }`,
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
      }: current value is ${describe(name)}`,
    );
  }
  return { tensor, title: `${firstLine(String(source))} · ${name}` };
}

/**
 * Returns the first line of a layer's or a model's text, without the bracket
 * that opens a tree.
 *
 * @param text What it prints.
 */
export function firstLine(text: string): string {
  const [first, ...more] = text.split("\n");
  return more.length === 0 ? first : first.replace(/\($/, "");
}
