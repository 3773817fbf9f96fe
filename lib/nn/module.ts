/**
 * The base of layers and models: parameters, buffers and children by name, and
 * PyTorch's text.
 *
 * @module
 */

import { describe } from "../core/options.ts";
import { kindOf, Showable } from "../core/show.ts";
import { empty, Tensor } from "../core/tensor.ts";
import type { LayerOptions } from "./arguments.ts";
import {
  addChild,
  copyModule,
  distinct,
  namedTensors,
  ownBuffers,
  ownModules,
  ownParameters,
  type ParameterSpec,
  registryOf,
  setRegistry,
  walk,
} from "./fields.ts";
import { formatModule } from "./python.ts";
import {
  type LoadOptions,
  type LoadResult,
  loadTensors,
  type StateDict,
} from "./state_dict.ts";

/**
 * The base of layers and models. Fields that hold tensors are parameters,
 * fields that hold modules are children, in order of assignment. A tensor that
 * is no parameter is registered as a buffer.
 *
 * @see `torch.nn.Module`, PyTorch 2.13.0
 *
 * @example
 * ```ts
 * import { nn } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * class Net extends nn.Module {
 *   hidden = new nn.Linear(4, 8);
 *   output = new nn.Linear(8, 2);
 * }
 *
 * const names = new Net().namedParameters().map(([name]) => name);
 * assertEquals(names, [
 *   "hidden.weight",
 *   "hidden.bias",
 *   "output.weight",
 *   "output.bias",
 * ]);
 * ```
 */
export class Module extends Showable {
  /** Makes a module without fields; a subclass adds them. */
  constructor() {
    super();
    setRegistry(this, { specs: [], buffers: new Map() });
  }

  /** The kind by which its renderer is found. */
  get [kindOf](): string {
    return "module";
  }

  /** Returns the parameters, those of children after its own. */
  parameters(): Tensor[] {
    return this.namedParameters().map(([, parameter]) => parameter);
  }

  /**
   * Returns names and parameters, those of children after its own, their names
   * after the child's and a dot. A tensor in two places appears at the first.
   */
  namedParameters(): [string, Tensor][] {
    return distinct(namedTensors(this, ownParameters));
  }

  /** Returns the buffers, those of children after its own. */
  buffers(): Tensor[] {
    return this.namedBuffers().map(([, buffer]) => buffer);
  }

  /** Returns names and buffers; a tensor in two places appears at the first. */
  namedBuffers(): [string, Tensor][] {
    return distinct(namedTensors(this, ownBuffers));
  }

  /** Returns the children. */
  children(): Module[] {
    return this.namedChildren().map(([, child]) => child);
  }

  /** Returns the children: names and modules. */
  namedChildren(): [string, Module][] {
    return distinct(ownModules<Module>(this));
  }

  /** Returns this module and all below it, each before its children. */
  modules(): Module[] {
    return this.namedModules().map(([, module]) => module);
  }

  /**
   * Returns names and modules: this one, named "", and all below it, each
   * before its children. A module in two places appears at the first.
   */
  namedModules(): [string, Module][] {
    return distinct(walk<Module>(this));
  }

  /**
   * Calls a function with every module below this one, children first, and
   * with this one last.
   *
   * @param visit What is called.
   * @returns This module.
   * @see `torch.nn.Module.apply`, PyTorch 2.13.0
   */
  apply(visit: (module: Module) => void): this {
    for (const child of this.children()) child.apply(visit);
    visit(this);
    return this;
  }

  /**
   * Adds a child under a name. Assigning a field does the same, where the
   * name is known in advance.
   *
   * @param name The name: not empty, without a dot, and no method's.
   * @param module The child.
   * @returns This module.
   * @throws {RangeError} If the name cannot be one, or an integer comes after
   * a larger one: JavaScript would not keep their order.
   * @throws {TypeError} If it is no module.
   */
  addModule(name: string, module: Module): this {
    if (!(module instanceof Module)) {
      throw new TypeError(
        `Cannot add a module to ${this.constructor.name} as ${name} must be a module: current value is ${
          describe(module)
        }`,
      );
    }
    addChild(this, name, module);
    return this;
  }

  /**
   * Registers a tensor that is no parameter, such as a running mean.
   *
   * @param name The field that holds it.
   * @param buffer The tensor.
   * @param options Whether it is part of the state dict. Default: true.
   * @returns This module.
   * @throws {TypeError} If it is no tensor.
   * @see `torch.nn.Module.register_buffer`, PyTorch 2.13.0
   */
  registerBuffer(
    name: string,
    buffer: Tensor,
    { persistent = true }: { readonly persistent?: boolean } = {},
  ): this {
    if (!(buffer instanceof Tensor)) {
      throw new TypeError(
        `Cannot register a buffer as ${name} must be a Tensor: current value is ${
          describe(buffer)
        }`,
      );
    }
    const { specs, buffers } = registryOf(this);
    setRegistry(this, {
      specs,
      buffers: new Map(buffers).set(name, persistent),
    });
    return Object.assign(this, { [name]: buffer });
  }

