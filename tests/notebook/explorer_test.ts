import {
  assertEquals,
  assertFalse,
  assertLess,
  assertMatch,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { bundlePanel } from "../../notebooks/explorer.ts";
import { jupyterDisplay } from "../../lib/core/show.ts";
import { panelCode } from "../../lib/notebook/explorer/panel_code.ts";
import { summaryOf } from "../../lib/notebook/explorer/report.ts";
import { unpack } from "../../lib/notebook/page_script.ts";
import { readTexts, writeTexts } from "../../lib/notebook/explorer/form.ts";
import {
  codeOf,
  explorable,
  explored,
  layerOf,
} from "../../lib/notebook/explorer/settings.ts";
import { initializers } from "../../lib/init/initializers.ts";
import {
  empty,
  explore,
  type ExploreOptions,
  Generator,
  init,
  nn,
  plot,
  type Tensor,
} from "../../mod.ts";

/** The whole output may have so many characters, the still picture included. */
const most = 72_000;

Deno.test("the panel's code is what `deno task explorer` makes of lib/ now", async () => {
  const written = await unpack(panelCode);
  const now = await bundlePanel();
  // A comparison of the texts would print them.
  const same = written === now;
  assertEquals(same, true, "run: deno task explorer");
});

Deno.test("an explorer's output is small and carries the panel once", async () => {
  const html = await htmlOf({ initializer: "kaimingNormal" });
  assertLess(html.length, most);
  assertEquals(html.split(panelCode).length, 2);
  assertFalse(/\bhttps?:(?!\/\/www\.w3\.org\/2000\/svg)/.test(html));
});

Deno.test("an explorer's output shows the settings' picture and numbers without a script", async () => {
  const html = await htmlOf({ initializer: "xavierNormal", seed: 3 });
  const bare = html.replace(/<script[^]*?<\/script>/g, "");
  const weight = init.xavierNormal(empty([33, 16, 3, 3]), {
    generator: new Generator(3),
  });
  const [, url] = /<img [^>]*src="data:image\/svg\+xml,([^"]*)"/.exec(bare)!;
  assertEquals(
    decodeURIComponent(url),
    plot.weights(weight).toSvg().replaceAll('"', "'"),
  );
  assertStringIncludes(bare, "16 · 9 = 144");
  assertStringIncludes(bare, "std 0.0673435");
  assertEquals(Math.sqrt(2 / (144 + 297)).toFixed(7), "0.0673435");
  assertStringIncludes(bare, String(weight.data[0]).slice(0, 8));
});

Deno.test("an explorer's output is the same each time", async () => {
  assertEquals(await htmlOf({ seed: 1 }), await htmlOf({ seed: 1 }));
});

