/**
 * Modules that hold modules: in a row, in a list, by name.
 *
 * @module
 */

import { describe } from "../core/options.ts";
import { resolveIndex } from "../core/shape.ts";
import { Module } from "./module.ts";
import { formatModule } from "./python.ts";

/** What modules in an order share: they are named by their places, from 0. */
export abstract class ModuleRow extends Module {
  /** The number of modules. */
  get length(): number {
    return row(this).length;
  }

  /**
   * Returns the module at a place.
   *
   * @param index The place, in [−length, length).
   * @throws {RangeError} If there is none.
   */
  at(index: number): Module {
    const action = `index ${this.constructor.name}`;
    return row(this)[resolveIndex(action, index, this.length)];
  }

  /** Goes over the modules, in order. */
  [Symbol.iterator](): IterableIterator<Module> {
    return row(this).values();
  }

  /**
   * Adds modules at the end.
   *
   * @param modules The modules.
   * @returns This module.
   * @throws {TypeError} If one is no module.
   */
  append(...modules: Module[]): this {
    for (const module of modules) this.addModule(`${this.length}`, module);
    return this;
  }
}

/**
 * Modules one after the other. They are named `0`, `1`, … or by the keys of an
 * object.
 *
 * @see `torch.nn.Sequential`, PyTorch 2.13.0
 *
 * @example
 * ```ts
 * import { nn } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * const model = new nn.Sequential(
 *   new nn.Linear(784, 256),
 *   new nn.Linear(256, 256),
 *   new nn.Linear(256, 10, { bias: false }),
 * );
 * const names = model.namedParameters().map(([name]) => name);
 * assertEquals(names, [
 *   "0.weight",
 *   "0.bias",
 *   "1.weight",
 *   "1.bias",
 *   "2.weight",
 * ]);
 * ```
 */
export class Sequential extends ModuleRow {
  /**
   * Makes the row.
   *
   * @param modules The modules, in order, or one object of modules by name.
   * @throws {TypeError} If one is no module.
   * @throws {RangeError} If a name cannot be one.
   */
  constructor(
    ...modules: Module[] | [modules: Readonly<Record<string, Module>>]
  ) {
    super();
    const [first] = modules;
    if (modules.length === 1 && !(first instanceof Module)) {
      addNamed(this, first);
    } else this.append(...modules as Module[]);
  }
}

/**
 * A list of modules, named `0`, `1`, ….
 *
 * @see `torch.nn.ModuleList`, PyTorch 2.13.0
 *
 * @example
 * ```ts
 * import { nn } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * const list = new nn.ModuleList([new nn.Linear(1, 2), new nn.Linear(1, 2)]);
 * assertEquals(
 *   String(list),
 *   `ModuleList(
 *   (0-1): 2 x Linear(in_features=1, out_features=2, bias=True)
 * )`,
 * );
 * ```
 */
export class ModuleList extends ModuleRow {
  /**
   * Makes the list.
   *
   * @param modules The modules, in order. Default: none.
   * @throws {TypeError} If one is no module.
   */
  constructor(modules: Iterable<Module> = []) {
    super();
    this.append(...modules);
  }

  /** Returns the text that PyTorch prints: equal neighbors are one line. */
  override toString(): string {
    const texts = [...this].map(String);
    const starts = texts.flatMap((text, index) =>
      text === texts[index - 1] ? [] : [index]
    );
    const lines = starts.map((start, index): [string, string] => {
      const end = (starts[index + 1] ?? texts.length) - 1;
      return start === end
        ? [`(${start})`, texts[start]]
        : [`(${start}-${end})`, `${end - start + 1} x ${texts[start]}`];
    });
    return formatModule(this.constructor.name, this.extraRepr(), lines);
  }
}

/**
 * Modules by name.
 *
 * @see `torch.nn.ModuleDict`, PyTorch 2.13.0
 *
 * @example
 * ```ts
 * import { nn } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * const heads = new nn.ModuleDict({ age: new nn.Linear(8, 1) });
 * heads.addModule("name", new nn.Linear(8, 100));
 * assertEquals(heads.keys(), ["age", "name"]);
 * assertEquals(Object.keys(heads.stateDict()), [
 *   "age.weight",
 *   "age.bias",
 *   "name.weight",
 *   "name.bias",
 * ]);
 * ```
 */
export class ModuleDict extends Module {
  /**
   * Makes the dictionary.
   *
   * @param modules The modules by name. Default: none.
   * @throws {TypeError} If one is no module.
   * @throws {RangeError} If a name cannot be one.
   */
  constructor(modules: Readonly<Record<string, Module>> = {}) {
    super();
    addNamed(this, modules);
  }

  /** Returns the names, in order. */
  keys(): string[] {
    return Object.keys(this);
  }

  /**
   * Returns the module of a name.
   *
   * @param name The name.
   * @throws {RangeError} If there is none.
   */
  get(name: string): Module {
    const value = Object.hasOwn(this, name) && this[name as keyof this];
    if (value instanceof Module) return value;
    throw new RangeError(
      `Cannot get a module of ${this.constructor.name} as its name must be one of ${
        this.keys().join(", ")
      }: current value is ${describe(name)}`,
    );
  }
}

/** A shared module stands at each of its places. */
function row(container: Module): Module[] {
  return Object.values(container).filter((value) => value instanceof Module);
}

function addNamed(container: Module, modules: unknown): void {
  if (typeof modules !== "object" || modules === null) {
    throw new TypeError(
      `Cannot make nn.${container.constructor.name} as it must be given modules: current value is ${
        describe(modules)
      }`,
    );
  }
  for (const [name, module] of Object.entries(modules)) {
    container.addModule(name, module);
  }
}
