/**
 * Every kind of source gives the same, and what is none is refused by name.
 *
 * @module
 */

import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import {
  type Checkpoint,
  compare,
  encodeNpz,
  encodeSafetensors,
  inspect,
  openCheckpoint,
  type Source,
} from "../../lib/checkpoint/mod.ts";
import { over, overEach, withCheckpoint } from "../../lib/checkpoint/source.ts";
import { namedTensors, tensorsOf } from "../../lib/core/source.ts";
import {
  empty,
  fan,
  Generator,
  nn,
  summary,
  type Tensor,
  tensor,
} from "../../mod.ts";
import { inFolder, openFilesIn, tellsOpenFiles } from "./files/folder.ts";

const brand = Symbol.for("fanin.Tensor");

const layer = new nn.Linear(3, 2, { generator: new Generator(0) });
const record = { ...layer.stateDict() };

/** The same weights in memory. */
const inMemory = {
  layer,
  record,
  map: new Map(Object.entries(record)),
  parameters: { namedParameters: () => layer.namedParameters() },
  state: { namedParameters: () => [], stateDict: () => record },
};

/** The same numbers alone. */
const alone = {
  tensor: tensor([1, 2, 6]),
  array: new Float32Array([1, 2, 6]),
  nested: [1, 2, 6],
};

inFolder("every kind of source gives the same", async (folder) => {
  const path = `${folder}/model.safetensors`;
  await Deno.writeFile(path, encodeSafetensors(layer));
  await Deno.writeFile(`${folder}/a.npz`, await encodeNpz(layer));
  using opened = await openCheckpoint(path);
  const files: Record<string, Source> = {
    path,
    folder,
    npz: `${folder}/a.npz`,
    url: new URL(`file://${path}`),
    text: `file://${path}`,
    opened,
  };
  const rowsOf = async (source: Source) =>
    sorted((await summary(source)).rows)
      .map(({ name, shape, mean, std }) => ({ name, shape, mean, std }));
  const reportsOf = async (source: Source) => {
    const { tensors, ...totals } = await inspect(source);
    return { ...totals, tensors: sorted(tensors) };
  };
  const expected = await rowsOf(layer);
  const reports = await reportsOf(layer);
  const { state: _, ...parameters } = inMemory;
  for (const [kind, source] of Object.entries({ ...parameters, ...files })) {
    assertEquals(await rowsOf(source), expected, kind);
  }
  for (const [kind, source] of Object.entries({ ...inMemory, ...files })) {
    assertEquals(await reportsOf(source), reports, kind);
    assert((await compare(layer, source)).equal, kind);
  }
  for (const source of Object.values(alone)) {
    assertEquals((await summary(source)).rows[0].mean, 3);
    const { tensors: [report] } = await inspect(source);
    assertEquals([report.name, report.shape, report.max], ["", [3], 6]);
    assert((await compare(alone.tensor, source)).equal);
  }
});

inFolder(
  "a file that over opened is closed, whatever happens",
  async (folder) => {
    const path = `${folder}/model.safetensors`;
    await Deno.writeFile(path, encodeSafetensors(layer));
    let during = 0;
    const count = () => {
      during = openFilesIn(folder);
    };
    await over("test", path, count);
    assertEquals([during, openFilesIn(folder)], [tellsOpenFiles ? 1 : 0, 0]);
    const fail = () => {
      throw new RangeError("mine");
    };
    const failures = [
      () => over("test", path, fail),
      () => overEach("test", path, fail, fail),
      () => withCheckpoint("test", path, fail),
      () => inspect(path, { onTensor: fail }),
      () => compare(path, path, { onProgress: fail }),
    ];
    for (const failing of failures) {
      await assertRejects(() => failing(), RangeError, "mine");
      assertEquals(openFilesIn(folder), 0);
    }
    await assertRejects(
      () => compare(path, `${folder}/none.npz`),
      Deno.errors.NotFound,
      "none.npz",
    );
    assertEquals(openFilesIn(folder), 0);
  },
);

inFolder("an opened checkpoint stays open", async (folder) => {
  const path = `${folder}/model.safetensors`;
  await Deno.writeFile(path, encodeSafetensors(layer));
  using opened = await openCheckpoint(path);
  await summary(opened);
  await inspect(opened);
  assertEquals((await opened.read("bias")).shape, [2]);
});

