/**
 * Fills the parameters of a model by rules, and says which rule filled which.
 *
 * @module
 */

import type { FloatDtype } from "../../core/dtype.ts";
import {
  cannot,
  describe,
  flag,
  readOptions,
  renamed,
} from "../../core/options.ts";
import { elementCount, type Shape } from "../../core/shape.ts";
import { showAs } from "../../core/show.ts";
import { checkMemory, type Tensor } from "../../core/tensor.ts";
import { titleOf } from "../../core/title.ts";
import { streamOf } from "../../random/default_generator.ts";
import {
  checkDistribution,
  type Distribution,
  draws,
  expectationOf,
  rowsOf,
} from "../../random/distribution.ts";
import {
  type AnyGenerator,
  fill,
  type Filled,
  type FilledPart,
  remember,
} from "../../random/generator.ts";
import { generator, listed, Module } from "../module.ts";
import {
  type Found,
  type Initialization,
  initializationText,
  type InitializedRow,
} from "./result.ts";
import {
  checkFactor,
  type InitRule,
  type Met,
  type Place,
  type ReadFill,
  type ReadPart,
  readRecipes,
  type ReadRule,
  type Recipe,
} from "./rule.ts";

/**
 * Options of {@linkcode initialize}.
 *
 * @internal
 */
export interface InitializeOptions {
  /** Where the random numbers come from. Default: the default generator. */
  readonly generator?: AnyGenerator;
  /**
   * Whether parameters that no rule meets keep their values; otherwise they are
   * an error. Default: false.
   */
  readonly allowUnmatched?: boolean;
}

/** A fill that was checked: of a tensor, or of its parts. */
interface Planned {
  readonly place: Place;
  readonly rule: ReadRule | undefined;
  /** What will be remembered; undefined if the tensor stays as it is. */
  readonly filled: Filled | undefined;
  /** The row that becomes 0 after the draw. */
  readonly zeroRow: number | undefined;
}

const table = { generator, allowUnmatched: flag(false) };

/**
 * Fills the parameters of a model by a recipe, or by rules of your own.
 *
 * A rule names the parameters that it meets, by the class of their layer, by
 * their name or by a function, and an initializer with options. Each parameter
 * is filled once, by the first rule that meets it, in the order of
 * `namedParameters()`: that is the order of draws. Buffers stay.
 *
 * Everything is checked before the first draw, so what is refused leaves no
 * tensor filled. A parameter that no rule meets is refused, too, unless
 * `allowUnmatched` is true or all recipes are partial, as `recipes.layerScale()`
 * is.
 *
 * A rule may fill parts of a tensor by themselves: the gates of an LSTM, or the
 * three matrices of an attention in one. `filledBy` then has these parts.
 *
 * `initialize` chooses rules for a model that exists; `initModel` builds one in
 * several threads. Call the former in the function given to the latter, and the
 * threads draw what the rules say.
 *
 * @param model The model.
 * @param recipe A recipe of `recipes`, or an array of rules and recipes, of which
 * the first that meets a parameter counts.
 * @param options The generator, and whether parameters may be met by no rule.
 * @returns A table of which rule filled which parameter with which std.
 * @throws {TypeError} If the model, a rule or an option is of the wrong kind, a
 * tensor cannot be filled, or the generator repeats its numbers.
 * @throws {RangeError} If no rule meets a parameter, or an initializer refuses
 * its options or the shape.
 *
 * @example
 * ```ts
 * import { filledBy, init, initialize, nn } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * const model = new nn.Sequential(new nn.Linear(4, 8), new nn.LSTM(8, 5));
 * const { rows } = initialize(model, [
 *   { layer: nn.LSTM, name: /bias_ih/, parts: [
 *     { init: init.zeros },
 *     { init: init.ones },
 *     { init: init.zeros, share: 2 },
 *   ] },
 *   { name: /bias/, init: init.zeros },
 *   { layer: nn.LSTM, init: init.orthogonal },
 *   { init: init.normal, options: { std: 0.02 } },
 * ]);
 * assertEquals(rows.map(({ rule }) => rule), [
 *   "all",
 *   "/bias/",
 *   "LSTM",
 *   "LSTM",
 *   "LSTM /bias_ih/",
 *   "/bias/",
 * ]);
 * const bias = filledBy((model.children()[1] as nn.LSTM).bias_ih_l0!);
 * assertEquals(bias?.parts?.[1].rows, [5, 10]);
 * ```
 */
