/**
 * How fan and gain become the numbers of an initialiser, as formulas to read.
 * The numbers are those that the initialiser remembers.
 *
 * @module
 */

import type { Tensor } from "../../core/tensor.ts";
import { theoryOf } from "../../init/theory.ts";
import { formatNumber } from "../../plot/format.ts";
import { calculateGain } from "../../scaling/gain.ts";
import type { Explored } from "./explored.ts";

/** A number with its formula. */
export interface Fact {
  /** What it is. */
  readonly name: string;
  /** The formula, in names and then in numbers; empty where it is given. */
  readonly formula: string;
  /** Its value. */
  readonly value: number;
}

const digits = 6;

/**
 * Returns a number as the panel shows it: six digits.
 *
 * @param value The number.
 */
export function shown(value: number): string {
  return formatNumber(value, digits);
}

/**
 * Returns a fact in one line: formula, then value.
 *
 * @param fact The fact.
 */
export function formatFact({ formula, value }: Fact): string {
  return formula === "" ? shown(value) : `${formula} = ${shown(value)}`;
}

/**
 * Returns the numbers of an initialiser in the order in which they come about.
 *
 * @param found What was explored.
 */
export function scaleOf(found: Explored): Fact[] {
  const { weight, counted, settings } = found;
  const { initialiser, gain, std, low, high } = settings;
  const { fanIn, fanOut } = counted;
  const sum = shown(fanIn + fanOut);
  switch (initialiser) {
    case "kaimingUniform":
    case "kaimingNormal":
      return kaiming(found);
    case "xavierUniform":
    case "xavierNormal":
      return spread(
        weight,
        `gain · √(2 / (fan in + fan out)) = ${shown(gain)} · √(2 / ${sum})`,
        "√3 · std",
      );
    case "orthogonal":
      return orthogonal(found);
    case "uniform":
      return spread(
        weight,
        `(high − low) / √12 = ${shown(high - low)} / √12`,
        "(high − low) / 2",
      );
    case "truncNormal":
      return spread(weight, `after the cut of std ${shown(std)}`);
    case "normal":
      return spread(weight, "");
  }
}

function kaiming({ settings, weight, counted }: Explored): Fact[] {
  const { mode, nonlinearity, negativeSlope } = settings;
  const gain = calculateGain(nonlinearity, negativeSlope);
  const [name, fan] = mode === "fan_in"
    ? ["fan in", counted.fanIn]
    : ["fan out", counted.fanOut];
  return [
    { name: "gain", formula: `of ${nonlinearity}`, value: gain },
    ...spread(
      weight,
      `gain / √(${name}) = ${shown(gain)} / √${fan}`,
      "√3 · std",
    ),
  ];
}

/** What the initialiser remembers: the std, and the bound if there is one. */
function spread(weight: Tensor, std: string, bound = ""): Fact[] {
  const theory = theoryOf(weight)!;
  const facts = [{ name: "std", formula: std, value: theory.std }];
  return theory.bound === null
    ? facts
    : [...facts, { name: "bound", formula: bound, value: theory.bound }];
}

/** The squares of a row, or of a column, sum to the gain's square. */
function orthogonal({ settings, weight }: Explored): Fact[] {
  const rows = weight.shape[0];
  const side = Math.max(rows, weight.numel() / rows);
  const gain = Math.abs(settings.gain);
  return [{
    name: "root mean square",
    formula: `|gain| / √(longer side) = ${shown(gain)} / √${side}`,
    value: gain / Math.sqrt(side),
  }];
}
