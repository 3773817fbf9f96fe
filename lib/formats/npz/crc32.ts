/**
 * The checksum of zip files.
 *
 * @module
 * @see PKWARE, APPNOTE.TXT 6.3.10, 4.4.7
 */

/** The polynomial's bits, the lowest power first. */
const polynomial = 0xedb88320;

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte;
  for (let bit = 0; bit < 8; bit++) {
    rest = rest & 1 ? rest >>> 1 ^ polynomial : rest >>> 1;
  }
  return rest;
});

/**
 * Returns the CRC-32 of bytes.
 *
 * @param bytes The bytes.
 */
export function crc32(bytes: Uint8Array): number {
  let rest = 0xffffffff;
  for (let i = 0; i < bytes.length; i++) {
    rest = rest >>> 8 ^ table[(rest ^ bytes[i]) & 0xff];
  }
  return ~rest >>> 0;
}
