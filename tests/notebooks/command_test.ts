import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { dirname, join } from "node:path";
import { parseNotebook } from "../../notebooks/runner/notebook.ts";
import { isRunning, notebookOf, scratchFolder } from "./scratch.ts";

const COMMAND = join(
  import.meta.dirname ?? "",
  "..",
  "..",
  "notebooks",
  "run.ts",
);

/** Returns a `deno run notebooks/run.ts` that is ready to start in a folder. */
function command(
  cwd: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Deno.Command {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", COMMAND, ...args],
    cwd,
    env: { NO_COLOR: "1", ...env },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    // A group of its own, as a terminal makes one.
    detached: Deno.build.os !== "windows",
  });
}

/** Ends a run that takes longer than anything should, in milliseconds. */
const HANGS = 120_000;

async function run(
  cwd: string,
  args: readonly string[],
  env: Record<string, string> = {},
) {
  return await ended(command(cwd, args, env).spawn());
}

/** Waits for the end of a run, and kills it if it does not come. */
async function ended(child: Deno.ChildProcess) {
  const timer = setTimeout(() => child.kill("SIGKILL"), HANGS);
  const { code, stdout, stderr } = await child.output();
  clearTimeout(timer);
  const [out, err] = [stdout, stderr].map((bytes) =>
    new TextDecoder().decode(bytes)
  );
  return { code, out, err };
}

/** Returns the paths of all files below a folder. */
function filesIn(folder: string): string[] {
  return Array.from(Deno.readDirSync(folder)).flatMap(({ name, isDirectory }) =>
    isDirectory ? filesIn(join(folder, name)) : [join(folder, name)]
  );
}

const TWO = notebookOf(`console.log("one");`, `const two = 1 + 1;\ntwo`);

Deno.test("help and wrong usage", async () => {
  await using folder = await scratchFolder();
  const help = await run(folder.path, ["--help"]);
  assertEquals([help.code, help.err], [0, ""]);
  assertStringIncludes(help.out, "Usage: deno run -A notebooks/run.ts");
  folder.file("a.ipynb", TWO);
  const wrong = await run(folder.path, ["--out", ".", "a.ipynb"]);
  assertEquals([wrong.code, wrong.out], [2, ""]);
  assertStringIncludes(wrong.err, "Usage:");
  assertEquals(filesIn(folder.path), [join(folder.path, "a.ipynb")]);
});

Deno.test("a run writes notebook and page to out/, says so, and leaves the notebook and the home alone", async () => {
  await using folder = await scratchFolder();
  await using home = await scratchFolder();
  const info = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json"],
  }).output();
  const { denoDir } = JSON.parse(new TextDecoder().decode(info.stdout));
  folder.file("two.ipynb", TWO);
  const homes = {
    HOME: home.path,
    USERPROFILE: home.path,
    XDG_DATA_HOME: "",
    XDG_CACHE_HOME: "",
    DENO_DIR: denoDir,
  };
  const { code, out, err } = await run(folder.path, ["two.ipynb"], homes);
  assertEquals(code, 0);
  assertEquals(out, `Open in a browser:\n  ${join("out", "two.html")}\n`);
  assertMatch(
    err,
    /^two: cell 1 of 2, \d+\.\d s\ntwo: cell 2 of 2, \d+\.\d s\ntwo: done, \d+\.\d s\n$/,
  );
  assertEquals(
    filesIn(folder.path).sort(),
    ["out/two.html", "out/two.ipynb", "two.ipynb"].map((file) =>
      join(folder.path, file)
    ),
  );
  assertEquals(Deno.readTextFileSync(join(folder.path, "two.ipynb")), TWO);
  assertEquals(filesIn(home.path), []);
});

Deno.test("--write then --check agree, and a second --write changes no byte", async () => {
  await using folder = await scratchFolder();
  const file = folder.file("two.ipynb", TWO);
  assertEquals((await run(folder.path, ["--write", file])).code, 0);
  const first = Deno.readTextFileSync(file);
  assertEquals(
    Deno.readTextFileSync(join(folder.path, "out", "two.ipynb")),
    first,
  );
  const page = Deno.readTextFileSync(join(folder.path, "out", "two.html"));
  assertEquals((await run(folder.path, ["--check", file])).code, 0);
  assertEquals((await run(folder.path, ["--write", file])).code, 0);
  assertEquals(Deno.readTextFileSync(file), first);
  assertEquals(
    Deno.readTextFileSync(join(folder.path, "out", "two.html")),
    page,
  );
});

Deno.test("--check finds a changed output and says where", async () => {
  await using folder = await scratchFolder();
  const file = folder.file("two.ipynb", TWO);
  await run(folder.path, ["--write", file]);
  const old = Deno.readTextFileSync(file).replace("one\\n", "eno\\n");
  Deno.writeTextFileSync(file, old);
  const { code, err } = await run(folder.path, ["--check", file]);
  assertEquals(code, 1);
  assertStringIncludes(
    err,
    `Cell 1 differs in output 1, text, line 1:\n  in the file: "eno"\n  now:         "one"\n`,
  );
  assertEquals(Deno.readTextFileSync(file), old);
});

