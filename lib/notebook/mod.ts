/**
 * Registers the renderers of all kinds of values but explorers, which bring
 * theirs. `mod.ts` loads this file for that effect. The code that draws is
 * loaded when the first value shows itself: code that only fills tensors does
 * not load it.
 *
 * @module
 */

import { setRenderer } from "../core/show.ts";

setRenderer(
  "tensor",
  async () => (await import("./values.ts")).tensorRenderer,
);
setRenderer(
  "fan",
  async () => (await import("./values.ts")).fanRenderer,
);
setRenderer(
  "module",
  async () => (await import("./values.ts")).moduleRenderer,
);
setRenderer(
  "summary",
  async () => (await import("./values.ts")).summaryRenderer,
);
setRenderer(
  "initialization",
  async () => (await import("./values.ts")).initializationRenderer,
);
setRenderer(
  "figure",
  async () => (await import("./figure.ts")).figureRenderer,
);
