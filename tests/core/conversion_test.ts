import { assert, assertEquals, assertThrows } from "@std/assert";
import { type Dtype, Tensor, tensor } from "../../mod.ts";
import { bytesOf, readGolden, sha256 } from "../golden/golden.ts";

interface HalfCase {
  readonly dtype: "float16" | "bfloat16";
  readonly numbers: number;
  readonly values: string;
  readonly rounded: string;
}

for (const row of await readGolden<HalfCase>("half.json")) {
  const { dtype, numbers } = row;
  const patterns = Uint16Array.from({ length: 2 ** 16 }, (_, i) => i);
  const values = new Tensor(patterns, [2 ** 16], dtype).to("float32").data;

  Deno.test(`all ${numbers} numbers of ${dtype} are PyTorch's`, async () => {
    const found = values.filter((value) => !Number.isNaN(value));
    assertEquals(found.length, numbers);
    const all = new Tensor(found, [numbers], "float32");
    assertEquals(await sha256(bytesOf(all)), row.values);
    const back = all.to(dtype).to("float32");
    assertEquals(await sha256(bytesOf(back)), row.values);
  });

  Deno.test(`float32 around every tie rounds to ${dtype} as in PyTorch`, async () => {
    const finite = values.subarray(0, 2 ** 15).filter(Number.isFinite);
    const ties = finite.slice(1).map((value, i) => (value + finite[i]) / 2);
    const bits = new Int32Array(ties.buffer);
    const around = [-1, 0, 1].flatMap((step) => [
      ...new Float32Array(bits.map((bit) => bit + step).buffer),
    ]);
    const rounded = [...around, ...ties, ...finite];
    const both = Float32Array.from([...rounded, ...rounded.map((x) => -x)]);
    const result = new Tensor(both, [both.length], "float32").to(dtype);
    assertEquals(await sha256(bytesOf(result)), row.rounded);
  });
}

interface ConversionCase {
  readonly values: string[];
  readonly source: Dtype;
  readonly target: Dtype;
  readonly bytes: string;
}

for (const row of await readGolden<ConversionCase>("conversions.json")) {
  const { values, source, target, bytes } = row;
  Deno.test(`[${values}] from ${source} to ${target}`, () => {
    const read: (text: string) => unknown = source === "int64"
      ? BigInt
      : Number;
    const numbers = values.map(read) as number[];
    const converted = tensor(numbers, { dtype: source }).to(target);
    assertEquals(bytesOf(converted).toHex(), bytes);
    assertEquals(converted.dtype, target);
  });
}

Deno.test("a tensor of the dtype asked for is itself", () => {
  const x = tensor([1, 2]);
  assert(x.to("float32") === x);
});

Deno.test("what an integer dtype cannot hold throws", () => {
  assertThrows(() => tensor([300]).to("uint8"), RangeError, "300");
  assertThrows(() => tensor([NaN]).to("int64"), RangeError, "NaN");
  assertThrows(() => tensor([-129n]).to("int8"), RangeError, "-129");
  assertThrows(() => tensor([1]).to("float8" as never), TypeError, "float8");
});

Deno.test("all halves become the same numbers, many at once or few", () => {
  for (const dtype of ["float16", "bfloat16", "uint16"] as const) {
    const data = Uint16Array.from({ length: 70_000 }, (_, bits) => bits);
    const all = new Tensor(data, [70_000], dtype).toFloat32();
    for (let start = 0; start < 70_000; start += 1000) {
      const few = new Tensor(data.slice(start, start + 1000), [1000], dtype);
      assertEquals(all.slice(start, start + 1000), few.toFloat32());
    }
  }
});
