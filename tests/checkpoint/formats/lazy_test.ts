import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  bytesSource,
  encodeNpy,
  encodeNpz,
  encodeSafetensors,
  openNpy,
  openNpz,
  openSafetensors,
  openShards,
  openTfjs,
} from "../../../lib/checkpoint/mod.ts";
import { empty, tensor } from "../../../mod.ts";
import { zeros } from "./files.ts";
import { CountingSource } from "./counting_source.ts";

const file = encodeSafetensors({
  wide: tensor([[1, 2], [3, 4]], { dtype: "float64" }),
  large: empty([100_000]),
  half: tensor([1, 2, 3], { dtype: "float16" }),
  four: zeros("float4_e2m1fn", [4]),
});
const headerBytes = Number(new DataView(file.buffer).getBigUint64(0, true));
const start = 8 + headerBytes;

Deno.test("opening reads the header, and a tensor its own bytes alone", async () => {
  const source = new CountingSource(file);
  const { tensors, read } = await openSafetensors(source);
  assertEquals(source.take(), [[0, 8], [8, headerBytes]]);
  assertEquals(
    Object.entries(tensors).map(([name, { dtype, shape, bytes }]) =>
      [name, dtype, shape, bytes] as unknown
    ),
    [
      ["wide", "float64", [2, 2], 32],
      ["large", "float32", [100_000], 400_000],
      ["half", "float16", [3], 6],
      ["four", "float4_e2m1fn", [4], 2],
    ],
  );
  assertEquals(source.take(), []);
  assertEquals((await read("half")).toArray(), [1, 2, 3]);
  assertEquals(source.take(), [[start + 400_032, 6]]);
  assertEquals((await read("wide")).toArray(), [[1, 2], [3, 4]]);
  assertEquals(source.take(), [[start, 32]]);
});

Deno.test("a range of elements reads its own bytes alone", async () => {
  const source = new CountingSource(file);
  const { read } = await openSafetensors(source);
  source.take();
  const middle = await read("wide", { start: 1, end: 3 });
  assertEquals(middle.toArray(), [2, 3]);
  assertEquals(source.take(), [[start + 8, 16]]);
  assertEquals((await read("half", { start: 2 })).toArray(), [3]);
  assertEquals((await read("half", { end: 1 })).toArray(), [1]);
  assertEquals((await read("half", { start: 3 })).toArray(), []);
  assertEquals((await read("four", { start: 2 })).shape, [2]);
});

Deno.test("a source may give bytes that begin anywhere in a buffer", async () => {
  for (const shift of [1, 2, 4]) {
    const { read } = await openSafetensors({
      size: file.length,
      read(offset, length) {
        const bytes = new Uint8Array(length + shift);
        bytes.set(file.subarray(offset, offset + length), shift);
        return bytes.subarray(shift);
      },
    });
    assertEquals((await read("wide")).toArray(), [[1, 2], [3, 4]]);
  }
});

Deno.test("names and ranges that are not there are refused", async () => {
  const { read } = await openSafetensors(new CountingSource(file));
  await assertRejects(
    () => read("none"),
    RangeError,
    '4 tensors, got "none"',
  );
  await assertRejects(() => read("constructor"), RangeError, "constructor");
  await assertRejects(() => read("half", { end: 4 }), RangeError, "0 to 4");
  await assertRejects(() => read("half", { start: -1 }), RangeError, "start");
  await assertRejects(
    () => read("half", { start: 2, end: 1 }),
    RangeError,
    "end",
  );
  await assertRejects(
    () => read("four", { start: 1 }),
    RangeError,
    "whole bytes",
  );
  await assertRejects(
    () => read("half", { from: 1 } as never),
    TypeError,
    "from",
  );
});

Deno.test("a tensor of 2 GB in a file of 30 GB is read by parts", async () => {
  const header = new TextEncoder().encode(JSON.stringify({
    a: { dtype: "BF16", shape: [14e9], data_offsets: [0, 28e9] },
    b: { dtype: "BF16", shape: [1e9], data_offsets: [28e9, 30e9] },
  }));
  const prefix = new Uint8Array(8);
  new DataView(prefix.buffer).setBigUint64(0, BigInt(header.length), true);
  const reads: number[][] = [];
  const { read } = await openSafetensors({
    size: 8 + header.length + 30e9,
    read(offset, length) {
      if (offset === 0) return prefix;
      if (offset === 8) return header;
      reads.push([offset - 8 - header.length, length]);
      return new Uint8Array(length).fill(1);
    },
  });
  const part = await read("b", { start: 999_999_998 });
  assertEquals(part.data, new Uint16Array([257, 257]));
  assertEquals(reads, [[28e9 + 1_999_999_996, 4]]);
});

