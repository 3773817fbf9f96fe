/**
 * Pictures that Markdown cells name by relative paths.
 *
 * @module
 */

import { extname, join, sep } from "node:path";
import type { PictureSource } from "./markdown.ts";

const TYPES: Readonly<Record<string, string>> = {
  ".gif": "image/gif",
  ".jpeg": "image/jpeg",
  ".jpg": "image/jpeg",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".webp": "image/webp",
};

/**
 * Returns a source of pictures that reads files in a folder and below it, and
 * no others, whatever links lead to.
 *
 * @param folder The folder from which the paths lead.
 * @param onMissing Called with each path that gives no picture.
 */
export function picturesIn(
  folder: string,
  onMissing: (path: string) => void = () => {},
): PictureSource {
  return (path) => {
    const type = TYPES[extname(path).toLowerCase()];
    const bytes = type && readWithin(folder, path);
    if (bytes) return `data:${type};base64,${bytes.toBase64()}`;
    onMissing(path); // The page then shows the picture's alternative text.
  };
}

function readWithin(folder: string, path: string): Uint8Array | undefined {
  try {
    const file = Deno.realPathSync(join(folder, decodeURI(path)));
    const inside = join(Deno.realPathSync(folder), sep);
    return file.startsWith(inside) ? Deno.readFileSync(file) : undefined;
  } catch {
    return; // There is none.
  }
}
