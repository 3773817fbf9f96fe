import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  bytesSource,
  decodeNpy,
  decodeNpz,
  encodeNpy,
  encodeNpz,
  openNpy,
  openNpz,
} from "../../../lib/checkpoint/mod.ts";
import { dtypes } from "../../../lib/core/dtype.ts";
import { Tensor, tensor } from "../../../mod.ts";
import { bytesOf, readGolden } from "../../golden/golden.ts";
import { CountingSource } from "./counting_source.ts";
import { type GoldenTensor, npyFile, tensorIn, zeros } from "./files.ts";

interface Case extends GoldenTensor {
  readonly order: "C" | "F";
  readonly bytes: "<" | ">";
  readonly version: number;
  readonly file: string;
}

const cases = await readGolden<Case>("npy.json");

for (const [index, row] of cases.entries()) {
  const { dtype, shape, order, bytes, version, data } = row;
  const file = Uint8Array.fromBase64(row.file);
  const what = `${dtype} [${shape}] ${order}${bytes} version ${version}`;

  Deno.test(`reads what NumPy wrote, ${index}: ${what}`, () => {
    const found = decodeNpy(file);
    assertEquals([found.dtype, found.shape], [dtype, shape]);
    assertEquals(bytesOf(found).toHex(), data);
  });

  Deno.test(`reads it in parts, ${index}: ${what}`, async () => {
    const { read } = await openNpy(new CountingSource(file));
    const middle = Math.floor(tensorIn(row).numel() / 2);
    const parts = [
      await read("arr_0", { end: middle }),
      await read("arr_0", { start: middle }),
    ];
    const hex = parts.map((part) => bytesOf(part).toHex());
    assertEquals(hex.join(""), data);
    assertEquals(bytesOf(await read("arr_0")).toHex(), data);
  });

  if (order === "F" || bytes === ">" || version !== 1) continue;
  Deno.test(`writes the bytes that NumPy wrote, ${index}: ${what}`, () => {
    assertEquals(encodeNpy(tensorIn(row)), file);
  });
}

interface MoreCase extends GoldenTensor {
  readonly descr: string;
  readonly order: "C" | "F";
  readonly file: string;
}

const more = await readGolden<MoreCase>("npy_more.json");

for (const [index, row] of more.entries()) {
  const { dtype, descr, shape, data, order } = row;
  const file = Uint8Array.fromBase64(row.file);
  const isRaw = descr.slice(1).startsWith("V");
  const options = isRaw ? { void: dtype as "bfloat16" } : {};
  const what = `${descr} as ${dtype} [${shape}] ${order}`;

  Deno.test(`reads what NumPy and ml_dtypes wrote, ${index}: ${what}`, async () => {
    const found = decodeNpy(file, options);
    assertEquals([found.dtype, found.shape], [dtype, shape]);
    assertEquals(bytesOf(found).toHex(), data);
    const opened = await openNpy(new CountingSource(file), options);
    assertEquals(opened.tensors.arr_0.dtype, dtype);
    assertEquals(bytesOf(await opened.read("arr_0")).toHex(), data);
    const half = Math.floor(found.numel() / 2);
    const parts = [
      await opened.read("arr_0", { end: half }),
      await opened.read("arr_0", { start: half }),
    ];
    assertEquals(parts.map((part) => bytesOf(part).toHex()).join(""), data);
  });

  if (!isRaw) continue;
  Deno.test(`carries raw bytes that have no name, ${index}: ${what}`, () => {
    const found = decodeNpy(file);
    assertEquals([found.dtype, found.shape], [`V${descr.at(-1)}`, shape]);
    assertEquals(bytesOf(found).toHex(), data);
    assertThrows(() => found.toArray(), TypeError, "give { void }");
    // An option of another size is for other arrays.
    const other = descr.endsWith("1") ? "bfloat16" : "float8_e5m2";
    assertEquals(decodeNpy(file, { void: other }).dtype, found.dtype);
    assertEquals(bytesOf(decodeNpy(encodeNpy(found))).toHex(), data);
  });
}

