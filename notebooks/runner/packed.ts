/**
 * Unpacks what fanin's figures pack into their HTML, for comparisons and tests.
 *
 * Deflating gives other bytes on other machines. What is deflated is the same.
 *
 * @module
 */

import { inflateRawSync } from "node:zlib";

const ELEMENT = /(<script type="text\/plain"([^>]*)>)([^<]*)(?=<\/script>)/g;
/** The replacements for these characters, in order. */
const STAND_INS = "xyz";
const MEANT = "<\\/";

/**
 * Returns the text that was packed: digits in base 85, of a deflated text. JSON,
 * as figures hold it where nothing deflates at once, stays as it is.
 *
 * @param packed What a figure's HTML holds.
 * @throws {Error} If it does not unpack.
 */
export function unpack(packed: string): string {
  if (packed.startsWith("{")) return packed;
  const digits = [...packed].map((char) => {
    const index = STAND_INS.indexOf(char);
    return (index < 0 ? char : MEANT[index]).charCodeAt(0) - 35;
  });
  const bytes: number[] = [];
  for (let start = 0; start < digits.length; start += 5) {
    const group = digits.slice(start, start + 5);
    const full = [...group, 84, 84, 84, 84].slice(0, 5);
    const value = full.reduce((sum, digit) => sum * 85n + BigInt(digit), 0n);
    const hex = value.toString(16).padStart(8, "0");
    bytes.push(...Uint8Array.fromHex(hex).subarray(0, group.length - 1));
  }
  return inflateRawSync(Uint8Array.from(bytes)).toString();
}

/**
 * Returns HTML with figures unpacked, and without the text of the library,
 * whose hash stays.
 *
 * @param html An output's HTML.
 */
export function unpackFigures(html: string): string {
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
