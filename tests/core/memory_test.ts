import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { empty, init, nn, Tensor, tensor } from "../../mod.ts";
import { compare, inspect, summary } from "../../lib/checkpoint/mod.ts";
import { valuesOf } from "../../lib/core/tensor.ts";

/** Returns a tensor whose memory went elsewhere. */
function detached(): Tensor<"float32"> {
  const x = tensor([1, 2, 3]);
  transfer(x.data);
  return x;
}

/** Takes the memory from an array. */
function transfer({ buffer }: ArrayBufferView): void {
  structuredClone(buffer, { transfer: [buffer as ArrayBuffer] });
}

/** Returns a tensor whose buffer is smaller than it was. */
function shrunk(): Tensor<"float32"> {
  const buffer = new ArrayBuffer(12, { maxByteLength: 12 });
  const x = new Tensor(new Float32Array(buffer, 0, 3), [3], "float32");
  buffer.resize(4);
  return x;
}

const rule =
  "the tensor of shape [3] must have its memory, got 0 elements: it was transferred or shrunk";

const reads: Readonly<Record<string, (x: Tensor<"float32">) => unknown>> = {
  at: (x) => x.at(0),
  reshape: (x) => x.reshape([-1]),
  toArray: (x) => x.toArray(),
  toFloat32: (x) => x.toFloat32(),
  "to another dtype": (x) => x.to("float64"),
  "to its own dtype": (x) => x.to("float32"),
  equals: (x) => x.equals(tensor([1, 2, 3])),
  "equals another": (x) => tensor([1, 2, 3]).equals(x),
  values: (x) => valuesOf(x),
  fill: (x) => init.normal(x),
};

for (const [name, read] of Object.entries(reads)) {
  Deno.test(`memory that is gone is refused: ${name}`, () => {
    for (const lost of [detached, shrunk]) {
      assertThrows(() => read(lost()), TypeError, rule);
    }
  });
}

Deno.test("a number without its memory is no NaN", () => {
  const x = tensor(5);
  transfer(x.data);
  assertThrows(() => x.item(), TypeError, "of shape [] must have its memory");
});

Deno.test("the text of a tensor without memory says so", () => {
  for (const lost of [detached, shrunk]) {
    const text = "its memory was transferred or shrunk";
    assertStringIncludes(String(lost()), text);
    assertStringIncludes(Deno.inspect(lost()), text);
  }
});

Deno.test("HTML of a tensor without memory says so", async () => {
  assertStringIncludes(
    await detached().toHtml(),
    "its memory was transferred or shrunk",
  );
  const model = new nn.Linear(2, 3);
  transfer(model.weight.data);
  assertStringIncludes(await model.toHtml(), "–");
});

Deno.test("a typed array without memory makes no tensor", () => {
  const array = new Float32Array(3);
  transfer(array);
  const rule = "the typed array must have its memory";
  assertThrows(() => tensor(array), TypeError, rule);
  assertThrows(() => tensor([array]), TypeError, rule);
  assertThrows(() => new Tensor(array, [0]), TypeError, rule);
  assertThrows(() => new Tensor(array, [3], "float32"), TypeError, rule);
  assertEquals(tensor(new Float32Array(0)).shape, [0]);
});

Deno.test("looking at weights without memory is refused by their name", async () => {
  for (const look of [summary, inspect]) {
    await rejects(() => look({ w: detached() }), "w of shape [3] must have");
    await rejects(() => look(detached()), rule);
  }
  await rejects(() => compare({ w: detached() }, { w: tensor([1]) }), "w of");
});

Deno.test("a model without its memory is neither loaded nor copied", () => {
  const model = new nn.Linear(2, 3);
  transfer(model.bias!.data);
  const before = model.weight.toArray();
  const record = { weight: empty([3, 2]), bias: empty([3]) };
  const named = "bias of shape [3] must have its memory";
  assertThrows(() => model.loadStateDict(record), TypeError, named);
  assertEquals(model.weight.toArray(), before);
  assertThrows(() => model.clone(), TypeError, named);
  assertThrows(
    () => new nn.Linear(2, 3).loadStateDict(model.stateDict()),
    TypeError,
    "the record's bias of shape [3] must have its memory",
  );
});

/** Checks the error of a function that throws or rejects. */
async function rejects(act: () => unknown, text: string): Promise<void> {
  let message = "nothing was thrown";
  try {
    await act();
  } catch (error) {
    message = (error as Error).message;
  }
  assertStringIncludes(message, text);
}
