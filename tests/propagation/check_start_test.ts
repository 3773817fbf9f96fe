import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertMatch,
  assertThrows,
} from "@std/assert";
import { checkStart, empty, Generator, init, nn, tensor } from "../../mod.ts";
import type { Checked, StartLayer } from "../../lib/propagation/check_start.ts";

interface Golden {
  readonly shares: readonly {
    readonly activation: "tanh" | "sigmoid" | "relu";
    readonly gain: number;
    readonly at: readonly number[];
    readonly saturated: readonly number[];
    readonly dead: readonly number[];
  }[];
  readonly steps: readonly {
    readonly outputs: number;
    readonly seed: number;
    readonly loss: number;
    readonly zeroGradient: readonly number[];
    readonly saturated: number;
    readonly updateToWeight: readonly number[];
  }[];
}

const { shares, steps }: Golden = JSON.parse(
  await Deno.readTextFile(new URL("../golden/start.json", import.meta.url)),
);

/** By quadrature elsewhere: two-tailed shares of N(0, K), and the limit map. */
const expectations: Readonly<Record<string, readonly number[]>> = {
  "tanh 1": [0.036421, 0.000856],
  "tanh 1.6667": [0.2093417779, 0.0982962833, 0.0603958075, 0.0541467677],
  "tanh 3": [0.4855325396, 0.4191294283, 0.4052274450, 0.4047133856],
  "sigmoid 4": [0.3848336360, 0.1740979291, 0.1511983900, 0.1508526266],
  "relu 1.4142": [1.52587890625e-5, 0.0187334029, 0.0948710386, 0.2035425379],
};

for (const { activation, gain, at, saturated, dead } of shares) {
  Deno.test(`${activation}, gain ${gain}: shares are PyTorch's and the theory's`, () => {
    const { layers } = checkStart({
      ...{ depth: 32, width: 128, batch: 16, activation },
      init: { name: "normal", std: gain / Math.sqrt(128) },
    });
    const isRelu = activation === "relu";
    at.forEach((layer, i) => {
      const found = layers[layer - 1];
      const own = isRelu ? found.dead : found.saturated;
      assertEquals(own.value, isRelu ? dead[i] : saturated[i]);
      const other = isRelu ? found.saturated : found.dead;
      assertEquals(other, { value: null, expected: null, ok: true });
    });
    const name = `${activation} ${Number(gain.toFixed(4))}`;
    expectations[name].forEach((expected, i) => {
      const found = layers[at[i] - 1];
      const own = (isRelu ? found.dead : found.saturated).expected!;
      assertAlmostEquals(own, expected, name === "tanh 1" ? 1e-5 : 1e-9);
    });
    const bad = layers.slice(0, -1).filter((layer) => !layer.saturated.ok);
    assertEquals(bad.length > 0, ["tanh 3", "sigmoid 4"].includes(name));
  });
}

/** The golden network, as a list. */
function listed(outputs: number, seed: number) {
  const generator = new Generator(seed);
  const draw = (shape: number[], std = 1) =>
    init.normal(empty(shape), { std, generator });
  const inputs = draw([8, 3, 6, 6]);
  const shapes = [[4, 3, 3, 3], [6, 4, 3, 3], [outputs, 54]];
  const weights = shapes.map((shape) => draw(shape, 0.3));
  const biases = shapes.map(([out]) => draw([out], 0.1));
  const at = (i: number) => ({ weight: weights[i], bias: biases[i] });
  const layers = [
    at(0),
    "relu",
    { ...at(1), stride: 2 },
    "tanh",
    "flatten",
    at(2),
  ] as const;
  return { inputs, layers };
}

for (const { outputs, seed, loss, ...expected } of steps) {
  Deno.test(`a list with ${outputs} outputs: loss and first update are autograd's`, () => {
    const { inputs, layers } = listed(outputs, seed);
    const found = checkStart(layers, { inputs });
    const classes = Math.max(2, outputs);
    assertEquals(found.classes, classes);
    assertAlmostEquals(found.loss.value!, loss, 1e-13);
    assertEquals(found.loss.expected, Math.log(classes));
    const of = (name: keyof StartLayer) =>
      found.layers.map((layer) => (layer[name] as Checked).value);
    assertEquals(of("zeroGradient"), [...expected.zeroGradient]);
    assertEquals(of("saturated"), [null, expected.saturated, null]);
    of("updateToWeight").forEach((own, i) =>
      assertAlmostEquals(own! / expected.updateToWeight[i], 1, 1e-12)
    );
    assertEquals(
      found.layers.map(({ layer, kind, activation }) => [
        ...[layer, kind, activation],
      ]),
      [[1, "conv", "relu"], [2, "conv", "tanh"], [3, "dense", null]],
    );
    // Twice the rate, twice the step; Adam's is the rate over the weight.
    const twice = checkStart(layers, { inputs, learningRate: 0.02 });
    const adam = checkStart(layers, { inputs, optimizer: "adam" });
    twice.layers.forEach(({ updateToWeight: { value } }, i) =>
      assertAlmostEquals(value! / of("updateToWeight")[i]!, 2, 1e-12)
    );
    assertAlmostEquals(adam.layers[0].updateToWeight.value!, 0.01 / 0.3, 5e-3);
    assertEquals(adam.layers[0].updateToWeight.ok, false);
  });
}

