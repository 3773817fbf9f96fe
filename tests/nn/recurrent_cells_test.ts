import { assertEquals } from "@std/assert";
import { nn } from "../../mod.ts";
import { testRefusals } from "./refusals.ts";

testRefusals([
  ...(["RNNCell", "LSTMCell", "GRUCell"] as const).flatMap((layer) =>
    [
      [layer, [5], TypeError, "hiddenSize must be a number"],
      [layer, [-1, 7], RangeError, "inputSize"],
      [layer, [5, -7], RangeError, "hiddenSize"],
      [layer, [5, 7.5], RangeError, "7.5"],
      // PyTorch takes any value for a bias.
      [layer, [5, 7, 1], TypeError, "bias must be true or false"],
      [layer, [5, 7, { bidirectional: true }], TypeError, "bidirectional"],
      [layer, [5, 7, { dtype: "bool" }], TypeError, "bool"],
    ] as const
  ),
  // PyTorch finds it out when the cell is called.
  ["RNNCell", [5, 7, true, "sin"], RangeError, "nonlinearity must be one of"],
  ["LSTMCell", [5, 7, true, "tanh"], TypeError, "at most 3"],
  ["GRUCell", [5, 7, { nonlinearity: "tanh" }], TypeError, "nonlinearity"],
]);

Deno.test("biases that a cell is made without are null", () => {
  const { bias, bias_ih, bias_hh } = new nn.GRUCell(5, 7, false);
  assertEquals([bias, bias_ih, bias_hh], [false, null, null]);
});
