import { hasFonts } from "./fonts.ts";
import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  currentRenderer,
  display,
  fan,
  nn,
  plot,
  type ShowOptions,
  tensor,
  useRenderer,
} from "../../mod.ts";
import type { RendererName } from "../../lib/core/show.ts";
import type { MimeBundle } from "../../lib/core/show.ts";
import { jupyterDisplay } from "../../lib/core/show.ts";
import { readVariable } from "../../lib/notebook/renderer.ts";
import { inKernel } from "./fake_kernel.ts";
import { decodePng } from "./png_pixels.ts";

const mime = "application/vnd.plotly.v1+json";

/** What an output holds besides text. */
const expected: Readonly<Record<RendererName, readonly string[]>> = {
  auto: [mime, "text/html"],
  mimetype: [mime],
  html: ["text/html"],
  svg: ["image/svg+xml"],
  png: ["image/png"],
  static: ["image/svg+xml", "image/png"],
};

const names = Object.keys(expected) as RendererName[];

const figure = plot.weights(tensor([1, 2, 3]));

Deno.test("each renderer gives its representations, and the text", {
  ignore: !hasFonts,
}, async () => {
  for (const name of names) {
    const set = await chosen(name, () => figure[jupyterDisplay]());
    const asked = await figure[jupyterDisplay]({ renderer: name });
    for (const bundle of [set, asked]) {
      assertEquals(Object.keys(bundle), [...expected[name], "text/plain"]);
      assertEquals(bundle["text/plain"], String(figure));
    }
  }
});

Deno.test("a figure's own renderer overrides the chosen one", async () => {
  const bundle = await chosen(
    "svg",
    () => figure[jupyterDisplay]({ renderer: "mimetype" }),
  );
  assertEquals(Object.keys(bundle), [mime, "text/plain"]);
});

Deno.test(
  "the pictures are those of toSvg and toPng",
  { ignore: !hasFonts },
  async () => {
    const bundle = await figure[jupyterDisplay]({ renderer: "static" });
    assertEquals(bundle["image/svg+xml"], figure.toSvg());
    const png = Uint8Array.fromBase64(String(bundle["image/png"]));
    assertEquals(png, await figure.toPng({ scale: 1 }));
    const { width, height } = await decodePng(png);
    assertEquals([width, height], [
      figure.layout.width,
      figure.layout.height,
    ]);
  },
);

Deno.test("tables are the same by each renderer", async () => {
  const layer = new nn.Linear(3, 2);
  for (const value of [tensor([1, 2]), layer, fan(layer.weight)]) {
    const { [jupyterDisplay]: show } = value as unknown as Shown;
    const plain = await show.call(value);
    assert("text/html" in plain);
    for (const name of names) {
      assertEquals(await chosen(name, () => show.call(value)), plain);
      assertEquals(await show.call(value, { renderer: name }), plain);
    }
  }
});

Deno.test("display asks a figure for a renderer, and leaves the rest", async () => {
  const renderer = "svg";
  const bundles = [
    await shown(figure, { renderer }),
    await shown(tensor([1]), { renderer }),
    await shown([1], { renderer }),
    await shown(null, { renderer }),
    await shown(figure),
  ];
  assertEquals(bundles.slice(0, 4).map((bundle) => Object.keys(bundle)), [
    ["image/svg+xml", "text/plain"],
    ["text/html", "text/plain"],
    ["text/plain"],
    ["text/plain"],
  ]);
  assert(mime in bundles[4]);
});

Deno.test("an unknown renderer throws", () => {
  const wrong = (name: unknown) => name as RendererName;
  const sentence =
    "Cannot show figures: the renderer must be among auto, mimetype, html, svg, png, static, got pdf";
  assertThrows(() => useRenderer(wrong("pdf")), RangeError, sentence);
  assertThrows(
    () => display(1, { renderer: wrong("pdf") }),
    RangeError,
    sentence,
  );
  assertThrows(
    () => useRenderer(wrong(undefined)),
    TypeError,
    "Cannot show figures: the renderer must be a string, got undefined",
  );
  assertEquals(currentRenderer(), "auto");
});

