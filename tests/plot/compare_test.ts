import {
  assertAlmostEquals,
  assertEquals,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import {
  empty,
  Generator,
  init,
  nn,
  plot,
  type Tensor,
  tensor,
} from "../../mod.ts";
import { palette } from "../../lib/plot/theme.ts";

interface Trace {
  name: string;
  x: number[];
  y: number[];
  customdata?: number[];
  legendgroup: string;
  showlegend?: boolean;
  fill?: string;
  line: { color: string; dash: string };
}

function traces(figure: plot.Figure): Trace[] {
  return JSON.parse(JSON.stringify(figure)).data;
}

const generator = new Generator(0);
const four = {
  xavierUniform: init.xavierUniform(empty([64, 64]), { generator }),
  xavierNormal: init.xavierNormal(empty([64, 64]), { generator }),
  kaimingUniform: init.kaimingUniform(empty([64, 64]), { generator }),
  kaimingNormal: init.kaimingNormal(empty([64, 64]), { generator }),
};

Deno.test("each has an outline and, dashed in its color, its density", () => {
  const found = traces(plot.compare(four));
  assertEquals(found.length, 8);
  Object.keys(four).forEach((name, index) => {
    const [outline, density] = found.slice(2 * index);
    assertEquals(outline.name.split(":")[0], name);
    assertStringIncludes(outline.name, "(expected ");
    assertEquals(density.showlegend, false);
    assertEquals(density.legendgroup, outline.legendgroup);
    assertEquals(density.line.color, outline.line.color);
    assertEquals([outline.line.dash, density.line.dash], ["solid", "4px,3px"]);
    assertAlmostEquals(area(density), 1, 1e-3);
  });
  assertEquals(new Set(found.map(({ line }) => line.color)).size, 4);
});

Deno.test("outlines stand on shared bins and have an area of 1", () => {
  const outlines = traces(plot.compare(four, { theory: false }));
  assertEquals(outlines.length, 4);
  for (const { x, y, customdata } of outlines) {
    assertEquals(x, outlines[0].x);
    assertEquals([y[0], y.at(-1)], [0, 0]);
    assertEquals(x.length, y.length);
    const filled = y.slice(1, -1)
      .reduce(
        (sum, density, bin) => sum + density * (x[bin + 2] - x[bin + 1]),
        0,
      );
    assertAlmostEquals(filled, 1, 1e-3);
    assertEquals(customdata!.reduce((sum, count) => sum + count), 4096);
  }
});

Deno.test("a constant and a plain tensor have an outline alone", () => {
  const found = traces(plot.compare({
    ones: init.ones(empty([8])),
    plain: tensor([1, 2]),
    normal: init.normal(empty([8]), { generator }),
  }));
  assertEquals(found.map(({ name }) => name.split(":")[0]), [
    "ones",
    "plain",
    "normal",
    "normal, expected",
  ]);
});

Deno.test("layers give their weight, or the parameter asked for", () => {
  const linear = new nn.Linear(4, 100, { generator });
  const weight = traces(plot.compare({ linear }, { theory: false }))[0];
  assertEquals(weight.customdata!.reduce((a, b) => a + b), 400);
  const both = plot.compare({ linear, plain: tensor([1, 2, 3]) }, {
    parameter: "bias",
    theory: false,
  });
  assertEquals(traces(both)[0].customdata!.reduce((a, b) => a + b), 100);
});

Deno.test("colors repeat dotted after the palette, and only three areas are filled", () => {
  const weight = tensor([1, 2, 3]);
  const several = (count: number) =>
    traces(plot.compare(Object.fromEntries(
      Array.from({ length: count }, (_, index) => [`w${index}`, weight]),
    )));
  const many = several(14);
  assertEquals(many.map(({ line }) => line.color), [...palette, ...palette]);
  assertEquals(many[6].line.dash, "solid");
  assertEquals(many[7].line.dash, "dot");
  assertEquals(several(3)[0].fill, "tozeroy");
  assertEquals(several(4)[0].fill, "none");
  assertThrows(
    () => several(15),
    RangeError,
    "there must be 1 to 14 of them, got 15",
  );
});

Deno.test("values that are not finite are counted by name", () => {
  const text = String(plot.compare({ odd: tensor([1, 2, NaN]) }));
  assertStringIncludes(text, "odd: std 0.7071, 1 not finite");
});

Deno.test("bad sources and options throw", () => {
  const cases: [unknown, object, typeof TypeError, string][] = [
    [{}, {}, RangeError, "there must be 1 to 14"],
    [null, {}, TypeError, "must be an object or a Map of weights by name"],
    [tensor([1]), {}, TypeError, "must be an object or a Map"],
    [
      new Map([[1, tensor([1])]]),
      {},
      TypeError,
      "each name must be a string, got 1",
    ],
    [
      { f: new Float32Array(2) },
      { parameter: "x" },
      TypeError,
      'parameter must be left out with a single tensor, got "x"',
    ],
    [
      { a: "5".split("") },
      {},
      TypeError,
      'elements must be numbers, bigints or booleans, got "5"',
    ],
    [{ a: null }, {}, TypeError, 'compare weights, "a": weights must be a'],
    [Promise.resolve({}), {}, TypeError, "await it"],
    [{ a: empty([0]) }, {}, RangeError, 'weights, "a" of shape [0]'],
    [{ a: tensor([1]) }, { theory: 1 }, TypeError, "theory must be true or"],
    [{ a: tensor([1]) }, { bin: 1 }, TypeError, "got bin"],
    [{ a: tensor([1]) }, { bins: 0.5 }, RangeError, "bins must be an integer"],
  ];
  for (const [sources, options, kind, message] of cases) {
    assertThrows(
      () => plot.compare(sources as Record<string, Tensor>, options),
      kind,
      message,
    );
  }
});

function area({ x, y }: Trace): number {
  return x.slice(1).reduce(
    (sum, right, i) => sum + (right - x[i]) * (y[i] + y[i + 1]) / 2,
    0,
  );
}