export function initialize(
  model: Module,
  recipe: Recipe | readonly (InitRule | Recipe)[],
  options: InitializeOptions = {},
): Initialization {
  if (!(model instanceof Module)) {
    throw new TypeError(
      cannot(
        "initialize a model",
        "the first argument must be a layer or a model",
        describe(model),
      ),
    );
  }
  const action = `initialize ${titleOf(model)}`;
  const { generator, allowUnmatched } = readOptions(action, options, table);
  const { rules, partial, sources, notes } = readRecipes(action, recipe);
  const places = placesOf(model);
  const met = places.map((place) => rules.find((rule) => rule.meets(place)));
  if (!allowUnmatched && !partial) checkAllMet(action, places, met);
  const plans = plansOf(action, places, met);
  const isDrawn = plans.some(({ filled }) =>
    filled !== undefined && draws(filled.distribution)
  );
  const source = isDrawn ? streamOf(action, generator) : undefined;
  for (const plan of plans) perform(plan, source);
  const idle = rules.filter((rule) => !rule.optional && !met.includes(rule));
  const found: Found = {
    rows: plans.map(rowOf),
    idle: idle.map(({ text }) => text),
    sources,
    notes,
  };
  return showAs(found, "initialization", initializationText) as Initialization;
}

function placesOf(model: Module): Place[] {
  const modules = new Map(model.namedModules());
  return model.namedParameters().map(([name, tensor]) => {
    const path = above(name);
    const module = modules.get(path)!;
    const holder = path === "" ? undefined : modules.get(above(path));
    return { name, tensor, shape: tensor.shape, module, holder, model };
  });
}

function above(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf(".")));
}

function checkAllMet(
  action: string,
  places: readonly Place[],
  met: readonly (ReadRule | undefined)[],
): void {
  const names = places.filter((_, i) => met[i] === undefined)
    .map(({ name }) => name);
  if (names.length === 0) return;
  throw new RangeError(
    cannot(
      action,
      "a rule must meet each parameter, or allowUnmatched be true",
      listed(names),
    ),
  );
}

/** Plans all fills, and checks each. */
function plansOf(
  action: string,
  places: readonly Place[],
  met: readonly (ReadRule | undefined)[],
): Planned[] {
  const blocks = blocksOf(places.map(({ name }) => name));
  return places.map((place, i) => {
    const rule = met[i];
    if (rule?.fill === undefined) {
      return { place, rule, filled: undefined, zeroRow: undefined };
    }
    try {
      checkMemory(action, place.tensor);
      return planOf(action, { ...place, ...blocks[i] }, rule);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      throw renamed(`initialize ${place.name}`, error);
    }
  });
}

/** The places in their lists: `h.3.mlp.weight` is in block 3 of `h`. */
function blocksOf(
  names: readonly string[],
): Pick<Met, "block" | "blocks">[] {
  const lists = new Map<string, string[]>();
  const found = names.map((name) => {
    const [, list = name, number = ""] = /^(.*?)(?:^|\.)(\d+)\./.exec(name) ??
      [];
    const numbers = lists.get(list) ?? [];
    lists.set(list, numbers);
    if (!numbers.includes(number)) numbers.push(number);
    return { numbers, block: numbers.indexOf(number) };
  });
  return found.map(({ numbers, block }) => ({ block, blocks: numbers.length }));
}

function planOf(action: string, met: Met, rule: ReadRule): Planned {
  const { tensor } = met;
  const { fill } = rule;
  const filled = typeof fill === "function"
    ? partsOf(action, met, fill(met))
    : filledBy(action, met, tensor.shape, fill!);
  const zeroRow = rule.zeroRow?.(met) ?? undefined;
  if (filled === undefined || zeroRow === undefined) {
    return { place: met, rule, filled, zeroRow: undefined };
  }
  const [rows, ...rest] = tensor.shape;
  if (!Number.isInteger(zeroRow) || !(zeroRow >= 0 && zeroRow < rows)) {
    throw new RangeError(
      cannot(action, `zeroRow must be a row of ${rows}`, describe(zeroRow)),
    );
  }
  const zeroed = elementCount(rest);
  return { place: met, rule, filled: { ...filled, zeroed }, zeroRow };
}

