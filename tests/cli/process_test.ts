import { assert, assertEquals } from "@std/assert";
import { encodeSafetensors } from "../../lib/checkpoint/mod.ts";
import { empty, tensor } from "../../mod.ts";
import { inFolder, namesIn } from "../checkpoint/files/folder.ts";
import {
  canMount,
  type Outcome,
  runMounted,
} from "../checkpoint/files/mount.ts";

const root = new URL("../../", import.meta.url);
const entry = new URL("lib/cli/mod.ts", root).pathname;

/** The permissions of the task `cli`. */
const permissions = await (async () => {
  const { tasks } = JSON.parse(
    await Deno.readTextFile(new URL("deno.json", root)),
  );
  return tasks.cli.split(" ").filter((word: string) => word.startsWith("--"));
})();

/** Runs the command line in a process of its own, without a terminal. */
async function run(
  allowed: readonly string[],
  args: readonly string[],
): Promise<Outcome> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", ...allowed, entry, ...args],
    stdin: "null",
  }).output();
  const text = new TextDecoder();
  return { code, out: text.decode(stdout), error: text.decode(stderr) };
}

Deno.test("the task allows reading and writing, and asks for nothing", () => {
  assertEquals(permissions, ["--no-prompt", "--allow-read", "--allow-write"]);
});

Deno.test("fan, init without a file, and help need no permission", async () => {
  for (
    const [args, end] of [
      ["fan 33 16 3 3", "  fan out         = 33 · 9 = 297\n"],
      [
        "init normal 2 --seed 0",
        "normal float32 [2], seed 0 · std 1.297 of 1\n",
      ],
      ["init orthogonal 64 64 --dtype float64", " of 0.125\n"],
      ["--help", "2 wrong usage or a failure.\n"],
      ["compare --help", "model.npz --differing\n"],
    ]
  ) {
    const { code, out, error } = await run([], args.split(" "));
    assertEquals([code, error], [0, ""], args);
    assert(out.endsWith(end), out);
    // Without a terminal there are no colors.
    assert(!out.includes("\x1b"), out);
  }
});

inFolder("without a permission the message says which", async (folder) => {
  const path = `${folder}/a.safetensors`;
  await Deno.writeFile(path, encodeSafetensors({ w: tensor([1]) }));
  const reading = await run([], ["compare", path, path]);
  assertEquals(reading, {
    code: 2,
    out: "",
    error:
      `error: Cannot open "${path}": Requires read access to "${path}", run again with the --allow-read flag\n`,
  });
  const writing = await run(["--allow-read"], [
    "init",
    "ones",
    "3",
    "-o",
    path,
  ]);
  assertEquals([writing.code, writing.out], [2, ""]);
  assert(
    writing.error.startsWith(
      `error: Cannot write "${path}": Requires write access to `,
    ),
    writing.error,
  );
  assertEquals(namesIn(folder), ["a.safetensors"]);
});

inFolder("the exit code says whether there is a finding", async (folder) => {
  const path = `${folder}/a.safetensors`;
  const init = (value: string, to: string) =>
    run(permissions, ["init", "constant", "3", "--val", value, "-o", to]);
  assertEquals((await init("1", path)).code, 0);
  assertEquals((await init("2", `${folder}/b.safetensors`)).code, 0);
  const compare = (other: string) =>
    run(permissions, ["compare", path, `${folder}/${other}`]);
  assertEquals((await compare("a.safetensors")).code, 0);
  assertEquals((await compare("b.safetensors")).code, 1);
  assertEquals((await compare("c.safetensors")).code, 2);
  assertEquals((await run(permissions, ["compare"])).code, 2);
});

/** Runs a command, and sends a signal as soon as it has a temporary file. */
async function interrupted(
  folder: string,
  args: readonly string[],
  signal: Deno.Signal,
): Promise<{ code: number; error: string }> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", ...permissions, entry, ...args],
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const ended = child.output();
  let isRunning = true;
  ended.then(() => isRunning = false);
  const isPartial = (name: string) => name.endsWith(".partial");
  while (isRunning && !namesIn(folder).some(isPartial)) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  assert(isRunning, "it ended before the signal");
  child.kill(signal);
  const { code, stderr } = await ended;
  return { code, error: new TextDecoder().decode(stderr) };
}

