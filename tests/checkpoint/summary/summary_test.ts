import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  empty,
  expectationOf,
  Generator,
  init,
  nn,
  summary,
  type Tensor,
  tensor,
} from "../../../mod.ts";
import type { FanLayout } from "../../../lib/init/scaling.ts";
import type {
  Summary,
  SummaryRow,
} from "../../../lib/checkpoint/summary/result.ts";
import {
  bytesSource,
  openTfjs,
  type Weights,
} from "../../../lib/checkpoint/mod.ts";

/** A summary without its methods, which are no enumerable members. */
type Plain = Omit<Summary, "toString" | "toHtml">;

Deno.test("a row holds what a hand-made tensor is and has", () => {
  const w = init.uniform(empty([2, 2]), { low: -3, high: 3 });
  w.data.set([-2, 0, 0, 2]);
  const { rows, ...totals }: Plain = summary({ w, b: tensor([1, 2, 4]) });
  assertEquals(totals, {
    tensors: 2,
    of: 2,
    unread: 0,
    elements: 7,
    alpha: 0.01,
    // P(|N(0, 1)| > 2.807…) = 0.005, as in tables of the normal distribution.
    limit: totals.limit,
  });
  assertNear(totals.limit!, 2.807033768343811, 1e-12);
  const [first, second] = rows;
  const std = Math.sqrt(8 / 3);
  const { z, ...rest } = first;
  assertEquals(rest, {
    name: "w",
    shape: [2, 2],
    dtype: "float32",
    elements: 4,
    quantized: null,
    fanIn: 2,
    fanOut: 2,
    initializer: "uniform",
    expectedMean: 0,
    expectedStd: 6 / Math.sqrt(12),
    mean: 0,
    std,
    min: -2,
    max: 2,
    meanZ: 0,
    zeroShare: 0.5,
    nonFinite: 0,
    verdict: "as expected",
    attention: false,
  });
  // sqrt(3) expected, and sqrt((9/5 − 1) / (4 · 4)) of it the standard error.
  assertNear(z!, (std / Math.sqrt(3) - 1) / Math.sqrt(0.05), 1e-12);
  assertEquals([second.fanIn, second.initializer, second.z], [
    null,
    null,
    null,
  ]);
  assertEquals(second.verdict, "unknown");
});

Deno.test("what a file holds rounded is marked", async () => {
  const weights = [
    roundedTo("uint8", { name: "a", shape: [2] }),
    roundedTo("uint8", { name: "b", shape: [3] }),
    roundedTo("uint16", { name: "c", shape: [2] }),
    roundedTo("float16", { name: "d", shape: [2] }),
    { name: "e", shape: [2], dtype: "float32" },
  ];
  // All bytes are 0 but one, so that no tensor but c, d and e is constant.
  const bytes = new Uint8Array(2 + 3 + 4 + 4 + 8);
  bytes.set([1, 0, 0, 1], 1);
  const read = await readAll(weights, bytes);
  const { rows } = summary(read);
  assertEquals(
    rows.map((row) => row.quantized),
    ["uint8", "uint8", "uint16", "float16", null],
  );
  const lines = String(summary(read)).split("\n");
  assertEquals(
    lines.flatMap((line) => line.match(/(constant|unknown).*$/)?.[0] ?? []),
    [
      "unknown, from uint8",
      "unknown, from uint8",
      "constant, from uint16",
      "constant, from float16",
      "constant",
    ],
  );
  assertEquals(
    lines.at(-1),
    "11 elements in 5 tensors · none marked · 2 from uint8, at most 256 values each · 1 from uint16, at most 65,536 values each · 1 from float16",
  );
});

Deno.test("other axes than PyTorch's count where they are named", () => {
  const source = {
    kernel: empty([3, 5, 16, 33]),
    matrix: empty([4, 2]),
    bias: empty([7]),
    whole: empty([4, 2], { dtype: "int32" }),
  };
  const fans = (axes?: FanLayout) =>
    summary(source, { axes }).rows.map(({ fanIn, fanOut }) => [fanIn, fanOut]);
  const none = [null, null];
  assertEquals(fans(), [[2640, 1584], [2, 4], none, none]);
  assertEquals(fans({ in: -2, out: -1 }), [[240, 495], [4, 2], none, none]);
  assertThrows(() => fans({ in: 2, out: 3 }), RangeError, "axes");
  assertThrows(() => fans({ inputs: 2 } as FanLayout), TypeError, "inputs");
});