Deno.test("shards: the index and the headers, and then one file for a tensor", async () => {
  const sources = new Map(
    Object.entries({
      "model.safetensors.index.json": new TextEncoder().encode(JSON.stringify({
        metadata: { total_size: 24, format: "pt" },
        weight_map: {
          z: "1.safetensors",
          a: "2.safetensors",
          b: "1.safetensors",
        },
      })),
      "1.safetensors": encodeSafetensors({ b: tensor([1, 2]), z: tensor([3]) }),
      "2.safetensors": encodeSafetensors({ a: tensor([4, 5, 6]) }),
    }).map(([name, bytes]) => [name, new CountingSource(bytes)]),
  );
  const opened: string[] = [];
  const model = await openShards((name) => {
    opened.push(name);
    return sources.get(name)!;
  });
  assertEquals(opened, [...sources.keys()]);
  for (const source of sources.values()) source.take();
  assertEquals(Object.keys(model.tensors), ["z", "a", "b"]);
  assertEquals(model.metadata, { total_size: "24", format: "pt" });
  assertEquals((await model.read("a")).toArray(), [4, 5, 6]);
  assertEquals((await model.read("b", { start: 1 })).toArray(), [2]);
  assertEquals(sources.get("1.safetensors")!.take().map(([, n]) => n), [4]);
  assertEquals(sources.get("2.safetensors")!.take().map(([, n]) => n), [12]);
  await assertRejects(() => model.read("c"), RangeError, '"c"');
});

Deno.test("a hostile index is refused", async () => {
  const files: Record<string, Uint8Array> = {
    "1.safetensors": encodeSafetensors({ a: tensor([1]) }),
  };
  const open = (index: unknown) =>
    openShards((name) =>
      new CountingSource(
        files[name] ?? new TextEncoder().encode(
          typeof index === "string" ? index : JSON.stringify(index),
        ),
      )
    );
  const refusals: [unknown, string][] = [
    ["", "the end"],
    [[], "its index must be an object"],
    [{}, "must have weight_map, got none"],
    [{ weight_map: { a: 1 } }, 'the file of tensor "a" must be a string'],
    [{ weight_map: { a: "../1.safetensors" } }, "without a folder"],
    [{ weight_map: { a: "/1.safetensors" } }, "without a folder"],
    [{ weight_map: { a: "x\\1.safetensors" } }, "without a folder"],
    [{ weight_map: { a: ".." } }, "without a folder"],
    [{ weight_map: { a: "c:1" } }, "without a folder"],
    [{ weight_map: { a: "" } }, "without a folder"],
    [{ weight_map: {}, metadata: 1 }, "metadata must be an object"],
    [{ weight_map: { b: "1.safetensors" } }, 'must have tensor "b"'],
    ['{"weight_map":{"a":"1","a":"2"}}', "a name must come once"],
  ];
  for (const [index, message] of refusals) {
    await assertRejects(() => open(index), SyntaxError, message);
  }
});

Deno.test("npz: the directory and the headers, and then one array", async () => {
  const arrays = { a: empty([100_000]), b: tensor([1, 2, 3]) };
  const source = new CountingSource(await encodeNpz(arrays));
  const { tensors, read } = await openNpz(source);
  const opening = source.take();
  const bytes = opening.reduce((sum, [, length]) => sum + length, 0);
  // The end of the file is sought in its last 64 kB.
  assertEquals(bytes < 66_000 + 500, true, `${bytes}`);
  assertEquals(tensors.a.shape, [100_000]);
  assertEquals((await read("b")).toArray(), [1, 2, 3]);
  assertEquals((await read("b", { start: 2 })).toArray(), [3]);
  for (const [, length] of source.take()) assertEquals(length < 200, true);
});

