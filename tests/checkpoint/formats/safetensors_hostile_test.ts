import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  type ByteSource,
  bytesSource,
  decodeSafetensors,
  encodeSafetensors,
  openSafetensors,
} from "../../../lib/checkpoint/mod.ts";
import { tensor } from "../../../mod.ts";
import { entry, safetensorsFile } from "./files.ts";

const a = entry("F32", [1], 0, 4);
const text = JSON.stringify(a);
const large = 2 ** 53;

/** What is wrong, the file, and what the error must say. */
const hostile: [what: string, file: Uint8Array, message: string][] = [
  ["nothing", new Uint8Array(0), "at least 8 bytes, got 0"],
  ["7 bytes", new Uint8Array(7), "at least 8 bytes, got 7"],
  ["no header", safetensorsFile(""), "first byte must be 123"],
  ["a header beyond the file", safetensorsFile("{}", 0, 3n), "at most 2 of"],
  [
    "a header of 2^64 - 1 bytes",
    safetensorsFile("{}", 0, 2n ** 64n - 1n),
    "at most 2 of its 10 bytes, got 18446744073709551615",
  ],
  [
    "a header of 2^32 bytes and more",
    safetensorsFile("{}", 0, 2n ** 32n + 2n),
    "4294967298",
  ],
  ["no JSON", safetensorsFile("{nonsense}"), "at byte 1 "],
  ["a list", safetensorsFile("[]"), "first byte must be 123"],
  ["white space first", safetensorsFile(" {}"), "first byte must be 123"],
  ["a byte order mark", safetensorsFile("\ufeff{}"), "first byte must be 123"],
  ["a NUL at the end", safetensorsFile("{}\0"), "byte 2 nothing"],
  ["two objects", safetensorsFile("{}{}"), "nothing may follow"],
  [
    "a cut header",
    safetensorsFile('{"a":{"dtype":"F3'),
    "a string must be well-formed",
  ],
  ["an open brace", safetensorsFile("{"), "the end"],
  ["a comma too many", safetensorsFile(`{"a":${text},}`, 4), '" must follow'],
  ["single quotes", safetensorsFile("{'a':1}"), '" must follow'],
  [
    "bytes that are no UTF-8",
    safetensorsFile(Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d)),
    "at byte 1 a string must be well-formed JSON in UTF-8",
  ],
  [
    "an overlong form",
    safetensorsFile(Uint8Array.of(0x7b, 0x22, 0xc0, 0x80, 0x22, 0x3a, 0x7d)),
    "UTF-8",
  ],
  [
    "half a character, as a name",
    safetensorsFile(`{"\\ud800":${text}}`, 4),
    "well-formed JSON",
  ],
  [
    "a control character in a name",
    safetensorsFile(`{"\n":${text}}`, 4),
    "a string must be well-formed",
  ],
  [
    "a tensor twice",
    safetensorsFile(`{"a":${text},"a":${text}}`, 4),
    "a name must come once",
  ],
  [
    "a tensor twice, spelled differently",
    safetensorsFile(`{"a":${text},"\\u0061":${text}}`, 4),
    "a name must come once",
  ],
  [
    "a field twice",
    safetensorsFile(`{"a":{"dtype":"F32",${text.slice(1)}}`, 4),
    "a name must come once",
  ],
  [
    "metadata twice",
    safetensorsFile('{"__metadata__":{},"__metadata__":{}}'),
    "a name must come once",
  ],
  [
    "a key of metadata twice",
    safetensorsFile('{"__metadata__":{"a":"","a":""}}'),
    "a name must come once",
  ],
  [
    "metadata that are no strings",
    safetensorsFile({ __metadata__: { epoch: 3 } }),
    '"epoch" of its metadata must be a string, got 3',
  ],
  [
    "metadata that are a string",
    safetensorsFile({ __metadata__: "pt" }),
    "__metadata__ must be an object",
  ],
  ["a tensor that is null", safetensorsFile({ a: null }), "must be an object"],
  ["a tensor without fields", safetensorsFile({ a: {} }), "must have dtype"],
  [
    "an unknown dtype",
    safetensorsFile({ a: entry("F31", [1], 0, 4) }, 4),
    'U64, got "F31"',
  ],
  [
    "a dtype in small letters",
    safetensorsFile({ a: entry("f32", [1], 0, 4) }, 4),
    "must be one of BOOL",
  ],
  [
    "a dtype that objects inherit",
    safetensorsFile({ a: entry("constructor", [1], 0, 4) }, 4),
    "must be one of BOOL",
  ],
  [
    "a shape that is a number",
    safetensorsFile({ a: entry("F32", 1, 0, 4) }, 4),
    "the shape of",
  ],
  [
    "a negative size",
    safetensorsFile({ a: entry("F32", [-1], 0, 4) }, 4),
    "at least 0",
  ],
  [
    "two negative sizes",
    safetensorsFile({ a: entry("F32", [-1, -1], 0, 4) }, 4),
    "at least 0",
  ],
  [
    "a fraction",
    safetensorsFile({ a: entry("F32", [1.5], 0, 6) }, 6),
    "whole numbers",
  ],
  [
    "a whole number with a point",
    safetensorsFile(
      '{"a":{"dtype":"F32","shape":[1.0],"data_offsets":[0,4]}}',
      4,
    ),
    "whole numbers",
  ],
  [
    "a whole number with an exponent",
    safetensorsFile(
      '{"a":{"dtype":"F32","shape":[1e0],"data_offsets":[0,4]}}',
      4,
    ),
    "whole numbers",
  ],
  [
    "minus nothing",
    safetensorsFile('{"a":{"dtype":"F32","shape":[-0],"data_offsets":[0,0]}}'),
    "whole numbers",
  ],
  [
    "a zero before a number",
    safetensorsFile(
      '{"a":{"dtype":"F32","shape":[01],"data_offsets":[0,4]}}',
      4,
    ),
    "must be whole numbers of at least 0, got 0",
  ],
  [
    "a size of text",
    safetensorsFile({ a: entry("F32", ["1"], 0, 4) }, 4),
    "whole numbers",
  ],
  [
    "one offset",
    safetensorsFile({ a: { dtype: "F32", shape: [1], data_offsets: [4] } }, 4),
    "a start and an end",
  ],
  [
    "three offsets",
    safetensorsFile({
      a: { dtype: "F32", shape: [1], data_offsets: [0, 4, 4] },
    }, 4),
    "a start and an end",
  ],
  [
    "an end before the start",
    safetensorsFile({ a: entry("F32", [1], 4, 0) }, 4),
    "a start and an end, got [4, 0]",
  ],
  [
    "more bytes than the shape takes",
    safetensorsFile({ a: entry("F32", [1], 0, 8) }, 8),
    "must have 8 bytes as its data_offsets say, got 4",
  ],
  [
    "fewer bytes than the shape takes",
    safetensorsFile({ a: entry("F32", [2], 0, 4) }, 4),
    "must have 4 bytes as its data_offsets say, got 8",
  ],
  [
    "a gap at the start",
    safetensorsFile({ a: entry("F32", [1], 4, 8) }, 8),
    '"a" must begin where the one before it ends, at byte 0',
  ],
  [
    "a gap between",
    safetensorsFile({ a, b: entry("F32", [1], 8, 12) }, 12),
    "at byte 4 of the data, got 8",
  ],
  [
    "an overlap",
    safetensorsFile({ a, b: entry("F32", [1], 2, 6) }, 6),
    "at byte 4 of the data, got 2",
  ],
  ["the same bytes twice", safetensorsFile({ a, b: a }, 4), "at byte 4"],
  [
    "data missing",
    safetensorsFile({ a }, 3),
    "the 4 bytes of its tensors, got 3",
  ],
  [
    "data left over",
    safetensorsFile({ a }, 5),
    "the 4 bytes of its tensors, got 5",
  ],
  [
    "data without tensors",
    safetensorsFile("{}", 1),
    "the 0 bytes of its tensors, got 1",
  ],
  [
    "a product beyond 2^53",
    safetensorsFile({ a: entry("U8", [2 ** 27, 2 ** 27], 0, 4) }, 4),
    "fewer than 2^53",
  ],
  [
    "a product that wraps round to 4 in 64 bits",
    safetensorsFile({
      a: entry("U8", [2 ** 32, 2 ** 32, 0], 0, 4),
    }, 4),
    "fewer than 2^53",
  ],
  [
    "bytes beyond 2^53 of fewer elements",
    safetensorsFile({ a: entry("F64", [2 ** 51], 0, 8) }, 8),
    "fewer than 2^53",
  ],
  [
    "a size of 2^53",
    safetensorsFile({ a: entry("U8", [large], 0, 8) }, 8),
    "below 2^53",
  ],
  [
    "a size of 2^64 + 1",
    safetensorsFile(
      '{"a":{"dtype":"U8","shape":[18446744073709551617],"data_offsets":[0,1]}}',
      1,
    ),
    "below 2^53",
  ],
  [
    "an offset of 2^53",
    safetensorsFile({ a: entry("U8", [1], large, large + 2) }, 1),
    "below 2^53",
  ],
  [
    "a terabyte in 4 bytes",
    safetensorsFile({ a: entry("U8", [2 ** 40], 0, 2 ** 40) }, 4),
    "the 1099511627776 bytes of its tensors, got 4",
  ],
  [
    "half a byte",
    safetensorsFile({ a: entry("F4", [3], 0, 2) }, 2),
    "whole bytes",
  ],
  [
    "arrays in arrays",
    safetensorsFile(`{"a":{"b":${"[".repeat(100_000)}`),
    "nest at most 64 deep",
  ],
  [
    "a truth value of 2",
    safetensorsFile({ a: entry("BOOL", [3], 0, 3) }, Uint8Array.of(0, 1, 2)),
    "truth value 2 must be 0 or 1, got 2",
  ],
];

