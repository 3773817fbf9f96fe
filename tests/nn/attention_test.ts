import { assertEquals, assertStrictEquals } from "@std/assert";
import { Generator, manualSeed, nn } from "../../mod.ts";
import { testRefusals } from "./refusals.ts";

const layer = new nn.Linear(2, 2);

testRefusals([
  ["MultiheadAttention", [], TypeError, "embedDim must be a number"],
  ["MultiheadAttention", [8], TypeError, "numHeads must be a number"],
  ["MultiheadAttention", [0, 1], RangeError, "embedDim"],
  ["MultiheadAttention", [8, 0], RangeError, "numHeads"],
  ["MultiheadAttention", [8, -2], RangeError, "numHeads"],
  ["MultiheadAttention", [8, 3], RangeError, "embedDim must be a multiple"],
  ["MultiheadAttention", [8, 2, 1.5], RangeError, "dropout must be in [0, 1]"],
  ["MultiheadAttention", [8, 2, 0, 1], TypeError, "bias must be true or false"],
  ["MultiheadAttention", [8, 2, { kdim: -1 }], RangeError, "kdim"],
  ["MultiheadAttention", [8, 2, { vdim: 1.5 }], RangeError, "vdim"],
  ["MultiheadAttention", [8, 2, { add_bias_kv: true }], TypeError, "among"],
  ["MultiheadAttention", [8, 2, { dtype: "int64" }], TypeError, "int64"],
  ["MultiheadAttention", [8, 2, { generator: 3 }], TypeError, "Generator"],
  ["TransformerEncoderLayer", [8], TypeError, "nhead must be a number"],
  ["TransformerEncoderLayer", [8, 3], RangeError, "dModel must be a multiple"],
  ["TransformerEncoderLayer", [8, 2, -1], RangeError, "dimFeedforward"],
  ["TransformerEncoderLayer", [8, 2, 4, 2], RangeError, "dropout"],
  ["TransformerEncoderLayer", [8, 2, 4, 0, "silu"], RangeError, "relu, gelu"],
  ["TransformerEncoderLayer", [8, 2, 4, 0, Math.tanh], TypeError, "a module"],
  ["TransformerEncoderLayer", [8, 2, { layerNormEps: -1 }], RangeError, "Eps"],
  ["TransformerDecoderLayer", [8, 3], RangeError, "dModel must be a multiple"],
  ["TransformerDecoderLayer", [8, 2, { bias: null }], TypeError, "bias"],
  ["TransformerDecoderLayer", [8, 2, { dtype: "float8" }], TypeError, "float8"],
  ["TransformerEncoder", [], TypeError, "encoderLayer must be a module"],
  ["TransformerEncoder", [layer], TypeError, "numLayers must be a number"],
  ["TransformerEncoder", [layer, -1], RangeError, "numLayers"],
  ["TransformerEncoder", [layer, 1, 3], TypeError, "norm must be a module"],
  ["TransformerEncoder", [layer, 1, null, 0], TypeError, "enableNestedTensor"],
  ["TransformerEncoder", [layer, 1, { dtype: "float64" }], TypeError, "dtype"],
  ["TransformerEncoder", [layer, 1, { generator: 1 }], TypeError, "generator"],
  ["TransformerDecoder", [{ norm: layer }], TypeError, "decoderLayer"],
  ["TransformerDecoder", [layer, 1, null, true], TypeError, "at most 3"],
  ["TransformerDecoder", [layer, 1, { encoderLayer: layer }], TypeError, "amo"],
  ["Transformer", [0], RangeError, "dModel"],
  ["Transformer", [8, 3], RangeError, "dModel must be a multiple of nhead 3"],
  ["Transformer", [8, 2, -1], RangeError, "numEncoderLayers"],
  ["Transformer", [8, 2, 1, 1.5], RangeError, "numDecoderLayers"],
  ["Transformer", [8, 2, { customEncoder: 3 }], TypeError, "a module"],
  ["Transformer", [8, 2, { customDecoder: "x" }], TypeError, "a module"],
  ["Transformer", [8, 2, { encoder: layer }], TypeError, "among dModel"],
]);