for (const [index, { dtype, descr, order, file, ...row }] of more.entries()) {
  if (order === "F" || !/^<c/.test(descr)) continue;
  Deno.test(`writes the complex numbers that NumPy wrote, ${index}`, () => {
    const found = encodeNpy(tensorIn({ dtype, ...row }));
    assertEquals(found, Uint8Array.fromBase64(file));
  });
}

Deno.test("arrays of npz files are raw bytes, or what the option says", async () => {
  const bytes = new Uint8Array([0x80, 0x3f, 0x20, 0xc0]);
  const weight = new Tensor(bytes, [2], "V2");
  const scale = new Tensor(Uint8Array.of(0x38), [1], "V1");
  const file = await encodeNpz({ weight, scale, plain: tensor([1]) });
  const plain = await decodeNpz(file);
  assertEquals([plain.weight.dtype, plain.scale.dtype], ["V2", "V1"]);
  const read = await decodeNpz(file, { void: "bfloat16" });
  assertEquals(read.weight.toArray(), [1, -2.5]);
  assertEquals(read.scale.dtype, "V1");
  const opened = await openNpz(bytesSource(file), { void: "float8_e4m3fn" });
  assertEquals((await opened.read("scale")).toArray(), [1]);
  assertEquals(opened.tensors.weight.dtype, "V2");
});

Deno.test("complex arrays of npz files are read in parts", async () => {
  const pairs = [[1, 2], [3, 4], [5, 6]];
  const file = await encodeNpz({ x: tensor(pairs, { dtype: "complex64" }) });
  const { read } = await openNpz(bytesSource(file));
  const part = await read("x", { start: 1, end: 3 });
  assertEquals([part.shape, part.toArray()], [[2], [[3, 4], [5, 6]]]);
});

Deno.test("void is a dtype that NumPy lacks", () => {
  const file = encodeNpy(tensor([1]));
  for (const dtype of ["float32", "float4_e2m1fn", "F8_E4M3", 2, ""]) {
    assertThrows(
      () => decodeNpy(file, { void: dtype as "bfloat16" }),
      RangeError,
      "void must be one of bfloat16, float8_e5m2, float8_e4m3fn, float8_e8m0fnu, float8_e4m3fnuz, float8_e5m2fnuz, got ",
    );
  }
  assertEquals(decodeNpy(file, { void: "bfloat16" }).dtype, "float32");
});

Deno.test("the golden files hold each dtype of NumPy, in both orders", () => {
  for (const [name, { npy, bits, kind }] of Object.entries(dtypes)) {
    // Complex numbers and raw bytes are in the other file.
    if (kind === "complex" || kind === "opaque") continue;
    const found = cases.filter(({ dtype }) => dtype === name);
    assertEquals(found.length > 0, npy !== null, name);
    if (npy === null) continue;
    assert(found.some(({ order }) => order === "F"), name);
    assertEquals(found.some(({ bytes }) => bytes === ">"), bits > 8, name);
  }
  assertEquals(new Set(cases.map(({ version }) => version)).size, 3);
});

interface Refused {
  readonly what: string;
  readonly file: string;
}

/** What the golden files count as refused and is read by now. */
const readNow: Readonly<Record<string, string>> = {
  complex64: "complex64",
  complex128: "complex128",
  raw: "V2",
};

/** How the others are listed. */
const unreadNow: Readonly<Record<string, string[]>> = {
  "long double": ["<f16", "it holds numbers of an unknown dtype"],
  text: ["<U2", "it holds texts"],
  bytes: ["|S2", "it holds texts"],
  date: ["<M8[D]", "it holds dates"],
  structure: ["[('a','<f4'),('b','<i4')]", "it holds structures"],
  object: ["|O", "it holds Python objects, which are never made"],
};