for (const [what, file, message] of hostile) {
  Deno.test(`refuses a file with ${what}`, async () => {
    assertThrows(() => decodeSafetensors(file), SyntaxError, message);
    await assertRejects(
      async () => {
        const { tensors, read } = await openSafetensors(bytesSource(file));
        for (const name of Object.keys(tensors)) await read(name);
      },
      SyntaxError,
      message,
    );
  });
}

Deno.test("every cut of a file is refused, and every byte too many", () => {
  const file = encodeSafetensors({ x: tensor([1, 2]), y: tensor([true]) });
  assertEquals(Object.keys(decodeSafetensors(file).tensors), ["x", "y"]);
  for (let length = 0; length < file.length; length++) {
    const cut = file.subarray(0, length);
    assertThrows(() => decodeSafetensors(cut), SyntaxError, "Cannot decode");
  }
  const longer = new Uint8Array([...file, 0]);
  assertThrows(() => decodeSafetensors(longer), SyntaxError, "got 10");
});

Deno.test("odd files that the format allows are read", () => {
  const files: [Uint8Array, string[]][] = [
    [safetensorsFile("{}"), []],
    [safetensorsFile("{} \n\t "), []],
    [safetensorsFile({ b: entry("F32", [1], 4, 8), a }, 8), ["a", "b"]],
    [safetensorsFile({ "": a }, 4), [""]],
    [safetensorsFile({ a: { ...a, more: [{}] } }, 4), ["a"]],
    [
      safetensorsFile({
        c: entry("F32", [1], 4, 8),
        b: entry("F32", [0], 4, 4),
        a,
      }, 8),
      ["a", "b", "c"],
    ],
    [
      safetensorsFile({ a: entry("F32", [0, 2 ** 40, 2 ** 40], 0, 0) }),
      ["a"],
    ],
  ];
  for (const [file, names] of files) {
    assertEquals(Object.keys(decodeSafetensors(file).tensors), names);
  }
});

