/// <reference lib="dom" />

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { Browser, Locator, Page } from "npm:playwright-core@1.65.1";
import {
  empty,
  expectationOf,
  explore,
  fan,
  filledBy,
  Generator,
  init,
  plot,
  type Shape,
  type Tensor,
} from "../../mod.ts";
import { launchChromium, watchedPage } from "./chromium.ts";
import { openFile, showLive, staticPage } from "./pages.ts";
import { outputsOf } from "./outputs.ts";
import { screenshot } from "./screenshot.ts";

/** What must be seen after an input was changed. */
interface Expected {
  readonly shape: Shape;
  readonly layer?: string;
  readonly counts?: Parameters<typeof fan>[1];
  readonly fill: (tensor: Tensor, generator: Generator) => Tensor;
  readonly seed?: bigint;
}

const kaiming: Expected["fill"] = (tensor, generator) =>
  init.kaimingUniform(tensor, { nonlinearity: "relu", generator });
const start: Expected = { shape: [33, 16, 3, 3], fill: kaiming };

/** Changes to the panel's first state, and the result of each. */
const changes: readonly [Record<string, string | boolean>, Expected][] = [
  [{ inChannels: "8" }, { ...start, shape: [33, 8, 3, 3] }],
  [{ outChannels: "64" }, { ...start, shape: [64, 16, 3, 3] }],
  [{ kernelSize: "5" }, { ...start, shape: [33, 16, 5, 5] }],
  [{ kernelSize: "[5]" }, { ...start, shape: [33, 16, 5], layer: "Conv1d" }],
  [{ kernelSize: "" }, { ...start, shape: [33, 16], layer: "Linear" }],
  [{ stride: "2" }, { ...start, counts: { stride: 2 } }],
  [{ stride: "2, 1" }, { ...start, counts: { stride: [2, 1] } }],
  [{ outChannels: "32", groups: "4" }, {
    ...start,
    shape: [32, 4, 3, 3],
    counts: { groups: 4 },
  }],
  [{ transposed: true }, {
    ...start,
    shape: [16, 33, 3, 3],
    layer: "ConvTranspose2d",
    counts: { transposed: true },
  }],
  [{ mode: "fan_out" }, {
    ...start,
    fill: (tensor, generator) =>
      init.kaimingUniform(tensor, {
        mode: "fan_out",
        nonlinearity: "relu",
        generator,
      }),
  }],
  [{ nonlinearity: "tanh" }, {
    ...start,
    fill: (tensor, generator) =>
      init.kaimingUniform(tensor, { nonlinearity: "tanh", generator }),
  }],
  [{ nonlinearity: "leaky_relu", negativeSlope: "√5" }, {
    ...start,
    fill: (tensor, generator) =>
      init.kaimingUniform(tensor, { negativeSlope: Math.sqrt(5), generator }),
  }],
  [{ initializer: "kaimingNormal" }, {
    ...start,
    fill: (tensor, generator) =>
      init.kaimingNormal(tensor, { nonlinearity: "relu", generator }),
  }],
  [{ initializer: "xavierUniform", gain: "5/3" }, {
    ...start,
    fill: (tensor, generator) =>
      init.xavierUniform(tensor, { gain: 5 / 3, generator }),
  }],
  [{ initializer: "xavierNormal" }, {
    ...start,
    fill: (tensor, generator) => init.xavierNormal(tensor, { generator }),
  }],
  [{ initializer: "orthogonal", gain: "2" }, {
    ...start,
    fill: (tensor, generator) =>
      init.orthogonal(tensor, { gain: 2, generator }),
  }],
  [{ initializer: "deltaOrthogonal", gain: "2" }, {
    ...start,
    fill: (tensor, generator) =>
      init.deltaOrthogonal(tensor, { gain: 2, generator }),
  }],
  [{ initializer: "truncNormal", mean: "0.01", std: "1", high: "2" }, {
    ...start,
    fill: (tensor, generator) =>
      init.truncNormal(tensor, {
        mean: 0.01,
        std: 1,
        low: -0.04,
        high: 2,
        generator,
      }),
  }],
  [{ initializer: "varianceScaling", mode: "fan_avg", scale: "2" }, {
    ...start,
    fill: (tensor, generator) =>
      init.varianceScaling(tensor, { mode: "fan_avg", scale: 2, generator }),
  }],
  [{ initializer: "lecunUniform" }, {
    ...start,
    fill: (tensor, generator) => init.lecunUniform(tensor, { generator }),
  }],
  [{ initializer: "uniform", low: "-1" }, {
    ...start,
    fill: (tensor, generator) =>
      init.uniform(tensor, { low: -1, high: 0.04, generator }),
  }],
  [{ initializer: "normal", mean: "3", std: "0.5" }, {
    ...start,
    fill: (tensor, generator) =>
      init.normal(tensor, { mean: 3, std: 0.5, generator }),
  }],
  [{ kernelSize: "", initializer: "sparse", sparsity: "0.5" }, {
    ...start,
    shape: [33, 16],
    layer: "Linear",
    fill: (tensor, generator) =>
      init.sparse(tensor, { sparsity: 0.5, std: 0.02, generator }),
  }],
  [{ initializer: "dirac", outChannels: "32", groups: "4" }, {
    ...start,
    shape: [32, 4, 3, 3],
    counts: { groups: 4 },
    fill: (tensor) => init.dirac(tensor, { groups: 4 }),
  }],
  [{ initializer: "constant", value: "1/8" }, {
    ...start,
    fill: (tensor) => init.constant(tensor, { value: 1 / 8 }),
  }],
  [{ seed: "18446744073709551615" }, { ...start, seed: 2n ** 64n - 1n }],
];