Deno.test("npy: the header, and then a part's own bytes alone", async () => {
  const source = new CountingSource(encodeNpy(tensor([1, 2, 3])));
  const { tensors, read } = await openNpy(source);
  assertEquals(source.take(), [[0, 12], [0, 128]]);
  assertEquals(tensors, {
    arr_0: { dtype: "float32", shape: [3], bytes: 12 },
  });
  const part = await read("arr_0", { start: 1, end: 2 });
  assertEquals(part.toArray(), [2]);
  assertEquals(source.take(), [[132, 4]]);
});

Deno.test("tfjs: the manifest, and then a weight across files", async () => {
  const weights = [
    { name: "a", shape: [2], dtype: "int32" },
    { name: "b", shape: [2, 2], dtype: "float32" },
  ];
  const bytes = new Uint8Array(
    new Float32Array([0, 0, 1, 2, 3, 4]).buffer,
  );
  const sources = new Map(
    Object.entries({
      "model.json": new TextEncoder().encode(JSON.stringify({
        weightsManifest: [{
          paths: ["w/1.bin", "w/2.bin", "w/3.bin"],
          weights,
        }],
      })),
      "w/1.bin": bytes.slice(0, 10),
      "w/2.bin": bytes.slice(10, 13),
      "w/3.bin": bytes.slice(13),
    }).map(([name, part]) => [name, new CountingSource(part)]),
  );
  const { tensors, read } = await openTfjs((name) => sources.get(name)!);
  assertEquals(tensors.b.shape, [2, 2]);
  for (const source of sources.values()) source.take();
  assertEquals((await read("b")).toArray(), [[1, 2], [3, 4]]);
  assertEquals(
    [...sources.values()].map((source) => source.take()),
    [[], [[8, 2]], [[0, 3]], [[0, 11]]],
  );
});

Deno.test("what opens no files, and no bytes, are refused by name", async () => {
  for (const open of [undefined, null, "model.json"]) {
    for (const opened of [openTfjs, openShards]) {
      await assertRejects(
        () => opened(open as never),
        TypeError,
        "open must be a function, got ",
      );
    }
  }
  assertThrows(
    () => bytesSource(null as never),
    TypeError,
    "Cannot read bytes in memory: it must be a Uint8Array, got null",
  );
});

Deno.test("an error names the tensor, or the shard, and keeps the reason", async () => {
  const file = encodeSafetensors({ a: tensor([1, 2]), b: tensor([3, 4]) });
  const source = {
    size: file.length,
    read(offset: number, length: number) {
      if (offset + length > file.length - 8 && offset > 8) {
        throw new RangeError("the line went dead");
      }
      return file.slice(offset, offset + length);
    },
  };
  const { read } = await openSafetensors(source);
  await read("a");
  await assertRejects(
    () => read("b"),
    RangeError,
    'read tensor "b" of a safetensors file: the line went dead',
  );
  const map = { a: "1.safetensors", b: "2.safetensors" };
  const index = new TextEncoder().encode(JSON.stringify({ weight_map: map }));
  const files: Readonly<Record<string, Uint8Array>> = {
    "model.safetensors.index.json": index,
    "1.safetensors": file,
    "2.safetensors": file.subarray(0, -3),
  };
  await assertRejects(
    () => openShards((name) => bytesSource(files[name])),
    SyntaxError,
    'Cannot open shard "2.safetensors": the data after its header must have the 16 bytes of its tensors, got 13',
  );
});

class Http extends Error {
  constructor(readonly status: number, readonly url: { readonly href: string }) {
    super(`${status} of ${url.href}`);
  }
}

Deno.test("a source's error of any class keeps its reason, code and abort", async () => {
  const whole = bytesSource(encodeSafetensors({ a: tensor([1, 2]) }));
  const errorOf = async (thrown: unknown) => {
    let fails = false;
    const { read } = await openSafetensors({
      size: whole.size,
      read(offset, length) {
        if (fails) throw thrown;
        return whole.read(offset, length);
      },
    });
    fails = true;
    return await read("a").then(() => null, (error) => error);
  };
  const http = new Http(404, { href: "a.b" });
  const told = await errorOf(http);
  assertEquals(
    told.message,
    'Cannot read tensor "a" of a safetensors file: 404 of a.b',
  );
  assertEquals(told.cause, http);
  const aborted = new DOMException("no more", "AbortError");
  assertEquals(await errorOf(aborted), aborted);
  const failed = Object.assign(new Error("the disk"), { code: "EIO" });
  assertEquals((await errorOf(failed)).code, "EIO");
  assertEquals(await errorOf("text"), "text");
});
