import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { coordinateCheck } from "../../mod.ts";

interface Row {
  readonly options: {
    readonly optimizer: "sgd" | "adam";
    readonly parametrization: "standard" | "mup";
    readonly zeroReadout: boolean;
    readonly widths: readonly number[];
    readonly seeds: number;
  };
  /** `[width][step][layer]`. */
  readonly sizes: readonly number[][][];
  readonly changes: readonly number[][][];
  /** `[width][step]`. */
  readonly losses: readonly number[][];
  /** `[step][layer]`. */
  readonly changeSlopes: readonly number[][];
  readonly changeErrors: readonly number[][];
}

const { coordinates } = JSON.parse(
  await Deno.readTextFile(new URL("../golden/start.json", import.meta.url)),
) as { readonly coordinates: readonly Row[] };

function assertNear(own: number, expected: number, of: string): void {
  const error = Math.abs(own - expected);
  assert(error <= 1e-9 * Math.max(1e-3, Math.abs(expected)), `${of}: ${own}`);
}

for (const row of coordinates) {
  const { options } = row;
  const { optimizer, parametrization, zeroReadout } = options;
  const name = [parametrization, optimizer, zeroReadout ? "readout 0" : ""];
  Deno.test(`${name.join(" ")}: coordinates move as PyTorch's`, async () => {
    const found = await coordinateCheck(options);
    found.layers.forEach((layer, l) => {
      layer.sizes.forEach((sizes, step) =>
        sizes.forEach((own, w) =>
          assertNear(own, row.sizes[w][step][l], `${layer.name} ${step}`)
        )
      );
      layer.changes.forEach((changes, step) => {
        changes.forEach((own, w) =>
          assertNear(own, row.changes[w][step][l], `${layer.name} ${step}`)
        );
        const { slope, error } = layer.changeSlopes[step];
        if (row.changes.some((each) => each[step][l] === 0)) {
          return assertEquals([slope, error], [null, null]);
        }
        assertNear(slope!, row.changeSlopes[step][l], "slope");
        assertNear(error!, row.changeErrors[step][l], "error");
      });
    });
    found.losses.forEach((losses, step) =>
      losses.forEach((own, w) => assertNear(own, row.losses[w][step], "loss"))
    );
    const grows = found.layers.map((layer) => layer.grows);
    assertEquals(grows.some(Boolean), parametrization === "standard");
    assertMatch(
      String(found),
      new RegExp(`^${parametrization} · ${optimizer}.*\nslope of log2`),
    );
  });
}

Deno.test("what is expected of slopes is what the widths show", async () => {
  const widths = [32, 64, 128];
  const of = async (options: object) =>
    (await coordinateCheck({ widths, seeds: 3, ...options })).layers
      .map(({ changeSlopes: [{ expected }] }) => expected);
  assertEquals(await of({}), [[-0.5, -0.5], [0.5, 0.5], [1, 1]]);
  assertEquals(await of({ optimizer: "adam" }), [[0, 0], [1, 1], [1, 1.5]]);
  const mup = { parametrization: "mup" };
  assertEquals(await of(mup), [[0, 0], [0, 0], [0, 0]]);
  const { layers } = await coordinateCheck(
    { widths, ...mup, seeds: 3 } as never,
  );
  assertEquals(layers[2].sizeSlopes[0].expected, [-0.5, -0.5]);
  assert(Math.abs(layers[2].sizeSlopes[0].slope! + 0.5) < 0.3);
});

Deno.test("one seed has no error; progress is told, and a signal stops", async () => {
  const told: string[] = [];
  const small = { widths: [4, 8], batch: 4, inputs: 3, classes: 3 };
  const one = await coordinateCheck({
    ...small,
    seeds: 1,
    onProgress: ({ done, total }) => told.push(`${done}/${total}`),
  });
  assertEquals(told, ["1/2", "2/2"]);
  assertEquals(one.layers[0].changeSlopes[0].error, null);
  assertEquals(one.seeds, [0, 0]);
  assertEquals(JSON.parse(JSON.stringify(one)), one);
  const controller = new AbortController();
  let done = 0;
  await assertRejects(
    () =>
      coordinateCheck({
        ...small,
        signal: controller.signal,
        onProgress() {
          if (++done === 3) controller.abort(new RangeError("enough"));
        },
      }),
    RangeError,
    "enough",
  );
  assertEquals(done, 3);
});

Deno.test("bad options of a coordinate check are refused", async () => {
  const cases: [object, typeof TypeError, string][] = [
    [{ widths: [64] }, RangeError, "the number of widths must be"],
    [{ widths: 64 }, TypeError, "widths must be an array"],
    [{ optimizer: "adamw" }, RangeError, "sgd, adam"],
    [{ parametrization: "ntk" }, RangeError, "standard, mup"],
    [{ learningRate: -1 }, RangeError, "learningRate must be at least 0"],
    [{ seeds: 0 }, RangeError, "seeds must be"],
    [{ signal: 1 }, TypeError, "signal must be an AbortSignal"],
    [{ width: [1, 2] }, TypeError, "did you mean widths?"],
  ];
  for (const [options, kind, message] of cases) {
    await assertRejects(() => coordinateCheck(options), kind, message);
  }
});
