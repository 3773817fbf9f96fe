import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { filesIn, inFolder, namesIn } from "../checkpoint/files/folder.ts";
import { gpt2, mixed } from "../checkpoint/materialize/golden.ts";
import { runCommand } from "./fake_terminal.ts";

const gpt2Spec =
  new URL("../../notebooks/specs/gpt2.json", import.meta.url).pathname;
const mixedSpec = new URL(`../../${mixed.spec}`, import.meta.url).pathname;

Deno.test("materialize --dry-run shows files, words and who writes them", async () => {
  const { code, out, error } = await runCommand(
    ["materialize", gpt2Spec, "--dry-run", "--shard", "0/4"],
  );
  assertEquals({ code, error }, { code: 0, error: "" });
  assertEquals(
    out,
    `file                              tensors   bytes      words  shard
model-00001-of-00004.safetensors        1  154 MB   38597376    0/4
model-00002-of-00004.safetensors       53  124 MB   30867456    1/4
model-00003-of-00004.safetensors       52  116 MB   28901376    2/4
model-00004-of-00004.safetensors       42  104 MB   25952256    3/4
total                                 148  498 MB  124318464
`,
  );
});

Deno.test("materialize --dry-run says what is not known, and what takes memory", async () => {
  const { out } = await runCommand(
    ["materialize", mixedSpec, "--dry-run"],
  );
  assertMatch(out, /^model\.safetensors +36 +51\.8 MB +≥ 9228630$/m);
  assertStringIncludes(out, "made at once takes 151 kB of memory");
});

Deno.test("materialize --dry-run --json has each tensor", async () => {
  const { out } = await runCommand(
    [
      "materialize",
      gpt2Spec,
      "--dry-run",
      "--json",
      "--dtype",
      "bfloat16",
      "--seed",
      "-1",
    ],
  );
  const { seed, bytes, files } = JSON.parse(out);
  assertEquals([seed, bytes, files.length], ["-1", 2 * 124_439_808, 1]);
  assertEquals(files[0].tensors[4], {
    name: "transformer.h.0.attn.c_attn.weight",
    dtype: "bfloat16",
    shape: [768, 2304],
    init: "normal",
    bytes: 2 * 768 * 2304,
    words: 768 * 2304,
  });
});

inFolder(
  "materialize writes PyTorch's bytes, alone or by four",
  async (folder) => {
    const hashes: Record<string, string> = {};
    const args = ["--seed", String(gpt2.seed), "--hash"];
    for (const shard of ["2/4", "0/4", "3/4", "1/4"]) {
      const { code, out, error } = await runCommand([
        "materialize",
        gpt2Spec,
        ...args,
        "-o",
        `${folder}/model`,
        "--shard",
        shard,
        "--json",
      ]);
      assertEquals(code, 0, error);
      assertMatch(error, /^1 file of 4 in .*\/model: 1\d\d MB in [\d.]+ s, /);
      for (const { isOwn, tensors } of JSON.parse(out).files) {
        for (const { name, sha256 } of tensors) {
          assertEquals(sha256 !== undefined, isOwn);
          if (isOwn) hashes[name] = sha256;
        }
      }
    }
    const expected = gpt2.tensors.map((row) => [
      row.name,
      "sha256" in row ? row.sha256 : "",
    ]);
    assertEquals(hashes, Object.fromEntries(expected));
    assertEquals(namesIn(`${folder}/model`).length, 5);
    const one = await runCommand(
      ["materialize", gpt2Spec, ...args, "-o", `${folder}/one`],
    );
    assertEquals(
      one.out,
      expected.map(([name, hash]) => `${hash}  ${name}\n`).join(""),
    );
  },
);

inFolder(
  "materialize is the same with more workers, and shows progress",
  async (folder) => {
    const run = (...args: string[]) =>
      runCommand(["materialize", mixedSpec, "--shard-size", "20MB", ...args], {
        showsStatus: true,
      });
    const one = await run("-o", `${folder}/one`);
    await run("-o", `${folder}/two`, "--workers=2");
    assertEquals(
      await filesIn(`${folder}/two`),
      await filesIn(`${folder}/one`),
    );
    assertEquals(one.out, "");
    assertMatch(one.error, /\[K {2}\d % .* of 51\.8 MB/);
    assertMatch(one.error, /\[K3 files of 3 in .*: 51\.8 MB in /);
  },
);

for (
  const [args, message] of [
    [[], "one spec must be named, got 0"],
    [["a", "b"], "one spec must be named, got 2"],
    [[gpt2Spec], "-o <folder> or --dry-run must be given"],
    [[gpt2Spec, "-o", "x", "--shard", "4/4"], "i from 0 to n - 1"],
    [[gpt2Spec, "-o", "x", "--shard", "1"], "i from 0 to n - 1"],
    [[gpt2Spec, "-o", "x", "--shard", "0/0"], "i from 0 to n - 1"],
    [[gpt2Spec, "-o", "x", "--shard-size", "2XB"], "a size such as"],
    [[gpt2Spec, "-o", "x", "--seed", "1.5"], "a whole number"],
    [[gpt2Spec, "-o", "x", "--workers", "0"], "at least 1"],
    [[gpt2Spec, "-o", "x", "--dtype", "int8"], "one of float32"],
    [[gpt2Spec, "--dry-rum"], "did you mean --dry-run"],
    [["no/such.json", "--dry-run"], 'Cannot read "no/such.json"'],
    [
      [new URL("../../README.md", import.meta.url).pathname, "--dry-run"],
      "Cannot read a spec",
    ],
  ] as const
) {
  Deno.test(`materialize says what is wrong: ${message}`, async () => {
    const { code, out, error } = await runCommand(["materialize", ...args]);
    assertEquals([code, out], [2, ""]);
    assertStringIncludes(error, message);
    assert(error.startsWith("error: "));
  });
}

inFolder("materialize does not write over its spec", async (folder) => {
  const spec = '[{"name": "w", "shape": [3], "init": "ones"}]';
  for (const name of ["model.safetensors", "model.safetensors.index.json"]) {
    const path = `${folder}/${name}`;
    await Deno.writeTextFile(path, spec);
    const { code, error } = await runCommand([
      "materialize",
      path,
      "-o",
      folder,
    ]);
    assertEquals(code, 2);
    assertStringIncludes(error, "must be no file that is read, got ");
    assertEquals(namesIn(folder), [name]);
    assertEquals(await Deno.readTextFile(path), spec);
    await Deno.remove(path);
  }
});
