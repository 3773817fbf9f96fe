import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertMatch,
  assertThrows,
} from "@std/assert";
import {
  criticality,
  empty,
  filledBy,
  Generator,
  init,
  propagate,
} from "../../mod.ts";
import {
  type Activation,
  activations,
  curveOf,
} from "../../lib/propagation/activations.ts";
import { normalMean } from "../../lib/numerics/normal_mean.ts";
import { normalBelow } from "../../lib/numerics/normal_below.ts";
import { normalShare } from "../../lib/numerics/special.ts";
import { rootBetween } from "../../lib/numerics/root.ts";
import { assertNear } from "./near.ts";

interface Golden {
  readonly moments: readonly {
    readonly activation: Activation;
    readonly mean: number;
    readonly square: number;
    readonly fourth: number;
    readonly slopeSquare: number;
    readonly squareSlope: number;
  }[];
  readonly critical: readonly {
    readonly activation: Activation;
    readonly variance: number;
    readonly weightVariance: number;
    readonly biasVariance: number;
  }[];
  readonly edges: readonly {
    readonly biasVariance: number;
    readonly variance: number;
    readonly weightVariance: number;
  }[];
}

const golden: Golden = JSON.parse(
  await Deno.readTextFile(
    new URL("../golden/criticality.json", import.meta.url),
  ),
);

/** `criticality` looks for fixed points, so each name is asked once. */
const found = new Map(activations.map((name) => [name, criticality(name)]));

Deno.test("gains and slopes are within 1e-13 of mpmath's", () => {
  assertEquals(golden.moments.length, activations.length - 1);
  for (const { activation, ...moments } of golden.moments) {
    const own = found.get(activation)!;
    const { mean, square, fourth, slopeSquare, squareSlope } = moments;
    assertAlmostEquals(own.mean, mean, 1e-14, activation);
    for (
      const [name, expected] of [
        ["square", square],
        ["slopeSquare", slopeSquare],
        ["unitGain", square ** -0.5],
        ["stdGain", (square - mean ** 2) ** -0.5],
        ["chiParallel", squareSlope / square],
        ["chiPerpendicular", slopeSquare / square],
        ["fluctuation", fourth / square ** 2 - 1],
      ] as const
    ) {
      assertNear(own[name], expected, 1e-13, `${activation}, ${name}`);
    }
  }
});

Deno.test("critical points with a bias are mpmath's", () => {
  for (const { activation, ...point } of golden.critical) {
    const own = found.get(activation)!;
    assertEquals(own.kind, "half-stable");
    for (const [name, expected] of Object.entries(point)) {
      const value = own.critical![name as keyof typeof point];
      assertNear(value, expected, 1e-11, `${activation}, ${name}`);
    }
    // Both χ are 1 there, and the point is a fixed one.
    const at = own.fixedPointsOf(own.critical!)
      .find(({ variance }) => variance === own.critical!.variance)!;
    assertNear(at.chiParallel, 1, 1e-12, activation);
    assertNear(at.chiPerpendicular, 1, 1e-12, activation);
    assertNear(own.map(at.variance, own.critical!), at.variance, 1e-13, "K'");
  }
});

Deno.test("tanh's edge of chaos is mpmath's", () => {
  const { edgeOfChaos } = found.get("tanh")!;
  for (const { biasVariance, ...expected } of golden.edges) {
    const own = edgeOfChaos(biasVariance)!;
    assertNear(own.variance, expected.variance, 1e-11, "K*");
    assertNear(own.weightVariance, expected.weightVariance, 1e-11, "C_W");
    assert(own.chiParallel < 1);
  }
  assertThrows(() => edgeOfChaos(0), RangeError, "must be above 0");
  assertEquals(found.get("relu")!.edgeOfChaos(0.1), null);
});

