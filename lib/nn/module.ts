/**
 * The base of layers and models: parameters, buffers and children by name,
 * saving, loading and copying them, and PyTorch's text.
 *
 * @module
 */

import type { ConsoleRequest } from "../core/console.ts";
import { digestOf } from "../core/digest.ts";
import type { Dtype } from "../core/dtype.ts";
import {
  cannot,
  clip,
  describe,
  flag,
  isPlain,
  noMore,
  type Option,
  quoted,
  readOptions,
  textual,
} from "../core/options.ts";
import { perform } from "../core/recording.ts";
import { formatShape, type Shape } from "../core/shape.ts";
import { consoleText, kindOf, Showable } from "../core/show.ts";
import { isCheckpoint, isLocation, sharedPrefixes } from "../core/source.ts";
import { checkMemory, empty, hasMemory, Tensor } from "../core/tensor.ts";
import { titleOf } from "../core/title.ts";
import { streamOf } from "../random/default_generator.ts";
import { type AnyGenerator, filledBy, remember } from "../random/generator.ts";
import { hasPrivateMembers } from "./private_members.ts";
import { formatModule } from "./python.ts";

/** Parameters and buffers by name. */
export type StateDict = Readonly<Record<string, Tensor>>;

/** Names and values, in order. */
type Named<T> = [name: string, value: T][];

/** A parameter or buffer of a layer, and its default fill. */
export interface ParameterSpec<
  S extends Shape | null = Shape | null,
  D extends Dtype = Dtype,
> {
  /** The field that holds it, named as in PyTorch. */
  readonly name: string;
  /** Its shape; null if the layer is made without it. */
  readonly shape: S;
  /** Fills it as the layer does by default. */
  readonly fill: (
    tensor: Tensor,
    options: { readonly generator?: AnyGenerator },
  ) => unknown;
  /** Whether it is a buffer. Default: false. */
  readonly buffer?: boolean;
  /** Its dtype, if it differs from the layer's. */
  readonly dtype?: D;
  /**
   * Whether a state dict may lack it, as old ones of PyTorch do. Default:
   * false.
   */
  readonly mayLack?: boolean;
}

/** The tensors made by specs: null only if a shape may be null. */
type Owned<Specs extends readonly ParameterSpec[]> = {
  -readonly [I in keyof Specs]: Specs[I] extends ParameterSpec<infer S, infer D>
    ? null extends S ? Tensor<D> | null : Tensor<D>
    : never;
};

/** What is recorded about a module besides its fields. */
interface Registry {
  /** The default fills of its own parameters and buffers. */
  readonly specs: readonly ParameterSpec[];
  /** Which fields are buffers, and whether they are in the state dict. */
  readonly buffers: ReadonlyMap<string, boolean>;
}

// No private fields: `clone` makes modules without calling a constructor.
const registries = new WeakMap<object, Registry>();

/**
 * Reads a layer's `generator`. It stays undefined if none is given, since
 * asking for the default generator would start it, even for zeros.
 */
export const generator: Option<AnyGenerator | undefined> = {
  named: true,
  read: (action, _, value) =>
    value === undefined ? undefined : streamOf(action, value),
};

