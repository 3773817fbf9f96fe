import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  empty,
  filledBy,
  Generator,
  init,
  lsuv,
  nn,
  tensor,
} from "../../mod.ts";

const { lsuv: golden } = JSON.parse(
  await Deno.readTextFile(new URL("../golden/start.json", import.meta.url)),
) as {
  readonly lsuv: readonly {
    readonly start: "orthogonal" | "normal";
    readonly seed: number;
    readonly layers: readonly Readonly<Record<string, number>>[];
  }[];
};

const shapes = [[8, 3, 3, 3], [16, 8, 3, 3], [16, 16, 3, 3], [10, 1024]];

/** The weights of three convolutions and a dense layer, after the batch. */
function drawn(start: "orthogonal" | "normal", seed: number) {
  const generator = new Generator(seed);
  const batch = init.normal(empty([16, 3, 16, 16]), { generator });
  const weights = shapes.map((shape) =>
    start === "orthogonal"
      ? init.orthogonal(empty(shape), { generator })
      : init.normal(empty(shape), { std: 0.01, generator })
  );
  return { batch, weights };
}

for (const { start, seed, layers } of golden) {
  Deno.test(`LSUV from ${start}, seed ${seed}, is PyTorch's`, () => {
    const { batch, weights: [a, b, c, d] } = drawn(start, seed);
    const found = lsuv([
      { weight: a },
      "relu",
      { weight: b, stride: 2 },
      { kind: "activation", activation: "relu" },
      { kind: "conv", weight: c, padding: 1 },
      "relu",
      { kind: "flatten" },
      { kind: "dense", weight: d },
    ], batch);
    assertEquals(found.layers.map(({ index }) => index), [0, 2, 4, 7]);
    const accuracy = start === "orthogonal" ? 1e-6 : 1e-9;
    found.layers.forEach((layer, i) => {
      for (const [name, expected] of Object.entries(layers[i])) {
        const own = layer[name as "std"];
        assert(Math.abs(own - expected) <= accuracy, `${i} ${name}: ${own}`);
      }
      assertEquals(layer.rescales, layers[i].rescales);
    });
    // The caller's tensors hold the rescaled weights, and no record.
    const squares = (d.data as Float32Array)
      .reduce((sum, value) => sum + value * value, 0);
    const rms = Math.sqrt(squares / d.numel());
    assert(Math.abs(rms / found.layers[3].weightRms - 1) < 1e-6);
    assertEquals(filledBy(d), undefined);
    // What was near 1 stays as it was drawn.
    const kept = found.layers[0].rescales === 0;
    assertEquals(filledBy(a) !== undefined, kept);
    assertEquals(String(found).split("\n").length, 5);
  });
}

Deno.test("layers of nn do as well, and a bias takes more than one step", () => {
  const { batch, weights } = drawn("normal", 0);
  const plain = lsuv([{ weight: weights[0] }, "relu"], batch);
  const conv = new nn.Conv2d(3, 8, 3, { padding: 1, bias: false });
  init.normal(conv.weight, { std: 0.01, generator: new Generator(1) });
  const again = drawn("normal", 0);
  conv.weight = again.weights[0];
  const found = lsuv([conv, new nn.ReLU(), new nn.Flatten()], batch);
  assertEquals(found.layers, plain.layers);

  const generator = new Generator(2);
  const weight = init.normal(empty([20, 30]), { std: 0.01, generator });
  const bias = init.normal(empty([20]), { generator });
  const inputs = init.normal(empty([50, 30]), { generator });
  const [layer] = lsuv([{ weight, bias }], inputs, { tolerance: 1e-3 }).layers;
  assert(layer.rescales > 1, `${layer.rescales}`);
  const [one] = lsuv(
    [{ weight: init.ones(empty([20, 30])) }],
    inputs,
    { tolerance: 0, iterations: 1 },
  ).layers;
  assertEquals(one.rescales, 1);
});

Deno.test("strides and paddings are those of the picture", () => {
  const batch = tensor([[[[1, 2, 3], [4, 5, 6], [7, 8, 9]]]]);
  const mean = (options: object) =>
    lsuv(
      [{ weight: init.ones(empty([1, 1, 2, 2])), ...options }],
      batch,
      { tolerance: 1e9 },
    ).layers[0].mean;
  // Sums of 2 × 2 places: 12, 16, 24, 28.
  assertEquals(mean({ padding: 0 }), 20);
  assertEquals(mean({ padding: 0, stride: 2 }), 12);
  // With a border of zeros, every second of 4 × 4 sums: 1, 5, 11, 28.
  assertEquals(mean({ padding: 1, stride: 2 }), (1 + 5 + 11 + 28) / 4);
  assertEquals(mean({ padding: [1, 0], stride: [4, 1] }), (3 + 5) / 2);
  // Pictures become vectors channel by channel.
  const two = tensor([[[[1, 2]], [[30, 40]]]]);
  const weight = tensor([[1, 10, 100, 1000]]);
  const [flat] = lsuv(["flatten", { weight }], two, { tolerance: 1e9 }).layers;
  assertEquals(flat.mean, 1 + 20 + 3000 + 40000);
});

Deno.test("what is no layer or does not fit is refused, unchanged", () => {
  const inputs = init.normal(empty([4, 3]), { generator: new Generator(0) });
  const weight = init.ones(empty([2, 3]));
  const cases: [unknown, unknown, typeof TypeError, string][] = [
    [[], inputs, TypeError, "layers must be a list with a layer"],
    [[weight], inputs, TypeError, "each layer must have a weight"],
    [[{ kind: "dense" }], inputs, TypeError, "each layer must have a weight"],
    [
      [{ weight }, "rleu"],
      inputs,
      RangeError,
      'got "rleu"; did you mean relu?',
    ],
    [[{ weight }, { weight }], inputs, RangeError, "a layer of 3 features"],
    [
      [{ weight: init.ones(empty([2, 3, 3, 3])) }],
      inputs,
      RangeError,
      "a layer of 3 channels must get as many, got 3 features",
    ],
    [[{ weight: empty([2]) }], inputs, RangeError, "rank 2 or 4"],
    [
      [{ weight: empty([2, 3], { dtype: "float16" }) }],
      inputs,
      TypeError,
      "float32 or float64",
    ],
    [[{ weight }], [[1, 2, 3]], TypeError, "the batch must be a tensor"],
    [[{ weight }], empty([3]), RangeError, "the batch must have rank 2 or 4"],
    [
      [new nn.Conv2d(4, 4, 3, { groups: 2 })],
      empty([1, 4, 5, 5]),
      RangeError,
      "no dilation, one group",
    ],
  ];
  for (const [layers, batch, kind, message] of cases) {
    assertThrows(() => lsuv(layers as never, batch as never), kind, message);
  }
  assertThrows(
    () => lsuv([{ weight }], inputs, { tol: 1 } as never),
    TypeError,
    "got tol",
  );
  assertEquals(weight.toArray(), [[1, 1, 1], [1, 1, 1]]);
});