/** Changes that the library refuses: its sentence, and the input at fault. */
const mistakes: readonly [Record<string, string>, string, string | null][] = [
  [
    { groups: "5" },
    "Cannot explore: inChannels must be a multiple of groups 5, got 16",
    "inChannels",
  ],
  [
    { stride: "2, 2, 2" },
    "Cannot compute fan in and fan out: stride must fit 2 kernel axes, got [2, 2, 2] for shape [33, 16, 3, 3]",
    "stride",
  ],
  [
    { outChannels: "" },
    `Cannot explore: outChannels must be an integer, got ""`,
    "outChannels",
  ],
  [
    { inChannels: "9999999" },
    "Cannot explore: the weight must have at most 1048576 elements, got 2969999703 for shape [33, 9999999, 3, 3]",
    null,
  ],
  [
    { initializer: "normal", std: "-1" },
    "Cannot fill with init.normal: std must be at least 0, got -1",
    "std",
  ],
  [
    { initializer: "xavierNormal", gain: "<b>" },
    `Cannot explore: gain must be a number, as 0.5, √2 or 5/3, got "<b>"`,
    "gain",
  ],
  [
    { seed: "99999999999999999999" },
    "Cannot seed a generator: the seed must be in [-2^63, 2^64), got 99999999999999999999",
    "seed",
  ],
];

