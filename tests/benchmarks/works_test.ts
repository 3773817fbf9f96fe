import { assertEquals } from "@std/assert";
import { closePools, faninSide, makeLayer } from "./fanin.ts";
import { gpt2, making, resnet50 } from "./tasks.ts";
import { M, worksOf } from "./works.ts";

// The counts that torchvision and the paper give; the head is counted twice.
Deno.test("the models have as many numbers as they are known for", () => {
  const norms = (layers: ReturnType<typeof gpt2>) =>
    layers.filter(({ layer }) =>
      layer.endsWith("Norm2d") || layer === "LayerNorm"
    )
      .reduce((sum, { args }) => sum + 2 * args[0], 0);
  const [resnet, gpt] = [resnet50(), gpt2()];
  assertEquals(making(resnet).elements + norms(resnet), 25_557_032);
  const head = 50_257 * 768;
  assertEquals(making(gpt).elements + norms(gpt) - head, 124_439_808);
});

Deno.test("a layer draws as the task states", () => {
  for (
    const layer of [
      { layer: "Conv2d", args: [3, 8, 5], bias: false },
      { layer: "Conv2d", args: [3, 8, 1] },
      { layer: "Linear", args: [7, 5] },
      { layer: "Embedding", args: [11, 3] },
    ] as const
  ) {
    const made = makeLayer(layer);
    const count = made.parameters().reduce((sum, one) => sum + one.numel(), 0);
    assertEquals(making([layer]).elements, count, layer.layer);
  }
});

Deno.test("the table has each fill at each size, and the rest once", () => {
  const all = worksOf(["uniform", "truncNormal", "models"], [M, 16 * M]);
  assertEquals(
    all.map(({ group, task }) => `${group} ${task.elements}`),
    [
      `uniform ${M}`,
      `uniform ${16 * M}`,
      `truncNormal ${M}`,
      `truncNormal ${16 * M}`,
      "models 25503912",
      "models 162998784",
    ],
  );
  assertEquals(
    worksOf(["workers"], []).map(({ task }) => task.elements),
    Array(4).fill(16 * M),
  );
});

Deno.test("the targets are those that were set", () => {
  const all = worksOf([
    "uniform",
    "normal",
    "truncNormal",
    "workers",
    "orthogonal",
    "models",
    "statistics",
  ], [M]);
  assertEquals(
    all.map(({ opponents }) =>
      opponents.flatMap(({ peer, target }) =>
        target === undefined ? [] : [`${peer} ${target}`]
      ).join()
    ),
    [
      "PyTorch 3.5,tfjs 9",
      "PyTorch 1.4,tfjs 11",
      "PyTorch 4",
      "PyTorch 5",
      "PyTorch 2.5",
      "",
      "",
      "tfjs 500",
      `PyTorch ${1 / 6}`,
      "PyTorch 1.5",
      "PyTorch 1.5",
      "NumPy 3",
    ],
  );
});

Deno.test("fanin's digest is that of seed 0, however often it was sampled", async () => {
  for (
    const task of [
      { kind: "normal", elements: 2 ** 16 },
      making([{ layer: "Linear", args: [64, 64] }]),
      { kind: "uniform", elements: 2 ** 16, workers: 2 },
      making([{ layer: "Linear", args: [64, 64] }], 2),
    ] as const
  ) {
    const side = faninSide(task);
    const first = await side.digest!();
    await side.sample();
    assertEquals(await side.digest!(), first);
    assertEquals(first?.length, 64);
  }
  await closePools();
});