const everyInitializer: readonly [
  ExploreOptions,
  (generator: Generator) => Tensor,
][] = [
  [
    { initializer: "kaimingUniform", mode: "fan_out", nonlinearity: "tanh" },
    (generator) =>
      init.kaimingUniform(empty([33, 16, 3, 3]), {
        mode: "fan_out",
        nonlinearity: "tanh",
        generator,
      }),
  ],
  [
    {
      initializer: "kaimingNormal",
      nonlinearity: "leaky_relu",
      negativeSlope: Math.sqrt(5),
    },
    (generator) =>
      init.kaimingNormal(empty([33, 16, 3, 3]), {
        negativeSlope: Math.sqrt(5),
        generator,
      }),
  ],
  [
    { initializer: "xavierUniform", gain: 5 / 3, kernelSize: [] },
    (generator) =>
      init.xavierUniform(empty([33, 16]), { gain: 5 / 3, generator }),
  ],
  [
    { initializer: "xavierNormal", transposed: true, groups: 3, inChannels: 6 },
    (generator) => init.xavierNormal(empty([6, 11, 3, 3]), { generator }),
  ],
  [
    {
      initializer: "varianceScaling",
      scale: 2,
      mode: "fan_geo_avg",
      distribution: "uniform",
    },
    (generator) =>
      init.varianceScaling(empty([33, 16, 3, 3]), {
        scale: 2,
        mode: "fan_geo_avg",
        distribution: "uniform",
        generator,
      }),
  ],
  [
    { initializer: "lecunUniform", kernelSize: [] },
    (generator) => init.lecunUniform(empty([33, 16]), { generator }),
  ],
  [
    { initializer: "lecunNormal" },
    (generator) => init.lecunNormal(empty([33, 16, 3, 3]), { generator }),
  ],
  [
    { initializer: "orthogonal", gain: -2, kernelSize: [2] },
    (generator) => init.orthogonal(empty([33, 16, 2]), { gain: -2, generator }),
  ],
  [
    { initializer: "identity", gain: 2, kernelSize: [], outChannels: 16 },
    () => init.identity(empty([16, 16]), { gain: 2 }),
  ],
  [
    {
      initializer: "bilinear",
      kernelSize: 4,
      outChannels: 16,
      transposed: true,
      groups: 16,
    },
    () => init.bilinear(empty([16, 1, 4, 4]), { groups: 16 }),
  ],
  [
    { initializer: "deltaOrthogonal", gain: -2, kernelSize: [2] },
    (generator) =>
      init.deltaOrthogonal(empty([33, 16, 2]), { gain: -2, generator }),
  ],
  [
    { initializer: "truncNormal", mean: 1, std: 2, low: 0, high: 3 },
    (generator) =>
      init.truncNormal(empty([33, 16, 3, 3]), {
        mean: 1,
        std: 2,
        low: 0,
        high: 3,
        generator,
      }),
  ],
  [
    { initializer: "uniform", low: 1, high: 2, groups: 4, outChannels: 8 },
    (generator) =>
      init.uniform(empty([8, 4, 3, 3]), { low: 1, high: 2, generator }),
  ],
  [
    { initializer: "normal", mean: -1, std: 0 },
    (generator) =>
      init.normal(empty([33, 16, 3, 3]), { mean: -1, std: 0, generator }),
  ],
  [
    { initializer: "constant", value: -3 },
    () => init.constant(empty([33, 16, 3, 3]), { value: -3 }),
  ],
  [
    { initializer: "ones", kernelSize: [] },
    () => init.ones(empty([33, 16])),
  ],
  [
    { initializer: "zeros", kernelSize: [5] },
    () => init.zeros(empty([33, 16, 5])),
  ],
  [
    { initializer: "eye", kernelSize: [] },
    () => init.eye(empty([33, 16])),
  ],
  [
    { initializer: "dirac", groups: 3, inChannels: 6, kernelSize: 5 },
    () => init.dirac(empty([33, 2, 5, 5]), { groups: 3 }),
  ],
  [
    { initializer: "sparse", sparsity: 0.5, std: 2, kernelSize: [] },
    (generator) =>
      init.sparse(empty([33, 16]), { sparsity: 0.5, std: 2, generator }),
  ],
];

Deno.test("an explorer has every initializer of the registry", () => {
  const registry = Object.keys(initializers).sort();
  assertEquals([...explorable].sort(), registry);
  const tried = everyInitializer.map(([{ initializer }]) => initializer!);
  assertEquals(tried.sort(), registry);
});

Deno.test("an explorer's weight is what the initializer gives, and so is its code", () => {
  for (const [options, fill] of everyInitializer) {
    for (const seed of [0, 2n ** 63n + 5n]) {
      const expected = fill(new Generator(seed)).data;
      const found = explored({ ...options, seed });
      assertEquals(found.weight.data, expected);
      const run = new Function(
        "init, empty, Generator",
        `return ${codeOf(found)}`,
      );
      assertEquals(run(init, empty, Generator).data, expected);
    }
  }
});

Deno.test("an explorer's texts say its settings", () => {
  for (const [options] of everyInitializer) {
    const { settings } = explore({ ...options, stride: 1, seed: -4 });
    const again = explore(readTexts(writeTexts(settings))).settings;
    assertEquals(again, { ...settings, seed: BigInt(settings.seed) });
  }
});

Deno.test("an explorer reads roots and quotients", () => {
  const texts = writeTexts(explore().settings);
  const gain = (text: string) => readTexts({ ...texts, gain: text }).gain;
  assertEquals(
    ["√5", " sqrt(2) ", "5/3", "-1e-3", "−.5", "√2/2", "2.", "1 / √4"]
      .map(gain),
    [Math.sqrt(5), Math.SQRT2, 5 / 3, -1e-3, -0.5, Math.SQRT2 / 2, 2, 0.5],
  );
  for (const text of ["", "abc", "1/2/3", "1/", "/2", "0,5", "--1", "1e"]) {
    assertThrows(
      () => gain(text),
      RangeError,
      `Cannot explore: gain must be a number, as 0.5, √2 or 5/3, got ${
        JSON.stringify(text)
      }`,
    );
  }
});