/**
 * The base of layers and models. Fields that hold tensors are parameters, and
 * fields that hold modules are children, in the order in which they are
 * assigned. Tensors that are not parameters are registered as buffers.
 *
 * Printed text names a class by its static `title`, or else by its name in the
 * code, which minifiers change: give a model that will be minified a title.
 *
 * The constructors of all layers throw a TypeError for an argument of the wrong
 * kind, an unknown option or one given twice, and a RangeError for a value out
 * of range, before they draw anything.
 *
 * @see `torch.nn.Module`, PyTorch 2.13.0
 *
 * @example
 * ```ts
 * import { nn } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * class Net extends nn.Module {
 *   static override title = "Net";
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
  /** The name of the class in texts and errors. */
  static readonly title: string = "Module";

  /** Makes a module without fields; a subclass adds them. */
  constructor() {
    super();
    registries.set(this, { specs: [], buffers: new Map() });
  }

  /** The kind by which its renderer is found. */
  get [kindOf](): string {
    return "module";
  }

  /** Returns the parameters: its own, then those of its children. */
  parameters(): Tensor[] {
    noMore("list parameters", arguments, 0);
    return this.namedParameters().map(([, parameter]) => parameter);
  }

  /**
   * Returns names and parameters: its own, then those of its children, with the
   * child's name and a dot before theirs. A tensor in two places is listed
   * under its first name.
   */
  namedParameters(): [string, Tensor][] {
    noMore("list parameters", arguments, 0);
    return distinct(tensorsBelow(this, ownParameters));
  }

  /** Returns the buffers: its own, then those of its children. */
  buffers(): Tensor[] {
    noMore("list buffers", arguments, 0);
    return this.namedBuffers().map(([, buffer]) => buffer);
  }

  /**
   * Returns names and buffers. A tensor in two places is listed under its first
   * name.
   */
  namedBuffers(): [string, Tensor][] {
    noMore("list buffers", arguments, 0);
    return distinct(tensorsBelow(this, ownBuffers));
  }

  /** Returns the children. */
  children(): Module[] {
    noMore("list children", arguments, 0);
    return this.namedChildren().map(([, child]) => child);
  }

  /** Returns the names of the children, and the children. */
  namedChildren(): [string, Module][] {
    noMore("list children", arguments, 0);
    return distinct(ownChildren(this));
  }

  /** Returns this module and all below it, each before its children. */
  modules(): Module[] {
    noMore("list modules", arguments, 0);
    return this.namedModules().map(([, module]) => module);
  }

  /**
   * Returns names and modules: this one, named "", and all below it, each
   * before its children. A module in two places is listed under its first name.
   */
  namedModules(): [string, Module][] {
    noMore("list modules", arguments, 0);
    return distinct(walk(this));
  }

  /**
   * Calls a function with each module below this one, children first, and with
   * this one last.
   *
   * @param visit The function.
   * @returns This module.
   * @see `torch.nn.Module.apply`, PyTorch 2.13.0
   *
   * @example
   * ```ts
   * import { init, nn } from "@fanin/fanin";
   * import { assertEquals } from "@std/assert";
   *
   * const model = new nn.Sequential(new nn.Linear(4, 8), new nn.Linear(8, 2));
   * model.apply((module) => {
   *   if (module instanceof nn.Linear) init.ones(module.weight);
   * });
   * assertEquals(model.stateDict()["1.weight"].at(0, 0).item(), 1);
   * ```
   */
  apply(visit: (module: Module) => void): this {
    walk(this);
    for (const child of this.children()) child.apply(visit);
    visit(this);
    return this;
  }

  /**
   * Adds a child under a name that is not known in advance; for known names,
   * assigning a field does the same.
   *
   * @param name The name: not empty, without a dot, and not the name of another
   * member.
   * @param module The child.
   * @returns This module.
   * @throws {RangeError} If the name is not valid, or is an integer that comes
   * after a larger one: JavaScript would not keep their order.
   * @throws {TypeError} If it is not a module, or holds this one.
   */
  addModule(name: string, module: Module): this {
    const action = `add a module to ${titleOf(this)}`;
    if (!(module instanceof Module)) {
      throw new TypeError(
        cannot(action, `${name} must be a module`, describe(module)),
      );
    }
    if (walk(module).some(([, each]) => each === this)) {
      throw new TypeError(
        cannot(
          action,
          "the module must not hold the one it is added to",
          module === this ? "that one itself" : describe(module),
        ),
      );
    }
    const isChild = Object.hasOwn(this, name) &&
      this[name as keyof this] instanceof Module;
    if (!isFieldName(name) || name in this && !isChild) {
      throw new RangeError(
        cannot(
          action,
          "its name must be new, without a dot and not empty",
          describe(name),
        ),
      );
    }
    if (!isChild && isIndex(name) && comesBeforeChildren(this, name)) {
      throw new RangeError(
        cannot(
          action,
          "integers among the names must come first and ascend",
          describe(name),
        ),
      );
    }
    setField(this, name, module);
    return this;
  }

  /**
   * Registers a tensor that is not a parameter, such as a running mean.
   *
   * @param name The field that holds it.
   * @param buffer The tensor.
   * @param options Whether the state dict includes it. Default: true.
   * @returns This module.
   * @throws {RangeError} If the name is empty, has a dot, or is a method's.
   * @throws {TypeError} If it is not a tensor.
   * @see `torch.nn.Module.register_buffer`, PyTorch 2.13.0
   */
  registerBuffer(
    name: string,
    buffer: Tensor,
    options: { readonly persistent?: boolean } = {},
  ): this {
    const action = "register a buffer";
    const { persistent } = readOptions(action, options, bufferOptions);
    if (!(buffer instanceof Tensor)) {
      throw new TypeError(
        cannot(action, `${name} must be a Tensor`, describe(buffer)),
      );
    }
    if (!isFieldName(name) || name in this && !Object.hasOwn(this, name)) {
      throw new RangeError(
        cannot(
          action,
          "its name must not be empty, a method's, or have a dot",
          describe(name),
        ),
      );
    }
    const { specs, buffers } = registryOf(this);
    const more = new Map(buffers).set(name, persistent);
    registries.set(this, { specs, buffers: more });
    setField(this, name, buffer);
    return this;
  }

  /**
   * Returns parameters and buffers by name: the tensors themselves, with a
   * tensor in two places under both names. Each module's parameters come first,
   * then its buffers, then its children.
   */
  stateDict(): StateDict {
    noMore("list a state dict", arguments, 0);
    return Object.fromEntries(
      tensorsBelow(this, (module) => {
        const { buffers } = registryOf(module);
        const persistent = ownBuffers(module)
          .filter(([name]) => buffers.get(name));
        return [...ownParameters(module), ...persistent];
      }),
    );
  }

  /**
   * Copies values into the parameters and buffers, converted to their dtypes as
   * {@linkcode Tensor.to} does. As PyTorch's old checkpoints have them, a
   * normalization's `num_batches_tracked` may be missing and then stays, and
   * shape [1] is taken for a single number.
   *
   * @param record Tensors by name, as {@linkcode Module.stateDict} returns them.
   * @param options `strict`: whether each name must occur in both. Default: true.
   * `prefix`: what is cut off where the record's names begin with it, such as
   * `module.` of a DataParallel model. Default: `""`.
   * @returns The names missing from the record, and those that only the record
   * has; without `strict` both are ignored.
   * @throws {RangeError} If names or shapes differ, no name begins with the
   * prefix, or a value does not fit its dtype; nothing is copied then.
   * @throws {TypeError} If the record is neither a plain object nor a Map, or a
   * value in it is not a tensor.
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
  loadStateDict(
    record: StateDict | ReadonlyMap<string, Tensor>,
    options: { readonly strict?: boolean; readonly prefix?: string } = {},
  ): {
    readonly missingKeys: readonly string[];
    readonly unexpectedKeys: readonly string[];
  } {
    const action = `load a state dict into ${titleOf(this)}`;
    const { strict, prefix } = readOptions(action, options, loadOptions);
    const optional = new Set(
      walk(this).flatMap(([path, module]) =>
        registryOf(module).specs
          .filter(({ mayLack }) => mayLack)
          .map(({ name }) => join(path, name))
      ),
    );
    const tensors = withoutPrefix(action, tensorsIn(action, record), prefix);
    return load(action, this.stateDict(), optional, tensors, strict);
  }

  /**
   * Returns a copy that shares no tensor and no module with this one; those
   * that appear in two places do so in the copy, too. Other fields keep their
   * values.
   *
   * JavaScript cannot copy `#private` members from outside. If the class of a
   * model or of a module in it has them, pass an instance for the copy:
   * `net.clone(new Net())`. Its private members then stay as the constructor
   * made them, and its tensors and children are filled in place.
   *
   * @param into A fresh instance of the same class. Default: `clone` makes one
   * without calling the constructor.
   * @throws {TypeError} If `into` is of another class, shares a module or tensor
   * with this one, or has tensors of other names, shapes or dtypes; or if it is
   * omitted although a class has #private members.
   * @see `copy.deepcopy` of a module
   *
   * @example
   * ```ts
   * import { nn } from "@fanin/fanin";
   * import { assertEquals } from "@std/assert";
   *
   * class Net extends nn.Module {
   *   #calls = 0;
   *   fc = new nn.Linear(2, 3);
   *   count() {
   *     return this.#calls += 1;
   *   }
   * }
   * const net = new Net();
   * const copy = net.clone(new Net());
   * assertEquals(copy.fc.weight.toArray(), net.fc.weight.toArray());
   * assertEquals(copy.count(), 1);
   * ```
   */
  clone(into?: this): this {
    const action = `clone ${titleOf(this)}`;
    const isFresh = into === undefined || into instanceof Module &&
        into !== this &&
        Object.getPrototypeOf(into) === Object.getPrototypeOf(this);
    if (!isFresh) {
      throw new TypeError(
        cannot(
          action,
          `into must be a fresh ${titleOf(this)}`,
          into === this ? "the module itself" : describe(into),
        ),
      );
    }
    for (const [name, tensor] of tensorsBelow(this, ownTensors)) {
      checkMemory(action, tensor, name);
    }
    if (into !== undefined) checkFresh(action, this, into);
    const [made, taken] = [new Map(), new Set()];
    return copy(this, "", { action, root: this, made, taken }, into);
  }

  /**
   * Redraws the layer's own parameters, in PyTorch's order, and resets its
   * buffers. Children keep their values, as in PyTorch.
   *
   * @param options The generator. Default: the default generator.
   * @returns This module.
   */
  resetParameters(options: { readonly generator?: AnyGenerator } = {}): this {
    const read = readReset(this, options);
    for (const { name, fill } of registryOf(this).specs) {
      const parameter = this[name as keyof this];
      if (parameter instanceof Tensor) fill(parameter, read);
    }
    return this;
  }

  /** Returns the arguments in the printed text; subclasses override it. */
  extraRepr(): string {
    return "";
  }

  /** Returns the text that PyTorch prints. */
  override toString(): string {
    walk(this);
    return formatModule(
      titleOf(this),
      this.extraRepr(),
      ownChildren(this).map(([name, child]) => [`(${name})`, String(child)]),
    );
  }

  /**
   * Returns the text for a console. One that shows all elements of an array
   * gets a digest of each tensor, too.
   *
   * @param request How the console wants it.
   */
  override [consoleText]({ most }: ConsoleRequest): string {
    const tensors = most === Infinity ? tensorsBelow(this, ownTensors) : [];
    if (tensors.length === 0) return this.toString();
    const lines = tensors.map(([name, tensor]) => {
      const { dtype, shape } = tensor;
      const digest = hasMemory(tensor) ? digestOf(tensor) : "without memory";
      return `  ${name}: ${dtype} ${formatShape(shape)} sha256 ${digest}\n`;
    });
    return `${this} {\n${lines.join("")}}`;
  }
}

