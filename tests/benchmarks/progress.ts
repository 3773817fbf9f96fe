/**
 * What people see while a benchmark runs, on standard error.
 *
 * @module
 */

/**
 * Shows a line in the place of the last on a terminal; elsewhere, those that
 * begin something new are a line each.
 *
 * @param line The line; empty to clear it.
 * @param isNew Whether something begins.
 */
export function showProgress(line: string, isNew = false): void {
  if (Deno.stderr.isTerminal()) {
    Deno.stderr.writeSync(new TextEncoder().encode(`\r${line}\x1b[K`));
  } else if (isNew) console.error(line);
}
