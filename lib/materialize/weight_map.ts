/**
 * The index of a model in several files: which tensor is in which.
 *
 * @module
 */

import type { Plan } from "./plan.ts";

/** The index's name in the folder. */
export const indexName = "model.safetensors.index.json";

/**
 * Returns the index's text, as Hugging Face writes it.
 *
 * @param plan What is in the files.
 * @see `save_torch_model`, huggingface_hub 1.0
 */
export function indexText({ files, bytes }: Plan): string {
  const places = files.flatMap(({ name, tensors }) =>
    tensors.map((tensor) => [tensor.name, name] as const)
  ).sort(([a], [b]) => a < b ? -1 : 1);
  const index = {
    metadata: { total_size: bytes },
    weight_map: Object.fromEntries(places),
  };
  return `${JSON.stringify(index, null, 2)}\n`;
}
