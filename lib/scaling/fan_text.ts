/**
 * A fan's derivation in words and formulas.
 *
 * @module
 */

import { formatShape } from "../core/shape.ts";
import type { Fan, FanAxis, FanDerivation, FanStep } from "./derivation.ts";

const names: Readonly<Record<keyof Fan, string>> = {
  receptiveField: "receptive field",
  fanIn: "fan in",
  fanOut: "fan out",
};

/**
 * Returns what a step computes, in words: `fan in`, `mean fan out`.
 *
 * @param step The step of a derivation.
 */
export function formatName({ name, mean }: FanStep): string {
  return mean ? `mean ${names[name]}` : names[name];
}

/**
 * Returns a step as a formula: `16 · 9 = 144`, `12/4 · 9/2 = 13.5`; a product
 * of one number or none is the number.
 *
 * @param step The step of a derivation.
 */
export function formatStep({ factors, divisors, value }: FanStep): string {
  const formula = factors.map((factor, index) =>
    divisors[index] === 1 ? String(factor) : `${factor}/${divisors[index]}`
  ).join(" · ");
  if (formula === "" || formula === String(value)) return String(value);
  const short = Number.isInteger(value) ? value : Number(value.toPrecision(8));
  return `${formula} ${short === value ? "=" : "≈"} ${short}`;
}

/**
 * Returns what an axis counts, in words: `input`, `output, groups 4`.
 *
 * @param axis The axis.
 */
export function formatRole({ role, divisor }: FanAxis): string {
  return divisor === undefined
    ? role
    : `${role}, ${divisor.name} ${divisor.value}`;
}

/**
 * Returns a derivation as lines of text.
 *
 * @param derivation The derivation.
 */
export function formatDerivation(
  { shape, axes, steps }: FanDerivation,
): string {
  const width = Math.max(...axes.map(({ size }) => String(size).length));
  return [
    `fan of a weight of shape ${formatShape(shape)}`,
    ...axes.map((axis) =>
      `  axis ${axis.axis}: ${String(axis.size).padStart(width)} ${
        formatRole(axis)
      }`
    ),
    ...steps.map((line) =>
      `  ${formatName(line).padEnd(15)} = ${formatStep(line)}`
    ),
  ].join("\n");
}
