import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  encodeNpy,
  encodeNpz,
  encodeSafetensors,
} from "../../../lib/checkpoint/mod.ts";
import { openCheckpoint } from "../../../lib/checkpoint/open.ts";
import { Tensor, tensor } from "../../../mod.ts";
import {
  dict,
  tensor as pickledTensor,
  torchZip,
} from "../formats/torch_files.ts";
import { inFolder, openFilesIn, tellsOpenFiles } from "./folder.ts";

const w = tensor([[1, 2], [3, 4]]);
const b = tensor([5, 6]);

const storages = {
  0: new Uint8Array(new Float32Array([5, 6]).buffer),
  1: new Uint8Array(new Float32Array([1, 2, 3, 4]).buffer),
};
const pickledB = pickledTensor({ length: 2, shape: [2] });
const pickledW = pickledTensor({
  key: "1",
  length: 4,
  shape: [2, 2],
  strides: [2, 1],
});
const torchFile = torchZip(dict({ b: pickledB, w: pickledW }), storages);

/** Each format's files, and the one that is opened. */
const files: Record<string, Record<string, Uint8Array>> = {
  "one.safetensors": { "one.safetensors": encodeSafetensors({ b, w }) },
  "m.safetensors.index.json": {
    "m.safetensors.index.json": json({
      weight_map: { b: "m-2.safetensors", w: "m-1.safetensors" },
    }),
    "m-1.safetensors": encodeSafetensors({ w }),
    "m-2.safetensors": encodeSafetensors({ b }),
  },
  "arrays.npz": {
    "arrays.npz": await encodeNpz({ b, w }, { compress: true }),
  },
  "model.pt": { "model.pt": torchFile },
  "last.ckpt": { "last.ckpt": torchFile },
  "pytorch_model.bin": {
    "pytorch_model.bin": torchFile,
    "optimizer.pt": torchFile,
    "training_args.bin": new Uint8Array(0),
  },
  "pytorch_model.bin.index.json": {
    "pytorch_model.bin.index.json": json({
      weight_map: { b: "m-1.bin", w: "m-2.bin" },
    }),
    "m-1.bin": torchZip(dict({ b: pickledB }), storages),
    "m-2.bin": torchZip(dict({ w: pickledW }), storages),
  },
  "net-weights_manifest.json": {
    "net-weights_manifest.json": json([{
      paths: ["shard"],
      weights: [
        { name: "b", shape: [2], dtype: "float32" },
        { name: "w", shape: [2, 2], dtype: "float32" },
      ],
    }]),
    shard: new Uint8Array(new Float32Array([5, 6, 1, 2, 3, 4]).buffer),
  },
};

function json(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}

async function write(
  folder: string,
  contents: Record<string, Uint8Array>,
): Promise<void> {
  for (const [name, bytes] of Object.entries(contents)) {
    await Deno.writeFile(`${folder}/${name}`, bytes);
  }
}

for (const [name, contents] of Object.entries(files)) {
  inFolder(`opens ${name}, and the folder that has it`, async (folder) => {
    await write(folder, contents);
    await Deno.writeTextFile(`${folder}/README.md`, "");
    await Deno.writeTextFile(`${folder}/.hidden.safetensors`, "");
    const path = `${folder}/${name}`;
    for (const given of [path, folder, `${folder}/`]) {
      using checkpoint = await openCheckpoint(given);
      assertEquals(checkpoint.path, path);
      assertEquals(Object.keys(checkpoint.tensors), ["b", "w"]);
      assertEquals((await checkpoint.read("w")).toArray(), [[1, 2], [3, 4]]);
      for (const tensor of ["b", "w", "b"]) {
        const whole = (await checkpoint.read(tensor)).toFloat32();
        const end = await checkpoint.read(tensor, { start: 1 });
        assertEquals(end.toFloat32(), whole.slice(1));
        const none = await checkpoint.read(tensor, { start: 1, end: 1 });
        assertEquals(none.shape, [0]);
      }
    }
  });
}

inFolder("opens an npy file, whose array has NumPy's name", async (folder) => {
  await write(folder, { "w.npy": encodeNpy(w) });
  using checkpoint = await openCheckpoint(folder);
  assertEquals((await checkpoint.read("arr_0")).toArray(), [[1, 2], [3, 4]]);
});

inFolder(
  "parts of an array in an npz file take one reading",
  async (folder) => {
    const path = `${folder}/arrays.npz`;
    await write(folder, files["arrays.npz"]);
    using checkpoint = await openCheckpoint(path);
    const start = await checkpoint.read("w", { end: 2 });
    await Deno.truncate(path, 0);
    const end = await checkpoint.read("w", { start: 2 });
    assertEquals([start.toArray(), end.toArray()], [[1, 2], [3, 4]]);
    await assertRejects(() => checkpoint.read("b", { end: 1 }), SyntaxError);
  },
);