Deno.test("the standard error follows the distribution's kurtosis", () => {
  // A sample of n with the std s, whose z is (s/σ − 1) / sqrt((κ − 1) / 4n).
  const kappa = (row: SummaryRow) =>
    1 + 4 * row.elements * ((row.std! / row.expectedStd! - 1) / row.z!) ** 2;
  const generator = new Generator(1);
  const cut = { low: -2, high: 2, generator };
  const { rows } = summary({
    uniform: init.xavierUniform(empty([10, 10]), { generator }),
    normal: init.kaimingNormal(empty([10, 10]), { generator }),
    cut: init.truncNormal(empty([10, 10]), cut),
    tail: init.truncNormal(empty([99]), { low: 0, high: 99, generator }),
  });
  // By hand: 3 − (κ deficit) of N(0, 1) cut to ±2, and of a half normal.
  const half = 3 + 8 * (Math.PI - 3) / (Math.PI - 2) ** 2;
  const expected = [9 / 5, 3, 2.3655367171296495, half];
  rows.forEach((row, i) => assertNear(kappa(row), expected[i], 1e-7));
});

Deno.test("verdicts on tensors made for them", () => {
  const drawn = () => init.normal(empty([64, 64]), { generator: seeded() });
  const map = (w: Tensor, f: (x: number, i: number) => number) => {
    w.data.set(w.toFloat32().map(f) as never);
    return w;
  };
  const small = init.normal(empty([5]));
  small.data.set([300, -300, 300, -300, 1]);
  const ends = init.uniform(empty([3]));
  ends.data.set([0.5, 0.25, 1.01]);
  const other = init.ones(empty([3]));
  other.data.fill(2);
  const uneven = init.ones(empty([3]));
  uneven.data[0] = 2;
  const cases: Record<string, [Tensor, string, boolean]> = {
    fresh: [drawn(), "as expected", false],
    scaled: [map(drawn(), (x) => 1.1 * x), "wide", true],
    shrunk: [map(drawn(), (x) => x / 1.1), "narrow", true],
    moved: [map(drawn(), (x) => x + 0.1), "shifted", true],
    same: [map(drawn(), () => 0.5), "constant", true],
    zeros: [map(drawn(), () => 0), "constant", true],
    nan: [map(drawn(), (x, i) => i === 7 ? NaN : x), "not finite", true],
    infinite: [tensor([1, -Infinity]), "not finite", true],
    allNaN: [tensor([NaN, NaN]), "not finite", true],
    small: [small, "wide", true],
    ends: [ends, "wide", true],
    ones: [init.ones(empty([3])), "as expected", false],
    tenth: [
      init.constant(empty([3], { dtype: "bfloat16" }), { value: 0.1 }),
      "as expected",
      false,
    ],
    other: [other, "shifted", true],
    uneven: [uneven, "wide", true],
    noZeros: [empty([0, 3]), "empty", false],
    noNormals: [init.normal(empty([0, 3])), "empty", false],
    unknown: [tensor([1, 2]), "unknown", false],
    alike: [tensor([0, 0]), "constant", false],
    single: [tensor(3), "unknown", false],
    counter: [tensor([7], { dtype: "int64" }), "unknown", false],
    mask: [tensor([true, true]), "unknown", false],
  };
  const { rows } = summary(
    Object.fromEntries(Object.entries(cases).map(([name, [w]]) => [name, w])),
  );
  for (const { name, verdict, attention } of rows) {
    assertEquals([name, verdict, attention], [name, ...cases[name].slice(1)]);
  }
  assertEquals(rows.length, Object.keys(cases).length);
});

