/**
 * The look of a notebook's page, in light and dark, on narrow and wide screens and on paper.
 *
 * @module
 */

/** Colors as variables, so that the dark ones stand once. */
const LIGHT = `
  --ink: #1f2328; --soft: #59636e; --paper: #ffffff; --shade: #f6f8fa; --line: #d8dee4; --link: #0a58ca;
  --keyword: #a626a4; --string: #2f7d32; --number: #a8540b; --comment: #6a737d; --name: #1f5fbf; --type: #0f7285;
  --black: #24292f; --red: #c4262e; --green: #1a7f37; --yellow: #8a6100; --blue: #0a58ca; --magenta: #9a2f9a;
  --cyan: #0f7285; --white: #6e7781; --error: #fff1f0; --warning: #fff8e6;`;
const DARK = `
  --ink: #e3e6ea; --soft: #9aa4af; --paper: #14171b; --shade: #1d2126; --line: #343b43; --link: #79b0ff;
  --keyword: #d89bea; --string: #9ccc8f; --number: #e8b06c; --comment: #8b949e; --name: #86b7ff; --type: #6fcbd8;
  --black: #6e7681; --red: #ff8a80; --green: #7ecb84; --yellow: #dcb65a; --blue: #79b0ff; --magenta: #df9fe6;
  --cyan: #6fcbd8; --white: #d0d7de; --error: #3a1d1f; --warning: #33290f;`;

const TERMINAL_COLORS = [
  "black",
  "red",
  "green",
  "yellow",
  "blue",
  "magenta",
  "cyan",
  "white",
];

/** Rules with no weight of their own, so that an output's own style wins. */
const DEFAULTS = `
:where(table) { border-collapse: collapse; font-size: 0.9em; font-variant-numeric: tabular-nums; }
:where(th, td) { padding: 0.35em 0.8em; border-bottom: 1px solid var(--line); vertical-align: top; }
:where(th, td):where(:not([align])) { text-align: left; }
:where(th) { border-bottom: 2px solid var(--line); font-weight: 600; }
:where(.markdown img, .picture img) { max-width: 100%; height: auto; }
:where(pre) { margin: 0; font-size: 0.875rem; line-height: 1.55; tab-size: 2; }
:where(a) { color: var(--link); }`;

/** The style sheet. */
export const PAGE_STYLE: string = `
:root { ${LIGHT} color-scheme: light dark; }
@media screen and (prefers-color-scheme: dark) { :root { ${DARK} } }
* { box-sizing: border-box; }
${DEFAULTS}
html { -webkit-text-size-adjust: 100%; scroll-behavior: smooth; }
body {
  margin: 0; background: var(--paper); color: var(--ink);
  font: 1.0625rem/1.65 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", sans-serif;
}
main { max-width: 56.25rem; margin: 0 auto; padding: 2.5rem 1.25rem 6rem; }
pre, code { font-family: ui-monospace, "SF Mono", "Cascadia Code", "DejaVu Sans Mono", Menlo, Consolas, monospace; }
math {
  font-family: "Cambria Math", "STIX Two Math", "Latin Modern Math", "Libertinus Math", "DejaVu Math TeX Gyre",
    "Noto Sans Math", math;
}
.cell { position: relative; margin: 1.25rem 0; min-width: 0; }
.markdown { overflow-wrap: break-word; }
.markdown > :first-child { margin-top: 0; }
.markdown > :last-child { margin-bottom: 0; }
h1, h2, h3, h4, h5, h6 { line-height: 1.25; margin: 1.6em 0 0.6em; text-wrap: balance; break-after: avoid; }
h1 { font-size: 2.1rem; letter-spacing: -0.015em; }
h2 { font-size: 1.5rem; padding-top: 0.4rem; }
h3 { font-size: 1.2rem; }
h4, h5, h6 { font-size: 1.0625rem; }
p, ul, ol, blockquote { margin: 0.9em 0; }
ul, ol { padding-left: 1.6em; }
li + li, li > ul, li > ol { margin: 0.25em 0 0; }
blockquote > :first-child { margin-top: 0; }
blockquote > :last-child { margin-bottom: 0; }
blockquote { margin-left: 0; padding: 0.2em 1em; border-left: 3px solid var(--line); color: var(--soft); }
hr { border: 0; border-top: 1px solid var(--line); margin: 2.5em 0; }
.markdown pre, .source { padding: 0.8rem 1rem; border-radius: 6px; background: var(--shade); overflow-x: auto; }
.markdown table, .tml-display { display: block; overflow-x: auto; max-width: 100%; }
.markdown :not(pre) > code { padding: 0.12em 0.35em; border-radius: 4px; background: var(--shade); font-size: 0.875em; }
code.error { color: var(--red); }
.source { border: 1px solid var(--line); }
.count {
  position: absolute; right: 100%; top: 0.85rem; width: 3.5rem; padding-right: 0.8rem; text-align: right;
  font-size: 0.8rem; color: var(--soft); font-variant-numeric: tabular-nums; user-select: none;
}
.outputs { margin-top: 0.5rem; }
.output { overflow-x: auto; overflow-y: hidden; padding: 0.35rem 1rem; max-width: 100%; }
.output.html, .output.picture { padding: 0.35rem 0; }
.output pre.long { max-height: 32rem; overflow-y: auto; white-space: pre-wrap; line-break: anywhere; }
.output > table { margin: 0.3rem 0; }
.output.stderr, .output.error { padding: 0.7rem 1rem; margin: 0.35rem 0; border-radius: 6px; }
.output.stderr { background: var(--warning); }
.output.error { background: var(--error); border-left: 3px solid var(--red); }
.raw pre { overflow-x: auto; color: var(--soft); }
.hljs-keyword, .hljs-literal, .hljs-selector-tag { color: var(--keyword); }
.hljs-string, .hljs-regexp, .hljs-addition { color: var(--string); }
.hljs-number, .hljs-symbol, .hljs-bullet, .hljs-meta, .hljs-variable.constant_ { color: var(--number); }
.hljs-comment, .hljs-quote { color: var(--comment); font-style: italic; }
.hljs-title, .hljs-section { color: var(--name); }
.hljs-built_in, .hljs-type, .hljs-title.class_, .hljs-attr, .hljs-selector-class { color: var(--type); }
.hljs-subst, .hljs-params, .hljs-property { color: inherit; }
${
  TERMINAL_COLORS.map((name) =>
    `.ansi-${name}-fg, .ansi-bright-${name}-fg { color: var(--${name}); }
.ansi-${name}-bg, .ansi-bright-${name}-bg { background: var(--${name}); color: var(--paper); }`
  ).join("\n")
}
@media (max-width: 66rem) {
  .count { position: static; width: auto; padding: 0 0 0.15rem; text-align: left; }
}
@media (max-width: 40rem) {
  body { font-size: 1rem; }
  main { padding: 1.25rem 0.9rem 4rem; }
  h1 { font-size: 1.7rem; }
}
@media print {
  main { max-width: none; padding: 0; }
  body { font-size: 10.5pt; }
  pre { white-space: pre-wrap; overflow-wrap: anywhere; font-size: 8.5pt; }
  .source { break-inside: auto; }
  .output { break-inside: avoid; overflow: hidden; }
  .count { position: static; width: auto; text-align: left; padding: 0; }
}
`.trim();
