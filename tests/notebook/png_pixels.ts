/**
 * The pixels of a PNG file of 8-bit RGBA, not interlaced.
 *
 * @module
 */

/** A picture's size and its pixels. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** Red, green, blue and opacity of each pixel, row by row. */
  readonly rgba: Uint8Array;
}

const channels = 4;

/** What each filter takes for a byte, from those at its left and above. */
const guesses: readonly ((
  left: number,
  up: number,
  corner: number,
) => number)[] = [
  () => 0,
  (left) => left,
  (_, up) => up,
  (left, up) => (left + up) >> 1,
  paeth,
];

/**
 * Returns the pixels of a PNG file.
 *
 * @param bytes The file.
 * @throws {SyntaxError} If it is not a PNG of this form.
 */
export async function decodePng(
  bytes: Uint8Array<ArrayBuffer>,
): Promise<Pixels> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [width, height] = [view.getUint32(16), view.getUint32(20)];
  const form = [24, 25, 26, 27, 28].map((at) => bytes[at]).join();
  if (view.getBigUint64(0) !== 0x89504e470d0a1a0an || form !== "8,6,0,0,0") {
    throw new SyntaxError("Cannot read a PNG: it must be 8-bit RGBA");
  }
  const packed: Uint8Array<ArrayBuffer>[] = [];
  for (let at = 8; at < bytes.length; at += 12 + view.getUint32(at)) {
    if (view.getUint32(at + 4) !== 0x49444154) continue; // "IDAT"
    packed.push(bytes.subarray(at + 8, at + 8 + view.getUint32(at)));
  }
  const stream = new Blob(packed).stream()
    .pipeThrough(new DecompressionStream("deflate"));
  const rows = new Uint8Array(await new Response(stream).arrayBuffer());
  return { width, height, rgba: unfilter(rows, width, height) };
}

/** Each row is a filter's number, and its bytes as that filter left them. */
function unfilter(rows: Uint8Array, width: number, height: number): Uint8Array {
  const length = width * channels;
  const rgba = new Uint8Array(length * height);
  for (let y = 0; y < height; y++) {
    const filter = rows[y * (length + 1)];
    for (let x = 0; x < length; x++) {
      const at = y * length + x;
      const left = x < channels ? 0 : rgba[at - channels];
      const up = y === 0 ? 0 : rgba[at - length];
      const corner = x < channels || y === 0 ? 0 : rgba[at - length - channels];
      const guess = guesses[filter](left, up, corner);
      rgba[at] = rows[y * (length + 1) + 1 + x] + guess;
    }
  }
  return rgba;
}

function paeth(left: number, up: number, corner: number): number {
  const a = Math.abs(up - corner);
  const b = Math.abs(left - corner);
  const c = Math.abs(left + up - 2 * corner);
  return a <= b && a <= c ? left : b <= c ? up : corner;
}
