/**
 * What `structuredClone` and `postMessage` make of a tensor, and the one call
 * that makes it a tensor again.
 *
 * @module
 */

import { assert, assertEquals, assertFalse, assertThrows } from "@std/assert";
import { type DataOf, type Dtype, nn, Tensor, tensor } from "../../mod.ts";
import { dtypes } from "../../lib/core/dtype.ts";

/** Sends a value through a channel. */
async function sent<T>(value: T, transfer: Transferable[] = []): Promise<T> {
  const { port1, port2 } = new MessageChannel();
  const arrived = new Promise<T>((resolve) => {
    port2.onmessage = ({ data }) => resolve(data);
  });
  port1.postMessage(value, transfer);
  try {
    return await arrived;
  } finally {
    port1.close();
    port2.close();
  }
}

function restored<D extends Dtype>({ data, shape, dtype }: Tensor<D>) {
  return new Tensor<D>(data, shape, dtype);
}

for (const dtype of Object.keys(dtypes) as Dtype[]) {
  Deno.test(`a clone of ${dtype} is a tensor again, to the bit`, async () => {
    const data: DataOf<Dtype> = dtypes[dtype].allocate(8);
    const bytes = new Uint8Array(data.buffer);
    bytes.forEach((_, i) => bytes[i] = 255 - i);
    const whole = new Tensor(data, [2, 4], dtype);
    for (const copy of [structuredClone(whole), await sent(whole)]) {
      assertFalse((copy as unknown) instanceof Tensor);
      const again = restored(copy);
      assertEquals([again.dtype, again.shape], [dtype, [2, 4]]);
      assertEquals(new Uint8Array(again.data.buffer), bytes);
      assert(again.data !== whole.data);
    }
  });
}

Deno.test("a transferred tensor arrives, and is left without its memory", async () => {
  const x = tensor([1, 2, 3]);
  const copy = restored(await sent(x, [x.data.buffer as ArrayBuffer]));
  assertEquals(copy.toArray(), [1, 2, 3]);
  assertThrows(() => x.toArray(), TypeError, "transferred or shrunk");
});

Deno.test("a state dict is sent as it is", async () => {
  const model = new nn.Linear(3, 2);
  const copy = new nn.Linear(3, 2);
  const state = await sent(model.stateDict());
  copy.loadStateDict(
    Object.fromEntries(
      Object.entries(state).map(([name, each]) => [name, restored(each)]),
    ),
  );
  assertEquals(copy.weight.data, model.weight.data);
  assertEquals(copy.bias!.data, model.bias!.data);
});
