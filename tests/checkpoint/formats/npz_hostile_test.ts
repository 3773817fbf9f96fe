import { assert, assertEquals, assertRejects } from "@std/assert";
import { numberBytes } from "../../../lib/checkpoint/formats/zip.ts";
import {
  type ByteSource,
  bytesSource,
  decodeNpz,
  encodeNpy,
  encodeNpz,
  openNpz,
} from "../../../lib/checkpoint/mod.ts";
import { empty, Tensor, tensor } from "../../../mod.ts";
import { CountingSource } from "./counting_source.ts";

const one = await encodeNpz({ a: tensor([1, 2, 3]) }, { compress: true });
const two = await encodeNpz({ a: tensor([1, 2, 3]), b: tensor([4]) });
const bomb = await encodeNpz({ a: empty([4_000_000]) }, { compress: true });

/** Places in the end of a zip file, from its start on. */
const end = { count: 10, size: 12, offset: 16, comment: 20 };

/** Places in an entry of a directory. */
const entry = {
  flags: 8,
  method: 10,
  crc: 16,
  packed: 20,
  size: 24,
  nameLength: 28,
  offset: 42,
  name: 46,
};

const hostile: [what: string, file: Uint8Array, message: string][] = [
  ["nothing", new Uint8Array(0), "end with a zip file's directory"],
  ["21 bytes", new Uint8Array(21), "end with a zip file's directory"],
  ["no end", one.subarray(0, -1), "end with a zip file's directory"],
  ["bytes after its end", Uint8Array.from([...one, 0]), "directory"],
  [
    "junk before its end",
    Uint8Array.from([...one.subarray(0, -22), 0, 0, ...endOf(one)]),
    "its directory must end at byte",
  ],
  ["a cut start", one.subarray(1), "its directory must end at byte"],
  ["an end alone", endOf(one), "its directory must end at byte 0"],
  [
    "65,535 entries",
    atEnd(one, end.count, 65_535, 2),
    "65535 entries must take",
  ],
  [
    "2 entries in place of 1",
    atEnd(one, end.count, 2, 2),
    "2 entries must take",
  ],
  [
    "no entry in place of 1",
    atEnd(one, end.count, 0, 2),
    "must end at byte 51",
  ],
  [
    "a directory of 4 GB",
    atEnd(one, end.size, 2 ** 32 - 1, 4),
    "at most 100000000",
  ],
  [
    "a directory beyond the file",
    atEnd(one, end.offset, 2 ** 31, 4),
    "must end at byte",
  ],
  ["another signature", atEntry(one, 0, 0, 4), "an entry must begin at byte 0"],
  [
    "a name beyond the directory",
    atEntry(one, entry.nameLength, 60_000, 2),
    "must end in it",
  ],
  [
    "a name that is not .npy",
    atEntry(one, entry.name + 1, 0x2d, 1),
    "must end in .npy",
  ],
  ["a name that is no UTF-8", atEntry(one, entry.name, 0xff, 1), "UTF-8"],
  ["a name twice", renamed(two), "come once"],
  ["encryption", atEntry(one, entry.flags, 1, 2), '"encrypted"'],
  [
    "another method",
    atEntry(one, entry.method, 12, 2),
    "method 0 or 8, got 12",
  ],
  [
    "a checksum that does not hold",
    atEntry(one, entry.crc, 7, 4),
    "checksum must be 7",
  ],
  [
    "stored bytes that are fewer",
    atEntry(two, entry.size, 139, 4),
    "must have 140 bytes, of 140",
  ],
  [
    "a terabyte in 90 bytes",
    atEntry(one, entry.size, 2 ** 32 - 2, 4),
    "at most",
  ],
  [
    "a bomb that says it is small",
    atEntry(bomb, entry.size, 1000, 4),
    'must inflate to 1000 bytes, got "more"',
  ],
  [
    "fewer bytes than it says",
    atEntry(one, entry.size, 5000, 4),
    "12 bytes must follow, the 3 elements of float32, got 4872: 4,860 bytes too many",
  ],
  [
    "an entry beyond the directory",
    atEntry(one, entry.offset, 2 ** 31, 4),
    "before what follows it",
  ],
  [
    "an entry that is larger than its place",
    atEntry(one, entry.packed, 5000, 4),
    "before what follows it",
  ],
  ["entries in one place", shared(two), "before what follows it"],
  [
    "another name in its local header",
    patched(one, 30, 0x62, 1),
    "its local header at byte 0 must have its name",
  ],
  [
    "no local header",
    patched(one, 0, 0, 4),
    "a local header must begin at byte 0",
  ],
  [
    "64 bits that are not there",
    atEntry(one, entry.size, 2 ** 32 - 1, 4),
    "sizes in 64 bits",
  ],
  ["bytes that are not deflated", patched(one, 35, 0xff, 1), "deflated ones"],
];

