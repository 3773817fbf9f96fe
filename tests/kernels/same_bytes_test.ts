import { assertEquals } from "@std/assert";
import {
  currentKernel,
  empty,
  Generator,
  init,
  type Tensor,
  useKernel,
} from "../../mod.ts";
import type { FloatDtype } from "../../lib/core/dtype.ts";
import {
  type KernelName,
  kernelNames,
} from "../../lib/numerics/kernels/kernel.ts";
import { bytesOf } from "../golden/golden.ts";

const dtypes: readonly FloatDtype[] = [
  "float32",
  "float64",
  "float16",
  "bfloat16",
];

/** Around the ends of a group of 16, a block of 512 and the state's 624 words. */
const lengths = [
  ...Array(101).keys(),
  ...[255, 256, 495, 496, 497, 511, 512, 513, 527, 528, 529, 623, 624, 625],
  ...[1023, 1024, 1025, 1039, 1040, 1041, 1247, 1248, 1249, 10_007],
];

/** Fills, some of which the compiled code has to leave to TypeScript. */
const fills: Readonly<
  Record<string, (tensor: Tensor, generator: Generator) => void>
> = {
  "U(0, 1)": (t, generator) => init.uniform(t, { generator }),
  "U(-0.3, 0.3)": (t, generator) =>
    init.uniform(t, { low: -0.3, high: 0.3, generator }),
  "U(1, 1.0001), where many are the upper end": (t, generator) =>
    init.uniform(t, { low: 1, high: 1.0001, generator }),
  "U(-1, 0), whose upper end has two signs": (t, generator) =>
    init.uniform(t, { low: -1, high: 0, generator }),
  "U(0, 1e-37), whose steps are too small for float32": (t, generator) =>
    init.uniform(t, { high: 1e-37, generator }),
  "U(2, 2)": (t, generator) => init.uniform(t, { low: 2, high: 2, generator }),
  "N(0, 1)": (t, generator) => init.normal(t, { generator }),
  "N(-0.7, 0.02)": (t, generator) =>
    init.normal(t, { mean: -0.7, std: 0.02, generator }),
  "N(-0, 0)": (t, generator) => init.normal(t, { mean: -0, std: 0, generator }),
  "N(0, 1e5), beyond float16": (t, generator) =>
    init.normal(t, { std: 1e5, generator }),
  "N(0, 1e-6), small in float16": (t, generator) =>
    init.normal(t, { std: 1e-6, generator }),
  "N(0, 1) in [-2, 2]": (t, generator) => init.truncNormal(t, { generator }),
  "N(1, 2) in [-0.5, 1.2], many rounds": (t, generator) =>
    init.truncNormal(t, { mean: 1, std: 2, low: -0.5, high: 1.2, generator }),
  "N(0, 1) in [2, 3], of uniforms": (t, generator) =>
    init.truncNormal(t, { low: 2, high: 3, generator }),
};

/** The bytes of a fill at each length, one generator after the other. */
function bytesBy(
  kernel: KernelName,
  fill: (tensor: Tensor, generator: Generator) => void,
  dtype: FloatDtype,
): string[] {
  useKernel(kernel);
  try {
    const generator = new Generator(1);
    return lengths.map((length) => {
      const tensor = empty([length], { dtype });
      fill(tensor, generator);
      assertEquals(currentKernel(), kernel);
      return `${length}: ${
        bytesOf(tensor).toHex()
      } ${generator.getState().toHex()}`;
    });
  } finally {
    useKernel("auto");
  }
}

/** The bytes that TypeScript makes serve both compiled kernels. */
const byTypeScript = new Map<string, string[]>();

for (const kernel of kernelNames.filter((name) => name !== "typescript")) {
  for (const dtype of dtypes) {
    for (const [law, fill] of Object.entries(fills)) {
      Deno.test(`${kernel} makes the bytes of TypeScript: ${law}, ${dtype}`, () => {
        const expected = byTypeScript.getOrInsertComputed(
          `${law}, ${dtype}`,
          () => bytesBy("typescript", fill, dtype),
        );
        bytesBy(kernel, fill, dtype).forEach((bytes, i) => {
          if (bytes !== expected[i]) assertEquals(bytes, expected[i]);
        });
      });
    }
  }
}
