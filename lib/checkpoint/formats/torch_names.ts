/**
 * The names of the tensors in a pickled object, as `state_dict` would give them,
 * and the texts of everything else.
 *
 * @module
 */

import { fault } from "./bytes.ts";
import {
  kindOf,
  PickledDict,
  PickledFloat,
  PickledName,
  PickledObject,
  PickledSet,
  PickledTuple,
} from "./pickle.ts";
import {
  opening,
  type TensorPlace,
  TorchStorage,
  TorchTensor,
} from "./torch_objects.ts";

/** What an object holds. */
interface Named {
  /** The places of its tensors by name. */
  readonly tensors: ReadonlyMap<string, TensorPlace>;
  /** Numbers, texts and other values by name. */
  readonly texts: ReadonlyMap<string, string>;
}

/** The most values that are named. */
const mostValues = 1_000_000;

/** How deep values may nest. */
const deepest = 100;

/** The most characters that all names have together. */
const mostCharacters = 2 ** 26;

/** How many items of a tuple or set, and how deep, a key's text shows. */
const [mostItems, deepestItem] = [16, 2];

/** The most characters of a string within a key's text. */
const longestItem = 200;

/**
 * Returns the tensors of an object by their paths: keys and indices with points
 * between them; those of a module as its `state_dict` has them. The second of
 * two equal names ends in `~2`.
 *
 * @param root The object.
 * @throws {SyntaxError} If there are too many values, or they nest too deep.
 */
export function named(root: unknown): Named {
  const walk = new Walk();
  walk.visit(root, "", 0);
  return walk;
}

/** Goes through an object, which may hold itself. */
class Walk implements Named {
  readonly tensors = new Map<string, TensorPlace>();
  readonly texts = new Map<string, string>();
  readonly #above = new Set<unknown>();
  readonly #times = new Map<string, number>();
  #values = 0;
  #characters = 0;

  visit(value: unknown, name: string, depth: number): void {
    this.#count(name, depth);
    if (value instanceof TorchTensor) {
      if (value.place !== undefined) this.#add(name, value.place);
    } else if (value instanceof TorchStorage) {
      this.#add(name, placeOf(value));
    } else if (this.#above.has(value)) {
      return;
    } else if (isNest(value)) {
      this.#above.add(value);
      for (const [key, item] of entriesOf(value)) {
        const path = depth === 0 ? textOf(key) : `${name}.${textOf(key)}`;
        this.visit(item, path, depth + 1);
      }
      this.#above.delete(value);
    } else {
      const text = textOf(value);
      if (typeof value !== "string") this.#charge(text);
      this.texts.set(name, text);
    }
  }

  #count(name: string, depth: number): void {
    this.#values++;
    this.#charge(name);
    if (this.#values > mostValues) {
      throw fault(opening, `it must hold at most ${mostValues} values`, "more");
    }
    if (depth > deepest) {
      throw fault(
        opening,
        `its values must nest at most ${deepest} deep`,
        name.slice(0, longestItem),
      );
    }
  }

  #charge(text: string): void {
    this.#characters += text.length;
    if (this.#characters > mostCharacters) {
      throw fault(
        opening,
        `its names must have at most ${mostCharacters} characters together`,
        "more",
      );
    }
  }

  #add(name: string, place: TensorPlace): void {
    let own = name;
    while (this.tensors.has(own)) {
      const time = (this.#times.get(name) ?? 1) + 1;
      this.#times.set(name, time);
      own = `${name}~${time}`;
    }
    this.tensors.set(own, place);
  }
}

function placeOf(storage: TorchStorage): TensorPlace {
  const { dtype, length } = storage;
  return { storage, dtype, offset: 0, shape: [length], strides: [1] };
}

function isNest(
  value: unknown,
): value is PickledDict | PickledTuple | PickledObject | readonly unknown[] {
  return value instanceof PickledDict || value instanceof PickledTuple ||
    value instanceof PickledObject || Array.isArray(value);
}

function* entriesOf(
  value: PickledDict | PickledTuple | PickledObject | readonly unknown[],
): Generator<readonly [key: unknown, value: unknown]> {
  if (value instanceof PickledDict) yield* value.entries();
  else if (value instanceof PickledTuple) yield* value.items.entries();
  else if (!(value instanceof PickledObject)) yield* value.entries();
  else if (isModule(value.state)) yield* stateOf(value.state);
  else {
    yield* value.args.entries();
    yield* stateEntries(value.state);
    yield* value.members.entries();
    yield* value.items.entries();
  }
}

/** The state of a class with slots is a pair: its dictionary, and the slots. */
function* stateEntries(
  state: unknown,
): Generator<readonly [key: unknown, value: unknown]> {
  const parts = state instanceof PickledTuple ? state.items : [state];
  for (const [index, part] of parts.entries()) {
    if (part instanceof PickledDict) yield* part.entries();
    else if (isNest(part) || part instanceof TorchTensor) yield [index, part];
  }
}

/** Whether an object is a module of PyTorch, whatever its class. */
function isModule(state: unknown): state is PickledDict {
  return state instanceof PickledDict &&
    state.get("_parameters") instanceof PickledDict &&
    state.get("_modules") instanceof PickledDict;
}

/** A module's parameters, buffers that are saved, and modules, in this order. */
function* stateOf(
  state: PickledDict,
): Generator<readonly [key: unknown, value: unknown]> {
  const passing = state.get("_non_persistent_buffers_set");
  const unsaved = new Set(passing instanceof PickledSet ? passing.members : []);
  for (const part of ["_parameters", "_buffers", "_modules"]) {
    const members = state.get(part);
    if (!(members instanceof PickledDict)) continue;
    for (const [key, value] of members.entries()) {
      const isSaved = part !== "_buffers" || !unsaved.has(key);
      if (value !== null && isSaved) yield [key, value];
    }
  }
}

/** A value as Python prints it, cut where it is long; a string as it is. */
function textOf(value: unknown, depth = 0): string {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "string") {
    return depth === 0 ? value : `'${value.slice(0, longestItem)}'`;
  }
  if (value instanceof PickledFloat) {
    const text = String(value.value);
    return /^-?\d+$/.test(text) ? `${text}.0` : text;
  }
  if (value instanceof PickledName) return value.path.slice(0, longestItem);
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  if (typeof value === "number" || typeof value === "bigint") {
    return String(value);
  }
  const items = value instanceof PickledTuple
    ? value.items
    : value instanceof PickledSet
    ? value.members
    : undefined;
  if (items === undefined || depth > deepestItem) return kindOf(value);
  const texts = items.slice(0, mostItems)
    .map((item) => textOf(item, depth + 1));
  if (items.length > mostItems) texts.push("…");
  if (value instanceof PickledSet) return `{${texts.join(", ")}}`;
  return `(${texts.join(", ")}${texts.length === 1 ? "," : ""})`;
}
