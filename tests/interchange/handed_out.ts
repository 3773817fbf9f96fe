/**
 * What other libraries hand out are sources.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import type { ForeignTensor } from "../../lib/core/foreign.ts";
import { Generator, init, plot, summary, tensor } from "../../mod.ts";

/**
 * Asserts that a library's tensors, alone and by name, are summarized and drawn as
 * ours are.
 *
 * @param make Makes one of the library's tensors.
 */
export function assertHandsOut(
  make: (data: Float32Array<ArrayBuffer>, shape: number[]) => ForeignTensor,
): void {
  const values = init.normal(tensor([[0, 0, 0], [0, 0, 0]]), {
    generator: new Generator(0),
  });
  const data = values.toFloat32();
  const own = tensor([...data], { dtype: "float32" }).reshape([2, 3]);
  const theirs = make(data.slice(), [2, 3]);
  assertEquals(summary(theirs).rows, summary(own).rows);
  assertEquals(
    summary({ logits: theirs, own }).rows,
    summary({ logits: own, own: own.reshape([2, 3]) }).rows,
  );
  assertEquals(plot.weights(theirs).data, plot.weights(own).data);
}
