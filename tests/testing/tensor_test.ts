import {
  assert,
  assertEquals,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { dtypes } from "../../lib/core/dtype.ts";
import { empty, init, Tensor, tensor } from "../../mod.ts";
import {
  AssertionError,
  assertTensorAlmostEquals,
  assertTensorEquals,
} from "../../lib/testing.ts";
import {
  allDtypes,
  bitsIn,
  copyOf,
  counted,
  readDtypes,
  reshaped,
  retyped,
  withBit,
} from "./changes.ts";

/** Returns the message with which a call fails. */
function failure(act: () => void): string {
  return assertThrows(act, AssertionError).message;
}

for (const dtype of allDtypes) {
  Deno.test(`equal tensors of ${dtype} pass, and one changed bit fails`, () => {
    const one = counted(dtype);
    assertTensorEquals(copyOf(one), one);
    for (let bit = 0; bit < bitsIn(one); bit++) {
      const other = withBit(one, bit);
      failure(() => assertTensorEquals(other, one));
      failure(() =>
        assertTensorEquals(one, other, { equalNaN: false, equalZero: false })
      );
    }
  });
}

Deno.test("a changed shape or dtype fails", () => {
  const one = counted("float32");
  for (const changed of [reshaped(one), retyped(one)]) {
    for (const [a, b] of [[one, changed], [changed, one]]) {
      failure(() => assertTensorEquals(a, b));
      failure(() =>
        assertTensorAlmostEquals(a, b, { absolute: 1e9, relative: 1e9 })
      );
    }
  }
  assertEquals(
    failure(() => assertTensorEquals(reshaped(one), retyped(one))),
    "Tensors are not equal\n  float32 [4, 2], expected int32 [2, 4]",
  );
});

Deno.test("each NaN and each zero is itself, unless the options say otherwise", () => {
  for (const [bits, other] of [[0x7fc00000, 0x7fc00001], [0, 0x80000000]]) {
    const [a, b] = [bits, other].map((word) =>
      new Tensor(new Float32Array(Uint32Array.of(word).buffer), [1], "float32")
    );
    const [right, wrong] = bits === 0
      ? [{ equalZero: true }, { equalNaN: true }]
      : [{ equalNaN: true }, { equalZero: true }];
    failure(() => assertTensorEquals(a, b));
    failure(() => assertTensorEquals(a, b, wrong));
    assertTensorEquals(a, b, right);
  }
  for (const dtype of ["float64", "float16", "bfloat16"] as const) {
    const [a, b] = [0, -0].map((zero) => tensor([zero], { dtype }));
    failure(() => assertTensorEquals(a, b));
    assertTensorEquals(a, b, { equalZero: true });
    const nan = tensor([NaN], { dtype });
    const payload = withBit(nan, 0);
    failure(() => assertTensorEquals(nan, payload));
    assertTensorEquals(nan, payload, { equalNaN: true });
    failure(() => assertTensorEquals(nan, a, { equalNaN: true }));
    failure(() => assertTensorEquals(a, nan, { equalNaN: true }));
  }
});

Deno.test("what is let pass is not counted", () => {
  const a = tensor([0, 1, NaN, 0]);
  const b = tensor([-0, 2, 5, 0]);
  assertEquals(
    failure(() => assertTensorEquals(a, b, { equalZero: true })),
    `Tensors are not equal
  2 of 4 elements differ, float32 [4]
  [1]: 1., expected 2.
  [2]: nan:7fc00000, expected 5.
  largest difference: 1 at [1], 8388608 ulps
  NaN in one of them alone: 1`,
  );
});

Deno.test("the message counts, and shows the first places with both values", () => {
  const [a, b] = [0, 1].map(() =>
    init.constant(empty([100, 90]), { value: 0.25 })
  );
  for (let i = 0; i < 12; i++) a.data[5000 + 90 * i] = 0.625;
  a.data[8999] = -7;
  assertEquals(
    failure(() => assertTensorEquals(a, b, { msg: "after loading" })),
    `Tensors are not equal: after loading
  13 of 9,000 elements differ, float32 [100, 90]
  [55, 50]: 0.625, expected 0.25
  [56, 50]: 0.625, expected 0.25
  [57, 50]: 0.625, expected 0.25
  [58, 50]: 0.625, expected 0.25
  [59, 50]: 0.625, expected 0.25
  [60, 50]: 0.625, expected 0.25
  [61, 50]: 0.625, expected 0.25
  [62, 50]: 0.625, expected 0.25
  … 5 more
  largest difference: 7.25 at [99, 89], 2136997888 ulps`,
  );
});

Deno.test("values are shown so that they differ", () => {
  const shown: Record<string, string> = {
    float32: "[0]: 1., expected 1.0000001",
    float64: "[0]: 1., expected 1.0000000000000002",
    float16: "[0]: 1., expected 1.001",
    bfloat16: "[0]: 1., expected 1.01",
    int64: "[0]: 1, expected 0",
    bool: "[0]: True, expected False",
  };
  for (const [dtype, line] of Object.entries(shown)) {
    const one = tensor([1], { dtype: dtype as "float32" });
    const text = failure(() => assertTensorEquals(one, withBit(one, 0)));
    assertEquals(text.split("\n")[2].trim(), line);
  }
  const one = tensor([2n ** 62n]);
  assert(
    failure(() => assertTensorEquals(one, withBit(one, 0)))
      .includes("[0]: 4611686018427387904, expected 4611686018427387905"),
  );
  const bytes = counted("V1");
  assertEquals(
    failure(() => assertTensorEquals(bytes, withBit(bytes, 16))),
    `Tensors are not equal
  1 of 8 bytes differs, V1 [2, 4]
  byte 2: 0x03, expected 0x02`,
  );
});

Deno.test("a message has at most 4,000 characters, whatever the shape", () => {
  const shape = new Array(64).fill(1).with(0, 2 ** 12);
  const a = empty(shape);
  const b = init.ones(empty(shape));
  assert(failure(() => assertTensorEquals(a, b)).length < 4000);
  assert(failure(() => assertTensorEquals(a, empty([3]))).length < 4000);
});

Deno.test("a scalar has one element, without indices", () => {
  assertTensorEquals(tensor(1), tensor(1));
  assert(
    failure(() => assertTensorEquals(tensor(1), tensor(2)))
      .includes("[]: 1., expected 2."),
  );
  assertTensorEquals(empty([0, 3]), empty([0, 3]));
  failure(() => assertTensorEquals(empty([0, 3]), empty([3, 0])));
});

for (const dtype of readDtypes) {
  Deno.test(`near tensors of ${dtype} pass, and farther ones fail`, () => {
    const isBool = dtype === "bool";
    // Of complex numbers, those without an imaginary part.
    const isPair = dtypes[dtype].kind === "complex";
    const [a, b] = (isBool ? [0, 1] : [2, 4]).map((value) =>
      tensor(isPair ? [[value, 0], [1, 0]] : [value, 1], { dtype })
    );
    const far = isBool ? 1 : 2;
    assertTensorAlmostEquals(a, a, { absolute: 0 });
    assertTensorAlmostEquals(a, b, { absolute: far });
    failure(() => assertTensorAlmostEquals(a, b, { absolute: far * 0.99 }));
    assertTensorAlmostEquals(a, b, { relative: far / (isBool ? 1 : 4) });
    failure(() => assertTensorAlmostEquals(a, b, { relative: 0.49 }));
    // The bound is relative to what is expected.
    if (!isBool) {
      failure(() => assertTensorAlmostEquals(b, a, { relative: 0.5 }));
    }
  });
}

Deno.test("complex tensors are near in the plane, and shown as they print", () => {
  const of = (...parts: number[]) =>
    new Tensor(Float32Array.from(parts), [parts.length / 2], "complex64");
  const [a, b] = [of(3, 4, 1, 0), of(0, 0, 1, 0)];
  assertTensorAlmostEquals(a, b, { absolute: 5 });
  failure(() => assertTensorAlmostEquals(a, b, { absolute: 4.99 }));
  assertTensorAlmostEquals(b, a, { relative: 1 });
  failure(() => assertTensorAlmostEquals(b, a, { relative: 0.99 }));
  assertTensorAlmostEquals(of(1, 1), of(1, 1 + 2 ** -23), { ulps: 1 });
  failure(() =>
    assertTensorAlmostEquals(of(1, 1), of(1, 1 + 2 ** -22), { ulps: 1 })
  );
  assertEquals(
    failure(() => assertTensorEquals(of(1, -2.5, 0, 0), of(1, 0.1, 0, -0))),
    `Tensors are not equal
  2 of 2 elements differ, complex64 [2]
  [0]: 1.-2.5j, expected 1.+0.1j
  [1]: 0.+0.j, expected 0.-0.j
  largest difference: 2.600000001490116 at [0], 2112670925 ulps`,
  );
  assertTensorEquals(of(0, NaN), of(-0, NaN), {
    equalZero: true,
    equalNaN: true,
  });
  failure(() =>
    assertTensorEquals(of(0, 1), of(-0, 2), { equalZero: true, equalNaN: true })
  );
});

Deno.test("four bits are compared number by number", () => {
  const of = (...values: number[]) =>
    tensor(values, { dtype: "float4_e2m1fn" });
  assertTensorEquals(of(1, 2, 3), of(1, 2, 3));
  assertEquals(
    failure(() => assertTensorEquals(of(1, 2, 3), of(1, 2, 4))),
    `Tensors are not equal
  1 of 3 elements differs, float4_e2m1fn [3]
  [2]: 3., expected 4.
  largest difference: 1 at [2], 1 ulps`,
  );
});

for (const dtype of ["float32", "float64", "float16", "bfloat16"] as const) {
  Deno.test(`neighbors in ${dtype} are one ulp apart`, () => {
    const one = tensor([1, -3, 0], { dtype });
    const next = withBit(one, 0);
    assertTensorAlmostEquals(next, one, { ulps: 1 });
    failure(() => assertTensorAlmostEquals(next, one, { ulps: 0 }));
    const second = withBit(one, 1);
    assertTensorAlmostEquals(second, one, { ulps: 2 });
    failure(() => assertTensorAlmostEquals(second, one, { ulps: 1 }));
    const [zero, minus] = [0, -0].map((value) => tensor([value], { dtype }));
    assertTensorAlmostEquals(zero, minus, { ulps: 0 });
    assertTensorAlmostEquals(zero, minus, { relative: 0 });
    const [nan, other] = [NaN, NaN].map((value) => tensor([value], { dtype }));
    assertTensorAlmostEquals(nan, withBit(other, 0), { absolute: 0 });
    const huge = { absolute: 1e300, relative: 1e300, ulps: 2 ** 53 - 1 };
    failure(() => assertTensorAlmostEquals(nan, zero, huge));
    failure(() => assertTensorAlmostEquals(zero, nan, huge));
  });
}

Deno.test("an infinity is near itself alone, and by ulps to the largest", () => {
  const infinity = tensor([Infinity]);
  const largest = tensor([(2 - 2 ** -23) * 2 ** 127]);
  assertTensorAlmostEquals(infinity, tensor([Infinity]), { absolute: 0 });
  const bounds = { absolute: 1e300, relative: 1e300 };
  failure(() => assertTensorAlmostEquals(infinity, largest, bounds));
  failure(() => assertTensorAlmostEquals(largest, infinity, bounds));
  failure(() =>
    assertTensorAlmostEquals(infinity, tensor([-Infinity]), bounds)
  );
  assertTensorAlmostEquals(infinity, largest, { ulps: 1 });
});

Deno.test("large integers are subtracted before they are rounded", () => {
  const [a, b] = [2n ** 62n, 2n ** 62n + 1n].map((value) => tensor([value]));
  assertTensorAlmostEquals(a, b, { absolute: 1 });
  failure(() => assertTensorAlmostEquals(a, b, { absolute: 0.5 }));
  failure(() => assertTensorAlmostEquals(a, b, { ulps: 1000 }));
});

Deno.test("a message of nearness names the bounds and only what is beyond", () => {
  const [a, b] = [tensor([1, 2.5, 9]), tensor([1.25, 2, 5])];
  assertEquals(
    failure(() =>
      assertTensorAlmostEquals(a, b, { absolute: 0.5, ulps: 3, msg: "sum" })
    ),
    `Tensors are not almost equal: sum
  1 of 3 elements differs by more than absolute 0.5 and ulps 3, float32 [3]
  [2]: 9., expected 5.
  largest difference: 4 at [2], 7340032 ulps`,
  );
});

Deno.test("the largest difference is one of those that count", () => {
  const [a, b] = [tensor([1000500, 1]), tensor([1000000, 2])];
  assertEquals(
    failure(() => assertTensorAlmostEquals(a, b, { relative: 0.01 })),
    `Tensors are not almost equal
  1 of 2 elements differs by more than relative 0.01, float32 [2]
  [1]: 1., expected 2.
  largest difference: 1 at [1], 8388608 ulps`,
  );
  // The ulps are those of that element.
  const [c, d] = [tensor([1e10, 1e-30]), tensor([1e10 + 1024, -1e-30])];
  assertStringIncludes(
    failure(() => assertTensorEquals(c, d)),
    "largest difference: 1024 at [0], 1 ulps",
  );
});

Deno.test("wrong use of the assertions is no failed assertion", () => {
  const one = tensor([1]);
  const cases: [() => void, ErrorConstructor, string][] = [
    [() => assertTensorEquals([1] as never, one), TypeError, "the actual one"],
    [() => assertTensorEquals(one, 1 as never), TypeError, "the expected one"],
    [
      () => assertTensorEquals(one, one, { equalNan: true } as never),
      TypeError,
      "did you mean equalNaN?",
    ],
    [
      () => assertTensorEquals(one, one, { equalZero: 1 } as never),
      TypeError,
      "true or false",
    ],
    [
      () => assertTensorEquals(one, one, "text" as never),
      TypeError,
      "plain object",
    ],
    [
      () => assertTensorEquals(one, one, { msg: 3 } as never),
      TypeError,
      "msg must be a string",
    ],
    [() => assertTensorAlmostEquals(one, one, {}), TypeError, "must be given"],
    [
      () => assertTensorAlmostEquals(one, one, undefined as never),
      TypeError,
      "plain object",
    ],
    [
      () => assertTensorAlmostEquals(one, one, { absolute: -1 }),
      RangeError,
      "absolute must be at least 0",
    ],
    [
      () => assertTensorAlmostEquals(one, one, { relative: Infinity }),
      RangeError,
      "relative must be finite",
    ],
    [
      () => assertTensorAlmostEquals(one, one, { ulps: 0.5 }),
      RangeError,
      "ulps must be an integer",
    ],
    [
      () => {
        const bytes = counted("F6_E2M3");
        assertTensorAlmostEquals(bytes, bytes, { absolute: 1 });
      },
      TypeError,
      "computed with",
    ],
  ];
  for (const [act, kind, words] of cases) assertThrows(act, kind, words);
});

Deno.test("the error is known by its name", () => {
  const error = new AssertionError("text");
  assert(error instanceof Error);
  assertEquals([error.name, error.message], ["AssertionError", "text"]);
});

Deno.test("complex numbers that share an infinite part differ by the other", () => {
  const one = (...parts: [number, number]) =>
    new Tensor(Float32Array.from(parts), [1], "complex64");
  const near = (a: Tensor, b: Tensor) =>
    assertTensorAlmostEquals(a, b, { absolute: 1 });
  near(one(Infinity, 1), one(Infinity, 2));
  assertThrows(
    () => near(one(Infinity, 1), one(Infinity, 999)),
    AssertionError,
    "1 of 1 element differs",
  );
});
