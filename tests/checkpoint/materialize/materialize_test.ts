import { assert, assertEquals, assertRejects } from "@std/assert";
import { openFile } from "../../../lib/checkpoint/open.ts";
import {
  materialize,
  openCheckpoint,
  openSafetensors,
  openShards,
} from "../../../lib/checkpoint/mod.ts";
import { empty, Generator, init } from "../../../mod.ts";
import { filesIn, inFolder, namesIn } from "../files/folder.ts";
import { assertGolden, entriesOf, mixed, specOf } from "./golden.ts";

/** The golden model in files of at most 8 MB: eleven of them. */
const shardSize = 8e6;
const { seed } = mixed;
const spec = await entriesOf(mixed);
const index = "model.safetensors.index.json";

/** What one process writes: to compare with. */
const expected = await (async () => {
  const folder = await Deno.makeTempDir();
  try {
    await materialize(spec, folder, { seed, shardSize });
    return await filesIn(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
})();

inFolder("a model in several files is PyTorch's", async (folder) => {
  const { files, hashes } = await materialize(spec, folder, {
    seed,
    shardSize,
    hash: true,
  });
  assertEquals([...files, index], Object.keys(expected));
  const opened = await Promise.all([...files, index].map(async (name) => {
    const source = await openFile(`${folder}/${name}`);
    return [name, source] as const;
  }));
  const sources = new Map(opened);
  const model = await openShards((name) => sources.get(name)!);
  assertEquals(
    Object.keys(model.tensors),
    spec.map(({ name }) => name).sort(),
  );
  for (const [i, tensor] of (await specOf(mixed)).entries()) {
    await assertGolden(mixed, tensor, i, await model.read(tensor.name));
    const row = mixed.tensors[i];
    if ("sha256" in row) assertEquals(hashes[tensor.name], row.sha256);
  }
  for (const name of files) {
    const { metadata } = await openSafetensors(sources.get(name)!);
    assertEquals(metadata, { format: "pt" });
  }
  sources.forEach((source) => source.close());
});

for (const count of [2, 3, 4]) {
  inFolder(
    `${count} processes write the files of one, in any order`,
    async (folder) => {
      const written: string[][] = [];
      // The last one begins: no one waits for another.
      for (let i = count - 1; i >= 0; i--) {
        const shard = { index: i, count };
        const { files } = await materialize(spec, folder, {
          seed,
          shardSize,
          shard,
          workers: i === 0 ? 2 : 1,
        });
        written.unshift([...files]);
      }
      assert(written.every((files) => files.length > 0));
      assertEquals([...written.flat(), index], Object.keys(expected));
      assertEquals(await filesIn(folder), expected);
    },
  );
}

inFolder("a seed is that of a model", async (folder) => {
  await materialize(spec, folder, { seed: seed + 1, shardSize });
  const found = await filesIn(folder);
  assertEquals(found[index], expected[index]);
  const same = Object.keys(found).filter((name) =>
    found[name] === expected[name] && name !== index
  );
  // The identity matrix and its like.
  assertEquals(same.length, 2);
});

inFolder("a model that fits is one file, without an index", async (folder) => {
  const few = spec.slice(0, 5);
  const { files } = await materialize(few, folder, { seed });
  assertEquals(files, ["model.safetensors"]);
  assertEquals(Object.keys(await filesIn(folder)), files);
  // Write again: existing files are replaced.
  await materialize(few, folder, { seed });
  assertEquals(Object.keys(await filesIn(folder)), files);
});

inFolder(
  "a process without files writes the index all the same",
  async (folder) => {
    const two = `[
      {"name": "a", "shape": [5], "init": "ones"},
      {"name": "b", "shape": [5], "init": "zeros"}
    ]`;
    const written: (readonly string[])[] = [];
    for (const i of [0, 2, 1]) {
      const { files } = await materialize(two, folder, {
        shardSize: 20,
        shard: { index: i, count: 3 },
      });
      written.push(files);
    }
    assertEquals(written.map(({ length }) => length), [1, 1, 0]);
    assertEquals(namesIn(folder), [...written.flat(), index]);
  },
);

inFolder("an empty spec is a file without tensors", async (folder) => {
  const { files } = await materialize("[]", folder);
  assertEquals(files, ["model.safetensors"]);
});

inFolder("progress reports all bytes as they are drawn", async (folder) => {
  const told = new Map<string, number[]>();
  const some = spec.slice(15, 20);
  await materialize(some, folder, {
    onProgress: (bytes, name) =>
      told.set(name, [...told.get(name) ?? [], bytes]),
  });
  const bytes = [
    700 * 900 * 8,
    35 * 8,
    1049 * 1001 * 4,
    3 * 4,
    1100 * 1001 * 4,
  ];
  assertEquals(
    [...told].map(([name, parts]) => [
      name,
      parts.reduce((sum, part) => sum + part),
    ]),
    some.map(({ name }, i) => [name, bytes[i]]),
  );
  assertEquals([...told.values()].map(({ length }) => length), [2, 1, 2, 1, 2]);
});

/** A part of the model, in two files. */
const small = spec.slice(0, 16);
const smallSize = 5e6;

inFolder("files of another model are not mixed in", async (folder) => {
  await materialize(small, folder, { seed, shardSize: smallSize });
  const before = await filesIn(folder);
  assertEquals(Object.keys(before).length, 3);
  for (const other of [5000, undefined]) {
    await assertRejects(
      () => materialize(small, folder, { seed, shardSize: other }),
      RangeError,
      "must have no files of another model",
    );
  }
  assertEquals(await filesIn(folder), before);
  await Deno.writeTextFile(`${folder}/config.json`, "{}");
  await materialize(small, folder, { seed, shardSize: smallSize });
});

inFolder("while a file is written there is no index", async (folder) => {
  await Deno.writeTextFile(`${folder}/${index}`, "old");
  await materialize(small, folder, {
    seed,
    shardSize: smallSize,
    onProgress: () => assert(!namesIn(folder).includes(index)),
  });
  const text = await Deno.readTextFile(`${folder}/${index}`);
  assertEquals(Object.keys(JSON.parse(text)), ["metadata", "weight_map"]);
});

inFolder(
  "options that cannot be are refused, and nothing is made",
  async (folder) => {
    const path = `${folder}/none`;
    for (
      const [options, Class, message] of [
        [{ seed: 0.5 }, RangeError, "the seed"],
        [{ shardSize: 0 }, RangeError, "the size of a file"],
        [{ workers: 0 }, RangeError, "the number of threads"],
        [{ shard: { index: 4, count: 4 } }, RangeError, "one of 0 to 3"],
        [{ shard: { index: 0, count: 0 } }, RangeError, "number of processes"],
        [{ size: 3 }, TypeError, "options must be among"],
        [{ dtype: "half" }, TypeError, "dtype"],
        [{ onProgress: 3 }, TypeError, "onProgress must be a function"],
        [{ shard: { index: 0, of: 2 } }, TypeError, "shard must be among"],
      ] as const
    ) {
      await assertRejects(
        () => materialize(spec, path, options as object),
        Class,
        message,
      );
    }
    assertEquals(namesIn(folder), []);
  },
);

inFolder("a folder that cannot be is said so", async (folder) => {
  await Deno.writeTextFile(`${folder}/file`, "");
  await assertRejects(
    () => materialize(spec, `${folder}/file`),
    Error,
    `Cannot materialize a model in "${folder}/file"`,
  );
});

inFolder("a spec is an array, its JSON, or the bytes of it", async (folder) => {
  const entries = [
    { name: "w", shape: [5, 4], init: "kaiming_normal_", options: { a: 1 } },
    {
      name: "v",
      shape: [5, 4],
      init: "varianceScaling",
      options: { axes: { in: 0, out: 1 } },
    },
  ];
  const json = JSON.stringify(entries);
  const bytes = new TextEncoder().encode(json);
  const written: Record<string, string>[] = [];
  for (const [i, spec] of [entries, json, bytes].entries()) {
    const place = new URL(`file://${folder}/${i}`);
    const { hashes } = await materialize(spec, place, { seed: 3, hash: true });
    assertEquals(Object.keys(hashes), ["w", "v"]);
    written.push(await filesIn(`${folder}/${i}`));
  }
  assertEquals(written[1], written[0]);
  assertEquals(written[2], written[0]);
  const w = init.kaimingNormal(empty([5, 4]), {
    negativeSlope: 1,
    generator: new Generator(3),
  });
  using model = await openCheckpoint(`${folder}/0`);
  assertEquals((await model.read("w")).toArray(), w.toArray());
});

inFolder("what is no spec and no folder is refused", async (folder) => {
  class Entry {
    name = "w";
  }
  for (
    const [spec, Class, message] of [
      [{ w: 3 }, TypeError, "must be an array or JSON"],
      [Promise.resolve([]), TypeError, "a Promise; await it"],
      [[3], TypeError, "Cannot read tensor 0 of a spec: members must be"],
      [[new Entry()], TypeError, 'Cannot read tensor "w" of a spec: members'],
      [[null], TypeError, "Cannot read tensor 0"],
      ["spec.json", SyntaxError, "read a spec"],
    ] as const
  ) {
    await assertRejects(
      () => materialize(spec as never, `${folder}/none`),
      Class,
      message,
    );
  }
  await assertRejects(
    () => materialize([], new URL("https://a.b/c")),
    TypeError,
    "a path or a file URL",
  );
  assertEquals(namesIn(folder), []);
});

inFolder(
  "kernels by rule are those of init, also of few normals, from any file on",
  async (folder) => {
    const model = [
      { name: "few", shape: [3, 2, 3], init: "deltaOrthogonal" },
      { name: "after", shape: [5], init: "normal" },
      { name: "delta", shape: [40, 30, 3, 3], init: "deltaOrthogonal" },
      {
        name: "up",
        shape: [6, 2, 4, 4],
        init: "bilinear",
        options: { groups: 3 },
      },
      { name: "eye", shape: [9, 5], init: "identity", options: { gain: 0.1 } },
      {
        name: "last",
        shape: [100],
        init: "uniform",
        dtype: "float64" as const,
      },
    ];
    const generator = new Generator(8);
    const filled = Object.fromEntries(
      model.map(({ name, shape, init: fill, options, dtype }) => {
        const { [fill]: initializer } = init.initializers;
        const random = initializer.random ? { generator } : {};
        const tensor = empty(shape, { dtype });
        return [name, initializer(tensor, { ...options, ...random })];
      }),
    );
    for (const index of [1, 0]) {
      await materialize(model, folder, {
        seed: 8,
        shardSize: 2000,
        shard: { index, count: 2 },
      });
    }
    const opened = await openCheckpoint(`${folder}/${index}`);
    for (const [name, tensor] of Object.entries(filled)) {
      assertEquals((await opened.read(name)).data, tensor.data, name);
    }
    opened.close();
  },
);
