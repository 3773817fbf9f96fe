/**
 * Rules of initialization: which parameters of a model each meets, and what it
 * fills them with.
 *
 * @module
 */

import {
  cannot,
  describe,
  flag,
  isPlain,
  type Option,
  readOptions,
  textual,
} from "../../core/options.ts";
import type { Shape } from "../../core/shape.ts";
import type { Tensor } from "../../core/tensor.ts";
import { titleOf } from "../../core/title.ts";
import { type AnyInitializer, initializerOf } from "../../init/initializer.ts";
import { initializers } from "../../init/initializers.ts";
import type { Module } from "../module.ts";

/**
 * A parameter of a model, as rules see it.
 *
 * @internal
 */
export interface Place {
  /** Its name in `namedParameters()`. */
  readonly name: string;
  /** The tensor. */
  readonly tensor: Tensor;
  /** Its sizes along the axes. */
  readonly shape: Shape;
  /** The module that has it as a field. */
  readonly module: Module;
  /** The module that has that one as a field; undefined for the model itself. */
  readonly holder: Module | undefined;
  /** The whole model. */
  readonly model: Module;
}

/**
 * A parameter that a rule met, and where it stands in the list of blocks that it
 * belongs to: `h.3.mlp.weight` is in block 3 of the list `h`.
 *
 * @internal
 */
export interface Met extends Place {
  /** The number of its block, from 0; 0 in no list. */
  readonly block: number;
  /** How many blocks with parameters the list has; 1 in no list. */
  readonly blocks: number;
}

/**
 * A value, or how it follows from the parameter.
 *
 * @internal
 */
export type From<T> = T | ((met: Met) => T);

/**
 * What fills a tensor, or some of its rows.
 *
 * @internal
 */
export interface RuleFill {
  /** The initializer, or its name in `init` or in PyTorch. */
  readonly init?: AnyInitializer | string;
  /** Its options, without a generator. Default: none. */
  readonly options?: From<object>;
  /**
   * A number by which the elements are multiplied after the draw, as PyTorch's
   * `mul_` does. Default: 1.
   */
  readonly factor?: From<number>;
}

/**
 * Rows that are filled by themselves.
 *
 * @internal
 */
export interface RulePart extends RuleFill {
  /** Their share of axis 0, in relation to the other parts'. Default: 1. */
  readonly share?: number;
}

/**
 * Any class of layers.
 *
 * @internal
 */
export interface LayerClass {
  readonly prototype: Module;
}

/**
 * A rule for {@linkcode initialize}: it meets the parameters that fulfil all of
 * its conditions, all parameters if it has none, and says how to fill them.
 */
export interface InitRule extends RuleFill {
  /** The class of the layer that has the parameter, or several. */
  readonly layer?: LayerClass | readonly LayerClass[];
  /** The name or its end, from a dot on; or a pattern that is found in it. */
  readonly name?: string | RegExp;
  /** Whether it meets a parameter. */
  readonly where?: (place: Place) => boolean;
  /**
   * Parts of axis 0, each drawn as a tensor of its own, in order; in place of
   * `init`.
   */
  readonly parts?: From<readonly RulePart[]>;
  /** A row that becomes 0 after the draw; undefined for none. */
  readonly zeroRow?: (met: Met) => number | null | undefined;
  /** Whether the tensor keeps its values; in place of `init`. */
  readonly stays?: boolean;
  /** What the table calls it. Default: its conditions. */
  readonly label?: string;
  /**
   * Whether a model may well have nothing that it meets, so that the table does
   * not mention it then. Default: whether its conditions are a class of layers
   * and the name of their field, at most.
   */
  readonly optional?: boolean;
}

/** A named list of rules, with its source. */
export interface Recipe {
  /** Its name in `recipes`. */
  readonly title: string;
  /** The paper that it comes from. */
  readonly paper: string;
  /** The file whose numbers it has. */
  readonly file: string;
  /** What it asks of the model besides weights; "" for nothing. */
  readonly note: string;
  /** Whether parameters that no rule meets keep their values. */
  readonly partial: boolean;
  /** The rules; the first that meets a parameter fills it. */
  readonly rules: readonly InitRule[];
}