for (
  const { what, file } of await readGolden<Refused>("npy_refused.json")
) {
  if (Object.hasOwn(readNow, what)) {
    Deno.test(`reads an array of ${what}`, () => {
      const { dtype, shape } = decodeNpy(Uint8Array.fromBase64(file));
      assertEquals([dtype, shape], [readNow[what], [2]]);
    });
    continue;
  }
  Deno.test(`refuses an array of ${what}, which openNpy lists`, async () => {
    const bytes = Uint8Array.fromBase64(file);
    assertThrows(
      () => decodeNpy(bytes),
      SyntaxError,
      "its descr must be one of f4,",
    );
    const { tensors, unread, read } = await openNpy(bytesSource(bytes));
    assertEquals([Object.keys(tensors), Object.keys(unread!)], [[], ["arr_0"]]);
    const { dtype, shape, reason } = unread!.arr_0;
    assertEquals([dtype, reason], unreadNow[what]);
    assertEquals(shape, [what === "date" ? 1 : 2]);
    await assertRejects(() => read("arr_0"), TypeError, reason);
    await assertRejects(() => read("arr_0", { end: 1 }), TypeError, reason);
  });
}

Deno.test("dtypes that NumPy does not have are refused", () => {
  const half = tensor([1], { dtype: "bfloat16" });
  assertThrows(() => encodeNpy(half), TypeError, "bfloat16");
  for (const dtype of ["float8_e4m3fn", "float4_e2m1fn", "F6_E2M3"] as const) {
    assertThrows(() => encodeNpy(zeros(dtype, [4])), TypeError, dtype);
  }
  assertThrows(
    () => encodeNpy({ w: tensor([1]) } as never),
    TypeError,
    "it must be a tensor or numbers, got an object with w",
  );
});

Deno.test("a typed array and nested numbers are encoded as their tensor", () => {
  const expected = encodeNpy(tensor([1, 2]));
  assertEquals(encodeNpy(new Float32Array([1, 2])), expected);
  assertEquals(encodeNpy([1, 2]), expected);
  assertThrows(() => decodeNpy([1] as never), TypeError, "a Uint8Array");
});

Deno.test("the longest shape is written as version 1 and read back", () => {
  const shape = Array.from({ length: 64 }, () => 1);
  const bytes = encodeNpy(zeros("int8", shape));
  assertEquals([bytes[6], bytes.length % 64], [1, 1]);
  assertEquals(decodeNpy(bytes).shape, shape);
  const wide = encodeNpy(zeros("int8", [0, ...shape.fill(2 ** 31).slice(2)]));
  assertEquals(decodeNpy(wide).shape.length, 63);
});

const good = "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }";

Deno.test("headers as other writers have them are read", () => {
  const headers = [
    good,
    '{"shape": (2,), "fortran_order": False, "descr": "<f4"}',
    "{'descr':'=f4','fortran_order':True,'shape':(2L,)}   ",
    "  {'descr': 'f4', 'fortran_order': False, 'shape': (1, 2)}",
  ];
  for (const header of headers) {
    assertEquals(decodeNpy(npyFile(header, 8)).numel(), 2, header);
  }
  const bool = "{'descr': '|b1', 'fortran_order': False, 'shape': (2,), }";
  const values = decodeNpy(npyFile(bool, Uint8Array.of(1, 0)));
  assertEquals(`${values}`, "tensor([ True, False])");
});