Deno.test("a reset of attention draws what goes in, and leaves what goes out", () => {
  for (const options of [{ addBiasKv: true }, { kdim: 3 }, { bias: false }]) {
    const fresh = new nn.MultiheadAttention(8, 2, {
      ...options,
      generator: new Generator(5),
    });
    const attention = new nn.MultiheadAttention(8, 2, options);
    for (const parameter of attention.parameters()) {
      parameter.data.fill(7 as never);
    }
    const generator = new Generator(5);
    new nn.Linear(8, 8, { bias: attention.out_proj.bias !== null, generator });
    attention.resetParameters({ generator });
    const expected = fresh.stateDict();
    expected["out_proj.weight"].data.fill(7 as never);
    assertEquals(values(attention), values(fresh));
  }
});

Deno.test("a stack copies its layer, but not its norm", () => {
  const layer = new nn.TransformerEncoderLayer(4, 2, 3, {
    activation: new nn.PReLU(),
  });
  const norm = new nn.LayerNorm(4);
  const encoder = new nn.TransformerEncoder(layer, 2, norm);
  assertStrictEquals(encoder.norm, norm);
  const copies = [layer, ...encoder.layers];
  assertEquals(copies.map(values), new Array(3).fill(values(layer)));
  const tensors = copies.flatMap((copy) => copy.parameters());
  assertEquals(new Set(tensors.map(({ data }) => data.buffer)).size, 3 * 13);
});

Deno.test("a Transformer redraws its matrices, shared ones once", () => {
  const tied = new nn.Linear(4, 4);
  const customEncoder = new nn.Sequential(tied, new nn.Linear(4, 4), tied);
  Object.assign(customEncoder.at(1), { weight: tied.weight });
  const customDecoder = new nn.Linear(4, 2);
  const bias = customDecoder.bias?.toArray();
  const model = new nn.Transformer(4, 2, { customEncoder, customDecoder });
  assertStrictEquals(model.encoder, customEncoder);
  manualSeed(3);
  model.resetParameters();
  const drawn = [tied.weight.toArray(), customDecoder.weight.toArray()];
  const two = new nn.Transformer(4, 2, {
    customEncoder: new nn.Linear(4, 4),
    customDecoder: new nn.Linear(4, 2),
  });
  two.resetParameters({ generator: new Generator(3) });
  const [first, , second] = two.parameters();
  assertEquals(drawn, [first.toArray(), second.toArray()]);
  assertEquals(customDecoder.bias?.toArray(), bias);
});

Deno.test("a layer as the activation is a child, a name is none", () => {
  const named = new nn.TransformerDecoderLayer(4, 2, 3, 0.1, "gelu");
  assertEquals(named.activation, "gelu");
  assertEquals(named.namedChildren().at(-1)?.[0], "dropout3");
  const given = new nn.TransformerDecoderLayer(4, 2, 3, 0.1, new nn.GELU());
  assertEquals(given.namedChildren().at(-1)?.[0], "activation");
});

Deno.test("a Transformer's arguments reach its attentions and linear layers", () => {
  const model = new nn.Transformer(4, 2, 1, 1, 3, 0.5, {
    batchFirst: true,
    normFirst: true,
  });
  assertEquals(model.batchFirst, true);
  const modules = model.modules();
  const attentions = modules.filter((each) =>
    each instanceof nn.MultiheadAttention
  );
  assertEquals(
    attentions.map(({ numHeads, dropout, batchFirst }) => [
      numHeads,
      dropout,
      batchFirst,
    ]),
    new Array(3).fill([2, 0.5, true]),
  );
  const layers = modules.filter((each) =>
    each instanceof nn.TransformerEncoderLayer ||
    each instanceof nn.TransformerDecoderLayer
  );
  assertEquals(layers.map(({ normFirst }) => normFirst), [true, true]);
});

function values(module: nn.Module): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(module.stateDict()).map((
      [name, tensor],
    ) => [name, tensor.toArray()]),
  );
}
