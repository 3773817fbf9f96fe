/**
 * What is found in tensors, and said of them.
 *
 * @module
 */

import { assert, assertEquals, assertRejects } from "@std/assert";
import { type Checkpoint, inspect } from "../../../lib/checkpoint/mod.ts";
import {
  empty,
  Generator,
  init,
  nn,
  type Tensor,
  tensor,
} from "../../../mod.ts";
import { zeros } from "../formats/files.ts";

/** Not from any initializer, and with few far out. */
function trained(shape: number[], seed = 1): Tensor {
  const weight = init.normal(empty(shape), { generator: new Generator(seed) });
  weight.toFloat32().forEach((x, i, data) =>
    data[i] = 0.1 * x + 0.001 * x ** 3
  );
  return weight;
}

async function kindsOf(
  tensors: Record<string, Tensor>,
  options: Parameters<typeof inspect>[1] = {},
) {
  const { findings } = await inspect(tensors, options);
  return findings.map(({ kind, tensor, matters }) => [kind, tensor, matters]);
}

Deno.test("a trained tensor has no finding", async () => {
  assertEquals(await kindsOf({ weight: trained([64, 64]) }), []);
});

Deno.test("NaN and infinities are found", async () => {
  const weight = trained([64, 64]);
  weight.data[5] = NaN;
  weight.data[9] = -Infinity;
  const { findings, tensors: [report] } = await inspect({ weight });
  assertEquals(findings.map(({ kind, message }) => [kind, message]), [
    ["notFinite", "2 of 4,096 values are NaN or infinite"],
  ]);
  assertEquals(report.nonFinite, 2);
  assert(Number.isFinite(report.std));
});

Deno.test("values beyond 1e30 are found, but for masks", async () => {
  const weight = trained([64, 64]);
  const { findings: before } = await inspect({ weight });
  assertEquals(before, []);
  weight.data[5] = 3e35;
  weight.data[6] = -2e38;
  weight.data[7] = 9e29;
  const { findings } = await inspect({ weight });
  assertEquals(
    findings.filter(({ kind }) => kind !== "outliers")
      .map(({ kind, matters, message }) => [kind, matters, message]),
    [[
      "huge",
      true,
      "2 of 4,096 values are beyond 1e30, up to −2e38, as in memory that was never written",
    ]],
  );
  const ends = [[3.4028234663852886e38, "float32"], [3.38953e38, "bfloat16"]];
  for (
    const [end, dtype] of [...ends, [Number.MAX_VALUE, "float64"]] as const
  ) {
    const mask = tensor([[0, -Number(end)], [0, 0]], {
      dtype: dtype as "float32",
    });
    assertEquals(await kindsOf({ mask }), [], dtype as string);
    assertEquals(await kindsOf({ mask: mask.to("float64") }), []);
  }
  const both = tensor([[0, -3.4028234663852886e38], [2e30, 0]]);
  const { findings: apart } = await inspect({ both });
  assertEquals(apart.map(({ message }) => message), [
    "1 of 4 values is beyond 1e30, up to 2e30, as in memory that was never written",
  ]);
  const double = tensor([1, 2, 1e200, NaN], { dtype: "float64" });
  assertEquals((await kindsOf({ double })).map(([kind]) => kind), [
    "notFinite",
    "huge",
  ]);
  const scale = tensor([2 ** 120, 1, 2]).to("float8_e8m0fnu");
  assertEquals(await kindsOf({ scale }), []);
});

Deno.test("a prefix of all names is said, if it wraps more than a layer", async () => {
  const [a, b] = [trained([4, 4]), trained([4, 4], 2)];
  const noteOf = async (...names: string[]) => {
    const tensors = names.map((name, i) => [name, i === 0 ? a : b] as const);
    return (await inspect(new Map(tensors))).notes;
  };
  const said = (prefix: string) => [
    `all 2 names begin with ${prefix}: loadStateDict strips it with { prefix }`,
  ];
  assertEquals(
    await noteOf("module.a.weight", "module.b.weight"),
    said("module."),
  );
  assertEquals(
    await noteOf("_orig_mod.module.a.weight", "_orig_mod.module.b.weight"),
    said("_orig_mod.module."),
  );
  assertEquals(
    await noteOf("module.a.weight", "module.a.bias"),
    said("module."),
  );
  assertEquals(await noteOf("module.a.weight", "b.weight"), []);
  assertEquals(await noteOf("a.weight", "a.bias"), []);
  assertEquals(await noteOf("module.a.weight"), []);
  assertEquals(await noteOf(), []);
});

