/**
 * `deno task kernels`: compiles `lib/numerics/kernels/assembly/` and writes it to
 * `lib/numerics/kernels/code.ts`. To be run when a file there has changed.
 *
 * @module
 */

import asc from "npm:assemblyscript@0.28.20/asc";
import { fileURLToPath } from "node:url";
import type { KernelCode } from "../../../lib/numerics/kernels/kernel.ts";

const sources = new URL(
  "../../../lib/numerics/kernels/assembly/",
  import.meta.url,
);

/** The file that carries the compiled code. */
export const written: URL = new URL("../code.ts", sources);

/** What a kernel may use beyond WebAssembly's first version. */
const features: Readonly<Record<keyof KernelCode, readonly string[]>> = {
  "simd": ["simd"],
  "relaxed-simd": ["simd", "relaxed-simd"],
};

/**
 * Compiles the code, and returns the file that carries it.
 *
 * @throws {Error} If the sources do not compile.
 */
export async function compileKernels(): Promise<string> {
  const entries = await Promise.all(
    Object.entries(features).map(async ([name, enabled]) => {
      const code = await compile("kernel.ts", enabled);
      return `  "${name}":\n    "${code}",\n`;
    }),
  );
  const strips = await compile("strips.ts", ["simd"], [
    "--importMemory",
    "--initialMemory=1",
  ]);
  const jump = await compile("jump.ts", ["simd"]);
  return `/**
 * The kernels of \`assembly/\`, compiled, in base 64. Written by
 * \`deno task kernels\`.
 *
 * @module
 */

import type { KernelCode } from "./kernel.ts";

/** The compiled code. */
export const kernelCode: KernelCode = {
${entries.join("")}};

/** That of \`assembly/strips.ts\`: the same for all names but TypeScript's. */
export const stripCode =
  "${strips}";

/** That of \`assembly/jump.ts\`, likewise. */
export const jumpCode =
  "${jump}";
`;
}

/** Returns a file and what it imports, compiled, in base 64. */
async function compile(
  file: string,
  enabled: readonly string[],
  options: readonly string[] = [],
): Promise<string> {
  const output = new Map<string, string | Uint8Array>();
  const { error, stderr } = await asc.main([
    file,
    `--baseDir=${fileURLToPath(sources)}`,
    "--outFile=kernel.wasm",
    "--optimizeLevel=3",
    "--shrinkLevel=0",
    "--converge",
    "--noAssert",
    "--runtime=stub",
    ...enabled.flatMap((feature) => ["--enable", feature]),
    ...options,
  ], {
    readFile: (name, base) => read(name, base),
    writeFile: (name, contents) => void output.set(name, contents),
  });
  if (error !== null) throw new Error(`${error.message}\n${stderr}`);
  return (output.get("kernel.wasm") as Uint8Array).toBase64();
}

async function read(name: string, base: string): Promise<string | null> {
  try {
    return await Deno.readTextFile(`${base}/${name}`);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

if (import.meta.main) {
  const text = await compileKernels();
  await Deno.writeTextFile(written, text);
  console.log(`Wrote ${fileURLToPath(written)}: ${text.length} characters`);
}
