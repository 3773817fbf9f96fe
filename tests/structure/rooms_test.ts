import { assertEquals, assertGreater } from "@std/assert";
import { type Import, importsOf, sourcesOf } from "./imports.ts";
import { breaches, ranks } from "./rooms.ts";

const root = new URL("../../", import.meta.url);

/** `tests/std/` stands for packages of the standard library. */
function isPackage(module: string): boolean {
  return module.includes(":") || module.startsWith("tests/std/");
}

Deno.test("each room imports from the rooms below it", async () => {
  const files = sourcesOf(root);
  const imports = (await importsOf(root)).filter(({ to }) => !isPackage(to));
  assertGreater(imports.length, files.length / 2);
  assertEquals(breaches(files, imports), []);
});

Deno.test("each room that has a rank is there", () => {
  const rooms = [...Deno.readDirSync(new URL("lib/", root))]
    .filter(({ isDirectory }) => isDirectory).map(({ name }) => name);
  assertEquals(Object.keys(ranks).filter((room) => !rooms.includes(room)), []);
});

/** Returns an import that is written `from → to`, of a kind. */
function parse(text: string, kind: Import["kind"] = "static"): Import {
  const [from, to] = text.split(" → ");
  return { from, to, kind };
}

/** Imports that the rule allows. */
const allowed: readonly Import[] = [
  parse("lib/numerics/qr.ts → lib/core/tensor.ts"),
  parse("lib/numerics/qr.ts → lib/numerics/matrix.ts"),
  parse("lib/random/torch/draw.ts → lib/random/distribution.ts"),
  parse("lib/random/generator.ts → lib/random/torch/draw.ts"),
  parse("lib/init/initializers.ts → lib/random/distribution.ts", "type"),
  parse("lib/parallel/execute.ts → lib/random/generator.ts"),
  parse("lib/nn/linear.ts → lib/parallel/init_model.ts"),
  parse("lib/nn/linear.ts → lib/init/initializers.ts"),
  parse("lib/checkpoint/mod.ts → lib/init/initializers.ts"),
  parse("lib/plot/weights.ts → lib/propagation/propagate.ts"),
  parse("lib/notebook/mod.ts → lib/plot/figure.ts"),
  parse("lib/notebook/mod.ts → lib/notebook/explorer/explorer.ts", "dynamic"),
  parse("lib/cli/main.ts → lib/notebook/mod.ts"),
  parse("mod.ts → lib/notebook/mod.ts"),
  parse("lib/testing.ts → lib/checkpoint/summary/summary.ts"),
  parse("lib/testing.ts → lib/notebook/mod.ts"),
  parse("lib/dialects/jax/draw.ts → lib/dialects/jax/key.ts"),
  parse("lib/dialects/jax/draw.ts → lib/init/initializer.ts"),
  parse("lib/dialects/jax/key.ts → lib/random/generator.ts", "type"),
  parse("lib/dialects/numpy/random_state.ts → lib/numerics/float.ts"),
  parse("lib/dialects/numpy/random_state.ts → lib/core/tensor.ts"),
  parse("lib/cli/init.ts → lib/dialects/jax/mod.ts", "dynamic"),
  // Types may go round.
  parse("lib/core/a.ts → lib/core/b.ts"),
  parse("lib/core/b.ts → lib/core/a.ts", "type"),
];

Deno.test("the check of the rooms lets imports from below pass", () => {
  const files = allowed.flatMap(({ from, to }) => [from, to]);
  assertEquals(breaches(files, allowed), []);
});

