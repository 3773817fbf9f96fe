import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { encodeSafetensors } from "../../lib/checkpoint/mod.ts";
import { openCheckpoint } from "../../lib/checkpoint/open.ts";
import { empty, Generator, init, nn, plot, tensor } from "../../mod.ts";

const generator = new Generator(3);
const weight = init.normal(empty([8, 4, 3, 3]), { generator });
const bias = init.uniform(empty([8]), { generator });

/** Calls with a file of two tensors, and one of a single tensor. */
async function withFiles(
  act: (both: string, lone: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  const [both, lone] = [
    `${folder}/both.safetensors`,
    `${folder}/lone.safetensors`,
  ];
  try {
    await Deno.writeFile(both, encodeSafetensors({ weight, bias }));
    await Deno.writeFile(lone, encodeSafetensors({ "conv1.kernel": weight }));
    await act(both, lone);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function bare(figure: plot.Figure): unknown {
  return figure.toJSON().data;
}

Deno.test("each figure is that of the file's tensors, as a promise", async () => {
  // A file says nothing of initializers.
  // The file has them in the order of their names.
  const known = {
    bias: tensor(bias.toArray()),
    weight: tensor(weight.toArray()),
  };
  await withFiles(async (both, lone) => {
    const opened = await openCheckpoint(both);
    try {
      for (const source of [both, new URL(`file://${both}`), opened]) {
        const figures = {
          weights: [plot.weights(source), plot.weights(known)],
          kernels: [plot.kernels(source), plot.kernels(known)],
          quantiles: [plot.quantiles(source), plot.quantiles(known)],
          spectrum: [plot.spectrum(source), plot.spectrum(known)],
          fan: [plot.fan(source), plot.fan(known)],
          layers: [plot.layers(source), plot.layers(known)],
        };
        for (const [name, [read, made]] of Object.entries(figures)) {
          assert(read instanceof Promise, name);
          assert(made instanceof plot.Figure, name);
          assertEquals(bare(await read), bare(made), name);
        }
        const parameter = "bias";
        assertEquals(
          bare(await plot.weights(source, { parameter })),
          bare(plot.weights(known, { parameter })),
        );
      }
    } finally {
      opened.close();
    }
    const [title] = String(await plot.weights(lone)).split("\n");
    assertEquals(title, "lone.safetensors · conv1.kernel");
    const [name] = String(await plot.layers(both)).split("\n");
    assertEquals(name, "both.safetensors · 2 parameters");
  });
});

Deno.test("weights of different sources are compared on one axis", async () => {
  const copy = tensor(weight.toArray());
  const expected = plot.compare({ file: copy, array: copy });
  await withFiles(async (both, lone) => {
    const array = new Float32Array(weight.data);
    const mixed = plot.compare({ file: both, array });
    assert(mixed instanceof Promise);
    assertEquals(bare(await mixed), bare(expected));
    const map = new Map<string, string | Float32Array>([
      ["file", lone],
      ["array", array],
    ]);
    assertEquals(bare(await plot.compare(map)), bare(expected));
  });
  const layers = new Map([["a", new nn.Linear(2, 3)]]);
  assert(plot.compare(layers) instanceof plot.Figure);
});

Deno.test("only the plotted tensor is read", async () => {
  const read: string[] = [];
  const checkpoint = {
    metadata: {},
    tensors: {
      a: { dtype: "float32", shape: [2], bytes: 8 },
      b: { dtype: "float32", shape: [2], bytes: 8 },
    },
    read: (name: string) => (read.push(name), Promise.resolve(tensor([1, 2]))),
  } as const;
  await plot.weights(checkpoint, { parameter: "b" });
  assertEquals(read, ["b"]);
  await assertRejects(
    () => plot.weights(checkpoint),
    RangeError,
    'parameter must be the name of one of 2 tensors, such as a, b, got "weight"',
  );
  const many = Object.fromEntries(
    Array.from({ length: 241 }, (_, i) => [`p${i}`, checkpoint.tensors.a]),
  );
  const large = { ...checkpoint, tensors: many };
  await assertRejects(
    () => plot.layers(large, { filter: "q" }),
    RangeError,
    "filter and depth must leave a parameter, got 0 of 241",
  );
  assertEquals(read, ["b"]);
  await plot.layers(large, { page: 2 });
  assertEquals(read, ["b", "p240"]);
});

Deno.test("options are checked when the call is made, files when they are read", async () => {
  const missing = "/nowhere/missing.safetensors";
  assertThrows(
    () => plot.weights(missing, { bin: 5 } as plot.WeightsOptions),
    TypeError,
    "did you mean bins?",
  );
  await assertRejects(() => plot.weights(missing), Error);
  // What is wrong at once leaves no rejection behind.
  assertThrows(
    () => plot.compare({ missing, bad: null as never }),
    TypeError,
    'Cannot compare weights, "bad": weights must be',
  );
  await assertRejects(() => plot.compare({ missing, good: weight }), Error);
});

Deno.test("what is in memory is a figure by its type, and a file a promise", () => {
  const typed = (): unknown[] => {
    const figures: plot.Figure[] = [
      plot.weights(weight),
      plot.weights(new nn.Linear(2, 3)),
      plot.weights([1, 2, 3]),
      plot.weights({ weight, bias }),
      plot.fan([3, 4]),
      plot.compare({ weight, array: new Float32Array(3) }),
      // @ts-expect-error: a file is read, so its figure must be awaited
      plot.layers("model.safetensors"),
      // @ts-expect-error: one of the two is read
      plot.compare({ weight, file: "model.safetensors" }),
    ];
    const promised: Promise<plot.Figure>[] = [
      plot.layers("model.safetensors"),
      plot.compare({ weight, file: "model.safetensors" }),
    ];
    return [figures, promised];
  };
  assertEquals(typeof typed, "function");
});

Deno.test("figures load without Deno", async () => {
  const url = new URL("../../lib/plot/mod.ts", import.meta.url);
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "eval",
      "--no-check",
      `delete globalThis.Deno;
       const { weights } = await import(${JSON.stringify(String(url))});
       weights([1, 2, 3]).toSvg();`,
    ],
  }).output();
  assert(success, new TextDecoder().decode(stderr));
});