Deno.test("--check and --write refuse a path of the machine", async () => {
  await using folder = await scratchFolder();
  const text = notebookOf("1", "console.log(Deno.cwd());");
  const file = folder.file("path.ipynb", text);
  for (const flag of ["--write", "--check"]) {
    const { code, err } = await run(folder.path, [flag, file]);
    assertEquals(code, 1);
    assertStringIncludes(
      err,
      "Cell 2: its outputs name a path of this machine, ",
    );
    assertEquals(Deno.readTextFileSync(file), text);
  }
  assertEquals((await run(folder.path, [file])).code, 0);
});

Deno.test("cells without their checkpoint are neither checked nor written, and are reported", async () => {
  await using folder = await scratchFolder();
  const show = (text: string) =>
    notebookOf(
      `console.log("before");`,
      `console.log(${JSON.stringify(text)});`,
    );
  const file = folder.file("a.ipynb", show("weights"));
  await run(folder.path, ["--write", file]);
  const committed = Deno.readTextFileSync(file);
  const missing = committed.replace(
    `console.log(\\"weights\\")`,
    `console.log(\\"NOT INSTALLED: a model\\")`,
  );
  assert(missing !== committed);
  Deno.writeTextFileSync(file, missing);
  const checked = await run(folder.path, ["--check", file]);
  assertEquals(checked.code, 0, checked.err);
  assertStringIncludes(
    checked.err,
    "NOT RUN: cells 2: their checkpoint is not installed\n",
  );
  const written = await run(folder.path, ["--write", file]);
  assertEquals(written.code, 1);
  assertStringIncludes(written.err, "Not written: a checkpoint is missing");
  assertEquals(Deno.readTextFileSync(file), missing);
  Deno.writeTextFileSync(file, missing.replace("before\\n", "after\\n"));
  const other = await run(folder.path, ["--check", file]);
  assertEquals(other.code, 1);
  assertStringIncludes(other.err, "Cell 1 differs");
});

Deno.test("a failed cell leaves the notebook as it was, and the next notebook runs", async () => {
  await using folder = await scratchFolder();
  const text = notebookOf(`throw new RangeError("bad");`);
  const file = folder.file("a.ipynb", text);
  const { code, out, err } = await run(folder.path, [
    "--write",
    file,
    folder.file("b.ipynb", TWO),
    "none.ipynb",
  ]);
  assertEquals(code, 1);
  assertStringIncludes(err, "Cell 1 failed: RangeError: bad");
  assertStringIncludes(err, "none.ipynb: ");
  assertEquals(
    out,
    `Open in a browser:\n  ${join("out", "a.html")}\n  ${
      join("out", "b.html")
    }\n`,
  );
  assertEquals(Deno.readTextFileSync(file), text);
  assertStringIncludes(
    Deno.readTextFileSync(join(folder.path, "out", "a.html")),
    "RangeError: bad",
  );
});

Deno.test("long lines, late errors and a long limit do not stop a run", async () => {
  await using folder = await scratchFolder();
  const file = folder.file(
    "a.ipynb",
    notebookOf(
      `console.log("y".repeat(3_000_000)); "done"`,
      `const ${"z".repeat(200_000)} = 1;`,
      `Promise.reject(new Error("one"));\nsetTimeout(() => { throw new Error("two"); }, 0);`,
      `setTimeout(() => { throw new Error("three"); }, 20);\nawait new Promise((resolve) => setTimeout(resolve, 200));`,
      `"all"`,
    ),
  );
  const { code, err } = await run(folder.path, ["--timeout=2500000", file]);
  assertEquals(code, 0, err);
  const path = join(folder.path, "out", "a.ipynb");
  const { cells } = parseNotebook(Deno.readTextFileSync(path));
  const texts = cells.map(({ outputs }) => JSON.stringify(outputs));
  assertStringIncludes(texts[0], "y".repeat(3_000_000));
  assertStringIncludes(texts[0], "done");
  assertStringIncludes(texts[4], "all");
  assertStringIncludes(texts[2], "Uncaught Error: two");
  assertStringIncludes(texts[3], "Uncaught Error: three");
  assertEquals(texts[2].includes("(ext:"), false);
});

