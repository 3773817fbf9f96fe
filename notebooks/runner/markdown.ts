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
      start: beforeFormula,
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

/** Tags that safe Markdown may hold, without attributes. */
const BARE_TAG =
  /&lt;(\/?(?:b|br|code|del|details|em|hr|i|ins|kbd|mark|s|small|strong|sub|summary|sup|u) ?\/?)&gt;/gi;
const COMMENT = /<!--[^]*?-->/g;
/** Addresses of the web and of mail, and paths: no other scheme, and no entity that might become one. */
const SAFE_HREF = /^(?:https?:|mailto:|[^&:]*(?:[#?/]|$))/i;

/** Leaves nothing in a text's HTML that runs or breaks out of its place. */
const SAFE: MarkedExtension = {
  walkTokens(token: Token) {
    if (token.type === "link" && !SAFE_HREF.test(token.href)) token.href = "#";
    if ("escaped" in token) token.escaped = false;
  },
  renderer: {
    html: ({ text }) =>
      escapeHtml(text.replace(COMMENT, "")).replace(BARE_TAG, "<$1>"),
  },
};

/** Words as long as this take too long to color: the time grows with the square. */
const LONG_WORD = /[\w$]{1000}/;

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
  return parse(text, picture);
}

/**
 * Returns the HTML of a Markdown text that nobody has looked at: simple tags
 * stay, other HTML becomes text, and links lead to pages only.
 *
 * @param text The Markdown.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { renderSafeMarkdown } from "./markdown.ts";
 *
 * assertEquals(renderSafeMarkdown("x<sup>2</sup> <img>"), "<p>x<sup>2</sup> &lt;img&gt;</p>\n");
 * ```
 */
export function renderSafeMarkdown(text: string): string {
  return parse(text, () => undefined, SAFE);
}

function parse(
  text: string,
  picture: PictureSource,
  ...extensions: MarkedExtension[]
): string {
  const marked = new Marked(FORMULAS, ...extensions, {
    walkTokens(token: Token) {
      if (token.type === "link") {
        token.href = token.href.replace(
          /^(?!\w+:)([^#]*)\.ipynb(?=#|$)/,
          "$1.html",
        );
      }
      if (token.type === "image" && !token.href.startsWith("data:")) {
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
 * Returns code as HTML with its words in spans for colors; plain escaped text
 * if the language is unknown or a word has 1,000 characters.
 *
 * @param code The code.
 * @param language Such as `"typescript"` or `"py"`.
 */
export function highlight(code: string, language: string): string {
  if (hljs.getLanguage(language) === undefined || LONG_WORD.test(code)) {
    return escapeHtml(code);
  }
  return hljs.highlight(code, { language, ignoreIllegals: true }).value;
}

/** Returns where a paragraph ends because a formula follows, if one does. */
function beforeFormula(text: string): number | undefined {
  const end = /\n(?:[ \t]*\n| {0,3}(\$\$|\\begin\{))/.exec(text);
  return end?.[1] === undefined ? undefined : end.index;
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
