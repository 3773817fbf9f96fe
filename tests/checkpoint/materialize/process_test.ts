import { assert, assertEquals } from "@std/assert";
import { materialize } from "../../../lib/checkpoint/mod.ts";
import { filesIn, inFolder, namesIn } from "../files/folder.ts";
import { entriesOf, mixed } from "./golden.ts";

const { seed } = mixed;
const shardSize = 8e6;
const root = new URL("../../../", import.meta.url);
const index = "model.safetensors.index.json";

/** Runs `child.ts`. */
async function run(
  spec: string,
  folder: string,
  options: object,
  last?: number,
): Promise<{ signal: Deno.Signal | null; text: string }> {
  const { signal, stdout, stderr, success } = await new Deno.Command(
    Deno.execPath(),
    {
      args: [
        "run",
        "-A",
        "tests/checkpoint/materialize/child.ts",
        spec,
        folder,
        JSON.stringify(options),
        ...(last === undefined ? [] : [String(last)]),
      ],
      cwd: root,
    },
  ).output();
  const text = new TextDecoder();
  if (!success && signal === null) throw new Error(text.decode(stderr));
  return { signal, text: text.decode(stdout) };
}

inFolder(
  "a process that is killed leaves whole files, and the next run is as the first",
  async (folder) => {
    const [whole, other, killed] = ["whole", "other", "killed"]
      .map((name) => `${folder}/${name}`);
    const spec = await entriesOf(mixed);
    await materialize(spec, whole, { seed, shardSize });
    await materialize(spec, other, { seed: seed + 1, shardSize });
    await Deno.mkdir(killed);
    for (const name of namesIn(other)) {
      await Deno.copyFile(`${other}/${name}`, `${killed}/${name}`);
    }
    const [expected, old] = await Promise.all([whole, other].map(filesIn));
    const { signal } = await run(
      mixed.spec,
      killed,
      { seed, shardSize },
      20e6,
    );
    assertEquals(signal, "SIGKILL");
    const partial = namesIn(killed).filter((name) => name.endsWith(".partial"));
    assertEquals(partial.length, 1);
    // Files of two models, but no index that would take them for one.
    const found = await filesIn(killed);
    assertEquals(index in found, false);
    const names = Object.keys(found).filter((name) => !partial.includes(name));
    assertEquals([...names, index], Object.keys(expected));
    const isNew = names.map((name) => found[name] === expected[name]);
    assert(isNew[0] && !isNew.at(-1));
    assert(names.every((name, i) => isNew[i] || found[name] === old[name]));
    await run(mixed.spec, killed, { seed, shardSize });
    assertEquals(await filesIn(killed), expected);
  },
);

inFolder("what another process is writing stays", async (folder) => {
  const spec = await entriesOf(mixed);
  const count = 2;
  const beside = (file: number) =>
    `.model-${
      String(file).padStart(5, "0")
    }-of-00011.safetensors.${crypto.randomUUID()}.partial`;
  const [own, others] = [beside(1), beside(11)];
  for (const name of [own, others]) {
    await Deno.writeTextFile(`${folder}/${name}`, "half");
  }
  const shard = { index: 0, count };
  await materialize(spec, folder, { seed, shardSize, shard });
  assertEquals(namesIn(folder).includes(own), false);
  assertEquals(namesIn(folder).includes(others), true);
});

const isLinux = Deno.build.os === "linux";
if (!isLinux) console.log("NOT RUN: the memory of a process, outside Linux");

for (const workers of [1, 2]) {
  Deno.test({
    name: `250 MB in ${workers} threads take less than 220 MB of memory`,
    ignore: !isLinux,
    async fn() {
      const folder = await Deno.makeTempDir();
      const spec = `${folder}/spec.json`;
      await Deno.writeTextFile(
        spec,
        JSON.stringify([
          ["normal", "float32", {}],
          ["uniform", "bfloat16", { high: 3 }],
          ["truncNormal", "float32", { low: -1 }],
          ["sparse", "float16", { sparsity: 0.1 }],
        ].map(([init, dtype, options]) => ({
          name: init,
          shape: [8192, 2560],
          init,
          dtype,
          options,
        }))),
      );
      try {
        const { text } = await run(spec, `${folder}/model`, { workers });
        const peak = Number(text) / 1000;
        assert(peak > 20 && peak < 220, `it took ${peak} MB`);
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    },
  });
}
