/**
 * A figure's layout with its types.
 *
 * @module
 */

import type { Figure } from "../../lib/plot/figure.ts";
import type { Layout } from "../../lib/plot/types.ts";

/** Returns the layout of a figure that `plot` made. */
export function layoutOf({ layout }: Figure): Layout {
  return layout as unknown as Layout;
}
