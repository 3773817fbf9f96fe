import { assert, assertEquals, assertThrows } from "@std/assert";
import { type AnyGenerator, filledBy, nn, tensor } from "../../mod.ts";
import { testRefusals } from "./refusals.ts";

Deno.test("arguments go by position or by name", () => {
  const texts = [
    new nn.Conv2d(3, 8, [3, 5], 2, { bias: false }),
    new nn.Conv2d(3, 8, { kernelSize: [3, 5], stride: 2, bias: false }),
    new nn.Conv2d({
      inChannels: 3,
      outChannels: 8,
      kernelSize: [3, 5],
      stride: [2, 2],
      bias: false,
    }),
    new nn.Conv2d(3, 8, [3, 5], 2, 0, 1, 1, false, "zeros"),
    new nn.Conv2d(3, 8, [3, 5], 2, 0, 1, 1, false, "zeros", {
      dtype: "float64",
    }),
  ].map(String);
  const text = "Conv2d(3, 8, kernel_size=(3, 5), stride=(2, 2), bias=False)";
  assertEquals(texts, texts.map(() => text));
  assertEquals(new nn.Linear(2, 3, false).bias, null);
  assertEquals(new nn.Linear(2, 3, { bias: undefined }).bias?.size(), [3]);
});

class Block extends nn.Module {
  norm = new nn.Linear(2, 2);
  scale = tensor([1]);
}

class Net extends nn.Module {
  second = new Block();
  first = new nn.Linear(1, 2, { bias: false });
  gain = tensor([2]);
  tied = this.first.weight;
  note = "not a parameter";
}

Deno.test("a model names its parameters as PyTorch does", () => {
  const net = new Net();
  assertEquals(net.namedParameters().map(([name]) => name), [
    "gain",
    "tied",
    "second.scale",
    "second.norm.weight",
    "second.norm.bias",
  ]);
  assertEquals(net.parameters().length, 5);
  assert(net.parameters()[1] === net.first.weight);
  assertEquals(net.namedChildren().map(([name]) => name), ["second", "first"]);
});

Deno.test("a model prints its children as PyTorch does", () => {
  assertEquals(
    String(new Net()),
    `Net(
  (second): Block(
    (norm): Linear(in_features=2, out_features=2, bias=True)
  )
  (first): Linear(in_features=1, out_features=2, bias=False)
)`,
  );
});

const long = "x".repeat(100_000);

testRefusals([
  ["Linear", [1, 2, { out_feature: 1 }], TypeError, "mean outFeatures?"],
  ["LSTM", [5, 7, { batch_first: true }], TypeError, "mean batchFirst?"],
  ["ReLU", [{ in_place: true }], TypeError, "in_place; did you mean inplace?"],
  ["Linear", [2, 3, Object.create({ bias: false })], TypeError, "an object"],
  ["Linear", [2, 3, new Map([["bias", false]])], TypeError, "got Map(1)"],
  ["Linear", [2, 3, new (class Options {})()], TypeError, "class Options"],
  ["Linear", [2, 3, true, new Map()], TypeError, "at most 3"],
  ["Linear", [2, 3, { [long]: 1 }], TypeError, "among inFeatures"],
  ["Linear", [long, 3], TypeError, "of 100000 characters"],
  ["Linear", [2, 3, { generator: long }], TypeError, "of 100000 characters"],
  ["Linear", new Array(1000).fill(1), TypeError, "got 1000 arguments"],
  ["Conv2d", [1, 2, new Array(100_000).fill(1)], RangeError, "a list of 2"],
  ["Sequential", [{ [long]: 1 }], TypeError, "a module, got 1"],
]);

/** A JAX key gives the same numbers at each use. */
const key: AnyGenerator = {
  fill: ({ data }) => void data.fill(1),
  repeats: true,
};

Deno.test("a generator that repeats itself fills no layer", () => {
  for (
    const make of [
      () => new nn.Linear(2, 3, { generator: key }),
      () => new nn.Linear(2, 3).resetParameters({ generator: key }),
      () => new nn.Transformer(4, 2, 1, 1, 3, { generator: key }),
    ]
  ) {
    assertThrows(
      make,
      TypeError,
      "generator must give new numbers at each fill",
    );
  }
  assertThrows(
    () => new nn.Linear(2, 3).resetParameters({ seed: 3 } as never),
    TypeError,
    "Cannot reset Linear: options must be among generator, got seed",
  );
});

Deno.test("a layer draws from any generator, and records the distribution", () => {
  const halves: AnyGenerator = { fill: ({ data }) => void data.fill(0.5) };
  const layer = new nn.Linear(4, 2, { generator: halves });
  assertEquals(new Set(layer.weight.toFloat32()), new Set([0.5]));
  assertEquals(filledBy(layer.weight), {
    initializer: "kaimingUniform",
    options: {
      negativeSlope: Math.sqrt(5),
      mode: "fan_in",
      nonlinearity: "leaky_relu",
    },
    distribution: filledBy(layer.weight)!.distribution,
  });
  assertEquals(filledBy(layer.bias!)?.distribution, {
    kind: "uniform",
    low: -0.5,
    high: 0.5,
  });
  const padded = new nn.Embedding(4, 3, { paddingIdx: 1 }).weight;
  assertEquals(filledBy(padded), {
    initializer: "normal",
    options: { mean: 0, std: 1 },
    distribution: { kind: "normal", mean: 0, std: 1 },
    zeroed: 3,
  });
  assertEquals(filledBy(new nn.Embedding(4, 3).weight)?.zeroed, undefined);
});