Deno.test("a hostile name is cut in the message", () => {
  const file = safetensorsFile({ ["x".repeat(1_000_000)]: 1 });
  const error = assertThrows(() => decodeSafetensors(file), SyntaxError);
  assertEquals(error.message.length < 300, true);
});

Deno.test("a header beyond 100 MB is refused before it is read", async () => {
  const prefix = new DataView(new ArrayBuffer(8));
  prefix.setBigUint64(0, 100_000_001n, true);
  const source: ByteSource = {
    size: 2 ** 40,
    read(offset, length) {
      assertEquals([offset, length], [0, 8]);
      return new Uint8Array(prefix.buffer);
    },
  };
  await assertRejects(
    () => openSafetensors(source),
    SyntaxError,
    "at most 100000000 of its 1099511627776 bytes, got 100000001",
  );
});

Deno.test("a source with too few bytes, or an invalid one, is refused", async () => {
  const file = encodeSafetensors({ x: tensor([1, 2]) });
  const whole = bytesSource(file);
  const short: ByteSource = {
    size: file.length,
    read: (offset, length) =>
      whole.read(offset, Math.min(length, file.length - 4 - offset)),
  };
  const { read } = await openSafetensors(short);
  await assertRejects(() => read("x"), SyntaxError, "must give 8 bytes");
  for (const none of [file, { size: -1, read: whole.read }, null]) {
    await assertRejects(
      () => openSafetensors(none as never),
      TypeError,
      "read(offset, length)",
    );
  }
});

for (
  const [what, header, message] of [
    ["of another kind", `{"a":[${"{},".repeat(1_000_000)}{}]}`, "be an object"],
    [
      "in a skipped member",
      `{"a":{"x":[${"{},".repeat(1_000_000)}1]}}`,
      "dtype",
    ],
    [
      "of axes",
      `{"a":{"shape":[${"1,".repeat(1_000_000)}1]}}`,
      'the shape of tensor "a" must be at most 64 numbers',
    ],
  ] as const
) {
  Deno.test(`refuses millions ${what} without building them`, () => {
    const file = safetensorsFile(header);
    const before = Deno.memoryUsage().heapUsed;
    assertThrows(() => decodeSafetensors(file), SyntaxError, message);
    // Built, a million objects take 200 MB.
    assert(Deno.memoryUsage().heapUsed - before < 64e6);
  });
}

Deno.test("metadata may have 65,536 entries, and no more", () => {
  const header = (count: number) =>
    safetensorsFile(JSON.stringify({
      __metadata__: Object.fromEntries(
        Array.from({ length: count }, (_, index) => [`a${index}`, ""]),
      ),
    }));
  const { metadata } = decodeSafetensors(header(65_536));
  assertEquals(Object.keys(metadata).length, 65_536);
  assertThrows(
    () => decodeSafetensors(header(65_537)),
    SyntaxError,
    "its metadata must have at most 65536 entries",
  );
});

Deno.test("tensors need not be listed in the order of their bytes", () => {
  const file = safetensorsFile(
    JSON.stringify({ b: entry("U8", [1], 1, 2), a: entry("U8", [1], 0, 1) }),
    2,
  );
  assertEquals(Object.keys(decodeSafetensors(file).tensors), ["a", "b"]);
});
