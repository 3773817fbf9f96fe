/**
 * Empty projects into which the package is installed, as users install it.
 *
 * @module
 */

import { makePackage, root } from "../../notebooks/package.ts";

/** What a process left. */
export interface Outcome {
  /** The exit code. */
  readonly code: number;
  /** What it wrote to standard output. */
  readonly out: string;
  /** What it wrote to standard error. */
  readonly error: string;
}

/** A folder with a `package.json` and what is installed in it. */
export interface Project {
  /** The folder. */
  readonly folder: string;
  /** Runs a program that is installed in it. */
  bin(name: string, ...args: string[]): Promise<Outcome>;
}

/** Where all is that the tests write; a process removes it at its end. */
const folder = await Deno.makeTempDir({ prefix: "fanin-package-" });
globalThis.addEventListener("unload", () => {
  Deno.removeSync(folder, { recursive: true });
});

let packed: Promise<string> | undefined;
let count = 0;

/** Returns the path of the package as `npm pack` makes it of `dist/npm`. */
export function tarball(): Promise<string> {
  packed ??= (async () => {
    const dir = await makePackage(`${folder}/npm`);
    const { code, out, error } = await run("npm", [
      "pack",
      "--json",
      `--pack-destination=${folder}`,
    ], dir);
    if (code !== 0) throw new Error(error);
    const found: unknown = JSON.parse(out);
    const [{ filename }] =
      (Array.isArray(found) ? found : Object.values(found as object)) as {
        filename: string;
      }[];
    return `${folder}/${filename}`;
  })();
  return packed;
}

/**
 * Installs the package and tools into an empty project.
 *
 * @param tools The tools as npm names them: `node@22`.
 * @returns The project; nothing if a tool cannot be had here.
 */
export async function install(
  ...tools: string[]
): Promise<Project | undefined> {
  const dir = `${folder}/${count++}`;
  await Deno.mkdir(dir);
  await Deno.writeTextFile(
    `${dir}/package.json`,
    `{ "name": "app", "private": true, "type": "module" }`,
  );
  const all = [await tarball(), ...tools];
  const { code, error } = await run(
    "npm",
    ["install", "--no-audit", "--no-fund", "--foreground-scripts", ...all],
    dir,
  );
  if (code !== 0) {
    console.log(`NOT RUN: ${tools.join(", ")}: ${error.split("\n")[0]}`);
    return undefined;
  }
  return {
    folder: dir,
    bin: (name, ...args) => run(`${dir}/node_modules/.bin/${name}`, args, dir),
  };
}

/**
 * Copies what programs in a project try.
 *
 * @param project The project.
 */
export async function copyFeatures({ folder }: Project): Promise<void> {
  const files = {
    "features.js": "tests/package/features.js",
    "layers.js": "tests/golden/layers.js",
    "layers.json": "tests/golden/layers.json",
  };
  for (const [name, file] of Object.entries(files)) {
    await Deno.copyFile(`${root}/${file}`, `${folder}/${name}`);
  }
}

/**
 * Runs a program to its end.
 *
 * @param command The program.
 * @param args Its arguments.
 * @param cwd The folder to run in.
 */
export async function run(
  command: string,
  args: readonly string[],
  cwd: string,
): Promise<Outcome> {
  try {
    const { code, stdout, stderr } = await new Deno.Command(command, {
      args: [...args],
      cwd,
      env: { NO_COLOR: "1" },
    }).output();
    const [out, error] = [stdout, stderr].map((bytes) =>
      new TextDecoder().decode(bytes)
    );
    return { code, out, error };
  } catch (error) {
    return { code: -1, out: "", error: String(error) };
  }
}
