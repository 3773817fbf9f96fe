import { assertEquals } from "@std/assert";
import { currentKernel, useKernel } from "../../mod.ts";
import {
  type KernelName,
  kernelNames,
  mostBins,
  readLength,
} from "../../lib/numerics/kernels/kernel.ts";
import {
  countBlocks,
  measureBlock,
  type Reader,
  readerOf,
} from "../../lib/numerics/kernels/statistics.ts";
import { histogram } from "../../lib/numerics/histogram.ts";
import { moments } from "../../lib/numerics/moments.ts";
import { bell, uniform } from "../numerics/samples.ts";

/** Around the ends of blocks, and of what is read together. */
const lengths = [
  ...Array(101).keys(),
  ...[1023, 1024, 1025, 1027, 1028, 2047, 2048, 2049, 3 * 1024, 10_007],
];
const longest = 10_007;

const largest = (2 - 2 ** -23) * 2 ** 127;
const awkward = [
  ...[0, -0, NaN, Infinity, -Infinity, 1, -1, largest, -largest],
  ...[2 ** -149, -(2 ** -149), 2 ** -126],
];

/** A sample with some of its values replaced. */
function replaced(
  values: Float32Array,
  places: readonly number[],
  ...others: readonly number[]
): Float32Array {
  const changed = values.slice();
  places.forEach((place, i) => changed[place] = others[i % others.length]);
  return changed;
}

const normals = Float32Array.from(bell(longest, 3));
const everyThird = normals.map((value, i) => i % 3 === 0 ? 0 : value);

/** Samples of the longest length. */
const samples: Readonly<Record<string, Float32Array>> = {
  "normals": normals,
  "uniforms": Float32Array.from(uniform(longest, 4)),
  "a large mean and a small deviation": normals.map((x) => 1e4 + x / 100),
  "eighths": normals.map((x) => Math.floor(8 * x) / 8),
  // Sums of other samples need no rounding.
  "many magnitudes": normals.map((x, i) => x * 2 ** (7 * i % 80 - 40)),
  "an outlier at a block's start": replaced(normals, [1024], 1e30),
  "zeros of both signs": replaced(everyThird, [0, 1, 2, 3], -0, 0),
  "NaN in one block": replaced(normals, [1500], NaN),
  "infinities in two blocks": replaced(normals, [0, 2047], -Infinity, Infinity),
  "NaN at the ends of blocks": replaced(normals, [1023, 1024, 4095], NaN),
  "only NaN": new Float32Array(longest).fill(NaN),
  "only infinities": new Float32Array(longest).fill(-Infinity),
  "zeros": new Float32Array(longest),
  "only -0": new Float32Array(longest).fill(-0),
  "0.1": new Float32Array(longest).fill(0.1),
  "the largest float32": new Float32Array(longest).fill(largest),
  "the largest of both signs": Float32Array.from(
    { length: longest },
    (_, i) => i % 2 === 0 ? largest : -largest,
  ),
  "too small for normal numbers": normals.map((x) => x * 2 ** -145),
  "all that is awkward": Float32Array.from(
    { length: longest },
    (_, i) => awkward[i % 13 % awkward.length],
  ),
};

/** Finds numbers in a sample's first values. */
type Finder = (values: Float32Array) => readonly number[];

/** Edges of bins by what they are; some the compiled code leaves alone. */
const edgesFor: Readonly<
  Record<string, readonly number[] | Finder>
> = {
  "from the least to the largest": (values) => {
    const { min, max } = moments(values);
    return min < max ? equal(min, max, 100) : [];
  },
  "inside": equal(-1.3, 0.9, 37),
  "all about 1e4": equal(9999.95, 10_000.05, 100),
  "uneven, at the values": (values) =>
    [...new Set(values.filter(Number.isFinite).slice(0, 60))]
      .sort((a, b) => a - b),
  "of one width, at eighths": equal(-4, 4, 64),
  "a little above eighths": equal(-4 + 1e-12, 4 + 1e-12, 64),
  "of one width, but for one": equal(-4, 4, 64).with(9, -2.9),
  "on zero": equal(-1, 1, 2),
  "from zero": equal(0, 1, 10),
  "up to -0": equal(-1, -0, 10),
  "one bin": [-0.5, 0.5],
  "as many as there is room for": equal(-3, 3, mostBins),
  "more than there is room for": equal(-3, 3, mostBins + 1),
  "beyond float32": equal(-1e39, 1e39, 10),
  "all of float32": equal(-largest, largest, 10),
  "up to the largest": equal(0, largest, 10),
  "closer than float32": equal(1, 1 + 2 ** -24, 8),
  "small": equal(-(2 ** -144), 2 ** -144, 5),
};