Deno.test("weights in memory are there at once, and only what is wanted", () => {
  const names = over("test", layer, (all) => all.map(([name]) => name));
  assertEquals(names, ["weight", "bias"]);
  assertEquals(
    over("test", layer, (all) => all.length, () => ["bias"]),
    1,
  );
});

Deno.test("only one tensor of a file is in memory at a time", async () => {
  const steps: string[] = [];
  const info = { dtype: "float32", shape: [], bytes: 4 } as const;
  const checkpoint: Checkpoint = {
    metadata: {},
    tensors: { a: info, b: info },
    read: (name) => {
      steps.push(`read ${name}`);
      return Promise.resolve(tensor(1));
    },
  };
  const see = (name: string) => steps.push(`see ${name}`);
  await overEach("test", checkpoint, see, () => {});
  assertEquals(steps, ["read a", "see a", "read b", "see b"]);
});

Deno.test("a part of weights in memory is a view of them, and bounded", async () => {
  const data = Float32Array.of(1, 2, 3, 4);
  await withCheckpoint("test", data, async (checkpoint) => {
    const part = await checkpoint.read("", { start: 1, end: 3 });
    assertEquals(part.toArray(), [2, 3]);
    assert(part.data.buffer === data.buffer);
    await assertRejects(() => checkpoint.read("", { end: 5 }), RangeError);
    await assertRejects(() => checkpoint.read("w"), RangeError, '"w"');
  });
});

Deno.test("a tied tensor comes once of parameters, by each name of a state", () => {
  const w = tensor([1]);
  const tied = { a: w, b: w };
  assertEquals(tensorsOf("test", tied).map(([name]) => name), ["a"]);
  assertEquals(
    tensorsOf("test", tied, "state").map(([name]) => name),
    ["a", "b"],
  );
});

class Instance {
  weight = tensor([1]);
}

/** What is none, and the words by which it is refused. */
const none: [source: unknown, message: string][] = [
  [Promise.resolve(record), "a Promise; await it"],
  [
    { stateDict: () => Promise.resolve(record) },
    "an object with stateDict",
  ],
  [{ namedParameters: () => 3 }, "an object with namedParameters"],
  [{ namedParameters: () => ({}) }, "an object with namedParameters"],
  [new Instance(), "an object of class Instance"],
  [Object.create({ weight: tensor([1]) }), "an object"],
  [null, "null"],
  [undefined, "undefined"],
  [new Set([tensor([1])]), "Set(1)"],
  [{ w: [1] }, '"w": [1]'],
  [{ w: Promise.resolve(tensor([1])) }, '"w": a Promise; await it'],
  [new Map([[1, tensor([1])]]), "1: an object of class Tensor"],
  [otherCopy(), "a Tensor of a second copy of fanin"],
  [{ w: otherCopy() }, '"w": a Tensor of a second copy of fanin'],
];

for (const [source, message] of none) {
  Deno.test(`no source: ${message}`, async () => {
    const given = source as Tensor;
    assertThrows(() => summary(given), TypeError, `got ${message}`);
    await assertRejects(() => inspect(given), TypeError, `got ${message}`);
    await assertRejects(() => compare(given, record), TypeError, message);
    const named = source as typeof record;
    assertThrows(() => encodeSafetensors(named), TypeError, `got ${message}`);
    await assertRejects(() => encodeNpz(named), TypeError, `got ${message}`);
  });
}

Deno.test("where weights must be in memory, files are refused by name", async () => {
  const path = await Deno.makeTempFile({ suffix: ".safetensors" });
  await Deno.writeFile(path, encodeSafetensors(record));
  using opened = await openCheckpoint(path);
  const cases: [unknown, string][] = [
    [path, path.slice(0, 20)],
    [new URL("file:///a.npz"), 'the URL "file:///a.npz"'],
    [opened, "an opened checkpoint"],
  ];
  for (const [source, got] of cases) {
    const given = source as typeof record;
    for (
      const act of [
        () => fan(given),
        () => encodeSafetensors(given),
        () => encodeNpz(given),
        () => tensorsOf("test", given),
      ]
    ) {
      const { message } = await assertRejects(
        async () => await act(),
        TypeError,
      );
      assertStringIncludes(
        message,
        "weights must be in memory; read the tensor first: (await openCheckpoint(path)).read(name), got ",
      );
      assertStringIncludes(message, got);
    }
  }
  await Deno.remove(path);
});

Deno.test("a model is no checkpoint, whatever its members", () => {
  const model = Object.assign(new nn.Linear(3, 2), {
    read: () => {},
    tensors: {},
  });
  assertEquals(summary(model).rows.length, 2);
  assertEquals(fan(model).fanIn, 3);
});

