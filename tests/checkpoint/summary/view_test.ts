/**
 * Which tensors a summary has, in which order, and what of them its table shows.
 *
 * @module
 */

import { assert, assertEquals, assertThrows } from "@std/assert";
import { init, nn, summary, type Tensor, tensor } from "../../../mod.ts";
import { type Checkpoint, inspect } from "../../../lib/checkpoint/mod.ts";
import { empty, Generator } from "../../../mod.ts";

/** Called with what types refuse. */
const loose = summary as (source: unknown, options: unknown) => unknown;

/** Twelve layers, as models number them. */
function layers(): Record<string, Tensor> {
  const generator = new Generator(0);
  return Object.fromEntries(
    Array.from({ length: 12 }, (_, index) =>
      [
        [
          `h.${index}.weight`,
          init.normal(empty([8, 8]), { generator, std: 0.1 * (12 - index) }),
        ],
        [`h.${index}.bias`, tensor([index])],
      ] as [string, Tensor][]).flat(),
  );
}

Deno.test("only the tensors that are meant have rows, and the others are counted", () => {
  const source = layers();
  const namesFor = (only: string | ((name: string) => boolean)) =>
    summary(source, { only }).rows.map(({ name }) => name);
  assertEquals(namesFor("h.11"), ["h.11.weight", "h.11.bias"]);
  assertEquals(namesFor("*.1.*").length, 2);
  assertEquals(namesFor("h.1*.bias"), ["h.1.bias", "h.10.bias", "h.11.bias"]);
  assertEquals(namesFor((name) => name.endsWith("9.bias")), ["h.9.bias"]);
  assertEquals(namesFor("*").length, 24);
  assertEquals(namesFor("h").length, 24);
  assertEquals(namesFor("H"), []);
  const some = summary(source, { only: "*.weight" });
  assertEquals([some.tensors, some.of, some.elements], [12, 24, 768]);
  assert(String(some).includes("768 elements in 12 of 24 tensors · none"));
  assertEquals(
    String(summary(source, { only: "none" })),
    "0 elements in 0 of 24 tensors · none marked",
  );
});

Deno.test("a pattern means the same to summary and inspect", async () => {
  const z = tensor([[1, 2]], { dtype: "complex64" });
  const source = { ...layers(), "z.weight": z, "a*b": tensor([1]) };
  for (
    const only of ["", "*", "1*", "*.weight", "weight", "z", "*z*", "*a*b"]
  ) {
    const { rows, of } = summary(source, { only });
    const found = await inspect(source, { only });
    assertEquals(
      rows.map(({ name }) => name),
      found.tensors.map(({ name }) => name),
      only,
    );
    assertEquals([of, found.of], [27, 27]);
  }
});

Deno.test("only what is meant is read, and what cannot be read is counted", async () => {
  const read: string[] = [];
  const info = { dtype: "float32", shape: [1], bytes: 4 } as const;
  const checkpoint: Checkpoint = {
    metadata: {},
    tensors: { a: info, b: info },
    unread: { "a.text": { dtype: "S3", shape: [1], reason: "text" } },
    read(name) {
      read.push(name);
      return Promise.resolve(tensor([1]));
    },
  };
  const lastOf = (text: object) => String(text).split("\n").at(-1);
  assertEquals(
    lastOf(await summary(checkpoint)),
    "2 elements in 2 of 3 tensors · 1 not read · none marked",
  );
  read.length = 0;
  assertEquals(
    lastOf(await summary(checkpoint, { only: "b" })),
    "1 element in 1 of 3 tensors · none marked",
  );
  assertEquals(read, ["b"]);
  const { tensors, of, unread } = await inspect(checkpoint, { only: "a" });
  assertEquals([tensors.length, of, unread.length], [1, 3, 1]);
});

