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
  assertEquals(bytes("F8_E4M3", "0102037f", "0102ff7f"), {
    ...expected,
    elements: 4,
    differing: 1,
  });
  assertEquals(
    bytes("C64", "00".repeat(24), `01${"00".repeat(15)}${"ff".repeat(8)}`),
    {
      ...expected,
      elements: 3,
      differing: 2,
    },
  );
  // Two elements a byte: the bytes are counted.
  assertEquals(bytes("F4", "0102", "1103"), {
    ...expected,
    elements: 4,
    differing: 2,
  });
});
