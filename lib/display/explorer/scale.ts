/**
 * How fan and gain become the numbers of an initialiser, as formulas to read.
 * The numbers are those that the initialiser remembers.
 *
 * @module
 */

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
  const { settings, weight, counted } = found;
  const { mode, nonlinearity, negativeSlope, gain, std, low, high } = settings;
  const { fanIn, fanOut } = counted;
  const theory = theoryOf(weight);
  const stdFact = (formula: string): Fact => (
    { name: "std", formula, value: theory!.std }
  );
  const boundFact = (formula: string): Fact => (
    { name: "bound", formula, value: theory!.bound! }
  );
  const fromStd = boundFact(`√3 · std`);
  switch (settings.initialiser) {
    case "kaimingUniform":
    case "kaimingNormal": {
      const factor = calculateGain(nonlinearity, negativeSlope);
      const [name, fan] = mode === "fan_in"
        ? ["fan in", fanIn]
        : ["fan out", fanOut];
      return [
        { name: "gain", formula: `gain of ${nonlinearity}`, value: factor },
        stdFact(`gain / √(${name}) = ${shown(factor)} / √${fan}`),
        ...settings.initialiser === "kaimingUniform" ? [fromStd] : [],
      ];
    }
    case "xavierUniform":
    case "xavierNormal":
      return [
        stdFact(
          `gain · √(2 / (fan in + fan out)) = ${shown(gain)} · √(2 / ${
            fanIn + fanOut
          })`,
        ),
        ...settings.initialiser === "xavierUniform" ? [fromStd] : [],
      ];
    case "orthogonal": {
      const rows = weight.shape[0];
      const side = Math.max(rows, weight.numel() / rows);
      return [{
        name: "root mean square",
        formula: `|gain| / √(longer side) = ${
          shown(Math.abs(gain))
        } / √${side}`,
        value: Math.abs(gain) / Math.sqrt(side),
      }];
    }
    case "uniform":
      return [
        stdFact(`(high − low) / √12 = ${shown(high - low)} / √12`),
        boundFact("(high − low) / 2"),
      ];
    case "truncNormal":
      return [stdFact(`after the cut of std ${shown(std)}`)];
    case "normal":
      return [stdFact("")];
  }
}
