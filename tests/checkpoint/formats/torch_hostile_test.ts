import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  type ByteSource,
  bytesSource,
  openTorch,
} from "../../../lib/checkpoint/mod.ts";
import { numberBytes } from "../../../lib/checkpoint/formats/zip.ts";
import { bytesOf } from "../../golden/golden.ts";
import {
  bytesIn,
  call,
  dict,
  named,
  six,
  storage,
  tensor,
  text,
  torchStream,
  torchZip,
  tuple,
  zipFile,
} from "./torch_files.ts";

const open = (file: Uint8Array, maxBytes?: number) =>
  openTorch(bytesSource(file), maxBytes === undefined ? {} : { maxBytes });

const good = dict({ w: tensor() });
const entry = { name: "a/data.pkl", bytes: bytesIn(good) };

Deno.test("the files made here are read where nothing is wrong", async () => {
  for (const file of [torchZip(good), torchStream(good)]) {
    const { read } = await open(file);
    assertEquals((await read("w")).toArray(), [0, 1, 2, 3, 4, 5]);
  }
});

const refusedTensors: [what: string, tensor: string, rule: string][] = [
  [
    "an offset beyond",
    tensor({ offset: 1 }),
    'tensor "w" must end in the 24 bytes of its storage, got 28',
  ],
  [
    "a stride beyond",
    tensor({ shape: [2, 3], strides: [4, 1] }),
    "must end in the 24 bytes",
  ],
  ["a shape beyond", tensor({ shape: [7] }), "must end in the 24 bytes"],
  [
    "a negative offset",
    tensor({ offset: -1 }),
    "a tensor's offset must be a whole number",
  ],
  [
    "a negative size",
    tensor({ shape: [-6] }),
    "a tensor's shape must be a whole number",
  ],
  [
    "a negative stride",
    tensor({ strides: [-1] }),
    "a tensor's strides must be a whole number",
  ],
  ["a size of 2^60", tensor({ shape: [2n ** 60n] }), "a whole number"],
  [
    "a product of 2^60",
    tensor({ shape: [2 ** 30, 2 ** 30], strides: [0, 0] }),
    "fewer than 2^53 bytes",
  ],
  [
    "bytes of 2^53",
    tensor({ shape: [2 ** 51], strides: [0] }),
    "fewer than 2^53 bytes",
  ],
  [
    "a last element of 2^54",
    tensor({ shape: [5], strides: [2 ** 52] }),
    "fewer than 2^53 bytes",
  ],
  [
    "fewer strides than axes",
    tensor({ shape: [2, 3] }),
    "as many strides as axes, 2, got 1",
  ],
  [
    "65 axes",
    tensor({ shape: Array(65).fill(1), strides: Array(65).fill(1) }),
    "at most 64 axes, got 65",
  ],
  [
    "a longer storage",
    tensor({ length: 7 }),
    "must have 28 bytes in the file, got 24",
  ],
  [
    "a wider storage",
    tensor({ of: "DoubleStorage" }),
    "must have 48 bytes in the file, got 24",
  ],
  ["another key", tensor({ key: "1" }), "must have 24 bytes in the file"],
  [
    "a storage of 2^60",
    tensor({ length: 2n ** 60n }),
    "a storage's length must be a whole number",
  ],
  [
    "a class of no storage",
    tensor({ of: "FooStorage" }),
    "a storage's class must be one of PyTorch",
  ],
  [
    "no storage",
    call("torch._utils._rebuild_tensor_v2", "N", "K\0", ")", ")"),
    'a tensor must have a storage, got "None"',
  ],
  [
    "a text for a shape",
    call("torch._utils._rebuild_tensor_v2", storage(), "K\0", text("6"), ")"),
    "must be a tuple or a list",
  ],
  [
    "no dtype",
    call(
      "torch._utils._rebuild_tensor_v3",
      storage(),
      "K\0",
      ")",
      ")",
      "\x89",
      "N",
      named("os", "system"),
    ),
    "a dtype must be one of PyTorch",
  ],
  [
    "an id of no storage",
    `${tuple(text("file"), text("x"))}Q`,
    'must be a storage, got "file"',
  ],
  ["a text as an id", `${text("storage")}Q`, "an id must be a tuple"],
  [
    "a list as a key",
    `${
      tuple(text("storage"), named("torch", "FloatStorage"), "]", "N", "K\x06")
    }Q`,
    "a storage's key must be text or a number",
  ],
  [
    "a scale of text",
    call(
      "torch._utils._rebuild_qtensor",
      storage({ of: "QInt8Storage" }),
      "K\0",
      ")",
      ")",
      tuple("N", text("a"), "K\0"),
    ),
    "scales must be numbers",
  ],
];