Deno.test("an explorer's panel", async (t) => {
  await using browser = await launchChromium();
  const [first, second] = await outputsOf(explore(), explore({ seed: 7 }));

  async function step(
    name: string,
    html: string,
    judge: (page: Page) => Promise<void>,
    options: Parameters<Browser["newContext"]>[0] = {},
  ) {
    await t.step(name, async () => {
      const { page, context, faults } = await watchedPage(browser, options);
      await using _context = context;
      const path = await openFile(page, html);
      await judge(page);
      assertEquals(faults, []);
      await Deno.remove(path);
    });
  }

  for (const [inputs, expected] of changes) {
    const name = `shows what the library gives for ${JSON.stringify(inputs)}`;
    await step(name, staticPage([first]), async (page) => {
      const panel = panelOf(page);
      await assertShown(panel, start);
      await enter(panel, inputs);
      await assertShown(panel, expected);
    });
  }

  for (const [inputs, message, culprit] of mistakes) {
    const name = `says what is wrong with ${JSON.stringify(inputs)}`;
    await step(name, staticPage([first]), async (page) => {
      const panel = panelOf(page);
      const { initializer, ...rest } = inputs;
      if (initializer !== undefined) await enter(panel, { initializer });
      const before = await panel.locator("#result").innerHTML();
      await enter(panel, rest);
      assertEquals(await statusOf(panel), message);
      assertEquals(await panel.locator("#result").innerHTML(), before);
      assertEquals(await opacityOf(panel), "0.35");
      const invalid = panel.locator("[aria-invalid=true]");
      assertEquals(
        await invalid.evaluateAll((all) =>
          all.map((one) => one.getAttribute("name"))
        ),
        culprit === null ? [] : [culprit],
      );
    });
  }

  await step(
    "comes back from a mistake",
    staticPage([first]),
    async (page) => {
      const panel = panelOf(page);
      await enter(panel, { groups: "5" });
      await enter(panel, { groups: "1" });
      await assertShown(panel, start);
      assertEquals(await opacityOf(panel), "1");
      assertEquals(await panel.locator("[aria-invalid=true]").count(), 0);
    },
  );

  await step(
    "has a neighbor that minds its own",
    staticPage([first, second, first]),
    async (page) => {
      await enter(panelOf(page, 1), { inChannels: "4", groups: "1" });
      await assertShown(panelOf(page, 0), start);
      await assertShown(panelOf(page, 1), {
        ...start,
        shape: [33, 4, 3, 3],
        seed: 7n,
      });
      await assertShown(panelOf(page, 2), start);
    },
  );

  await step(
    "shows only the options that the initializer takes",
    staticPage([first]),
    async (page) => {
      const panel = panelOf(page);
      const seen = async () =>
        (await panel.locator("fieldset").nth(1).locator("label:visible > span")
          .allTextContents()).slice(1, -1);
      assertEquals(await seen(), ["Mode", "Nonlinearity"]);
      await enter(panel, { nonlinearity: "leaky_relu" });
      assertEquals(await seen(), ["Mode", "Nonlinearity", "Slope"]);
      await enter(panel, { initializer: "orthogonal" });
      assertEquals(await seen(), ["Gain"]);
      await enter(panel, { initializer: "truncNormal" });
      assertEquals(await seen(), ["Mean", "Std", "Low", "High"]);
      // A mode that Kaiming lacks gives way to its default.
      await enter(panel, { initializer: "varianceScaling", mode: "fan_avg" });
      assertEquals(await seen(), ["Mode", "Scale", "Distribution"]);
      await enter(panel, { initializer: "kaimingUniform" });
      await enter(panel, { nonlinearity: "relu" });
      await assertShown(panel, start);
    },
  );

  await step("is worked with keys alone", staticPage([first]), async (page) => {
    const panel = panelOf(page);
    await panel.locator("svg").first().waitFor();
    const focused = () =>
      page.evaluate(() => {
        const one = document.activeElement!.shadowRoot!.activeElement!;
        const { outlineStyle, outlineWidth } = getComputedStyle(one);
        const label = (one as HTMLInputElement).labels![0].textContent!.trim();
        const named = one.tagName === "SELECT" ? label.slice(0, 4) : label;
        return [named, outlineStyle, outlineWidth];
      });
    const stops: string[] = [];
    for (let stop = 0; stop < 10; stop++) {
      await page.keyboard.press("Tab");
      const [label, ...outline] = await focused();
      assertEquals(outline, ["solid", "3px"], label);
      stops.push(label);
      if (label === "Channels in") await page.keyboard.press("ArrowUp");
      if (label === "Channels out") await page.keyboard.type("34");
      if (label === "Transposed") await page.keyboard.press("Space");
      if (label === "Mode") await page.keyboard.press("ArrowDown");
    }
    assertEquals(stops, [
      "Channels in",
      "Channels out",
      "Kernel",
      "Stride",
      "Groups",
      "Transposed",
      "Init",
      "Mode",
      "Nonl",
      "Seed",
    ]);
    await assertShown(panel, {
      ...start,
      shape: [17, 34, 3, 3],
      layer: "ConvTranspose2d",
      counts: { transposed: true },
      fill: (tensor, generator) =>
        init.kaimingUniform(tensor, {
          mode: "fan_out",
          nonlinearity: "relu",
          generator,
        }),
    });
  });

  await step(
    "names each input, the form, the line of results and the picture",
    staticPage([first]),
    async (page) => {
      const panel = panelOf(page);
      await panel.getByRole("form", { name: "Explore an initializer" })
        .waitFor();
      await panel.getByRole("group", { name: "Layer" }).waitFor();
      await panel.getByRole("spinbutton", { name: "Channels in" }).waitFor();
      await panel.getByRole("textbox", { name: "Kernel" }).waitFor();
      await panel.getByRole("combobox", { name: "Initializer" }).waitFor();
      await panel.getByRole("checkbox", { name: "Transposed" }).waitFor();
      await panel.getByRole("img", { name: "kaimingUniform" }).first()
        .waitFor();
      const status = panel.getByRole("status");
      assertStringIncludes(await status.textContent() ?? "", "fan in 144");
    },
  );

  await step(
    "keeps shortcuts of JupyterLab away, by Lumino's attribute on its root",
    staticPage([first]),
    async (page) => {
      const root = page.locator("[data-fanin-explorer]");
      assertEquals(
        await root.getAttribute("data-lm-suppress-shortcuts"),
        "true",
      );
    },
  );

  await step(
    "stands in a page that was saved when it was live",
    staticPage([first]),
    async (page) => {
      await enter(panelOf(page), { seed: "3" });
      const path = await openFile(page, await page.content());
      await assertShown(panelOf(page), start);
      await enter(panelOf(page), { seed: "4" });
      await assertShown(panelOf(page), { ...start, seed: 4n });
      await Deno.remove(path);
    },
  );

  await step(
    "is mounted when its cell runs, and runs again",
    "<!doctype html><meta charset=utf-8><title>Live</title>",
    async (page) => {
      await showLive(page, 0, first);
      await showLive(page, 1, second);
      await assertShown(panelOf(page, 0), start);
      await assertShown(panelOf(page, 1), { ...start, seed: 7n });
      await showLive(page, 0, second);
      await assertShown(panelOf(page, 0), { ...start, seed: 7n });
    },
  );

  await step(
    "is a picture with numbers where scripts are stripped",
    staticPage([first.replace(/<script[^]*?<\/script>/g, "")]),
    async (page) => {
      const root = page.locator("[data-fanin-explorer]");
      const picture = root.locator("img");
      await picture.evaluate((image) => (image as HTMLImageElement).decode());
      assertEquals((await picture.boundingBox())?.width, 700);
      assertStringIncludes(await root.innerText(), "16 · 9 = 144");
      assertEquals(await root.evaluate((one) => one.shadowRoot), null);
    },
  );

  await step(
    "draws for the width it has",
    staticPage([`<div id="place">${first}</div>`]),
    async (page) => {
      for (const [width, drawn] of [[700, 700], [560, 560], [300, 480]]) {
        await page.evaluate((width) => {
          document.getElementById("place")!.style.width = `${width}px`;
        }, width);
        const svg = panelOf(page).locator(`#picture > svg[width="${drawn}"]`);
        await svg.waitFor();
        assertEquals((await svg.boundingBox())!.width, Math.min(width, drawn));
        assert(await page.evaluate(noneStandsOut), `${width} px`);
      }
    },
  );

  for (const theme of ["light", "dark"] as const) {
    await step(
      `reads well in JupyterLab's ${theme} theme`,
      themed(theme, first),
      async (page) => {
        const panel = panelOf(page);
        await enter(panel, { outChannels: "32", groups: "4" });
        await screenshot(page, `explorer_${theme}`);
        const texts = await panel.evaluate(contrasts);
        assert(texts.length >= 40, `${texts.length} texts`);
        for (const [text, ratio] of texts) {
          assert(ratio >= 4.5, `${ratio} in ${text}`);
        }
        await enter(panel, { groups: "5" });
        await screenshot(page, `explorer_${theme}_error`);
      },
    );
  }

  await step("fits a telephone", staticPage([first]), async (page) => {
    await panelOf(page).locator("#picture > svg").waitFor();
    await screenshot(page, "explorer_narrow");
    assert(await page.evaluate(noneStandsOut));
  }, { viewport: { width: 360, height: 700 } });
});

