/**
 * LaTeX formulas as MathML: no fonts, no scripts, no network.
 *
 * @module
 */

import temml from "npm:temml@0.13";
import temmlStyle from "npm:temml@0.13/dist/Temml-Local.css" with {
  type: "text",
};
import { escapeHtml } from "./escape.ts";

/** Rules for MathML's look; the one font they fetch is left out. */
export const MATH_STYLE: string = temmlStyle.replaceAll(
  /@font-face\s*{[^}]*}/g,
  "",
);

/** Environments whose lines LaTeX would number; a page has no use for the numbers. */
const NUMBERED = /\\(begin|end)\{(align|alignat|equation|gather|multline)\}/g;

/**
 * Returns a formula as MathML, or its source marked as an error if it is none.
 *
 * @param formula LaTeX, without dollars.
 * @param display Whether it stands on its own line.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { renderMath } from "./math.ts";
 *
 * assertEquals(renderMath("x", false), "<math><mi>x</mi></math>");
 * ```
 */
export function renderMath(formula: string, display: boolean): string {
  try {
    return temml.renderToString(formula.replaceAll(NUMBERED, "\\$1{$2*}"), {
      displayMode: display,
      throwOnError: true,
    });
  } catch (error) {
    const title = error instanceof Error ? error.message : "";
    return `<code class="error" title="${escapeHtml(title)}">${
      escapeHtml(formula)
    }</code>`;
  }
}
