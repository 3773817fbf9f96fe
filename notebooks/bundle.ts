/**
 * `deno task bundle`: writes the library as one file with its types in another,
 * `dist/fanin.js` and `dist/fanin.d.ts`, for a notebook, a page or a program
 * anywhere. It carries plotly.js, and loads nothing from the network.
 *
 * @module
 */

import { join } from "node:path";
import { generateDtsBundle } from "npm:dts-bundle-generator@9.5.1";
// The compiler that it finds: the version that Deno has.
import "npm:typescript@6.0.3";

/** How the sources are read for their types: as Deno reads them. */
const compilerOptions = {
  allowImportingTsExtensions: true,
  lib: ["esnext", "dom", "dom.iterable"],
  module: "esnext",
  moduleResolution: "bundler",
  // `deno check` checks them.
  noCheck: true,
  noEmit: true,
  skipLibCheck: true,
  // What is imported from a package is its text.
  paths: { "npm:*": ["./text.d.ts"] },
  strict: true,
  target: "esnext",
  // The parts of Deno that opening a checkpoint's files needs.
  typeRoots: ["./types"],
  types: ["deno"],
};

/** Where a package lies on this machine, up to its name. */
const cachePath = /(?<=^\/\/ |^ {2}")[^"\n]*\/npm\/[^/\n]+\//gm;

const root = join(import.meta.dirname!, "..");

/** Options of {@linkcode bundle}. */
export interface BundleOptions {
  /** Whether the types are written, which takes longest. Default: true. */
  readonly types?: boolean;
}

/**
 * Writes the two files.
 *
 * @param dir The folder, created if missing. Default: `dist` in the project.
 * @param options Whether the types are written.
 * @returns The path of the JavaScript.
 * @throws {Error} If the sources do not compile.
 */
export async function bundle(
  dir: string = join(root, "dist"),
  options: BundleOptions = {},
): Promise<string> {
  await Deno.mkdir(dir, { recursive: true });
  const temp = await Deno.makeTempDir();
  try {
    const path = join(dir, "fanin.js");
    await Deno.writeTextFile(path, await script(temp));
    if (options.types ?? true) {
      await Deno.writeTextFile(join(dir, "fanin.d.ts"), await types(temp));
    }
    return path;
  } finally {
    await Deno.remove(temp, { recursive: true });
  }
}

async function script(temp: string): Promise<string> {
  const path = join(temp, "fanin.js");
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["bundle", "--quiet", "--platform=browser", "-o", path, "mod.ts"],
    cwd: root,
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  const text = await Deno.readTextFile(path);
  return `// @ts-self-types="./fanin.d.ts"\n${text.replaceAll(cachePath, "")}`;
}

async function types(temp: string): Promise<string> {
  const config = join(temp, "tsconfig.json");
  await Deno.writeTextFile(config, JSON.stringify({ compilerOptions }));
  await Deno.writeTextFile(
    join(temp, "text.d.ts"),
    "declare const text: string; export default text;",
  );
  await Deno.mkdir(join(temp, "types", "deno"), { recursive: true });
  await Deno.writeTextFile(
    join(temp, "types", "deno", "index.d.ts"),
    await denoTypes(),
  );
  const [text] = generateDtsBundle([{
    filePath: join(root, "mod.ts"),
    output: { noBanner: true, exportReferencedTypes: false },
  }], { preferredConfigPath: config });
  return text;
}

/** Returns Deno's own declarations, without those of other libraries. */
async function denoTypes(): Promise<string> {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["types"],
    env: { NO_COLOR: "1" },
  }).output();
  return new TextDecoder().decode(stdout)
    .replaceAll(/^\/\/\/ <reference.*$/gm, "")
    .replaceAll(/import\("node:\w+"\)\.\w+/g, "unknown");
}

if (import.meta.main) {
  const path = await bundle();
  const { size } = await Deno.stat(path);
  console.log(`Wrote ${path} (${(size / 1e6).toFixed(2)} MB) and its types`);
}