for (const [what, file, message] of hostile) {
  Deno.test(`refuses an npz file with ${what}`, async () => {
    await assertRejects(() => decodeNpz(file), SyntaxError, message);
    await assertRejects(async () => {
      const { tensors, read } = await openNpz(bytesSource(file));
      for (const name of Object.keys(tensors)) await read(name);
    }, SyntaxError);
  });
}

Deno.test("every cut of an npz file is refused", async () => {
  for (let length = 0; length < two.length; length++) {
    await assertRejects(() => decodeNpz(two.subarray(0, length)), SyntaxError);
  }
});

Deno.test("a comment at the end is skipped", async () => {
  const file = new Uint8Array([...one, 0x68, 0x69]);
  assertEquals(
    Object.keys(await decodeNpz(atEnd(file, end.comment, 2, 2, 2))),
    ["a"],
  );
});

Deno.test("sizes in 64 bits are read", async () => {
  const { a } = await decodeNpz(widened(one));
  assertEquals(a.toArray(), [1, 2, 3]);
  const locator = widened(one).length - 22 - 20;
  const far = patched(widened(one), locator + 8 + 5, 1, 1);
  await assertRejects(() => decodeNpz(far), SyntaxError, "must follow byte");
  const moved = patched(widened(one), locator - 56 + 48 + 5, 1, 1);
  await assertRejects(() => decodeNpz(moved), SyntaxError, "must end at byte");
  const other = patched(widened(one), locator - 56, 0, 1);
  await assertRejects(() => decodeNpz(other), SyntaxError, "its 64-bit end");
});

Deno.test("inflating stops where there is more than the directory says", async () => {
  const noise = new Uint8Array(16 * 2 ** 20);
  for (let i = 0; i < noise.length; i += 2 ** 16) {
    crypto.getRandomValues(noise.subarray(i, i + 2 ** 16));
  }
  const values = noise.slice(0, 2 ** 20);
  const array = encodeNpy(new Tensor(values, [2 ** 20], "uint8"));
  const source = new CountingSource(
    await zipOf("a.npy", new Uint8Array([...array, ...noise]), array.length),
  );
  const { read } = await openNpz(source);
  source.take();
  await assertRejects(() => read("a"), SyntaxError, 'got "more"');
  const bytes = source.take().reduce((sum, [, length]) => sum + length, 0);
  assert(bytes < 4 * 2 ** 20, `${bytes}`);
});

Deno.test("an array that ends early is refused", async () => {
  const array = encodeNpy(tensor([1, 2, 3]));
  const file = await zipOf("a.npy", array.slice(0, -4), array.length);
  await assertRejects(
    () => decodeNpz(file),
    SyntaxError,
    "must inflate to 140 bytes, got 136",
  );
});

Deno.test("a directory of more than 100 MB is not read", async () => {
  const size = 200_000_000;
  const source: ByteSource = {
    size: size + 22,
    read(_, length) {
      assert(length < 100_000, `${length}`);
      const tail = new Uint8Array(length);
      tail.set(endOf(one), length - 22);
      return atEnd(atEnd(tail, end.size, size, 4), end.offset, 0, 4);
    },
  };
  await assertRejects(() => openNpz(source), SyntaxError, "at most 100000000");
});

Deno.test("a failing source's error comes through", async () => {
  const source = bytesSource(one);
  let failing = false;
  const { read } = await openNpz({
    size: source.size,
    read(offset, length) {
      if (failing && offset > 0) throw new RangeError("gone");
      return source.read(offset, length);
    },
  });
  failing = true;
  await assertRejects(() => read("a"), RangeError, "gone");
  await assertRejects(() => read("a", { end: 1 }), RangeError, "gone");
  failing = false;
  assertEquals((await read("a", { end: 1 })).toArray(), [1]);
});

