/**
 * fanin's side, by its public names alone.
 *
 * @module
 */

import {
  empty,
  Generator,
  init,
  initModel,
  manualSeed,
  nn,
  plot,
  startWorkers,
  Tensor,
  type Workers,
} from "../../mod.ts";
import { sha256 } from "../golden/golden.ts";
import { callsFor, timed } from "./clock.ts";
import type { Side } from "./interleave.ts";
import type { Fill, Layer, Layers, Orthogonal, Task } from "./tasks.ts";

/** A side that can say which numbers it draws. */
export interface DrawingSide extends Side {
  /**
   * Returns the SHA-256 of the bytes that seed 0 gives: all of a tensor, the
   * last parameter of layers. Undefined where bytes are not promised.
   */
  digest?(): Promise<string | undefined>;
}

/** Workers by how many they are: they run until the benchmark ends. */
const pools = new Map<number, Promise<Workers>>();

/**
 * Returns fanin at a task.
 *
 * @param task What is to be done.
 */
export function faninSide(task: Task): DrawingSide {
  if (task.kind === "statistics") return statistics(task.elements);
  if (task.kind === "layers") return building(task);
  if (task.kind !== "orthogonal" && task.workers !== undefined) {
    return fillingBy(task.workers, task);
  }
  return filling(task);
}

/** Ends what {@linkcode faninSide} started. */
export async function closePools(): Promise<void> {
  for (const pool of pools.values()) (await pool).close();
  pools.clear();
}

function poolOf(count: number): Promise<Workers> {
  const pool = pools.get(count) ?? startWorkers(count);
  pools.set(count, pool);
  return pool;
}

function filling(task: Fill | Orthogonal): DrawingSide {
  const tensor = empty(
    task.kind === "orthogonal" ? [task.rows, task.rows] : [task.elements],
  );
  const fill = init[task.kind];
  const generator = new Generator(0);
  const calls = callsFor(task.elements);
  return {
    sample: () =>
      timed(task.kind === "orthogonal" ? 1 : calls, () => {
        fill(tensor, { generator });
      }),
    async digest() {
      if (task.kind === "orthogonal") return;
      fill(tensor, { generator: new Generator(0) });
      return await digestOf(tensor);
    },
  };
}

/** Fills storage that workers share, in place. */
function fillingBy(count: number, { kind, elements }: Fill): DrawingSide {
  const data = new Float32Array(new SharedArrayBuffer(4 * elements)).fill(1);
  const tensor = new Tensor(data, [elements], "float32");
  const generator = new Generator(0);
  const fill = (workers: Workers) =>
    initModel(() => void init[kind](tensor, { generator }), {
      workers,
      existing: [tensor],
    });
  return {
    async sample() {
      const workers = await poolOf(count);
      return await timed(callsFor(elements), () => fill(workers));
    },
    async digest() {
      generator.manualSeed(0);
      await fill(await poolOf(count));
      return await digestOf(tensor);
    },
  };
}

function building({ layers, workers }: Layers): DrawingSide {
  const build = () => new nn.ModuleList(layers.map(makeLayer));
  const maker = async () => {
    if (workers === undefined) return build;
    const pool = await poolOf(workers);
    return () => initModel(build, { workers: pool, shared: true });
  };
  return {
    sample: async () => await timed<unknown>(1, await maker()),
    async digest() {
      manualSeed(0);
      const model = await (await maker())();
      return await digestOf(model.namedParameters().at(-1)![1]);
    },
  };
}

/**
 * Returns a layer with its default weights.
 *
 * @param layer What it is called and takes.
 */
export function makeLayer({ layer, args, bias }: Layer): nn.Module {
  const Class = nn[layer] as unknown as new (
    ...args: unknown[]
  ) => nn.Module;
  return new Class(...args, bias === undefined ? {} : { bias });
}

/** The figure computes what is asked and a little more: 100 bars. */
function statistics(elements: number): Side {
  const tensor = init.normal(empty([elements]), {
    generator: new Generator(0),
  });
  return {
    sample: () => timed(1, () => plot.weights(tensor, { bins: 100 })),
  };
}

/** Of a copy: a digest does not read shared memory. */
function digestOf({ data }: Tensor): Promise<string> {
  const { buffer, byteOffset, byteLength } = data;
  return sha256(
    new Uint8Array(new Uint8Array(buffer, byteOffset, byteLength)),
  );
}