inFolder("closes all files, also those of what fails", async (folder) => {
  await write(folder, files["m.safetensors.index.json"]);
  const checkpoint = await openCheckpoint(folder);
  assertEquals(openFilesIn(folder), tellsOpenFiles ? 3 : 0);
  checkpoint.close();
  assertEquals(openFilesIn(folder), 0);
  await write(folder, { "m-2.safetensors": encodeSafetensors({ w }) });
  await assertRejects(() => openCheckpoint(folder), SyntaxError, '"b"');
  assertEquals(openFilesIn(folder), 0);
});

inFolder("a folder's usual names go first", async (folder) => {
  const usual = [
    "model.safetensors.index.json",
    "model.safetensors",
  ];
  await write(folder, { "zz.safetensors": encodeSafetensors({ b }) });
  for (const name of usual) {
    const bytes = name.endsWith("json")
      ? json({ weight_map: { b: "zz.safetensors" } })
      : encodeSafetensors({ w });
    await write(folder, { [name]: bytes });
    using checkpoint = await openCheckpoint(folder);
    assertEquals(checkpoint.path, `${folder}/${name}`);
  }
});

inFolder("what is no checkpoint is refused", async (folder) => {
  const refuse = async (
    path: string,
    Class: new () => Error,
    message: string,
  ) => {
    const error = await assertRejects(() => openCheckpoint(path), Class);
    assertEquals(error.message.replaceAll(folder, "FOLDER"), message);
  };
  await refuse(
    folder,
    RangeError,
    'Cannot open "FOLDER": the folder must have one checkpoint, got none',
  );
  await write(folder, { "b.npy": encodeNpy(b), "a.npy": encodeNpy(w) });
  await refuse(
    folder,
    RangeError,
    'Cannot open "FOLDER": the folder must have one checkpoint, got a.npy, b.npy',
  );
  await refuse(
    `${folder}/none.npy`,
    Deno.errors.NotFound,
    'Cannot open "FOLDER/none.npy": No such file or directory (os error 2)',
  );
  await write(folder, { "a.xyz": new Uint8Array(1) });
  await refuse(
    `${folder}/a.xyz`,
    RangeError,
    'Cannot open "FOLDER/a.xyz": its bytes must be those of a safetensors, PyTorch, npz or npy file, an index, or a manifest of TensorFlow.js, got [0]',
  );
  await Deno.mkdir(`${folder}/c.npy`);
  await refuse(
    `${folder}/c.npy`,
    RangeError,
    'Cannot open "FOLDER/c.npy": the folder must have one checkpoint, got none',
  );
});

const whole = encodeSafetensors({ b, w });
const text = (text: string) => new TextEncoder().encode(text);

/** Files of each format, by names that say something else or nothing. */
const misnamed: Record<string, readonly [bytes: Uint8Array, note?: string]> = {
  "a.npz": [whole, "it is a safetensors file, not what its name says"],
  "a.safetensors": [
    await encodeNpz({ b, w }),
    "it is an npz file, not what its name says",
  ],
  "weights": [whole],
  "WEIGHTS.SAFETENSORS": [whole],
  "lines.json": [
    text('\n{"weight_map": {"b": "weights", "w": "weights"}}\n'),
  ],
  "index.fp16.json": [json({ weight_map: { b: "weights", w: "weights" } })],
};

for (const [name, [bytes, note]] of Object.entries(misnamed)) {
  inFolder(`opens ${name} by its bytes`, async (folder) => {
    await write(folder, { weights: whole, [name]: bytes });
    using checkpoint = await openCheckpoint(`${folder}/${name}`);
    assertEquals(checkpoint.notes ?? [], note === undefined ? [] : [note]);
    assertEquals((await checkpoint.read("w")).toArray(), [[1, 2], [3, 4]]);
  });
}

/** What files are that are not read, and a word of what to do with them. */
const foreign: Record<string, readonly [bytes: Uint8Array, message: string]> = {
  "lfs.safetensors": [
    text("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n"),
    "got a pointer of Git LFS; get the file itself by git lfs pull",
  ],
  "page.pt": [
    text("\n<!DOCTYPE html><title>Sign in</title>"),
    "got a web page; download the file itself",
  ],
  "packed.npz": [
    Uint8Array.of(0x1f, 0x8b, 8, 0),
    "got a gzip file; unpack it first",
  ],
  "model.gguf": [
    text("GGUF\x03\0\0\0"),
    "got a GGUF file, which is not read yet",
  ],
  "model.h5": [
    Uint8Array.from("\x89HDF\r\n\x1a\n", (c) => c.charCodeAt(0)),
    "got an HDF5 file, such as Keras's .h5, which is not read yet",
  ],
  "model.onnx": [
    Uint8Array.of(8, 7, 18, 0),
    "got an ONNX file, which is not read yet",
  ],
  "plain.pkl": [
    Uint8Array.of(0x80, 2, 0x4e, 0x2e),
    "got a Python pickle that torch.save did not write",
  ],
  "nothing.safetensors": [new Uint8Array(0), "got an empty file"],
  "empty.pt": [await encodeNpz({}), "got an empty zip archive"],
  "config.json": [json({ hidden: 3 }), "got [123, 34, "],
};

