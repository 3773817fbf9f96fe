import * as tf from "npm:@tensorflow/tfjs-core@4.22.0";
import "npm:@tensorflow/tfjs-backend-cpu@4.22.0";
import { assertEquals, assertStrictEquals } from "@std/assert";
import { summary } from "../../mod.ts";
import { exampleOf } from "./cases.ts";
import { assertFates } from "./fates.ts";
import { assertHandsOut } from "./handed_out.ts";

Deno.test("tfjs reads the storage itself", () => {
  const { weight } = exampleOf("Conv2d");
  const taken = tf.tensor(weight.data, weight.size());
  assertStrictEquals(taken.dataSync<"float32">(), weight.data);
});

Deno.test("tfjs does with each dtype what the README says", async () => {
  await assertFates(
    "tfjs",
    ({ data, shape }) => tf.tensor(data as Float32Array, [...shape]).dataSync(),
  );
});

// Its axes: a convolution's weight is [height, width, in, out], an image
// [batch, height, width, channels].
Deno.test("tfjs convolves with these weights as PyTorch does", () => {
  const { weight, bias, input, assertOutput } = exampleOf("Conv2d");
  const image = tf.tensor4d(input.data, [1, 2, 5, 4]);
  const kernel = tf.tensor4d(weight.data, [3, 2, 3, 2]);
  const output = tf.conv2d(
    tf.transpose(image, [0, 2, 3, 1]),
    tf.transpose(kernel, [2, 3, 1, 0]),
    1,
    "valid",
  );
  const biased = tf.add(output, tf.tensor1d(bias.data));
  const channelsFirst = tf.transpose(biased, [0, 3, 1, 2]);
  assertOutput(channelsFirst.dataSync(), channelsFirst.shape);
});

Deno.test("summary and figures take tfjs' tensors and variables", () => {
  assertHandsOut((data, shape) => tf.tensor(data, shape));
  assertHandsOut((data, shape) => tf.variable(tf.tensor(data, shape)));
  const [real, imaginary] = summary(tf.complex([1, 2], [3, 4])).rows;
  assertEquals([real.mean, imaginary.mean], [1.5, 3.5]);
});
