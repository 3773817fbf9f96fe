/**
 * fanin's side, by its public names alone.
 *
 * @module
 */

import {
  empty,
  Generator,
  init,
  manualSeed,
  nn,
  plot,
  type Tensor,
} from "../../mod.ts";
import { sha256 } from "../golden/golden.ts";
import { callsFor, timed } from "./clock.ts";
import type { Side } from "./interleave.ts";
import { initModel } from "./not_yet.ts";
import type { Fill, Layer, Layers, Orthogonal, Task } from "./tasks.ts";

/** A side that can say which numbers it draws. */
export interface DrawingSide extends Side {
  /**
   * Returns the SHA-256 of the bytes that seed 0 gives: all of a tensor, the
   * last parameter of layers. Undefined where bytes are not promised.
   */
  digest?(): Promise<string | undefined>;
}

/**
 * Returns fanin at a task; a string says why it cannot do it.
 *
 * @param task What is to be done.
 */
export function faninSide(task: Task): DrawingSide | string {
  if (task.kind === "statistics") return statistics(task.elements);
  if (task.kind !== "layers") return filling(task);
  if (task.workers !== undefined && initModel === undefined) {
    return "not there yet: mod.ts exports no initModel";
  }
  return building(task);
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

function building({ layers, workers }: Layers): DrawingSide {
  const build = () => new nn.ModuleList(layers.map(makeLayer));
  const make = workers === undefined
    ? build
    : () => initModel!(build, { workers });
  return {
    sample: () => timed<unknown>(1, make),
    async digest() {
      manualSeed(0);
      const model = await make();
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