for (const [what, pushed, rule] of refusedTensors) {
  Deno.test(`a tensor with ${what} is refused`, async () => {
    for (
      const file of [
        torchZip(dict({ w: pushed })),
        torchStream(dict({ w: pushed })),
      ]
    ) {
      // A stream says of each storage how long it is.
      const error = await assertRejects(() => open(file), SyntaxError);
      assert(
        /^Cannot open .*: .* must .*, got ./s.test(error.message),
        error.message,
      );
      if (file[0] === 0x50) assert(error.message.includes(rule), error.message);
    }
  });
}

const refusedFiles: [what: string, file: Uint8Array, rule: string][] = [
  ["nothing", new Uint8Array(0), "stream of pickles, got an empty file"],
  ["a zip file of none", zipFile([]), "one entry data.pkl, got 0"],
  [
    "a zip file without a pickle",
    zipFile([{ name: "a/x", bytes: six }]),
    "one entry data.pkl, got 0",
  ],
  [
    "two pickles",
    torchZip(good, {}, [{ ...entry, name: "b/data.pkl" }]),
    "one entry data.pkl, got 2",
  ],
  [
    "a name twice",
    torchZip(good, {}, [entry]),
    "the name of an entry must come once",
  ],
  [
    "another local name",
    torchZip(good, {}, [{
      name: "a/byteorder",
      localName: "a/byteordes",
      bytes: bytesIn("little"),
    }]),
    "must have its name",
  ],
  [
    "an encrypted pickle",
    zipFile([{ ...entry, flags: 1 }]),
    "must be stored or deflated",
  ],
  [
    "a middle-endian order",
    torchZip(good, { 0: six }, [{
      name: "a/byteorder",
      bytes: bytesIn("middle"),
    }]),
    'little or big, got "middle"',
  ],
  [
    "a long order",
    torchZip(good, { 0: six }, [{
      name: "a/byteorder",
      bytes: new Uint8Array(513),
    }]),
    "must have at most 512 bytes",
  ],
  ["a cut pickle", torchZip(good.slice(0, -1)), "1 bytes must follow, got 0"],
  ["another magic number", bytesIn("\x80\x02K\x01."), "PyTorch's magic number"],
  [
    "another version",
    bytesIn("\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19.M\xe8\x03."),
    "its version must be 1001, got 1000",
  ],
  [
    "a tar file",
    tar(),
    "got a tar archive; unpack it first, unless it is of PyTorch 0.1",
  ],
  [
    "text",
    bytesIn("<!doctype html>"),
    "stream of pickles, got a web page; download the file itself",
  ],
  [
    "another operation",
    bytesIn("\x80\x02\xff"),
    "an operation of protocols 0 to 5",
  ],
  [
    "a stream of other storages",
    torchStream(good, { 1: six }),
    'each storage must be one of a tensor, got "1"',
  ],
  [
    "a stream of shorter storages",
    torchStream(good, { 0: six.slice(4) }),
    "must have 6 elements, got 5",
  ],
  [
    "an id in a stream's first pickle",
    bytesIn("\x80\x02K\x01Q."),
    "must have nothing outside of it",
  ],
  [
    "depth 101",
    torchZip(`${"]".repeat(102)}${"a".repeat(101)}.`),
    "at most 100 deep",
  ],
];

