/**
 * Times, sizes and ratios as people read them.
 *
 * @module
 */

import { formatCount } from "../../lib/core/format.ts";
import type { Comparison } from "./results.ts";
import { M } from "./works.ts";

const units = [[1, "s"], [1e-3, "ms"], [1e-6, "µs"], [1e-9, "ns"]] as const;

/**
 * Returns a time to three significant digits: `2.71 ns`, `43.0 ms`.
 *
 * @param seconds The time.
 */
export function formatTime(seconds: number): string {
  const [size, unit] = units.find(([size]) => seconds >= 0.9995 * size) ??
    units.at(-1)!;
  return `${threeDigits(seconds / size)} ${unit}`;
}

/**
 * Returns a ratio to three significant digits: `0.0420`, `3.50`, `652`.
 *
 * @param ratio The ratio, above 0.
 */
export function formatRatio(ratio: number): string {
  return threeDigits(ratio);
}

/**
 * Returns how many numbers there are: `16 M` where M is 2^20, else all digits.
 *
 * @param elements A whole number.
 */
export function formatSize(elements: number): string {
  return elements > 0 && elements % M === 0
    ? `${elements / M} M`
    : formatCount(elements);
}

/**
 * Returns bytes in MB: `4.2 MB`.
 *
 * @param bytes How many; a difference may be negative.
 */
export function formatMegabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

/**
 * Returns the time that a comparison gives: of each number, or of the whole.
 *
 * @param comparison Its size, and what its times are given for.
 * @param seconds The time of the whole.
 */
export function formatShare(
  { per, elements }: Pick<Comparison, "per" | "elements">,
  seconds: number,
): string {
  return formatTime(per === "number" ? seconds / elements : seconds);
}

function threeDigits(value: number): string {
  if (value === 0) return "0";
  const power = Math.floor(Math.log10(Number(value.toPrecision(3))));
  return value.toFixed(Math.max(0, 2 - power));
}
