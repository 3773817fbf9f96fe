import { assertEquals, assertThrows } from "@std/assert";
import { empty, type Fan, fan, nn, type Tensor } from "../../mod.ts";
import { readGolden } from "../golden/golden.ts";

type Case = Pick<Fan, "fanIn" | "fanOut"> & { readonly shape: number[] };

for (const { shape, fanIn, fanOut } of await readGolden<Case>("fan.json")) {
  Deno.test(`fan of [${shape}] is PyTorch's`, () => {
    const receptiveField = shape.slice(2).reduce((a, b) => a * b, 1);
    assertEquals({ ...fan(shape) }, { fanIn, fanOut, receptiveField });
    assertEquals({ ...fan(empty(shape)) }, { fanIn, fanOut, receptiveField });
  });
}

Deno.test("fan equals a plain object of three counts", () => {
  const counts: Fan = fan([33, 16, 3, 3]);
  assertEquals(counts, { fanIn: 144, fanOut: 297, receptiveField: 9 });
  assertEquals(Object.keys(counts), ["fanIn", "fanOut", "receptiveField"]);
  assertEquals(
    JSON.stringify(counts),
    `{"fanIn":144,"fanOut":297,"receptiveField":9}`,
  );
});

Deno.test("fan prints its derivation", () => {
  assertEquals(
    String(fan([33, 16, 3, 3])),
    `fan of a weight of shape [33, 16, 3, 3]
  axis 0: 33 output
  axis 1: 16 input
  axis 2:  3 kernel
  axis 3:  3 kernel
  receptive field = 3 · 3 = 9
  fan in          = 16 · 9 = 144
  fan out         = 33 · 9 = 297`,
  );
  assertEquals(
    Deno.inspect(fan([10, 1])),
    `fan of a weight of shape [10, 1]
  axis 0: 10 output
  axis 1:  1 input
  receptive field = 1
  fan in          = 1 · 1 = 1
  fan out         = 10 · 1 = 10`,
  );
});

Deno.test("fan refuses what has no fan", () => {
  assertThrows(() => fan([3]), RangeError, "at least 2, got 1");
  assertThrows(() => fan([]), RangeError, "at least 2, got 0");
  assertThrows(() => fan([3, -1]), RangeError, "[3, -1]");
  assertThrows(() => fan([3, 1.5]), RangeError, "[3, 1.5]");
  assertThrows(() => fan([3, "1"] as never), TypeError, "array of numbers");
  assertThrows(() => fan(undefined as never), TypeError, "undefined");
});

Deno.test("fan of a layer is that of its weight, always", () => {
  const layers = [
    new nn.Linear(3, 4),
    new nn.Bilinear(2, 3, 4),
    new nn.Embedding(7, 3),
    new nn.Conv1d(4, 6, 3, { groups: 2 }),
    new nn.Conv2d(16, 33, 3, { stride: 2 }),
    new nn.Conv3d(2, 4, [1, 2, 3], { stride: [1, 2, 1], groups: 2 }),
    new nn.ConvTranspose2d(8, 4, 3, { groups: 2, stride: 2 }),
  ] as unknown as { weight: Tensor }[];
  for (const layer of layers) {
    assertEquals(fan(layer as never), fan(layer.weight));
    const named = { bias: empty([1, 1]), weight: layer.weight };
    assertEquals(fan(named), fan(layer.weight));
    assertEquals(fan(new Map(Object.entries(named))), fan(layer.weight));
    assertEquals(fan(layer.weight.shape), fan(layer.weight));
  }
  const lstm = new nn.LSTM(3, 5);
  assertEquals({ ...fan(lstm, { parameter: "weight_hh_l0" }) }, {
    fanIn: 5,
    fanOut: 20,
    receptiveField: 1,
  });
  assertEquals(fan([[1, 2, 3], [4, 5, 6]]), fan([2, 3]));
  assertEquals(fan({ only: empty([5, 2]) }), fan([5, 2]));
  assertThrows(() => fan(lstm), RangeError, "4 tensors, such as weight_ih_l0");
});

Deno.test("a derivation says where a layer makes another number of connections", () => {
  const lastLine = (layer: nn.Module) => String(fan(layer)).split("\n").at(-1)!;
  const cases: [nn.Module, string, object][] = [
    [
      new nn.Conv2d(16, 33, 3, { stride: 2 }),
      "stride 2×2: fan in 144, fan out 74.25",
      { stride: 2 },
    ],
    [
      new nn.Conv1d(4, 6, 3, { groups: 2 }),
      "groups 2: fan in 6, fan out 9",
      { groups: 2 },
    ],
    [
      new nn.ConvTranspose1d(8, 4, 3, { groups: 2, stride: 3 }),
      "groups 2, stride 3, transposed: fan in 4, fan out 6",
      { groups: 2, stride: 3, transposed: true },
    ],
  ];
  for (const [layer, line, options] of cases) {
    assertEquals(lastLine(layer), `  connections by ${line}`);
    const weight = layer.stateDict().weight;
    const { fanIn, fanOut } = fan(weight, options);
    assertEquals(line.endsWith(`fan in ${fanIn}, fan out ${fanOut}`), true);
    // Where the caller says how to count, no other count is named.
    assertEquals(String(fan(layer, options)).includes("connections"), false);
    assertEquals(String(fan(weight)).includes("connections"), false);
  }
  for (const plain of [new nn.Linear(2, 3), new nn.Conv2d(2, 3, 3)]) {
    assertEquals(String(fan(plain)).includes("connections"), false);
  }
});

Deno.test("fan refuses files, promises and what holds no weights", () => {
  for (const file of ["model.safetensors", new URL("file:///model")]) {
    assertThrows(
      () => fan(file as never),
      TypeError,
      "(await openCheckpoint(path)).read(name)",
    );
  }
  const cases: [unknown, string][] = [
    [Promise.resolve([3, 3]), "a Promise; await it"],
    [new Set([3, 3]), "Set(1)"],
    [{ weight: [1, 2] }, '"weight": [1, 2]'],
  ];
  for (const [source, message] of cases) {
    assertThrows(() => fan(source as never), TypeError, message);
  }
});
