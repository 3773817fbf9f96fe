/**
 * `deno task worker`: bundles what runs in workers from `lib/`, and writes it
 * to `lib/parallel/worker_code.ts`. Run it when anything that a worker uses has
 * changed.
 *
 * @module
 */

import { join } from "node:path";

const root = join(import.meta.dirname!, "..");

/** The file that carries the worker's code. */
export const written: string = join(root, "lib", "parallel", "worker_code.ts");

/**
 * Bundles the worker's code, and returns the file that carries it.
 *
 * @throws {Error} If the sources cannot be bundled.
 */
export async function bundleWorker(): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "bundle",
      "--quiet",
      "--platform=browser",
      "--minify",
      "lib/parallel/worker.ts",
    ],
    cwd: root,
    env: { NO_COLOR: "1" },
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return `/**
 * What runs in a worker: bundled from \`worker.ts\`, in base 64. Written by
 * \`deno task worker\`.
 *
 * @module
 */

/** The script. */
export const workerCode: string =
  "${stdout.toBase64()}";
`;
}

if (import.meta.main) {
  const text = await bundleWorker();
  await Deno.writeTextFile(written, text);
  console.log(`Wrote ${written}: ${text.length} characters`);
}