Deno.test("integers, booleans and empty tensors get no meaningless numbers", () => {
  const numbers = (row: SummaryRow) => [
    row.fanIn,
    row.mean,
    row.std,
    row.min,
    row.max,
    row.zeroShare,
    row.z,
  ];
  const { rows } = summary({
    int: tensor([[1, 0], [2, 5]], { dtype: "int64" }),
    bool: tensor([[true, false], [true, true]]),
    empty: empty([0]),
    one: tensor([4]),
    none: tensor([NaN, Infinity]),
  });
  assertEquals(rows.map(numbers), [
    [null, 2, Math.sqrt(14 / 3), 0, 5, 0.25, null],
    [null, null, null, null, null, 0.25, null],
    [null, null, null, null, null, null, null],
    [null, 4, null, 4, 4, 0, null],
    [null, null, null, null, null, null, null],
  ]);
  assertEquals(rows.map((row) => row.nonFinite), [0, 0, 0, 0, 2]);
});

Deno.test("half precision is read as the numbers it represents", () => {
  for (const dtype of ["float16", "bfloat16"] as const) {
    const [row] = summary({ x: tensor([-1, 0, 4], { dtype }) }).rows;
    assertEquals([row.mean, row.std, row.min, row.max, row.zeroShare], [
      1,
      Math.sqrt(7),
      -1,
      4,
      1 / 3,
    ]);
  }
});

Deno.test("a tied tensor appears once, and buffers on request", () => {
  class Net extends nn.Module {
    embed = new nn.Embedding(50, 8);
    norm = new nn.BatchNorm1d(8);
    head = new nn.Linear(8, 50, false);
  }
  const net = new Net();
  net.head.weight = net.embed.weight;
  const names = (source: Weights) =>
    summary(source).rows.map((row) => row.name);
  const parameters = ["embed.weight", "norm.weight", "norm.bias"];
  assertEquals(names(net), parameters);
  assertEquals(names(net.stateDict()), [
    ...parameters,
    "norm.running_mean",
    "norm.running_var",
    "norm.num_batches_tracked",
  ]);
  assertEquals(summary(net).elements, 416);
});

Deno.test("a padding row is expected to be 0", () => {
  const generator = seeded();
  const table = new nn.Embedding(5, 4000, 1, { generator });
  const [row] = summary(table).rows;
  assertEquals([row.zeroShare, row.verdict], [0.2, "as expected"]);
  assertNear(row.expectedStd!, Math.sqrt(0.8), 1e-15);
  assert(Math.abs(row.z!) < 4);
  table.weight.at(0).toFloat32().fill(0);
  assertEquals(summary(table).rows[0].verdict, "narrow");
});

Deno.test("with elements set to 0 the ends reach 0, and the std varies no more", () => {
  const uniform = { kind: "uniform", low: 1, high: 2 } as const;
  const { low, high, mean } = expectationOf(uniform, [4], 2);
  assertEquals([low, high, mean], [0, 2, 0.75]);
  const { std, kurtosis } = expectationOf(uniform, [4], 4);
  assertEquals([std, kurtosis], [0, null]);
  const [row] = summary(new nn.Embedding(1, 4, 0)).rows;
  assertEquals([row.z, row.verdict], [null, "as expected"]);
});

Deno.test("an identity is as expected until one element is another", () => {
  const identities = {
    eye: init.eye(empty([5, 7])),
    dirac: init.dirac(empty([4, 4, 3], { dtype: "bfloat16" })),
  };
  for (const [name, w] of Object.entries(identities)) {
    const [row] = summary({ w }).rows;
    assertEquals(
      [row.initializer, row.verdict, row.z],
      [name, "as expected", null],
    );
    const of = (value: number) => tensor([value], { dtype: w.dtype }).data[0];
    for (const [place, value] of [[0, 1], [0, 0.5], [1, -1], [1, 1e-3]]) {
      const before = w.data[place];
      if (before === of(value)) continue;
      w.data[place] = of(value);
      const [row] = summary({ w }).rows;
      assertEquals([row.verdict, row.attention], ["wide", true]);
      w.data[place] = before;
    }
    assertEquals(summary({ w }).rows[0].verdict, "as expected");
    // As many ones in other places have the same moments.
    w.data.reverse();
    w.data[1] = of(1);
    w.data[w.data.findLastIndex((value) => value === of(1))] = of(0);
    assertEquals(summary({ w }).rows[0].verdict, "wide");
    w.data.fill(of(0));
    assertEquals(summary({ w }).rows[0].verdict, "constant");
  }
});

