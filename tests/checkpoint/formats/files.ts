/**
 * Files for tests: made by hand from their parts.
 *
 * @module
 */

import { tensorOf } from "../../../lib/checkpoint/formats/bytes.ts";
import { type Dtype, dtypes } from "../../../lib/core/dtype.ts";
import type { Tensor } from "../../../mod.ts";

/** A tensor in a golden file. */
export interface GoldenTensor {
  readonly name: string;
  /** Its dtype, perhaps as safetensors names it. */
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Its bytes, little-endian and row-major, in hexadecimal. */
  readonly data: string;
}

/**
 * Returns the tensor of a golden file's row.
 *
 * @param row The row.
 */
export function tensorIn({ dtype, shape, data }: GoldenTensor): Tensor {
  const bytes = Uint8Array.fromHex(data);
  return tensorOf("test", bytes, shape, dtypeNamed(dtype));
}

/**
 * Returns the dtype of a name, which may be that of safetensors.
 *
 * @param name The name.
 */
export function dtypeNamed(name: string): Dtype {
  const found = Object.entries(dtypes).find(([own, { safetensors }]) =>
    own === name || safetensors === name
  );
  return found![0] as Dtype;
}

/**
 * Returns a tensor of zeros of any dtype, opaque ones too.
 *
 * @param dtype The dtype.
 * @param shape The shape.
 */
export function zeros(dtype: Dtype, shape: readonly number[]): Tensor {
  const bytes = shape.reduce((a, b) => a * b, 1) * dtypes[dtype].bits / 8;
  return tensorOf("test", new Uint8Array(bytes), shape, dtype);
}

/**
 * Returns a safetensors file of any header.
 *
 * @param header The JSON's text or bytes, or what becomes it.
 * @param data The bytes after the header, or how many zeros they are.
 * @param length What the first 8 bytes say. Default: the header's length.
 */
export function safetensorsFile(
  header: string | Uint8Array | object,
  data: Uint8Array | number = 0,
  length?: bigint,
): Uint8Array<ArrayBuffer> {
  const text = header instanceof Uint8Array ? header : new TextEncoder().encode(
    typeof header === "string" ? header : JSON.stringify(header),
  );
  const rest = typeof data === "number" ? new Uint8Array(data) : data;
  const bytes = new Uint8Array(8 + text.length + rest.length);
  new DataView(bytes.buffer)
    .setBigUint64(0, length ?? BigInt(text.length), true);
  bytes.set(text, 8);
  bytes.set(rest, 8 + text.length);
  return bytes;
}

/**
 * Returns a tensor's entry in a safetensors header.
 *
 * @param dtype The dtype as the format names it.
 * @param shape The shape.
 * @param start Where its bytes begin.
 * @param end Where they end.
 */
export function entry(
  dtype: unknown,
  shape: unknown,
  start: unknown,
  end: unknown,
): object {
  return { dtype, shape, data_offsets: [start, end] };
}

/**
 * Returns an npy file of any header.
 *
 * @param header The header's text, without the line feed at its end.
 * @param data The bytes after the header, or how many zeros they are.
 * @param version The format's version.
 */
export function npyFile(
  header: string,
  data: Uint8Array | number = 0,
  version = 1,
): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder().encode(`${header}\n`);
  const size = version === 1 ? 2 : 4;
  const rest = typeof data === "number" ? new Uint8Array(data) : data;
  const length = Array.from(
    { length: size },
    (_, i) => text.length >> 8 * i & 255,
  );
  return Uint8Array.from([
    0x93,
    ...new TextEncoder().encode("NUMPY"),
    version,
    0,
    ...length,
    ...text,
    ...rest,
  ]);
}