Deno.test("an explorer reads sizes and seeds", () => {
  const texts = writeTexts(explore().settings);
  const read = (some: Partial<typeof texts>) =>
    readTexts({ ...texts, ...some });
  assertEquals(read({ kernelSize: "3 × 5x7" }).kernelSize, [3, 5, 7]);
  assertEquals(read({ kernelSize: " " }).kernelSize, []);
  assertEquals(read({ kernelSize: "5" }).kernelSize, 5);
  assertEquals(read({ kernelSize: "[5]" }).kernelSize, [5]);
  assertEquals(read({ kernelSize: "[3, 5]" }).kernelSize, [3, 5]);
  assertThrows(() => read({ kernelSize: "[5" }), RangeError, 'got "[5"');
  assertEquals(read({ stride: "2" }).stride, 2);
  assertEquals(read({ stride: "2, 1" }).stride, [2, 1]);
  assertEquals(read({ seed: "18446744073709551615" }).seed, 2n ** 64n - 1n);
  assertThrows(() => read({ kernelSize: "3, y" }), RangeError, "kernelSize");
  assertThrows(() => read({ seed: "1.5" }), RangeError, "seed must be");
  assertThrows(() => read({ groups: "" }), RangeError, "groups must be");
});

Deno.test("an explorer as text has the counts, the scale and a histogram", () => {
  const text = String(explore({
    transposed: true,
    stride: 2,
    initializer: "xavierUniform",
  }));
  assertStringIncludes(text, "init.xavierUniform(empty([16, 33, 3, 3]), {");
  assertStringIncludes(text, "  fan in          = 33 · 9 = 297\n");
  assertStringIncludes(text, "  mean fan in     = 16 · 9/4 = 36\n");
  const std = Math.sqrt(2 / (297 + 144));
  const bound = Math.sqrt(6 / (297 + 144));
  assertStringIncludes(text, ` = ${std.toPrecision(6)}\n`);
  assertStringIncludes(text, `√3 · std = ${bound.toPrecision(6)}\n`);
  assertMatch(text, /^[ ▁▂▃▄▅▆▇█]{40,60}$/m);
});

Deno.test("an explorer says how a fan and a scale become the std", () => {
  const scaled = (options: ExploreOptions) => String(explore(options));
  const text = scaled({
    initializer: "varianceScaling",
    scale: 2,
    mode: "fan_avg",
  });
  const std = Math.sqrt(2 / 220.5).toPrecision(6);
  assertStringIncludes(
    text,
    `  std             = √(scale / mean of the fans) = √(2 / 220.5) = ${std}\n`,
  );
  assertStringIncludes(
    text,
    'mode: "fan_avg", distribution: "truncatedNormal"',
  );
  const lecun = scaled({ initializer: "lecunUniform" });
  const bound = Math.sqrt(3 / 144);
  assertStringIncludes(lecun, "√(scale / fan in) = √(1 / 144) = 0.0833333\n");
  assertStringIncludes(lecun, `√3 · std = ${bound.toPrecision(6)}\n`);
});

Deno.test("an explorer keeps a choice that another initializer has", () => {
  const { settings } = explore({ initializer: "normal", mode: "fan_geo_avg" });
  assertEquals(settings.mode, "fan_geo_avg");
  assertThrows(
    () => explore({ initializer: "kaimingNormal", mode: "fan_geo_avg" }),
    RangeError,
    'mode must be one of fan_in, fan_out, got "fan_geo_avg"',
  );
});

Deno.test("an explorer says the root mean square of an orthogonal matrix", () => {
  for (const initializer of ["orthogonal", "deltaOrthogonal"] as const) {
    const explorer = explore({ initializer, gain: -2 });
    const { data } = explorer.weight;
    const squares = data.reduce((sum, x) => sum + x * x, 0);
    const found = / root mean square = .* = ([\d.]+)$/m
      .exec(String(explorer))!;
    assertEquals(
      Number(found[1]).toFixed(5),
      Math.sqrt(squares / data.length).toFixed(5),
    );
  }
});

Deno.test("an explorer takes a kernel of 5 as nn.Conv2d does, and says its layer", () => {
  const { shape } = new nn.Conv2d(16, 33, 5).weight;
  assertEquals(explore({ kernelSize: 5 }).weight.shape, shape);
  const texts = { ...writeTexts(explore().settings), kernelSize: "5" };
  assertEquals(explored(readTexts(texts)).weight.shape, shape);
  const layers: [ExploreOptions, string | undefined][] = [
    [{ kernelSize: 5 }, "Conv2d"],
    [{ kernelSize: [5] }, "Conv1d"],
    [{ kernelSize: [1, 2, 3] }, "Conv3d"],
    [{ kernelSize: [1, 2, 3, 4] }, undefined],
    [{ kernelSize: 5, transposed: true }, "ConvTranspose2d"],
    [{ kernelSize: [] }, "Linear"],
    [{ kernelSize: [], transposed: true }, undefined],
    [{ kernelSize: [], outChannels: 4, groups: 2 }, undefined],
  ];
  for (const [options, layer] of layers) {
    const found = explored(options);
    assertEquals(layerOf(found), layer);
    const said = layer === undefined ? "weight [" : `${layer}: weight [`;
    assertEquals(summaryOf(found).slice(0, said.length), said);
  }
});