const bufferOptions = { persistent: flag(true) };
const loadOptions = { strict: flag(true), prefix: textual("") };
const resetOptions = { generator };

/**
 * Returns the options of `resetParameters`, checked.
 *
 * @param module The module that is reset.
 * @param options What was given.
 */
export function readReset(
  module: Module,
  options: unknown,
): { readonly generator?: AnyGenerator } {
  return readOptions(`reset ${titleOf(module)}`, options, resetOptions);
}

/**
 * Makes a layer's own parameters and buffers, fills them in order, and registers
 * them for `resetParameters`.
 *
 * @param module The layer.
 * @param specs Their names, shapes and fills.
 * @param options The dtype and the generator.
 * @returns The tensors, to be assigned to the fields of those names.
 */
export function own<const Specs extends readonly ParameterSpec[]>(
  module: Module,
  specs: Specs,
  options: { readonly dtype?: Dtype; readonly generator?: AnyGenerator },
): Owned<Specs> {
  const buffers = new Map(registryOf(module).buffers);
  registries.set(module, { specs, buffers });
  return specs.map(({ name, shape, fill, buffer, dtype = options.dtype }) => {
    if (buffer) buffers.set(name, true);
    if (shape === null) return null;
    const tensor = empty(shape, { dtype });
    fill(tensor, { generator: options.generator });
    return tensor;
  }) as Owned<Specs>;
}