/** A fill of a rule, read: the initializer instead of its name. */
export interface ReadFill extends RuleFill {
  /** The initializer. */
  readonly init: AnyInitializer;
}

/** Rows to be filled by themselves, read. */
export interface ReadPart extends ReadFill {
  /** Their share of axis 0. */
  readonly share: number;
}

/** A rule, read. */
export interface ReadRule {
  /** Whether it meets a parameter. */
  readonly meets: (place: Place) => boolean;
  /** What the table calls it. */
  readonly text: string;
  /** Whether a model may well have nothing that it meets. */
  readonly optional: boolean;
  /** What fills the tensor, its parts, or neither if it stays. */
  readonly fill: ReadFill | ((met: Met) => readonly ReadPart[]) | undefined;
  /** A row that becomes 0 after the draw. */
  readonly zeroRow: InitRule["zeroRow"];
}

/** What is to be done with a model. */
export interface ReadRecipes {
  /** The rules, in order. */
  readonly rules: readonly ReadRule[];
  /** Whether parameters that no rule meets keep their values. */
  readonly partial: boolean;
  /** The recipes' papers. */
  readonly sources: readonly string[];
  /** What the recipes ask of the model besides weights. */
  readonly notes: readonly string[];
}

/**
 * Reads recipes and rules.
 *
 * @param action What is being done, for the error message.
 * @param given A recipe, or a list of recipes and rules.
 * @throws {TypeError} If it is neither, or a rule has an unknown member or one
 * of the wrong kind.
 * @throws {RangeError} If an initializer's name is unknown.
 */
export function readRecipes(action: string, given: unknown): ReadRecipes {
  const list = Array.isArray(given) ? given : [given];
  const place = list.findIndex((each) => !isPlain(each));
  if (list.length === 0 || place !== -1) {
    const wrong = place === -1 ? given : list[place];
    const call = typeof wrong === "function" ? "; call it to get a recipe" : "";
    throw new TypeError(
      cannot(
        action,
        "the second argument must be a recipe, or an array of rules and recipes",
        describe(wrong) + call,
      ),
    );
  }
  const recipes = list.map((each) =>
    isRecipe(each)
      ? each
      : { title: "", partial: false, note: "", rules: [each] }
  );
  return {
    rules: recipes.flatMap(({ title, rules }) =>
      rules.map((rule) => readRule(action, rule, title))
    ),
    partial: recipes.every(({ partial }) => partial),
    sources: list.filter(isRecipe)
      .map(({ title, paper }) => `${title}: ${paper}`),
    notes: recipes.map(({ note }) => note).filter((note) => note !== ""),
  };
}

function isRecipe(value: object): value is Recipe {
  return Array.isArray((value as Recipe).rules);
}

const initOption: Option<AnyInitializer | undefined> = {
  read(action, _name, value) {
    if (value === undefined) return undefined;
    const isOne = typeof value === "function" && "distribution" in value &&
      "title" in value;
    return isOne
      ? value as unknown as AnyInitializer
      : initializerOf(action, value, initializers);
  },
};

const optionsOption: Option<RuleFill["options"]> = {
  read(action, name, value) {
    if (value === undefined || typeof value === "function" || isPlain(value)) {
      return value as RuleFill["options"];
    }
    throw new TypeError(
      cannot(
        action,
        `${name} must be a plain object or a function`,
        describe(value),
      ),
    );
  },
};

const factorOption: Option<RuleFill["factor"]> = {
  read(action, name, value) {
    if (value === undefined || typeof value === "function") {
      return value as RuleFill["factor"];
    }
    return checkFactor(action, name, value);
  },
};

const fillTable = {
  init: initOption,
  options: optionsOption,
  factor: factorOption,
};

const partTable = {
  ...fillTable,
  share: {
    fallback: 1,
    read(action: string, name: string, value: unknown): number {
      if (checkFactor(action, name, value) > 0) return value as number;
      throw new RangeError(cannot(action, `${name} must be above 0`, 0));
    },
  },
};

const ruleTable = {
  ...fillTable,
  layer: { read: readLayers },
  name: { read: readName },
  where: functionOption<NonNullable<InitRule["where"]>>(),
  parts: {
    read: (_action: string, _name: string, value: unknown) =>
      value as InitRule["parts"],
  },
  zeroRow: functionOption<NonNullable<InitRule["zeroRow"]>>(),
  stays: flag(false),
  label: textual(undefined),
  optional: {
    read: (action: string, name: string, value: unknown) =>
      value === undefined ? undefined : flag(false).read(action, name, value),
  },
};

