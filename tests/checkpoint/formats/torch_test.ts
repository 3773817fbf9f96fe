import { assertEquals, assertRejects } from "@std/assert";
import {
  bytesSource,
  inspect,
  openShards,
  openTorch,
} from "../../../lib/checkpoint/mod.ts";
import { isTorch } from "../../../lib/checkpoint/formats/starts.ts";
import { Generator, nn } from "../../../mod.ts";
import { bytesOf, readGolden } from "../../golden/golden.ts";
import { CountingSource } from "./counting_source.ts";
import { checkTorchFile, fileOf, type TorchRow } from "./torch_cases.ts";

const rows = await readGolden<TorchRow>("torch_files.json");

function rowOf(name: string): TorchRow {
  return rows.find((row) => row.name === name)!;
}

for (const row of rows) {
  Deno.test(`PyTorch's ${row.name}: names, dtypes, shapes and bytes`, () =>
    checkTorchFile(row));
}

Deno.test("PyTorch's fresh layers are what is drawn here from the same seed", async () => {
  const generator = new Generator(0);
  const layers = new nn.Sequential(
    new nn.Conv2d(1, 8, 3, { generator }),
    new nn.BatchNorm2d(8),
    new nn.Linear(20, 16, { generator }),
    new nn.Embedding(12, 10, { generator }),
    new nn.LSTM(6, 4, { generator }),
  );
  const checkpoint = await openTorch(bytesSource(fileOf(rowOf("fresh"))));
  const state = layers.stateDict();
  assertEquals(Object.keys(checkpoint.tensors), Object.keys(state));
  for (const [name, tensor] of Object.entries(state)) {
    const read = await checkpoint.read(name);
    assertEquals([read.dtype, read.shape], [tensor.dtype, tensor.shape]);
    assertEquals(bytesOf(read), bytesOf(tensor), name);
  }
  const { findings } = await inspect(checkpoint);
  const fresh = findings.filter(({ kind }) => kind === "fresh")
    .map(({ tensor }) => tensor);
  const drawn = ["0.weight", "2.weight", "3.weight", "4.weight_ih_l0"];
  assertEquals(drawn.filter((name) => !fresh.includes(name)), []);
});

Deno.test("the order of a state_dict is kept", async () => {
  for (const name of ["state_dict, protocol 2", "module, protocol 4"]) {
    const row = rowOf(name);
    const { tensors } = await openTorch(bytesSource(fileOf(row)));
    assertEquals(Object.keys(tensors), row.tensors.map(({ name }) => name));
  }
});

Deno.test("what Python would look up is noted, and what is known is not", async () => {
  const notes = async (name: string) =>
    (await openTorch(bytesSource(fileOf(rowOf(name))))).notes;
  assertEquals(await notes("checkpoint, protocol 2"), [
    "holds argparse.Namespace: never run",
    "holds __main__.Config: never run",
  ]);
  assertEquals(await notes("dtypes"), []);
  assertEquals(await notes("quantized"), []);
  assertEquals(await notes("sparse"), []);
  assertEquals(await notes("stream: module"), [
    "holds __main__.Small: never run",
  ]);
  assertEquals(
    (await notes("TorchScript"))!.at(-1),
    "holds another pickle, torchscript/constants.pkl: not read".replace(
      "torchscript/",
      "archive/",
    ),
  );
});

Deno.test("what is not read is listed, and only its reading is refused", async () => {
  const { tensors, unread, read } = await openTorch(
    bytesSource(fileOf(rowOf("meta"))),
  );
  assertEquals(Object.keys(tensors), ["w"]);
  assertEquals(unread, {
    meta: {
      dtype: "float32",
      shape: [3, 2],
      reason: "the file has no bytes of it",
    },
  });
  assertEquals((await read("w")).shape, [2]);
  await assertRejects(
    () => read("meta"),
    TypeError,
    'Cannot read tensor "meta" of a PyTorch file: it must be one that can be read; the file has no bytes of it, got float32 [3, 2]',
  );
  await assertRejects(() => read("none"), RangeError, '"none"');
  const report = await inspect(
    await openTorch(bytesSource(fileOf(rowOf("dtypes")))),
    { only: (name) => /complex32|float32/.test(name) },
  );
  assertEquals(report.tensors.map(({ name }) => name), ["float32"]);
  assertEquals(report.unread.map(({ name }) => name), ["complex32"]);
});

