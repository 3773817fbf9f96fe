/**
 * What consoles, and the test libraries that use their functions, print.
 *
 * @module
 */

import {
  assert,
  assertEquals,
  assertNotEquals,
  assertThrows,
} from "@std/assert";
import nodeAssert from "node:assert";
import { inspect } from "node:util";
import { type Dtype, empty, fan, nn, Tensor, tensor } from "../../mod.ts";
import { dtypes } from "../../lib/core/dtype.ts";

const all: Deno.InspectOptions = { iterableLimit: Infinity, depth: Infinity };

/** What Node, which knows nothing of Deno's key, calls. */
const nodeKey: unique symbol = Symbol.for("nodejs.util.inspect.custom");

interface ForNode {
  [nodeKey](depth: number | null, options: object): string;
}

/** Prints as Node does, at a depth below the top. */
function inNode(value: unknown, options: object, below = 0): string {
  const whole = { depth: 2, maxArrayLength: 100, ...options };
  return (value as ForNode)[nodeKey](
    whole.depth === null ? null : whole.depth - below,
    whole,
  );
}

/** Returns the tensor with one bit changed. */
function withBit({ data, shape, dtype }: Tensor, bit: number): Tensor {
  const other = data.slice();
  new Uint8Array(other.buffer)[bit >> 3] ^= 1 << (bit & 7);
  return new Tensor(other, shape, dtype);
}

Deno.test("by default consoles print what PyTorch prints", () => {
  for (const one of [tensor([[1, 2.5], [3, 4]]), empty([100, 90]), tensor(1)]) {
    assertEquals(Deno.inspect(one), String(one));
    assertEquals(inspect(one), String(one));
    assertEquals(inNode(one, {}), String(one));
    for (const iterableLimit of [5, 100, 1000]) {
      assertEquals(Deno.inspect(one, { iterableLimit }), String(one));
    }
  }
});

Deno.test("nested tensors are aligned", () => {
  const x = tensor([[1, 2.5], [-3, 4]]);
  const text = `{
  a: tensor(
    [[ 1.0000,  2.5000],
     [-3.0000,  4.0000]]),
  b: [
    {
      c: tensor(
        [[[1, 2]],

         [[3, 4]]], dtype=torch.int32)
    },
    tensor([1., 2.])
  ]
}`;
  const c = tensor([[[1, 2]], [[3, 4]]], { dtype: "int32" });
  const nested = { a: x, b: [{ c }, tensor([1, 2])] };
  assertEquals(Deno.inspect(nested), text);
  assertEquals(inspect(nested, { depth: null }), text);
  const below = `tensor(
  [[ 1.0000,  2.5000],
   [-3.0000,  4.0000]])`;
  assertEquals(inNode(x, {}, 1), below);
  assertEquals(inNode(x, { depth: null }), below);
  assertEquals(inNode(x, { depth: Infinity }), below);
});

Deno.test("rows that are broken stay aligned when nested", () => {
  const x = tensor(Array.from({ length: 20 }, (_, i) => i * 1.5));
  const [first, second] = Deno.inspect([x]).split("\n").slice(2, 4);
  assert(first.includes("[ 0.0000,") && second.includes(" 12.0000,"));
  assertEquals(first.indexOf(","), second.indexOf(","));
  assertEquals(
    Deno.inspect([x]).replaceAll(/\s+/g, ""),
    `[${x}]`.replaceAll(/\s+/g, ""),
  );
});

Deno.test("other nested values keep their lines together", () => {
  const model = new nn.Sequential(new nn.Linear(2, 3));
  assertEquals(
    Deno.inspect({ model, of: fan([3, 2]) }),
    `{
  model: Sequential(
    (0): Linear(in_features=2, out_features=3, bias=True)
  ),
  of: fan of a weight of shape [3, 2]
    axis 0: 3 output
    axis 1: 2 input
    receptive field = 1
    fan in          = 2 · 1 = 2
    fan out         = 3 · 1 = 3
}`,
  );
});

Deno.test("what lies too deep is named", () => {
  // A deeper neighbor changes nothing.
  const a = {
    z: { y: { x: 1 } },
    b: tensor([1]),
    c: new nn.ReLU(),
    d: fan([2, 2]),
    e: 1,
  };
  const text =
    "{ a: { z: [Object], b: [Tensor], c: [ReLU], d: [Object], e: 1 } }";
  assertEquals(Deno.inspect({ a }, { depth: 1 }).replaceAll(/\s+/g, " "), text);
  assertEquals(inspect({ a }, { depth: 1 }).replaceAll(/\s+/g, " "), text);
  assertEquals(inNode(tensor([1]), { depth: 1 }, 2), "[Tensor]");
  assertEquals(inNode(fan([2, 2]), { depth: 1 }, 2), "[Object]");
});

