import { assert, assertEquals, assertThrows } from "@std/assert";
import { empty, Generator, init, nn, Tensor, tensor } from "../../mod.ts";
import { warningsOf } from "../core/warnings.ts";

type ErrorClass = typeof RangeError | typeof TypeError;
type Positional = (tensor: Tensor, ...values: unknown[]) => Tensor;
type Fill = (tensor: Tensor, options?: unknown) => Tensor;

/** Whether it is an object of options, to which a generator may be added. */
function isRecord(options: unknown): options is object {
  return Deno.inspect(options).startsWith("{") &&
    Object.getPrototypeOf(options) === Object.prototype;
}

/** Initializer, options, error and a part of its message. */
const badOptions: [keyof typeof init, unknown, ErrorClass, string][] = [
  ["uniform", { low: 1, high: 0 }, RangeError, "low 1 and high 0"],
  ["uniform", { low: NaN }, RangeError, "low must be finite"],
  ["uniform", { high: Infinity }, RangeError, "high must be finite"],
  ["uniform", { low: -3e38, high: 3e38 }, RangeError, "high - low"],
  ["uniform", { low: "0" }, TypeError, 'got "0"'],
  ["uniform", { a: 0 }, TypeError, "a must be written low"],
  ["uniform", { lo: 0 }, TypeError, "among low, high, generator, got lo; did"],
  ["uniform", { generator: 0 }, TypeError, "must be a Generator"],
  ["uniform", -1, TypeError, "plain object such as { low: -1 }, got -1"],
  ["normal", { std: NaN }, RangeError, "std must be finite"],
  ["normal", { std: -1 }, RangeError, "std must be at least 0"],
  ["normal", { std: Infinity }, RangeError, "std must be finite"],
  ["normal", { mean: NaN }, RangeError, "mean must be finite"],
  ["normal", { mean: null }, TypeError, "mean must be a number"],
  ["normal", { sd: 1 }, TypeError, "got sd"],
  ["normal", null, TypeError, "plain object, got null"],
  ["normal", [0, 1], TypeError, "plain object, got [0, 1]"],
  ["normal", new Map([["std", 0]]), TypeError, "got Map(1)"],
  ["normal", Object.create({ std: 0 }), TypeError, "plain object"],
  ["normal", new Generator(0), TypeError, "object of class Generator"],
  ["constant", {}, TypeError, "value must be a number"],
  ["constant", undefined, TypeError, "value must be a number"],
  ["constant", 0.5, TypeError, "such as { value: 0.5 }"],
  ["constant", { val: 1 }, TypeError, "val must be written value"],
  ["constant", { value: "1" }, TypeError, "value must be a number"],
  ["truncNormal", { std: 0 }, RangeError, "std must be above 0, got 0"],
  ["truncNormal", { std: -1 }, RangeError, "std must be at least 0"],
  ["truncNormal", { low: NaN }, RangeError, "low must not be NaN"],
  ["truncNormal", { low: 1, high: 0 }, RangeError, "low 1 and high 0"],
  ["truncNormal", { a: 1 }, TypeError, "a must be written low"],
  ["truncNormal", { lower: 1 }, TypeError, "among mean, std, low, high"],
  ["sparse", {}, TypeError, "sparsity must be a number"],
  ["sparse", { sparsity: 1.5 }, RangeError, "in [0, 1]"],
  ["sparse", { sparsity: NaN }, RangeError, "finite"],
  ["sparse", { sparsity: 0.5, std: -1 }, RangeError, "std"],
  ["dirac", { groups: 0 }, RangeError, "groups"],
  ["dirac", {}, RangeError, "rank must be in [3, 5], got 2"],
  ["xavierUniform", { gain: -1 }, RangeError, "gain must be at least 0"],
  ["xavierNormal", { gain: NaN }, RangeError, "gain must be finite"],
  ["xavierNormal", { mode: "fan_in" }, TypeError, "among gain, generator"],
  ["orthogonal", { gain: NaN }, RangeError, "gain must be finite"],
  ["orthogonal", { gain: -Infinity }, RangeError, "gain must be finite"],
  ["orthogonal", { gain: "1" }, TypeError, "gain must be a number"],
  ["orthogonal", { gain: null }, TypeError, "gain must be a number"],
  ["orthogonal", { generator: 0 }, TypeError, "must be a Generator"],
  ["orthogonal", { std: 1 }, TypeError, "among gain, generator"],
  ["kaimingUniform", { mode: "fan_avg" }, RangeError, '"fan_avg"'],
  ["kaimingNormal", { mode: 1 }, RangeError, "fan_in, fan_out"],
  ["kaimingNormal", { nonlinearity: "gelu" }, RangeError, '"gelu"'],
  ["kaimingUniform", { negativeSlope: NaN }, RangeError, "NaN"],
  ["kaimingUniform", { a: 1 }, TypeError, "a must be written negativeSlope"],
  ["kaimingUniform", { slope: 1 }, TypeError, "among negativeSlope"],
  ["kaimingNormal", "fan_out", TypeError, 'such as { mode: "fan_out" }'],
  ["kaimingNormal", { gain: -1 }, RangeError, "gain must be at least 0"],
  [
    "kaimingNormal",
    { gain: 1, nonlinearity: "relu" },
    TypeError,
    "nonlinearity must be left out when gain is given",
  ],
  [
    "kaimingUniform",
    { gain: 1, negativeSlope: 0 },
    TypeError,
    "negativeSlope must be left out when gain is given",
  ],
  ["varianceScaling", { scale: 0 }, RangeError, "scale must be above 0"],
  ["varianceScaling", { scale: NaN }, RangeError, "scale must be finite"],
  ["varianceScaling", { mode: "fan" }, RangeError, "fan_geo_avg, got"],
  ["varianceScaling", { distribution: "gauss" }, RangeError, "one of trunc"],
  ["varianceScaling", { axes: { in: 2 } }, RangeError, "axes.in must be"],
  ["varianceScaling", { axes: 1 }, TypeError, "axes must be a plain object"],
  ["lecunNormal", { scale: 2 }, TypeError, "among axes, generator"],
  ["lecunUniform", { axes: { on: 1 } }, TypeError, "among in, out, batch"],
];

