/**
 * Numbers of bytes as people read them.
 *
 * @module
 */

const names = ["B", "kB", "MB", "GB", "TB", "PB"];

/**
 * Returns a number of bytes to three digits, in powers of ten: `999 B`,
 * `1.23 GB`.
 *
 * @param bytes How many, at least 0.
 */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  // 999.5 would be rounded to 1000.
  while (value >= (unit === 0 ? 1000 : 999.5) && unit < names.length - 1) {
    value /= 1000;
    unit++;
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  return `${value.toFixed(digits)} ${names[unit]}`;
}