function equal(low: number, high: number, bins: number): number[] {
  return Array.from(
    { length: bins + 1 },
    (_, i) => low * ((bins - i) / bins) + high * (i / bins),
  );
}

function edgesOf(
  edges: readonly number[] | Finder,
  values: Float32Array,
): readonly number[] {
  return typeof edges === "function" ? edges(values) : edges;
}

/** Does something with a kernel. */
function using<T>(kernel: KernelName, use: () => T): T {
  useKernel(kernel);
  try {
    const result = use();
    assertEquals(currentKernel(), kernel);
    return result;
  } finally {
    useKernel("auto");
  }
}

/** What a kernel finds in a sample's first values, by their number. */
function foundBy(
  kernel: KernelName,
  sample: Float32Array,
  find: Finder,
): (readonly number[])[] {
  // Not at the start of their memory, as views are not.
  const all = new Float32Array(longest + 1);
  all.set(sample, 1);
  return using(
    kernel,
    () => lengths.map((length) => find(all.subarray(1, 1 + length))),
  );
}

/** What TypeScript finds serves both compiled kernels. */
const byTypeScript = new Map<string, (readonly number[])[]>();

function assertSameBits(
  kernel: KernelName,
  name: string,
  sample: Float32Array,
  find: Finder,
): void {
  const expected = byTypeScript.getOrInsertComputed(
    name,
    () => foundBy("typescript", sample, find),
  );
  foundBy(kernel, sample, find).forEach((numbers, i) => {
    const isSame = numbers.length === expected[i].length &&
      numbers.every((number, place) => Object.is(number, expected[i][place]));
    if (isSame) return;
    const [found, wanted] = [numbers, expected[i]].map((each) =>
      Deno.inspect(each, { iterableLimit: Infinity })
    );
    throw new Error(`of ${lengths[i]} values: ${found}, not ${wanted}`);
  });
}

/** What reads an array with a kernel. */
function readerWith(kernel: KernelName, array: Float32Array): Reader {
  return using(kernel, () => readerOf(array)!);
}

for (const kernel of kernelNames.filter((name) => name !== "typescript")) {
  for (const [name, sample] of Object.entries(samples)) {
    Deno.test(`${kernel} finds the moments of TypeScript: ${name}`, () => {
      assertSameBits(
        kernel,
        `moments, ${name}`,
        sample,
        (values) => Object.values(moments(values)),
      );
    });

    Deno.test(`${kernel} finds the counts of TypeScript: ${name}`, () => {
      for (const [places, edges] of Object.entries(edgesFor)) {
        const counts = `counts, ${name}, ${places}`;
        assertSameBits(kernel, counts, sample, (values) => {
          const { counts, count, outside, nonFinite } = histogram(
            values,
            edgesOf(edges, values),
          );
          return [...counts, count, outside, nonFinite];
        });
      }
    });
  }

  Deno.test(`${kernel} is what moments are found with`, () => {
    const block = normals.subarray(0, readLength);
    using(kernel, () => {
      const { found } = readerOf(block)!.kernel;
      const { count, mean, min, max } = moments(block);
      assertEquals([found[0], ...found.subarray(4)], [count, min, max]);
      assertEquals(found[2], mean);
    });
  });

  Deno.test(`${kernel} measures whole blocks of finite values`, () => {
    const changed = replaced(normals, [1030, 2050, 3073], NaN, Infinity, -1e30);
    const reader = readerWith(kernel, changed);
    const measured = [0, 1024, 2048, 3072, 8192, 9216].map((start) =>
      measureBlock(reader, start) !== undefined
    );
    assertEquals(measured, [true, false, false, true, true, false]);
  });

  Deno.test(`${kernel} counts whole blocks, in bins that it can tell apart`, () => {
    const reader = readerWith(kernel, normals);
    const whole = longest - longest % readLength;
    const counted = Object.entries(edgesFor).map(([name, edges]) => {
      const at = edgesOf(edges, normals);
      const tally = new Float64Array(at.length + 1);
      const count = countBlocks(reader, at, tally);
      assertEquals(tally.reduce((sum, inBin) => sum + inBin), count);
      return count === whole ? name : assertEquals(count, 0);
    });
    assertEquals(counted.filter((name) => name !== undefined), [
      "from the least to the largest",
      "inside",
      "of one width, at eighths",
      "a little above eighths",
      "of one width, but for one",
      "on zero",
      "from zero",
      "up to -0",
      "one bin",
      "as many as there is room for",
    ]);
  });
}

Deno.test("compiled code reads no other array than float32, and no short one", () => {
  using("simd", () => {
    assertEquals(readerOf(Float64Array.from(normals)), undefined);
    assertEquals(readerOf([...normals]), undefined);
    assertEquals(readerOf(normals.subarray(0, readLength - 1)), undefined);
  });
  using("typescript", () => assertEquals(readerOf(normals), undefined));
});
