import { assertEquals } from "@std/assert";
import { filesBelow, graphOf, root } from "./graph.ts";

/** Files that may use Deno's own API when they are called. */
const usesDeno =
  /^lib\/(cli\/|checkpoint\/(open|write|materialize\/materialize)\.ts$)/;

/** What of Deno's API reads and writes checkpoints. */
const denoFiles = `
declare namespace Deno {
  interface FileInfo {
    readonly isFile: boolean;
    readonly isDirectory: boolean;
    readonly size: number;
  }
  interface FsFile {
    stat(): Promise<FileInfo>;
    seek(offset: number, whence: SeekMode): Promise<number>;
    seekSync(offset: number, whence: SeekMode): number;
    read(bytes: Uint8Array): Promise<number | null>;
    write(bytes: Uint8Array): Promise<number>;
    writeSync(bytes: Uint8Array): number;
    sync(): Promise<void>;
    syncData(): Promise<void>;
    close(): void;
  }
  interface OpenOptions {
    readonly write?: boolean;
    readonly createNew?: boolean;
  }
  enum SeekMode {
    Start = 0,
  }
  const errors: Readonly<
    Record<"BrokenPipe" | "NotFound", new (message: string) => Error>
  >;
  function open(path: string, options?: OpenOptions): Promise<FsFile>;
  function openSync(path: string, options?: OpenOptions): FsFile;
  function stat(path: string): Promise<FileInfo>;
  function readDir(
    path: string,
  ): AsyncIterable<{ readonly name: string; readonly isFile: boolean }>;
  function rename(from: string, to: string): Promise<void>;
  function remove(path: string): Promise<void>;
  function mkdir(
    path: string,
    options: { readonly recursive: boolean },
  ): Promise<void>;
}
`;

Deno.test("mod.ts loads no package and no file outside lib/", async () => {
  const { modules } = await graphOf("mod.ts");
  assertEquals(
    modules.filter((module) => module !== "mod.ts" && !/^lib\//.test(module)),
    [],
  );
});

Deno.test("lib/ loads two packages, parse-args and plotly's text, and Node's hashes", async () => {
  const { edges } = await graphOf(...filesBelow("lib", ".ts"));
  const loads = edges.filter(({ from, to }) =>
    from.startsWith("lib/") && !to.startsWith("lib/")
  ).map(({ from, to }) => `${from} ${to.replace(/@[^@]*$/, "")}`).sort();
  assertEquals(loads, [
    "lib/checkpoint/materialize/materialize.ts node:crypto",
    "lib/cli/arguments.ts tests/std/cli/parse_args.ts",
    "lib/notebook/plotly.ts npm:plotly.js-cartesian-dist-min",
  ]);
});

Deno.test("loading mod.ts needs no permission and touches no Deno API", async () => {
  const { code, stdout, stderr } = await deno(
    "run",
    "--no-prompt",
    "tests/structure/load.ts",
  );
  assertEquals({ stderr, stdout, code }, {
    stderr: "",
    stdout: "loaded\n",
    code: 0,
  });
});

// Without the types of Deno, each mention of `Deno.…` is a type error, but for the
// few names in `denoFiles`.
Deno.test("lib/ type-checks with the types of a browser alone", async () => {
  const names = await Deno.makeTempFile({ suffix: ".d.ts" });
  await Deno.writeTextFile(names, denoFiles);
  const files = filesBelow("lib", ".ts").filter((file) =>
    !file.startsWith("lib/cli/")
  );
  const { stderr, code } = await deno(
    "check",
    "--config",
    "tests/structure/browser.json",
    names,
    "mod.ts",
    ...files,
  );
  await Deno.remove(names);
  assertEquals(stderr.replaceAll(/^Check .*\n/gm, ""), "");
  assertEquals(code, 0);
});

Deno.test("in lib/, only lib/notebook/ reaches for globalThis", () => {
  const found = filesBelow("lib", ".ts").filter((file) =>
    !usesDeno.test(file) && !file.startsWith("lib/notebook/") &&
    /\b(globalThis|global|self|window)\b\s*(\.|\[|as\b)/.test(read(file))
  );
  assertEquals(found, []);
});

function read(file: string): string {
  return Deno.readTextFileSync(new URL(file, root));
}

async function deno(...args: string[]) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args,
    cwd: root,
    env: { NO_COLOR: "1" },
  }).output();
  const text = new TextDecoder();
  return { code, stdout: text.decode(stdout), stderr: text.decode(stderr) };
}
