/**
 * Where the ticks of an axis are and what they say, as plotly chooses them.
 *
 * @module
 */

import type { Scale } from "./scale.ts";

/** A tick. */
export interface Tick {
  /** Where it is, as the axis counts: an exponent, an index. */
  readonly value: number;
  /** What it says. */
  readonly text: string;
}

/** Numbers this large or small are written with an exponent. */
const plainPowers = 3;

/**
 * Returns the ticks of an axis.
 *
 * @param scale The axis.
 */
export function ticksOf(scale: Scale): Tick[] {
  const { axis, type, range } = scale;
  const low = Math.min(...range);
  const high = Math.max(...range);
  if (axis.tickvals !== undefined) {
    return axis.tickvals
      .map((value, index) => ({
        value: type === "log" ? Math.log10(value) : value,
        text: axis.ticktext?.[index] ?? String(value),
      }))
      .filter(({ value }) => value >= low && value <= high);
  }
  const length = Math.abs(scale.end - scale.start);
  const room = length / (scale.letter === "y" ? 40 : 80);
  const count = Math.min(9, Math.max(4, room)) + 1;
  if (type === "log") return logTicks(low, high, count);
  return linearTicks(low, high, roundStep((high - low) / count));
}

/** The next of 2, 5 and 10 times a power of 10. */
function roundStep(step: number): number {
  const power = 10 ** Math.floor(Math.log10(step));
  const factor = [2, 5, 10].find((factor) => factor * power >= step) ?? 10;
  return factor * power;
}

function linearTicks(low: number, high: number, step: number): Tick[] {
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  const largest = Math.max(Math.abs(low), Math.abs(high));
  const rangePower = Math.floor(Math.log10(largest) + 0.01);
  const power = Math.abs(rangePower) > plainPowers ? rangePower : 0;
  const decimals = Math.max(0, power - Math.floor(Math.log10(step) + 0.01));
  return Array.from({ length: last - first + 1 }, (_, index) => {
    const value = (first + index) * step;
    return { value, text: label(value, power, decimals) };
  });
}

function label(value: number, power: number, decimals: number): string {
  const text = (value / 10 ** power).toFixed(decimals).replace(
    /^-0(\.0*)?$/,
    "0",
  );
  const significand = text.includes(".") ? text.replace(/\.?0+$/, "") : text;
  const exponent = power === 0 || significand === "0"
    ? ""
    : `e${power < 0 ? "−" : "+"}${Math.abs(power)}`;
  return `${significand.replace("-", "−")}${exponent}`;
}

/** Whole powers of 10, every so many of them. */
function logTicks(low: number, high: number, count: number): Tick[] {
  const step = Math.max(1, Math.ceil((high - low) / count));
  const ticks: Tick[] = [];
  for (let power = Math.ceil(low); power <= high; power += step) {
    ticks.push({
      value: power,
      text: label(
        10 ** power,
        Math.abs(power) > plainPowers ? power : 0,
        Math.max(0, -power),
      ),
    });
  }
  return ticks;
}