Deno.test("a good start is well; zeros, large weights and equal rows are not", () => {
  const small = { depth: 3, width: 64, batch: 32 };
  const good = checkStart(small);
  assertEquals(good.ok, true);
  assertMatch(String(good), /^initial loss 2\.\d+, ln 10 is 2\.303 · sgd/);
  assertMatch(String(good), /All is well\.$/);
  const of = (init: object, more: object = {}) =>
    checkStart({ ...small, init: init as never, ...more });
  const equal = of({ name: "constant", value: 0.5 });
  assertEquals(equal.layers[0].equalRows, {
    value: 63,
    expected: 0,
    ok: false,
  });
  assertEquals([equal.ok, equal.loss.ok], [false, false]);
  assertMatch(String(equal), /63 !/);
  const zeros = of("zeros" as never);
  assertEquals(zeros.layers[0].updateToWeight.value, null);
  assertAlmostEquals(zeros.loss.value!, Math.log(10), 1e-12);
  assertEquals(zeros.layers[2].dead.value, 1);
  assertEquals(zeros.ok, false);
  const large = of({ name: "normal", std: 2 });
  assertEquals(large.loss.ok, false);
  assert(large.loss.value! > 100);
  const tiny = of({ name: "normal", std: 0.001 });
  assertEquals(tiny.layers[0].updateToWeight.ok, false);
  assert(tiny.layers[0].updateToWeight.value! < 1e-4);
});

Deno.test("inputs that share a mean kill more units than the theory has", () => {
  const generator = new Generator(0);
  const layers = [
    new nn.Linear(20, 100, { bias: false, generator }),
    new nn.ReLU(),
    new nn.Linear(100, 2, { generator }),
  ];
  const centered = init.normal(empty([16, 20]), { generator });
  const shifted = init.normal(empty([16, 20]), { mean: 3, generator });
  const dead = (inputs: typeof centered) =>
    checkStart(layers, { inputs }).layers[0].dead;
  assertEquals(dead(centered).ok, true);
  assert(dead(shifted).value! > 0.2);
  assertEquals(dead(shifted).ok, false);
  assertEquals(dead(shifted).expected, dead(centered).expected);
  // Three equal inputs leave a half at 0, where an eighth is expected.
  const row = init.normal(empty([1, 20]), { generator })
    .toArray() as number[][];
  const same = dead(tensor([row[0], row[0], row[0]]));
  assertAlmostEquals(same.expected!, 1 / 8, 1e-12);
  assertAlmostEquals(same.value!, 1 / 2, 0.15);
  assertEquals(same.ok, false);
});

Deno.test("blocks are averaged and read out; residual ones tell their updates", () => {
  for (const block of ["residual", "transformer", "conv", "resnet"] as const) {
    const found = checkStart({ block, depth: 2, width: 8, batch: 4 });
    assertEquals(
      found.layers.map(({ kind }) => kind),
      [block, block, "dense"],
    );
    assert(found.loss.value! > 1.5 && Number.isFinite(found.loss.value));
    const { value } = found.layers[0].updateToWeight;
    assertEquals(value !== null, block === "residual");
    assertEquals(found.layers[0].equalRows.value, 0);
  }
  const still = checkStart({ block: "residual", depth: 2, branchScale: 0 });
  assertEquals(still.layers[0].updateToWeight, {
    ...{ value: 0, expected: 1e-3, ok: false },
  });
});

Deno.test("labels are classes, and what does not fit is refused", () => {
  const inputs = init.normal(empty([4, 3]), { generator: new Generator(0) });
  const layers = [{ weight: tensor([[1, 0, 0], [0, 1, 0]]) }];
  const loss = (labels?: number[]) => {
    const found = checkStart(layers, { inputs, labels });
    return found.loss.value!;
  };
  assertEquals(loss([0, 1, 0, 1]), loss());
  assert(loss([1, 0, 1, 0]) !== loss());
  const cases: [unknown, object, typeof TypeError, string][] = [
    [layers, {}, TypeError, "inputs must be given with a list of layers"],
    [layers, { inputs, labels: [0, 1] }, RangeError, "a list of 4 integers"],
    [layers, { inputs, labels: [0, 1, 2, 0] }, RangeError, "from 0 to 1"],
    [["relu"], { inputs }, TypeError, "must have one with a weight"],
    [5, {}, TypeError, "options of propagate or a list of layers, got 5"],
    [{ depht: 3 }, {}, TypeError, "Cannot check a start: options must be"],
    [{ block: "renset" }, {}, RangeError, "Cannot check a start: block must"],
    [{}, { optimizer: "adamw" }, RangeError, "sgd, adam"],
    [{}, { classes: 1 }, RangeError, "classes must be"],
    [{}, { rate: 1 }, TypeError, "got rate"],
  ];
  for (const [stack, options, kind, message] of cases) {
    assertThrows(() => checkStart(stack as never, options), kind, message);
  }
});