for (const [fn, options, errorClass, message] of badOptions) {
  const label = `init.${fn} refuses ${Deno.inspect(options)}`;
  Deno.test(label, () => {
    const dtypes = ["float32", "float64", "float16", "bfloat16"] as const;
    for (const dtype of dtypes) {
      if (message === "high - low" && dtype === "float64") continue;
      const generator = new Generator(1);
      const target = tensor([[1, 2], [3, 4]], { dtype });
      const given = fn !== "constant" && fn !== "dirac" && isRecord(options)
        ? { generator, ...options }
        : options;
      const before = generator.getState();
      const error = assertThrows(
        () => (init[fn] as Fill)(target, given),
        errorClass,
        message,
      );
      assert(error.message.startsWith(`Cannot fill with init.${fn}: `));
      assertEquals(target.toArray(), [[1, 2], [3, 4]]);
      assertEquals(generator.getState(), before);
    }
  });
}

for (
  const fn of Object.keys(init.initializers) as (keyof typeof init)[]
) {
  const fill = init[fn] as Fill;
  const options = fn === "constant"
    ? { value: 1 }
    : fn === "sparse"
    ? { sparsity: 0.5 }
    : {};

  Deno.test(`init.${fn} fills float dtypes only, and tensors only`, () => {
    for (const dtype of ["int64", "int32", "uint8", "bool"] as const) {
      const target = tensor([[0, 1], [1, 0]], { dtype });
      assertThrows(() => fill(target, options), TypeError, "a float dtype");
      assertEquals(target.toArray(), [[0, 1], [1, 0]]);
    }
    const layer = new nn.Linear(1, 1) as unknown as Tensor;
    assertThrows(() => fill(layer, options), TypeError, "class Linear");
    assertThrows(
      () => fill(new Float32Array(4) as never, options),
      TypeError,
      "Float32Array(4)",
    );
  });
}

Deno.test("xavier and kaiming need two axes", () => {
  for (
    const fn of [
      init.xavierUniform,
      init.xavierNormal,
      init.kaimingUniform,
      init.kaimingNormal,
    ]
  ) {
    const target = tensor([1, 2, 3]);
    assertThrows(
      () => fn(target),
      RangeError,
      "at least 2, got 1",
    );
    assertEquals(target.toArray(), [1, 2, 3]);
  }
  assertThrows(() => init.xavierNormal(empty([0, 0])), RangeError, "above 0");
});

Deno.test("eye and sparse need two axes, dirac whole groups", () => {
  const target = tensor([[[1, 2], [3, 4], [5, 6]]]);
  const before = target.toArray();
  assertThrows(() => init.eye(target), RangeError, "must be 2, got");
  assertThrows(
    () => init.sparse(target, { sparsity: 0.5 }),
    RangeError,
    "must be 2, got 3",
  );
  assertThrows(() => init.dirac(target, { groups: 2 }), RangeError, "axis 0");
  assertEquals(target.toArray(), before);
});

Deno.test("orthogonal needs two axes, and float32 or float64", () => {
  const generator = new Generator(0);
  const target = tensor([1, 2, 3]);
  assertThrows(
    () => init.orthogonal(target, { generator }),
    RangeError,
    "at least 2, got 1 in shape [3]",
  );
  assertEquals(target.toArray(), [1, 2, 3]);
  assertThrows(() => init.orthogonal(empty([0])), RangeError, "at least 2");
  for (const dtype of ["float16", "bfloat16"] as const) {
    const matrix = tensor([[1, 2], [3, 4]], { dtype });
    assertThrows(
      () => init.orthogonal(matrix, { generator }),
      TypeError,
      `float32 or float64, got ${dtype}`,
    );
    assertEquals(matrix.toArray(), [[1, 2], [3, 4]]);
  }
  assertEquals(generator.getState(), new Generator(0).getState());
});

