/**
 * Tensors of other libraries are sources, by what they have; the libraries
 * themselves are in `tests/interchange/`.
 *
 * @module
 */

import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { nn, plot, summary, tensor } from "../../mod.ts";
import {
  compare,
  decodeSafetensors,
  encodeSafetensors,
  inspect,
} from "../../lib/checkpoint/mod.ts";
import { tensorsOf } from "../../lib/core/source.ts";

const values = new Float32Array([1, 2, 3, 4, 5, 6]);

/** A class, as libraries have them; what is read of it is counted. */
class Foreign {
  reads = 0;
  constructor(
    readonly dims: readonly number[],
    readonly type: string,
    readonly values: unknown,
  ) {}
  get data(): unknown {
    this.reads++;
    return this.values;
  }
}

class OfTfjs {
  readonly dataId = {};
  constructor(
    readonly shape: readonly number[],
    readonly dtype: string,
    readonly values: unknown,
  ) {}
  data(): Promise<unknown> {
    return Promise.resolve(this.values);
  }
  dataSync(): unknown {
    return this.values;
  }
}

const alike = {
  onnxruntime: new Foreign([2, 3], "float32", values),
  tfjs: new OfTfjs([2, 3], "float32", values),
  plain: { data: values, shape: [2, 3] },
};

for (const [library, weight] of Object.entries(alike)) {
  Deno.test(`a tensor as of ${library} is what its values are`, async () => {
    const own = tensor([[1, 2, 3], [4, 5, 6]]);
    assertEquals(summary(weight).rows, summary(own).rows);
    assertEquals(await inspect(weight), await inspect(own));
    assert((await compare({ weight }, { weight: own })).equal);
    assertEquals(plot.weights(weight).data, plot.weights(own).data);
    const record = { weight, bias: values };
    const ours = { weight: own, bias: tensor([1, 2, 3, 4, 5, 6]) };
    assertEquals(summary(record).rows, summary(ours).rows);
    assertEquals(
      summary(new Map(Object.entries(record))).rows,
      summary(ours).rows,
    );
    assertEquals(plot.layers(record).data, plot.layers(ours).data);
    const { tensors } = decodeSafetensors(encodeSafetensors(record));
    assertEquals(tensors.weight, own);
    const [[, taken]] = tensorsOf("test", weight);
    assert(taken.data === values);
  });
}

Deno.test("the dtype is what the tensor says, where its storage is that", () => {
  const dtypeOf = (type: string, data: unknown, shape = [2]) =>
    tensorsOf("test", new Foreign(shape, type, data))[0][1].dtype;
  assertEquals(dtypeOf("float16", new Uint16Array(2)), "float16");
  assertEquals(dtypeOf("bfloat16", new Uint16Array(2)), "bfloat16");
  assertEquals(dtypeOf("uint16", new Uint16Array(2)), "uint16");
  assertEquals(dtypeOf("bool", new Uint8Array(2)), "bool");
  assertEquals(dtypeOf("int64", new BigInt64Array(2)), "int64");
  assertEquals(dtypeOf("complex64", new Float32Array(4)), "complex64");
  assertEquals(dtypeOf("float16", new Float32Array(2)), "float32");
  assertEquals(dtypeOf("toString", new Float32Array(2)), "float32");
  assertEquals(dtypeOf("float32", new Float32Array(1), []), "float32");
});

Deno.test("a foreign tensor under two names is one parameter", () => {
  const tied = new Foreign([6], "float32", values);
  assertEquals(tensorsOf("test", { a: tied, b: tied }).length, 1);
  assertEquals(tensorsOf("test", { a: tied, b: tied }, "state").length, 2);
});

Deno.test("values are asked for once, and not of what is refused", () => {
  const one = new Foreign([6], "float32", values);
  summary({ one });
  assertEquals(one.reads, 1);
  const other = new Foreign([6], "float32", values);
  assertThrows(() => summary({ other, wrong: 3 as never }), TypeError);
  assertEquals(other.reads, 0);
  // Others give their memory away when they are read.
  const { dataId: _, ...moved } = new OfTfjs([6], "float32", values);
  assertThrows(
    () => summary({ ...moved, dataSync: () => values } as never),
    TypeError,
  );
});

Deno.test("a model with such members is a model", () => {
  const weight = tensor([1, 2]);
  const model = {
    shape: [6],
    data: values,
    namedParameters: () => [["weight", weight] as const],
  };
  assertEquals(summary(model).rows.map(({ name }) => name), ["weight"]);
});

Deno.test("what holds no numbers, or too few, is refused by name", async () => {
  const wrong: [unknown, typeof TypeError | typeof RangeError, string][] = [
    [
      { text: new Foreign([1], "string", ["a"]) },
      TypeError,
      'Cannot summarize: the values of a tensor of another library, text, must be a typed array, got ["a"]',
    ],
    [
      new Foreign([7], "float32", values),
      RangeError,
      "Cannot summarize: a tensor of another library must have the 7 values of its shape, got 6",
    ],
    [new Foreign([6.5], "float32", values), RangeError, "6.5 values"],
    [new Foreign([-6, -1], "float32", values), RangeError, "[-6, -1]"],
    [
      [alike.tfjs, alike.tfjs],
      TypeError,
      "Cannot summarize: what a list holds must be numbers; tensors and layers need names, as in { a, b }, got [an object of class OfTfjs, …]",
    ],
    [[tensor([1])], TypeError, "got [an object of class Tensor, …]"],
    [[new nn.Linear(1, 1)], TypeError, "got [an object of class Linear, …]"],
    [{ dims: [1] }, TypeError, "weights must be a tensor, numbers"],
    [{ a: { dims: 3, data: values } }, TypeError, "weights must be a tensor"],
    [{ a: [1, 2] }, TypeError, "weights must be a tensor"],
  ];
  for (const [source, kind, message] of wrong) {
    assertThrows(() => summary(source as never), kind, message);
    await assertRejects(() => inspect(source as never), kind);
  }
});