for (const [what, file, rule] of refusedFiles) {
  Deno.test(`a file with ${what} is refused`, async () => {
    const error = await assertRejects(() => open(file), SyntaxError);
    assert(/^Cannot .*: .* must .*, got ./s.test(error.message), error.message);
    assert(error.message.includes(rule), error.message);
  });
}

Deno.test("a storage that ends early in the file is refused", async () => {
  for (let length = torchStream(good).length - 1; length > 300; length--) {
    await assertRejects(
      () => open(torchStream(good).slice(0, length)),
      SyntaxError,
      "must",
    );
  }
});

Deno.test("nothing is run, and what would be is noted", async () => {
  const { metadata, notes, tensors } = await open(torchZip(dict({
    a: call("os.system", text("rm -rf /")),
    b: named("builtins", "eval"),
    c: `${call("mine.Record", tensor())}}${text("w")}${tensor()}sb`,
    d: `${call("mine.Record")}${text("key")}${tensor()}s${tensor()}a`,
    constructor: call("mine.constructor", "N"),
  })));
  assertEquals(metadata, {
    "a.0": "rm -rf /",
    b: "builtins.eval",
    "constructor.0": "None",
  });
  assertEquals(notes, [
    "holds os.system: never run",
    "holds builtins.eval: never run",
    "holds mine.Record: never run",
    "holds mine.constructor: never run",
  ]);
  assertEquals(Object.keys(tensors), ["c.0", "c.w", "d.key", "d.0"]);
});

Deno.test("names in a note cannot write to a terminal, and are few", async () => {
  const names = Array.from(
    { length: 150 },
    (_, i) => named("m", `\x1b[2J${i}`),
  );
  const { notes } = await open(torchZip(`(${names.join("")}l.`));
  assertEquals(notes!.length, 101);
  assertEquals(notes![100], "holds 50 other classes and functions: never run");
  assertEquals(notes![0], 'holds "m.\\u001b[2J0": never run');
});

Deno.test("pickles beside the main one are noted", async () => {
  const { notes } = await open(torchZip(good, { 0: six }, [
    { name: "a/extra/hidden.pkl", bytes: bytesIn("cos\nsystem\n.") },
  ]));
  assertEquals(notes, ["holds another pickle, a/extra/hidden.pkl: not read"]);
});

Deno.test("tensors of version 0, from their state", async () => {
  const parts = [storage(), "K\x01", tuple("K\x02"), tuple("K\x02")];
  const { read } = await open(torchZip(dict({
    old: `${named("torch", "FloatTensor")})\x81q\x30${tuple(...parts)}b`,
    again: "h\x30",
    parameter: `${named("torch.nn.parameter", "Parameter")})\x81${
      tuple("h\x30", "\x88")
    }b`,
    plain: call("torch._utils._rebuild_tensor", ...parts),
  })));
  for (const name of ["old", "again", "parameter", "plain"]) {
    assertEquals((await read(name)).toArray(), [1, 3], name);
  }
});

Deno.test("a view of a storage in a stream is that part of it", async () => {
  const view = tuple(text("v"), "K\x02", "K\x03");
  const { read } = await open(torchStream(dict({
    v: tensor({ view, shape: [3] }),
    w: tensor(),
    again: tensor({
      view: tuple(text("v"), "K\x02", "K\x03"),
      shape: [2],
      offset: 1,
    }),
  })));
  assertEquals((await read("v")).toArray(), [2, 3, 4]);
  assertEquals((await read("again")).toArray(), [3, 4]);
  assertEquals((await read("w")).toArray(), [0, 1, 2, 3, 4, 5]);
  for (const [offset, length] of ["\x04\x03", "\x07\x01"]) {
    const wrong = tuple(text("v"), `K${offset}`, `K${length}`);
    await assertRejects(
      () => open(torchStream(dict({ v: tensor({ view: wrong, shape: [1] }) }))),
      SyntaxError,
      "of a storage must follow byte",
    );
  }
  await assertRejects(
    () => open(torchStream(dict({ v: tensor({ view, shape: [4] }) }))),
    SyntaxError,
    "must end in the 12 bytes",
  );
});

