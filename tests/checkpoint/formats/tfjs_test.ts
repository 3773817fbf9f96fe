import { assertEquals, assertRejects } from "@std/assert";
import {
  bytesSource,
  type Checkpoint,
  openTfjs,
  quantizationOf,
} from "../../../lib/checkpoint/mod.ts";
import { tensor } from "../../../mod.ts";

function open(
  manifest: unknown,
  files: Record<string, Uint8Array> = {},
): Promise<Checkpoint> {
  const text = typeof manifest === "string"
    ? manifest
    : JSON.stringify(manifest);
  return openTfjs((name) =>
    bytesSource(
      name === "model.json" ? new TextEncoder().encode(text) : files[name],
    )
  );
}

Deno.test("rounded weights are undone and marked", async () => {
  const uint8 = { dtype: "uint8", scale: 0.1, min: -1.3 };
  const uint16 = { dtype: "uint16", scale: 1e-4, min: 0 };
  const model = await open([{
    paths: ["w"],
    weights: [
      { name: "a", shape: [3], dtype: "float32", quantization: uint8 },
      { name: "b", shape: [2], dtype: "float32", quantization: uint16 },
      {
        name: "c",
        shape: [2],
        dtype: "float32",
        quantization: { dtype: "float16", original_dtype: "float32" },
      },
      {
        name: "d",
        shape: [4],
        dtype: "int32",
        quantization: { dtype: "uint8", scale: 1.5, min: -2 },
      },
      { name: "e", shape: [2], dtype: "bool" },
    ],
  }], {
    w: Uint8Array.of(
      0,
      1,
      255,
      1,
      0,
      255,
      255,
      0,
      0x3c,
      1,
      0,
      0,
      1,
      3,
      2,
      1,
      0,
    ),
  });
  const { a, b, c, d, e } = Object.fromEntries(
    await Promise.all(
      Object.keys(model.tensors)
        .map(async (name) => [name, await model.read(name)]),
    ),
  );
  assertEquals(
    a.data,
    new Float32Array([-1.3, 1 * 0.1 + -1.3, 255 * 0.1 + -1.3]),
  );
  assertEquals(b.data, new Float32Array([1e-4, 65535 * 1e-4]));
  assertEquals(c.toArray(), [1, 2 ** -24]);
  // -2, -0.5, 2.5, 1: halves go up, as Math.round has it.
  assertEquals(d.data, new Int32Array([-2, -0, 3, 1]));
  assertEquals(`${e}`, "tensor([ True, False])");
  assertEquals(quantizationOf(a), uint8 as never);
  assertEquals(quantizationOf(c), { dtype: "float16", scale: 1, min: 0 });
  assertEquals(quantizationOf(e), undefined);
  assertEquals(quantizationOf(tensor([1])), undefined);
  assertEquals(model.tensors.b.quantization, uint16 as never);
  assertEquals(model.tensors.b.bytes, 4);
  assertEquals("quantization" in model.tensors.e, false);
  const part = await model.read("a", { start: 2 });
  assertEquals(part.data, a.data.subarray(2));
  assertEquals(quantizationOf(part), uint8 as never);
});

Deno.test("groups have their own files; other fields are ignored", async () => {
  const model = await open({
    format: "layers-model",
    weightsManifest: [
      {
        paths: ["1"],
        weights: [{ name: "a", shape: [], dtype: "float32", trainable: true }],
      },
      { paths: [], weights: [] },
      { paths: ["2"], weights: [{ name: "b", shape: [1], dtype: "int32" }] },
    ],
  }, {
    1: new Uint8Array(new Float32Array([0.5]).buffer),
    2: Uint8Array.of(7, 0, 0, 0),
  });
  assertEquals((await model.read("a")).item(), 0.5);
  assertEquals((await model.read("b")).toArray(), [7]);
});

