/**
 * The fields of modules: which are parameters, buffers and children, by which
 * names they go, and how a module is copied with all it holds.
 *
 * @module
 */

import type { Dtype } from "../core/dtype.ts";
import { empty, Tensor } from "../core/tensor.ts";
import { describe } from "../core/options.ts";
import { perform } from "../core/recording.ts";
import type { Shape } from "../core/shape.ts";
import { filledBy, remember } from "../random/generator.ts";
import type { Fill } from "./fills.ts";

/** One parameter or buffer of a layer and how it is filled. */
export interface ParameterSpec {
  /** The field that holds it, which is its name in PyTorch. */
  readonly name: string;
  /** Its shape; null where the layer is made without it. */
  readonly shape: Shape | null;
  /** Fills it with the layer's default. */
  readonly fill: Fill;
  /** Whether it is a buffer. Default: false. */
  readonly buffer?: boolean;
  /** Its element type, where that is not the layer's. */
  readonly dtype?: Dtype;
}

/** What a module knows beside its fields. */
export interface Registry {
  /** How its own parameters and buffers are filled. */
  readonly specs: readonly ParameterSpec[];
  /** The fields that are buffers, and whether they are part of its state. */
  readonly buffers: ReadonlyMap<string, boolean>;
}

/** Names and values. */
type Named<T> = [name: string, value: T][];

// Not private fields: a copy must have it too, and comes of no constructor.
const registries = new WeakMap<object, Registry>();

/**
 * Returns what a module knows beside its fields.
 *
 * @param module The module.
 */
export function registryOf(module: object): Registry {
  return registries.get(module)!;
}

/**
 * Sets what a module knows beside its fields; with that it is a module.
 *
 * @param module The module.
 * @param registry What it knows.
 */
export function setRegistry(module: object, registry: Registry): void {
  registries.set(module, registry);
}

/**
 * Returns the fields that hold parameters.
 *
 * @param module The module.
 */
export function ownParameters(module: object): Named<Tensor> {
  const { buffers } = registryOf(module);
  return ownTensors(module).filter(([name]) => !buffers.has(name));
}

/**
 * Returns the fields that hold buffers.
 *
 * @param module The module.
 */
export function ownBuffers(module: object): Named<Tensor> {
  const { buffers } = registryOf(module);
  return ownTensors(module).filter(([name]) => buffers.has(name));
}

/**
 * Returns the fields that hold modules.
 *
 * @param module The module.
 */
export function ownModules<M extends object>(module: M): Named<M> {
  return Object.entries(module).filter(([, value]) => registries.has(value));
}

/**
 * Adds a child to a module under a name.
 *
 * @param module The module.
 * @param name The name: not empty, without a dot, and no method's.
 * @param child The child.
 * @throws {RangeError} If the name cannot be one, or would not come last.
 */
export function addChild(module: object, name: string, child: object): void {
  const action = `add a module to ${module.constructor.name}`;
  const names = ownModules(module).map(([name]) => name);
  const taken = name in module && !names.includes(name);
  if (typeof name !== "string" || /^$|\./.test(name) || taken) {
    throw new RangeError(
      `Cannot ${action} as its name must be new, without a dot and not empty: current value is ${
        describe(name)
      }`,
    );
  }
  // JavaScript puts keys that are integers first, in ascending order.
  const wanted = [...new Set([...names, name])];
  const kept = Object.keys(
    Object.fromEntries(wanted.map((key) => [key, null])),
  );
  if (kept.join() !== wanted.join()) {
    throw new RangeError(
      `Cannot ${action} as integers among the names must come first and ascend: current value is ${
        describe(name)
      }`,
    );
  }
  Object.assign(module, { [name]: child });
}

/**
 * Returns a module, named "", and all below it, each before its children. A
 * module in two places appears at both.
 *
 * @param module The module.
 * @param path Its own name.
 */
export function walk<M extends object>(module: M, path = ""): Named<M> {
  const below = ownModules(module).flatMap(([name, child]) =>
    walk(child, join(path, name))
  );
  return [[path, module], ...below];
}

/**
 * Returns the tensors of a module and of all below it.
 *
 * @param module The module.
 * @param own Takes those of one module.
 */
export function namedTensors(
  module: object,
  own: (module: object) => Named<Tensor>,
): Named<Tensor> {
  return walk(module).flatMap(([path, part]) =>
    own(part).map(([name, value]): [string, Tensor] => [
      join(path, name),
      value,
    ])
  );
}

/**
 * Returns the entries without those whose value came before.
 *
 * @param entries Names and values.
 */
export function distinct<T>(entries: Named<T>): Named<T> {
  const seen = new Set<T>();
  return entries.filter(([, value]) => !seen.has(value) && seen.add(value));
}

/**
 * Returns a copy of a module that shares no tensor and no module with it.
 *
 * @param original The module.
 * @param made What was copied already, with its copy.
 */
export function copyModule<M extends object>(
  original: M,
  made: Map<object, object> = new Map(),
): M {
  const result: M = Object.create(Object.getPrototypeOf(original));
  made.set(original, result);
  setRegistry(result, registryOf(original));
  for (const [name, value] of Object.entries(original)) {
    if (registries.has(value) && !made.has(value)) copyModule(value, made);
    if (value instanceof Tensor && !made.has(value)) {
      made.set(value, copyTensor(value));
    }
    Object.assign(result, { [name]: made.get(value) ?? value });
  }
  return result;
}

/** A copy, known to come from the same distribution. */
function copyTensor(original: Tensor): Tensor {
  const { shape, dtype } = original;
  const result = empty(shape, { dtype });
  perform({
    tensors: [original, result],
    draws: false,
    run: () => result.data.set(original.data as never),
  });
  remember(result, filledBy(original));
  return result;
}

function ownTensors(module: object): Named<Tensor> {
  return Object.entries(module).filter(([, value]) => value instanceof Tensor);
}

function join(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}
