/**
 * Listens to the console's warnings.
 *
 * @module
 */

/**
 * Returns the warnings that are shown while a function runs.
 *
 * @param run The function.
 */
export function warningsOf(run: () => void): string[] {
  const texts: string[] = [];
  const { warn } = console;
  console.warn = (text: string) => texts.push(text);
  try {
    run();
  } finally {
    console.warn = warn;
  }
  return texts;
}
