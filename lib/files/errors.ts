/**
 * Errors of the operating system, with what was being done in their message.
 *
 * @module
 */

/**
 * Returns what a step gives; its error gets a sentence that says what was being
 * done and to which file, and keeps its class.
 *
 * @param action What is being done: `write "a.safetensors"`.
 * @param step Does it.
 */
export async function explained<T>(
  action: string,
  step: () => Promise<T>,
): Promise<T> {
  try {
    return await step();
  } catch (error) {
    if (!isFromSystem(error)) throw error;
    const { constructor: Class, message } = error;
    // Deno adds its own call and the path: `: open 'a.safetensors'`.
    const reason = message.replace(/(?<=\(os error \d+\)): \w+ '.*$/s, "");
    throw new (Class as ErrorConstructor)(`Cannot ${action}: ${reason}`, {
      cause: error,
    });
  }
}

/** Deno gives plain errors a class where it has one, else a code. */
function isFromSystem(error: unknown): error is Error {
  return error instanceof Error &&
    (Object.values(Deno.errors).some((Class) => error instanceof Class) ||
      "code" in error || /\(os error \d+\)/.test(error.message));
}