const hostile: [what: string, file: Uint8Array, message: string][] = [
  ["nothing", new Uint8Array(0), "first bytes must be 93 4e 55 4d 50 59"],
  ["a zip file", new TextEncoder().encode("PK\x03\x04"), '"50 4b 03 04"'],
  ["version 4", npyFile(good, 8, 4), "version must be 1.0, 2.0 or 3.0"],
  ["version 0", npyFile(good, 8, 0), "version must be 1.0, 2.0 or 3.0"],
  ["version 1.1", patchedMinor(npyFile(good, 8)), 'got "1.1"'],
  ["a shape in brackets", npyFile(good.replace("2,", "2"), 8), ", must follow"],
  ["no length", npyFile(good).subarray(0, 9), "at most 0 of its 9 bytes"],
  ["a cut header", npyFile(good).subarray(0, 30), "at most 20 of its 30"],
  [
    "a header of 4 GB",
    npyFile(good, 8, 2).fill(0xff, 8, 12),
    "got 4294967295",
  ],
  ["no dictionary", npyFile("3", 8), "{ must follow"],
  ["an empty header", npyFile("", 8), "the end"],
  ["text after it", npyFile(`${good} x`, 8), "nothing may follow"],
  ["no shape", npyFile("{'descr': '<f4'}", 8), "keys must be"],
  ["a fourth key", npyFile(good.replace("}", "'a': 'b'}"), 8), "keys must be"],
  ["a key twice", npyFile(good.replace("}", "'shape': ()}"), 8), "come once"],
  ["a negative size", npyFile(good.replace("2", "-2"), 8), "at least 0"],
  ["a fraction", npyFile(good.replace("2", "2.0"), 8), ", must follow"],
  ["2^53", npyFile(good.replace("2", `${2 ** 53}`), 8), "below 2^53"],
  ["a list", npyFile(good.replace("(2,)", "[2]"), 8), "a tuple"],
  ["a call", npyFile(good.replace("(2,)", "f(2)"), 8), "a string must"],
  ["text as order", npyFile(good.replace("False", "'C'"), 8), "truth value"],
  ["text as shape", npyFile(good.replace("(2,)", "'2'"), 8), "a tuple"],
  ["an unclosed list", npyFile(good.replace("'<f4'", "[("), 8), "must end"],
  ["a list closed by )", npyFile(good.replace("'<f4'", "[)"), 8), "] must"],
  [
    "a truth value as descr",
    npyFile(good.replace("'<f4'", "True"), 8),
    "descr",
  ],
  ["words as descr", npyFile(good.replace("<f4", "two words"), 8), "descr"],
  ["an unclosed text", npyFile("{'descr", 8), "must follow"],
  ["an unclosed tuple", npyFile(good.slice(0, -5), 8), "the end"],
  ["a missing comma", npyFile(good.replace("False,", "False"), 8), ", must"],
  [
    "a product beyond 2^53",
    npyFile(good.replace("2", "134217728, 134217728"), 8),
    "fewer than 2^53 bytes, got [134217728, 134217728]",
  ],
  [
    "data missing",
    npyFile(good, 7),
    "by its header 8 bytes must follow, the 2 elements of float32, got 7: 1 byte missing",
  ],
  ["data left over", npyFile(good, 9), "got 9: 1 byte too many"],
  [
    "a terabyte",
    npyFile(good.replace("2", `${2 ** 38}`), 8),
    "got 8: 1,099,511,627,768 bytes missing",
  ],
  ["a leading zero", npyFile(good.replace("2", "02"), 8), "leading zeros"],
  ["only zeros", npyFile(good.replace("2", "00"), 0), "leading zeros"],
  ["a zero before an L", npyFile(good.replace("2", "02L"), 8), "leading zeros"],
  [
    "a truth value of 2",
    npyFile(good.replace("<f4", "|b1"), Uint8Array.of(1, 2)),
    "truth value 1 must be 0 or 1",
  ],
  [
    "bytes that are no UTF-8",
    npyFile(good, 8).map((byte) => byte === 0x66 ? 0xff : byte),
    "UTF-8",
  ],
];

for (const [what, file, message] of hostile) {
  Deno.test(`refuses an npy file with ${what}`, () => {
    assertThrows(() => decodeNpy(file), SyntaxError, message);
  });
}

function patchedMinor(file: Uint8Array): Uint8Array {
  return file.with(7, 1);
}

Deno.test("every cut of an npy file is refused", () => {
  const file = encodeNpy(tensor([1, 2]));
  for (let length = 0; length < file.length; length++) {
    assertThrows(() => decodeNpy(file.subarray(0, length)), SyntaxError);
  }
});