Deno.test("a checkpoint that reads no tensor is refused", async () => {
  const info = { dtype: "float32", shape: [2], bytes: 8 } as const;
  const checkpoint = {
    metadata: {},
    tensors: { w: info },
    read: () => Promise.resolve([1, 2]),
  } as unknown as Checkpoint;
  for (
    const act of [
      () => summary(checkpoint),
      () => inspect(checkpoint),
      () => compare(checkpoint, checkpoint),
    ]
  ) {
    await assertRejects(
      act,
      TypeError,
      'read("w") of the checkpoint must return a tensor, got [1, 2]',
    );
  }
});

inFolder("names that are numbers keep their order", async (folder) => {
  const weights = new Map(
    ["b", "1", "a", "0"].map((name) => [name, tensor([1])] as const),
  );
  const path = `${folder}/a.npz`;
  await Deno.writeFile(path, await encodeNpz(weights));
  for (const source of [weights, path]) {
    const { tensors } = await inspect(source);
    assertEquals(tensors.map(({ name }) => name), [...weights.keys()]);
    const { rows } = await summary(source);
    assertEquals(rows.map(({ name }) => name), [...weights.keys()]);
    const compared = await compare(source, weights);
    assertEquals(compared.tensors.map(({ name }) => name), [...weights.keys()]);
  }
});

Deno.test("what has no name is not encoded", async () => {
  for (const source of [...Object.values(alone), 3]) {
    const given = source as unknown as typeof record;
    const message = "weights must be a layer or model, or tensors by name, got";
    assertThrows(() => encodeSafetensors(given), TypeError, message);
    await assertRejects(() => encodeNpz(given), TypeError, message);
    assertThrows(
      () => namedTensors("test", given, "state"),
      TypeError,
      message,
    );
  }
});

Deno.test("transferred memory is neither encoded nor compared", async () => {
  const w = tensor([1, 2]);
  const { buffer } = w.data;
  structuredClone(buffer, { transfer: [buffer as ArrayBuffer] });
  const message = "w of shape [2] must have its memory, got 0";
  assertThrows(() => encodeSafetensors({ w }), TypeError, message);
  await assertRejects(() => encodeNpz({ w }), TypeError, message);
});

Deno.test("a part that fails while another one does ends nothing else", async () => {
  const shape = [2 ** 20 + 1];
  const info = { dtype: "float32", shape, bytes: 4 * shape[0] } as const;
  const checkpoint: Checkpoint = {
    metadata: {},
    tensors: { w: info },
    read: (_, { start = 0, end = 0 } = {}) =>
      start === 0
        ? Promise.resolve(empty([end]))
        : new Promise((_, reject) => setTimeout(reject, 5, new Error("late"))),
  };
  const onProgress = () => {
    throw new RangeError("mine");
  };
  await assertRejects(
    () => compare(checkpoint, checkpoint, { onProgress }),
    RangeError,
    "mine",
  );
  await new Promise((resolve) => setTimeout(resolve, 20));
});

/** What must not compile; never called. */
export function types(file: string | URL, checkpoint: Checkpoint): void {
  // Of weights in memory a summary is there at once.
  summary(layer).rows;
  summary(new Map([["w", tensor([1])]])).rows;
  summary([[1, 2], [3, 4]]).rows;
  // @ts-expect-error a promise has no rows
  summary(file).rows;
  // @ts-expect-error a promise has no rows
  summary(checkpoint).rows;
  // @ts-expect-error of a source of either kind it may be a promise
  summary(file as Source).rows;
  // @ts-expect-error a promise is no source
  summary(Promise.resolve(record));
  // @ts-expect-error numbers by name are no weights
  summary({ w: 3 });
  // @ts-expect-error a tensor alone has no name
  encodeSafetensors(tensor([1]));
  // @ts-expect-error a path is not in memory
  encodeSafetensors("model.safetensors");
  // @ts-expect-error a promise is no record
  encodeNpz(Promise.resolve(record));
}

/** A file has its tensors in an order of its own. */
function sorted<T extends { readonly name: string }>(rows: readonly T[]): T[] {
  return rows.toSorted((a, b) => a.name < b.name ? -1 : 1);
}

/** A tensor as a second copy of the library makes it. */
function otherCopy(): object {
  class Tensor {
    readonly [brand] = Symbol("fanin");
  }
  return new Tensor();
}