Deno.test("a storage is what its first mention says", async () => {
  const { tensors } = await open(torchZip(
    dict({
      a: tensor({ of: "HalfStorage", shape: [2] }),
      b: tensor({ of: "FloatStorage", shape: [6] }),
      c: tensor({ key: "1", of: "_UntypedStorage", length: 24, shape: [24] }),
    }),
    { 0: six, 1: six },
  ));
  assertEquals(Object.values(tensors).map(({ dtype }) => dtype), [
    "float16",
    "float16",
    "uint8",
  ]);
});

Deno.test("a tensor that repeats its storage is read up to maxBytes", async () => {
  const wide = tensor({ shape: [10 ** 6, 10 ** 6], strides: [0, 0] });
  const { tensors, unread, read } = await open(torchZip(dict({ wide })));
  assertEquals(tensors, {});
  assertEquals(
    unread!.wide.reason,
    "it takes more than maxBytes, 2147483648, of a smaller file",
  );
  await assertRejects(() => read("wide"), TypeError, "maxBytes");
  await assertRejects(() => read("wide", { end: 1 }), TypeError, "maxBytes");
  const small = tensor({ shape: [3, 6], strides: [0, 1] });
  const allowed = await open(torchZip(dict({ small })), 72);
  assertEquals((await allowed.read("small", { start: 5, end: 8 })).toArray(), [
    5,
    0,
    1,
  ]);
  const refused = await open(torchZip(dict({ small })), 71);
  assertEquals(Object.keys(refused.unread!), ["small"]);
});

Deno.test("values that are no truth values are refused as they are read", async () => {
  const { read } = await open(torchZip(
    dict({ mask: tensor({ of: "BoolStorage", length: 2, shape: [2] }) }),
    { 0: Uint8Array.of(1, 2) },
  ));
  await assertRejects(
    () => read("mask"),
    SyntaxError,
    "truth value 1 must be 0 or 1",
  );
});

Deno.test("strange dtypes and levels are listed and not read", async () => {
  const v3 = (dtype: string, of = "UntypedStorage") =>
    call(
      "torch._utils._rebuild_tensor_v3",
      storage({ of, length: 24 }),
      "K\0",
      tuple("K\x02"),
      tuple("K\x01"),
      "\x89",
      "N",
      named("torch", dtype),
    );
  const quantized = (scale: string, axis = "") =>
    call(
      "torch._utils._rebuild_qtensor",
      storage({ key: "1", of: "QInt8Storage", length: 24 }),
      "K\0",
      tuple("K\x02"),
      tuple("K\x01"),
      tuple("N", scale, "K\0", axis),
    );
  const { tensors, unread } = await open(torchZip(
    dict({
      bits: v3("bits8"),
      made: v3("made_up"),
      pair: call(
        "torch._utils._rebuild_tensor_v3",
        storage({ of: "UntypedStorage", length: 24 }),
        "K\0",
        ")",
        ")",
        "\x89",
        "N",
        named("torch", "float4_e2m1fn_x2"),
      ),
      infinite: quantized("G\x7f\xf0\0\0\0\0\0\0"),
      short: quantized(tensor({ key: "2", length: 1, shape: [1] }), "K\0"),
      far: quantized(tensor({ key: "2", length: 1, shape: [1] }), "K\x05"),
      four: call(
        "torch._utils._rebuild_qtensor",
        storage({ key: "3", of: "QUInt4x2Storage", length: 1 }),
        "K\0",
        tuple("K\x02"),
        tuple("K\x01"),
        tuple("N", "G?\xf0\0\0\0\0\0\0", "K\0"),
      ),
      array: call("numpy.core.multiarray._reconstruct") +
        tuple(
          "K\x01",
          tuple("K\x02"),
          `${call("numpy.dtype", text("O8"))}`,
          "\x89",
          "](K\x01K\x02e",
        ) + "b",
    }),
    { 0: six, 1: six, 2: six.slice(0, 4), 3: six },
  ));
  assertEquals(tensors, {});
  assertEquals(
    Object.entries(unread!).map((
      [name, { dtype, reason }],
    ) => [name, dtype, reason]),
    [
      ["bits", "bits8", "its dtype is none here"],
      ["made", "made_up", "its dtype is none here"],
      [
        "pair",
        "float4_e2m1fn_x2",
        "its elements are pairs, and it has no axis",
      ],
      ["infinite", "qint8", "its scales do not fit its shape"],
      ["short", "qint8", "its scales do not fit its shape"],
      ["far", "qint8", "its scales do not fit its shape"],
      ["four", "quint4x2", "its dtype is none here"],
      ["array", "NumPy's O8", "the file has no bytes of it"],
    ],
  );
});