/**
 * Sets a field that TypeScript does not know.
 *
 * @param module The module.
 * @param name The field's name.
 * @param value Its value.
 */
export function setField(module: Module, name: string, value: unknown): void {
  Object.defineProperty(module, name, {
    value,
    writable: true,
    enumerable: true,
    configurable: true,
  });
}

/**
 * Returns the first of many texts, and how many more there are, in about 150
 * characters.
 *
 * @param texts The texts.
 */
export function listed(texts: readonly string[]): string {
  const kept: string[] = [];
  let length = 0;
  for (const text of texts) {
    const short = clip(text, 110);
    length += short.length + 2;
    if (kept.length > 0 && length > 150) break;
    kept.push(short);
  }
  const rest = texts.length - kept.length;
  return [...kept, ...rest > 0 ? [`… ${rest} more`] : []].join(", ");
}

function registryOf(module: Module): Registry {
  return registries.get(module)!;
}

function isFieldName(name: unknown): boolean {
  return typeof name === "string" && name !== "" && !name.includes(".");
}

function isIndex(name: string): boolean {
  return /^(0|[1-9]\d*)$/.test(name) && Number(name) < 2 ** 32 - 1;
}

/** JavaScript puts keys that are integers first, in ascending order. */
function comesBeforeChildren(module: Module, index: string): boolean {
  return ownChildren(module)
    .some(([name]) => !isIndex(name) || Number(name) > Number(index));
}