Deno.test("rows are sorted by any key, and none is lost", () => {
  const source = { ...layers(), nothing: empty([0]), nan: tensor([NaN]) };
  const all = summary(source).rows;
  const keys = Object.keys(all[0]) as (keyof typeof all[0])[];
  assertEquals(keys.length, 20);
  for (const sort of keys) {
    for (const descending of [false, true]) {
      const { rows } = summary(source, { sort, descending });
      assertEquals(
        rows.map(({ name }) => name).toSorted(),
        all.map(({ name }) => name).toSorted(),
        sort,
      );
      const values = rows.map((row) => row[sort]);
      const there = values.filter((value) => value !== null);
      assertEquals(values.slice(0, there.length), there, sort);
      const numbers = there.filter((value) => typeof value === "number");
      assertEquals(
        numbers,
        numbers.toSorted((a, b) => descending ? b - a : a - b),
        sort,
      );
    }
  }
  const named = summary(layers(), { sort: "name", only: "*.bias" }).rows;
  assertEquals(named.map(({ mean }) => mean), [...named.keys()]);
  const [first] = summary(source, { sort: "attention", descending: true }).rows;
  assertEquals(first.name, "nan");
  assertEquals(summary(layers()).rows[2].name, "h.1.weight");
});

Deno.test("the columns are those that were asked for, in that order", async () => {
  const source = { w: tensor([[1, 2], [3, 4]]), x: tensor([NaN]) };
  const shown = summary(source, {
    columns: ["elements", "std", "dtype", "name", "std", "attention"],
  });
  assertEquals(String(shown).split("\n").slice(0, 3), [
    "name  elements   std  dtype    marked",
    "w            4  1.29  float32",
    "x            1     –  float32  !",
  ]);
  const html = await shown.toHtml();
  assertEquals(
    [...html.matchAll(/<th [^>]*>([^<]*)/g)].map(([, title]) => title),
    ["name", "elements", "std", "dtype", "marked"],
  );
  // The verdict is not shown, so the name says it.
  assertEquals(html.match(/<strong[^>]*>([^<]*)/)?.[1], "x");
  assertEquals(String(summary(source, { columns: [] })).split("\n")[0], "name");
  const all = Object.keys(shown.rows[0]) as (keyof typeof shown.rows[0])[];
  for (const key of all) {
    const text = String(summary(source, { columns: [key] }));
    assertEquals(text.split("\n").length, 5, key);
  }
});

Deno.test("a long text says what it leaves out, and how to see it", () => {
  const source = Object.fromEntries(
    Array.from({ length: 300 }, (_, index) => [`t${index}`, tensor([index])]),
  );
  source.t299 = tensor([NaN]);
  const lines = String(summary(source)).split("\n");
  assertEquals(lines.slice(-5), [
    lines.at(-5)!,
    "",
    '200 more rows, 1 of them marked; { maxRows: Infinity } shows all, { only: "*.weight" } some',
    "",
    "300 elements in 300 tensors · 1 marked",
  ]);
  assert(lines.at(-5)!.startsWith("t99 "));
  assertEquals(lines.length, 105);
  const linesFor = (maxRows: number) =>
    String(summary(source, { maxRows })).split("\n");
  assertEquals(linesFor(Infinity).length, 303);
  assertEquals(linesFor(300).length, 303);
  assertEquals(linesFor(2).length, 7);
  assertEquals(linesFor(0).length, 2);
});