const canSignal = Deno.build.os !== "windows";
if (!canSignal) console.log("NOT RUN: signals, on Windows");

for (const [signal, code] of [["SIGINT", 130], ["SIGTERM", 143]] as const) {
  Deno.test({
    name: `${signal} leaves the old file and no temporary one`,
    ignore: !canSignal,
    async fn() {
      const folder = await Deno.makeTempDir();
      const spec = `${folder}/spec.json`;
      const model = `${folder}/model`;
      await Deno.writeTextFile(
        spec,
        '[{"name": "w", "shape": [40000, 1000], "init": "normal"}]',
      );
      await Deno.mkdir(model);
      for (
        const [name, args] of [
          ["w.npy", ["init", "normal", "40000,1000", "-o", `${model}/w.npy`]],
          [
            "w.safetensors",
            ["init", "normal", "40000,1000", "-o", `${model}/w.safetensors`],
          ],
          ["model.safetensors", ["materialize", spec, "-o", model]],
        ] as const
      ) {
        await Deno.writeTextFile(`${model}/${name}`, "old");
        assertEquals(await interrupted(model, args, signal), {
          code,
          error: `error: Interrupted by ${signal}\n`,
        });
        assertEquals(namesIn(model), [name]);
        assertEquals(await Deno.readTextFile(`${model}/${name}`), "old");
        await Deno.remove(`${model}/${name}`);
      }
      await Deno.remove(folder, { recursive: true });
    },
  });
}

inFolder("a pipe that is closed ends it quietly", async (folder) => {
  if (Deno.build.os === "windows") {
    console.log("NOT RUN: a closed pipe, for want of a shell");
    return;
  }
  // The table is larger than what a pipe holds.
  const path = `${folder}/a.safetensors`;
  const names = Array.from({ length: 3000 }, (_, i) => `${"x".repeat(80)}${i}`);
  const tensors = Object.fromEntries(names.map((name) => [name, empty([])]));
  await Deno.writeFile(path, encodeSafetensors(tensors));
  const { stdout, stderr } = await new Deno.Command("sh", {
    args: [
      "-c",
      '{ "$@"; echo "code $?" >&2; } | head -n 1',
      "sh",
      Deno.execPath(),
      "run",
      ...permissions,
      entry,
      "compare",
      path,
      path,
    ],
  }).output();
  const text = new TextDecoder();
  assert(text.decode(stdout).startsWith("tensor  "), text.decode(stdout));
  assertEquals(text.decode(stderr), "code 2\n");
});

Deno.test({
  name:
    "a full disk and a read-only folder are reported, and the old file stays",
  ignore: !canMount,
  async fn() {
    const folder = await Deno.makeTempDir();
    const path = `${folder}/a.npy`;
    const args = ["run", ...permissions, entry, "init", "normal", "100000"];
    const mounts: [string, string][] = [
      [
        `mount -t tmpfs -o size=64k none ${folder}; printf old > ${path}`,
        "No space left on device (os error 28)",
      ],
      [
        `mount -t tmpfs none ${folder}; printf old > ${path}; mount -o remount,ro ${folder}`,
        "Read-only file system (os error 30)",
      ],
    ];
    for (const [mount, reason] of mounts) {
      for (const file of ["a.npy", "a.safetensors"]) {
        const outcome = await runMounted(
          mount,
          [...args, "-o", `${folder}/${file}`],
          `ls -A ${folder}; cat ${path}`,
        );
        assertEquals(outcome, {
          code: 2,
          out: "a.npy\nold",
          error: `error: Cannot write "${folder}/${file}": ${reason}\n`,
        });
      }
    }
    await Deno.remove(folder);
  },
});