function ownTensors(module: Module): Named<Tensor> {
  return Object.entries(module).filter(([, value]) => value instanceof Tensor);
}

function ownParameters(module: Module): Named<Tensor> {
  const { buffers } = registryOf(module);
  return ownTensors(module).filter(([name]) => !buffers.has(name));
}

function ownBuffers(module: Module): Named<Tensor> {
  const { buffers } = registryOf(module);
  return ownTensors(module).filter(([name]) => buffers.has(name));
}

function ownChildren(module: Module): Named<Module> {
  return Object.entries(module).filter(([, value]) => value instanceof Module);
}

/**
 * Returns a module and all below it. A module in two places appears at both.
 *
 * @throws {TypeError} If one holds itself: there would be no end.
 */
function walk(
  module: Module,
  path = "",
  above: readonly Module[] = [],
): Named<Module> {
  if (above.includes(module)) throw holdsItself(above[0], path);
  const holders = [...above, module];
  const below = ownChildren(module)
    .flatMap(([name, child]) => walk(child, join(path, name), holders));
  return [[path, module], ...below];
}

function holdsItself(root: Module, path: string): TypeError {
  return new TypeError(
    cannot(
      `list the modules of ${titleOf(root)}`,
      "no module must hold itself, or one that holds it",
      `one at ${clip(path, 60)} that does`,
    ),
  );
}

function tensorsBelow(
  module: Module,
  ownOf: (module: Module) => Named<Tensor>,
): Named<Tensor> {
  return walk(module).flatMap(([path, part]) =>
    ownOf(part).map(([name, value]): [string, Tensor] => [
      join(path, name),
      value,
    ])
  );
}

function join(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}

function distinct<T>(entries: Named<T>): Named<T> {
  const seen = new Set<T>();
  return entries.filter(([, value]) => !seen.has(value) && seen.add(value));
}