Deno.test("kaiming checks its options where there is nothing to fill", () => {
  for (const fn of [init.kaimingUniform, init.kaimingNormal]) {
    const fill = fn as Fill;
    assertEquals(
      warningsOf(() => {
        const bad = { generator: 0 };
        assertThrows(() => fill(empty([0, 2]), bad), TypeError, "a Generator");
        const mode = "fan_avg";
        assertThrows(() => fill(empty([0, 2]), { mode }), RangeError, mode);
      }),
      [],
    );
  }
});

Deno.test("undefined options are the defaults, and 0 is a value", () => {
  const generator = new Generator(0);
  const one = init.normal(empty([4]), {
    mean: undefined,
    std: undefined,
    generator,
  });
  const two = init.normal(empty([4]), { generator: generator.manualSeed(0) });
  assert(one.equals(two));
  assertEquals(init.normal(empty([2]), { std: 0 }).toArray(), [0, 0]);
  assertEquals(init.uniform(empty([2]), { high: 0 }).toArray(), [0, 0]);
});

Deno.test("what a dtype cannot hold is refused, and its largest number is not", () => {
  const largest = {
    float32: 3.4028234663852886e38,
    float64: Number.MAX_VALUE,
    float16: 65504,
    bfloat16: 3.3895313892515355e38,
  };
  for (const dtype of ["float32", "float64", "float16", "bfloat16"] as const) {
    const target = tensor([1, 2], { dtype });
    const high = largest[dtype];
    const beyond = high * (1 + 1e-8);
    for (
      const [low, to] of [[high / 2, beyond], [-beyond, -high / 2], [
        -high,
        high,
      ]]
    ) {
      assertThrows(
        () => init.uniform(target, { low, high: to }),
        RangeError,
        beyond === Infinity && low !== -high ? "must be finite" : "at most",
      );
    }
    const value = -high * (1 + 1e-8);
    if (value !== -Infinity) {
      assertThrows(
        () => init.constant(target, { value }),
        RangeError,
        `must be at most ${high} in size in ${dtype}`,
      );
    }
    assertEquals(target.toArray(), [1, 2]);
    init.uniform(target, { low: -high, high: 0 });
    assertEquals(init.constant(target, { value: high }).toArray(), [
      high,
      high,
    ]);
    for (const value of [Infinity, -Infinity, NaN]) {
      const filled = init.constant(target, { value }).toArray();
      assertEquals(filled, [value, value]);
    }
  }
});

Deno.test("dirac needs a kernel with a center, where there is a channel", () => {
  assertThrows(() => init.dirac(empty([4, 2, 0])), RangeError, "center");
  assertThrows(() => init.dirac(empty([4, 2, 3, 0])), RangeError, "center");
  for (const shape of [[4, 0, 0], [0, 2, 0]]) {
    assertEquals(init.dirac(empty(shape)).numel(), 0);
  }
});

Deno.test("arguments by position, as PyTorch takes them, are pointed to names", () => {
  const cases: [(w: Tensor) => unknown, string][] = [
    [
      (w) => (init.kaimingNormal as unknown as Positional)(w, 0, "fan_out"),
      'such as { negativeSlope: 0, mode: "fan_out" }, got 2 arguments',
    ],
    [
      (w) => (init.uniform as unknown as Positional)(w, -1, 1),
      "such as { low: -1, high: 1 }, got 2 arguments",
    ],
    [
      (w) => (init.normal as unknown as Positional)(w, {}, {}),
      "options must be a plain object, got 2 arguments",
    ],
  ];
  for (const [act, message] of cases) {
    const target = tensor([[1, 2], [3, 4]]);
    assertThrows(() => act(target), TypeError, message);
    assertEquals(target.toArray(), [[1, 2], [3, 4]]);
  }
});

Deno.test("a tensor whose memory is gone or shrunk is refused by every fill", () => {
  for (const [name, each] of Object.entries(init.initializers)) {
    const options = name === "constant"
      ? { value: 1 }
      : name === "sparse"
      ? { sparsity: 0.5 }
      : {};
    const shape = name === "dirac" ? [6, 7, 3] : [6, 7];
    const count = shape.reduce((a, b) => a * b);
    const gone = empty(shape);
    structuredClone(0, { transfer: [gone.data.buffer as ArrayBuffer] });
    const buffer = new ArrayBuffer(4 * count, { maxByteLength: 4 * count });
    const shrunk = new Tensor(new Float32Array(buffer), shape);
    buffer.resize(8);
    for (const target of [gone, shrunk]) {
      const generator = new Generator(1);
      const given = each.random ? { ...options, generator } : options;
      assertThrows(
        () => each(target, given),
        TypeError,
        "must have its memory",
      );
      assertEquals(generator.getState(), new Generator(1).getState());
    }
  }
  const distribution = { kind: "uniform", low: 0, high: 1 } as const;
  const gone = empty([3]);
  structuredClone(0, { transfer: [gone.data.buffer as ArrayBuffer] });
  assertThrows(
    () => new Generator(0).fill(gone, distribution),
    TypeError,
    "must have its memory",
  );
});
