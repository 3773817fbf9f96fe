import { matmul, Tensor } from "npm:@huggingface/transformers@4.3.1";
import { assertEquals, assertStrictEquals } from "@std/assert";
import { exampleOf } from "./cases.ts";
import { assertFates } from "./fates.ts";
import { assertHandsOut } from "./handed_out.ts";

Deno.test("transformers.js reads the storage itself", () => {
  const { weight } = exampleOf("Linear");
  const taken = new Tensor("float32", weight.data, weight.size());
  assertStrictEquals(taken.data, weight.data);
  assertEquals(taken.dims, [3, 4]);
});

Deno.test("transformers.js does with each dtype what the README says", async () => {
  await assertFates(
    "transformers.js",
    (t) =>
      new Tensor(t.dtype as "float32", t.data, t.size()).data as Float32Array,
  );
});

Deno.test("transformers.js multiplies with these weights as PyTorch does", async () => {
  const { weight, bias, input, assertOutput } = exampleOf("Linear");
  const product = await matmul(
    new Tensor("float32", input.data, input.size()),
    new Tensor("float32", weight.data, weight.size()).transpose(1, 0),
  );
  const [rows, columns] = product.dims;
  const data = product.data as Float32Array;
  const output = data.map((value, i) => value + bias.data[i % columns]);
  assertOutput(output, [rows, columns]);
});

Deno.test("summary and figures take transformers.js' tensors", () => {
  assertHandsOut((data, shape) => new Tensor("float32", data, shape));
  assertHandsOut((data, shape) =>
    new Tensor("float32", data, [...shape].reverse()).view(...shape)
  );
});
