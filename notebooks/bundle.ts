/**
 * `deno task bundle`: writes the library as one file, `dist/fanin.js`, with a
 * source map, for a notebook, a page or a program anywhere; its types are beside
 * it, `dist/fanin.d.ts` and `dist/types/`. It carries plotly.js, and loads
 * nothing from the network.
 *
 * @module
 */

import { join, relative, resolve } from "node:path";
import {
  bundleFile,
  entriesOf,
  root,
  withoutCache,
  writeTypes,
} from "./package.ts";

/** The part of a source map that is changed. */
interface SourceMap {
  mappings: string;
  sources: string[];
  sourcesContent: (string | null)[];
}

/** Options of {@linkcode bundle}. */
export interface BundleOptions {
  /** Whether the types are written, which takes longest. Default: true. */
  readonly types?: boolean;
}

/** The bundle's first line. */
const typesLine = `// @ts-self-types="./fanin.d.ts"\n`;

/**
 * Writes the bundle. It exports what `mod.ts` exports, and every other entry
 * point but the command line as a namespace of its name: `checkpoint`.
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
  const path = join(dir, "fanin.js");
  const temp = await Deno.makeTempDir();
  try {
    const entry = join(temp, "fanin.ts");
    await Deno.writeTextFile(
      entry,
      await exportsFrom((file) => `file://${join(root, file)}`),
    );
    await bundleFile(entry, "--sourcemap=linked", `--output=${path}`);
  } finally {
    await Deno.remove(temp, { recursive: true });
  }
  const text = withoutCache(await Deno.readTextFile(path));
  await Deno.writeTextFile(path, typesLine + text);
  const map = JSON.parse(await Deno.readTextFile(`${path}.map`));
  await Deno.writeTextFile(`${path}.map`, JSON.stringify(ofProject(map, dir)));
  if (options.types ?? true) {
    await writeTypes(join(dir, "types"));
    const types = await exportsFrom((file) =>
      `./types/${file.replace(/\.ts$/, ".d.ts")}`
    );
    await Deno.writeTextFile(join(dir, "fanin.d.ts"), types);
  }
  return path;
}

/** Returns the lines that export everything from places of the entry points. */
async function exportsFrom(place: (file: string) => string): Promise<string> {
  const lines = (await entriesOf()).flatMap(({ name, file }) => {
    const from = `from ${JSON.stringify(place(file))};`;
    if (name === ".") return [`export * ${from}`];
    return name === "./cli" ? [] : [`export * as ${name.slice(2)} ${from}`];
  });
  return `${lines.join("\n")}\n`;
}

/** Names the sources as the project does; what packages hold is left out. */
function ofProject(map: SourceMap, dir: string): SourceMap {
  const paths = map.sources.map((source) =>
    relative(root, resolve(dir, source)).replaceAll("\\", "/")
  );
  const isOurs = paths.map((path) => /^(lib\/|mod\.ts$)/.test(path));
  return {
    ...map,
    // For the line of the types.
    mappings: `;${map.mappings}`,
    sources: paths.map((path, index) =>
      isOurs[index] ? path : path.replace(/^.*\//, "")
    ),
    sourcesContent: map.sourcesContent.map((text, index) =>
      isOurs[index] ? text : null
    ),
  };
}

if (import.meta.main) {
  const path = await bundle();
  const { size } = await Deno.stat(path);
  console.log(`Wrote ${path} (${(size / 1e6).toFixed(2)} MB) and its types`);
}