Deno.test("the map has the closed forms of erf, sin, gelu and relu", () => {
  const closed: [Activation, (k: number) => number, (k: number) => number][] = [
    [
      "erf",
      (k) => 2 / Math.PI * Math.asin(2 * k / (1 + 2 * k)),
      (k) => 4 / Math.PI / Math.sqrt(1 + 4 * k),
    ],
    [
      "sin",
      (k) => -Math.expm1(-2 * k) / 2,
      (k) => (1 + Math.exp(-2 * k)) / 2,
    ],
    [
      "gelu",
      (k) =>
        k / 4 + k / (2 * Math.PI) *
          (Math.asin(k / (1 + k)) + 2 * k / ((1 + k) * Math.sqrt(1 + 2 * k))),
      (k) =>
        normalMean((x) => curveOf("gelu", 0).slope(x) ** 2, {
          std: Math.sqrt(k),
        }),
    ],
    ["relu", (k) => k / 2, () => 1 / 2],
  ];
  const unit = { weightVariance: 1 };
  for (const [activation, square, slopeSquare] of closed) {
    const { curve, map } = found.get(activation)!;
    for (const k of [1e-4, 0.01, 0.3, 1, 4, 50, 100]) {
      assertNear(map(k, unit), square(k), 1e-13, `${activation} at ${k}`);
      const slopes = normalMean((x) => curve.slope(x) ** 2, {
        std: Math.sqrt(k),
      });
      assertNear(slopes, slopeSquare(k), 1e-13, `${activation} at ${k}`);
    }
  }
});

Deno.test("each activation is of its kind, and stable or not at unit gain", () => {
  const kinds = {
    "scale-invariant": ["linear", "relu", "leaky_relu", "relu6"],
    "zero": ["tanh", "selu", "erf", "sin", "hardtanh", "elu"],
    "half-stable": ["gelu", "silu", "gelu_tanh", "mish", "hardswish"],
    "none": ["sigmoid", "softplus", "relu_squared"],
  };
  const stable = Object.groupBy(activations, (name) => found.get(name)!.kind);
  assertEquals(stable as unknown, kinds);
  const unstable = [...kinds["scale-invariant"], ...kinds["half-stable"]];
  for (const name of activations) {
    const { fixedPoints, advice } = found.get(name)!;
    const one = fixedPoints.filter(({ variance }) => variance === 1);
    assertEquals(one.length, 1, name);
    const isStable = !unstable.includes(name) && name !== "relu_squared";
    assertEquals(one[0].stable, isStable, name);
    assertMatch(advice, /^(A gain of|No stable rule|No critical point)/);
  }
  const gains = ["relu", "tanh", "erf", "elu"].map((name) =>
    Math.sqrt(found.get(name as Activation)!.critical!.weightVariance)
  );
  [Math.SQRT2, 1, Math.sqrt(Math.PI) / 2, 1].forEach((gain, i) =>
    assertAlmostEquals(gains[i], gain, 1e-13)
  );
});

Deno.test("a function whose variance runs away from 0 has no critical point", () => {
  // Its slope grows from 1 to 1.1, so that f · f″ is above 0.
  const steeper = criticality((x) => x + 0.1 * x ** 3 / (1 + x * x));
  assertEquals([steeper.kind, steeper.critical], ["none", null]);
  const flatter = criticality((x) => x - 0.1 * x ** 3 / (1 + x * x));
  assertEquals([flatter.kind, flatter.critical!.variance], ["zero", 0]);
});

Deno.test("fixed points of gains in use are known", () => {
  const points = (name: Activation, gain: number) =>
    found.get(name)!.fixedPointsOf({ weightVariance: gain ** 2 });
  const [zero, tanh] = points("tanh", 5 / 3);
  assertEquals([zero.variance, zero.stable, tanh.stable], [0, false, true]);
  assertAlmostEquals(tanh.variance, 1.1784804903859, 1e-12);
  assertAlmostEquals(tanh.chiParallel, 0.4308993863647, 1e-12);
  assertAlmostEquals(tanh.chiPerpendicular, 1.2098313203828, 1e-12);
  const selu = points("selu", 3 / 4);
  assertAlmostEquals(selu[1].variance, 0.0230337846108, 1e-12);
  for (const name of ["gelu", "silu", "mish", "hardswish"] as const) {
    const only = points(name, Math.SQRT2);
    assertEquals(only.map(({ variance }) => variance), [0], name);
    assert(only[0].stable, name);
  }
  // gelu's critical point has a second fixed point below, which is stable.
  const { critical, fixedPointsOf } = found.get("gelu")!;
  const [below, at] = fixedPointsOf(critical!);
  assertEquals([below.stable, at.stable], [true, false]);
  assertAlmostEquals(below.variance / at.variance, 0.8522, 1e-4);
});