Deno.test("with no limit each element is printed, exactly", () => {
  const values = [[0.1, -0, 2, 1 / 3], [2 ** -149, Infinity, -Infinity, NaN]];
  assertEquals(
    Deno.inspect(tensor(values), all),
    `tensor([[         0.1,          -0.,           2.,   0.33333334],
        [       1e-45,          inf,         -inf, nan:7fc00000]])`,
  );
  for (
    const [dtype, shown] of Object.entries({
      float64: "tensor([0.1], dtype=torch.float64)",
      float16: "tensor([0.1], dtype=torch.float16)",
      bfloat16: "tensor([0.1], dtype=torch.bfloat16)",
    })
  ) {
    const half = tensor([0.1], { dtype: dtype as Dtype });
    assertEquals(Deno.inspect(half, all), shown);
    assertEquals(inNode(half, { maxArrayLength: null }), shown);
    assertEquals(inNode(half, { maxArrayLength: Infinity }), shown);
    assertEquals(inspect(half, { maxArrayLength: null }), shown);
  }
  assertEquals(
    Deno.inspect(tensor([[2n ** 62n], [-1n]]), all),
    "tensor([[4611686018427387904],\n        [                 -1]])",
  );
  assertEquals(Deno.inspect(tensor([true]), all), "tensor([True])");
});

for (const dtype of Object.keys(dtypes) as Dtype[]) {
  Deno.test(`with no limit a changed bit of ${dtype} changes the text`, () => {
    const { allocate, kind } = dtypes[dtype];
    const one = new Tensor(allocate(8), [2, 4], dtype);
    if (kind !== "bool") new Uint8Array(one.data.buffer).fill(0x7f, 0, 4);
    const print = (each: Tensor) => [
      Deno.inspect(each, all),
      Deno.inspect({ each }, all),
      inNode(each, { maxArrayLength: Infinity }),
    ];
    const texts = print(one);
    assertEquals(print(new Tensor(one.data.slice(), [2, 4], dtype)), texts);
    for (let bit = 0; bit < one.data.byteLength * 8; bit++) {
      print(withBit(one, bit)).forEach((text, i) =>
        assertNotEquals(text, texts[i], `bit ${bit}`)
      );
    }
    const other = new Tensor(one.data, [4, 2], dtype);
    assertNotEquals(Deno.inspect(other, all), texts[0]);
  });
}

Deno.test("a limit above PyTorch's 1,000 is obeyed", () => {
  const x = empty([50, 40]);
  const elements = (iterableLimit: number) =>
    Deno.inspect(x, { iterableLimit }).match(/0\./g)!.length;
  assertEquals(elements(1999), 36);
  assertEquals(elements(2000), 2000);
  assertEquals(elements(Infinity), 2000);
});

Deno.test("beyond 100,000 elements a digest stands for them", () => {
  const most = empty([1000, 100]);
  assertEquals(Deno.inspect(most, all).match(/0\./g)!.length, 100_000);
  const more = empty([100_001]);
  const text = Deno.inspect(more, all);
  assert(
    /^tensor\(\.\.\., size=\(100001,\), dtype=torch.float32,\s+sha256=\w{64}\)$/
      .test(text),
    text,
  );
  assertNotEquals(Deno.inspect(withBit(more, 3_200_031), all), text);
  assertEquals(Deno.inspect(more, { iterableLimit: 1e6 }), String(more));
});

Deno.test("a tensor without its memory says so, whatever the limit", () => {
  const gone = tensor([1]);
  structuredClone(gone.data, { transfer: [gone.data.buffer as ArrayBuffer] });
  assertEquals(Deno.inspect(gone, all), String(gone));
  const model = new nn.Linear(1, 1, { bias: false });
  model.weight = gone;
  assert(Deno.inspect(model, all).includes("[1] sha256 without memory"));
});

Deno.test("with no limit a module prints a digest of each tensor", () => {
  const model = new nn.Sequential(new nn.Linear(2, 3), new nn.BatchNorm1d(3));
  const text = Deno.inspect(model, all);
  assert(
    text.startsWith(`${model} {\n  0.weight: float32 [3, 2] sha256 `),
    text,
  );
  assertEquals(text.match(/sha256 \w{64}$/gm)!.length, 7);
  for (const name of Object.keys(model.stateDict())) {
    const copy = model.clone();
    const { data } = copy.stateDict()[name];
    assertEquals(Deno.inspect(copy, all), text);
    new Uint8Array(data.buffer)[0] ^= 1;
    assertNotEquals(Deno.inspect(copy, all), text, name);
    assertEquals(Deno.inspect(copy), String(model));
    assertNotEquals(
      inNode(copy, { maxArrayLength: Infinity }),
      inNode(model, { maxArrayLength: Infinity }),
      name,
    );
  }
  assertEquals(Deno.inspect(new nn.ReLU(), all), "ReLU()");
});

Deno.test("Node's deepStrictEqual tells tensors apart by what they hold", () => {
  const one = tensor([[1, 2], [3, 4]]);
  nodeAssert.deepStrictEqual(tensor([[1, 2], [3, 4]]), one);
  nodeAssert.deepStrictEqual({ w: [one] }, { w: [one.at()] });
  const others = [
    withBit(one, 0),
    one.reshape([4]),
    one.to("float64"),
    one.to("bfloat16"),
  ];
  for (const other of others) {
    nodeAssert.notDeepStrictEqual(other, one);
    assertThrows(
      () => nodeAssert.deepStrictEqual(other, one),
      nodeAssert.AssertionError as unknown as ErrorConstructor,
    );
  }
});
