/**
 * Writes files atomically.
 *
 * @module
 */

/**
 * Writes a text to a file through a temporary one next to it, so an
 * interruption leaves the old file.
 *
 * @param path The file; a link is followed.
 * @param text Its new content.
 */
export async function writeAtomically(
  path: string,
  text: string,
): Promise<void> {
  const target = await Deno.realPath(path).catch(() => path);
  const temporary = `${target}.${crypto.randomUUID()}.tmp`;
  try {
    await Deno.writeTextFile(temporary, text, { createNew: true });
    await Deno.rename(temporary, target);
  } catch (error) {
    await Deno.remove(temporary).catch(() => {});
    throw error;
  }
}
