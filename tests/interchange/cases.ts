/**
 * Layers whose weights another library takes, with what PyTorch computes from
 * them.
 *
 * @module
 */

import { assertAlmostEquals, assertEquals } from "@std/assert";
import { manualSeed, nn, Tensor } from "../../mod.ts";
import { readGolden } from "../golden/golden.ts";

interface Case {
  readonly layer: "Conv2d" | "Linear";
  readonly args: unknown[];
  readonly seed: number;
  readonly input: number[];
  readonly output: { readonly shape: number[]; readonly values: number[] };
}

/** A layer's default weights, an input, and a check of the result. */
export interface Example {
  readonly weight: Tensor<"float32">;
  readonly bias: Tensor<"float32">;
  readonly input: Tensor<"float32">;
  /** Asserts that this is what PyTorch's layer gives for the input. */
  readonly assertOutput: (values: ArrayLike<number>, shape: Shape) => void;
}

type Shape = readonly number[];

const cases = await readGolden<Case>("interchange.json");

/**
 * Returns the example of a layer.
 *
 * @param layer The layer's name.
 */
export function exampleOf(layer: Case["layer"]): Example {
  const { args, seed, input, output } = cases.find((row) =>
    row.layer === layer
  )!;
  manualSeed(seed);
  const { weight, bias } = new nn[layer](...args as [never, never, never]);
  return {
    weight: weight.to("float32"),
    bias: bias!.to("float32"),
    input: inputOf(input),
    assertOutput(values, shape) {
      assertEquals([...shape], output.shape);
      assertEquals(values.length, output.values.length);
      // The sums of at most 12 products below 1, in an order of its own.
      output.values.forEach((value, i) =>
        assertAlmostEquals(values[i], value, 1e-6)
      );
    },
  };
}

/** The input that `interchange.py` makes. */
function inputOf(shape: number[]): Tensor<"float32"> {
  const length = shape.reduce((a, b) => a * b);
  const values = Float32Array.from(
    { length },
    (_, i) => (7 * i % 11 - 5) / 8,
  );
  return new Tensor(values, shape, "float32");
}
