/**
 * Markdown cells as HTML: GitHub's dialect, formulas, coloured code, pictures put into the page.
 *
 * @module
 */

import hljs from "npm:highlight.js@11/lib/common";
import { Marked, type Token, type Tokens } from "npm:marked@18";
import { escapeHtml } from "./escape.ts";
import { math } from "./math.ts";

/** Where a Markdown text's pictures come from: returns a `data:` URL, or `undefined` if there is none. */
export type PictureSource = (path: string) => string | undefined;

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
  const marked = new Marked(math, {
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
 * Returns code as HTML with its words in spans for colours; plain escaped text if the language is unknown.
 *
 * @param code The code.
 * @param language Such as `"typescript"` or `"py"`.
 */
export function highlight(code: string, language: string): string {
  if (hljs.getLanguage(language) === undefined) return escapeHtml(code);
  return hljs.highlight(code, { language, ignoreIllegals: true }).value;
}
