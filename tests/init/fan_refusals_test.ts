import { assertEquals, assertThrows } from "@std/assert";
import { fan, type FanOptions } from "../../mod.ts";

/** A shape, options, and how they are refused. */
type Refusal = [
  number[],
  unknown,
  typeof RangeError | typeof TypeError,
  string,
];

const refusals: Refusal[] = [
  [
    [4, 2],
    { group: 2 },
    TypeError,
    "among transposed, groups, stride, fused, axes, parameter, got group",
  ],
  [[4, 2], 3, TypeError, "options must be a plain object, got 3"],
  [[4, 2], null, TypeError, "options must be a plain object, got null"],
  [
    [4, 2],
    { transposed: 1 },
    TypeError,
    "transposed must be true or false, got 1",
  ],
  [
    [4, 2, 3],
    { groups: 3 },
    RangeError,
    "groups must divide output axis 0 of size 4, got 3",
  ],
  [
    [4, 3, 3],
    { groups: 3, transposed: true },
    RangeError,
    "groups must divide input axis 0 of size 4, got 3",
  ],
  [
    [4, 2, 3],
    { groups: 0 },
    RangeError,
    "groups must be an integer of at least 1, got 0",
  ],
  [
    [4, 2, 3],
    { groups: 1.5 },
    RangeError,
    "groups must be an integer of at least 1, got 1.5",
  ],
  [
    [4, 2, 3],
    { groups: "2" },
    TypeError,
    `groups must be a number, got "2"`,
  ],
  [
    [4, 2, 3],
    { groups: null },
    TypeError,
    "groups must be a number, got null",
  ],
  [
    [4, 2],
    { fused: 3 },
    RangeError,
    "fused must divide output axis 0 of size 4, got 3",
  ],
  [
    [3, 4],
    { fused: 3, transposed: true },
    RangeError,
    "fused must divide output axis 1 of size 4, got 3",
  ],
  [
    [4, 2],
    { fused: -1 },
    RangeError,
    "fused must be an integer of at least 1, got -1",
  ],
  [
    [4, 2],
    { fused: true },
    TypeError,
    "fused must be a number, got true",
  ],
  [
    [4, 2, 3],
    { fused: 2, groups: 4 },
    RangeError,
    "groups must be 1 where fused is 2, got 4",
  ],
  [
    [4, 2, 3],
    { stride: 0 },
    RangeError,
    "stride must be an integer of at least 1, got 0",
  ],
  [
    [4, 2, 3, 3],
    { stride: [1, 0] },
    RangeError,
    "stride must be an integer of at least 1, got 0",
  ],
  [
    [4, 2, 3],
    { stride: 0.5 },
    RangeError,
    "stride must be an integer of at least 1, got 0.5",
  ],
  [
    [4, 2, 3],
    { stride: "2" },
    TypeError,
    `stride must be a number, got "2"`,
  ],
  [
    [4, 2, 3],
    { stride: null },
    TypeError,
    "stride must be a number, got null",
  ],
  [
    [4, 2, 3, 3],
    { stride: [2] },
    RangeError,
    "stride must fit 2 kernel axes, got [2] for shape [4, 2, 3, 3]",
  ],
  [
    [4, 2, 3],
    { stride: [2, 2] },
    RangeError,
    "stride must fit 1 kernel axes, got [2, 2]",
  ],
  // deno-lint-ignore no-sparse-arrays
  [
    [4, 2, 3, 3],
    { stride: [, 2] },
    TypeError,
    "stride must be a number, got undefined",
  ],
  [
    [4, 2],
    { stride: 2 },
    RangeError,
    "stride must fit 0 kernel axes, got 2 for shape [4, 2]",
  ],
  [
    [4, 2],
    { axes: 1 },
    TypeError,
    "axes must be a plain object, got 1",
  ],
  [
    [4, 2],
    { axes: null },
    TypeError,
    "axes must be a plain object, got null",
  ],
  [
    [4, 2],
    { axes: { input: 1 } },
    TypeError,
    "axes must be among in, out, batch, got input",
  ],
  [
    [4, 2],
    { axes: { in: 2 } },
    RangeError,
    "axes.in must be an integer in [-2, 2), got 2 for shape [4, 2]",
  ],
  [
    [4, 2],
    { axes: { out: -3 } },
    RangeError,
    "axes.out must be an integer in [-2, 2), got -3",
  ],
  [
    [4, 2],
    { axes: { out: 0.5 } },
    RangeError,
    "axes.out must be an integer in [-2, 2), got 0.5",
  ],
  [
    [4, 2],
    { axes: { in: NaN } },
    RangeError,
    "axes.in must be finite, got NaN",
  ],
  [
    [4, 2],
    { axes: { in: "1" } },
    TypeError,
    `axes.in must be a number, got "1"`,
  ],
  [
    [4, 2],
    { axes: { in: null } },
    TypeError,
    "axes.in must be a number, got null",
  ],
  // deno-lint-ignore no-sparse-arrays
  [
    [4, 2],
    { axes: { in: [, 1] } },
    TypeError,
    "axes.in must be a number, got undefined",
  ],
  [
    [4, 2],
    { axes: { in: 0 } },
    RangeError,
    "axes must name each axis once, got 0 in axes.out, and it is input already",
  ],
  [
    [4, 2],
    { axes: { in: [1, -1] } },
    RangeError,
    "axes must name each axis once, got -1 in axes.in, and it is input already",
  ],
  [
    [4, 2, 3],
    { axes: { batch: -2 } },
    RangeError,
    "axes must name each axis once, got -2 in axes.batch, and it is input already",
  ],
  [
    [4, 2, 3],
    { axes: { in: 2, out: [0, 1] }, groups: 2 },
    RangeError,
    "groups must come with one output axis, got 2 with 2",
  ],
  [
    [4, 2, 3],
    { axes: { in: 2, out: [] }, fused: 3 },
    RangeError,
    "fused must come with one output axis, got 3 with 0",
  ],
  [[3], {}, RangeError, "rank must be at least 2, got 1"],
  [
    [3],
    { axes: {} },
    RangeError,
    "axes.in must be an integer in [-1, 1), got 1",
  ],
];

for (const [shape, options, kind, message] of refusals) {
  Deno.test(`fan of [${shape}] refuses: ${message}`, () => {
    const error = assertThrows(
      () => fan(shape, options as FanOptions),
      kind,
      message,
    );
    assertEquals(
      error.message.slice(0, 35),
      "Cannot compute fan in and fan out: ",
    );
  });
}