function panelOf(page: Page, index = 0): Locator {
  return page.locator("[data-fanin-explorer]").nth(index);
}

/** Enters values in an order in which none of them is refused. */
async function enter(
  panel: Locator,
  inputs: Record<string, string | boolean>,
): Promise<void> {
  for (const [name, value] of Object.entries(inputs)) {
    const input = panel.locator(`[name=${name}]`);
    await input.waitFor();
    if (typeof value === "boolean") await input.setChecked(value);
    else if (await input.evaluate((one) => one.tagName) === "SELECT") {
      await input.selectOption(value);
    } else await input.fill(value);
  }
}

/** Judges all that a panel shows by what `fan` and `init` give here. */
async function assertShown(panel: Locator, expected: Expected): Promise<void> {
  await panel.locator("#picture > svg").waitFor();
  const { shape, layer = "Conv2d", counts, fill, seed = 0n } = expected;
  const weight = fill(empty(shape), new Generator(seed));
  const { fanIn, fanOut, receptiveField } = fan(shape);
  const connected = fan(shape, counts);
  const status = await statusOf(panel);
  const known = `${layer}: weight [${
    shape.join(", ")
  }] · fan in ${fanIn} · fan out ${fanOut} · `;
  assertStringIncludes(status, known);
  const { distribution } = filledBy(weight)!;
  const { std } = expectationOf(distribution, weight.shape);
  const numbers = Object.fromEntries(
    status.slice(known.length).replaceAll("−", "-").split(" · ")
      .map((part) => part.split(/ (?=\S+$)/)),
  );
  if ("std" in numbers) {
    assertEquals(Number(numbers.std), Number(std.toPrecision(6)));
  } else assertStringIncludes(status, "root mean square");
  assertEquals(
    numbers.bound === undefined ? null : Number(numbers.bound),
    distribution.kind === "uniform"
      ? Number(
        ((distribution.high - distribution.low) / 2).toPrecision(6),
      )
      : null,
  );
  const cells = await panel.locator("#report table").nth(1).locator("td")
    .allTextContents();
  const values = cells.map((cell) => Number(cell.split("= ").at(-1)));
  assertEquals(
    [1, 4, 7].map((cell) => values[cell]),
    [receptiveField, fanIn, fanOut],
  );
  assertEquals(
    [2, 5, 8].map((cell) => values[cell]),
    [receptiveField, connected.fanIn, connected.fanOut],
  );
  const report = await panel.locator("#report").innerText();
  const first = /first of [\d,]+ values: (.*)$/m.exec(report)![1];
  assertEquals(
    Float32Array.from(first.split(", "), Number),
    weight.toFloat32().slice(0, 8),
  );
  const drawn = await panel.locator("#picture > svg").evaluate((svg) =>
    svg.outerHTML
  );
  assertEquals(drawn, await reparsed(panel, plot.weights(weight).toSvg()));
}

