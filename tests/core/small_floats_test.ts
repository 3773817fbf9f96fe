import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  bytesIn,
  type Dtype,
  dtypes,
  type SmallFloatDtype,
} from "../../lib/core/dtype.ts";
import { valuesOf } from "../../lib/core/tensor.ts";
import { empty, init, nn, Tensor, tensor } from "../../mod.ts";
import { bytesOf, readGolden } from "../golden/golden.ts";

interface SmallCase {
  readonly dtype: SmallFloatDtype;
  /** Each pattern's value as float32, by its bits; null for NaN. */
  readonly values: readonly (string | null)[];
  /** The first float32, by its bits, of those that become a pattern. */
  readonly runs: readonly (readonly [first: string, pattern: number])[];
}

const cases = await readGolden<SmallCase>("small_floats.json");

for (const { dtype, values, runs } of cases) {
  Deno.test(`every pattern of ${dtype} is the reference's number`, () => {
    const { bits } = dtypes[dtype];
    const patterns = Uint8Array.from(
      { length: bytesIn(dtype, values.length) },
      (_, i) => bits === 8 ? i : 2 * i | (2 * i + 1) << 4,
    );
    const all = new Tensor(patterns, [values.length], dtype);
    const expected = values.map((hex) => hex === null ? NaN : single(hex));
    assertEquals(all.toArray(), expected);
    assertEquals([...all.toFloat32()], expected);
    assertEquals([...all.to("float32").data], expected);
    assertEquals(Array.from(valuesOf(all)), expected);
    const found = expected.map((_, i) => all.at(i).item());
    assertEquals(found, expected);
  });

  Deno.test(`every float32 becomes the reference's pattern of ${dtype}`, () => {
    // The ends of each run, and what is ever farther from them.
    const encode = (bits: number) => dtypes[dtype].encode(single(bits));
    const isNaN32 = (bits: number) => (bits & 0x7fffffff) > 0x7f800000;
    let compared = 0;
    runs.forEach(([hex, pattern], i) => {
      const first = parseInt(hex, 16);
      const last = i === runs.length - 1
        ? 2 ** 32 - 1
        : parseInt(runs[i + 1][0], 16) - 1;
      for (const bits of between(first, last)) {
        if (isNaN32(bits)) continue;
        assertEquals(encode(bits), pattern, bits.toString(16));
        compared++;
      }
    });
    assert(compared >= 2 * runs.length - 6);
    // Of four bits ml_dtypes makes −0 of NaN; here it does not fit.
    const ofNaN = runs.findLast(([hex]) => parseInt(hex, 16) <= 0x7fc00000)!;
    assertEquals(
      dtypes[dtype].encode(NaN),
      dtype === "float4_e2m1fn" ? undefined : ofNaN[1],
    );
  });
}

interface ConversionCase {
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly bytes: string;
  readonly target: Dtype;
  readonly converted: string;
}

const conversions = await readGolden<ConversionCase>("small_conversions.json");

for (const [index, row] of conversions.entries()) {
  const { dtype, target, converted } = row;
  Deno.test(`converts ${dtype} to ${target} as PyTorch does, ${index}`, () => {
    const result = stored(row).to(target);
    assertEquals([result.dtype, result.shape], [target, row.shape]);
    const expected = stored({ ...row, dtype: target, bytes: converted });
    assertEquals(result.toArray(), expected.toArray());
  });
}

interface PrintCase {
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly bytes: string;
  readonly text: string;
}

const prints = await readGolden<PrintCase>("small_prints.json");

for (const [index, row] of prints.entries()) {
  Deno.test(`prints as PyTorch, ${index}: [${row.shape}] ${row.dtype}`, () => {
    assertEquals(stored(row).toString(), row.text);
  });
}

Deno.test("numbers of four bits lie two a byte, the lower half first", () => {
  const x = tensor([[0.5, 1, -1.5], [6, -6, 3]], { dtype: "float4_e2m1fn" });
  assertEquals(bytesOf(x).toHex(), "217b5f");
  assertEquals(x.toArray(), [[0.5, 1, -1.5], [6, -6, 3]]);
  assertEquals(x.at(0).toArray(), [0.5, 1, -1.5]);
  // The second row begins within a byte, and is a copy.
  assertEquals(x.at(1).toArray(), [6, -6, 3]);
  assertEquals(x.at(-1, 2).item(), 3);
  assertEquals(
    String(x.at(1)),
    "tensor([ 6., -6.,  3.], dtype=float4_e2m1fn)",
  );
  assert(x.at(1).equals(tensor([6, -6, 3], { dtype: "float4_e2m1fn" })));
  assert(!x.at(1).equals(tensor([6, -6, 4], { dtype: "float4_e2m1fn" })));
  x.data[0] = 0x77;
  assertEquals(x.toArray(), [[6, 6, -1.5], [6, -6, 3]]);
});

