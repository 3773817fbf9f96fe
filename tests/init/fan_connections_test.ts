import { assertEquals } from "@std/assert";
import { fan, type FanOptions } from "../../mod.ts";
import { readGolden } from "../golden/golden.ts";
import { connect, type Convolution, meanOf } from "./connections.ts";

/** Inputs, outputs, kernel, stride, groups, dilation. */
type Case = [number, number, number[], number[], number, number[]?];

const cases: Case[] = [
  [3, 2, [3], [1], 1],
  [3, 2, [4], [2], 1],
  [3, 2, [3], [2], 1],
  [1, 1, [1], [3], 1],
  [2, 5, [2], [5], 1],
  [2, 3, [7], [3], 1, [2]],
  [2, 3, [2], [2], 1, [2]],
  [4, 6, [3], [1], 2],
  [6, 3, [5], [2], 3],
  [4, 4, [3], [1], 4],
  [4, 8, [3], [2], 4],
  [8, 12, [3, 3], [1, 1], 4],
  [8, 12, [3, 5], [1, 1], 4],
  [4, 2, [3, 2], [2, 1], 2],
  [2, 3, [2, 3], [3, 2], 1],
  [2, 4, [2, 2, 3], [2, 1, 2], 2],
];

for (const transposed of [false, true]) {
  for (const [inputs, outputs, kernel, stride, groups, dilation] of cases) {
    const convolution: Convolution = {
      inputs,
      outputs,
      kernel,
      stride,
      groups,
      dilation,
      transposed,
    };
    Deno.test(`fan counts the connections of ${named(convolution)}`, () => {
      const { shape, ofInputs, ofOutputs } = connect(convolution);
      assertEquals({ ...fan(shape, { groups, stride, transposed }) }, {
        fanIn: meanOf(ofOutputs),
        fanOut: meanOf(ofInputs),
        receptiveField: kernel.reduce((a, b) => a * b),
      });
      // Without a stride it is the count everywhere, and not just the mean.
      const counts = new Set(transposed ? ofOutputs : ofInputs);
      if (stride.every((step) => step === 1)) assertEquals(counts.size, 1);
    });
  }
}

/** Counts as a sum and the number of places over which it was taken. */
interface Counted {
  readonly shape: number[];
  readonly options: FanOptions;
  readonly dilation: number[];
  readonly fanIn: [number, number];
  readonly fanOut: [number, number];
  readonly receptiveField: number;
}

for (const row of await readGolden<Counted>("fan_connections.json")) {
  const { shape, options, dilation, fanIn, fanOut, receptiveField } = row;
  const words = `${JSON.stringify(options)}, dilation [${dilation}]`;
  Deno.test(`fan of [${shape}] with ${words} counts what PyTorch connects`, () => {
    assertEquals({ ...fan(shape, options) }, {
      fanIn: fanIn[0] / fanIn[1],
      fanOut: fanOut[0] / fanOut[1],
      receptiveField,
    });
  });
}

Deno.test("a stride makes counts differ from place to place", () => {
  const { ofOutputs } = connect({
    inputs: 1,
    outputs: 1,
    kernel: [3],
    stride: [2],
    groups: 1,
    transposed: true,
  });
  assertEquals([...new Set(ofOutputs)].sort(), [1, 2]);
  assertEquals(
    fan([1, 1, 3], { transposed: true, stride: 2 }).fanIn,
    1.5,
  );
});

Deno.test("PyTorch's counts are not the connections", () => {
  const grouped = connect({
    inputs: 8,
    outputs: 12,
    kernel: [3, 3],
    stride: [1, 1],
    groups: 4,
    transposed: false,
  });
  assertEquals(grouped.shape, [12, 2, 3, 3]);
  assertEquals([meanOf(grouped.ofOutputs), meanOf(grouped.ofInputs)], [18, 27]);
  assertEquals({ ...fan([12, 2, 3, 3]) }, {
    fanIn: 18,
    fanOut: 108,
    receptiveField: 9,
  });
  const up = connect({
    inputs: 8,
    outputs: 12,
    kernel: [3, 5],
    stride: [1, 1],
    groups: 4,
    transposed: true,
  });
  assertEquals(up.shape, [8, 3, 3, 5]);
  assertEquals([meanOf(up.ofOutputs), meanOf(up.ofInputs)], [30, 45]);
  assertEquals({ ...fan([8, 3, 3, 5]) }, {
    fanIn: 45,
    fanOut: 120,
    receptiveField: 15,
  });
});

Deno.test("a batch axis counts a depthwise convolution", () => {
  for (const stride of [1, 2]) {
    const { ofInputs, ofOutputs } = connect({
      inputs: 4,
      outputs: 8,
      kernel: [3, 2],
      stride: [stride, stride],
      groups: 4,
      transposed: false,
    });
    const axes = { in: [], out: 3, batch: 2 };
    const { fanIn, fanOut } = fan([3, 2, 4, 2], { axes, stride });
    assertEquals([fanIn, fanOut], [meanOf(ofOutputs), meanOf(ofInputs)]);
  }
});

Deno.test("every layout counts the same", () => {
  const sizes = { O: 12, I: 4, H: 3, W: 5 };
  const strides = { H: 2, W: 3 };
  const { ofInputs, ofOutputs } = connect({
    inputs: 8,
    outputs: 12,
    kernel: [3, 5],
    stride: [2, 3],
    groups: 2,
    transposed: false,
  });
  const expected = {
    fanIn: meanOf(ofOutputs),
    fanOut: meanOf(ofInputs),
    receptiveField: 15,
  };
  for (const layout of ["OIHW", "HWIO", "OHWI", "IHWO", "HWOI", "WIHO"]) {
    const letters = [...layout] as (keyof typeof sizes)[];
    const options = {
      axes: { in: layout.indexOf("I"), out: layout.indexOf("O") },
      groups: 2,
      stride: letters.filter((letter) => letter in strides)
        .map((letter) => strides[letter as keyof typeof strides]),
    };
    const shape = letters.map((letter) => sizes[letter]);
    assertEquals({ ...fan(shape, options) }, expected, layout);
  }
});

Deno.test("axes and transposed go together", () => {
  const options = { transposed: true, groups: 4, stride: [1, 2] };
  const expected = { fanIn: 15, fanOut: 45, receptiveField: 15 };
  assertEquals({ ...fan([8, 3, 3, 5], options) }, expected);
  const axes = { in: -1, out: 2 };
  assertEquals({ ...fan([3, 5, 3, 8], { ...options, axes }) }, expected);
});

function named(convolution: Convolution): string {
  const { inputs, outputs, kernel, stride, groups, dilation, transposed } =
    convolution;
  return `${inputs} to ${outputs}, kernel [${kernel}], stride [${stride}]` +
    `${groups > 1 ? `, ${groups} groups` : ""}` +
    `${dilation ? `, dilation [${dilation}]` : ""}` +
    `${transposed ? ", transposed" : ""}`;
}
