/**
 * Loading tensors by name into a module's.
 *
 * @module
 */

import { describe, withDefaults } from "../core/options.ts";
import { formatShape } from "../core/shape.ts";
import { Tensor } from "../core/tensor.ts";
import { remember } from "../random/generator.ts";

/** Parameters and buffers by name. */
export type StateDict = Readonly<Record<string, Tensor>>;

/** Options of `loadStateDict`. */
export interface LoadOptions {
  /** Whether each name must be in both. Default: true. */
  readonly strict?: boolean;
}

/** Which names were not in both. */
export interface LoadResult {
  /** The names that the record does not have. */
  readonly missingKeys: readonly string[];
  /** The names that only the record has. */
  readonly unexpectedKeys: readonly string[];
}

/**
 * Copies the values of a record into tensors of the same names.
 *
 * @param owner Whose tensors they are, for the error's sentence.
 * @param targets The tensors that are filled.
 * @param record The tensors that are copied, converted to the targets' dtypes.
 * @param options Whether each name must be in both.
 * @throws {RangeError} If names or shapes differ, or a value does not fit its
 * dtype; nothing is copied then.
 * @throws {TypeError} If the record is no object, or a value of it no tensor.
 */
export function loadTensors(
  owner: string,
  targets: StateDict,
  record: StateDict,
  options: LoadOptions,
): LoadResult {
  const action = `load a state dict into ${owner}`;
  const { strict } = withDefaults(action, options, { strict: true });
  checkRecord(action, record);
  const missingKeys = Object.keys(targets).filter((name) =>
    !Object.hasOwn(record, name)
  );
  const isShared = (name: string) => Object.hasOwn(targets, name);
  const shared = Object.keys(record).filter(isShared);
  const unexpectedKeys = Object.keys(record).filter((name) => !isShared(name));
  const faults = [
    ...strict ? missingKeys.map((name) => `${name} is missing`) : [],
    ...strict ? unexpectedKeys.map((name) => `${name} is unexpected`) : [],
    ...shared.filter((name) => !sameShape(record[name], targets[name]))
      .map((name) =>
        `${name} has shape ${formatShape(record[name].shape)} in place of ${
          formatShape(targets[name].shape)
        }`
      ),
  ];
  if (faults.length > 0) {
    throw new RangeError(
      `Cannot ${action} as names and shapes must be the module's: current value is one where ${
        faults.join(", ")
      }`,
    );
  }
  const converted = shared.map((name) => record[name].to(targets[name].dtype));
  for (const [index, name] of shared.entries()) {
    targets[name].data.set(converted[index].data as never);
    remember(targets[name], undefined);
  }
  return { missingKeys, unexpectedKeys };
}

function checkRecord(action: string, record: unknown): void {
  if (typeof record !== "object" || record === null) {
    throw new TypeError(
      `Cannot ${action} as it must be an object of tensors: current value is ${
        describe(record)
      }`,
    );
  }
  for (const [name, value] of Object.entries(record)) {
    if (!(value instanceof Tensor)) {
      throw new TypeError(
        `Cannot ${action} as ${name} must be a Tensor: current value is ${
          describe(value)
        }`,
      );
    }
  }
}

function sameShape(a: Tensor, b: Tensor): boolean {
  return formatShape(a.shape) === formatShape(b.shape);
}
