import { assert, assertEquals, assertRejects } from "@std/assert";
import { materialize } from "../../../lib/checkpoint/mod.ts";
import type { SpecEntry } from "../../../lib/checkpoint/materialize/spec.ts";
import { filesIn, inFolder, namesIn } from "../files/folder.ts";
import { entriesOf, mixed } from "./golden.ts";

const index = "model.safetensors.index.json";

/** Two tensors, in a file each. */
const two: readonly SpecEntry[] = ["a", "b"].map((name) => ({
  name,
  shape: [40, 50],
  init: "normal",
}));

function part(
  folder: string,
  i: number,
  { spec = two, seed = 1, count = 2 }: {
    readonly spec?: readonly SpecEntry[];
    readonly seed?: number;
    readonly count?: number;
  } = {},
): Promise<unknown> {
  return materialize(spec, folder, { seed, shard: { index: i, count } });
}

for (const [first, second] of [[0, 1], [1, 0]]) {
  inFolder(
    `part ${second} of another seed is not joined to part ${first}`,
    async (folder) => {
      await part(folder, first);
      const before = await filesIn(folder);
      await assertRejects(
        () => part(folder, second, { seed: 2 }),
        RangeError,
        `files that are there must be of this spec and seed 2; remove others, or name another folder, got model-0000${
          first + 1
        }-of-00002.safetensors with other values of "${"ab"[first]}"`,
      );
      assertEquals(await filesIn(folder), before);
      await part(folder, second);
      assertEquals(Object.keys(await filesIn(folder)).length, 3);
    },
  );
}

inFolder("a part of another spec is not joined", async (folder) => {
  await part(folder, 0);
  const before = await filesIn(folder);
  const changes: [Partial<SpecEntry>, string][] = [
    [{ init: "uniform" }, 'other values of "a"'],
    [{ options: { std: 0.5 } }, 'other values of "a"'],
    [{ name: "c" }, "other tensors"],
    [{ dtype: "float16" }, "other tensors"],
    [{ shape: [50, 40] }, "other tensors"],
  ];
  for (const [change, message] of changes) {
    const spec = [{ ...two[0], ...change }, two[1]];
    await assertRejects(() => part(folder, 1, { spec }), RangeError, message);
    assertEquals(await filesIn(folder), before);
  }
  // What makes no difference for the values is no other spec.
  const spec = [{ ...two[0], options: { mean: 0 } }, two[1]];
  await part(folder, 1, { spec });
  assert(namesIn(folder).includes(index));
});

inFolder("a complete model is not mixed afterwards", async (folder) => {
  await part(folder, 0);
  await part(folder, 1);
  const before = await filesIn(folder);
  await assertRejects(() => part(folder, 1, { seed: 2 }), RangeError);
  assertEquals(await filesIn(folder), before);
  await part(folder, 1);
  assertEquals(await filesIn(folder), before);
  // One process writes all files.
  await materialize(two, folder, { seed: 2, shardSize: 8000 });
  const after = await filesIn(folder);
  assertEquals(Object.keys(after), Object.keys(before));
  assert(
    after["model-00001-of-00002.safetensors"] !== Object.values(before)[0],
  );
});

inFolder("processes of two seeds at once leave no index", async (folder) => {
  for (let turn = 0; turn < 10; turn++) {
    const ended = await Promise.allSettled([
      part(folder, 0, { seed: 1 }),
      part(folder, 1, { seed: 2 }),
    ]);
    assert(ended.some(({ status }) => status === "rejected"));
    assertEquals(namesIn(folder).includes(index), false);
    for (const name of namesIn(folder)) await Deno.remove(`${folder}/${name}`);
  }
});

// How many words truncated normals take is known only by drawing them.
for (const order of [[0, 1, 2], [1, 0, 2], [2, 1, 0], [1, 2, 0]]) {
  inFolder(
    `of truncated normals, seeds 2, 1, 2 are not joined in the order ${order}`,
    async (folder) => {
      const spec = ["a", "b", "c"].map((name) => ({
        name,
        shape: [40, 50],
        init: "trunc_normal_",
      }));
      const ended: boolean[] = [];
      for (const i of order) {
        const seed = i === 1 ? 1 : 2;
        ended.push(
          await part(folder, i, { spec, seed, count: 3 })
            .then(() => true, (error) => {
              assert(error instanceof RangeError, String(error));
              return false;
            }),
        );
      }
      assert(ended.includes(false));
    },
  );
}

inFolder(
  "what follows truncated normals is not compared wrongly",
  async (folder) => {
    const spec = ["trunc_normal_", "normal", "normal", "uniform"].map((
      init,
      i,
    ) => ({ name: `w${i}`, shape: [40, 50], init }));
    const count = 4;
    for (const i of [3, 2, 1, 0]) await part(folder, i, { spec, count });
    assert(namesIn(folder).includes(index));
  },
);

inFolder("tensors of all kinds are found to be the same", async (folder) => {
  const spec = (await entriesOf(mixed))
    .filter(({ init }) => !/trunc/i.test(init));
  assert(spec.length > 20);
  const count = 4;
  const { seed } = mixed;
  for (const i of [3, 1, 0, 2]) await part(folder, i, { spec, seed, count });
  const names = namesIn(folder);
  assert(names.includes(index));
  await Deno.remove(`${folder}/${names[0]}`);
  const again = (seed: number) => part(folder, 0, { spec, seed, count });
  await assertRejects(() => again(seed + 1), RangeError, "other values");
  await again(seed);
});

inFolder("a broken file of another process is said so", async (folder) => {
  const path = `${folder}/model-00001-of-00002.safetensors`;
  await Deno.writeTextFile(path, "half");
  await assertRejects(
    () => part(folder, 1),
    SyntaxError,
    "model-00001-of-00002.safetensors",
  );
  assertEquals(await Deno.readTextFile(path), "half");
});
