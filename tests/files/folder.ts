/**
 * Tests that write files.
 *
 * @module
 */

/**
 * Runs a test in a folder of its own.
 *
 * @param name The test's name.
 * @param test The test.
 */
export function inFolder(
  name: string,
  test: (folder: string) => Promise<void>,
): void {
  Deno.test(name, async () => {
    const folder = await Deno.makeTempDir();
    try {
      await test(folder);
    } finally {
      await Deno.chmod(folder, 0o700);
      await Deno.remove(folder, { recursive: true });
    }
  });
}

/**
 * Returns the names in a folder, sorted.
 *
 * @param folder The folder.
 */
export function namesIn(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
}
