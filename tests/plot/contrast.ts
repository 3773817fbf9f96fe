/**
 * How well text is seen on a background.
 *
 * @see Web Content Accessibility Guidelines 2.2, "relative luminance" and
 * "contrast ratio"; 1.4.3 asks for 4.5 at least
 * @module
 */

/** The least contrast of text. */
export const least = 4.5;

/**
 * Returns the contrast of two colors, in [1, 21].
 *
 * @param one Red, green and blue, in [0, 255].
 * @param other Likewise.
 */
export function contrast(
  one: readonly number[],
  other: readonly number[],
): number {
  const [low, high] = [one, other].map(luminance).sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

/** Returns red, green and blue of `#rrggbb`, `rgb(r, g, b)` or opaque `rgba()`. */
export function channels(color: string): number[] {
  if (color.startsWith("#")) {
    return [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16));
  }
  const found = /^rgba?\((\d+), ?(\d+), ?(\d+)(?:, ?1)?\)$/.exec(color);
  if (found === null) throw new Error(`No channels in ${color}`);
  return found.slice(1).map(Number);
}

function luminance(color: readonly number[]): number {
  const [red, green, blue] = color.map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
