import { assert, assertEquals, assertThrows } from "@std/assert";
import { empty, filledBy, init, nn, type Tensor, tensor } from "../../mod.ts";

class Tied extends nn.Module {
  embedding = new nn.Linear(3, 5, { bias: false });
  head = new nn.Linear(3, 5, { bias: false });

  constructor() {
    super();
    Object.assign(this.head, { weight: this.embedding.weight });
    this.registerBuffer("steps", empty([], { dtype: "int64" }));
    this.registerBuffer("scratch", empty([2]), { persistent: false });
  }
}

Deno.test("a state dict has tied tensors under both names, and what persists", () => {
  const model = new Tied();
  const record = model.stateDict();
  assertEquals(Object.keys(record), [
    "steps",
    "embedding.weight",
    "head.weight",
  ]);
  assert(record["head.weight"] === model.embedding.weight);
  assertEquals(model.namedParameters().map(([name]) => name), [
    "embedding.weight",
  ]);
  assertEquals(model.namedBuffers().map(([name]) => name), [
    "steps",
    "scratch",
  ]);
  assertEquals(model.buffers().map(({ dtype }) => dtype), ["int64", "float32"]);
});

Deno.test("a state dict is loaded into the tensors that are there", () => {
  const [from, to] = [new nn.Linear(3, 2), new nn.Linear(3, 2)];
  const { weight } = to;
  const result = to.loadStateDict(from.stateDict());
  assertEquals(result, { missingKeys: [], unexpectedKeys: [] });
  assert(to.weight === weight);
  assert(to.weight.equals(from.weight));
  assert(to.bias!.equals(from.bias!));
  assert(to.weight.data !== from.weight.data);
  assertEquals(filledBy(to.weight), undefined);
  assertEquals(filledBy(from.weight)?.initializer, "kaimingUniform");
});

Deno.test("loading converts to the module's dtypes", () => {
  const model = new Tied();
  const weight = empty([5, 3], { dtype: "bfloat16" });
  weight.data.fill(0x3fc0);
  model.loadStateDict({
    "steps": tensor([7.5]).reshape([]),
    "embedding.weight": weight,
    "head.weight": weight,
  });
  assertEquals(model.buffers()[0].item(), 7);
  assertEquals(model.head.weight.at(4, 2).item(), 1.5);
});

/** What is loaded, the error and a part of its message. */
const refused: [
  Record<string, unknown>,
  typeof RangeError | typeof TypeError,
  string,
][] = [
  [{}, RangeError, "weight is missing, bias is missing"],
  [{ weight: empty([2, 3]) }, RangeError, "bias is missing"],
  [
    { weight: empty([2, 3]), bias: empty([2]), scale: empty([1]) },
    RangeError,
    "scale is unexpected",
  ],
  [
    { weight: empty([3, 2]), bias: empty([2, 1]) },
    RangeError,
    "weight has shape [3, 2] in place of [2, 3], bias has shape [2, 1]",
  ],
  [
    { weight: empty([2, 3]), bias: new Float32Array(2) },
    TypeError,
    "bias must be a Tensor",
  ],
];

for (const [record, errorClass, message] of refused) {
  Deno.test(`nothing is loaded, since ${message}`, () => {
    const layer = new nn.Linear(3, 2);
    const before = [layer.weight.toArray(), layer.bias!.toArray()];
    const load = () => layer.loadStateDict(record as nn.StateDict);
    const error = assertThrows(load, errorClass, message);
    assert(error.message.startsWith("Cannot load a state dict into Linear:"));
    assertEquals([layer.weight.toArray(), layer.bias!.toArray()], before);
  });
}

class Weights {
  weight = empty([2, 3]);
}

for (
  const [record, got] of [
    [Promise.resolve({}), "got a Promise; await it"],
    [new Weights(), "got an object of class Weights"],
    [new nn.Linear(3, 2), "got an object of class Linear"],
    [Object.create({ weight: empty([2, 3]) }), "got an object"],
    [[empty([2, 3])], "got [an object of class Tensor]"],
    [new Float32Array(6), "got Float32Array(6)"],
    [undefined, "got undefined"],
  ] as const
) {
  Deno.test(`a record is an object or a Map of tensors: ${got}`, () => {
    for (const strict of [true, false]) {
      assertThrows(
        () => new nn.Linear(3, 2).loadStateDict(record as never, { strict }),
        TypeError,
        `Cannot load a state dict into Linear: the record must be an object or a Map of tensors, ${got}`,
      );
    }
  });
}