Deno.test("opening reads no storage, and a tensor its own bytes alone", async () => {
  const bytes = fileOf(rowOf("fresh"));
  const source = new CountingSource(bytes);
  const { tensors, read } = await openTorch(source);
  assertEquals(tensors["2.weight"].bytes, 4 * 16 * 20);
  source.take();
  await read("2.weight", { start: 300 });
  // The local header says where the bytes begin.
  assertEquals(source.take().map(([, length]) => length < 100), [true, true]);
  await read("2.weight", { start: 1, end: 3 });
  assertEquals(source.take().map(([, length]) => length), [8]);
  const stream = new CountingSource(fileOf(rowOf("stream: state_dict")));
  const old = await openTorch(stream);
  stream.take();
  await old.read("conv.weight", { start: 2, end: 4 });
  assertEquals(stream.take().map(([, length]) => length), [8]);
});

Deno.test("a storage is kept for the next part if elements lie apart", async () => {
  const source = new CountingSource(fileOf(rowOf("views")));
  const { read } = await openTorch(source);
  await read("transposed", { start: 0, end: 3 });
  assertEquals(source.take().at(-1)![1], 4 * 6 * 8);
  await read("transposed", { start: 3, end: 6 });
  await read("block");
  assertEquals(source.take(), []);
});

Deno.test("shards with an index in the manner of safetensors", async () => {
  const [plain, meta] = [rowOf("plain"), rowOf("meta")].map(fileOf);
  const files: Record<string, Uint8Array> = {
    "pytorch_model.bin.index.json": new TextEncoder().encode(JSON.stringify({
      metadata: { total_size: 64 },
      weight_map: { w: "2.bin", meta: "2.bin", b: "1.bin", a: "1.bin" },
    })),
    "1.bin": plain,
    "2.bin": meta,
  };
  const model = await openShards((name) => bytesSource(files[name]), {
    index: "pytorch_model.bin.index.json",
  });
  assertEquals(Object.keys(model.tensors), ["w", "b", "a"]);
  assertEquals(Object.keys(model.unread!), ["meta"]);
  assertEquals(model.metadata, { total_size: "64" });
  assertEquals(model.notes, []);
  files["2.bin"] = fileOf(rowOf("stream: module"));
  files["pytorch_model.bin.index.json"] = new TextEncoder().encode(
    '{"weight_map": {"w": "2.bin"}}',
  );
  const noted = await openShards((name) => bytesSource(files[name]), {
    index: "pytorch_model.bin.index.json",
  });
  assertEquals(noted.notes, [
    "2.bin holds __main__.Small: never run",
    "2.bin has tensors that are not in the index: b",
  ]);
  assertEquals((await model.read("b")).toArray(), [0, 1, 2, 3]);
  await assertRejects(() => model.read("meta"), TypeError, "no bytes of it");
});

Deno.test("the first bytes tell a file of PyTorch from others", async () => {
  for (const row of rows) {
    assertEquals(isTorch(fileOf(row).subarray(0, 512)), true, row.name);
  }
  const [{ file }] = await readGolden<{ file: string }>("npz.json");
  const others = [
    Uint8Array.fromBase64(file),
    new Uint8Array(0),
    new Uint8Array(512),
    new TextEncoder().encode("PK\x03\x04"),
    Uint8Array.of(0x80, 2, 0x6c),
    Uint8Array.of(0x80, 2, 0x7d, 0x2e),
  ];
  for (const bytes of others) {
    assertEquals(isTorch(bytes.subarray(0, 512)), false);
  }
});