Deno.test("small floats become the same numbers, many at once or few", () => {
  for (const { dtype } of cases) {
    const data = Uint8Array.from({ length: 1001 }, (_, i) => i % 256);
    const count = Math.floor(data.length * 8 / dtypes[dtype].bits);
    const all = new Tensor(data, [count], dtype).toFloat32();
    const few = Array.from(
      { length: count / 7 },
      (_, i) => new Tensor(data, [count], dtype).at(7 * i).item(),
    );
    assertEquals(few, Array.from(few, (_, i) => all[7 * i]));
  }
});

Deno.test("an odd count of four bits fills its last byte by half", () => {
  const x = empty([3], { dtype: "float4_e2m1fn" });
  assertEquals([x.data.length, x.numel()], [2, 3]);
  // The other half of the byte is no element.
  const full = new Tensor(Uint8Array.of(0x21, 0xf3), [3], "float4_e2m1fn");
  assertEquals(full.toArray(), [0.5, 1, 1.5]);
  assert(full.equals(tensor([0.5, 1, 1.5], { dtype: "float4_e2m1fn" })));
  assertThrows(
    () => new Tensor(Uint8Array.of(1, 2), [5], "float4_e2m1fn"),
    RangeError,
    "shape must have 4 elements",
  );
  assertThrows(
    () => new Tensor(Uint8Array.of(1, 2), [2], "float4_e2m1fn"),
    RangeError,
    "shape must have 4 elements",
  );
});

Deno.test("what four bits cannot hold is refused or the largest", () => {
  const x = tensor([1e9, -Infinity, 0.25, -0.1]);
  assertEquals(x.to("float4_e2m1fn").toArray(), [6, -6, 0, -0]);
  assertThrows(() => tensor([NaN]).to("float4_e2m1fn"), RangeError, "NaN");
});

Deno.test("small floats are equal by their numbers", () => {
  const of = (...bytes: number[]) =>
    new Tensor(Uint8Array.from(bytes), [bytes.length], "float8_e4m3fn");
  assert(of(0, 0x38).equals(of(0x80, 0x38)));
  assert(!of(0x7f).equals(of(0x7f)));
  assert(!of(0x38).equals(of(0x39)));
  assert(!of(0x38).equals(of(0x38).to("float8_e5m2")));
});

Deno.test("small floats are not filled, and no layer has them", () => {
  for (const { dtype } of cases) {
    const x = empty([4, 4], { dtype });
    assertThrows(() => init.normal(x as never), TypeError, dtype);
    assertThrows(() => init.zeros(x as never), TypeError, "16 bits or more");
    assertThrows(
      () => new nn.Linear(2, 2, { dtype } as never),
      TypeError,
      dtype,
    );
  }
});

Deno.test("the names of files lead to the dtypes", () => {
  const named = (dtype: string) => () =>
    empty([1], { dtype: dtype as "float32" });
  assertThrows(named("F8_E4M3"), TypeError, "did you mean float8_e4m3fn?");
  assertThrows(named("C64"), TypeError, "did you mean complex64?");
  assertThrows(
    named("torch.float4_e2m1fn_x2"),
    TypeError,
    "did you mean float4_e2m1fn?",
  );
});

/** Numbers at distances from both ends that double, and their neighbors. */
function between(first: number, last: number): number[] {
  const found = [first, last];
  for (let step = 1; step <= last - first; step *= 2) {
    found.push(first + step, last - step);
    if (step < last - first) found.push(first + step + 1, last - step - 1);
  }
  return found;
}

function single(bits: number | string): number {
  const value = typeof bits === "string" ? parseInt(bits, 16) : bits;
  return new Float32Array(Uint32Array.of(value).buffer)[0];
}

function stored({ dtype, shape, bytes }: Omit<PrintCase, "text">): Tensor {
  const { buffer } = Uint8Array.fromHex(bytes);
  const count = shape.reduce((a, b) => a * b, 1);
  return new Tensor(dtypes[dtype].view(buffer, 0, count), shape, dtype);
}
