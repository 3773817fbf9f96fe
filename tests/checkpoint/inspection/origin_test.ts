/**
 * Which origins of values are recognized, and which are not.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import {
  candidates,
  neighborsOf,
} from "../../../lib/checkpoint/inspection/candidates.ts";
import {
  chanceOf,
  pairsOf,
  precisions,
  sizesOf,
  tryNormal,
  tryUniform,
} from "../../../lib/checkpoint/inspection/lattice.ts";
import { inspect } from "../../../lib/checkpoint/mod.ts";
import type { Origin } from "../../../lib/checkpoint/inspection/result.ts";
import type { Dtype } from "../../../lib/core/dtype.ts";
import { empty, Generator, init, Tensor, tensor } from "../../../mod.ts";
import { nextWord } from "../../golden/golden.ts";

async function originOf(weight: Tensor): Promise<Origin | null> {
  const { tensors: [report] } = await inspect({ weight });
  return report.origin;
}

function normals(shape: number[], std: number, dtype: Dtype = "float32") {
  const generator = new Generator(5);
  return init.normal(
    empty(shape, { dtype: dtype as "float32" }),
    { std, generator },
  );
}

/** Blocks one by one, so that none is left out for the first ones' sake. */
function byBlocks(values: ArrayLike<number>, std: number) {
  let [tried, matched, chances] = [0, 0, 0];
  for (let start = 0; start + 16 <= values.length; start += 16) {
    const block = Float64Array.from(
      { length: 16 },
      (_, i) => values[start + i],
    );
    const single = precisions[24]!;
    const pairs = pairsOf({ values: block, blocks: [0] }, single);
    const found = tryNormal(pairs, std, single);
    tried += found.tried;
    matched += found.matched;
    chances += found.tried * found.byChance;
  }
  return { tried, matched, byChance: chances / tried };
}

Deno.test("strangers are taken for pairs no more often than is said", () => {
  const [fresh, noise] = [normals([80_000], 0.02), normals([80_001], 0.001)];
  const noisy = fresh.toFloat32().map((x, i) => x + noise.toFloat32()[i + 1]);
  const all = byBlocks(fresh.toFloat32(), 0.02);
  assertEquals(all.matched, 40_000);
  const { tried, matched, byChance } = byBlocks(noisy, 0.02);
  assertEquals(tried, 40_000);
  // The bound is 0.052; some 4 standard errors, 0.0044, are let pass.
  assert(byChance < 0.06 && matched / tried < byChance + 0.005);
  assert(matched / tried > 0.5 * byChance, `${matched / tried}`);
  // Values that were multiplied keep their angle: still far from two thirds.
  const scaled = fresh.toFloat32().map((x) => x * 0.97);
  const part = byBlocks(scaled, 0.02);
  assert(part.matched / part.tried < 0.4, `${part.matched / part.tried}`);
});

Deno.test("strangers are taken for uniforms no more often than is said", () => {
  const generator = new Generator(6);
  const fresh = init.uniform(empty([40_000]), {
    low: -0.3,
    high: 0.3,
    generator,
  })
    .toFloat32();
  const noise = normals([40_000], 0.01).toFloat32();
  const noisy = fresh.map((x, i) => x + noise[i]);
  const [all, some] = [fresh, noisy].map((values) => {
    let [matched, chance] = [0, 0];
    for (let i = 0; i < values.length; i += 50) {
      const found = tryUniform(
        sizesOf(values.subarray(i, i + 50)),
        [-0.3, 0.3],
        precisions[24]!,
      );
      matched += found.matched / 40_000;
      chance += found.byChance * found.tried / 40_000;
    }
    return { matched, chance };
  });
  assert(Math.abs(all.matched - 1) < 1e-12);
  assert(some.matched < some.chance + 0.01 && some.chance < 0.45);
});

Deno.test("the bound on chance is that of Hoeffding", () => {
  assertEquals(chanceOf({ tried: 0, matched: 0, byChance: 1 }), 1);
  const all = { tried: 2, matched: 2, byChance: 0.3, allByChance: 0.05 };
  assertEquals(chanceOf(all), 0.05);
  // P(Bin(20, 0.1) >= 10) = 7.1e-6, by SciPy's binom.sf(9, 20, 0.1).
  const bound = chanceOf({ tried: 20, matched: 10, byChance: 0.1 });
  assert(bound > 7.1e-6 && bound < 5e-5, `${bound}`);
});

Deno.test("one changed value of a small tensor is a tensor that is not fresh", async () => {
  const weight = normals([8, 8], 0.02);
  assertEquals((await originOf(weight))?.state, "fresh");
  const data = weight.data as Float32Array;
  const bits = new Int32Array(data.buffer);
  bits[37]++;
  const origin = await originOf(weight);
  assert(origin?.state !== "fresh", origin?.evidence);
});

