/**
 * The values that a figure shows, with their name.
 *
 * @module
 */

import { over } from "../checkpoint/source.ts";
import { dtypes } from "../core/dtype.ts";
import { cannot } from "../core/options.ts";
import { formatShape } from "../core/shape.ts";
import { type Over, pick, type Source } from "../core/source.ts";
import { Tensor, valuesOf } from "../core/tensor.ts";
import { titleOf } from "../core/title.ts";
import { type Moments, moments, type Values } from "../numerics/moments.ts";
import { filledBy } from "../random/generator.ts";

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
  /** Whether their dtype is one of integers or booleans. */
  readonly whole: boolean;
}

/**
 * Calls a function with the values of a source: at once if they are in memory,
 * else after reading them.
 *
 * @param action What is being done, for the error message.
 * @param source The source.
 * @param parameter The name of the tensor, if there are several. Default:
 * `weight`.
 * @param act Takes the values.
 * @returns What it returned; a promise of it for a checkpoint, a path or a URL.
 * @throws {TypeError} If it is no source, or one tensor with a parameter.
 * @throws {RangeError} If there is no such parameter, or no finite value.
 */
export function sampled<S extends Source, T>(
  action: string,
  source: S,
  parameter: string | undefined,
  act: (sample: Sample) => T,
): Over<S, T> {
  return over(
    action,
    source,
    ([[name, tensor]]) =>
      act(sampleOf(action, tensor, titleOfTensor(source, name, tensor))),
    (names) => [pick(action, names, parameter)],
  );
}

/**
 * Returns a source's name for a title: the first line of a layer's or model's
 * text, without the bracket that opens a tree; the name of a file; "" if it has
 * no name.
 *
 * @param source The source.
 */
export function titleOfSource(source: Source): string {
  if (typeof source === "string" || source instanceof URL) {
    const path = source instanceof URL
      ? decodeURIComponent(source.pathname)
      : source;
    return /[^/\\]+(?=[/\\]*$)/.exec(path)?.[0] ?? path;
  }
  const owner = source as Partial<Record<string, unknown>>;
  if (
    typeof owner.namedParameters !== "function" &&
    typeof owner.stateDict !== "function"
  ) {
    return "";
  }
  if (source.toString === Object.prototype.toString) {
    return titleOf(source as object);
  }
  const [first, ...more] = String(source).split("\n");
  return more.length === 0 ? first : first.replace(/\($/, "");
}

/**
 * Returns the values of a tensor.
 *
 * @param action What is being done, for the error message.
 * @param tensor The tensor.
 * @param title What it is called: plain text.
 * @throws {RangeError} If there is no finite value.
 */
export function sampleOf(
  action: string,
  tensor: Tensor,
  title: string,
): Sample {
  const values = valuesOf(tensor);
  const found = moments(values);
  if (found.count === 0) {
    throw new RangeError(
      cannot(
        `${action} of shape ${formatShape(tensor.shape)}`,
        "there must be a finite value",
        values.length === 0 ? "no value" : `${values.length} not finite`,
      ),
    );
  }
  const whole = dtypes[tensor.dtype].kind !== "float";
  return { tensor, title, values, found, whole };
}

function titleOfTensor(source: Source, name: string, tensor: Tensor): string {
  if (name !== "") {
    const owner = titleOfSource(source);
    return owner === "" ? name : `${owner} · ${name}`;
  }
  if (source instanceof Tensor) {
    return filledBy(tensor)?.initializer ?? "Tensor";
  }
  return ArrayBuffer.isView(source) ? titleOf(source) : "values";
}
