import { assert, assertEquals, assertThrows } from "@std/assert";
import { type Dtype, empty, nn, Tensor, tensor } from "../../mod.ts";
import { dtypes } from "../../lib/core/dtype.ts";

/** Returns a tensor as it is after JSON. */
function again(tensor: Tensor): Tensor {
  return Tensor.fromJSON(JSON.parse(JSON.stringify(tensor)));
}

function assertSame(a: Tensor, b: Tensor): void {
  assertEquals([a.dtype, a.shape], [b.dtype, b.shape]);
  assertEquals(bytesOf(a), bytesOf(b));
}

function bytesOf({ data: { buffer, byteOffset, byteLength } }: Tensor) {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

Deno.test("JSON of a tensor has dtype, shape and flat data", () => {
  const texts: [Tensor, string][] = [
    [tensor([[1.5, -2]]), `{"dtype":"float32","shape":[1,2],"data":[1.5,-2]}`],
    [
      tensor([0.5, NaN, Infinity, -Infinity, -0, 0], { dtype: "float16" }),
      `{"dtype":"float16","shape":[6],"data":[0.5,"NaN","Infinity","-Infinity","-0",0]}`,
    ],
    [
      tensor([2n ** 62n, -1n]),
      `{"dtype":"int64","shape":[2],"data":["4611686018427387904","-1"]}`,
    ],
    [tensor([true, false]), `{"dtype":"bool","shape":[2],"data":[1,0]}`],
    [
      tensor(0.1),
      `{"dtype":"float32","shape":[],"data":[0.10000000149011612]}`,
    ],
    [empty([0, 3]), `{"dtype":"float32","shape":[0,3],"data":[]}`],
  ];
  for (const [tensor, text] of texts) {
    assertEquals(JSON.stringify(tensor), text);
    assertSame(again(tensor), tensor);
  }
});

for (const dtype of Object.keys(dtypes) as Dtype[]) {
  Deno.test(`JSON of ${dtype} reads back to the bit`, () => {
    const { allocate, kind, bits, decode } = dtypes[dtype];
    // Every pattern of 16 bits, and as many bytes for the others.
    const data = allocate(2 ** 16);
    const bytes = new Uint8Array(data.buffer);
    const patterns = Uint16Array.from({ length: 2 ** 16 }, (_, i) => i);
    if (bits === 16) bytes.set(new Uint8Array(patterns.buffer));
    else {bytes.forEach((_, i) =>
        bytes[i] = Math.imul(i + 1, 0x9e3779b1) >>> 24
      );}
    if (kind === "bool") bytes.forEach((byte, i) => bytes[i] = byte & 1);
    if (kind === "float") {
      // NaN keeps none of its payload.
      const nan = dtypes[dtype].encode(NaN)!;
      data.forEach((each: number | bigint, i: number) => {
        if (Number.isNaN(decode(each))) data[i] = nan;
      });
    }
    const one = new Tensor(data, [256, 256], dtype);
    assertSame(again(one), one);
  });
}

Deno.test("NaN reads back as NaN, without its payload", () => {
  const bits = new Uint32Array([0x7fc00001]);
  const one = new Tensor(new Float32Array(bits.buffer), [1], "float32");
  assert(Number.isNaN(again(one).item()));
});

Deno.test("JSON of a state dict reads back", () => {
  const model = new nn.BatchNorm1d(3, { dtype: "bfloat16" });
  const parsed = JSON.parse(JSON.stringify(model.stateDict()));
  const copy = new nn.BatchNorm1d(3, { dtype: "bfloat16" });
  (copy.weight!.data as Uint16Array).fill(0);
  copy.loadStateDict(
    Object.fromEntries(
      Object.entries(parsed).map((
        [name, each],
      ) => [name, Tensor.fromJSON(each)]),
    ),
  );
  assertSame(copy.weight!, model.weight!);
});

Deno.test("numbers are rounded to the dtype, as in tensor", () => {
  const json = { dtype: "bfloat16", shape: [1], data: [0.1] };
  assertSame(Tensor.fromJSON(json), tensor([0.1], { dtype: "bfloat16" }));
  assertEquals(
    Tensor.fromJSON({ dtype: "int64", shape: [1], data: [-7] }).item(),
    -7,
  );
});

Deno.test("what is no tensor's JSON is refused, with the place", () => {
  const good = { dtype: "float32", shape: [2], data: [1, 2] };
  const cases: [unknown, ErrorConstructor, string][] = [
    ["{}", TypeError, "its value must be a plain object"],
    [null, TypeError, "plain object"],
    [[1, 2], TypeError, "plain object"],
    [tensor([1]), TypeError, "plain object"],
    [{}, TypeError, "dtype must be one of"],
    [{ ...good, dtype: "double" }, TypeError, "did you mean float64?"],
    [{ ...good, shape: 2 }, TypeError, "array of numbers"],
    [{ ...good, shape: [-2] }, RangeError, "at least 0"],
    [{ ...good, shape: [2 ** 40] }, RangeError, "1099511627776 elements"],
    [{ ...good, data: "1, 2" }, TypeError, "data must be an array"],
    [{ ...good, data: new Float32Array(2) }, TypeError, "must be an array"],
    [{ ...good, data: [1] }, RangeError, "2 elements for shape [2], got 1"],
    [{ ...good, data: [1, "2"] }, TypeError, "data[1] must be a number or one"],
    [{ ...good, data: [null, 2] }, TypeError, "data[0] must be a number"],
    [{ ...good, data: [1, "toString"] }, TypeError, "data[1]"],
    [{ ...good, data: [1, [2]] }, TypeError, "data[1]"],
    [{ ...good, data: new Array(2) }, TypeError, "data[0]"],
    [{ ...good, extra: 1 }, TypeError, "must be among dtype, shape, data"],
    [
      { ...good, dtype: "int8", data: [1, 128] },
      RangeError,
      "data[1] must fit int8",
    ],
    [{ ...good, dtype: "int8", data: [1, "2"] }, TypeError, "data[1]"],
    [{ ...good, dtype: "int32", data: [1, 0.5] }, RangeError, "data[1]"],
    [{ ...good, dtype: "bool", data: [1, 2] }, RangeError, "data[1]"],
    [{ ...good, dtype: "int64", data: [1, 2 ** 53] }, TypeError, "digits"],
    [{ ...good, dtype: "int64", data: [1, "1e3"] }, TypeError, "digits"],
    [{ ...good, dtype: "int64", data: [1, "-0x1"] }, TypeError, "digits"],
    [{ ...good, dtype: "int64", data: [1, ""] }, TypeError, "digits"],
    [
      { ...good, dtype: "int64", data: [1, String(2n ** 63n)] },
      RangeError,
      "data[1] must fit int64",
    ],
    [{ ...good, dtype: "uint64", data: ["-1", 1] }, RangeError, "data[0]"],
    [{ ...good, dtype: "F8_E4M3", data: [1, 256] }, RangeError, "data[1]"],
    [
      { ...good, dtype: "F4", data: [1, 2] },
      RangeError,
      "must have 1 elements",
    ],
  ];
  for (const [json, kind, words] of cases) {
    assertThrows(() => Tensor.fromJSON(json), kind, words);
  }
});

Deno.test("a tensor without its memory has no JSON", () => {
  const gone = tensor([1]);
  structuredClone(gone.data, { transfer: [gone.data.buffer as ArrayBuffer] });
  assertThrows(() => JSON.stringify(gone), TypeError, "transferred or shrunk");
});
