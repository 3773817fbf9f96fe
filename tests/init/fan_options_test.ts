import { assertEquals } from "@std/assert";
import { fan, type FanOptions } from "../../mod.ts";
import { readGolden } from "../golden/golden.ts";

interface Case {
  readonly shape: number[];
  readonly axes: Record<"in" | "out" | "batch", number | number[]>;
  readonly fanIn: number;
  readonly fanOut: number;
}

for (
  const { shape, axes, ...counts } of await readGolden<Case>("fan_jax.json")
) {
  Deno.test(`fan of [${shape}] with axes ${JSON.stringify(axes)} is JAX's`, () => {
    const { fanIn, fanOut, receptiveField } = fan(shape, { axes });
    assertEquals({ fanIn, fanOut }, counts);
    const inputs = [axes.in].flat().map((axis) => shape.at(axis)!);
    assertEquals(receptiveField, fanIn / inputs.reduce((a, b) => a * b, 1));
  });
}

Deno.test("options at their defaults count as PyTorch does", () => {
  const plain = fan([33, 16, 3, 5]);
  const defaults: FanOptions[] = [
    {},
    { groups: 1, transposed: false, stride: 1, fused: 1, axes: {} },
    { stride: [1, 1], axes: { in: 1, out: [0], batch: [] } },
    {
      groups: undefined,
      transposed: undefined,
      stride: undefined,
      fused: undefined,
      axes: undefined,
    },
  ];
  for (const options of defaults) {
    const counts = fan([33, 16, 3, 5], options);
    assertEquals(counts, plain);
    assertEquals(String(counts), String(plain));
    assertEquals(counts.derivation, plain.derivation);
  }
});

Deno.test("fused matrices count as one of them alone", () => {
  const size = 64;
  const qkv = fan([3 * size, size], { fused: 3 });
  assertEquals({ ...qkv }, { ...fan([size, size]) });
  const bound = (fanIn: number, fanOut: number) =>
    Math.sqrt(6 / (fanIn + fanOut));
  assertEquals(bound(qkv.fanIn, qkv.fanOut), Math.sqrt(6 / (2 * size)));
  const { fanIn, fanOut } = fan([3 * size, size]);
  assertEquals(bound(fanIn, fanOut), Math.sqrt(6 / (4 * size)));

  assertEquals({ ...fan([4 * 7, 5], { fused: 4 }) }, { ...fan([7, 5]) });
  assertEquals(
    { ...fan([4 * 7, 5, 3, 3], { fused: 4, stride: 2 }) },
    { ...fan([7, 5, 3, 3], { stride: 2 }) },
  );
  assertEquals(
    { ...fan([5, 4 * 7, 3], { fused: 4, stride: 2, transposed: true }) },
    { ...fan([5, 7, 3], { stride: 2, transposed: true }) },
  );
  assertEquals(
    { ...fan([5, 4 * 7], { fused: 4, axes: { in: 0, out: 1 } }) },
    { ...fan([7, 5]) },
  );
});

Deno.test("fan prints what divides its counts", () => {
  assertEquals(
    String(fan([8, 3, 3, 5], { transposed: true, groups: 4, stride: [2, 1] })),
    `fan of a weight of shape [8, 3, 3, 5]
  axis 0: 8 input, groups 4
  axis 1: 3 output
  axis 2: 3 kernel, stride 2
  axis 3: 5 kernel
  receptive field = 3 · 5 = 15
  mean fan in     = 8/4 · 15/2 = 15
  fan out         = 3 · 15 = 45`,
  );
  assertEquals(
    String(fan([2, 5, 3, 4], {
      axes: { in: 2, out: -1, batch: 0 },
      groups: 2,
      stride: 3,
    })),
    `fan of a weight of shape [2, 5, 3, 4]
  axis 0: 2 batch
  axis 1: 5 kernel, stride 3
  axis 2: 3 input
  axis 3: 4 output, groups 2
  receptive field = 5
  fan in          = 3 · 5 = 15
  mean fan out    = 4/2 · 5/3 ≈ 3.3333333`,
  );
  assertEquals(
    String(fan([6, 2], { fused: 3 })),
    `fan of a weight of shape [6, 2]
  axis 0: 6 output, fused 3
  axis 1: 2 input
  receptive field = 1
  fan in          = 2 · 1 = 2
  fan out         = 6/3 · 1 = 2`,
  );
  assertEquals(
    String(fan([3], { axes: { in: [], out: [] }, stride: 2 })),
    `fan of a weight of shape [3]
  axis 0: 3 kernel, stride 2
  receptive field = 3
  fan in          = 3
  mean fan out    = 3/2 = 1.5`,
  );
});