for (const kind of ["static", "type", "dynamic"] as const) {
  Deno.test(`the check of the rooms sees an upward import: ${kind}`, () => {
    for (
      const text of [
        "lib/core/source.ts → lib/numerics/qr.ts",
        "lib/core/source.ts → lib/cli/main.ts",
        "lib/random/generator.ts → lib/init/initializers.ts",
        "lib/parallel/execute.ts → lib/nn/module.ts",
        "lib/checkpoint/summary/summary.ts → lib/plot/weights.ts",
        "lib/plot/page.ts → lib/notebook/mod.ts",
        "lib/notebook/display.ts → lib/cli/main.ts",
        "lib/cli/main.ts → mod.ts",
        "lib/cli/main.ts → lib/util.ts",
        "lib/cli/main.ts → notebooks/run.ts",
      ]
    ) {
      const [from, to] = text.split(" → ");
      assertEquals(breaches([], [...allowed, parse(text, kind)]), [
        `${from} imports upward from ${to}`,
      ]);
    }
  });

  Deno.test(`the check of the rooms sees a sideways import: ${kind}`, () => {
    for (
      const text of [
        "lib/init/initializers.ts → lib/parallel/init_model.ts",
        "lib/parallel/init_model.ts → lib/init/initializers.ts",
        "lib/nn/module.ts → lib/checkpoint/open.ts",
        "lib/checkpoint/open.ts → lib/propagation/propagate.ts",
        "lib/propagation/propagate.ts → lib/nn/module.ts",
      ]
    ) {
      const [from, to] = text.split(" → ");
      assertEquals(breaches([], [...allowed, parse(text, kind)]), [
        `${from} imports sideways from ${to}`,
      ]);
    }
  });

  Deno.test(`the check of the rooms sees what the testing entry may not: ${kind}`, () => {
    const from = "lib/testing.ts";
    for (const to of ["mod.ts", "lib/util.ts"]) {
      assertEquals(breaches([], [...allowed, { from, to, kind }]), [
        `${from} imports upward from ${to}`,
      ]);
    }
    const cli = "lib/cli/main.ts";
    assertEquals(breaches([], [...allowed, { from, to: cli, kind }]), [
      `${from} imports sideways from ${cli}`,
    ]);
    for (const user of ["mod.ts", cli, "lib/core/tensor.ts"]) {
      const breach = { from: user, to: from, kind };
      assertEquals(breaches([], [...allowed, breach]), [
        `${user} imports the entry point ${from}`,
      ]);
    }
  });

  Deno.test(`the check of the rooms sees what a dialect may not: ${kind}`, () => {
    for (
      const to of [
        "lib/parallel/init_model.ts",
        "lib/nn/module.ts",
        "lib/checkpoint/open.ts",
        "lib/cli/main.ts",
        "lib/dialects/keras/philox.ts",
        "mod.ts",
      ]
    ) {
      const from = "lib/dialects/jax/mod.ts";
      assertEquals(breaches([], [...allowed, { from, to, kind }]), [
        `${from} of a dialect imports from ${to}`,
      ]);
    }
  });

  Deno.test(`the check of the rooms sees who may load no dialect: ${kind}`, () => {
    const to = "lib/dialects/jax/mod.ts";
    for (const from of ["mod.ts", "lib/init/scaling.ts", "lib/plot/page.ts"]) {
      assertEquals(breaches([], [...allowed, { from, to, kind }]), [
        `${from} imports a dialect from ${to}`,
      ]);
    }
    const from = "lib/cli/init.ts";
    assertEquals(
      breaches([], [{ from, to, kind }]),
      kind === "dynamic" ? [] : [`${from} imports a dialect from ${to}`],
    );
  });
}

Deno.test("the check of the rooms sees a circle of files that load each other", () => {
  const [a, b, c] = [
    parse("lib/core/a.ts → lib/core/b.ts"),
    parse("lib/core/b.ts → lib/core/c.ts", "dynamic"),
    parse("lib/core/c.ts → lib/core/a.ts"),
  ];
  assertEquals(breaches([], [a, b, c]), [
    "lib/core/a.ts → lib/core/b.ts → lib/core/c.ts → lib/core/a.ts is a circle of files",
  ]);
  assertEquals(breaches([], [a, { ...b, kind: "type" }, c]), []);
});

Deno.test("the check of the rooms sees a file in no room", () => {
  assertEquals(
    breaches(["mod.ts", "lib/misc/a.ts", "lib/b.ts", "lib/dialects/c.ts"], []),
    [
      "lib/misc/a.ts is in no room",
      "lib/b.ts is in no room",
      "lib/dialects/c.ts is in no room",
    ],
  );
});