Deno.test("weights of texts are listed, and what follows them is read", async () => {
  const encoder = new TextEncoder();
  const textsOf = (texts: readonly string[]) =>
    texts.flatMap((text) => {
      const bytes = encoder.encode(text);
      const length = new Uint8Array(Uint32Array.of(bytes.length).buffer);
      return [...length, ...bytes];
    });
  const floats = (...values: number[]) => [
    ...new Uint8Array(Float32Array.from(values).buffer),
  ];
  const words = ["the", "", "Zoë", "a".repeat(70_000), "an"];
  const many = Array.from({ length: 20_000 }, (_, index) => `word ${index}`);
  const file = Uint8Array.from([
    ...floats(2, 4),
    ...textsOf(words),
    ...floats(6),
    ...textsOf(many),
    ...floats(8),
  ]);
  const manifest = [{
    // Texts may begin in one file and end in the next.
    paths: ["1", "2"],
    weights: [
      { name: "a", shape: [2], dtype: "float32" },
      { name: "words", shape: [5], dtype: "string" },
      { name: "b", shape: [], dtype: "float32" },
      { name: "many", shape: [100, 200], dtype: "string" },
      { name: "c", shape: [1], dtype: "float32" },
      { name: "none", shape: [0], dtype: "string" },
    ],
  }];
  const parts = { 1: file.subarray(0, 1001), 2: file.subarray(1001) };
  const model = await open(manifest, parts);
  assertEquals(Object.keys(model.tensors), ["a", "b", "c"]);
  assertEquals((await model.read("a")).toArray(), [2, 4]);
  assertEquals((await model.read("b")).item(), 6);
  assertEquals((await model.read("c")).item(), 8);
  assertEquals(model.unread!.many, {
    dtype: "string",
    shape: [100, 200],
    reason: "it holds texts",
  });
  await assertRejects(() => model.read("words"), TypeError, "it holds texts");
  for (const length of [file.length - 1, 70_030, 1001]) {
    await assertRejects(
      () => open(manifest, { ...parts, 2: file.subarray(1001, length) }),
      SyntaxError,
    );
  }
});

const weight = { name: "a", shape: [1], dtype: "float32" };
const rounded = (quantization: unknown, dtype = "float32") => [{
  paths: ["w"],
  weights: [{ ...weight, dtype, quantization }],
}];

const hostile: [what: string, manifest: unknown, message: string][] = [
  ["nothing", "", "the end"],
  ["text", "3", "the manifest must be an object, got 3"],
  ["no weights", {}, "must have weightsManifest"],
  ["a group that is a number", [3], "a group must be an object"],
  [
    "a group without weights",
    [{ paths: [] }],
    "must have paths, weights, got paths",
  ],
  [
    "a group without paths",
    [{ weights: [] }],
    "must have paths, weights, got weights",
  ],
  [
    "a weight without a name",
    [{ paths: [], weights: [{}] }],
    "must have name, dtype, shape, got none",
  ],
  [
    "another dtype",
    [{ paths: ["w"], weights: [{ ...weight, dtype: "float64" }] }],
    "must be one of float32, int32, bool, complex64, string",
  ],
  [
    "a negative size",
    [{ paths: ["w"], weights: [{ ...weight, shape: [-1] }] }],
    "at least 0",
  ],
  [
    "a product beyond 2^53",
    [{ paths: ["w"], weights: [{ ...weight, shape: [2 ** 30, 2 ** 30] }] }],
    "fewer than 2^53 bytes",
  ],
  [
    "a name twice",
    [{ paths: ["w"], weights: [weight, weight] }],
    "come once",
  ],
  ["levels of int4", rounded({ dtype: "int4" }), "must be uint8, uint16"],
  ["levels of bool", rounded({ dtype: "uint8" }, "bool"), "must be uint8"],
  [
    "halves of int32",
    rounded({ dtype: "float16" }, "int32"),
    "float16 of float32",
  ],
  ["no scale", rounded({ dtype: "uint8", min: 0 }), "scale and min"],
  [
    "text as scale",
    rounded({ dtype: "uint8", min: 0, scale: "1" }),
    'a quantization\'s scale must be a number, got "1"',
  ],
  ["levels that are a number", rounded(8), "must be an object"],
  ["too few bytes", [{ paths: [], weights: [weight] }], "must have 4 bytes"],
  ["too many bytes", [{ paths: ["w"], weights: [] }], "must have 0 bytes"],
  ...["../w", "/w", "a/../w", "a\\w", "c:w", ""].map((path) =>
    [`the path ${path}`, [{ paths: [path], weights: [] }], "below"] as [
      string,
      unknown,
      string,
    ]
  ),
];

for (const [what, manifest, message] of hostile) {
  Deno.test(`refuses a manifest with ${what}`, async () => {
    await assertRejects(
      () => open(manifest, { w: new Uint8Array(1) }),
      SyntaxError,
      message,
    );
  });
}
