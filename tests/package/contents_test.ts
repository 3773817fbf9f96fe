import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { bundle } from "../../notebooks/bundle.ts";
import { entriesOf, readConfig } from "../../notebooks/package.ts";
import { install, type Project, run, tarball } from "./project.ts";

/**
 * What is newer than the oldest engines: Node 22, Chrome 119, Firefox 121 and
 * Safari 17.4, the first three browsers with `Promise.withResolvers`.
 */
const tooNew: readonly RegExp[] = [
  /\.toHex\(|\.setFromHex\(|\.toBase64\(|\.fromHex\(|\.fromBase64\(/,
  /\bRegExp\.escape\b|\(\?[ims]*-[ims]+:|\(\?[ims]+:/,
  /^\s*(await )?using [\w$]+ =/m,
  /\bPromise\.try\b|\bError\.isError\b|\bMath\.(f16round|sumPrecise)\b/,
  /\bIterator\.(from|concat|zip)\b|\.(keys|values|entries)\(\)\.(map|filter|take|drop|flatMap|reduce|toArray|forEach|some|every|find)\(/,
  /\bnew Float16Array\b|\.getOrInsert(Computed)?\(|\bTemporal\./,
  /\.(isSubsetOf|isSupersetOf|isDisjointFrom|symmetricDifference)\(/,
  /\bArray\.fromAsync\b/,
  /\b(Async)?DisposableStack\b/,
];

/** Names all that the entry points export. */
const everything = (names: readonly string[]) =>
  names.map((name, index) =>
    `import * as all${index} from ${JSON.stringify(name)};
export const value${index}: object = all${index};`
  ).join("\n") + right;

const right = `
import { fan, initModel, nn, openCheckpoint, plot, startWorkers } from "@fanin/fanin";
const layer: nn.Module = new nn.Conv2d(16, 33, 3, { stride: 2 });
export const fanIn: number = fan(new nn.Linear(1, 2)).fanIn;
export const page: Promise<string> = plot.weights(layer).toHtml();
export const closed = openCheckpoint("a.npy").then((opened) => opened.close());
export const others = startWorkers(2).then(({ count }) => count);
export const built: Promise<nn.Linear> = initModel(() => new nn.Linear(2, 3));
// @ts-expect-error: there is no such mode
plot.weights(layer, { mode: "none" });
`;

const config = await readConfig();
const names = (await entriesOf()).map(({ name }) =>
  `${config.name}${name.slice(1)}`
);
const project = await install(
  "esbuild@0.28",
  "publint@0.3",
  "@arethetypeswrong/cli@0.18",
);
const packed = await tarball();
const contents = await unpacked();

inProject("publint finds nothing", project, async ({ bin }) => {
  const { code, out } = await bin("publint", "--strict", packed);
  assertEquals(code, 0, out);
  assertStringIncludes(out, "All good!");
});

inProject("no types are wrong", project, async ({ bin }) => {
  const { code, out } = await bin("attw", "--profile=esm-only", packed);
  assertEquals(code, 0, out);
});

for (const version of ["5.7", "latest"]) {
  const typed = await install(`typescript@${version}`);
  inProject(
    `strict TypeScript ${version} takes each entry point`,
    typed,
    async ({ folder, bin }) => {
      await Deno.writeTextFile(`${folder}/all.ts`, everything(names));
      for (
        const [module, moduleResolution] of [
          ["nodenext", "nodenext"],
          ["esnext", "bundler"],
        ]
      ) {
        const compilerOptions = {
          lib: ["es2022", "dom"],
          module,
          moduleResolution,
          noEmit: true,
          strict: true,
          target: "es2022",
          types: [],
        };
        await Deno.writeTextFile(
          `${folder}/tsconfig.json`,
          JSON.stringify({ compilerOptions, files: ["all.ts"] }),
        );
        const { code, out } = await bin("tsc");
        assertEquals([code, out], [0, ""], module);
      }
    },
  );
}

inProject("fan alone takes at most 80 kB", project, async (project) => {
  const size = await staticSize(
    project,
    `import { fan } from "@fanin/fanin"; console.log(fan([3, 4]));`,
  );
  console.log(`fan alone: ${size} bytes`);
  assert(size <= 80_000, `${size}`);
  // What is measured grows with what is used.
  const all = await staticSize(
    project,
    `import * as all from "@fanin/fanin"; console.log(all);`,
  );
  console.log(`all of it: ${all} bytes`);
  assert(all > 150_000, `${all}`);
});

Deno.test("declarations name no library that is newer than ES2022", () => {
  const found = contents.filter(([name, text]) =>
    name.endsWith(".d.ts") &&
    /\bDisposable\b|\bAsyncDisposable\b|Symbol\.dispose|: Float16Array\b|\bIteratorObject\b/
      .test(withoutComments(text))
  );
  assertEquals(found.map(([name]) => name), []);
});

Deno.test("the code uses nothing newer than the oldest engines", () => {
  const found = contents.filter(([name]) =>
    name.endsWith(".js") && !name.endsWith("plotly_text.js")
  ).flatMap(([name, text]) => newIn(text).map((use) => `${name}: ${use}`));
  assertEquals(found, []);
});

Deno.test("what is too new is found", () => {
  const uses = [
    "bytes.toHex()",
    "RegExp.escape(text)",
    "/(?i:a)b/",
    "  using file = open();",
    "  await using file = open();",
    "Promise.try(act)",
    "map.values().map(half)",
    "new Float16Array(2)",
    "a.isSubsetOf(b)",
    "await Array.fromAsync(parts)",
    "Uint8Array.fromBase64(text)",
  ];
  for (const use of uses) assertEquals(newIn(use).length, 1, use);
  assertEquals(newIn("// using file = open();\nMap.groupBy(a, b)"), []);
});

Deno.test("no file names a folder of this machine, or a source", async () => {
  const { out } = await run(Deno.execPath(), ["info", "--json"], ".");
  const folders = [JSON.parse(out).denoDir, Deno.cwd(), packed];
  for (const [name, text] of contents) {
    for (const folder of folders) assert(!text.includes(folder), name);
    if (!/\.(js|d\.ts)$/.test(name)) continue;
    const code = withoutComments(text);
    assert(!/(from|import\(|import) ?"[^"]*\.ts"/.test(code), name);
    assert(!/(from|import\(|import) ?"(npm|jsr|node):/.test(code), name);
  }
});

inProject(
  "the package and the bundle in one program are told apart",
  project,
  async ({ folder }) => {
    await bundle(folder, { types: false });
    await Deno.writeTextFile(`${folder}/two.js`, two);
    const { code, out, error } = await run("node", ["two.js"], folder);
    assertEquals(code, 0, error);
    assertStringIncludes(out, "a Tensor of a second copy of fanin");
  },
);

const two = `
import { fan } from "@fanin/fanin";
import { tensor } from "./fanin.js";
try {
  fan(tensor([[1, 2], [3, 4]]));
} catch (error) {
  console.log(error.message);
}
`;

/** The size of what esbuild makes, minified, without what is loaded later. */
async function staticSize(
  { folder, bin }: Project,
  code: string,
): Promise<number> {
  await Deno.writeTextFile(`${folder}/size.js`, code);
  const { code: exit, error } = await bin(
    "esbuild",
    "size.js",
    "--bundle",
    "--minify",
    "--splitting",
    "--format=esm",
    "--outdir=size",
    "--metafile=size.json",
  );
  assertEquals(exit, 0, error);
  const { outputs } = JSON.parse(
    await Deno.readTextFile(`${folder}/size.json`),
  ) as { outputs: Record<string, Output> };
  const entry = Object.keys(outputs)
    .find((path) => outputs[path].entryPoint === "size.js")!;
  const paths = new Set([entry]);
  for (const path of paths) {
    for (const { kind, path: imported } of outputs[path].imports) {
      if (kind === "import-statement") paths.add(imported);
    }
  }
  return [...paths].reduce((sum, path) => sum + outputs[path].bytes, 0);
}

function newIn(text: string): string[] {
  return tooNew.flatMap((pattern) =>
    pattern.exec(withoutComments(text))?.[0] ?? []
  );
}

interface Output {
  readonly bytes: number;
  readonly entryPoint?: string;
  readonly imports: readonly { readonly kind: string; readonly path: string }[];
}

function inProject(
  name: string,
  project: Project | undefined,
  test: (project: Project) => Promise<void>,
): void {
  Deno.test({
    name,
    ignore: project === undefined,
    fn: () => test(project!),
  });
}

/** The package's files with their texts. */
async function unpacked(): Promise<[name: string, text: string][]> {
  const dir = await Deno.makeTempDir();
  await run("tar", ["-xzf", packed, "-C", dir], dir);
  const found = [...filesIn(`${dir}/package`)].map((
    path,
  ): [string, string] => [
    path.slice(dir.length + "/package/".length),
    Deno.readTextFileSync(path),
  ]);
  await Deno.remove(dir, { recursive: true });
  return found;
}

function* filesIn(folder: string): Iterable<string> {
  for (const { name, isDirectory } of Deno.readDirSync(folder)) {
    if (isDirectory) yield* filesIn(`${folder}/${name}`);
    else yield `${folder}/${name}`;
  }
}

function withoutComments(text: string): string {
  return text.replaceAll(/^\s*\/\*\*.*?\*\//gms, "")
    .replaceAll(/^\s*\/\/.*$/gm, "");
}
