/**
 * The examples in comments and documents, as `deno test --doc` finds them.
 *
 * @module
 */

/** An example. */
export interface Example {
  /** Its file and lines: `mod.ts#3-9.ts`. */
  readonly name: string;
  /** Its code, which runs in any folder. */
  readonly code: string;
}

const inComment = /^ *\* ```ts\n((?: *\*.*\n)*?) *\* ```$/gm;
const inDocument = /^```ts\n(.*?)^```$/gms;

/**
 * Returns the examples of a file.
 *
 * @param path Its path from the project's root.
 * @param text Its text.
 * @param root The project's root, with a slash at its end.
 */
export function examplesOf(path: string, text: string, root: URL): Example[] {
  const isDocument = path.endsWith(".md");
  const blocks = text.matchAll(isDocument ? inDocument : inComment);
  return [...blocks].map(({ 0: block, 1: code, index }) => {
    const start = linesOf(text.slice(0, index));
    return {
      name: `${path}#${start}-${start + linesOf(block)}.ts`,
      code: (isDocument ? code : code.replace(/^ *\* ?/gm, "")).replace(
        /( from |^import )"(\.{1,2}\/.+?)"/gm,
        (_, before, other) =>
          `${before}"${new URL(other, new URL(path, root))}"`,
      ),
    };
  });
}

function linesOf(text: string): number {
  return text.split("\n").length;
}