Deno.test("a partly fresh tensor is reported as such", async () => {
  const weight = normals([1000, 64], 0.02);
  const moves = normals([100 * 64 + 1], 0.001).toFloat32();
  const { data } = weight;
  for (let i = 0; i < 100 * 64; i++) data[i] = Number(data[i]) + moves[i + 1];
  const { findings } = await inspect({ weight });
  const [{ kind, matters, numbers }] = findings;
  assertEquals([kind, matters], ["partlyFresh", false]);
  assert(Math.abs(Number(numbers.share) - 0.9) < 0.02, `${numbers.share}`);
});

Deno.test("zeros that were set later do not hide what is fresh", async () => {
  const weight = normals([64, 64], 0.02);
  for (let i = 0; i < 4096; i += 3) weight.data[i] = 0;
  const origin = await originOf(weight);
  assertEquals([origin?.state, origin?.initializer], [
    "fresh",
    "normal(0, 0.02)",
  ]);
});

Deno.test("normals without a lattice are consistent, and no finding", async () => {
  for (const dtype of ["float16", "bfloat16"] as const) {
    const { tensors, findings } = await inspect({
      weight: normals([300, 200], 0.02, dtype),
    });
    assertEquals(tensors[0].origin?.state, "consistent");
    assertEquals(tensors[0].origin?.initializer, "normal(0, 0.02)");
    assertEquals(findings, []);
  }
});

/** What 48 values may be: uniforms and normals of several sizes. */
function drawn(dtype: Dtype, count: number): Record<string, Tensor> {
  const generator = new Generator(3);
  const of = () => empty([count], { dtype: dtype as "float32" });
  return Object.fromEntries([1, 0.5, 0.1, 0.05, 0.02].flatMap((size) => [
    [
      `uniform ${size}`,
      init.uniform(of(), { low: -size, high: size, generator }),
    ],
    [`normal ${size}`, init.normal(of(), { std: size, generator })],
    // Of the std of a uniform.
    [`normal of ${size}`, init.normal(of(), { std: size / 1.732, generator })],
  ]));
}

const wider = ["float32", "float64"] as const;

Deno.test("values that were rounded and widened do not lie on the lattice for it", async () => {
  for (const count of [24, 48, 400]) {
    const values = drawn("float64", count);
    for (
      const dtype of [
        ...["float16", "bfloat16", "float8_e4m3fn", "float8_e5m2"] as const,
        ...["float32", "fixed"] as const,
      ]
    ) {
      for (const wide of wider) {
        if (dtype === wide) continue;
        for (const [name, value] of Object.entries(values)) {
          // Fixed point of 16 bits, as audio has it.
          const weight = dtype === "fixed"
            ? tensor(value.toFloat32(), { dtype: wide })
            : value.to(dtype).to(wide);
          if (dtype === "fixed") {
            const data = weight.data as Float32Array | Float64Array;
            data.forEach((x, i) => data[i] = Math.round(x * 2 ** 15) / 2 ** 15);
          }
          const { findings } = await inspect({ weight });
          const told = findings.filter(({ kind }) => kind !== "outliers");
          assertEquals(told, [], `${count} of ${name}, ${dtype} in ${wide}`);
        }
      }
    }
  }
});

Deno.test("one value in ten that was not rounded changes nothing", async () => {
  const weight = drawn("float64", 400)["uniform 1"].to("float16")
    .to("float32");
  for (let i = 0; i < 40; i++) weight.data[i * 10] = Math.sin(i) * 0.9;
  assertEquals((await inspect({ weight })).findings, []);
});

Deno.test("widened values are judged as those of their own dtype", async () => {
  for (const dtype of ["float32", "float16", "bfloat16"] as const) {
    let fresh = 0;
    const xavier = init.xavierUniform(empty([60, 100], { dtype }), {
      generator: new Generator(4),
    });
    for (
      const [name, own] of Object.entries({ ...drawn(dtype, 6000), xavier })
    ) {
      const expected = await originOf(own);
      fresh += Number(expected?.state === "fresh");
      for (const wide of wider) {
        const origin = await originOf(own.to(wide));
        assertEquals(origin, expected, `${name}, ${dtype} in ${wide}`);
      }
    }
    // No initializer has the odd std, and only a shape tells of half precision.
    assertEquals(fresh, dtype === "float32" ? 11 : 1, dtype);
  }
});

/** Weights of few levels, times one float32. */
const levels: Readonly<Record<string, (index: number) => number>> = {
  signs: (index) => index & 1 ? 1 : -1,
  ternary: (index) => index % 3 - 1,
  int4: (index) => index % 16 - 8,
  int8: (index) => index % 255 - 127,
};

