/**
 * Small floats and complex numbers have values wherever weights are measured,
 * and what is not read keeps nothing from the others.
 *
 * @module
 */

import {
  assert,
  assertEquals,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import {
  bytesSource,
  compare,
  encodeSafetensors,
  inspect,
  openSafetensors,
} from "../../lib/checkpoint/mod.ts";
import { init, nn, plot, summary, Tensor, tensor } from "../../mod.ts";
import { zeros } from "./formats/files.ts";

const z = tensor([[1, 8], [2, 6], [3, 4], [-2, 2]], { dtype: "complex64" });
const weights = {
  eight: tensor([[1, -2, 4, 0], [8, 0.5, 0, 2]]).to("float8_e5m2"),
  nan: new Tensor(Uint8Array.of(0x7f, 0xff, 0x38), [3], "float8_e4m3fn"),
  scale: tensor([0.5, 2, 4, 16]).to("float8_e8m0fnu"),
  four: tensor([[1, -2, 4, 0], [3, 0.5, 0, 6]]).to("float4_e2m1fn"),
  z,
  six: zeros("F6_E2M3", [4]),
  plain: tensor([1, 2, 4]),
};
const file = await openSafetensors(
  bytesSource(encodeSafetensors(weights, { metadata: { format: "pt" } })),
);

Deno.test("inspect measures small floats, in memory and in files", async () => {
  for (const source of [weights, file]) {
    const { tensors, findings } = await inspect(source);
    const of = (name: string) => tensors.find((one) => one.name === name)!;
    const { eight, four, scale } = {
      eight: of("eight"),
      four: of("four"),
      scale: of("scale"),
    };
    assertEquals([eight.dtype, eight.mean, eight.min, eight.max], [
      "float8_e5m2",
      13.5 / 8,
      -2,
      8,
    ]);
    assertEquals([eight.zeroShare, eight.fanIn, eight.fanOut], [0.25, 4, 2]);
    assertEquals(eight.histogram!.counts.reduce((a, b) => a + b), 8);
    assertEquals([four.mean, four.min, four.max], [12.5 / 8, -2, 6]);
    assertEquals([four.elements, four.bytes], [8, 4]);
    assertEquals([scale.mean, scale.zeroShare], [22.5 / 4, 0]);
    assertEquals([of("nan").nonFinite, of("nan").mean], [2, 1]);
    assertEquals([of("six").mean, of("six").nonFinite], [null, 0]);
    assertEquals(findings.map(({ kind, tensor }) => [kind, tensor]), [
      ["notFinite", "nan"],
    ]);
  }
});

Deno.test("a complex tensor is two of real numbers", async () => {
  for (const source of [weights, file]) {
    const { tensors, elements, bytes } = await inspect(source, {
      only: (name) => name === "z",
    });
    assertEquals(
      tensors.map(({ name, dtype, shape, mean, min, max, bytes }) =>
        [name, dtype, shape, mean, min, max, bytes] as unknown
      ),
      [
        ["z.real", "float32", [4], 1, -2, 3, 16],
        ["z.imag", "float32", [4], 5, 2, 8, 16],
      ],
    );
    assertEquals([elements, bytes], [8, 32]);
    const { rows } = await summary(source);
    const parts = rows.filter(({ name }) => name.startsWith("z"));
    assertEquals(parts.map(({ name, mean }) => [name, mean]), [
      ["z.real", 1],
      ["z.imag", 5],
    ]);
  }
  const [real, imaginary] = summary(z).rows;
  assertEquals([real.name, imaginary.name], ["real", "imag"]);
  const { tensors } = await inspect({ z: z.to("complex128") });
  assertEquals(tensors.map(({ dtype, std }) => [dtype, std]), [
    ["float64", Math.sqrt(14 / 3)],
    ["float64", Math.sqrt(20 / 3)],
  ]);
});

Deno.test("infinities and NaN of one part of complex numbers are found", async () => {
  const values = [[1, NaN], [2, 1], [Infinity, 3]];
  const { findings } = await inspect({
    x: tensor(values, { dtype: "complex64" }),
  });
  assertEquals(findings.map(({ tensor, numbers }) => [tensor, numbers.count]), [
    ["x.real", 1],
    ["x.imag", 1],
  ]);
});

Deno.test("eight bits are not called as drawn", async () => {
  const drawn = init.normal(tensor(new Float32Array(4096)));
  const { tensors, findings } = await inspect({
    x: drawn.reshape([64, 64]).to("float8_e4m3fn"),
  });
  assertEquals([tensors[0].origin, findings], [null, []]);
});

Deno.test("the summary has a row for each, with what is known", () => {
  const { rows } = summary(weights);
  const six = rows.find(({ name }) => name === "six")!;
  assertEquals([six.mean, six.std, six.zeroShare], [null, null, null]);
  assertEquals([six.verdict, six.attention], ["unknown", false]);
  const nan = rows.find(({ name }) => name === "nan")!;
  assertEquals([nan.verdict, nan.nonFinite], ["not finite", 2]);
  assertEquals(rows.length, 8);
});

Deno.test("figures show small floats and parts of complex numbers", () => {
  const text = String(plot.layers(weights));
  assertStringIncludes(text, "mean 1.69 · std 3.081");
  assert(/^z\.imag .*mean 5 · std 2\.582$/m.test(text), text);
  assert(/^six +not read$/m.test(text), text);
  const eight = plot.weights(weights, { parameter: "eight" });
  assertStringIncludes(String(eight), "float8_e5m2 · n = 8");
  const imaginary = plot.weights(weights, { parameter: "z.imag" });
  assertStringIncludes(String(imaginary), "mean 5 · std 2.582 · min 2 · max 8");
  assertStringIncludes(String(plot.weights(z, { parameter: "real" })), "max 3");
  assertThrows(
    () => plot.weights(z),
    RangeError,
    "one of 2 tensors, such as real, imag",
  );
});

Deno.test("small floats and complex numbers are compared by value", async () => {
  const other = {
    ...weights,
    four: tensor([[1, -2, 4, 0], [3, 0.5, 0, 4]]).to("float4_e2m1fn"),
    z: tensor([[1, 8], [2, 6], [3, 4], [1, -2]], { dtype: "complex64" }),
  };
  for (const source of [weights, file]) {
    const { tensors } = await compare(source, other);
    const different = tensors.filter(({ equal }) => !equal);
    assertEquals(
      different.map(({ name, difference }) => [
        name,
        difference!.elements,
        difference!.differing,
        difference!.maxAbs,
        difference!.place,
      ]).sort(),
      [["four", 8, 1, 2, 7], ["z", 4, 1, 5, 3]],
    );
  }
});

Deno.test("an odd count of four bits is measured whole", async () => {
  const odd = tensor([1, 2, 3]).to("float4_e2m1fn");
  const { tensors } = await inspect({ odd });
  assertEquals([tensors[0].mean, tensors[0].elements, tensors[0].bytes], [
    2,
    3,
    2,
  ]);
  const { tensors: compared } = await compare({ odd }, { odd });
  assertEquals(compared[0].difference!.elements, 3);
  assertThrows(
    () => encodeSafetensors({ odd }),
    RangeError,
    "whole bytes",
  );
});

Deno.test("small floats are loaded into a layer by value", () => {
  const layer = new nn.Linear(4, 2, { bias: false });
  layer.loadStateDict({ weight: weights.eight });
  assertEquals(layer.weight.toArray(), weights.eight.toArray());
  layer.loadStateDict({ weight: weights.four });
  assertEquals(layer.weight.toArray(), [[1, -2, 4, 0], [3, 0.5, 0, 6]]);
});

Deno.test("dtypes that safetensors lacks are refused by name", () => {
  for (const dtype of ["complex128", "V1", "V2"] as const) {
    assertThrows(
      () => encodeSafetensors({ x: zeros(dtype, [2]) }),
      TypeError,
      `the dtype of tensor "x" must be one of safetensors, got ${dtype}`,
    );
  }
});

Deno.test("a part's name that is taken is another", async () => {
  const own = tensor([7, 8, 9]);
  const pair = tensor([[1, 2], [3, 4]], { dtype: "complex64" });
  for (
    const source of [
      new Map<string, Tensor>([["x.real", own], ["x", pair]]),
      new Map<string, Tensor>([["x", pair], ["x.real", own]]),
    ]
  ) {
    const { tensors } = await inspect(source);
    const found = new Map(tensors.map(({ name, mean }) => [name, mean]));
    const expected = [["x.real", 8], ["x.real~2", 2], ["x.imag", 3]];
    for (const [name, mean] of expected) {
      assertEquals(found.get(name as string), mean, name as string);
    }
    assertEquals(found.size, 3);
    const { rows } = summary(source);
    assertEquals(rows.map(({ name }) => name).sort(), [
      "x.imag",
      "x.real",
      "x.real~2",
    ]);
  }
});
