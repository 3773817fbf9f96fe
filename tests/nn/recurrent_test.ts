import { assertEquals } from "@std/assert";
import { nn, type Tensor } from "../../mod.ts";
import { warningsOf } from "../core/warnings.ts";
import { testRefusals } from "./refusals.ts";

testRefusals([
  ...(["RNN", "LSTM", "GRU"] as const).flatMap((layer) =>
    [
      [layer, [5], TypeError, "hiddenSize must be a number"],
      [layer, [0, 7], RangeError, "inputSize"],
      [layer, [5, 0], RangeError, "hiddenSize"],
      [layer, [5, 7.5], RangeError, "7.5"],
      [layer, [5, 7, 0], RangeError, "numLayers"],
      [layer, [5, 7, { numLayers: 1.5 }], RangeError, "numLayers"],
      [layer, [5, 7, { bias: 1 }], TypeError, "bias must be true or false"],
      [layer, [5, 7, { batchFirst: null }], TypeError, "batchFirst"],
      [
        layer,
        [5, 7, { dropout: 1.5 }],
        RangeError,
        "dropout must be in [0, 1]",
      ],
      [layer, [5, 7, { dropout: -0.1 }], RangeError, "-0.1"],
      [layer, [5, 7, { dropout: NaN }], RangeError, "dropout"],
      [layer, [5, 7, { dropout: true }], TypeError, "dropout"],
      [layer, [5, 7, { bidirectional: 1 }], TypeError, "bidirectional"],
      [layer, [5, 7, { num_layers: 2 }], TypeError, "num_layers"],
      [layer, [5, 7, { dtype: "int64" }], TypeError, "int64"],
    ] as const
  ),
  ["RNN", [5, 7, 1, "sin"], RangeError, "nonlinearity must be one of tanh"],
  ["RNN", [5, 7, 1, true], RangeError, "nonlinearity"],
  ["RNN", [5, 7, { projSize: 0 }], TypeError, "projSize"],
  // PyTorch takes a projection for RNN and GRU if it comes by position.
  [
    "RNN",
    [5, 7, 1, "tanh", true, false, 0, false, 3],
    TypeError,
    "at most 8",
  ],
  ["GRU", [5, 7, 1, true, false, 0, false, 3], TypeError, "at most 7"],
  ["GRU", [5, 7, { projSize: 3 }], TypeError, "projSize"],
  ["GRU", [5, 7, { nonlinearity: "relu" }], TypeError, "nonlinearity"],
  ["LSTM", [5, 7, { nonlinearity: "relu" }], TypeError, "nonlinearity"],
  ["LSTM", [5, 7, { projSize: 7 }], RangeError, "less than hiddenSize 7"],
  ["LSTM", [5, 7, { projSize: 8 }], RangeError, "got 8"],
  ["LSTM", [5, 7, { projSize: -1 }], RangeError, "projSize"],
  ["LSTM", [5, 7, { projSize: 1.5 }], RangeError, "projSize"],
]);

Deno.test("parameters of recurrent layers go by PyTorch's names", () => {
  const lstm = new nn.LSTM(5, 7, 2, { bidirectional: true, projSize: 3 });
  const weight: Tensor = lstm.weight_ih_l1_reverse;
  const bias: Tensor | null = lstm.bias_hh_l0;
  const projection: Tensor | null = lstm.weight_hr_l1_reverse;
  assertEquals(weight.size(), [28, 6]);
  assertEquals(bias?.size(), [28]);
  assertEquals(projection?.size(), [3, 7]);
  // @ts-expect-error: no such parameter
  assertEquals(lstm.weight_ih_l0_backward, undefined);
});

Deno.test("parameters that a recurrent layer is made without are null", () => {
  const lstm = new nn.LSTM(5, 7, { bias: false });
  assertEquals([lstm.bias_ih_l0, lstm.bias_hh_l0, lstm.weight_hr_l0], [
    null,
    null,
    null,
  ]);
  assertEquals("weight_hr_l0" in new nn.GRU(5, 7), false);
});

Deno.test("arguments of recurrent layers stay as fields", () => {
  const { nonlinearity, numLayers, dropout, projSize } = new nn.RNN(5, 7, 2, {
    nonlinearity: "relu",
    dropout: 0.5,
  });
  assertEquals([nonlinearity, numLayers, dropout, projSize], [
    "relu",
    2,
    0.5,
    0,
  ]);
  assertEquals(new nn.LSTM(5, 7, { projSize: 3 }).projSize, 3);
});

Deno.test("dropout in one layer warns once, since nothing is dropped", () => {
  const text =
    "nn: dropout acts after each recurrent layer but the last, and numLayers is 1; dropout 0.125 has no effect";
  const make = (options: { dropout: number; numLayers?: number }) =>
    warningsOf(() => new nn.GRU(5, 7, options));
  assertEquals(make({ dropout: 0.125, numLayers: 2 }), []);
  assertEquals(make({ dropout: 0 }), []);
  assertEquals(make({ dropout: 0.125 }), [text]);
  assertEquals(make({ dropout: 0.125 }), []);
});
