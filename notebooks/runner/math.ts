/**
 * Formulas between dollars in Markdown, as MathML: no fonts, no scripts, no network.
 *
 * @module
 */

import type { MarkedExtension, Tokens } from "npm:marked@18";
import temml from "npm:temml@0.13";
import temmlStyle from "npm:temml@0.13/dist/Temml-Local.css" with {
  type: "text",
};

/** Rules for MathML's look; the one font they name is left out, as a page fetches nothing. */
export const MATH_STYLE: string = temmlStyle.replaceAll(
  /@font-face\s*{[^}]*}/g,
  "",
);

const BLOCK =
  /^ {0,3}(?:\$\$([^]+?)\$\$|(\\begin\{(\w+\*?)\}[^]+?\\end\{\3\}))[ \t]*(?:\n|$)/;
const INLINE_DISPLAY = /^\$\$([^]+?)\$\$/;
/** No space just inside the dollars, no digit after them: "5 $ and 6 $" is money. */
const INLINE =
  /^\$(?![\s$])((?:\\[^]|[^\\$])*?[^\\\s$]|(?:\\[^]|[^\\$])*?\\[^\s])\$(?!\d)/;

/** Environments whose lines LaTeX would number; a page has no use for the numbers. */
const NUMBERED = /\\(begin|end)\{(align|alignat|equation|gather|multline)\}/g;

/** Formulas for `marked`: `$…$` in a line, `$$…$$` and bare LaTeX environments on their own. */
export const math: MarkedExtension = {
  extensions: [
    {
      name: "blockMath",
      level: "block",
      start: (text) => /(?:^|\n) {0,3}(?:\$\$|\\begin\{)/.exec(text)?.index,
      tokenizer: (text) => token("blockMath", BLOCK.exec(text), true),
      renderer: render,
    },
    {
      name: "inlineMath",
      level: "inline",
      start: (text) => text.indexOf("$"),
      tokenizer: (text) =>
        token("inlineMath", INLINE_DISPLAY.exec(text), true) ??
          token("inlineMath", INLINE.exec(text), false),
      renderer: render,
    },
  ],
};

function token(
  type: string,
  match: RegExpExecArray | null,
  display: boolean,
): Tokens.Generic | undefined {
  if (match === null) return;
  return {
    type,
    raw: match[0],
    text: (match[1] ?? match[2]).trim().replaceAll(NUMBERED, "\\$1{$2*}"),
    display,
  };
}

function render({ text, display }: Tokens.Generic): string {
  return temml.renderToString(text, {
    displayMode: display,
    throwOnError: false,
  });
}