/** A tar file's first block. */
function tar(): Uint8Array {
  const block = new Uint8Array(1024);
  block.set(bytesIn("sys_info"));
  block.set(bytesIn("ustar"), 257);
  return block;
}

/** A zip file whose pickle is deflated. */
async function deflatedZip(
  pickle: Uint8Array<ArrayBuffer>,
  name = "a/data.pkl",
  more: readonly { name: string; bytes: Uint8Array }[] = [],
): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([pickle]).stream()
    .pipeThrough(new CompressionStream("deflate-raw"));
  const packed = new Uint8Array(await new Response(stream).arrayBuffer());
  const file = zipFile([...more, { name, bytes: packed }]);
  const view = new DataView(file.buffer);
  const entry = view.getUint32(file.length - 6, true);
  // The last entry of the directory: its method and its size.
  let at = entry;
  for (let left = more.length; left > 0; left--) {
    at += 46 + view.getUint16(at + 28, true);
  }
  view.setUint16(at + 10, 8, true);
  view.setUint32(at + 24, pickle.length, true);
  return file;
}

Deno.test("a pickle of 30 million None in 30 kB is refused", async () => {
  const bytes = new Uint8Array(30_000_003).fill(0x4e);
  bytes.set(bytesIn("]("));
  const file = await deflatedZip(bytes);
  assert(file.length < 40_000);
  await assertRejects(
    () => open(file),
    SyntaxError,
    "its stack must have at most",
  );
});

Deno.test("a pickle beyond 64 MB is refused before it is inflated", async () => {
  const file = await deflatedZip(new Uint8Array(2 ** 26 + 1));
  await assertRejects(
    () => open(file),
    SyntaxError,
    "must have at most 67108864 bytes",
  );
});

Deno.test("a deflated storage is read up to maxBytes", async () => {
  const bytes = new Uint8Array(4_000_000);
  bytes[7] = 9;
  const pickle = dict({
    w: tensor({ length: 1_000_000, shape: [1_000_000] }),
    head: tensor({ length: 1_000_000, shape: [2], offset: 1 }),
  });
  const file = await deflatedZip(bytes, "a/data/0", [{
    name: "a/data.pkl",
    bytes: bytesIn(pickle),
  }]);
  const { read } = await open(file);
  const head = await read("head");
  assertEquals(bytesOf(head)[3], 9);
  bytesOf(head).fill(1);
  assertEquals(bytesOf(await read("head"))[3], 9);
  assertEquals((await read("w", { start: 999_999 })).toArray(), [0]);
  const { unread } = await open(file, 3_999_999);
  assertEquals(Object.keys(unread!), ["w", "head"]);
});

Deno.test("60 dictionaries that each hold the last twice are refused", async () => {
  let pickle = "}q\0";
  for (let i = 1; i <= 60; i++) {
    const last = `h${String.fromCharCode(i - 1)}`;
    pickle += `}q${String.fromCharCode(i)}(K\x01${last}K\x02${last}u`;
  }
  await assertRejects(
    () => open(torchZip(`${pickle}.`)),
    SyntaxError,
    "characters together",
  );
});

