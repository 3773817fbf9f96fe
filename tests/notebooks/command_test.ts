import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { join } from "node:path";
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
  });
}

async function run(
  cwd: string,
  args: readonly string[],
  env: Record<string, string> = {},
) {
  const { code, stdout, stderr } = await command(cwd, args, env).output();
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
  for (
    const args of [["--chekc"], ["--check", "--write"], ["--timeout", "no"], [
      "--timeout=-1",
    ]]
  ) {
    const wrong = await run(folder.path, args);
    assertEquals([wrong.code, wrong.out], [2, ""], args.join(" "));
    assertStringIncludes(wrong.err, "Usage:");
  }
  assertEquals(filesIn(folder.path), []);
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

Deno.test("an interrupted run leaves the notebook as it was, and no kernel", async () => {
  await using folder = await scratchFolder();
  const source =
    `Deno.writeTextFileSync("pid", String(Deno.pid)); Deno.renameSync("pid", "kernel");\nawait new Promise(() => setInterval(() => {}, 1000));`;
  const text = notebookOf(source);
  const file = folder.file("a.ipynb", text);
  const watcher = Deno.watchFs(folder.path);
  const child = command(folder.path, ["--write", file]).spawn();
  for await (const { paths } of watcher) {
    if (paths.includes(join(folder.path, "kernel"))) break;
  }
  const pid = Number(Deno.readTextFileSync(join(folder.path, "kernel")));
  assert(isRunning(pid));
  child.kill("SIGINT");
  const { code, stdout } = await child.output();
  assertEquals([code, new TextDecoder().decode(stdout)], [130, ""]);
  assert(!isRunning(pid));
  assertEquals(Deno.readTextFileSync(file), text);
  assertEquals(filesIn(folder.path).length, 2);
});
