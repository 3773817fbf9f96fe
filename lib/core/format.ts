/**
 * Formats numbers for titles and labels, independently of the locale.
 *
 * @module
 */

/**
 * Returns a number to four significant digits, without zeros at the end:
 * `0.08333`, `−1.5`, `2e−12`.
 *
 * @param value Any number; NaN gives a dash.
 * @param digits Significant digits.
 */
export function formatNumber(value: number, digits = 4): string {
  if (Number.isNaN(value)) return "–";
  if (!Number.isFinite(value)) return value < 0 ? "−∞" : "∞";
  const [significand, exponent] = value.toExponential(digits - 1).split("e");
  const power = Number(exponent);
  const text = power < -4 || power > 5
    ? `${trimZeros(significand)}e${power}`
    : trimZeros(value.toFixed(Math.max(0, digits - 1 - power)));
  return text.replaceAll("-", "−");
}

/**
 * Returns how many significant digits distinguish the numbers of an interval:
 * four, or more if it is narrow compared with its distance from 0.
 *
 * @param low The lower end.
 * @param high The upper end.
 */
export function digitsFor(low: number, high: number): number {
  const distance = Math.max(Math.abs(low), Math.abs(high));
  const more = Math.floor(Math.log10(distance / (high - low)));
  return high > low ? Math.min(15, 4 + Math.max(0, more)) : 4;
}

/**
 * Returns an integer with thousands separators: `4,752`.
 *
 * @param count A whole number.
 */
export function formatCount(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}

/**
 * Returns a count and what it counts, in the plural unless it is one:
 * `2 elements`.
 *
 * @param count A whole number.
 * @param word What is counted, in the singular.
 */
export function plural(count: number, word: string): string {
  return `${formatCount(count)} ${word}${count === 1 ? "" : "s"}`;
}

/**
 * Returns a share as a percentage that is never rounded to none or all.
 *
 * @param share In [0, 1].
 */
export function formatShare(share: number): string {
  const percent = share * 100;
  if (percent > 0 && percent < 0.1) return "below 0.1 %";
  if (percent < 100 && percent > 99.9) return "above 99.9 %";
  return `${trimZeros(percent.toFixed(1))} %`;
}

/**
 * Returns a function that rounds numbers to an invisible decimal place: a
 * hundred-thousandth of a span or less.
 *
 * @param span What the picture spans, above 0.
 */
export function rounder(span: number): (value: number) => number {
  const decimals = Math.max(0, Math.ceil(5 - Math.log10(span)));
  // Beyond the decimals that JavaScript writes, digits are counted.
  return decimals <= 100
    ? (value) => Number(value.toFixed(decimals))
    : (value) => Number(value.toPrecision(6));
}

function trimZeros(text: string): string {
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}