function tensorsIn(action: string, record: unknown): Map<string, Tensor> {
  const isFile = isLocation(record) || isCheckpoint(record);
  if (isFile || !isPlain(record) && !(record instanceof Map)) {
    throw new TypeError(
      cannot(
        action,
        "the record must be an object or a Map of tensors" +
          (isFile
            ? ", each read by (await openCheckpoint(path)).read(name)"
            : ""),
        describe(record),
      ),
    );
  }
  const entries = record instanceof Map
    ? new Map<unknown, unknown>(record)
    : new Map<unknown, unknown>(Object.entries(record));
  for (const [name, value] of entries) {
    if (typeof name === "string" && value instanceof Tensor) continue;
    throw new TypeError(
      typeof name === "string"
        ? cannot(action, `${name} must be a Tensor`, describe(value))
        : cannot(action, "names must be strings", describe(name)),
    );
  }
  return entries as Map<string, Tensor>;
}

/** Returns the tensors under names that lack a prefix, where they have it. */
function withoutPrefix(
  action: string,
  record: ReadonlyMap<string, Tensor>,
  prefix: string,
): ReadonlyMap<string, Tensor> {
  if (prefix === "") return record;
  const names = [...record.keys()];
  if (!names.some((name) => name.startsWith(prefix))) {
    throw new RangeError(
      cannot(
        action,
        "prefix must be one with which a name of the record begins",
        `${quoted(prefix)} for ${listed(names)}`,
      ),
    );
  }
  const stripped = new Map<string, Tensor>();
  for (const [name, tensor] of record) {
    const bare = name.startsWith(prefix) ? name.slice(prefix.length) : name;
    if (stripped.has(bare)) {
      throw new RangeError(
        cannot(
          action,
          "names must differ without the prefix",
          `${clip(bare, 110)} twice`,
        ),
      );
    }
    stripped.set(bare, tensor);
  }
  return stripped;
}

/**
 * Returns the prefix, up to a dot, that all names have and without which more of
 * them are wanted; undefined if there is none.
 */
function surplusPrefix(
  names: readonly string[],
  isWanted: (name: string) => boolean,
): string | undefined {
  const wantedWithout = (prefix: string) =>
    names.filter((name) => isWanted(name.slice(prefix.length))).length;
  let [best, most] = [undefined as string | undefined, wantedWithout("")];
  for (const prefix of sharedPrefixes(names)) {
    const wanted = wantedWithout(prefix);
    if (wanted > most) [best, most] = [prefix, wanted];
  }
  return best;
}

/** PyTorch 0.3 had no shape for a single number. */
function fitsShape(got: Shape, wanted: Shape): boolean {
  return formatShape(got) === formatShape(wanted) ||
    wanted.length === 0 && got.length === 1 && got[0] === 1;
}

function load(
  action: string,
  targets: StateDict,
  optional: ReadonlySet<string>,
  record: ReadonlyMap<string, Tensor>,
  strict: boolean,
) {
  const has = (name: string) => Object.hasOwn(targets, name);
  const missingKeys = Object.keys(targets)
    .filter((name) => !record.has(name) && !optional.has(name));
  const unexpectedKeys = [...record.keys()].filter((name) => !has(name));
  const shared = [...record].filter(([name]) => has(name));
  const faults = [
    ...strict ? missingKeys.map((name) => `${name} is missing`) : [],
    ...strict ? unexpectedKeys.map((name) => `${name} is unexpected`) : [],
    ...shared.flatMap(([name, { shape }]) => {
      const wanted = targets[name].shape;
      return fitsShape(shape, wanted) ? [] : [
        `${name} has shape ${formatShape(shape)} in place of ${
          formatShape(wanted)
        }`,
      ];
    }),
  ];
  if (faults.length > 0) {
    const names = [...record.keys()];
    const prefix = strict ? surplusPrefix(names, has) : undefined;
    throw new RangeError(
      cannot(
        action,
        prefix === undefined
          ? `names and shapes must be the module's: ${listed(faults)}`
          : `names must be the module's, but all ${names.length} begin with ${
            quoted(prefix)
          }: strip it with { prefix: ${quoted(prefix)} }`,
      ),
    );
  }
  for (const [name, tensor] of shared) {
    checkMemory(action, targets[name], name);
    checkMemory(action, tensor, `the record's ${name}`);
  }
  const converted = shared.map(([name, tensor]) =>
    [targets[name], tensor.to(targets[name].dtype)] as const
  );
  for (const [target, { data }] of converted) {
    target.data.set(data as never);
    remember(target, undefined);
  }
  return { missingKeys, unexpectedKeys };
}