function readRule(action: string, given: InitRule, title: string): ReadRule {
  const rule = readOptions(action, given, ruleTable, { what: "a rule" });
  const { layer: layers, name, where, parts, init, stays } = rule;
  const chosen = [init, parts, stays || undefined].filter((x) =>
    x !== undefined
  );
  if (chosen.length !== 1) {
    throw new TypeError(
      cannot(
        action,
        "a rule must have one of init, parts and stays",
        chosen.length === 0 ? "none" : "several",
      ),
    );
  }
  const text = rule.label ?? textOf(layers, name, where);
  return {
    meets: (place) =>
      (layers?.some((layer) => isOf(place.module, layer)) ?? true) &&
      (name === undefined || isNamed(place.name, name)) &&
      (where?.(place) ?? true),
    text: title === "" ? text : `${title}: ${text}`,
    optional: rule.optional ??
      (where === undefined && !(name instanceof RegExp) &&
        (layers !== undefined || name === undefined)),
    fill: stays
      ? undefined
      : parts === undefined
      ? rule as ReadFill
      : (met) =>
        readParts(
          action,
          typeof parts === "function" ? parts(met) : parts,
        ),
    zeroRow: rule.zeroRow,
  };
}

function readParts(action: string, given: unknown): readonly ReadPart[] {
  if (!Array.isArray(given) || given.length === 0) {
    throw new TypeError(
      cannot(action, "parts must be an array of parts", describe(given)),
    );
  }
  return given.map((each) => {
    const part = readOptions(action, each, partTable, { what: "a part" });
    if (part.init !== undefined) return part as ReadPart;
    throw new TypeError(cannot(action, "a part must have init"));
  });
}

/**
 * Returns a factor, checked.
 *
 * @param action What is being done, for the error message.
 * @param name What it is called.
 * @param value What was given.
 * @throws {TypeError} If it is no finite number.
 */
export function checkFactor(
  action: string,
  name: string,
  value: unknown,
): number {
  if (typeof value === "number" && Number.isFinite(value)) return value;
  throw new TypeError(
    cannot(action, `${name} must be a finite number`, describe(value)),
  );
}

function functionOption<F>(): Option<F | undefined> {
  return {
    read(action, name, value) {
      if (value === undefined || typeof value === "function") {
        return value as F | undefined;
      }
      throw new TypeError(
        cannot(action, `${name} must be a function`, describe(value)),
      );
    },
  };
}

function readLayers(
  action: string,
  name: string,
  value: unknown,
): readonly LayerClass[] | undefined {
  if (value === undefined) return undefined;
  const layers = Array.isArray(value) ? value : [value];
  for (const layer of layers) {
    if (typeof layer === "function" && layer.prototype !== undefined) continue;
    throw new TypeError(
      cannot(action, `${name} must be a class of layers`, describe(layer)),
    );
  }
  return layers;
}

function readName(
  action: string,
  name: string,
  value: unknown,
): string | RegExp | undefined {
  if (
    value === undefined || typeof value === "string" || value instanceof RegExp
  ) return value;
  throw new TypeError(
    cannot(action, `${name} must be a string or a RegExp`, describe(value)),
  );
}

function isOf(module: Module, layer: LayerClass): boolean {
  return Object.prototype.isPrototypeOf.call(layer.prototype, module);
}

/** `search` leaves the place where a global pattern goes on alone. */
function isNamed(name: string, wanted: string | RegExp): boolean {
  return typeof wanted === "string"
    ? name === wanted || name.endsWith(`.${wanted}`)
    : name.search(wanted) !== -1;
}

function textOf(
  layers: readonly LayerClass[] | undefined,
  name: string | RegExp | undefined,
  where: InitRule["where"],
): string {
  const parts = [
    layers?.map(({ prototype }) => titleOf(prototype)).join(" or "),
    name === undefined ? undefined : String(name),
    where === undefined ? undefined : where.name || "where",
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? "all" : parts.join(" ");
}
