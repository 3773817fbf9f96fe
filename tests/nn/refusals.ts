/**
 * Tests that layers refuse what they cannot be made of.
 *
 * @module
 */

import { assert, assertEquals, assertThrows } from "@std/assert";
import { defaultGenerator, manualSeed, nn } from "../../mod.ts";

/** A layer, its arguments, the error and a part of its message. */
export type Refusal = readonly [
  layer: keyof typeof nn,
  args: readonly unknown[],
  errorClass: typeof RangeError | typeof TypeError,
  message: string,
];

/**
 * Makes a test of each row: it must throw, and draw nothing before.
 *
 * @param rows What is refused.
 */
export function testRefusals(rows: readonly Refusal[]): void {
  for (const [layer, args, errorClass, message] of rows) {
    Deno.test(`nn.${layer} refuses ${Deno.inspect(args)}`, () => {
      const Layer = nn[layer] as unknown as new (
        ...args: readonly unknown[]
      ) => nn.Module;
      manualSeed(3);
      const before = defaultGenerator().getState();
      const error = assertThrows(() => new Layer(...args), errorClass, message);
      assert(/^Cannot .+: .+ must .+/.test(error.message), error.message);
      assert(error.message.length <= 400);
      assertEquals(defaultGenerator().getState(), before);
    });
  }
}
