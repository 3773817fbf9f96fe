/**
 * What one process runs of a checkout, for `measure.ts`: an import that is
 * timed, or one of three journeys from the outside of the library to a result.
 *
 * `deno run … journey.ts ROOT import FILE` prints the milliseconds.
 * `deno run … journey.ts ROOT fill|plot|inspect FOLDER [go]` prepares a journey
 * and, where told to, goes it.
 *
 * @module
 */

import { exportsOf } from "./house.ts";

/** What is used of the library, which is another one in each checkout. */
interface Library {
  readonly init: { kaimingUniform(tensor: Tensor): Tensor };
  readonly plot: { weights(tensor: Tensor): Shown };
  empty(shape: number[]): Tensor;
  manualSeed(seed: number): void;
}

interface Tensor {
  readonly data: Float32Array<ArrayBuffer>;
}

interface Shown {
  [display](): Promise<Record<string, unknown>>;
}

interface Checkpoints {
  openCheckpoint(path: string): Promise<AsyncDisposable | Disposable>;
  inspect(checkpoint: unknown): Promise<unknown>;
}

const display: unique symbol = Symbol.for("Jupyter.display") as never;

/** The tensor that is filled, plotted and inspected. */
const shape = [64, 32];

/** Prepares a journey and returns it. */
type Journey = (
  root: URL,
  folder: string,
) => Promise<() => unknown>;

const journeys: Readonly<Record<string, Journey>> = {
  /** From a shape to the bytes of its weights. */
  async fill(root) {
    const { empty, init, manualSeed } = await library(root);
    manualSeed(0);
    return () => new Uint8Array(init.kaimingUniform(empty(shape)).data.buffer);
  },

  /** From a tensor to what a notebook gets of its figure. */
  async plot(root) {
    const { empty, init, manualSeed, plot } = await library(root);
    manualSeed(0);
    const tensor = init.kaimingUniform(empty(shape));
    return () => plot.weights(tensor)[display]();
  },

  /** From a file to what is found in it; the file is there already. */
  async inspect(root, folder) {
    const { openCheckpoint, inspect } = await checkpoints(root);
    return async () => {
      await inspect(await openCheckpoint(`${folder}/model.safetensors`));
    };
  },

  /** Writes that file: no journey. */
  async write(root, folder) {
    const { empty, init, manualSeed } = await library(root);
    manualSeed(0);
    const { data } = init.kaimingUniform(empty(shape));
    const header = JSON.stringify({
      weight: { dtype: "F32", shape, data_offsets: [0, data.byteLength] },
    });
    const size = new BigUint64Array([BigInt(header.length)]);
    return () =>
      Deno.writeFile(
        `${folder}/model.safetensors`,
        new Blob([size, header, data]).stream(),
      );
  },
};

async function library(root: URL): Promise<Library> {
  return await import(new URL("mod.ts", root).href);
}

/** Where `openCheckpoint` was before it was public. */
const formerFile = "lib/files/open_checkpoint.ts";

/** Finds both functions in the entry points; the command line is none here. */
async function checkpoints(root: URL): Promise<Checkpoints> {
  const { "./cli": _, ...entries } = exportsOf(root);
  let found: Partial<Checkpoints> = {};
  for (const file of [...Object.values(entries), formerFile]) {
    if (found.inspect && found.openCheckpoint) break;
    found = { ...await import(new URL(file, root).href), ...found };
  }
  return found as Checkpoints;
}

const [path, name, argument, go] = Deno.args;
const root = new URL(path);
if (name === "import") {
  const { href } = new URL(argument, root);
  const start = performance.now();
  await import(href);
  console.log(performance.now() - start);
} else {
  const journey = await journeys[name](root, argument);
  if (go === "go") await journey();
}
