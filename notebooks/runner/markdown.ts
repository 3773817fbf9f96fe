/**
 * Markdown cells as HTML: GitHub's dialect, formulas, colored code, pictures put into the page.
 *
 * @module
 */

import hljs from "npm:highlight.js@11/lib/common";
import {
  Marked,
  type MarkedExtension,
  type Token,
  type Tokens,
} from "npm:marked@18";
import { escapeHtml } from "./escape.ts";
import { renderMath } from "./math.ts";

/** Where a Markdown text's pictures come from: returns a `data:` URL, or `undefined` if there is none. */
export type PictureSource = (path: string) => string | undefined;

const BLOCK =
  /^ {0,3}(?:\$\$([^]+?)\$\$|(\\begin\{(\w+\*?)\}[^]+?\\end\{\3\}))[ \t]*(?:\n|$)/;
const INLINE_DISPLAY = /^\$\$([^]+?)\$\$/;
/** No space just inside the dollars and no digit behind them: "5 $ and 6 $" is money. */
const INLINE = /^\$(?![\s$])((?:\\[^]|[^\\$])*?(?:[^\\\s$]|\\\S))\$(?!\d)/;

/** Formulas: `$…$` in a line, `$$…$$` and bare LaTeX environments on their own. */
const FORMULAS: MarkedExtension = {
  extensions: [
    {
      name: "blockFormula",
      level: "block",
      start: (text) => /(?:^|\n) {0,3}(?:\$\$|\\begin\{)/.exec(text)?.index,
      tokenizer: (text) => formula("blockFormula", BLOCK.exec(text), true),
      renderer: ({ text, display }) => `${renderMath(text, display)}\n`,
    },
    {
      name: "inlineFormula",
      level: "inline",
      start: (text) => text.indexOf("$"),
      tokenizer: (text) =>
        formula("inlineFormula", INLINE_DISPLAY.exec(text), true) ??
          formula("inlineFormula", INLINE.exec(text), false),
      renderer: ({ text, display }) => renderMath(text, display),
    },
  ],
};

/**
 * Returns the HTML of a Markdown text. HTML within the text stays as it is.
 *
 * Links to other notebooks (`02_name.ipynb`) become links to their pages (`02_name.html`).
 *
 * @param text The Markdown.
 * @param picture Where relative paths and `attachment:` names of pictures lead.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { renderMarkdown } from "./markdown.ts";
 *
 * assertEquals(renderMarkdown("a *b* & [c](d.ipynb#e)"), '<p>a <em>b</em> &amp; <a href="d.html#e">c</a></p>\n');
 * ```
 */
export function renderMarkdown(
  text: string,
  picture: PictureSource = () => undefined,
): string {
  const marked = new Marked(FORMULAS, {
    walkTokens(token: Token) {
      if (token.type === "link") {
        token.href = token.href.replace(
          /^(?!\w+:)([^#]*)\.ipynb(?=#|$)/,
          "$1.html",
        );
      }
      if (token.type === "image" && !/^\w+:\/\/|^data:/.test(token.href)) {
        token.href = picture(token.href) ?? token.href;
      }
    },
    renderer: {
      code: ({ text, lang = "" }: Tokens.Code) =>
        `<pre><code>${highlight(text, lang)}</code></pre>\n`,
      heading({ tokens, depth, text }: Tokens.Heading) {
        const id = escapeHtml(text.trim().replaceAll(/\s+/g, "-"));
        return `<h${depth} id="${id}">${
          this.parser.parseInline(tokens)
        }</h${depth}>\n`;
      },
    },
  });
  return marked.parse(text, { async: false });
}

/**
 * Returns code as HTML with its words in spans for colors; plain escaped text if the language is unknown.
 *
 * @param code The code.
 * @param language Such as `"typescript"` or `"py"`.
 */
export function highlight(code: string, language: string): string {
  if (hljs.getLanguage(language) === undefined) return escapeHtml(code);
  return hljs.highlight(code, { language, ignoreIllegals: true }).value;
}

function formula(
  type: string,
  match: RegExpExecArray | null,
  display: boolean,
): Tokens.Generic | undefined {
  if (match !== null) {
    return {
      type,
      raw: match[0],
      text: (match[1] ?? match[2]).trim(),
      display,
    };
  }
}
