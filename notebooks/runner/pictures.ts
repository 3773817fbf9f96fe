/**
 * Pictures that Markdown cells name by relative paths.
 *
 * @module
 */

import { extname, join } from "node:path";
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
 * Returns a source of pictures that reads files.
 *
 * @param folder The folder from which the paths lead.
 */
export function picturesIn(folder: string): PictureSource {
  return (path) => {
    const type = TYPES[extname(path).toLowerCase()];
    try {
      const bytes = Deno.readFileSync(join(folder, decodeURI(path)));
      return type && `data:${type};base64,${bytes.toBase64()}`;
    } catch {
      return; // The page then shows the picture's alternative text.
    }
  };
}