/** What will be remembered of a fill; undefined if there is nothing to fill. */
function filledBy(
  action: string,
  met: Met,
  shape: Shape,
  { init, options = {}, factor = 1 }: ReadFill,
): Filled | undefined {
  const { dtype } = met.tensor;
  const given = typeof options === "function" ? options(met) : options;
  const values = readOptions(action, given, init.options);
  const drawn = init.distribution({ shape, dtype }, given);
  if (drawn === undefined) return undefined;
  const by = checkFactor(
    action,
    "factor",
    typeof factor === "function" ? factor(met) : factor,
  );
  const distribution = by === 1
    ? drawn
    : scaledBy(drawn, dtype === "float64" ? by : Math.fround(by));
  checkDistribution(action, distribution, { shape, dtype });
  return { initializer: init.title, options: values, distribution };
}

function scaledBy(of: Distribution, by: number): Distribution {
  return { kind: "scaled", of, by };
}

function partsOf(
  action: string,
  met: Met,
  parts: readonly ReadPart[],
): Filled {
  const { shape, dtype } = met.tensor;
  const [rows = 0, ...rest] = shape;
  const all = parts.reduce((sum, { share }) => sum + share, 0);
  let start = 0;
  const filled = parts.map((part): FilledPart => {
    const own = rows * part.share / all;
    if (!Number.isInteger(own)) {
      throw new RangeError(
        cannot(
          action,
          `the shares must divide axis 0 into whole rows`,
          `${part.share} of ${all} for ${rows} rows`,
        ),
      );
    }
    const from = start;
    start += own;
    const found = filledBy(action, met, [own, ...rest], part) ??
      { initializer: part.init.title, options: {}, distribution: nothing };
    return { rows: [from, start], ...found };
  });
  const distribution: Distribution = {
    kind: "parts",
    parts: filled.map(({ rows: [from, to], distribution: of }) => ({
      rows: to - from,
      of,
    })),
  };
  checkDistribution(action, distribution, { shape, dtype });
  const names = [...new Set(filled.map(({ initializer }) => initializer))];
  return {
    initializer: names.join(" + "),
    options: {},
    distribution,
    parts: filled,
  };
}

/** What has no elements. */
const nothing: Distribution = { kind: "constant", value: 0 };

/** Parts are fills of their own, which any generator can draw. */
function perform(
  { place, filled, zeroRow }: Planned,
  generator: AnyGenerator | undefined,
): void {
  if (filled === undefined) return;
  const tensor = place.tensor as Tensor<FloatDtype>;
  const { distribution } = filled;
  const fills = distribution.kind === "parts"
    ? rowsOf(tensor, distribution.parts)
      .map(({ part, tensor }) => [tensor, part.of] as const)
    : [[tensor, distribution] as const];
  remember(tensor, undefined);
  for (const [each, of] of fills) {
    fill(each, of, draws(of) ? generator : undefined);
  }
  if (zeroRow !== undefined) {
    const [rows] = tensor.shape;
    const parts = [
      { rows: zeroRow },
      { rows: 1 },
      { rows: rows - zeroRow - 1 },
    ];
    fill(rowsOf(tensor, parts)[1].tensor, nothing);
  }
  remember(tensor, filled);
}

function rowOf({ place, rule, filled }: Planned): InitializedRow {
  const { name, shape } = place;
  const status = rule === undefined
    ? "unmatched"
    : rule.fill === undefined
    ? "stayed"
    : "filled";
  const about = { name, shape, status, rule: rule?.text ?? null } as const;
  if (filled === undefined) {
    return { ...about, initializer: null, mean: null, std: null, parts: [] };
  }
  const { initializer, distribution, zeroed, parts = [] } = filled;
  const [, ...rest] = shape;
  return {
    ...about,
    initializer,
    ...momentsOf(distribution, shape, zeroed),
    parts: parts.map(({ rows, initializer, distribution }) => ({
      rows,
      initializer,
      ...momentsOf(distribution, [rows[1] - rows[0], ...rest]),
    })),
  };
}

function momentsOf(
  distribution: Distribution,
  shape: Shape,
  zeroed?: number,
): { readonly mean: number; readonly std: number } {
  const { mean, std } = expectationOf(distribution, shape, zeroed);
  return { mean, std };
}
