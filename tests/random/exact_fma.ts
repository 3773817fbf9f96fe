/**
 * True fused multiply-adds to compare with: slow, and right by construction.
 *
 * @module
 */

/**
 * Returns a · b + c for float32 numbers, rounded once to float32.
 *
 * The product is exact in double. The rounded sum goes wrong only where the
 * double is a tie between two float32 and was itself rounded; its error, exact
 * by Knuth's two-sum, then decides.
 */
export function exactFma32(a: number, b: number, c: number): number {
  const product = a * b;
  const sum = product + c;
  const back = sum - product;
  const error = (product - (sum - back)) + (c - back);
  const rounded = Math.fround(sum);
  const other = rounded + 2 * (sum - rounded);
  const tie = rounded !== sum && Math.fround(other) === other;
  if (!tie || error === 0) return rounded;
  return error > 0 ? Math.max(rounded, other) : Math.min(rounded, other);
}

/** Returns a · b + c for doubles, rounded once, by integer arithmetic. */
export function exactFma64(a: number, b: number, c: number): number {
  const [x, y, z] = [split(a), split(b), split(c)];
  const exponent = Math.min(x.exponent + y.exponent, z.exponent);
  const product = (x.integer * y.integer) <<
    BigInt(x.exponent + y.exponent - exponent);
  return join(product + (z.integer << BigInt(z.exponent - exponent)), exponent);
}

/** A double as integer · 2^exponent. */
function split(value: number): { integer: bigint; exponent: number } {
  let exponent = 0;
  let integer = value;
  while (!Number.isInteger(integer)) {
    integer *= 2;
    exponent--;
  }
  return { integer: BigInt(integer), exponent };
}

/** integer · 2^exponent, rounded to the nearest double, ties to even. */
function join(integer: bigint, exponent: number): number {
  // The conversion of a bigint rounds so; what follows is exact.
  return Number(integer) * 2 ** exponent;
}

/** The functions of `normal.ts`. */
export type Cephes = typeof import("../../lib/random/torch/normal.ts");

/** Returns `normal.ts` as it is, but with {@linkcode exactFma32} inside. */
export async function exactCephes(): Promise<Cephes> {
  const url = new URL("../../lib/random/torch/normal.ts", import.meta.url);
  const source = await Deno.readTextFile(url);
  const without = source.replace(
    `import { fma32 } from "../../numerics/float.ts";\n`,
    "",
  );
  if (without === source) throw new Error("normal.ts imports no fma32");
  const changed =
    `import { exactFma32 as fma32 } from "${import.meta.url}";\n` +
    without.replaceAll(
      /from "(\.[^"]+)"/g,
      (_, path) => `from "${new URL(path, url)}"`,
    );
  const blob = new Blob([changed], { type: "application/typescript" });
  return await import(URL.createObjectURL(blob));
}

/**
 * Returns in how many places Box–Muller's logarithm, sine and cosine change
 * with the exact fma, over every `stride`-th of the 2^24 uniforms.
 */
export async function countDifferences(stride: number): Promise<number> {
  const ours = await import("../../lib/random/torch/normal.ts");
  const exact = await exactCephes();
  const twoPi = Math.fround(2 * Math.PI);
  const [a, b] = [new Float32Array(2), new Float32Array(2)];
  let differences = 0;
  for (let k = 0; k < 2 ** 24; k += stride) {
    const uniform = k * 2 ** -24;
    if (ours.log32(1 - uniform) !== exact.log32(1 - uniform)) differences++;
    const angle = Math.fround(twoPi * uniform);
    ours.sinCos32(angle, a);
    exact.sinCos32(angle, b);
    if (a[0] !== b[0]) differences++;
    if (a[1] !== b[1]) differences++;
  }
  return differences;
}