/** Checks that an instance to copy into is the original's equal, and apart. */
function checkFresh(
  action: string,
  original: Module,
  into: Module,
): void {
  const [theirs, own] = [original, into]
    .map((module) => tensorsBelow(module, ownTensors));
  const originals = new Set<unknown>(
    [...walk(original), ...theirs].map(([, each]) => each),
  );
  const shared = [...walk(into), ...own]
    .find(([, each]) => originals.has(each));
  if (shared !== undefined) {
    throw new TypeError(
      cannot(
        action,
        "into must share nothing with the original",
        `${clip(shared[0], 60) || "itself"} of both`,
      ),
    );
  }
  const [wanted, got] = [theirs, own]
    .map((tensors) =>
      new Map(
        tensors.map(([name, { dtype, shape }]) => [
          name,
          `${dtype} ${formatShape(shape)}`,
        ]),
      )
    );
  const faults = [...new Set([...wanted.keys(), ...got.keys()])]
    .filter((name) => wanted.get(name) !== got.get(name))
    .map((name) =>
      `${name} is ${got.get(name) ?? "missing"} in place of ${
        wanted.get(name) ?? "missing"
      }`
    );
  if (faults.length === 0) return;
  throw new TypeError(
    cannot(action, `into must have the same tensors: ${listed(faults)}`),
  );
}

/** The state of copying a module and all below it. */
interface Copying {
  readonly action: string;
  /** The module that is cloned. */
  readonly root: Module;
  /** Modules and tensors, with their copies. */
  readonly made: Map<unknown, unknown>;
  /** The copies. */
  readonly taken: Set<unknown>;
}

function copy<M extends Module>(
  original: M,
  path: string,
  copying: Copying,
  into?: M,
): M {
  const { made, taken } = copying;
  if (into === undefined) refusePrivateMembers(copying, original, path);
  const result: M = into ?? Object.create(Object.getPrototypeOf(original));
  made.set(original, result);
  taken.add(result);
  registries.set(result, registryOf(original));
  const values = Object.entries(original).map(([name, value]) => {
    const there = result[name as keyof M];
    const isFree = !taken.has(there);
    if (!made.has(value) && value instanceof Module) {
      const fits = isFree && there instanceof Module &&
        Object.getPrototypeOf(there) === Object.getPrototypeOf(value);
      copy(value, join(path, name), copying, fits ? there : undefined);
    }
    if (!made.has(value) && value instanceof Tensor) {
      const fits = isFree && there instanceof Tensor;
      const tensor = copyTensor(value, fits ? there : undefined);
      made.set(value, tensor);
      taken.add(tensor);
    }
    return [name, made.get(value) ?? value] as const;
  });
  // Names stay in the original's order.
  for (const name of Object.keys(result)) delete result[name as keyof M];
  for (const [name, value] of values) setField(result, name, value);
  return result;
}

/** The copy's record names the same distribution. */
function copyTensor(original: Tensor, into?: Tensor): Tensor {
  const { shape, dtype } = original;
  const result = into ?? empty(shape, { dtype });
  perform({
    tensors: [original, result],
    draws: false,
    run: () => result.data.set(original.data as never),
  });
  remember(result, filledBy(original));
  return result;
}

function refusePrivateMembers(
  { action, root }: Copying,
  module: Module,
  path: string,
): void {
  if (!hasPrivateMembers(module, Module)) return;
  const title = titleOf(root);
  const variable = title.charAt(0).toLowerCase() + title.slice(1);
  const where = path === "" ? "" : ` (at ${clip(path, 40)})`;
  throw new TypeError(
    cannot(
      action,
      `${
        clip(titleOf(module), 40)
      }${where} has #private members and must be copied into a new instance: ${
        clip(`${variable}.clone(new ${title}())`, 90)
      }`,
    ),
  );
}
