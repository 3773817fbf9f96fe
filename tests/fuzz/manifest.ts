/**
 * Manifests of TensorFlow.js with something wrong in them. They stay JSON.
 *
 * @module
 */

import type { Dice } from "../differential/dice.ts";

const oddValues = [
  null,
  true,
  "",
  "../x",
  "uint8",
  "string",
  [],
  {},
  -1,
  0.5,
  2 ** 53,
  [2 ** 52, 2],
];

/**
 * Returns a manifest in which one to three values are others.
 *
 * @param dice Draws it.
 */
export function mutatedManifest(dice: Dice): Uint8Array {
  const manifest = [{
    paths: ["w.bin"],
    weights: [
      {
        name: "a",
        shape: [2, 2],
        dtype: "float32",
        quantization: {
          dtype: dice.pick(["uint8", "uint16", "float16"]),
          scale: 0.5,
          min: -1,
        },
      },
      { name: "b", shape: [3], dtype: dice.pick(["int32", "bool"]) },
    ],
  }];
  for (let left = 1 + dice.below(3); left > 0; left--) mutate(dice, manifest);
  return new TextEncoder().encode(JSON.stringify(manifest));
}

/** Goes down to a value at random, and puts another there. */
function mutate(dice: Dice, root: object): void {
  let node = root as Record<string, unknown>;
  for (;;) {
    const keys = Object.keys(node);
    if (keys.length === 0) return;
    const key = dice.pick(keys);
    const value = node[key];
    const isLeaf = typeof value !== "object" || value === null;
    if (isLeaf || dice.chance(0.2)) {
      if (dice.chance(0.2)) delete node[key];
      else node[key] = structuredClone(dice.pick(oddValues));
      return;
    }
    node = value as Record<string, unknown>;
  }
}