  /**
   * Returns parameters and buffers by name: the tensors themselves, a tensor in
   * two places under both names. Each module's parameters come first, then its
   * buffers, then its children.
   */
  stateDict(): StateDict {
    return Object.fromEntries(
      namedTensors(this, (module) => [
        ...ownParameters(module),
        ...ownBuffers(module).filter(([name]) =>
          registryOf(module).buffers.get(name)
        ),
      ]),
    );
  }

  /**
   * Copies values into the parameters and buffers, converted to their dtypes.
   *
   * @param record Tensors by name, as {@linkcode Module.stateDict} returns.
   * @param options Whether each name must be in both. Default: true.
   * @returns The names that are missing in the record, and those that only it
   * has; without `strict` they are passed over.
   * @throws {RangeError} If names or shapes differ, or a value does not fit its
   * dtype; nothing is copied then.
   * @throws {TypeError} If a value is no tensor.
   * @see `torch.nn.Module.load_state_dict`, PyTorch 2.13.0
   *
   * @example
   * ```ts
   * import { nn } from "@fanin/fanin";
   * import { assertEquals, assertThrows } from "@std/assert";
   *
   * const [one, two] = [new nn.Linear(2, 3), new nn.Linear(2, 3)];
   * two.loadStateDict(one.stateDict());
   * assertEquals(two.weight.toArray(), one.weight.toArray());
   * assertThrows(
   *   () => new nn.Linear(2, 4).loadStateDict(one.stateDict()),
   *   RangeError,
   *   "weight has shape [3, 2] in place of [4, 2]",
   * );
   * ```
   */
  loadStateDict(record: StateDict, options: LoadOptions = {}): LoadResult {
    return loadTensors(
      this.constructor.name,
      this.stateDict(),
      record,
      options,
    );
  }

  /**
   * Returns a copy that shares nothing: its tensors and children are copies,
   * tied ones tied again. Other fields are taken as they are.
   *
   * @see `copy.deepcopy` of a module
   */
  clone(): this {
    return copyModule(this);
  }

  /**
   * Draws the layer's own parameters anew, in PyTorch's order, and gives its
   * buffers their first values. Children keep theirs, as in PyTorch.
   *
   * @param options The generator. Default: the default generator.
   * @returns This module.
   */
  resetParameters(options: Pick<LayerOptions, "generator"> = {}): this {
    for (const { name, fill } of registryOf(this).specs) {
      const parameter = this[name as keyof this];
      if (parameter instanceof Tensor) fill(parameter, options.generator);
    }
    return this;
  }

  /**
   * Returns the arguments that the layer's text shows. A subclass overrides it.
   */
  extraRepr(): string {
    return "";
  }

  /** Returns the text that PyTorch prints. */
  override toString(): string {
    return formatModule(
      this.constructor.name,
      this.extraRepr(),
      ownModules<Module>(this).map((
        [field, child],
      ) => [`(${field})`, String(child)]),
    );
  }

  /**
   * Makes the layer's own parameters and fills them in order.
   *
   * @param specs Their names, shapes and rules.
   * @param options The dtype and the generator.
   * @returns The parameters, to be assigned to fields of these names.
   */
  protected own(
    specs: readonly ParameterSpec[],
    options: LayerOptions,
  ): (Tensor | null)[] {
    const buffers = new Map(registryOf(this).buffers);
    setRegistry(this, { specs, buffers });
    return specs.map(({ name, shape, fill, buffer, dtype = options.dtype }) => {
      if (buffer) buffers.set(name, true);
      if (shape === null) return null;
      const parameter = empty(shape, { dtype });
      fill(parameter, options.generator);
      return parameter;
    });
  }

  /**
   * Makes the parameters and buffers of a layer, one field each, and fills
   * them in order.
   *
   * @param specs Parameters and buffers, in PyTorch's order of draws.
   * @param options The dtype and the generator.
   */
  protected makeParameters(
    specs: readonly ParameterSpec[],
    options: LayerOptions,
  ): void {
    const buffers = new Map(registryOf(this).buffers);
    setRegistry(this, { specs, buffers });
    for (const { name, shape, buffer, dtype = options.dtype } of specs) {
      const parameter = shape === null ? null : empty(shape, { dtype });
      if (buffer) buffers.set(name, true);
      Object.assign(this, { [name]: parameter });
    }
    this.resetParameters({ generator: options.generator });
  }
}
