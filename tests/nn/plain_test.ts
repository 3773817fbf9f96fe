import { assertEquals } from "@std/assert";
import { defaultGenerator, manualSeed, nn } from "../../mod.ts";
import { testRefusals } from "./refusals.ts";

testRefusals([
  ["ReLU", [1], TypeError, "inplace must be true or false"],
  ["ReLU", [false, 1], TypeError, "at most 1"],
  ["SiLU", [{ inPlace: true }], TypeError, "among inplace"],
  ["Tanh", [1], TypeError, "at most 0"],
  ["Sigmoid", [{ dim: 1 }], TypeError, "among dtype"],
  ["LeakyReLU", ["0.1"], TypeError, "negativeSlope"],
  ["ELU", [NaN], RangeError, "alpha must be finite"],
  ["GELU", ["erf"], RangeError, "none, tanh"],
  ["Softmax", [1.5], RangeError, "dim must be an integer"],
  ["LogSoftmax", ["1"], TypeError, "dim must be a number"],
  ["Dropout", [-0.1], RangeError, "p must be in [0, 1]"],
  ["Dropout2d", [1.1], RangeError, "p must be in [0, 1]"],
  ["Flatten", [0, 0.5], RangeError, "endDim"],
  ["MaxPool2d", [], TypeError, "kernelSize must be a number"],
  ["MaxPool2d", [0], RangeError, "kernelSize"],
  ["MaxPool2d", [[3, 3, 3]], RangeError, "one value or 2"],
  ["MaxPool2d", [3, 0], RangeError, "stride"],
  ["MaxPool2d", [3, 1, -1], RangeError, "padding"],
  ["MaxPool2d", [3, { dilation: [1, 0] }], RangeError, "dilation"],
  ["AvgPool2d", [2, { divisorOverride: 0 }], RangeError, "divisorOverride"],
  ["AvgPool2d", [2, { dilation: 1 }], TypeError, "among kernelSize"],
  ["AdaptiveAvgPool2d", [], TypeError, "outputSize must be a number"],
  ["AdaptiveAvgPool2d", [null], TypeError, "outputSize must be a number"],
  ["AdaptiveAvgPool2d", [[1, -1]], RangeError, "outputSize"],
]);

Deno.test("layers without parameters keep places, and draw nothing", () => {
  manualSeed(0);
  const before = defaultGenerator().getState();
  const model = new nn.Sequential(
    new nn.Identity(54, { anything: 1 }),
    new nn.MaxPool2d(3, { dtype: "float16" }),
    new nn.Dropout(),
  );
  assertEquals(defaultGenerator().getState(), before);
  assertEquals(model.stateDict(), {});
  model.append(new nn.Linear(1, 2));
  assertEquals(Object.keys(model.stateDict()), ["3.weight", "3.bias"]);
});

Deno.test("a pool's stride is its window's size where none is given", () => {
  assertEquals(new nn.MaxPool2d(3).stride, 3);
  assertEquals(new nn.AvgPool2d([3, 2], null).stride, [3, 2]);
  assertEquals(new nn.AvgPool2d(3, 1).stride, 1);
});

Deno.test("a copy of a layer without parameters has its text", () => {
  const layer = new nn.Dropout(0.25, true);
  assertEquals(`${layer.clone()}`, "Dropout(p=0.25, inplace=True)");
});