Deno.test("from 0.9 and 1.1 gelu's variance ends at 0 and at infinity", () => {
  const { map } = found.get("gelu")!;
  const layersTo = (start: number, isThere: (k: number) => boolean) => {
    let [k, layers] = [start, 0];
    while (!isThere(k = map(k))) layers++;
    return layers;
  };
  assertEquals(layersTo(0.9, (k) => k < 1e-9), 56);
  assertEquals(layersTo(1.1, (k) => k > 1e6), 100);
});

Deno.test("a function is as good as the name", () => {
  const own: [Activation, (x: number) => number, number[]][] = [
    ["hardswish", (x) => x * Math.min(Math.max(x + 3, 0), 6) / 6, [-3, 3]],
    ["hardtanh", (x) => Math.min(Math.max(x, -1), 1), [-1, 1]],
    ["relu6", (x) => Math.min(Math.max(x, 0), 6), [6]],
    ["elu", (x) => x > 0 ? x : Math.expm1(x), []],
    ["silu", (x) => x / (1 + Math.exp(-x)), []],
    ["tanh", Math.tanh, []],
  ];
  for (const [name, f, kinks] of own) {
    const [mine, theirs] = [criticality(f), found.get(name)!];
    assertEquals(mine.curve.kinks, kinks, name);
    assertEquals(mine.kind, theirs.kind, name);
    for (
      const number of ["unitGain", "chiParallel", "chiPerpendicular"] as const
    ) {
      assertNear(mine[number], theirs[number], 1e-11, `${name}, ${number}`);
    }
  }
  const derivative = (x: number) => Math.abs(x) < 1 ? 1 : 0;
  const given = criticality(own[1][1], { derivative, kinks: [-1, 1] });
  assertEquals(given.fluctuation, found.get("hardtanh")!.fluctuation);
  assertEquals(given.chiPerpendicular, found.get("hardtanh")!.chiPerpendicular);
  const abs = criticality(Math.abs);
  assertEquals([abs.activation, abs.kind], ["abs", "scale-invariant"]);
  // A kink at no round place.
  const place = Math.SQRT2 / 10;
  const bent = criticality((x) => Math.abs(x - place));
  assertNear(bent.curve.kinks[0], place, 1e-10, "kink");
  assertNear(bent.slopeSquare, 1, 1e-12, "slopes of ±1");
});

Deno.test("what the theory cannot take is refused", () => {
  const cases: [unknown, object, typeof TypeError, string][] = [
    [(x: number) => x * x, {}, RangeError, "grow no faster than a line"],
    [Math.exp, {}, RangeError, "grow no faster than a line"],
    [Math.sign, {}, RangeError, "a jump of 2 at 0"],
    [(x: number) => x > 1.3 ? x + 0.1 : x, {}, RangeError, "of 0.1 at 1.3"],
    [
      (x: number) => x > 2 ? x + 1 : x,
      { kinks: [2] },
      RangeError,
      "a jump of 1 at 2",
    ],
    [(x: number) => 1 / x, {}, RangeError, "activation(0) must be finite"],
    [(x: number) => String(x), {}, TypeError, "must return a number"],
    ["swish", {}, RangeError, 'got "swish"'],
    [3, {}, TypeError, "must be a name or a function of one number, got 3"],
    ["relu", { kink: [] }, TypeError, "got kink"],
    [Math.abs, { kinks: 1 }, TypeError, "kinks must be a list of numbers"],
    [Math.abs, { kinks: [NaN] }, RangeError, "each kink must be finite"],
    [Math.abs, { derivative: 1 }, TypeError, "derivative must be a function"],
  ];
  for (const [activation, options, kind, message] of cases) {
    const ask = criticality as (activation: unknown, options: object) => void;
    assertThrows(() => ask(activation, options), kind, message);
  }
});

