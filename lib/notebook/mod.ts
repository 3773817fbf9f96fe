/**
 * Registers the renderers of all kinds of values but explorers. `mod.ts` loads
 * this file for that effect. In a bundle, the code that draws is loaded when the
 * first value shows itself: code that only fills tensors does not load it.
 *
 * @module
 */

import { setRenderer } from "../core/show.ts";

for (
  const kind of [
    "tensor",
    "fan",
    "module",
    "summary",
    "initialization",
    "figure",
  ] as const
) {
  setRenderer(
    kind,
    async () => (await import("./renderers.ts")).renderers[kind],
  );
}