Deno.test("an explorer takes what a kernel of that rank takes", () => {
  assertEquals(explore({ kernelSize: [] }).weight.shape, [33, 16]);
  assertEquals(explore({ kernelSize: [1, 2, 3, 4] }).weight.shape.length, 6);
  assertStringIncludes(
    String(explore({ kernelSize: [4, 2], stride: [2, 1] })),
    "mean fan out    = 33 · 8/2 = 132",
  );
});

const refused: readonly [
  object,
  typeof TypeError | typeof RangeError,
  string,
][] = [
  [
    { groups: 5 },
    RangeError,
    "Cannot explore: inChannels must be a multiple of groups 5, got 16",
  ],
  [
    { inChannels: 0 },
    RangeError,
    "Cannot explore: inChannels must be an integer of at least 1, got 0",
  ],
  [
    { kernelSize: "3" },
    TypeError,
    'Cannot explore: kernelSize must be an array, got "3"',
  ],
  [{ kernelSize: 0 }, RangeError, "kernelSize must be an integer"],
  [
    { initializer: "eye" },
    RangeError,
    "Cannot fill with init.eye: the rank must be 2, got 4 in shape [33, 16, 3, 3]",
  ],
  [{ kernelSize: [3, 0] }, RangeError, "kernelSize must be an integer"],
  [
    { transposed: 1 },
    TypeError,
    "Cannot explore: transposed must be true or false, got 1",
  ],
  [
    { initializer: "toString" },
    RangeError,
    'initializer must be one of kaimingUniform, kaimingNormal, xavierUniform, xavierNormal, varianceScaling, lecunUniform, lecunNormal, orth … rmal, constant, ones, zeros, eye, identity, dirac, bilinear, sparse, got "toString"',
  ],
  [
    { initializer: "normal", mode: "<script>" },
    RangeError,
    `Cannot explore: mode must be one of fan_in, fan_out, got "<script>"`,
  ],
  [{ initializer: "normal", nonlinearity: "x" }, RangeError, "nonlinearity"],
  [{ gain: NaN }, RangeError, "gain must be finite"],
  [{ std: "1" }, TypeError, "std must be a number"],
  [{ initializer: "normal", std: -1 }, RangeError, "std"],
  [{ stride: [1] }, RangeError, "stride must fit 2 kernel axes"],
  [{ kernelSize: [], stride: 2 }, RangeError, "fit 0 kernel axes"],
  [{ seed: 0.5 }, RangeError, "the seed must be a safe integer"],
  [{ kernel: 3 }, TypeError, "options must be among inChannels, "],
  [{ kernelsize: 3 }, TypeError, "did you mean kernelSize?"],
  [new Map(), TypeError, "options must be a plain object, got Map(0)"],
  [
    { inChannels: 2 ** 12, outChannels: 2 ** 12, kernelSize: [] },
    RangeError,
    "the weight must have at most 1048576 elements, got 16777216 for shape [4096, 4096]",
  ],
  [
    {
      inChannels: 512,
      outChannels: 512,
      kernelSize: [],
      initializer: "orthogonal",
    },
    RangeError,
    "67108864 elements times its smaller side, got 134217728",
  ],
  [
    { initializer: "deltaOrthogonal", kernelSize: [] },
    RangeError,
    "Cannot fill with init.deltaOrthogonal: the rank must be in [3, 5], got 2",
  ],
];

Deno.test("an explorer refuses what the library refuses, and what is too large", () => {
  for (const [options, kind, message] of refused) {
    assertThrows(() => explore(options), kind, message);
  }
});

async function htmlOf(options: ExploreOptions): Promise<string> {
  const bundle = await explore(options)[jupyterDisplay]();
  assertEquals(Object.keys(bundle).sort(), ["text/html", "text/plain"]);
  assertEquals(bundle["text/plain"], String(explore(options)));
  return String(bundle["text/html"]);
}

Deno.test("an explorer's class has a name that minifiers leave alone", () => {
  const { constructor } = explore();
  assertEquals(
    Object.getOwnPropertyDescriptor(constructor, "title")?.value,
    "Explorer",
  );
});
