import { assert, assertEquals, assertRejects } from "@std/assert";
import { empty, Generator, init, nn, type Tensor } from "../../mod.ts";
import {
  type Checkpoint,
  compare,
  inspect,
  materialize,
  openCheckpoint,
} from "../../lib/checkpoint/mod.ts";

const reason = new RangeError("mine");

/** Reads weights by each function that reads them in parts. */
const readers: Record<
  string,
  (
    source: Checkpoint | nn.Module,
    options: {
      readonly signal: AbortSignal;
      readonly onProgress?: () => void;
    },
  ) => Promise<unknown>
> = {
  inspect: (source, options) => inspect(source, options),
  compare: (source, options) => compare(source, source, options),
};

/** A checkpoint of tensors that counts how often it is read. */
function counting(tensors: Record<string, Tensor>): {
  checkpoint: Checkpoint;
  reads: () => number;
} {
  let reads = 0;
  const infos = Object.fromEntries(
    Object.entries(tensors).map(([name, { shape, dtype, data }]) => [
      name,
      { shape, dtype, bytes: data.byteLength },
    ]),
  );
  const checkpoint: Checkpoint = {
    metadata: {},
    tensors: infos,
    read(name, range) {
      reads++;
      const { shape, data, dtype } = tensors[name];
      if (range === undefined) return Promise.resolve(tensors[name]);
      assertEquals([shape.length, dtype], [1, "float32"]);
      const part = data.slice(range.start, range.end) as Float32Array;
      const made = empty([part.length]);
      made.data.set(part);
      return Promise.resolve(made);
    },
  };
  return { checkpoint, reads: () => reads };
}

function drawn(count: number): Tensor {
  return init.normal(empty([count]), { generator: new Generator(1) });
}

for (const [name, read] of Object.entries(readers)) {
  Deno.test(`${name}: a signal that has aborted rejects before any read`, async () => {
    const { checkpoint, reads } = counting({ a: drawn(100) });
    await assertRejects(
      () => read(checkpoint, { signal: AbortSignal.abort(reason) }),
      RangeError,
      "mine",
    );
    assertEquals(reads(), 0);
    await assertRejects(
      () => read(checkpoint, { signal: {} as never }),
      TypeError,
      "signal must be an AbortSignal",
    );
  });

  Deno.test(`${name}: after a signal nothing more is read`, async () => {
    const { checkpoint, reads } = counting({
      a: drawn(5_000_000),
      b: drawn(5_000_000),
    });
    const controller = new AbortController();
    let told = 0;
    await assertRejects(
      () =>
        read(checkpoint, {
          signal: controller.signal,
          onProgress() {
            if (++told === 2) controller.abort(reason);
          },
        }),
      RangeError,
      "mine",
    );
    assertEquals(told, 2);
    // One part may be read ahead, of each side.
    assert(reads() <= 6);
  });

  Deno.test(`${name}: a clock can abort what reads memory`, async () => {
    const model = new nn.Linear(4000, 4000, { generator: new Generator(1) });
    await assertRejects(
      () => read(model, { signal: AbortSignal.timeout(1) }),
      DOMException,
    );
  });

  Deno.test(`${name}: a signal in the last part aborts, too`, async () => {
    const { checkpoint } = counting({ a: drawn(100) });
    const controller = new AbortController();
    const abort = () => controller.abort(reason);
    await assertRejects(
      () => read(checkpoint, { signal: controller.signal, onProgress: abort }),
      RangeError,
      "mine",
    );
  });
}

const spec = [
  { name: "a", shape: [2000, 1000], init: "normal" },
  { name: "b", shape: [2000, 1000], init: "truncNormal" },
  { name: "c", shape: [5000, 1000], init: "uniform" },
  { name: "d", shape: [10], init: "normal" },
] as const;

async function withFolder(
  act: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await act(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function namesIn(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
}

Deno.test("materialize: a signal that has aborted makes no folder", () =>
  withFolder(async (parent) => {
    await assertRejects(
      () =>
        materialize(spec, `${parent}/model`, {
          signal: AbortSignal.abort(reason),
        }),
      RangeError,
      "mine",
    );
    assertEquals(namesIn(parent), []);
  }));

Deno.test("materialize: a signal leaves complete files alone, and again gives all", () =>
  withFolder(async (parent) => {
    const [aborted, whole] = [`${parent}/aborted`, `${parent}/whole`];
    const { files } = await materialize(spec, whole, { shardSize: 8_000_000 });
    for (const workers of [1, 2]) {
      for (const last of ["a", "b", "c"]) {
        const controller = new AbortController();
        await assertRejects(
          () =>
            materialize(spec, aborted, {
              shardSize: 8_000_000,
              workers,
              signal: controller.signal,
              onProgress(_, name) {
                if (name === last) controller.abort(reason);
              },
            }),
          RangeError,
          "mine",
        );
        const before = spec.findIndex(({ name }) => name === last);
        assertEquals(namesIn(aborted), files.slice(0, before));
        await Deno.remove(aborted, { recursive: true });
      }
    }
    await materialize(spec, aborted, { shardSize: 8_000_000, workers: 2 });
    assertEquals(namesIn(aborted), namesIn(whole));
    assert((await compare(aborted, whole)).equal);
  }));

Deno.test("materialize: a clock can abort while what comes before is skipped", () =>
  withFolder(async (parent) => {
    const large = [
      { name: "a", shape: [40_000, 1000], init: "truncNormal" },
      { name: "b", shape: [40_000, 1000], init: "uniform" },
    ] as const;
    await assertRejects(
      () =>
        materialize(large, `${parent}/model`, {
          shard: { index: 1, count: 2 },
          signal: AbortSignal.timeout(1),
        }),
      DOMException,
    );
    assertEquals(namesIn(`${parent}/model`), []);
  }));

Deno.test("files that were opened are closed", () =>
  withFolder(async (folder) => {
    await materialize(spec, folder);
    for (const read of Object.values(readers)) {
      const controller = new AbortController();
      const path = `${folder}/model.safetensors`;
      await assertRejects(
        () =>
          read(path as never, {
            signal: controller.signal,
            onProgress: () => controller.abort(reason),
          }),
        RangeError,
        "mine",
      );
    }
    // What the caller opened stays open.
    using checkpoint = await openCheckpoint(folder);
    await assertRejects(
      () => inspect(checkpoint, { signal: AbortSignal.abort(reason) }),
      RangeError,
    );
    assertEquals((await checkpoint.read("d")).numel(), 10);
  }));