Deno.test("a file's tensors are read before they are loaded", () => {
  const checkpoint = { tensors: {}, read: () => Promise.reject() };
  for (const record of ["model.safetensors", checkpoint]) {
    assertThrows(
      () => new nn.Linear(3, 2).loadStateDict(record as never),
      TypeError,
      "tensors, each read by (await openCheckpoint(path)).read(name), got ",
    );
  }
});

Deno.test("a Map of tensors is a record", () => {
  const [from, to] = [new nn.Linear(3, 2), new nn.Linear(3, 2)];
  to.loadStateDict(new Map(from.namedParameters()));
  assert(to.weight.equals(from.weight));
  const numbered = new Map([[3, from.weight]]) as never;
  assertThrows(
    () => to.loadStateDict(numbered),
    TypeError,
    "be strings, got 3",
  );
});

Deno.test("a message states how many of thousands of names differ, and the first ones", () => {
  const names = Array.from({ length: 3000 }, (_, index) => `layer${index}`);
  const record = Object.fromEntries(names.map((name) => [name, empty([1])]));
  const { message } = assertThrows(
    () => new nn.Linear(3, 2).loadStateDict(record),
    RangeError,
    "weight is missing, bias is missing, layer0 is unexpected",
  );
  assert(/, … 299\d more$/.test(message), message);
  assert(message.length <= 400);
  const long = "w".repeat(100_000);
  for (const value of [empty([1]), 3]) {
    const load = () =>
      new nn.Linear(3, 2).loadStateDict({ [long]: value } as never);
    const error = assertThrows(load, Error, "Cannot load");
    assert(error.message.length <= 400);
  }
});

Deno.test("nothing is loaded where one value does not fit its dtype", () => {
  const model = new Tied();
  const before = model.embedding.weight.toArray();
  const ones = tensor([[1, 1, 1], [1, 1, 1], [1, 1, 1], [1, 1, 1], [1, 1, 1]]);
  assertThrows(
    () =>
      model.loadStateDict({
        "embedding.weight": ones,
        "head.weight": ones,
        "steps": tensor(1e30),
      }),
    RangeError,
    "to int64: each value must fit it",
  );
  assertEquals(model.embedding.weight.toArray(), before);
});

Deno.test("without strict, only what is in both is loaded, in its shape", () => {
  const layer = new nn.Linear(3, 2);
  const bias = layer.bias!.toArray();
  const record = { weight: empty([2, 3]), scale: empty([1]) };
  assertEquals(layer.loadStateDict(record, { strict: false }), {
    missingKeys: ["bias"],
    unexpectedKeys: ["scale"],
  });
  assertEquals(layer.weight.toArray(), [[0, 0, 0], [0, 0, 0]]);
  assertEquals(layer.bias!.toArray(), bias);
  assertThrows(
    () => layer.loadStateDict({ weight: empty([3]) }, { strict: false }),
    RangeError,
    "weight has shape [3]",
  );
  assertThrows(
    () => layer.loadStateDict(record, { stric: false } as never),
    TypeError,
    "stric",
  );
  assertThrows(
    () => layer.loadStateDict(null as never),
    TypeError,
    "an object or a Map of tensors, got null",
  );
});

Deno.test("a copy shares nothing, and ties what was tied", () => {
  const model = new Tied();
  const copy = model.clone();
  assert(copy instanceof Tied);
  assertEquals(String(copy), String(model));
  assertEquals(Object.keys(copy.stateDict()), Object.keys(model.stateDict()));
  assert(copy.embedding !== model.embedding);
  assert(copy.embedding.weight !== model.embedding.weight);
  assert(copy.embedding.weight.equals(model.embedding.weight));
  assert(copy.embedding.weight === copy.head.weight);
  assertEquals(
    filledBy(copy.head.weight),
    filledBy(model.head.weight),
  );
  init.zeros(copy.embedding.weight);
  assert(!copy.embedding.weight.equals(model.embedding.weight));
  copy.embedding.resetParameters();
  assert(copy.embedding.weight.toFloat32().some((value) => value !== 0));
  copy.registerBuffer("steps", tensor(3));
  assertEquals(model.buffers()[0].item(), 0);
});

Deno.test("a buffer's name is a field's", () => {
  for (const name of ["", "a.b", "parameters", "toString", 3 as never]) {
    assertThrows(
      () => new Tied().registerBuffer(name, tensor(1)),
      RangeError,
      "its name must not be empty, a method's, or have a dot",
    );
  }
  assertThrows(
    () => new Tied().registerBuffer("a", tensor(1), { persist: 1 } as never),
    TypeError,
    "among persistent, got persist",
  );
});

Deno.test("a buffer must be a tensor", () => {
  assertThrows(
    () => new Tied().registerBuffer("mean", [1] as unknown as Tensor),
    TypeError,
    "mean must be a Tensor, got [1]",
  );
});
