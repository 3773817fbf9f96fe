import * as ort from "npm:onnxruntime-node@1.30.0";
import { assertEquals, assertStrictEquals } from "@std/assert";
import { empty, init, summary, type Tensor } from "../../mod.ts";
import { exampleOf } from "./cases.ts";
import { assertFates } from "./fates.ts";
import { convModel } from "./onnx_model.ts";
import { assertHandsOut } from "./handed_out.ts";

Deno.test("onnxruntime reads the storage itself", () => {
  const { weight } = exampleOf("Conv2d");
  const taken = new ort.Tensor(weight.data, weight.shape);
  assertStrictEquals(taken.data, weight.data);
  assertEquals(taken.dims, [3, 2, 3, 2]);
});

Deno.test("onnxruntime reads bit patterns as float16", () => {
  const half = init.constant(empty([3], { dtype: "float16" }), { value: 0.5 });
  const taken = new ort.Tensor("float16", half.data, half.shape);
  assertEquals([...taken.data as ArrayLike<number> as number[]], [.5, .5, .5]);
});

Deno.test("onnxruntime does with each dtype what the README says", async () => {
  await assertFates(
    "onnxruntime",
    ({ dtype, data, shape }) =>
      new ort.Tensor(dtype as "float32", data as Float32Array, shape).data,
  );
});

Deno.test("onnxruntime convolves with these weights as PyTorch does", async () => {
  const { weight, bias, input, assertOutput } = exampleOf("Conv2d");
  const session = await ort.InferenceSession.create(convModel());
  const { output } = await session.run({
    input: taken(input),
    weight: taken(weight),
    bias: taken(bias),
  });
  assertOutput(output.data as Float32Array, output.dims);
  await session.release();
});

function taken({ data, shape }: Tensor<"float32">): ort.Tensor {
  return new ort.Tensor(data, shape);
}

Deno.test("summary and figures take onnxruntime's tensors", () => {
  assertHandsOut((data, shape) => new ort.Tensor("float32", data, shape));
  const half = new ort.Tensor(
    "float16",
    new Uint16Array([0x3c00, 0x4000]) as never,
    [2],
  );
  const [{ dtype, mean }] = summary(half).rows;
  assertEquals([dtype, mean], ["float16", 1.5]);
});