Deno.test("broken notebooks are refused before they run, each with what is wrong", async () => {
  await using folder = await scratchFolder();
  const cell = { cell_type: "code", metadata: {}, source: "1" };
  const broken: Record<string, [string, string]> = {
    "json.ipynb": ["{", "it must be JSON"],
    "kind.ipynb": [
      notebookWith({ ...cell, cell_type: `x"><script>` }),
      `cell_type of cell 1 must be code, markdown or raw, got "x\\"><script>"`,
    ],
    "list.ipynb": [
      notebookWith({ ...cell, metadata: [] }),
      "metadata of cell 1 must be an object, got []",
    ],
    "three.ipynb": [
      `{ "nbformat": 3, "worksheets": [] }`,
      "nbformat must be 4, got 3",
    ],
  };
  for (const [name, [text]] of Object.entries(broken)) folder.file(name, text);
  Deno.writeFileSync(
    join(folder.path, "bytes.ipynb"),
    new TextEncoder().encode(notebookOf(`"\x80"`)).map((byte) =>
      byte === 0xc2 ? 0x20 : byte
    ),
  );
  const { code, out, err } = await run(folder.path, ["."]);
  assertEquals([code, out], [1, ""], err);
  const reasons = Object.entries(broken).map(([name, [, why]]) => [name, why]);
  for (
    const [name, why] of [...reasons, ["bytes.ipynb", "it must be UTF-8"]]
  ) {
    assertStringIncludes(err, `${name}: Cannot read the notebook: ${why}`);
  }
  assertEquals(err.match(/cell \d+ of/g), null);
});

Deno.test("notebooks of one name keep apart, and paths are the caller's", async () => {
  await using folder = await scratchFolder();
  for (const name of ["a", "b"]) {
    Deno.mkdirSync(join(folder.path, name));
    folder.file(join(name, "n.ipynb"), notebookOf(`"from ${name}"`));
  }
  const { code, out, err } = await run(
    join(import.meta.dirname ?? "", "..", ".."),
    [join("a", "n.ipynb"), "b", join("a", ".", "n.ipynb")],
    { INIT_CWD: folder.path },
  );
  assertEquals(code, 0, err);
  const pages = ["a", "b"].map((name) => join("out", name, "n.html"));
  assertEquals(out, `Open in a browser:\n  ${pages.join("\n  ")}\n`);
  pages.forEach((page, index) =>
    assertStringIncludes(
      Deno.readTextFileSync(join(folder.path, page)),
      `from ${"ab"[index]}`,
    )
  );
});

const START =
  `Deno.writeTextFileSync("pid", String(Deno.pid)); Deno.renameSync("pid", "kernel");\n`;
const WAIT = "await new Promise(() => setInterval(() => {}, 1000));";
const stubborn: Record<string, string> = {
  "a cell that waits": START + WAIT,
  "a cell that never stops": `${START}while (true);`,
  "a kernel that ignores signals":
    `for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) Deno.addSignalListener(signal, () => {});\n${START}${WAIT}`,
};

for (const [what, source] of Object.entries(stubborn)) {
  Deno.test({
    name: `an interrupt ends ${what}, and leaves the notebook as it was`,
    ignore: Deno.build.os === "windows",
    async fn() {
      await using folder = await scratchFolder();
      const text = notebookOf(source);
      const file = folder.file("a.ipynb", text);
      const kernel = join(folder.path, "kernel");
      const { code, out } = await interrupted(
        command(folder.path, ["--write", file]),
        kernel,
      );
      assertEquals([code, out], [130, ""]);
      assert(!isRunning(Number(Deno.readTextFileSync(kernel))));
      assertEquals(Deno.readTextFileSync(file), text);
      assertEquals(filesIn(folder.path).length, 2);
    },
  });
}

Deno.test({
  name: "an interrupt while the kernel starts leaves no process and no file",
  ignore: Deno.build.os !== "linux",
  async fn() {
    await using folder = await scratchFolder();
    await using temporary = await scratchFolder();
    const file = folder.file("a.ipynb", TWO);
    const { code, out } = await interrupted(
      command(folder.path, [file], { TMPDIR: temporary.path }),
      join(temporary.path, "fanin_kernel_"),
    );
    assertEquals([code, out], [130, ""]);
    assertEquals(filesIn(temporary.path), []);
    assertEquals(processesThatName(temporary.path), []);
  },
});

/** Runs a command until there is a path that begins so, and sends what Ctrl-C sends. */
async function interrupted(
  command: Deno.Command,
  beginning: string,
) {
  const watcher = Deno.watchFs(dirname(beginning));
  const child = command.spawn();
  for await (const { paths } of watcher) {
    if (paths.some((path) => path.startsWith(beginning))) break;
  }
  Deno.kill(-child.pid, "SIGINT");
  return await ended(child);
}

/** Returns the command lines of Linux's processes that contain a text. */
function processesThatName(text: string): string[] {
  return Array.from(Deno.readDirSync("/proc")).flatMap(({ name }) => {
    try {
      const line = Deno.readTextFileSync(`/proc/${name}/cmdline`);
      return line.includes(text) ? [line] : [];
    } catch {
      return []; // It is no process, or has ended.
    }
  });
}

function notebookWith(cell: unknown): string {
  return JSON.stringify({ cells: [cell], metadata: {}, nbformat: 4 });
}
