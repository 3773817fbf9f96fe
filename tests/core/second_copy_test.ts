/**
 * A second copy of the library, as two versions in one program: its tensors are
 * refused by name.
 *
 * @module
 */

import { assertEquals, assertThrows } from "@std/assert";
import {
  empty,
  fan,
  Generator,
  init,
  nn,
  plot,
  summary,
  tensor,
} from "../../mod.ts";

// One copy in one bundle: an import of it shares no module with this one.
const bundled = await new Deno.Command(Deno.execPath(), {
  args: [
    "bundle",
    "--quiet",
    new URL("../../mod.ts", import.meta.url).pathname,
  ],
}).output();
const url = `data:text/javascript;base64,${bundled.stdout.toBase64()}`;
const copy: typeof import("../../mod.ts") = await import(url);

Deno.test("a tensor of a second copy is refused by these words", () => {
  const other = copy.empty([2, 2]);
  const weights: unknown = other;
  const layer: unknown = new copy.nn.Linear(2, 2);
  const ours = new nn.Linear(2, 2);
  const acts: (() => unknown)[] = [
    () => init.normal(weights as never),
    () =>
      new Generator(0).fill(weights as never, {
        kind: "normal",
        mean: 0,
        std: 1,
      }),
    () => fan(weights as never),
    () => fan(layer as never),
    () => plot.weights(weights as never),
    () => plot.weights(layer as never),
    () => summary({ weight: weights as never }),
    () => ours.loadStateDict({ weight: weights as never, bias: empty([2]) }),
    () => tensor(weights as never),
  ];
  for (const act of acts) {
    assertThrows(act, TypeError, "a Tensor of a second copy of fanin");
  }
  assertEquals(copy.init.ones(other).toArray(), [[1, 1], [1, 1]]);
});
