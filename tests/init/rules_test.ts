/**
 * Rules that PyTorch does not name, and the ends of those that it does: numbers
 * of JAX, drawn by PyTorch's generator.
 *
 * @module
 */

import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  type Distribution,
  empty,
  expectationOf,
  filledBy,
  Generator,
  init,
  tensor,
} from "../../mod.ts";
import {
  differenceOf,
  fillsOf,
  type InitCase,
  normalBound,
} from "../golden/exactness.ts";
import {
  assertState,
  digestOf,
  parseHexFloat,
  readGolden,
} from "../golden/golden.ts";

interface Scaling {
  readonly shape: number[];
  readonly options: {
    readonly scale: number;
    readonly mode: "fan_in" | "fan_out" | "fan_avg" | "fan_geo_avg";
    readonly distribution: "truncatedNormal" | "normal" | "uniform";
    readonly axes?: object;
  };
  readonly factor: string;
}

const dtypes = ["float32", "float64", "float16", "bfloat16"] as const;

for (const row of await readGolden<Scaling>("scaling_jax.json")) {
  const { shape, options } = row;
  Deno.test(`varianceScaling of [${shape}] ${JSON.stringify(options)} has JAX's numbers`, () => {
    const factor = parseHexFloat(row.factor);
    const expected: Distribution = options.distribution === "uniform"
      ? { kind: "uniform", low: -factor, high: factor }
      : options.distribution === "normal"
      ? { kind: "normal", mean: 0, std: factor }
      : {
        kind: "truncatedNormal",
        mean: 0,
        std: factor,
        low: -2 * factor,
        high: 2 * factor,
      };
    for (const dtype of dtypes) {
      const target = { shape, dtype };
      const found = init.varianceScaling.distribution(target, options);
      assertEquals(found, expected);
    }
    const { mean, std } = expectationOf(expected, shape);
    assertEquals(mean, 0);
    const before = options.distribution === "uniform"
      ? factor / Math.sqrt(3)
      : options.distribution === "normal"
      ? factor
      : factor * 0.87962566103423978;
    assert(Math.abs(std / before - 1) < 1e-14, `${std} is not ${before}`);
    const { scale, mode, distribution } = options;
    if (scale !== 1 || mode !== "fan_in" || distribution === "normal") return;
    const lecun = distribution === "uniform"
      ? init.lecunUniform
      : init.lecunNormal;
    const axes = options.axes === undefined ? {} : { axes: options.axes };
    assertEquals(
      lecun.distribution({ shape, dtype: "float32" }, axes),
      expected,
    );
  });
}

type Rule =
  & Omit<InitCase, "results">
  & ({ readonly results: InitCase["results"] } | { readonly refused: string });

for (const [index, row] of (await readGolden<Rule>("rules.json")).entries()) {
  const { fn, shape, dtype, seed } = row;
  const options = Object.fromEntries(
    Object.entries(row.options).map(([name, value]) => [
      name,
      String(value).endsWith("Infinity") ? Number(value) : value,
    ]),
  );
  const label = `${index}: init.${fn} ${Deno.inspect(options)}`;
  if ("refused" in row) {
    Deno.test(`${label} is refused, as by PyTorch`, () => {
      const w = tensor([1, 2, 3, 4]);
      assertThrows(
        () => init.truncNormal(w, options),
        RangeError,
        "must be finite",
      );
      assertEquals(w.toArray(), [1, 2, 3, 4]);
    });
    continue;
  }
  Deno.test(`${label} of [${shape}] ${dtype} is drawn as by PyTorch`, async () => {
    const generator = new Generator(BigInt(seed));
    for (const [filled, expected] of fillsOf({ ...row, options }, generator)) {
      if ("bytes" in expected) {
        const difference = await differenceOf(filled, expected);
        assert(difference <= normalBound, `off by ${difference}`);
      } else if (dtype !== "float64") {
        assertEquals(await digestOf(filled), expected);
      }
    }
    await assertState(generator, row.state);
  });
}

Deno.test("a gain of Kaiming's takes the place of the nonlinearity's", () => {
  for (const mode of ["fan_in", "fan_out"] as const) {
    const options = { mode, gain: 1.7, generator: new Generator(3) };
    const w = init.kaimingNormal(empty([12, 4, 3]), options);
    const std = 1.7 / Math.sqrt(mode === "fan_in" ? 12 : 36);
    const generator = new Generator(3);
    assert(w.equals(init.normal(empty([12, 4, 3]), { std, generator })));
    assertEquals(filledBy(w)?.options, { mode, gain: 1.7 });
    const bound = Math.sqrt(3) * std;
    assertEquals(init.kaimingUniform.distribution(w, { mode, gain: 1.7 }), {
      kind: "uniform",
      low: -bound,
      high: bound,
    });
  }
  const relu = { nonlinearity: "relu" } as const;
  assertEquals(
    init.kaimingNormal.distribution(empty([3, 4]), relu),
    init.kaimingNormal.distribution(empty([3, 4]), { gain: Math.SQRT2 }),
  );
});

Deno.test("a density that is 0 wherever the dtype has a number is refused", () => {
  const far: [(typeof dtypes)[number], object][] = [
    ["float16", { low: 300, high: 301 }],
    ["float16", { low: -301, high: -300 }],
    ["float16", { low: 300, high: 300 }],
    ["float32", { low: 1e6 + 0.3, high: 1e6 + 0.4, std: 0.7 }],
  ];
  for (const [dtype, options] of far) {
    const generator = new Generator(2);
    const w = tensor([1, 2, 3], { dtype });
    assertThrows(
      () => init.truncNormal(w, { ...options, generator }),
      RangeError,
      `nearer to the mean: in ${dtype}, the density there is 0`,
    );
    assertEquals(w.toArray(), [1, 2, 3]);
    assertEquals(generator.getState(), new Generator(2).getState());
  }
});

Deno.test("ends far from the mean that PyTorch's loop does accept are drawn", () => {
  const near: [(typeof dtypes)[number], object][] = [
    ["float16", { low: 20, high: 21 }],
    ["float16", { low: -21, high: -20 }],
    ["bfloat16", { low: 30, high: 31 }],
    ["bfloat16", { low: 300, high: 301 }],
    ["float32", { low: 20, high: 21 }],
    ["float64", { low: -300, high: -299.9 }],
  ];
  for (const [dtype, options] of near) {
    const w = init.truncNormal(empty([5], { dtype }), {
      ...options,
      generator: new Generator(4),
    });
    const { low, high } = options as { low: number; high: number };
    for (const value of w.toArray() as number[]) {
      assert(value >= low && value <= high + 1, `${value} of ${dtype}`);
    }
  }
});
