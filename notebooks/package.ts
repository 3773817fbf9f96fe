/**
 * `deno task package`: writes the library as a package of npm, `dist/npm/`. Each
 * of its files becomes one of JavaScript and one of types, so bundlers leave out
 * what is not used; plotly.js's text becomes a file, too.
 *
 * @module
 */

import { join, relative } from "node:path";
import ts from "npm:typescript@6.0.3";
import {
  integrityOf,
  plotlyIntegrity,
  plotlyText,
} from "../lib/notebook/plotly.ts";

/** The project. */
export const root: string = join(import.meta.dirname!, "..");

/** An entry point. */
interface Entry {
  /** Its name: `.`, `./nn`. */
  readonly name: string;
  /** Its file, as a path from the root: `lib/nn/mod.ts`. */
  readonly file: string;
}

/** The part of `deno.json` that a package needs. */
interface Config {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly exports: Readonly<Record<string, string>>;
}

/** What the package says of itself, which `deno.json` does not. */
const description =
  "Initial weights of neural networks, bit for bit as PyTorch makes them on a CPU; their plots; and a look into checkpoints";

/** The oldest Node that is tested. */
const engines = { node: ">=22" };

/** Draws PNG files; installed by those who want some. */
const optionalPeers = { "@resvg/resvg-js": "^2.6.2" };

/** Packages whose code is carried, and the files that carry it. */
const carried: Readonly<Record<string, string>> = {
  "@std/cli/parse-args": "lib/cli/parse_args.js",
};

/** The file that carries plotly.js, next to the one that loads it. */
const plotlyFile = "lib/notebook/plotly_text.js";

