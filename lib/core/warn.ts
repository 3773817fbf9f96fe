/**
 * Warnings: what is odd but no error.
 *
 * @module
 */

const shown = new Set<string>();

/**
 * Shows a warning on the console, the first time that its text comes.
 *
 * Python's warnings do the same for each place of a program.
 *
 * @param text The warning. With the shape or the numbers concerned in it, each
 * of them is warned of once.
 */
export function warnOnce(text: string): void {
  if (shown.has(text)) return;
  shown.add(text);
  console.warn(text);
}