Deno.test("text is as wide as the terminal, with each column once", () => {
  const text = summary(layers(), { only: "*1.weight" });
  const { rows } = text;
  assertEquals(rows.length, 2);
  const titles = (lines: string[]) =>
    lines.filter((line) => line.startsWith("name"))
      .flatMap((line) => line.split(/ {2,}/).slice(1));
  const titlesAt = (columns: number) => {
    const lines = inTerminal(columns, () => Deno.inspect(text)).split("\n");
    const table = lines.slice(0, -1);
    for (const line of table) assert(line.length <= columns, line);
    return titles(lines);
  };
  const long = "self_attn.out_proj.bias";
  const layer = summary({ [long]: tensor([[1, 2], [3, 4]]) });
  const narrow = inTerminal(70, () => Deno.inspect(layer));
  assertEquals(narrow.split(long).length - 1, narrow.match(/^name/gm)!.length);
  const usual = titles(String(text).split("\n"));
  assertEquals(usual.length, 12);
  for (const columns of [30, 40, 60, 80, 99, 200]) {
    assertEquals(titlesAt(columns), usual, `${columns}`);
  }
  const tablesAt = (columns: number) =>
    inTerminal(columns, () => Deno.inspect(text)).match(/^name/gm)!.length;
  assertEquals([tablesAt(200), tablesAt(100)], [1, 2]);
  assert(tablesAt(40) > 2);
  assertEquals(
    Deno.inspect({ x: summary({ w: tensor([1]) }, { columns: ["std"] }) }),
    `{
  x:${" "}
  name  std
  w       –

  1 element in 1 tensor · none marked
}`,
  );
});

Deno.test("names that turn text around, or are long, keep the table whole", () => {
  const source = {
    "שלום": tensor([1]),
    "a\u202egnp.weight\u2066\ud800": tensor([2]),
    ["n".repeat(100_000)]: tensor([3]),
    "<b>&": tensor([4]),
    "": tensor([5]),
  };
  const lines = String(summary(source)).split("\n");
  assertEquals(lines[1].slice(0, 7), "שלום\u200e  ");
  assertEquals(lines[2].slice(0, 15), "a gnp.weight   ");
  const [, shape] = /^(.*?) {2}shape/.exec(lines[0])!;
  for (const line of lines.slice(1, 6)) {
    assert([...line].length < 130, line);
    const plain = line.replaceAll("\u200e", "");
    assertEquals(
      [...plain].slice(shape.length + 2).join("").slice(0, 3),
      "[1]",
    );
  }
});

Deno.test("what is no column, order, pattern or count is refused", () => {
  const wrong: [object, typeof TypeError | typeof RangeError, string][] = [
    [{ only: 1 }, TypeError, 'only must be a pattern such as "*.weight"'],
    [{ only: /a/ }, TypeError, "got an object of class RegExp"],
    [{ sort: "stds" }, RangeError, 'got "stds"; did you mean std?'],
    [{ sort: null }, RangeError, "sort must be one of name, shape"],
    [{ descending: 1 }, TypeError, "descending must be true or false"],
    [{ columns: "std" }, TypeError, 'columns must be an array, got "std"'],
    [{ columns: ["fan in"] }, RangeError, "did you mean fanIn?"],
    [{ columns: [1] }, RangeError, "a column must be one of name, shape"],
    [{ maxRows: -1 }, RangeError, "maxRows must be an integer of at least 0"],
    [{ maxRows: NaN }, RangeError, "maxRows must be an integer of at least 0"],
    [{ maxRows: "9" }, TypeError, "maxRows must be a number"],
    [{ sorted: 1 }, TypeError, "did you mean sort?"],
  ];
  for (const [options, kind, message] of wrong) {
    const { message: told } = assertThrows(
      () => loose(new nn.Linear(1, 1), options),
      kind,
      message,
    );
    assert(told.startsWith("Cannot summarize: ") && told.length <= 400, told);
  }
});

/** Runs on a terminal of so many columns. */
function inTerminal<T>(columns: number, run: () => T): T {
  const { process } = globalThis as unknown as { process: object };
  const described = Object.getOwnPropertyDescriptor(process, "stdout");
  Object.defineProperty(process, "stdout", {
    value: { isTTY: true, columns },
    configurable: true,
  });
  try {
    return run();
  } finally {
    if (described === undefined) {
      delete (process as { stdout?: unknown }).stdout;
    } else Object.defineProperty(process, "stdout", described);
  }
}
