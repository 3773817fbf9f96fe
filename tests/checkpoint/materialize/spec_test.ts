import { assertEquals, assertThrows } from "@std/assert";
import {
  parseSpec,
  type SpecOptions,
} from "../../../lib/checkpoint/materialize/spec.ts";

function parse(json: string, options?: SpecOptions) {
  return parseSpec(new TextEncoder().encode(json), options);
}

function recipesOf(...tensors: string[]) {
  return parse(`[${tensors.join(",")}]`).map(({ distribution }) =>
    distribution
  );
}

Deno.test("PyTorch's names stand for fanin's", () => {
  const pairs = [
    [
      '"truncNormal", "options": {"low": -1, "high": 3}',
      '"trunc_normal_", "options": {"a": -1, "b": 3}',
    ],
    [
      '"uniform", "options": {"low": -1, "high": 3}',
      '"uniform_", "options": {"a": -1, "b": 3}',
    ],
    [
      '"kaimingUniform", "options": {"negativeSlope": 0.2}',
      '"kaiming_uniform", "options": {"a": 0.2}',
    ],
    [
      '"constant", "options": {"value": 2}',
      '"constant_", "options": {"val": 2}',
    ],
  ];
  for (const pair of pairs) {
    const [one, other] = recipesOf(
      ...pair.map((init, i) =>
        `{"name": "${i}", "shape": [3, 2], "init": ${init}}`
      ),
    );
    assertEquals(one, other);
  }
});

Deno.test("an infinite end is a word in JSON", () => {
  const [{ distribution }] = parse(
    '[{"name": "a", "shape": [2], "init": "trunc_normal_", "options": {"a": "-Infinity", "b": 1}}]',
  );
  assertEquals(distribution, {
    kind: "truncatedNormal",
    mean: 0,
    std: 1,
    high: 1,
  });
});

Deno.test("a tensor without a dtype has the spec's", () => {
  const json = `[
    {"name": "a", "shape": [2], "init": "ones"},
    {"name": "b", "shape": [2], "init": "ones", "dtype": "float64"}
  ]`;
  const dtypesOf = (options?: SpecOptions) =>
    parse(json, options).map(({ dtype }) => dtype);
  assertEquals(dtypesOf(), ["float32", "float64"]);
  assertEquals(dtypesOf({ dtype: "bfloat16" }), ["bfloat16", "float64"]);
});

const good = '"name": "a", "shape": [2, 2], "init": "normal"';

for (
  const [json, Class, message] of [
    ["", SyntaxError, "read a spec"],
    ["{}", SyntaxError, "must be an array"],
    ["[3]", SyntaxError, "tensor 0 must be an object"],
    [`[{${good}, "name": "b"}]`, SyntaxError, "name"],
    ["[{}]", TypeError, "Cannot read tensor 0 of a spec: name must be a"],
    [
      `[{${good}, "size": 3}]`,
      TypeError,
      'Cannot read tensor "a" of a spec: members must be among',
    ],
    [`[{${good}, "dtype": "float8"}]`, TypeError, "dtype must be one of"],
    [
      `[{${good}, "dtype": "int64"}]`,
      TypeError,
      "must be a float dtype of 16 bits or more, got int64",
    ],
    [
      `[{${good}, "options": 3}]`,
      TypeError,
      "options of normal must be a plain object",
    ],
    [
      `[{${good}, "options": []}]`,
      TypeError,
      "options of normal must be a plain object",
    ],
    [`[{${good}, "options": {"deviation": 1}}]`, TypeError, "deviation"],
    [`[{${good}, "options": {"std": "1"}}]`, TypeError, "std must be a number"],
    [
      `[{${good}, "options": {"std": -1}}]`,
      RangeError,
      "std must be at least 0",
    ],
    [
      `[{${good}, "options": {"generator": 1}}]`,
      TypeError,
      "must be among mean, std, got generator",
    ],
    [`[{${good}}, {${good}}]`, RangeError, "come once"],
    [
      '[{"name": "a", "shape": [2], "init": "gauss"}]',
      RangeError,
      "init must be one of uniform, normal",
    ],
    [
      '[{"name": "a", "shape": [2], "init": "_"}]',
      RangeError,
      "init must be one of",
    ],
    ['[{"name": "a", "shape": [2]}]', TypeError, "init must be a string"],
    [
      '[{"name": "a", "shape": [2], "init": "constructor"}]',
      RangeError,
      "init must be one of",
    ],
    [
      '[{"name": "a", "shape": [2.5], "init": "ones"}]',
      RangeError,
      "each size",
    ],
    ['[{"name": "a", "shape": [-2], "init": "ones"}]', RangeError, "each size"],
    [
      '[{"name": "a", "shape": ["2"], "init": "ones"}]',
      TypeError,
      "array of numbers",
    ],
    ['[{"name": "a", "init": "ones"}]', TypeError, "array of numbers"],
    [
      '[{"name": "a", "shape": [94906267, 94906267], "init": "ones"}]',
      RangeError,
      "2^53",
    ],
    [
      '[{"name": "a", "shape": [2], "init": "xavierNormal"}]',
      RangeError,
      "rank must be at least 2",
    ],
    [
      '[{"name": "a", "shape": [2, 2], "init": "eye", "options": {"n": 2}}]',
      TypeError,
      "options of eye must be empty",
    ],
    [
      '[{"name": "a", "shape": [2], "init": "zeros", "options": {"value": 2}}]',
      TypeError,
      "options of zeros must be empty",
    ],
    [
      '[{"name": "a", "shape": [2], "init": "ones", "options": {"value": 2}}]',
      TypeError,
      "options of ones must be empty",
    ],
    [
      '[{"name": "a", "shape": [2], "init": "constant", "options": {"val": 2, "value": 2}}]',
      TypeError,
      "come once",
    ],
    [
      '[{"name": "a", "shape": [2, 2], "init": "orthogonal", "dtype": "float16"}]',
      TypeError,
      "float32 or float64",
    ],
    [
      '[{"name": "a", "shape": [2, 2], "init": "sparse"}]',
      TypeError,
      "sparsity must be a number",
    ],
    [
      '[{"name": "a", "shape": [3], "init": "uniform", "options": {"low": 2}}]',
      RangeError,
      "low must be at most high",
    ],
    [
      '[{"name": "__metadata__", "shape": [3], "init": "ones"}]',
      RangeError,
      "__metadata__",
    ],
  ] as const
) {
  Deno.test(`a spec is refused: ${json.slice(0, 90)}`, () => {
    assertThrows(() => parse(json), Class, message);
  });
}

Deno.test("an invalid default dtype is refused", () => {
  assertThrows(() => parse("[]", { dtype: "half" }), TypeError, "dtype");
});

Deno.test("a spec larger than memory is read", () => {
  const [tensor] = parse(
    '[{"name": "a", "shape": [1000000, 1000000], "init": "kaimingNormal"}]',
  );
  assertEquals(tensor.distribution, {
    kind: "normal",
    mean: 0,
    std: Math.SQRT2 / 1000,
  });
});
