/**
 * Undoes `lib/display/pack.ts`, by bigints and not as the page script does.
 *
 * @module
 */

/**
 * Returns the text that was packed.
 *
 * @param packed Digits in base 85, of a deflated text.
 */
export async function unpack(packed: string): Promise<string> {
  const digits = [...packed].map((char) => {
    const index = "xyz".indexOf(char);
    return (index < 0 ? char : "<\\/"[index]).charCodeAt(0) - 35;
  });
  const bytes: number[] = [];
  for (let start = 0; start < digits.length; start += 5) {
    const group = digits.slice(start, start + 5);
    const full = [...group, 84, 84, 84, 84].slice(0, 5);
    const value = full.reduce((sum, digit) => sum * 85n + BigInt(digit), 0n);
    const hex = value.toString(16).padStart(8, "0");
    bytes.push(...Uint8Array.fromHex(hex).subarray(0, group.length - 1));
  }
  const stream = new Blob([Uint8Array.from(bytes)]).stream()
    .pipeThrough(new DecompressionStream("deflate-raw"));
  return await new Response(stream).text();
}
