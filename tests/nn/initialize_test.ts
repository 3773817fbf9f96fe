import {
  assert,
  assertEquals,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import {
  defaultGenerator,
  empty,
  filledBy,
  Generator,
  init,
  initialize,
  initModel,
  type InitRule,
  manualSeed,
  nn,
  recipes,
  type Tensor,
  tensor,
} from "../../mod.ts";

class Net extends nn.Module {
  static override readonly title: string = "Net";
  scale: Tensor = empty([3]);
  h: nn.ModuleList = new nn.ModuleList([
    new nn.Linear(6, 5),
    new nn.Linear(5, 6),
  ]);
  rnn: nn.LSTM = new nn.LSTM(6, 4);
  embed: nn.Embedding = new nn.Embedding(7, 6, { paddingIdx: -2 });
}

const all: InitRule = { init: init.normal };

Deno.test("the first rule that meets a parameter fills it, in the model's order", () => {
  const [model, other] = [new Net(), new Net()];
  const generator = new Generator(3);
  const { rows } = initialize(model, [
    { name: "scale", init: "ones" },
    { layer: nn.Linear, name: /bias/, init: "zeros_" },
    { where: ({ name }) => name === "h.1.weight", init: "kaiming_normal" },
    { layer: [nn.Linear, nn.LSTM], init: init.uniform, options: { low: -1 } },
    { stays: true },
  ], { generator });
  assertEquals(
    rows.map(({ name, status, rule, initializer }) => [
      name,
      status,
      rule,
      initializer,
    ]),
    [
      ["scale", "filled", "scale", "ones"],
      ["h.0.weight", "filled", "Linear or LSTM", "uniform"],
      ["h.0.bias", "filled", "Linear /bias/", "zeros"],
      ["h.1.weight", "filled", "where", "kaimingNormal"],
      ["h.1.bias", "filled", "Linear /bias/", "zeros"],
      ["rnn.weight_ih_l0", "filled", "Linear or LSTM", "uniform"],
      ["rnn.weight_hh_l0", "filled", "Linear or LSTM", "uniform"],
      ["rnn.bias_ih_l0", "filled", "Linear or LSTM", "uniform"],
      ["rnn.bias_hh_l0", "filled", "Linear or LSTM", "uniform"],
      ["embed.weight", "stayed", "all", null],
    ],
  );
  const by = new Generator(3);
  init.uniform(other.h.children()[0].parameters()[0], {
    low: -1,
    generator: by,
  });
  init.kaimingNormal(other.h.children()[1].parameters()[0], { generator: by });
  for (const each of other.rnn.parameters()) {
    init.uniform(each, { low: -1, generator: by });
  }
  const [mine, theirs] = [model, other].map((each) => each.stateDict());
  for (const name of ["h.0.weight", "h.1.weight", "rnn.bias_hh_l0"]) {
    assertEquals(mine[name].data, theirs[name].data, name);
  }
  assertEquals(generator.getState(), by.getState());
  assertEquals(filledBy(model.rnn.weight_ih_l0), {
    initializer: "uniform",
    options: { low: -1, high: 1 },
    distribution: { kind: "uniform", low: -1, high: 1 },
  });
});

Deno.test("a tied tensor is filled once, under its first name", () => {
  class Tied extends nn.Module {
    wte: nn.Embedding = new nn.Embedding(9, 4);
    head: nn.Linear = new nn.Linear(4, 9, { bias: false });
    constructor() {
      super();
      this.head.weight = this.wte.weight;
    }
  }
  const { rows } = initialize(new Tied(), [
    { layer: nn.Linear, init: init.ones },
    { layer: nn.Embedding, init: init.normal },
  ]);
  assertEquals(rows.map(({ name, initializer }) => [name, initializer]), [
    ["wte.weight", "normal"],
  ]);
});

Deno.test("options and factors may follow from the parameter", () => {
  const blocks = new nn.ModuleList(
    Array.from({ length: 12 }, () => new nn.Linear(4, 4, { bias: false })),
  );
  const seen: unknown[] = [];
  const { rows } = initialize(blocks, [{
    init: init.normal,
    options(met) {
      seen.push([met.name, met.block, met.blocks, met.shape, met.holder]);
      assert(met.module instanceof nn.Linear && met.model === blocks);
      assert(met.tensor === met.module.weight);
      return { std: 1 / (met.block + 1) };
    },
    factor: ({ blocks }) => -1 / blocks,
  }]);
  assertEquals(seen[11], ["11.weight", 11, 12, [4, 4], blocks]);
  rows.forEach(({ std }, i) => {
    assert(Math.abs(std! * 12 * (i + 1) - 1) < 1e-7);
  });
  const plain = init.normal(empty([4, 4]), { generator: new Generator(2) });
  initialize(blocks, [{ init: init.normal, factor: 0.1 }], {
    generator: new Generator(2),
  });
  // As PyTorch's mul_, by the float32 number.
  const by = Math.fround(0.1);
  assertEquals(
    blocks.parameters()[0].data,
    plain.data.map((x) => x * by),
  );
});

Deno.test("parts are drawn as tensors of their own, and remembered", () => {
  const { rnn } = new Net();
  const gates: InitRule = {
    name: /bias_ih/,
    parts: [
      { init: "zeros" },
      { init: init.constant, options: { value: 2 } },
      { init: init.uniform, share: 2 },
    ],
  };
  const matrix: InitRule = {
    name: /weight_hh/,
    parts: [{ init: "xavierUniform" }, {
      init: "xavierUniform",
      options: { gain: 3 },
      share: 3,
    }],
  };
  const generator = new Generator(4);
  const { rows } = initialize(rnn, [gates, matrix, { stays: true }], {
    generator,
  });
  const by = new Generator(4);
  const expected = [
    init.xavierUniform(empty([4, 4]), { generator: by }),
    init.xavierUniform(empty([12, 4]), { gain: 3, generator: by }),
    init.uniform(empty([8]), { generator: by }),
  ].map(({ data }) => Array.from(data));
  assertEquals(
    Array.from(rnn.weight_hh_l0.toFloat32()),
    expected.slice(0, 2).flat(),
  );
  assertEquals(Array.from(rnn.bias_ih_l0!.toFloat32()), [
    ...[0, 0, 0, 0, 2, 2, 2, 2],
    ...expected[2],
  ]);
  assertEquals(generator.getState(), by.getState());
  const filled = filledBy(rnn.bias_ih_l0!)!;
  assertEquals(filled.initializer, "zeros + constant + uniform");
  assertEquals(filled.parts, [
    {
      rows: [0, 4],
      initializer: "zeros",
      options: {},
      distribution: { kind: "constant", value: 0 },
    },
    {
      rows: [4, 8],
      initializer: "constant",
      options: { value: 2 },
      distribution: { kind: "constant", value: 2 },
    },
    {
      rows: [8, 16],
      initializer: "uniform",
      options: { low: 0, high: 1 },
      distribution: { kind: "uniform", low: 0, high: 1 },
    },
  ]);
  assertEquals(filled.distribution, {
    kind: "parts",
    parts: filled.parts!.map(({ rows: [from, to], distribution }) => ({
      rows: to - from,
      of: distribution,
    })),
  });
  assertEquals(rows[2].parts.map(({ rows, mean }) => [rows, mean]), [
    [[0, 4], 0],
    [[4, 8], 2],
    [[8, 16], 0.5],
  ]);
  // What is remembered draws the same again.
  const again = empty([16, 4]);
  const matrixes = filledBy(rnn.weight_hh_l0)!.distribution;
  new Generator(4).fill(again, matrixes);
  assertEquals(again.data, rnn.weight_hh_l0.data);
});

Deno.test("any generator fills parts, each of a distribution that it knows", () => {
  const { rnn } = new Net();
  const kinds: string[] = [];
  const generator = {
    fill(tensor: Tensor, { kind }: { readonly kind: string }) {
      kinds.push(`${kind} ${tensor.shape}`);
      (tensor.data as Float32Array).fill(0.5);
    },
  };
  initialize(rnn, [
    {
      name: /bias_ih/,
      parts: [{ init: "ones" }, { init: "normal", share: 3 }],
    },
    { stays: true },
  ], { generator });
  assertEquals(kinds, ["normal 12"]);
  assertEquals(rnn.bias_ih_l0!.at(3).item(), 1);
  assertEquals(rnn.bias_ih_l0!.at(4).item(), 0.5);
  assertEquals(filledBy(rnn.bias_ih_l0!)?.parts?.length, 2);
});

Deno.test("a row of zeros is set after the draw", () => {
  const { embed } = new Net();
  const { rows } = initialize(embed, recipes.bert({ variant: "huggingFace" }), {
    generator: new Generator(1),
  });
  const plain = init.normal(empty([7, 6]), {
    std: 0.02,
    generator: new Generator(1),
  });
  init.zeros(plain.at(5));
  assertEquals(embed.weight.data, plain.data);
  assertEquals(filledBy(embed.weight)?.zeroed, 6);
  assert(Math.abs(rows[0].std! - 0.02 * Math.sqrt(6 / 7)) < 1e-12);
});

Deno.test("what no rule meets is refused, or stays if that is allowed", () => {
  const model = new Net();
  const before = model.scale.toArray();
  const rules: InitRule[] = [{ layer: nn.Linear, init: init.ones }];
  const weight = model.h.parameters()[0];
  const values = weight.data.slice();
  assertThrows(
    () => initialize(model, rules),
    RangeError,
    "Cannot initialize Net: a rule must meet each parameter, or allowUnmatched be true, got scale, rnn.weight_ih_l0,",
  );
  assertEquals(weight.data, values);
  const { rows } = initialize(model, rules, { allowUnmatched: true });
  const [scale, filled] = rows;
  assertEquals([scale.status, scale.rule, scale.std], [
    "unmatched",
    null,
    null,
  ]);
  assertEquals([filled.status, weight.at(0, 0).item()], ["filled", 1]);
  assertEquals(model.scale.toArray(), before);
  // A partial recipe leaves the rest; together with another it does not.
  initialize(model, recipes.lstm());
  assertThrows(
    () => initialize(model, [recipes.lstm(), recipes.gpt2()]),
    RangeError,
    "got scale",
  );
});

Deno.test("bad input leaves no tensor filled and no number drawn", () => {
  const fill: InitRule = { layer: nn.Linear, init: init.normal };
  const cases: [InitRule[] | object, unknown, string][] = [
    [[fill, { ...all, options: { std: -1 } }], {}, "std must be at least 0"],
    [[fill, { init: init.orthogonal }], {}, "the rank must be at least 2"],
    [[fill, { ...all, options: { sdt: 1 } }], {}, "did you mean std"],
    [[fill, { ...all, options: 3 }], {}, "options must be a plain object or"],
    [
      [fill, { ...all, options: () => ({ std: NaN }) }],
      {},
      "std must be finite",
    ],
    [[fill, { ...all, factor: NaN }], {}, "factor must be a finite number"],
    [
      [fill, { ...all, factor: () => "2" }],
      {},
      "factor must be a finite number",
    ],
    [[fill, { ...all, init: "normol" }], {}, "did you mean normal?"],
    [[fill, { init: nn.Linear }], {}, "init must be a string"],
    [[fill, {}], {}, "one of init, parts and stays, got none"],
    [[fill, { ...all, stays: true }], {}, "parts and stays, got several"],
    [[fill, { ...all, lauer: nn.Linear }], {}, "did you mean layer?"],
    [
      [fill, { ...all, layer: "Linear" }],
      {},
      "layer must be a class of layers",
    ],
    [[fill, { ...all, name: 3 }], {}, "name must be a string or a RegExp"],
    [[fill, { ...all, where: /a/ }], {}, "where must be a function"],
    [[fill, { parts: [] }], {}, "parts must be an array of parts, got []"],
    [[fill, { parts: [{}] }], {}, "a part must have init"],
    [
      [fill, { parts: [{ init: "ones", share: 0 }] }],
      {},
      "share must be above 0",
    ],
    [
      [fill, { parts: [{ init: "ones" }, { init: "ones" }] }],
      {},
      "the shares must divide axis 0 into whole rows, got 1 of 2 for 3 rows",
    ],
    [[fill, { ...all, zeroRow: () => 99 }], {}, "zeroRow must be a row of"],
    [[], {}, "an array of rules and recipes, got []"],
    [[fill, null], {}, "an array of rules and recipes, got null"],
    [recipes.bert, {}, "got function bert; call it to get a recipe"],
    [{}, {}, "one of init, parts and stays, got none"],
    [[fill, all], { generator: 3 }, "generator must be a Generator, got 3"],
    [
      [fill, all],
      { generator: { fill() {}, repeats: true } },
      "new numbers at each fill",
    ],
    [
      [fill, all],
      { allowUnmatched: 1 },
      "allowUnmatched must be true or false",
    ],
    [[fill, all], { seed: 1 }, "got seed"],
  ];
  manualSeed(5);
  const model = new Net();
  const values = model.parameters().map(({ data }) => data.slice());
  const records = model.parameters().map(filledBy);
  const state = defaultGenerator().getState();
  for (const [rules, options, message] of cases) {
    const error = assertThrows(
      () => initialize(model, rules as InitRule[], options as object),
      Error,
      message,
    );
    assert(
      error instanceof RangeError || error instanceof TypeError,
      error.message,
    );
    assert(/^Cannot initialize (Net|\w+[\w.]*): /.test(error.message));
    assertEquals(model.parameters().map(({ data }) => data), values, message);
    assertEquals(model.parameters().map(filledBy), records);
    assertEquals(defaultGenerator().getState(), state);
  }
  assertThrows(
    () => initialize({} as nn.Module, [all]),
    TypeError,
    "Cannot initialize a model: the first argument must be a layer or a model, got {}",
  );
  const whole = new nn.Module();
  Object.assign(whole, {
    a: empty([2]),
    b: tensor([1, 2], { dtype: "int32" }),
  });
  assertThrows(
    () => initialize(whole, [all]),
    TypeError,
    "Cannot initialize b: the tensor's dtype must be a float dtype",
  );
  assertEquals(whole.parameters()[0].toArray(), [0, 0]);
});

Deno.test("a pattern with a place to go on from meets every name", () => {
  const model = new Net();
  const pattern = /weight/g;
  const { rows } = initialize(model, [{ name: pattern, ...all }], {
    allowUnmatched: true,
  });
  assertEquals(
    rows.filter(({ status }) => status === "filled").length,
    5,
  );
});

Deno.test("in initModel, threads draw what the rules say", async () => {
  const build = () => {
    const model = new nn.TransformerEncoder({
      encoderLayer: new nn.TransformerEncoderLayer(32, 4, 64),
      numLayers: 2,
    });
    initialize(model, recipes.deepNorm());
    return model;
  };
  const generator = new Generator(6);
  const model = await initModel(build, { generator, workers: 2 });
  manualSeed(6);
  const alone = build();
  assertEquals(
    model.parameters().map(({ data }) => data),
    alone.parameters().map(({ data }) => data),
  );
  assertEquals(generator.getState(), defaultGenerator().getState());
  const [parts] = [filledBy(model.parameters()[0])?.parts];
  assertEquals(parts?.length, 3);
});

Deno.test("the table says what was filled, what stayed and what was not met", async () => {
  const found = initialize(new Net(), [
    { layer: nn.Linear, name: "weight", init: init.normal },
    { layer: nn.Embedding, stays: true },
    {
      layer: nn.LSTM,
      name: /bias_ih/,
      parts: [
        { init: "zeros" },
        { init: "ones" },
        { init: "zeros", share: 2 },
      ],
      label: "forget gate",
    },
    { name: /c_proj/, init: init.zeros },
  ], { allowUnmatched: true });
  assertEquals(
    String(found),
    `parameter         shape    rule           initializer   mean    std
scale             [3]      –              unmatched        –      –
h.0.weight        [5, 6]   Linear weight  normal           0      1
h.0.bias          [5]      –              unmatched        –      –
h.1.weight        [6, 5]   Linear weight  normal           0      1
h.1.bias          [6]      –              unmatched        –      –
rnn.weight_ih_l0  [16, 6]  –              unmatched        –      –
rnn.weight_hh_l0  [16, 4]  –              unmatched        –      –
rnn.bias_ih_l0    [16]     forget gate    zeros + ones  0.25  0.433
  rows 0 to 3                             zeros            0      0
  rows 4 to 7                             ones             1      0
  rows 8 to 15                            zeros            0      0
rnn.bias_hh_l0    [16]     –              unmatched        –      –
embed.weight      [7, 6]   Embedding      stayed           –      –

3 of 10 parameters filled · 1 stayed · 6 met by no rule
met nothing: /c_proj/`,
  );
  assertEquals(found.idle, ["/c_proj/"]);
  const html = await found.toHtml();
  assertStringIncludes(
    html,
    'white-space:nowrap">\u2003\u2003rows 4 to 7</td>',
  );
  assertStringIncludes(html, "<div>met nothing: /c_proj/</div>");
  assertStringIncludes(
    await initialize(new nn.Linear(2, 2), [
      { layer: nn.Linear, ...all, label: "<b>" },
    ]).toHtml(),
    "&#60;b&#62;",
  );
});