Deno.test("its gain is a number for init, and propagate takes what it takes", () => {
  const { unitGain } = found.get("mish")!;
  const weight = init.kaimingNormal(empty([50, 100]), {
    gain: unitGain,
    generator: new Generator(0),
  });
  assertEquals(filledBy(weight)!.options.gain, unitGain);
  const small = { depth: 2, width: 8, batch: 4, bins: 0 };
  const layers = (activation: Parameters<typeof criticality>[0]) =>
    propagate({ ...small, activation, init: "xavierNormal" }).layers;
  const own = layers((x) => Math.max(0, x));
  const named = layers("relu");
  own.forEach(({ gradients }, i) =>
    assertNear(gradients.std, named[i].gradients.std, 1e-11, "gradients")
  );
  const through = propagate({
    ...small,
    activation: criticality((x) => Math.max(0, x), {
      derivative: (x) => x > 0 ? 1 : 0,
    }),
    init: "xavierNormal",
  });
  assertEquals(through.layers, named);
  // Math.tanh has a name of PyTorch's table, but not its gain.
  const tanh = propagate({ ...small, activation: Math.tanh });
  assertEquals([tanh.activation, tanh.init], [
    "tanh",
    "kaimingNormal, gain: 1",
  ]);
});

Deno.test("without init, gelu starts at its critical gain and bias", () => {
  const run = propagate({ depth: 50, width: 64, activation: "gelu", bins: 0 });
  assertEquals(run.init, "kaimingNormal, gain: 1.408");
  assertAlmostEquals(run.biasStd, 0.41583938, 1e-8);
  assertMatch(String(run), /bias 0\.4158 · batch 256/);
  const { expected } = run.layers[49].preactivations;
  assert(expected!.std > 1 && expected!.std < 2);
  const faded = propagate({
    ...{ depth: 50, width: 64, activation: "gelu", bins: 0 },
    init: { name: "kaimingNormal", nonlinearity: "relu" },
  });
  assertEquals(faded.biasStd, 0);
  assert(faded.layers[49].preactivations.expected!.std < 1e-3);
});

Deno.test("the quadrature finds narrow places, kinks and jumps", () => {
  assertNear(normalMean((z) => z ** 8), 105, 1e-14, "z⁸");
  assertNear(normalMean((x) => x ** 4, { std: 1e-3 }), 3e-12, 1e-14, "narrow");
  // A kink that nobody told.
  const shelf = (x: number) => Math.max(0, x - 0.7);
  const [density, above] = [
    Math.exp(-0.245) / Math.sqrt(2 * Math.PI),
    normalShare(0.7, Infinity),
  ];
  assertNear(normalMean(shelf), density - 0.7 * above, 1e-12, "untold");
  assertNear(
    normalMean(shelf, { breaks: [0.7] }),
    density - 0.7 * above,
    1e-14,
    "told",
  );
});

Deno.test("a normal's share is that of erfc, and a root that of its sign", () => {
  for (let x = -12; x <= 12; x += 0.0137) {
    assertAlmostEquals(normalBelow(x), normalShare(-Infinity, x), 1e-15);
  }
  for (const x of [-8, -6.02, -4.3, -2.97]) {
    assertNear(normalBelow(x), normalShare(-Infinity, x), 1e-12, `at ${x}`);
  }
  assertEquals([-40, 40].map(normalBelow), [0, 1]);
  assert(Number.isNaN(normalBelow(NaN)));
  assertEquals(rootBetween((x) => x - 3, 3, 5), 3);
  assertNear(
    rootBetween((x) => x ** 9 - 2, 0, 10),
    2 ** (1 / 9),
    1e-15,
    "root",
  );
});