Deno.test("constants are found; vectors of 0 and 1 are how they begin", async () => {
  assertEquals(
    await kindsOf({
      a: init.zeros(empty([8])),
      b: init.ones(empty([8])),
      c: init.constant(empty([8]), { value: 0.3 }),
      d: init.zeros(empty([8, 8])),
      scalar: init.ones(empty([1])),
      none: empty([0, 3]),
      ids: tensor([3n, 3n]),
      mask: tensor([true, true]),
    }),
    [
      ["fresh", "a", false],
      ["fresh", "b", false],
      ["constant", "c", true],
      ["constant", "d", true],
    ],
  );
});

Deno.test("dead rows matter, but for one row of zeros", async () => {
  const padded = trained([20, 16]);
  padded.data.fill(0 as never, 0, 16);
  const dead = trained([20, 16], 2);
  dead.data.fill(0.5 as never, 32, 48);
  const columns = trained([20, 16], 3);
  for (let row = 0; row < 20; row++) columns.data[row * 16 + 3] = 0;
  const late = trained([20, 16], 4);
  late.data.fill(0.5 as never, 32, 47);
  assertEquals(await kindsOf({ padded, dead, columns, late }), [
    ["dead", "padded", false],
    ["dead", "dead", true],
    ["dead", "columns", true],
  ]);
  const { findings } = await inspect({ dead, columns });
  assertEquals(findings.map(({ message }) => message), [
    "1 of 20 rows is of one value (row 2)",
    "column 3 is all zero",
  ]);
});

Deno.test("outliers are found beyond sigma; a large normal has none", async () => {
  const weight = trained([64, 64]);
  weight.data[77] = 9;
  const { findings: [finding] } = await inspect({ weight });
  assertEquals([finding.kind, finding.matters], ["outliers", false]);
  assert(Number(finding.numbers.farthest) > 40);
  assertEquals(await kindsOf({ weight }, { sigma: 1000 }), []);
  const normal = init.normal(empty([1000, 1000]), {
    generator: new Generator(1),
  });
  // Not fresh: of no known std.
  normal.toFloat32().forEach((x, i, data) => data[i] = x * 1.2345678);
  assertEquals(await kindsOf({ normal }), []);
  assertEquals(await kindsOf({ normal }, { sigma: 4 }), [
    ["outliers", "normal", false],
  ]);
});

Deno.test("duplicates are found by their bytes, whatever their shape", async () => {
  const weight = trained([32, 32]);
  const other = trained([32, 32]);
  other.data[1023] = Number(other.data[1023]) + 1e-6;
  const { tensors } = await inspect({
    weight,
    tied: weight.reshape([1024]),
    other,
    zeros: init.zeros(empty([8])),
    more: init.zeros(empty([8])),
    opaque: zeros("V1", [4]),
  });
  assertEquals(tensors.map(({ duplicateOf }) => duplicateOf), [
    null,
    "weight",
    ...[null, null, null, null],
  ]);
});

Deno.test("tensors of opaque dtypes are not clean, but not read", async () => {
  const { tensors, findings, unread } = await inspect({
    a: zeros("F6_E2M3", [4]),
    b: tensor([1, 2, 4]),
    c: zeros("V2", [1, 3]),
  });
  assertEquals(tensors.length, 3);
  assertEquals(findings, []);
  const reason = "what its bytes stand for is unknown";
  assertEquals(unread, [
    { name: "a", dtype: "F6_E2M3", shape: [4], reason },
    { name: "c", dtype: "V2", shape: [1, 3], reason },
  ]);
});

