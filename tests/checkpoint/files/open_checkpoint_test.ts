import { assertEquals, assertRejects } from "@std/assert";
import {
  encodeNpy,
  encodeNpz,
  encodeSafetensors,
} from "../../../lib/checkpoint/mod.ts";
import { openCheckpoint } from "../../../lib/checkpoint/open.ts";
import { tensor } from "../../../mod.ts";
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
    'Cannot open "FOLDER/a.xyz": its name must end in .safetensors, .npz, .npy, .pt, .pth, .bin, .ckpt, .pkl, .safetensors.index.json, .bin.index.json, model.json or weights_manifest.json, got "a.xyz"',
  );
  await Deno.mkdir(`${folder}/c.npy`);
  await refuse(
    `${folder}/c.npy`,
    RangeError,
    'Cannot open "FOLDER/c.npy": the folder must have one checkpoint, got none',
  );
});
