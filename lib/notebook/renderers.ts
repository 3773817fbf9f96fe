/**
 * The renderers of all kinds of values but explorers, which bring theirs.
 *
 * @module
 */

import { figureRenderer } from "./figure.ts";
import {
  fanRenderer,
  initializationRenderer,
  moduleRenderer,
  summaryRenderer,
  tensorRenderer,
} from "./values.ts";

/** The renderers by kind. */
export const renderers = {
  tensor: tensorRenderer,
  fan: fanRenderer,
  module: moduleRenderer,
  summary: summaryRenderer,
  initialization: initializationRenderer,
  figure: figureRenderer,
};
