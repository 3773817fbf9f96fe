import { lax, numpy as np } from "npm:@jax-js/jax@0.1.25";
import { assertEquals } from "@std/assert";
import { empty, init, type Tensor } from "../../mod.ts";
import { exampleOf } from "./cases.ts";
import { assertFates } from "./fates.ts";

Deno.test("jax-js does with each dtype what the README says", async () => {
  await assertFates("jax-js", (t) => taken(t as Tensor<"float32">).dataSync());
});

Deno.test("jax-js reads float16 through a Float16Array over the bit patterns", () => {
  const { data } = init.eye(empty([2, 2], { dtype: "float16" }));
  const buffer = data.buffer as ArrayBuffer;
  const view = new Float16Array(buffer, data.byteOffset, data.length);
  assertEquals(np.array(view, { shape: [2, 2] }).js(), [[1, 0], [0, 1]]);
});

Deno.test("jax-js convolves with these weights as PyTorch does", () => {
  const { weight, bias, input, assertOutput } = exampleOf("Conv2d");
  const output = lax.conv(taken(input), taken(weight), [1, 1], "VALID")
    .add(taken(bias).reshape([3, 1, 1]));
  const { shape } = output;
  assertOutput(output.dataSync(), shape);
});

// Its types take no array that may lie in shared memory.
function taken(t: Tensor<"float32">): np.Array {
  const data = t.data as Float32Array<ArrayBuffer>;
  return np.array(data, { shape: t.size() });
}