/** A zip file of one deflated entry, which says that it is smaller. */
async function zipOf(
  name: string,
  bytes: Uint8Array<ArrayBuffer>,
  size: number,
): Promise<Uint8Array> {
  const stream = new Blob([bytes]).stream()
    .pipeThrough(new CompressionStream("deflate-raw"));
  const packed = new Uint8Array(await new Response(stream).arrayBuffer());
  const fields = numberBytes([
    [20, 2],
    [0, 2],
    [8, 2],
    [0, 4],
    [0, 4],
    [packed.length, 4],
    [size, 4],
    [name.length, 2],
    [0, 2],
  ]);
  const text = new TextEncoder().encode(name);
  const local = [...numberBytes([[0x04034b50, 4]]), ...fields, ...text];
  const entry = [
    ...numberBytes([[0x02014b50, 4], [20, 2]]),
    ...fields,
    ...new Uint8Array(14),
    ...text,
  ];
  const end = numberBytes([
    [0x06054b50, 4],
    [0, 4],
    [1, 2],
    [1, 2],
    [entry.length, 4],
    [local.length + packed.length, 4],
    [0, 2],
  ]);
  return new Uint8Array(
    await new Blob([
      new Uint8Array(local),
      packed,
      new Uint8Array(entry),
      new Uint8Array(end),
    ]).arrayBuffer(),
  );
}

function patched(
  file: Uint8Array,
  at: number,
  number: number,
  size: number,
): Uint8Array {
  const bytes = new Uint8Array(file);
  for (let i = 0; i < size; i++) bytes[at + i] = number / 256 ** i % 256;
  return bytes;
}

function endOf(file: Uint8Array): Uint8Array {
  return file.subarray(-22);
}

function atEnd(
  file: Uint8Array,
  at: number,
  number: number,
  size: number,
  comment = 0,
): Uint8Array {
  return patched(file, file.length - 22 - comment + at, number, size);
}

function directoryOf(file: Uint8Array): number {
  return new DataView(file.buffer).getUint32(file.length - 22 + 16, true);
}

function atEntry(
  file: Uint8Array,
  at: number,
  number: number,
  size: number,
): Uint8Array {
  return patched(file, directoryOf(file) + at, number, size);
}

/** The second entry, of the same length, takes the name of the first. */
function renamed(file: Uint8Array): Uint8Array {
  return atEntry(file, 51 + entry.name, 0x61, 1);
}

/** The second entry is where the first is. */
function shared(file: Uint8Array): Uint8Array {
  return atEntry(file, 51 + entry.offset, 0, 4);
}

/** The same file, its sizes and places in the fields of 64 bits. */
function widened(file: Uint8Array): Uint8Array {
  const start = directoryOf(file);
  const view = new DataView(file.buffer, start);
  const large = (number: number) => {
    const bytes = new DataView(new ArrayBuffer(8));
    bytes.setBigUint64(0, BigInt(number), true);
    return new Uint8Array(bytes.buffer);
  };
  const old = new Uint8Array(file.subarray(start, start + 51));
  old.fill(0xff, entry.packed, entry.packed + 8);
  old.fill(0xff, entry.offset, entry.offset + 4);
  old.set([28], 30);
  const size = view.getUint32(entry.size, true);
  const packed = view.getUint32(entry.packed, true);
  const wide = [1, 0, 24, 0, ...large(size), ...large(packed), ...large(0)];
  const directory = [...old, ...wide];
  const count = [...large(1), ...large(1)];
  const place = [...large(directory.length), ...large(start)];
  const wideEnd = [0x50, 0x4b, 6, 6, ...large(44), 45, 0, 45, 0];
  const locator = [0x50, 0x4b, 6, 7, 0, 0, 0, 0];
  return Uint8Array.from([
    ...file.subarray(0, start),
    ...directory,
    ...wideEnd,
    ...new Uint8Array(8),
    ...count,
    ...place,
    ...locator,
    ...large(start + directory.length),
    1,
    0,
    0,
    0,
    0x50,
    0x4b,
    5,
    6,
    ...new Uint8Array(4).fill(0xff),
    ...new Uint8Array(12).fill(0xff),
    0,
    0,
  ]);
}
