import { assert, assertEquals, assertThrows } from "@std/assert";
import { defaultGenerator, manualSeed, nn, tensor } from "../../mod.ts";

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

type ErrorClass = typeof RangeError | typeof TypeError;

/** Layer, arguments, error and a part of its message. */
const bad: ["Linear" | "Conv2d", unknown[], ErrorClass, string][] = [
  ["Linear", [], TypeError, "inFeatures must be a number"],
  ["Linear", [3], TypeError, "outFeatures must be a number"],
  ["Linear", [-1, 3], RangeError, "inFeatures"],
  ["Linear", [1.5, 3], RangeError, "1.5"],
  ["Linear", [1, NaN], RangeError, "NaN"],
  ["Linear", ["1", 3], TypeError, '"1"'],
  ["Linear", [1, 2, 1], TypeError, "bias must be true or false"],
  ["Linear", [1, 2, true, 4], TypeError, "at most 3"],
  ["Linear", [1, 2, { inFeatures: 1 }], TypeError, "given once"],
  ["Linear", [1, 2, { in_features: 1 }], TypeError, "among inFeatures"],
  ["Linear", [1, 2, { dtype: "float8" }], TypeError, "float8"],
  ["Linear", [1, 2, { dtype: "int64" }], TypeError, "int64"],
  ["Linear", [1, 2, { generator: 3 }], TypeError, "must be a Generator"],
  ["Conv2d", [16, 33], TypeError, "kernelSize must be a number"],
  ["Conv2d", [16, 33, 0], RangeError, "kernelSize"],
  ["Conv2d", [16, 33, [3, 3, 3]], RangeError, "2 numbers"],
  ["Conv2d", [16, 33, [3, -3]], RangeError, "-3"],
  ["Conv2d", [16, 33, 3, 0], RangeError, "stride"],
  ["Conv2d", [16, 33, 3, 1, -1], RangeError, "padding"],
  ["Conv2d", [16, 33, 3, 1, "full"], TypeError, "padding"],
  ["Conv2d", [16, 33, 3, 2, "same"], RangeError, "stride must be 1"],
  ["Conv2d", [16, 33, 3, { dilation: 0 }], RangeError, "dilation"],
  ["Conv2d", [16, 33, 3, { groups: 0 }], RangeError, "groups"],
  ["Conv2d", [16, 33, 3, { groups: 3 }], RangeError, "inChannels must be"],
  ["Conv2d", [15, 32, 3, { groups: 3 }], RangeError, "outChannels must be"],
  ["Conv2d", [16, 33, 3, { paddingMode: "wrap" }], RangeError, '"wrap"'],
  ["Conv2d", [16, 33, 3, { strides: 2 }], TypeError, "strides"],
];

for (const [layer, args, errorClass, message] of bad) {
  Deno.test(`nn.${layer} refuses ${Deno.inspect(args)}`, () => {
    const Layer = nn[layer] as unknown as new (...args: unknown[]) => nn.Module;
    manualSeed(3);
    const before = defaultGenerator().getState();
    assertThrows(() => new Layer(...args), errorClass, message);
    assertEquals(defaultGenerator().getState(), before);
  });
}

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