for (const [name, [bytes, message]] of Object.entries(foreign)) {
  inFolder(`says what ${name} is`, async (folder) => {
    await write(folder, { [name]: bytes });
    const path = `${folder}/${name}`;
    const error = await assertRejects(
      () => openCheckpoint(path),
      RangeError,
      message,
    );
    assert(error.message.length - folder.length < 300, error.message);
    assertEquals(openFilesIn(folder), 0);
  });
}

inFolder("a manifest of another name is told by its bytes", async (folder) => {
  const { "net-weights_manifest.json": manifest, shard } =
    files["net-weights_manifest.json"];
  await write(folder, { "weights.json": manifest, shard });
  using checkpoint = await openCheckpoint(`${folder}/weights.json`);
  assertEquals(Object.keys(checkpoint.tensors), ["b", "w"]);
});

inFolder("a cut safetensors file is a safetensors file", async (folder) => {
  const path = `${folder}/a.safetensors`;
  // Lengths of headers that begin as a pickle, a zip archive and gzip do.
  for (const length of [0x80, 0x0280, 0x04034b50, 0x8b1f]) {
    const bytes = new Uint8Array(20);
    new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true);
    bytes.set(text('{"a":{"dtyp'), 8);
    await Deno.writeFile(path, bytes);
    await assertRejects(
      () => openCheckpoint(path),
      SyntaxError,
      "Cannot open a safetensors file",
    );
  }
});

inFolder("shards open together without an index", async (folder) => {
  const names = ["m-00001-of-00002.bin", "m-00002-of-00002.bin"];
  await write(folder, {
    [names[0]]: encodeSafetensors({ w }),
    [names[1]]: encodeSafetensors({ b }),
  });
  using checkpoint = await openCheckpoint(folder);
  assertEquals(checkpoint.notes, ["it has 2 files and no index"]);
  assertEquals(checkpoint.path, `${folder}/${names[0]}`);
  assertEquals(Object.keys(checkpoint.tensors), ["w", "b"]);
  assertEquals((await checkpoint.read("b")).toArray(), [5, 6]);
  await write(folder, { [names[1]]: encodeSafetensors({ w }) });
  await assertRejects(() => openCheckpoint(folder), SyntaxError, "in one file");
  await Deno.remove(`${folder}/${names[0]}`);
  await write(folder, { "m-00003-of-00003.bin": whole });
  await assertRejects(
    () => openCheckpoint(folder),
    RangeError,
    "one checkpoint",
  );
});

if (Deno.build.os !== "windows") {
  inFolder("a pipe is refused, and not waited for", async (folder) => {
    const path = `${folder}/pipe.safetensors`;
    await new Deno.Command("mkfifo", { args: [path] }).output();
    await assertRejects(
      () => openCheckpoint(path),
      TypeError,
      "it must be a file, got a device or pipe",
    );
  });
}

inFolder(
  "an option says what the axes stand for, and what raw bytes are",
  async (folder) => {
    const raw = new Tensor(Uint8Array.of(0x38, 0xb8), [2], "V1");
    await Deno.writeFile(`${folder}/a.npy`, encodeNpy(raw));
    await Deno.writeFile(`${folder}/a.npz`, await encodeNpz({ raw }));
    const path = `${folder}/a.safetensors`;
    await Deno.writeFile(path, encodeSafetensors({ w }));
    for (const name of ["a.npy", "a.npz"]) {
      using file = await openCheckpoint(`${folder}/${name}`, {
        void: "float8_e4m3fn",
      });
      const [tensor] = Object.keys(file.tensors);
      assertEquals((await file.read(tensor)).toArray(), [1, -1], name);
    }
    for (const layout of ["torch", "hwio", "ohwi"] as const) {
      using file = await openCheckpoint(path, { layout });
      assertEquals(file.layout, layout);
    }
    for (const options of [{ layout: "keras" }, { void: "int8" }]) {
      await assertRejects(
        () => openCheckpoint(path, options as { layout: "torch" }),
        RangeError,
        "must be one of",
      );
    }
  },
);

inFolder("many small tensors are read together", async (folder) => {
  const many = Object.fromEntries(
    Array.from({ length: 40_000 }, (_, index) => [`w${index}`, tensor(index)]),
  );
  const path = `${folder}/a.safetensors`;
  await Deno.writeFile(path, encodeSafetensors(many));
  using file = await openCheckpoint(path);
  const names = Object.keys(file.tensors);
  const last = names.length - 1;
  // Forward, and then back across what was read ahead.
  for (const index of [...names.keys(), last, 0, 20_000, 3, 39_000]) {
    const [read, expected] = [
      await file.read(names[index]),
      many[names[index]],
    ];
    assert(read.item() === expected.item(), names[index]);
  }
  file.close();
  await assertRejects(() => file.read(names[last]), TypeError, "closed");
});