Deno.test("few levels times a scale are never fresh, whatever the scale", async () => {
  const words = new Generator(12);
  const wrong: string[] = [];
  for (const shape of [[8, 8], [16, 64], [33, 7, 3, 3], [1000]]) {
    const count = shape.reduce((product, size) => product * size, 1);
    // Scales as absmax gives them, and those of the initializers.
    const scales = [
      ...[0.02, 0.05, 1 / Math.sqrt(shape[1] ?? 1000), Math.sqrt(6 / 80)],
      ...Array.from({ length: 12 }, () => nextWord(words) * 2 ** -34),
    ];
    for (const [kind, level] of Object.entries(levels)) {
      for (const scale of scales) {
        const step = Math.fround(scale / (kind === "int8" ? 127 : 1));
        const values = Float32Array.from(
          { length: count },
          () => level(nextWord(words) >>> 8) * step,
        );
        const origin = await originOf(new Tensor(values, shape, "float32"));
        if (origin?.state === "fresh" || origin?.state === "partly") {
          wrong.push(`${kind} [${shape}] × ${step}: ${origin.initializer}`);
        }
      }
    }
  }
  assertEquals(wrong, []);
});

Deno.test("JAX's uniforms lie on the lattice, too", async () => {
  // As jax.nn.initializers.glorot_uniform makes them: 23 bits, times a float32.
  const generator = new Generator(8);
  const bound = Math.fround(Math.sqrt(6 / 160));
  const values = Float32Array.from({ length: 6000 }, () => {
    const uniform = (nextWord(generator) >>> 9) * 2 ** -22 - 1;
    return uniform * bound;
  });
  const origin = await originOf(new Tensor(values, [60, 100], "float32"));
  assertEquals([origin?.state, origin?.initializer], [
    "fresh",
    "xavierUniform(100 + 60)",
  ]);
  assert(origin!.evidence.includes("lattice"), origin!.evidence);
});

Deno.test("uniforms without a lattice are recognized by ends and distribution", async () => {
  const bound = Math.sqrt(6 / 160);
  const drawn = init.uniform(empty([6000], { dtype: "float64" }), {
    low: -bound,
    high: bound,
    generator: new Generator(9),
  });
  const values = Float32Array.from(drawn.data as Float64Array);
  const fresh = new Tensor(values, [60, 100], "float32");
  const origin = await originOf(fresh);
  assertEquals([origin?.state, origin?.initializer], [
    "fresh",
    "xavierUniform(100 + 60)",
  ]);
  assert(origin!.evidence.includes("Kolmogorov"), origin!.evidence);
  const noise = normals([6000], 0.05 * bound / Math.sqrt(3)).toFloat32();
  const noisy = values.map((x, i) => x + noise[i]);
  assertEquals(await originOf(new Tensor(noisy, [60, 100], "float32")), null);
  const few = new Tensor(values.slice(0, 600), [6, 100], "float32");
  assert((await originOf(few))?.state !== "fresh");
});

Deno.test("a file's rounding hides what was drawn", async () => {
  // Levels from -1/8 to 1/8, evenly: as uniform as 512 values can be.
  const levels = Array.from({ length: 512 }, (_, i) => i * 37 % 512 * 128);
  const weight = tensor(levels.map((level) => level / 262_140 - 0.125));
  const info = { dtype: "float32", shape: [8, 64], bytes: 512 } as const;
  const quantization = {
    dtype: "uint16",
    scale: 1 / 262_140,
    min: -0.125,
  } as const;
  assert(await originOf(weight.reshape([8, 64])) !== null);
  const { tensors, findings } = await inspect({
    metadata: {},
    tensors: { weight: { ...info, quantization } },
    read: () => Promise.resolve(weight),
  });
  assertEquals(tensors[0].quantization, quantization);
  assertEquals([tensors[0].origin, findings], [null, []]);
});

Deno.test("a convolution's fan-out is tried, and Keras's layout", async () => {
  const generator = new Generator(10);
  const fill = { mode: "fan_out", nonlinearity: "relu", generator } as const;
  const torch = init.kaimingNormal(empty([40, 16, 3, 3]), fill);
  assertEquals(
    (await originOf(torch))?.initializer,
    "kaimingNormal(fan 360, relu)",
  );
  const keras = init.uniform(empty([3, 3, 16, 32]), {
    low: -Math.sqrt(6 / 432),
    high: Math.sqrt(6 / 432),
    generator,
  });
  assertEquals(
    (await originOf(keras))?.initializer,
    "xavierUniform(144 + 288)",
  );
});

Deno.test("a candidate comes once, and none without a spread", () => {
  const neighbors = neighborsOf({ "3.weight": { shape: [64, 64] } });
  const spread = { largest: 0.2, std: 0.1, error: 0.01 };
  const found = candidates("3.weight", neighbors, spread);
  const texts = found.map(({ distribution }) => JSON.stringify(distribution));
  assertEquals(new Set(texts).size, texts.length);
  assert(found.every(({ expected }) => expected.std > 0));
});
