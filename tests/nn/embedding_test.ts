import { assertEquals, assertNotEquals } from "@std/assert";
import { Generator, nn } from "../../mod.ts";
import { testRefusals } from "./refusals.ts";

Deno.test("the padding's row is zero again after a reset", () => {
  for (const Table of [nn.Embedding, nn.EmbeddingBag]) {
    for (const paddingIdx of [1, -3]) {
      const table = new Table(4, 3, { paddingIdx });
      assertEquals(table.paddingIdx, 1);
      table.weight.data.fill(7 as never);
      table.resetParameters();
      const zeros = table.weight.toFloat32().map((x) => Number(x === 0));
      assertEquals([...zeros], [0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0]);
    }
  }
});

Deno.test("the padding's row is drawn before it is zero", () => {
  const rowsOf = (paddingIdx: number | null) =>
    new nn.Embedding(3, 8, { paddingIdx, generator: new Generator(1) })
      .weight.toArray() as number[][];
  assertEquals(rowsOf(0).slice(1), rowsOf(null).slice(1));
  assertNotEquals(rowsOf(0)[0], rowsOf(null)[0]);
});

Deno.test("an infinite norm prints as Python's", () => {
  assertEquals(
    String(new nn.Embedding(3, 2, { maxNorm: 1, normType: Infinity })),
    "Embedding(3, 2, max_norm=1.0, norm_type=inf)",
  );
});

testRefusals([
  ["Embedding", [3], TypeError, "embeddingDim must be a number"],
  ["Embedding", [-1, 3], RangeError, "numEmbeddings"],
  ["Embedding", [3, 2.5], RangeError, "embeddingDim"],
  ["Embedding", [3, 4, 3], RangeError, "paddingIdx must be an integer in [-3"],
  ["Embedding", [3, 4, -4], RangeError, "paddingIdx"],
  ["Embedding", [3, 4, 0.5], RangeError, "paddingIdx"],
  ["Embedding", [3, 4, "0"], TypeError, "paddingIdx"],
  ["Embedding", [0, 4, 0], RangeError, "paddingIdx"],
  ["Embedding", [0, 4, -1], RangeError, "paddingIdx"],
  ["Embedding", [3, 4, null, -1], RangeError, "maxNorm must be at least 0"],
  ["Embedding", [3, 4, { maxNorm: Infinity }], RangeError, "maxNorm"],
  ["Embedding", [3, 4, { normType: -1 }], RangeError, "normType"],
  ["Embedding", [3, 4, { normType: NaN }], RangeError, "normType"],
  ["Embedding", [3, 4, { normType: null }], TypeError, "normType"],
  ["Embedding", [3, 4, { scaleGradByFreq: 1 }], TypeError, "scaleGradByFreq"],
  ["Embedding", [3, 4, { sparse: "yes" }], TypeError, "sparse"],
  ["Embedding", [3, 4, { mode: "sum" }], TypeError, "mode"],
  ["Embedding", [3, 4, { _weight: null }], TypeError, "_weight"],
  ["Embedding", [3, 4, { dtype: "int32" }], TypeError, "a float dtype"],
  ["EmbeddingBag", [3], TypeError, "embeddingDim must be a number"],
  ["EmbeddingBag", [3, 4, { paddingIdx: 3 }], RangeError, "paddingIdx"],
  ["EmbeddingBag", [3, 4, { mode: "min" }], RangeError, "sum, mean, max"],
  ["EmbeddingBag", [3, 4, { maxNorm: -1 }], RangeError, "maxNorm"],
  [
    "EmbeddingBag",
    [3, 4, { mode: "max", sparse: true }],
    RangeError,
    "mode must be sum or mean",
  ],
  [
    "EmbeddingBag",
    [3, 4, null, 2, true, "max"],
    RangeError,
    "mode must be sum or mean",
  ],
  [
    "EmbeddingBag",
    [3, 4, null, 2, false, "sum", false, true],
    TypeError,
    "at most 7",
  ],
]);
