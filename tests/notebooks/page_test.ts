import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import {
  renderMarkdown,
  renderSafeMarkdown,
} from "../../notebooks/runner/markdown.ts";
import type { Cell, Notebook } from "../../notebooks/runner/notebook.ts";
import type { Output } from "../../notebooks/runner/outputs.ts";
import { renderOutput } from "../../notebooks/runner/output_html.ts";
import { renderPage } from "../../notebooks/runner/page.ts";
import { picturesIn } from "../../notebooks/runner/pictures.ts";
import { scratchFolder } from "./scratch.ts";

const HOSTILE =
  `<script>alert("x")</script><img src=x onerror='alert(1)'>&amp;`;

function code(source: string, ...outputs: Output[]): Cell {
  return {
    cell_type: "code",
    id: "c",
    metadata: {},
    source,
    outputs,
    execution_count: 3,
  };
}

function text(source: string, more: Partial<Cell> = {}): Cell {
  return { cell_type: "markdown", id: "m", metadata: {}, source, ...more };
}

function page(...cells: Cell[]): string {
  const notebook: Notebook = { cells, metadata: {} };
  return renderPage(notebook, { name: `name ${HOSTILE}` });
}

function display(
  data: Record<string, string | Record<string, number>>,
  metadata = {},
): Output {
  return { output_type: "display_data", data, metadata };
}

