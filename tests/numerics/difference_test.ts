import { assertEquals } from "@std/assert";
import { tensorOf } from "../../lib/checkpoint/formats/bytes.ts";
import { type DataOf, type Dtype, dtypes } from "../../lib/core/dtype.ts";
import {
  type Difference,
  DifferenceMeter,
} from "../../lib/numerics/difference.ts";
import { parseHexFloat, readGolden } from "../golden/golden.ts";

interface Case {
  readonly dtype: Dtype;
  /** The bytes of both arrays, in hexadecimal. */
  readonly a: string;
  readonly b: string;
  readonly differing: number;
  readonly oneNaN: number;
  readonly maxAbs: string;
  readonly maxUlps?: number;
  readonly place: number | null;
}

/** Compares bytes in parts that end at the given elements. */
function differenceOf(
  { dtype, a, b }: Pick<Case, "dtype" | "a" | "b">,
  ...ends: readonly number[]
): Difference {
  const [left, right] = [storage(dtype, a), storage(dtype, b)];
  const meter = new DifferenceMeter(dtype);
  let start = 0;
  for (const end of [...ends, left.length]) {
    meter.add(left.slice(start, end) as DataOf<Dtype>, right.slice(start, end));
    start = end;
  }
  return meter.result();
}

function storage(dtype: Dtype, hex: string): DataOf<Dtype> {
  const bytes = Uint8Array.fromHex(hex);
  return tensorOf("test", bytes, [bytes.length * 8 / dtypes[dtype].bits], dtype)
    .data;
}

const cases = await readGolden<Case>("differences.json");

for (const dtype of new Set(cases.map(({ dtype }) => dtype))) {
  Deno.test(`arrays of ${dtype} are as far apart as PyTorch says`, () => {
    for (const row of cases.filter((row) => row.dtype === dtype)) {
      const { a, differing, oneNaN, maxAbs, maxUlps = null, place } = row;
      const elements = a.length * 4 / dtypes[dtype].bits;
      const expected: Difference = {
        elements,
        differing,
        oneNaN,
        maxAbs: maxAbs === "inf" ? Infinity : parseHexFloat(maxAbs),
        maxUlps,
        place,
      };
      assertEquals(differenceOf(row), expected);
      assertEquals(differenceOf(row, 1), expected);
      assertEquals(differenceOf(row, 0, 1, elements), expected);
    }
  });
}

Deno.test("whole numbers of 64 bits lose no digit", () => {
  const meter = new DifferenceMeter("int64");
  meter.add(
    new BigInt64Array([5n, 2n ** 62n, -(2n ** 63n)]),
    new BigInt64Array([5n, 2n ** 62n + 1n, -(2n ** 63n) + 3n]),
  );
  assertEquals(meter.result(), {
    elements: 3,
    differing: 2,
    oneNaN: 0,
    maxAbs: 3,
    maxUlps: null,
    place: 2,
  });
  const unsigned = new DifferenceMeter("uint64");
  unsigned.add(new BigUint64Array([0n]), new BigUint64Array([2n ** 64n - 1n]));
  assertEquals(unsigned.result().maxAbs, 2 ** 64);
});

Deno.test("NaN of other bits differs, but is not NaN in one alone", () => {
  const { differing, oneNaN, maxAbs, maxUlps, place } = differenceOf({
    dtype: "float32",
    a: "0000c07f0000c07f",
    b: "0000c07f0100c07f",
  });
  assertEquals(
    { differing, oneNaN, maxAbs, maxUlps, place },
    { differing: 1, oneNaN: 0, maxAbs: 0, maxUlps: 0, place: null },
  );
});

Deno.test("dtypes whose values are not read are compared by bits", () => {
  const bytes = (dtype: Dtype, a: string, b: string) =>
    differenceOf({ dtype, a, b });
  const expected = {
    oneNaN: 0,
    maxAbs: null,
    maxUlps: null,
    place: null,
  };
  assertEquals(bytes("V1", "0102037f", "0102ff7f"), {
    ...expected,
    elements: 4,
    differing: 1,
  });
  assertEquals(bytes("V2", "010203040506", "010203ff05ff"), {
    ...expected,
    elements: 3,
    differing: 2,
  });
  // Four elements in three bytes: the bytes are counted.
  assertEquals(bytes("F6_E2M3", "010203", "110203"), {
    ...expected,
    elements: 4,
    differing: 1,
  });
});

Deno.test("small floats are as far apart as their numbers, and as their patterns", () => {
  const distance = (dtype: Dtype, a: string, b: string) =>
    differenceOf({ dtype, a, b });
  // 1 and 1.125, 0 and −0, NaN and 448, −2^-9 and 2^-9: one step each side of 0.
  assertEquals(distance("float8_e4m3fn", "38007f81", "39807e01"), {
    elements: 4,
    differing: 4,
    oneNaN: 1,
    maxAbs: 0.125,
    maxUlps: 2,
    place: 0,
  });
  // 2^-127 and 2^127, without a sign.
  assertEquals(distance("float8_e8m0fnu", "00", "fe").maxUlps, 254);
  // Two numbers a byte, the lower half first: 1, 2, −6 and 3 against 1, 0, −4 and 3.
  assertEquals(distance("float4_e2m1fn", "425f", "025e"), {
    elements: 4,
    differing: 2,
    oneNaN: 0,
    maxAbs: 2,
    maxUlps: 4,
    place: 1,
  });
  // The half of a byte that no element has is not compared.
  const odd = new DifferenceMeter("float4_e2m1fn");
  odd.add(Uint8Array.of(0x12), Uint8Array.of(0x02), 1);
  assertEquals([odd.result().elements, odd.result().differing], [1, 0]);
});

Deno.test("complex numbers are as far apart as in the plane", () => {
  for (const dtype of ["complex64", "complex128"] as const) {
    const [left, right] = [
      [0, 0, 1, 2, NaN, 0, 0, NaN, 5, 5],
      [0, 0, 4, 6, 0, 1, NaN, 0, 5, -5],
    ].map((values) =>
      dtypes[dtype].view(dtypes[dtype].allocate(5).buffer, 0, 5).map((_, i) =>
        values[i] as never
      )
    );
    const meter = new DifferenceMeter(dtype);
    meter.add(left as DataOf<Dtype>, right as DataOf<Dtype>);
    const { elements, differing, oneNaN, maxAbs, place } = meter.result();
    assertEquals([elements, differing, oneNaN], [5, 4, 1]);
    assertEquals([maxAbs, place], [10, 4]);
  }
  const near = new DifferenceMeter("complex64");
  near.add(Float32Array.of(1, 1), Float32Array.of(1 + 2 ** -23, 1 + 2 ** -22));
  assertEquals(near.result().maxUlps, 2);
});
