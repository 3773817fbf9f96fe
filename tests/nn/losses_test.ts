import { assert, assertEquals } from "@std/assert";
import { Generator, nn, tensor } from "../../mod.ts";
import { testRefusals } from "./refusals.ts";

Deno.test("an adaptive softmax is reset with all below it, in order", () => {
  const generator = new Generator(3);
  const make = () =>
    new nn.AdaptiveLogSoftmaxWithLoss(16, 30, [4, 9], 2, true, { generator });
  const [first, other] = [make(), make()];
  assert(!other.head.weight.equals(first.head.weight));
  other.resetParameters({ generator: generator.manualSeed(3) });
  const record = first.stateDict();
  for (const [name, value] of Object.entries(other.stateDict())) {
    assert(value.equals(record[name]), name);
  }
  assertEquals(other.cutoffs, [4, 9, 30]);
});

Deno.test("clusters are as wide as Python's // makes them", () => {
  const widths = (inFeatures: number, divValue: number) => {
    const cutoffs = [1, 2, 3];
    const loss = new nn.AdaptiveLogSoftmaxWithLoss(
      inFeatures,
      4,
      cutoffs,
      divValue,
    );
    return [...loss.tail].map((cluster) =>
      (cluster as nn.Sequential).parameters()[0].size(0)
    );
  };
  assertEquals(widths(100, 1), [100, 100, 100]);
  assertEquals(widths(16, 2), [8, 4, 2]);
  // 11 / 1.1 rounds to 10, but 1.1 is a little more than 11 / 10.
  assertEquals(11 / 1.1, 10);
  assertEquals(widths(11, 1.1), [9, 9, 8]);
});

Deno.test("class weights are a buffer, the tensor that was given", () => {
  const weight = tensor([1, 2, 3]);
  const loss = new nn.LinearCrossEntropyLoss(5, 3, { weight, bias: true });
  assert(loss.weight === weight);
  assertEquals(Object.keys(loss.stateDict()), [
    "weight",
    "linear.weight",
    "linear.bias",
  ]);
  assertEquals(loss.namedBuffers(), [["weight", weight]]);
  assertEquals(new nn.LinearCrossEntropyLoss(5, 3).weight, null);
});

testRefusals([
  ["AdaptiveLogSoftmaxWithLoss", [16, 20], TypeError, "cutoffs must be an arr"],
  ["AdaptiveLogSoftmaxWithLoss", [16, 20, 5], TypeError, "cutoffs must be an"],
  ["AdaptiveLogSoftmaxWithLoss", [16, 20, []], RangeError, "at least one"],
  ["AdaptiveLogSoftmaxWithLoss", [16, 20, [0, 5]], RangeError, "at least 1"],
  ["AdaptiveLogSoftmaxWithLoss", [16, 20, [5, 5]], RangeError, "increasing"],
  ["AdaptiveLogSoftmaxWithLoss", [16, 20, [9, 5]], RangeError, "increasing"],
  ["AdaptiveLogSoftmaxWithLoss", [16, 20, [20]], RangeError, "below nClasses"],
  ["AdaptiveLogSoftmaxWithLoss", [16, 20, [1.5]], RangeError, "1.5"],
  ["AdaptiveLogSoftmaxWithLoss", [16, 20, [5], 0], RangeError, "divValue"],
  ["AdaptiveLogSoftmaxWithLoss", [16, 20, [5], 0.5], RangeError, "divValue"],
  ["AdaptiveLogSoftmaxWithLoss", [16, 20, [5], 4, 1], TypeError, "headBias"],
  ["AdaptiveLogSoftmaxWithLoss", [-1, 20, [5]], RangeError, "inFeatures"],
  [
    "AdaptiveLogSoftmaxWithLoss",
    [16, 20, [5], { dtype: "int8" }],
    TypeError,
    "a float dtype",
  ],
  ["LinearCrossEntropyLoss", [5], TypeError, "numClasses must be a number"],
  ["LinearCrossEntropyLoss", [5, 1.5], RangeError, "numClasses"],
  ["LinearCrossEntropyLoss", [5, 10, [4]], TypeError, "at most 2"],
  ["LinearCrossEntropyLoss", [5, 3, { outFeatures: 4 }], TypeError, "an array"],
  ["LinearCrossEntropyLoss", [5, 3, { outFeatures: [-1] }], RangeError, "-1"],
  ["LinearCrossEntropyLoss", [5, 3, { reduction: "max" }], RangeError, "sum"],
  ["LinearCrossEntropyLoss", [5, 3, { weight: [1] }], TypeError, "a Tensor"],
  [
    "LinearCrossEntropyLoss",
    [5, 3, { weight: tensor([1, 2]) }],
    RangeError,
    "weight must be of shape [3], got [2]",
  ],
  ["LinearCrossEntropyLoss", [5, 3, { ignoreIndex: 0.5 }], RangeError, "0.5"],
  ["LinearCrossEntropyLoss", [5, 3, { labelSmoothing: 2 }], RangeError, "[0, "],
  ["LinearCrossEntropyLoss", [5, 3, { options: null }], TypeError, "options"],
]);