Deno.test("all that is text stays text", () => {
  const outputs: Output[] = [
    { output_type: "stream", name: "stdout", text: HOSTILE },
    { output_type: "stream", name: `"><script>alert(1)</script>`, text: "" },
    { output_type: "error", ename: "E", evalue: "e", traceback: [HOSTILE] },
    { output_type: "error", ename: HOSTILE, evalue: HOSTILE, traceback: [] },
    display({ "text/plain": HOSTILE }),
    display({ "application/json": { [HOSTILE]: 1 } }),
    display({
      "image/svg+xml": `<svg><title>"><script>alert(1)</script></title></svg>`,
    }),
  ];
  const html = page(
    code(HOSTILE, ...outputs),
    { ...code("x"), id: `"><script>` },
    { cell_type: "raw", id: "r", metadata: {}, source: HOSTILE },
    text(
      "```ts\n" + HOSTILE + "\n```\n\n```" + '"><script>' + "\n" + HOSTILE +
        "\n```\n\n`" + HOSTILE + "`",
    ),
  );
  assert(
    !/<script|onerror=['"]/.test(html),
    /.{80}(?:<script|onerror=['"]).{80}/.exec(html)?.[0],
  );
  assertStringIncludes(
    html,
    `&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;`,
  );
});

Deno.test("an output's HTML is put in as it is", () => {
  const html = `<div id="d"></div><script>draw("d")</script>`;
  assertStringIncludes(
    page(code("1", display({ "text/html": html, "text/plain": "plain" }))),
    html,
  );
});

Deno.test("the richest form of an output is shown", () => {
  const forms = {
    "text/html": "<b>h</b>",
    "image/svg+xml": "<svg><title>T</title></svg>",
    "image/png": "cG5n\n",
    "text/markdown": "*m*",
    "text/latex": "$l$",
    "application/json": { j: 1 },
    "text/plain": "\x1b[31mp\x1b[39m",
  };
  const signs = [
    "<b>h</b>",
    `<img src="data:image/svg+xml;base64,PHN2Zz48dGl0bGU+VDwvdGl0bGU+PC9zdmc+" alt="T">`,
    `<img src="data:image/png;base64,cG5n" alt="">`,
    "<em>m</em>",
    "<mi>l</mi>",
    "&quot;j&quot;: 1",
    `<span class="ansi-red-fg">p</span>`,
  ];
  const entries = Object.entries(forms);
  for (const [index, sign] of signs.entries()) {
    const data = Object.fromEntries(entries.slice(index).reverse());
    assertStringIncludes(renderOutput(display(data)), sign);
  }
  assertEquals(
    renderOutput(display({ "application/vnd.plotly.v1+json": {} })),
    "",
  );
  const size = renderOutput(
    display({ "image/png": "cG5n" }, { "image/png": { width: 3, height: 2 } }),
  );
  assertStringIncludes(size, `width="3" height="2"`);
});

Deno.test("lines restarted by a carriage return show their last text", () => {
  for (
    const [text, shown] of [
      ["10 %\r100 %\nend\r\n", "100 %\nend\n"],
      ["1 %\r2 %\r", "2 %"],
      ["a\r\r\nb", "a\nb"],
      ["\r", ""],
    ]
  ) {
    const output: Output = { output_type: "stream", name: "stdout", text };
    assertEquals(
      renderOutput(output),
      `<div class="output stdout"><pre>${shown}</pre></div>`,
    );
  }
});

Deno.test("a line too long to scroll along is wrapped", () => {
  const shown = (length: number) =>
    renderOutput(display({ "text/plain": "y".repeat(length) }));
  assertStringIncludes(shown(5_000), `<pre class="long">yy`);
  assertStringIncludes(shown(4_999), "<pre>yy");
});

Deno.test("Markdown of outputs keeps simple tags alone, and links to pages alone", () => {
  const kept =
    "<p>x<sup>2</sup><br/> <details><summary>s</summary></details></p>\n";
  assertEquals(renderSafeMarkdown(kept.slice(3, -5)), kept);
  assertEquals(renderSafeMarkdown("a<!-- b --> *c*"), "<p>a <em>c</em></p>\n");
  for (
    const href of ["https://a.org/?b=1", "mailto:a@b.org", "#c", "d/e:f.html"]
  ) {
    assertStringIncludes(renderSafeMarkdown(`[l](${href})`), `href="${href}"`);
  }
  for (
    const href of [
      "javascript:alert(1)",
      "JavaScript:alert(1)",
      "&#106;avascript:alert(1)",
      "java&Tab;script:alert(1)",
      "vbscript:x",
      "data:text/html,x",
    ]
  ) {
    for (const text of [`[l](${href})`, `<${href}>`, `[l]: ${href}\n\n[l]`]) {
      const found = /href="([^"]*)"/.exec(renderSafeMarkdown(text))?.[1] ?? "#";
      assertEquals(found, "#", text);
    }
  }
  const html = [
    HOSTILE,
    "<script>\nalert(1)\n</script>",
    "a <code> <img src=x onerror=alert(1)//",
    "<pre>\n<img src=x onerror=alert(1)\n\n<b onclick=x>",
    "</div></section></main>",
    "| <img src=x onerror=x> | <script> |\n|-|-|\n| <style> | <iframe> |",
    "# <img src=x onerror=x>",
    '![<img>](a.png "<script>")',
    "$\\href{javascript:x}{y}$ $\\class{<script>}{x}$",
  ];
  for (const text of html) {
    for (const type of ["text/markdown", "text/latex"]) {
      const shown = renderOutput(display({ [type]: text }))
        .replace(/^<div class="output \w+">(.*)<\/div>$/s, "$1");
      const tags = shown.match(/<\/?[\w!?][^>]*>?/g) ?? [];
      const plain =
        /^<(?:\/?(?:p|code|h1|table|thead|tbody|tr|t[hd])|h1 id="[^"]*"|code class="error" title="[^"]*"|img src="a.png" alt="[^"]*" title="[^"]*")>$/;
      assertEquals(tags.filter((tag) => !plain.test(tag)), [], text);
    }
  }
});

Deno.test("a picture's data are no markup", () => {
  const html = renderOutput(display({ "image/png": `"><script>` }));
  assert(!html.includes("<script>"), html);
});

Deno.test("the page forbids all network and names no other place", () => {
  const html = page(text("# A `title` of *mine* $x$ #\n\ntext"), code("1 + 1"));
  const policy =
    /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(html)?.[1] ??
      "";
  assert(policy.startsWith("default-src 'none'"));
  assert(!/https?:|\*|'self'/.test(policy), policy);
  assertEquals(html.match(/(?:src|href)="?(?!data:|#)[^"]*/g), null);
  for (const [, url] of html.matchAll(/url\(["']?([^)"'\s]*)/g)) {
    assert(url.startsWith("data:") || url.startsWith("%23"), url);
  }
  assertStringIncludes(html, "<title>A title of mine x</title>");
  assertStringIncludes(html, `<div class="count">[3]</div>`);
});

Deno.test("the title is the notebook's name if there is no heading", () => {
  assertStringIncludes(page(text("no heading")), "<title>name &lt;script&gt;");
});

Deno.test("formulas become MathML, and money stays money", () => {
  assertMatch(
    renderMarkdown("a $x_1 * y_2 * z$ b"),
    /^<p>a <math>.*<\/math> b<\/p>\n$/,
  );
  assertMatch(
    renderMarkdown("$$\n\\frac{1}{2}\n$$\n\ntext"),
    /^<math display="block".*<mfrac>.*<\/math>\n<p>text<\/p>/,
  );
  assertMatch(renderMarkdown("a $$x$$ b"), /<math display="block"/);
  assertMatch(renderMarkdown("a$$x$$ b"), /^<p>a<math .*<\/math> b<\/p>\n$/);
  assertMatch(
    renderMarkdown("a\n$$\nx\n$$\nb\n\n$$y$$"),
    /^<p>a<\/p>\n<math .*<\/math>\n<p>b<\/p>\n<math .*<\/math>\n$/,
  );
  assertMatch(
    renderMarkdown("\\begin{align}\na &= b \\\\\nc &= d\n\\end{align}\n"),
    /^<math display="block".*<mtable/,
  );
  assertMatch(renderMarkdown("$\\text{costs \\$5}$"), /<math>.*costs.\$5/);
  for (
    const text of ["5 $ and 6 $", "$5 and $6", "\\$x\\$", "`$x$`", "$ x $"]
  ) {
    assert(!renderMarkdown(text).includes("<math"), text);
  }
  assert(!renderMarkdown("$\\text{<script>}$").includes("<script>"));
  assertMatch(
    renderMarkdown("$\\frac{<b>$"),
    /<code class="error" title="[^"]+">\\frac\{&lt;b&gt;<\/code>/,
  );
});

Deno.test("pictures outside the notebook's folder are not read, and it is said", async () => {
  await using folder = await scratchFolder();
  for (const name of ["lesson", "lesson/deep", "lesson2"]) {
    Deno.mkdirSync(`${folder.path}/${name}`);
  }
  for (const path of ["a.svg", "lesson2/a.svg", "lesson/deep/a.svg"]) {
    folder.file(path, "<svg/>");
  }
  Deno.symlinkSync(`${folder.path}/a.svg`, `${folder.path}/lesson/link.svg`);
  const missing: string[] = [];
  const picture = picturesIn(
    `${folder.path}/lesson`,
    (path) => missing.push(path),
  );
  assertMatch(picture("deep/../deep/a.svg") ?? "", /^data:/);
  const outside = [
    "../a.svg",
    "..%2fa.svg",
    "deep/../../a.svg",
    "../lesson2/a.svg",
    `${folder.path}/a.svg`,
    "link.svg",
    "https://a.org/a.svg",
  ];
  for (const path of outside) {
    const html = renderMarkdown(`![alt](${path})`, picture);
    assertStringIncludes(html, `<img src="${path}" alt="alt">`);
  }
  assertEquals(missing, outside);
});

Deno.test("pictures and links of Markdown work in a page", async () => {
  await using folder = await scratchFolder();
  folder.file("a b.svg", "<svg/>");
  folder.file("secret.txt", "text");
  const picture = picturesIn(folder.path);
  assertStringIncludes(
    renderMarkdown("![p](a%20b.svg)", picture),
    `<img src="data:image/svg+xml;base64,PHN2Zy8+" alt="p"`,
  );
  assertStringIncludes(
    renderMarkdown("![p](secret.txt)", picture),
    `src="secret.txt"`,
  );
  assertStringIncludes(
    renderMarkdown("![p](none.png)", picture),
    `src="none.png"`,
  );
  const attachments = { "a.png": { "image/png": "cG5n" } };
  assertStringIncludes(
    page(text("![p](attachment:a.png)", { attachments })),
    `<img src="data:image/png;base64,cG5n" alt="p"`,
  );
  assertStringIncludes(renderMarkdown("[n](02_b.ipynb)"), `href="02_b.html"`);
  assertStringIncludes(
    renderMarkdown("[n](https://a.org/b.ipynb)"),
    `href="https://a.org/b.ipynb"`,
  );
  assertStringIncludes(
    renderMarkdown("## The 2-D rule\n"),
    `<h2 id="The-2-D-rule">`,
  );
});
