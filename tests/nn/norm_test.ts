import { assert, assertEquals, assertThrows } from "@std/assert";
import { defaultGenerator, filledBy, manualSeed, nn } from "../../mod.ts";
import { type Refusal, testRefusals } from "./refusals.ts";

const channelNorms = [
  "BatchNorm1d",
  "BatchNorm2d",
  "BatchNorm3d",
  "InstanceNorm1d",
  "InstanceNorm2d",
  "InstanceNorm3d",
] as const;

Deno.test("normalizations have buffers where they keep statistics", () => {
  for (const name of channelNorms) {
    const norm = new nn[name](2, { trackRunningStats: true, affine: true });
    assertEquals(norm.namedParameters().map(([field]) => field), [
      "weight",
      "bias",
    ]);
    assertEquals(norm.namedBuffers().map(([field]) => field), [
      "running_mean",
      "running_var",
      "num_batches_tracked",
    ]);
    assertEquals(norm.num_batches_tracked?.item(), 0);
    const bare = new nn[name](2, { trackRunningStats: false, affine: false });
    const { weight, bias, running_mean, running_var, num_batches_tracked } =
      bare;
    assertEquals(
      [weight, bias, running_mean, running_var, num_batches_tracked],
      [null, null, null, null, null],
    );
    assertEquals(bare.stateDict(), {});
  }
});

Deno.test("a copy of a normalization resets its own buffers", () => {
  const norm = new nn.BatchNorm1d(2);
  norm.num_batches_tracked!.data.fill(3n);
  norm.running_var!.data.fill(3 as never);
  const copy = norm.clone();
  assertEquals(copy.num_batches_tracked!.data, new BigInt64Array([3n]));
  copy.resetParameters();
  assertEquals(copy.num_batches_tracked!.data, new BigInt64Array([0n]));
  assertEquals(copy.running_var!.toArray(), [1, 1]);
  assertEquals(norm.running_var!.toArray(), [3, 3]);
  assertEquals(copy.namedBuffers().length, 3);
});

Deno.test("a state dict may lack the number of batches, as old ones do", () => {
  const model = new nn.Sequential(new nn.BatchNorm1d(2));
  const { "0.num_batches_tracked": tracked, ...record } = model.stateDict();
  const other = new nn.Sequential(new nn.BatchNorm1d(2));
  other.buffers()[2].data.fill(5n as never);
  record["0.weight"].data.fill(3 as never);
  assertEquals(other.loadStateDict(record), {
    missingKeys: [],
    unexpectedKeys: [],
  });
  assertEquals(other.parameters()[0].toArray(), [3, 3]);
  assertEquals(other.buffers()[2].item(), 5);
  const { "0.running_var": _, ...less } = record;
  assertThrows(() => other.loadStateDict(less), RangeError, "running_var is");
  other.loadStateDict({ ...record, "0.num_batches_tracked": tracked });
  assertEquals(other.buffers()[2].item(), 0);
});

Deno.test("normalizations draw nothing", () => {
  manualSeed(1);
  const before = defaultGenerator().getState();
  const norms = [
    ...channelNorms.map((name) => new nn[name](4)),
    new nn.GroupNorm(2, 4),
    new nn.LayerNorm(4),
    new nn.RMSNorm(4),
    new nn.PReLU(),
  ];
  assertEquals(norms.length, 10);
  assertEquals(defaultGenerator().getState(), before);
  for (const norm of norms) {
    for (const parameter of norm.parameters()) {
      assertEquals(filledBy(parameter)?.distribution.kind, "constant");
    }
  }
});

Deno.test("the shape of a normalization is its own", () => {
  const shape = [2, 3];
  const norm = new nn.LayerNorm(shape);
  shape[0] = 5;
  assertEquals(norm.normalizedShape, [2, 3]);
  assert(Object.isFrozen(norm.normalizedShape));
});

testRefusals([
  ...channelNorms.flatMap((name): Refusal[] => [
    [name, [], TypeError, "numFeatures must be a number"],
    [name, [-1], RangeError, "numFeatures"],
    [name, [2.5], RangeError, "numFeatures"],
    [name, [3, -1e-5], RangeError, "eps must be at least 0"],
    [name, [3, null], TypeError, "eps"],
    [name, [3, 1e-5, 1.5], RangeError, "momentum must be in [0, 1]"],
    [name, [3, 1e-5, -0.1], RangeError, "momentum"],
    [name, [3, { affine: 1 }], TypeError, "affine"],
    [name, [3, { trackRunningStats: null }], TypeError, "trackRunningStats"],
    [name, [3, 1e-5, 0.1, true, true, false], TypeError, "at most 5"],
    [name, [3, { bias: 0 }], TypeError, "bias"],
    [name, [3, { dtype: "int64" }], TypeError, "a float dtype"],
    [name, [3, { generator: 3 }], TypeError, "generator"],
  ]),
  ["GroupNorm", [3], TypeError, "numChannels must be a number"],
  ["GroupNorm", [0, 3], RangeError, "numGroups"],
  ["GroupNorm", [-1, 3], RangeError, "numGroups"],
  ["GroupNorm", [3, -3], RangeError, "numChannels"],
  ["GroupNorm", [4, 6], RangeError, "a multiple of numGroups 4"],
  ["GroupNorm", [2, 6, -1], RangeError, "eps"],
  ["GroupNorm", [2, 6, 1e-5, true, false], TypeError, "at most 4"],
  ["GroupNorm", [2, 6, { affine: null }], TypeError, "affine"],
  ["LayerNorm", [], TypeError, "normalizedShape"],
  ["LayerNorm", [[]], RangeError, "normalizedShape must have a number"],
  ["LayerNorm", [[2, -1]], RangeError, "normalizedShape"],
  ["LayerNorm", [1.5], RangeError, "normalizedShape"],
  ["LayerNorm", [[2, "3"]], TypeError, "normalizedShape"],
  ["LayerNorm", [3, Infinity], RangeError, "eps"],
  ["LayerNorm", [3, 1e-5, true, 1], TypeError, "bias"],
  ["LayerNorm", [3, { affine: true }], TypeError, "affine"],
  ["RMSNorm", [[]], RangeError, "normalizedShape must have a number"],
  ["RMSNorm", [3, -1], RangeError, "eps must be at least 0"],
  ["RMSNorm", [3, { elementwiseAffine: 0 }], TypeError, "elementwiseAffine"],
  ["RMSNorm", [3, { bias: true }], TypeError, "bias"],
  ["PReLU", [-1], RangeError, "numParameters"],
  ["PReLU", [1.5], RangeError, "numParameters"],
  ["PReLU", [2, NaN], RangeError, "init must be finite"],
  ["PReLU", [2, "0.25"], TypeError, "init"],
  ["PReLU", [2, { dtype: "uint8" }], TypeError, "a float dtype"],
]);
