/**
 * Unpacks what fanin's outputs carry, for comparisons and tests.
 *
 * Deflating gives other bytes on other machines. What is deflated is the same.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { inflateRawSync } from "node:zlib";

const ELEMENT = /(<script type="text\/plain"([^>]*)>)([^<]*)(?=<\/script>)/g;

/**
 * Returns the text that was packed: deflated, in base64.
 *
 * @param packed What `lib/notebook/plotly.ts` wrote.
 * @throws {Error} If it does not unpack.
 */
export function unpack(packed: string): string {
  return inflateRawSync(Buffer.from(packed, "base64")).toString();
}

/**
 * Returns HTML with explorers unpacked, and without the text of the library,
 * whose hash stays.
 *
 * @param html An output's HTML.
 */
export function unpackScripts(html: string): string {
  return html.replace(
    ELEMENT,
    (_, tag: string, attributes: string, packed: string) =>
      attributes.includes("data-fanin-library")
        ? tag
        : tag + unpackOrLeave(packed),
  );
}

/** Other text of that type stays as it is. */
function unpackOrLeave(packed: string): string {
  try {
    return unpack(packed);
  } catch {
    return packed;
  }
}