Deno.test("a sparse matrix is as expected until its std or its zeros are others", () => {
  const drawn = (sparsity = 0.5, shape = [60, 50]) =>
    init.sparse(empty(shape), { sparsity, generator: seeded() });
  const [row] = summary(drawn()).rows;
  assertEquals([row.initializer, row.zeroShare], ["sparse", 0.5]);
  assertNear(row.expectedStd!, 0.01 * Math.SQRT1_2, 1e-15);
  assertEquals(row.verdict, "as expected");
  const verdictWith = (change: (x: number, i: number) => number) => {
    const w = drawn();
    w.data.set(w.toFloat32().map(change) as never);
    return summary(w).rows[0].verdict;
  };
  assertEquals(verdictWith((x) => 1.2 * x), "wide");
  assertEquals(verdictWith((x) => x / 1.2), "narrow");
  assertEquals(verdictWith((x) => x + 0.001), "wide");
  let filled = 0;
  const oneFewer = (x: number) => x === 0 && filled++ === 0 ? 1e-4 : x;
  assertEquals(verdictWith(oneFewer), "wide");
  assertEquals(verdictWith((x, i) => i < 50 ? 0 : x), "as expected");
  assertEquals(verdictWith(() => 0), "constant");
  assertEquals(summary(drawn(1)).rows[0].verdict, "as expected");
});

Deno.test("what has no name in memory has an empty one in a summary", () => {
  for (const source of [tensor([1, 2]), new Float32Array([1, 2]), [1, 2]]) {
    const { rows: [row] } = summary(source);
    assertEquals([row.name, row.mean, row.verdict], ["", 1.5, "unknown"]);
  }
});

Deno.test("a summary without tensors is empty", () => {
  for (const source of [{}, new nn.ReLU()]) {
    const { rows, ...totals }: Plain = summary(source);
    assertEquals(rows, []);
    assertEquals(totals, {
      tensors: 0,
      of: 0,
      unread: 0,
      elements: 0,
      alpha: 0.01,
      limit: null,
    });
  }
});

Deno.test("what is no model, tensor or chance is refused", () => {
  const bad = summary as (...args: unknown[]) => unknown;
  const w = tensor([1]);
  for (const source of [null, true, { w: [1] }, { w: null }, new Date()]) {
    assertThrows(
      () => bad(source),
      TypeError,
      "Cannot summarize: weights must be",
    );
  }
  assertThrows(() => bad({ w: [1] }), TypeError, 'got "w": [1]');
  for (const alpha of [0, 1, -1, NaN]) {
    assertThrows(() => bad({ w }, { alpha }), RangeError, "alpha must be");
  }
  assertThrows(() => bad({ w }, { alpha: "1" }), TypeError, "alpha must be");
  assertThrows(() => bad({ w }, { alhpa: 1 }), TypeError, "alhpa");
});

function seeded(): Generator {
  return new Generator(0);
}

function assertNear(actual: number, expected: number, tolerance: number): void {
  assert(
    Math.abs(actual - expected) <= tolerance,
    `${actual} is not within ${tolerance} of ${expected}`,
  );
}

/** Returns a weight of a manifest whose file is rounded. */
function roundedTo(
  dtype: string,
  weight: { readonly name: string; readonly shape: readonly number[] },
) {
  const quantization = { dtype, scale: 0.5, min: -1 };
  return { ...weight, dtype: "float32", quantization };
}

/** Reads weights of TensorFlow.js from memory. */
async function readAll(
  weights: readonly { readonly name: string }[],
  bytes: Uint8Array,
): Promise<Record<string, Tensor>> {
  const manifest = JSON.stringify([{ paths: ["w.bin"], weights }]);
  const model = await openTfjs((name) =>
    bytesSource(
      name === "w.bin" ? bytes : new TextEncoder().encode(manifest),
    )
  );
  const read: Record<string, Tensor> = {};
  for (const { name } of weights) read[name] = await model.read(name);
  return read;
}