/** The import of it, in the sources. */
const plotlyImport = /import\(\s*"npm:plotly[^)]*\)/;

/** How the sources are read: as Deno reads them. */
const compilerOptions: ts.CompilerOptions = {
  allowImportingTsExtensions: true,
  declaration: true,
  lib: ["lib.esnext.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"],
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  // `deno check` checks them.
  noCheck: true,
  rewriteRelativeImportExtensions: true,
  rootDir: root,
  skipLibCheck: true,
  strict: true,
  target: ts.ScriptTarget.ES2022,
  types: [],
};

/** Returns the part of `deno.json` that a package needs. */
export async function readConfig(): Promise<Config> {
  return JSON.parse(await Deno.readTextFile(join(root, "deno.json")));
}

/** Returns the entry points that `deno.json` lists. */
export async function entriesOf(): Promise<Entry[]> {
  const { exports } = await readConfig();
  return Object.entries(exports).map(([name, file]) => ({
    name,
    file: file.replace("./", ""),
  }));
}

/**
 * Writes the package.
 *
 * @param dir The folder, made anew. Default: `dist/npm` in the project.
 * @returns The folder.
 * @throws {Error} If plotly.js is not there, or not the one that is pinned.
 */
export async function makePackage(
  dir: string = join(root, "dist", "npm"),
): Promise<string> {
  await Deno.remove(dir, { recursive: true }).catch(() => {});
  const entries = await entriesOf();
  const texts = compile(entries.map(({ file }) => file));
  const files = new Map([
    ...[...texts].map(([path, text]) =>
      [path, rewritten(path, text, ".js")] as const
    ),
    [plotlyFile, await plotlyModule()],
    ["bin.js", binary(entries)],
    ["package.json", await manifest(entries, texts)],
  ]);
  for (const [path, text] of files) await write(join(dir, path), text);
  for (const [specifier, path] of Object.entries(carried)) {
    await write(join(dir, path), await bundled(specifier));
  }
  for (const name of ["README.md", "LICENSE"]) {
    await Deno.copyFile(join(root, name), join(dir, name));
  }
  return dir;
}

/**
 * Writes the declarations alone, which name each other, as Deno wants it where
 * there is no code beside them.
 *
 * @param dir The folder, made anew.
 */
export async function writeTypes(dir: string): Promise<void> {
  await Deno.remove(dir, { recursive: true }).catch(() => {});
  const files = (await entriesOf()).map(({ file }) => file);
  for (const [path, text] of compile(files, true)) {
    await write(join(dir, path), rewritten(path, text, ".d.ts"));
  }
}

/** Returns what files and all they import become, by paths from the root. */
function compile(
  files: readonly string[],
  emitDeclarationOnly = false,
): Map<string, string> {
  const program = ts.createProgram(
    files.map((file) => join(root, file)),
    { ...compilerOptions, emitDeclarationOnly },
  );
  const texts = new Map<string, string>();
  program.emit(undefined, (path, text) => {
    texts.set(relative(root, path).replaceAll("\\", "/"), text);
  });
  return texts;
}

/**
 * Names the files that are there in place of sources and packages.
 *
 * @param path The file that names them.
 * @param text Its text.
 * @param source What takes the place of `.ts` in declarations, where TypeScript
 * leaves it.
 */
function rewritten(path: string, text: string, source: string): string {
  const folder = join(path, "..");
  let result = text.replace(
    plotlyImport,
    `import("./${relative(folder, plotlyFile)}")`,
  );
  for (const [specifier, file] of Object.entries(carried)) {
    result = result.replaceAll(
      `from "${specifier}"`,
      `from "./${relative(folder, file)}"`,
    );
  }
  return path.endsWith(".d.ts")
    ? result.replaceAll(
      /((?:from |import\(|import )"\.[^"]*)\.ts"/g,
      `$1${source}"`,
    )
    : result;
}

/** Returns plotly.js's text as a module, if it is the one that is pinned. */
async function plotlyModule(): Promise<string> {
  const text = await plotlyText();
  const integrity = await integrityOf(new TextEncoder().encode(text));
  if (integrity !== plotlyIntegrity) {
    throw new Error(`plotly.js is ${integrity}, not ${plotlyIntegrity}`);
  }
  return `export default ${JSON.stringify(text)};\n`;
}

/** Returns the command line as a program of Node. */
function binary(entries: readonly Entry[]): string {
  const { file } = entries.find(({ name }) => name === "./cli")!;
  return `#!/usr/bin/env node
import { main } from "./${script(file)}";

process.exitCode = await main(process.argv.slice(2));
`;
}

async function manifest(
  entries: readonly Entry[],
  texts: ReadonlyMap<string, string>,
): Promise<string> {
  const { name, version, license } = await readConfig();
  const exports = entries.map(({ name, file }) => [name, {
    types: `./${file.replace(/\.ts$/, ".d.ts")}`,
    default: `./${script(file)}`,
  }]);
  const value = {
    name,
    version,
    description,
    license,
    type: "module",
    engines,
    exports: Object.fromEntries(exports),
    bin: { fanin: "./bin.js" },
    sideEffects: ["./bin.js", ...registering(texts)],
    peerDependencies: optionalPeers,
    peerDependenciesMeta: Object.fromEntries(
      Object.keys(optionalPeers).map((name) => [name, { optional: true }]),
    ),
  };
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** Files that are imported for what they do register something. */
function registering(texts: ReadonlyMap<string, string>): string[] {
  const found = [...texts].flatMap(([path, text]) =>
    path.endsWith(".js")
      ? [...text.matchAll(/^import "(\..*)";$/gm)]
        .map(([, file]) => `./${join(path, "..", file)}`)
      : []
  );
  return [...new Set(found)].sort();
}

/** Returns a package's code as one module. */
async function bundled(specifier: string): Promise<string> {
  const temp = await Deno.makeTempDir();
  try {
    const entry = join(temp, "entry.ts");
    await Deno.writeTextFile(entry, `export * from "${specifier}";`);
    const text = await bundleFile(entry);
    return `// ${specifier}: the Deno authors, MIT license.\n${text}`;
  } finally {
    await Deno.remove(temp, { recursive: true });
  }
}

/**
 * Bundles a file and all it imports, also packages, and returns the code.
 *
 * @param entry The file, which may lie anywhere.
 * @param options More options of `deno bundle`.
 * @throws {Error} If the sources cannot be bundled.
 */
export async function bundleFile(
  entry: string,
  ...options: string[]
): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["bundle", "--quiet", "--platform=browser", "--config", "deno.json"]
      .concat(options, entry),
    cwd: root,
    env: { NO_COLOR: "1" },
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return withoutCache(new TextDecoder().decode(stdout));
}

/**
 * Returns code without the comments that name where packages lie on this machine.
 *
 * @param text The code.
 */
export function withoutCache(text: string): string {
  return text.replaceAll(/(?<=^\/\/ |^ {2}")[^"\n]*\/npm\/[^/\n]+\//gm, "");
}

function script(file: string): string {
  return file.replace(/\.ts$/, ".js");
}

async function write(path: string, text: string): Promise<void> {
  await Deno.mkdir(join(path, ".."), { recursive: true });
  await Deno.writeTextFile(path, text);
}

if (import.meta.main) {
  const dir = await makePackage();
  console.log(`Wrote ${dir}`);
}