const program = `
import { currentRenderer, plot, tensor, useRenderer } from "${new URL(
  "../../mod.ts",
  import.meta.url,
)}";
try { console.log(currentRenderer()); } catch (error) { console.log(error.message); }
const shown = await plot.weights(tensor([1]))[Symbol.for("Jupyter.display")]();
console.log(Object.keys(shown).join());
useRenderer("mimetype");
console.log(currentRenderer());
`;

Deno.test("the environment chooses where nobody did", async () => {
  assertEquals(await run("svg", "--allow-env=FANIN_RENDERER"), [
    "svg",
    "image/svg+xml,text/plain",
    "mimetype",
  ]);
});

Deno.test("a variable that may not be read counts as not set", async () => {
  const auto = ["auto", `${mime},text/html,text/plain`, "mimetype"];
  assertEquals(await run("svg"), auto);
  assertEquals(await run("svg", "--deny-env"), auto);
  assertEquals(await run("", "--allow-env"), auto);
});

Deno.test("an unknown name in the environment is said", async () => {
  const [name, shown, chosen] = await run("pdf", "--allow-env");
  assertEquals(
    name,
    "Cannot show figures: FANIN_RENDERER must be among auto, mimetype, html, svg, png, static, got pdf",
  );
  assertEquals([shown, chosen], ["text/plain", "mimetype"]);
});

Deno.test("without Deno, the environment is the process's", () => {
  const read = (globals: object) =>
    withGlobals(globals, () => readVariable("FANIN_RENDERER"));
  const process = { env: { FANIN_RENDERER: "html" } };
  assertEquals(read({ Deno: undefined, process }), "html");
  assertEquals(read({ Deno: undefined, process: { env: {} } }), undefined);
  assertEquals(read({ Deno: undefined, process: undefined }), undefined);
  assertEquals(read({ Deno: {}, process }), undefined);
});

interface Shown {
  [jupyterDisplay](options?: ShowOptions): Promise<MimeBundle>;
}

/** Chooses a renderer for the time of an action. */
async function chosen<T>(
  name: RendererName,
  action: () => Promise<T>,
): Promise<T> {
  const before = currentRenderer();
  useRenderer(name);
  try {
    return await action();
  } finally {
    useRenderer(before);
  }
}

/** Shows a value in a kernel in the place of Deno's; returns what it shows. */
async function shown(
  value: unknown,
  options?: ShowOptions,
): Promise<MimeBundle> {
  return await inKernel(async ({ sent }) => {
    await display(value, ...options === undefined ? [] : [options]);
    return sent[0];
  });
}

/** Puts things in the place of properties of `globalThis`. */
function withGlobals<T>(globals: object, action: () => T): T {
  const own = Object.keys(globals).map((name) =>
    [name, Object.getOwnPropertyDescriptor(globalThis, name)!] as const
  );
  for (const [name, value] of Object.entries(globals)) {
    Object.defineProperty(globalThis, name, { value, configurable: true });
  }
  try {
    return action();
  } finally {
    for (const [name, descriptor] of own) {
      Object.defineProperty(globalThis, name, descriptor);
    }
  }
}

/** Runs the program with a variable and permissions; returns its lines. */
async function run(
  renderer: string,
  ...permissions: string[]
): Promise<string[]> {
  const folder = await Deno.makeTempDir();
  const main = `${folder}/main.ts`;
  await Deno.writeTextFile(main, program);
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-config", "--no-check", ...permissions, main],
    stdin: "null",
    env: { FANIN_RENDERER: renderer, NO_COLOR: "1" },
  }).output();
  await Deno.remove(folder, { recursive: true });
  const text = new TextDecoder();
  assertEquals(text.decode(stderr), "");
  return text.decode(stdout).trim().split("\n");
}