Deno.test("tensors that agree in their fingerprint alone are no duplicates", async () => {
  const { Duplicates } = await import(
    "../../../lib/checkpoint/inspection/inspect.ts"
  );
  const { Gathered } = await import(
    "../../../lib/checkpoint/inspection/gathered.ts"
  );
  const values = { a: tensor([1, 2]), b: tensor([1, 3]) };
  const info = { dtype: "float32", shape: [2], bytes: 8 } as const;
  const checkpoint: Checkpoint = {
    metadata: {},
    tensors: { a: info, b: info },
    read: (name) => Promise.resolve(values[name as "a" | "b"]),
  };
  const duplicates = new Duplicates(checkpoint);
  const gathered = new Gathered(checkpoint.tensors.a);
  assertEquals(await duplicates.firstOf("a", gathered), null);
  assertEquals(await duplicates.firstOf("b", gathered), null);
  assertEquals(await duplicates.firstOf("a", gathered), "a");
});

Deno.test("numbers of a report are those of its values", async () => {
  const { tensors, elements, bytes } = await inspect({
    weight: tensor([[1, 2, 3], [0, -1, 7]], { dtype: "bfloat16" }),
    opaque: zeros("V1", [4]),
    flags: tensor([true, false]),
  });
  const [weight, opaque, flags] = tensors;
  assertEquals(
    [weight.fanIn, weight.fanOut, weight.mean, weight.min, weight.max],
    [3, 2, 2, -1, 7],
  );
  assertEquals(weight.zeroShare, 1 / 6);
  assertEquals(weight.std, Math.sqrt(8));
  assertEquals(weight.histogram!.counts.reduce((a, b) => a + b), 6);
  assertEquals([opaque.mean, opaque.histogram, opaque.fanIn], [
    null,
    null,
    null,
  ]);
  assertEquals([flags.mean, flags.zeroShare], [null, 0.5]);
  assertEquals([elements, bytes], [12, 18]);
});

Deno.test("only named tensors are read, and each part is reported", async () => {
  const seen: [number, string][] = [];
  const samples: number[] = [];
  const { tensors } = await inspect(
    { a: trained([600, 2000]), b: trained([3]) },
    {
      only: (name) => name === "a",
      onProgress: (bytes, name) => seen.push([bytes, name]),
      onTensor: (_, values) => samples.push(values.length),
    },
  );
  assertEquals(tensors.map(({ name }) => name), ["a"]);
  assertEquals(seen, [[4 * 2 ** 20, "a"], [4 * (1_200_000 - 2 ** 20), "a"]]);
  assertEquals(samples, [65_536]);
});

Deno.test("a model is inspected with its buffers", async () => {
  const model = new nn.BatchNorm1d(4);
  const { tensors } = await inspect(model);
  assertEquals(
    tensors.map(({ name }) => name),
    Object.keys(model.stateDict()),
  );
});

Deno.test("what is no source or no option is refused", async () => {
  const action = "Cannot inspect: ";
  const wrong: [
    unknown,
    unknown,
    typeof TypeError | typeof RangeError,
    string,
  ][] = [
    [null, {}, TypeError, "weights must be a tensor, numbers, a layer or"],
    [{ a: 3 }, {}, TypeError, "weights must be a tensor"],
    [{}, { sigma: 0 }, RangeError, "sigma must be above 0"],
    [{}, { sigma: NaN }, RangeError, "sigma must be finite"],
    [{}, { only: 1 }, TypeError, "only must be a pattern such as"],
    [{}, { name: 1 }, TypeError, "options must be among"],
  ];
  for (const [source, options, kind, message] of wrong) {
    await assertRejects(
      () => inspect(source as Record<string, Tensor>, options as object),
      kind,
      action + message,
    );
  }
});

Deno.test("what all names say is gathered once, not for each tensor", async () => {
  const listings = async (count: number) => {
    const weight = trained([4, 4]);
    const info = { dtype: "float32", shape: [4, 4], bytes: 64 } as const;
    let listed = 0;
    const infos: Record<string, typeof info> = Object.fromEntries(
      Array.from({ length: count }, (_, i) => [`${i}.weight`, info]),
    );
    const tensors = new Proxy(infos, {
      ownKeys(target) {
        listed++;
        return Reflect.ownKeys(target);
      },
    });
    const read = () => Promise.resolve(weight.reshape([16]));
    const found = await inspect({ metadata: {}, tensors, read });
    assertEquals(found.tensors.length, count);
    return listed;
  };
  assertEquals(await listings(12), await listings(3));
});