/** The markup as the browser writes it. */
async function reparsed(panel: Locator, svg: string): Promise<string> {
  return await panel.evaluate((_, svg) => {
    const place = document.createElement("div");
    place.innerHTML = svg;
    return place.innerHTML;
  }, svg);
}

async function statusOf(panel: Locator): Promise<string> {
  return await panel.locator("#status").textContent() ?? "";
}

async function opacityOf(panel: Locator): Promise<string> {
  return await panel.locator("#result").evaluate((one) =>
    getComputedStyle(one).opacity
  );
}

/** A page with the class, the attribute and the colors of a JupyterLab theme. */
function themed(theme: "light" | "dark", output: string): string {
  const light = theme === "light";
  const [ink, paper] = light
    ? ["rgba(0, 0, 0, 0.87)", "#ffffff"]
    : ["rgba(255, 255, 255, 0.87)", "#111111"];
  const style = `<style>
.jp-OutputArea-output{background:${paper};color:${ink};font:14px/1.5 system-ui;padding:16px}
body{margin:0;background:${paper}}</style>`;
  return staticPage([
    `<div class="jp-RenderedHTMLCommon jp-OutputArea-output">${output}</div>`,
  ], style).replace(
    "<body>",
    `<body data-jp-theme-light="${light}" data-jp-theme-name="JupyterLab ${theme}">`,
  );
}

/** Runs in the page: each text with its contrast. */
function contrasts(root: Element): [string, number][] {
  const opaque = (element: Element) =>
    getComputedStyle(element).backgroundColor;
  const output = root.closest(".jp-OutputArea-output")!;
  const paper = channels(opaque(output));
  const inside = [...root.shadowRoot!.querySelectorAll("*")].filter((one) =>
    one.closest("title, desc, style, option") === null &&
    one.checkVisibility() &&
    ([...one.childNodes].some((node) =>
      node.nodeType === Node.TEXT_NODE && node.textContent!.trim() !== ""
    ) || one.matches("input, select"))
  );
  return inside.map((one) => {
    const background = channels(opaque(one));
    const below = background[3] === 0 ? paper : background;
    const { color: ink, fill } = getComputedStyle(one);
    const color = channels(one.closest("svg") === null ? ink : fill);
    const seen = color.slice(0, 3).map((channel, index) =>
      channel * color[3] + below[index] * (1 - color[3])
    );
    return [
      one.outerHTML.slice(0, 80),
      ratio(luminance(seen), luminance(below)),
    ];
  });

  function channels(color: string): number[] {
    const [red, green, blue, alpha = 1] = color.match(/[\d.]+/g)!.map(Number);
    return [red, green, blue, alpha];
  }

  function luminance(color: number[]): number {
    const [red, green, blue] = color.slice(0, 3).map((channel) => {
      const share = channel / 255;
      return share <= 0.03928
        ? share / 12.92
        : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  }

  function ratio(a: number, b: number): number {
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  }
}

/** Runs in the page: whether nothing makes it wider than the window. */
function noneStandsOut(): boolean {
  const { scrollWidth, clientWidth } = document.documentElement;
  return scrollWidth <= clientWidth;
}