Deno.test("a key of 60 tuples that each hold the last twice is cut", async () => {
  const wide = `)q\0${
    "(h\0h\0h\0h\0h\0h\0h\0h\0h\0h\0h\0h\0h\0h\0h\0h\0h\0tq\0".repeat(60)
  }`;
  const { metadata } = await open(torchZip(`${wide}0}h\0K\x01s.`));
  const [name] = Object.keys(metadata);
  assert(name.length < 100_000 && name.includes("…"), `${name.length}`);
  const many = `](${`}${"h\0K\x01s"}`.repeat(2000)}e`;
  await assertRejects(
    () => open(torchZip(`${wide}0${many}.`)),
    SyntaxError,
    "characters together",
  );
});

Deno.test("long texts of sets that are shown again and again are refused", async () => {
  const wide = `)q\0${`(${"h\0".repeat(16)}tq\0`.repeat(4)}`;
  const sets = `\x8f(${"h\0".repeat(16)}\x90q\x01](${"h\x01".repeat(4000)}e`;
  await assertRejects(
    () => open(torchZip(`${wide}0${sets}.`)),
    SyntaxError,
    "characters together",
  );
});

Deno.test("more than a million values are refused", async () => {
  const file = torchZip(`](${"(NNNNNNNNNNt".repeat(90_910)}e.`);
  await assertRejects(() => open(file), SyntaxError, "at most 1000000 values");
});

Deno.test("long keys that are used again and again are refused", async () => {
  const pickle = `X\0\0\x10\0${"k".repeat(2 ** 20)}q\0](${
    "}h\0Ns".repeat(100)
  }e.`;
  await assertRejects(
    () => open(torchZip(pickle)),
    SyntaxError,
    "characters together",
  );
});

Deno.test("equal names are numbered in no time", async () => {
  const pairs = Array.from(
    { length: 20_000 },
    () => `${tuple(text("a"))}h\x01`,
  );
  const pickle = `${tensor()}q\x010}(${pairs.join("")}u.`;
  const { tensors } = await open(torchZip(pickle));
  const names = Object.keys(tensors);
  assertEquals([names[1], names.at(-1)], ["('a',)~2", "('a',)~20000"]);
});

Deno.test("a subclass within a subclass stays a record", async () => {
  const inner = call(
    "torch._tensor._rebuild_from_type_v2",
    named("torch._tensor", "_rebuild_from_type_v2"),
    "N",
    ")",
    "N",
  );
  const { tensors } = await open(torchZip(dict({
    x: inner,
    y: call(
      "torch._tensor._rebuild_from_type_v2",
      named("torch._utils", "_rebuild_parameter"),
      "N",
      tuple(tensor()),
      "N",
    ),
  })));
  assertEquals(Object.keys(tensors), ["y"]);
});

Deno.test("subclasses within one another to any depth do not fill the stack", async () => {
  const name = "ctorch._tensor\n_rebuild_from_type_v2\n";
  const nested = `)q\0${`(${name}Nh\0Ntq\0`.repeat(50_000)}`;
  await assertRejects(
    () => open(torchZip(`${nested}0${name}h\0R.`)),
    SyntaxError,
    "at most 100 deep",
  );
});

Deno.test("scales of a quantized tensor are not quantized themselves", async () => {
  const quantized = (scale: string) =>
    call(
      "torch._utils._rebuild_qtensor",
      storage({ of: "QInt8Storage", length: 24 }),
      "K\0",
      tuple("K\x02"),
      tuple("K\x01"),
      tuple("N", scale, "K\0", "K\0"),
    );
  const once = quantized("G?\xf0\0\0\0\0\0\0");
  const { tensors } = await open(torchZip(dict({ once })));
  assertEquals(tensors.once.quantization, { dtype: "int8", scale: 1, min: 0 });
  await assertRejects(
    () => open(torchZip(dict({ twice: quantized(once) }))),
    SyntaxError,
    "a quantizer's scales must be numbers",
  );
});

Deno.test("the order of a file's bytes is not that of an array in its pickle", async () => {
  const array = call(
    "numpy.core.numeric._frombuffer",
    "C\x04\0\0\x80?",
    call("numpy.dtype", text("f4")),
    tuple("K\x01"),
    text("C"),
  );
  const { read } = await open(
    torchZip(dict({ array, w: tensor({ length: 1, shape: [1] }) }), {
      0: bytesIn("?\x80\0\0"),
    }, [{ name: "a/byteorder", bytes: bytesIn("big") }]),
  );
  assertEquals((await read("array")).toArray(), [1]);
  assertEquals((await read("w")).toArray(), [1]);
});

Deno.test("a zip64 file of 8.6 GB opens with less than 100 kB read", async () => {
  const numbers = 2 ** 30 + 5;
  const pickle = bytesIn(dict({
    a: tensor({ length: numbers, shape: [numbers] }),
    b: tensor({
      key: "1",
      length: numbers,
      shape: [5, numbers / 5 | 0],
      strides: [1, 5],
    }),
  }));
  const source = new SparseZip([
    ["a/data.pkl", pickle.length, pickle],
    ["a/data/0", 4 * numbers, undefined],
    ["a/data/1", 4 * numbers, undefined],
  ]);
  assert(source.size > 8.58e9);
  const { tensors, read } = await openTorch(source);
  assertEquals(tensors.a.shape, [numbers]);
  assertEquals((await read("a", { start: numbers - 2 })).toArray(), [0, 0]);
  assert(source.count < 100_000, `${source.count}`);
  const column = await read("b", { start: 3, end: 7 });
  assertEquals(column.shape, [4]);
  assert(source.count < 200_000, `${source.count}`);
});

/** A zip file in 64 bits, whose large entries are zeros that take no memory. */
class SparseZip implements ByteSource {
  readonly size: number;
  /** How many bytes were read. */
  count = 0;
  readonly #parts: [offset: number, bytes: Uint8Array][] = [];

  constructor(entries: readonly [string, number, Uint8Array | undefined][]) {
    const wide = 2 ** 32 - 1;
    const directory: Uint8Array[] = [];
    let offset = 0;
    for (const [name, size, bytes] of entries) {
      const fields = numberBytes([
        [45, 2],
        [0x808, 2],
        [0, 2],
        [0, 4],
        [0, 4],
        [wide, 4],
        [wide, 4],
        [name.length, 2],
      ]);
      const local = [
        numberBytes([[0x04034b50, 4]]),
        fields,
        numberBytes([[0, 2]]),
        bytesIn(name),
      ];
      directory.push(
        numberBytes([[0x02014b50, 4], [45, 2]]),
        fields,
        numberBytes([[28, 2], [0, 2], [0, 2], [0, 2], [0, 4], [wide, 4]]),
        bytesIn(name),
        numberBytes([[1, 2], [24, 2], [size, 8], [size, 8], [offset, 8]]),
      );
      for (const part of [...local, ...bytes ? [bytes] : []]) {
        this.#parts.push([offset, part]);
        offset += part.length;
      }
      if (bytes === undefined) offset += size;
    }
    const size = directory.reduce((sum, { length }) => sum + length, 0);
    const end = [
      numberBytes([
        [0x06064b50, 4],
        [44, 8],
        [45, 2],
        [45, 2],
        [0, 4],
        [0, 4],
        [3, 8],
        [3, 8],
        [size, 8],
        [offset, 8],
      ]),
      numberBytes([[0x07064b50, 4], [0, 4], [offset + size, 8], [1, 4]]),
      numberBytes([
        [0x06054b50, 4],
        [0, 4],
        [wide % 65536, 2],
        [wide % 65536, 2],
        [wide, 4],
        [wide, 4],
        [0, 2],
      ]),
    ];
    for (const part of [...directory, ...end]) {
      this.#parts.push([offset, part]);
      offset += part.length;
    }
    this.size = offset;
  }

  read(offset: number, length: number): Uint8Array {
    this.count += length;
    const bytes = new Uint8Array(length);
    for (const [at, part] of this.#parts) {
      const from = Math.max(at, offset);
      const to = Math.min(at + part.length, offset + length);
      if (from < to) {
        bytes.set(part.subarray(from - at, to - at), from - offset);
      }
    }
    return bytes;
  }
}
