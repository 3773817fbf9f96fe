/**
 * Modules that hold modules: a sequence, a list, and a dictionary.
 *
 * @module
 */

import { cannot, describe, isPlain, suggestion } from "../core/options.ts";
import { resolveIndex } from "../core/shape.ts";
import { titleOf } from "../core/title.ts";
import { actionOf } from "./layer.ts";
import { listed, Module } from "./module.ts";
import { formatModule } from "./python.ts";

/**
 * The base of ordered containers, whose modules are named by index, from 0.
 *
 * @internal
 */
export abstract class ModuleRow extends Module {
  /** The number of modules. */
  get length(): number {
    return row(this).length;
  }

  /**
   * Returns the module at an index.
   *
   * @param index The index, in [−length, length).
   * @throws {RangeError} If there is none.
   */
  at(index: number): Module {
    const action = `index ${titleOf(this)}`;
    return row(this)[resolveIndex(action, index, this.length)];
  }

  /** Returns the modules, in order. */
  [Symbol.iterator](): IterableIterator<Module> {
    return row(this).values();
  }

  /**
   * Adds modules at the end.
   *
   * @param modules The modules.
   * @returns This module.
   * @throws {TypeError} If one of them is not a module.
   */
  append(...modules: Module[]): this {
    const { length } = this;
    modules.forEach((module, index) =>
      this.addModule(`${length + index}`, module)
    );
    return this;
  }
}

/**
 * Modules in sequence, named `0`, `1`, … or by the keys of an object.
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
  /** The name of the class in texts and errors. */
  static override readonly title: string = "Sequential";

  /**
   * Makes the sequence.
   *
   * @param modules The modules, in order, or one object of modules by name.
   * @throws {TypeError} If one of them is not a module.
   * @throws {RangeError} If a name is not valid.
   */
  constructor(
    ...modules: Module[] | [modules: Readonly<Record<string, Module>>]
  ) {
    super();
    const [first] = modules;
    if (modules.length === 1 && !(first instanceof Module)) {
      addNamed(this, Sequential, first);
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
  /** The name of the class in texts and errors. */
  static override readonly title: string = "ModuleList";

  /**
   * Makes the list.
   *
   * @param modules The modules, in order. Default: none.
   * @throws {TypeError} If one of them is not a module.
   */
  constructor(modules: Iterable<Module> = []) {
    super();
    const { [Symbol.iterator]: iterator } = Object(modules);
    if (typeof iterator !== "function") {
      throw new TypeError(
        cannot(
          actionOf(ModuleList),
          "it must be given an array of modules",
          describe(modules),
        ),
      );
    }
    this.append(...modules);
  }

  /** Returns the text that PyTorch prints, with equal neighbors on one line. */
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
    return formatModule(titleOf(this), this.extraRepr(), lines);
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
  /** The name of the class in texts and errors. */
  static override readonly title: string = "ModuleDict";

  /**
   * Makes the dictionary.
   *
   * @param modules The modules by name. Default: none.
   * @throws {TypeError} If one of them is not a module.
   * @throws {RangeError} If a name is not valid.
   */
  constructor(modules: Readonly<Record<string, Module>> = {}) {
    super();
    addNamed(this, ModuleDict, modules);
  }

  /** Returns the names, in order. */
  keys(): string[] {
    return Object.keys(this);
  }

  /**
   * Returns the module with a name.
   *
   * @param name The name.
   * @throws {RangeError} If there is none.
   */
  get(name: string): Module {
    const value = Object.hasOwn(this, name) && this[name as keyof this];
    if (value instanceof Module) return value;
    const names = this.keys();
    throw new RangeError(
      cannot(
        `get a module of ${titleOf(this)}`,
        `its name must be one of ${listed(names)}`,
        describe(name) + suggestion(`${name}`, names),
      ),
    );
  }
}

/** A module in two places is listed in both. */
function row(container: Module): Module[] {
  return Object.values(container).filter((value) => value instanceof Module);
}

function addNamed(
  container: Module,
  layer: { readonly title: string },
  modules: unknown,
): void {
  if (!isPlain(modules)) {
    throw new TypeError(
      cannot(
        actionOf(layer),
        "it must be given modules or an object of modules",
        describe(modules),
      ),
    );
  }
  for (const [name, module] of Object.entries(modules)) {
    container.addModule(name, module as Module);
  }
}
