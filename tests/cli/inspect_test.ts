import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertStringIncludes,
} from "@std/assert";
import { resampled } from "../../lib/cli/inspect.ts";
import { encodeNpz, encodeSafetensors } from "../../lib/checkpoint/mod.ts";
import { empty, Generator, init, nn, type Tensor, tensor } from "../../mod.ts";
import { filesIn, inFolder, namesIn } from "../checkpoint/files/folder.ts";
import {
  call,
  dict,
  tensor as torchTensor,
  text,
  torchZip,
  tuple,
} from "../checkpoint/formats/torch_files.ts";
import { type FakeOptions, runCommand } from "./fake_terminal.ts";

/** A model with one of each: fresh, trained, dead rows, NaN, outliers, tied. */
function tensorsOf(): Record<string, Tensor> {
  const generator = new Generator(0);
  const linear = new nn.Linear(64, 32, { generator });
  const moved = (seed: number) => {
    const weight = init.normal(empty([20, 40]), {
      generator: new Generator(seed),
    });
    weight.toFloat32().forEach((x, i, data) => data[i] = x + 0.01 * x * x);
    return weight;
  };
  const dead = moved(1);
  dead.data.fill(0 as never, 40, 120);
  const wrong = moved(2);
  wrong.data[3] = NaN;
  const far = moved(3);
  far.data[7] = 50;
  return {
    "fresh.weight": linear.weight,
    "fresh.bias": linear.bias!,
    "trained.weight": moved(4),
    "dead.weight": dead,
    "wrong.weight": wrong,
    "far.weight": far,
    "tied.weight": far,
    "norm.weight": init.ones(empty([8])),
  };
}

async function inspect(
  folder: string,
  { args = [], tensors = tensorsOf(), ...options }: FakeOptions & {
    args?: readonly string[];
    tensors?: Record<string, Tensor>;
  } = {},
) {
  const path = `${folder}/model.safetensors`;
  await Deno.writeFile(path, encodeSafetensors(tensors));
  return await runCommand(["inspect", path, ...args], options);
}

inFolder(
  "inspect prints a table, findings and their number",
  async (folder) => {
    const { code, out, error } = await inspect(folder);
    assertEquals([code, error], [1, ""]);
    const [titles, ...lines] = out.split("\n");
    assertEquals(titles.split(/ {2,}/), [
      ...[
        "tensor",
        "dtype",
        "shape",
        "fan in",
        "fan out",
        "mean",
        "std",
        "min",
      ],
      ...["max", "zeros", "histogram", "found"],
    ]);
    const found = Object.fromEntries(
      lines.slice(0, 8).map((line) => [
        line.split(" ")[0],
        /(! )?\w+( \+\d)?$/.exec(line)?.[0],
      ]),
    );
    assertEquals(found["fresh.weight"], "! fresh");
    assertEquals(found["dead.weight"], "! dead");
    assertEquals(found["wrong.weight"], "! notFinite");
    assertEquals(found["far.weight"], "outliers");
    assertEquals(found["tied.weight"], "outliers +1");
    assertEquals(found["norm.weight"], "fresh");
    assertStringIncludes(
      out,
      "! fresh  fresh.weight: still at initialization: uniform(±1/√64); each of 2,048 values is on the lattice of PyTorch's generator (",
    );
    assertStringIncludes(
      out,
      "! dead  dead.weight: 2 of 20 rows are all zero (first 1)\n",
    );
    assertStringIncludes(out, "· duplicate  tied.weight: the same bytes as");
    assertEquals(
      lines.at(-2),
      "8 tensors, 6,088 elements, 24.4 kB · 4 findings that matter · 4 notes",
    );
  },
);

inFolder(
  "all lines fit the terminal, at 80 columns and at 200",
  async (folder) => {
    const long = {
      "encoder.layers.11.attention.self.query.weight":
        tensorsOf()["trained.weight"],
    };
    const widths = Array.from({ length: 12 }, (_, index) => 69 + index);
    for (const columns of [...widths, 200]) {
      const { out } = await inspect(folder, {
        columns,
        isTerminal: true,
        colors: false,
        tensors: { ...tensorsOf(), ...long },
      });
      for (const line of out.split("\n")) {
        assert([...line].length <= columns, line);
      }
      const [titles] = out.split("\n");
      assertEquals(titles.includes("fan in"), columns === 200);
      assertStringIncludes(titles, "histogram");
    }
  },
);

inFolder("colors are for terminals, and say what matters", async (folder) => {
  const { out } = await inspect(folder, { isTerminal: true, columns: 120 });
  assertStringIncludes(
    out,
    "\x1b[1m\x1b[31m! fresh\x1b[39m\x1b[22m  fresh.weight",
  );
  assertStringIncludes(out, "\x1b[33mdead.weight");
  const piped = await inspect(folder, { columns: 120 });
  assert(!piped.out.includes("\x1b"));
});

inFolder("--json has all numbers", async (folder) => {
  const { out, code } = await inspect(folder, { args: ["--json"] });
  const found = JSON.parse(out);
  assertEquals(code, 1);
  assertEquals(found.path, `${folder}/model.safetensors`);
  assertEquals(found.tensors.length, 8);
  const fresh = found.tensors.find((t: { name: string }) =>
    t.name === "fresh.weight"
  );
  assertEquals(
    [fresh.fanIn, fresh.origin.state, fresh.origin.initializer],
    [64, "fresh", "uniform(±1/√64)"],
  );
  assertEquals(found.findings.length, 8);
});

inFolder("--only, --fail-on and --sigma choose", async (folder) => {
  const codeOf = async (...args: string[]) =>
    (await inspect(folder, { args })).code;
  assertEquals(await codeOf("--only", "trained"), 0);
  assertEquals(await codeOf("--only", "*.bias"), 1);
  assertEquals(await codeOf("--only", "weight*"), 0);
  assertEquals(await codeOf("--fail-on", "none"), 0);
  assertEquals(await codeOf("--fail-on", "constant"), 0);
  assertEquals(await codeOf("--fail-on", "constant,duplicate"), 1);
  assertEquals(await codeOf("--only", "far*", "--fail-on", "outliers"), 1);
  assertEquals(
    await codeOf("--only", "far*", "--fail-on", "outliers", "--sigma", "60"),
    0,
  );
});

inFolder("each star of --only stands for any text", async (folder) => {
  const long = "m".repeat(60_000);
  const tensors = { "a.b.bias": tensor([1]), [long]: tensor([2]) };
  const found = async (pattern: string) => {
    const args = ["--json", "--only", pattern];
    const { out, error } = await inspect(folder, { args, tensors });
    const names: { name: string }[] = out === "" ? [] : JSON.parse(out).tensors;
    return error === "" ? names.map(({ name }) => name[0]) : error;
  };
  assertEquals(await found("*"), ["a", "m"]);
  for (
    const pattern of ["a*", "*s", "*.b.*", "a*b*bias", "a.b.*bias", "**i*s"]
  ) {
    assertEquals(await found(pattern), ["a"], pattern);
  }
  for (const pattern of ["b*", "*b", "*b*b*b*", "a.b.b*bias", "a.b.bia*as"]) {
    assertEquals(await found(pattern), [], pattern);
  }
  // A regular expression would try all ways to divide the name.
  assertEquals(await found("*m*m*m*m.bias"), []);
});

inFolder("--sort and --columns say what the table shows", async (folder) => {
  const tableOf = async (...args: string[]) => {
    const { out } = await inspect(folder, { args });
    return out.split("\n\n")[0].split("\n").map((line) => line.split(/ {2,}/));
  };
  const [titles, ...lines] = await tableOf(
    "--sort",
    "std",
    "--descending",
    "--columns",
    "shape, std,name,std",
  );
  assertEquals(titles, ["tensor", "shape", "std", "found"]);
  assertEquals(lines.length, 8);
  const stds = lines.map(([, , std]) => Number(std));
  assertEquals(stds, stds.toSorted((a, b) => b - a));
  assertEquals(stds.at(-1), 0);
  const bySize = await tableOf("--sort", "elements", "--only", "*.weight");
  assertEquals(bySize[1][0], "norm.weight");
  assertEquals(bySize.length, 8);
  const { out } = await inspect(folder, {
    args: ["--json", "--sort", "name", "--descending", "--only", "fresh"],
  });
  const found = JSON.parse(out);
  assertEquals(
    found.tensors.map(({ name }: { name: string }) => name),
    ["fresh.weight", "fresh.bias"],
  );
  assertEquals(found.of, 8);
  const narrow = await inspect(folder, {
    args: ["--columns", "fanIn,min,max,dtype,zeroShare,mean"],
    isTerminal: true,
    columns: 40,
    colors: false,
  });
  assertEquals(narrow.out.split("\n")[0].split(/ {2,}/), [
    ...["tensor", "fan in", "min", "max", "dtype", "zeros", "mean", "found"],
  ]);
});

inFolder("tensors that were not asked for are counted", async (folder) => {
  const { out } = await inspect(folder, { args: ["--only", "*.bias"] });
  assert(out.trimEnd().split("\n").at(-1)!.startsWith("1 of 8 tensors, 32 "));
  const page = `${folder}/page.html`;
  await inspect(folder, { args: ["--only", "*.bias", "--plot", page] });
  assertStringIncludes(await Deno.readTextFile(page), ">1 of 8 tensors</span>");
});

inFolder("a layout is said, or asked for", async (folder) => {
  const ask = async (name: string, ...args: string[]) => {
    const tensors = { [name]: empty([3, 3, 4, 7]) };
    return (await inspect(folder, { args, tensors })).out;
  };
  assertStringIncludes(await ask("kernel"), "· layout  hwio");
  assertStringIncludes(await ask("w"), "· layout  unknown: ");
  assert(/^w .*\?  +\?/m.test(await ask("w")));
  assert(/^w .* 36  +63 /m.test(await ask("w", "--layout", "hwio")));
  assert(!(await ask("w", "--layout", "torch")).includes("layout"));
});

inFolder("a long name widens no table", async (folder) => {
  const long = "n".repeat(30_000);
  const many = Array.from({ length: 300 }, (_, i) => [`t${i}`, tensor([i])]);
  const tensors = Object.fromEntries([[long, tensor([NaN])], ...many]);
  const { out } = await inspect(folder, { tensors });
  assert(out.includes("\nt299 "));
  for (const line of out.split("\n")) assert(line.length < 400, line);
  assertStringIncludes(out, `${"n".repeat(100)}`);
});

inFolder("control characters in names reach no output", async (folder) => {
  // deno-lint-ignore no-control-regex
  const raw = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028]/;
  const name = "w\u009b31m\x7f\u2028";
  const tensors = { [name]: tensor([1, 2]) };
  for (const args of [[], ["--json"]]) {
    const { out } = await inspect(folder, { args, tensors });
    assertEquals(raw.exec(out), null);
    if (args.length > 0) assertEquals(JSON.parse(out).tensors[0].name, name);
  }
});

inFolder("what makes no sense is a usage error", async (folder) => {
  const wrong: readonly [error: string, args: readonly string[]][] = [
    [
      'error: Cannot read --fail-on: it must be one of notFinite, huge, fresh, constant, dead, partlyFresh, outliers, duplicate, got "fresch"; did you mean fresh?',
      ["--fail-on", "fresch"],
    ],
    ["error: Cannot read --sigma: it must be above 0, got 0", ["--sigma", "0"]],
    [
      'error: Cannot read --sort: it must be one of name, dtype, shape, fanIn, fanOut, mean, std, min, max, zeroShare, elements, bytes, nonFinite, got "stds"; did you mean std?',
      ["--sort", "stds"],
    ],
    [
      'error: Cannot read --columns: it must be one of name, dtype, shape, fanIn, fanOut, mean, std, min, max, zeroShare, histogram, got ""',
      ["--columns", "std,"],
    ],
    ["error: Cannot inspect: one checkpoint must be named, got 2", [
      "other.safetensors",
    ]],
  ];
  for (const [expected, args] of wrong) {
    const { code, out, error } = await inspect(folder, { args });
    assertEquals([code, out, error.split("\n")[0]], [2, "", expected]);
  }
  const missing = await runCommand(["inspect", `${folder}/none.safetensors`]);
  assertEquals(missing.code, 2);
});

inFolder(
  "other formats are read, too, and progress is shown",
  async (folder) => {
    const path = `${folder}/model.npz`;
    await Deno.writeFile(
      path,
      await encodeNpz(tensorsOf(), { compress: true }),
    );
    const { code, error } = await runCommand(["inspect", path], {
      isTerminal: true,
    });
    assertEquals(code, 1);
    assertStringIncludes(error, " of 24.4 kB");
  },
);

inFolder("--plot writes a page that needs no network", async (folder) => {
  const page = `${folder}/page.html`;
  // The second one carries plotly.js, too, and takes the first one's place.
  await inspect(folder, { args: ["--plot", page] });
  const { code } = await inspect(folder, { args: ["--plot", page] });
  assertEquals(code, 1);
  assertEquals(namesIn(folder), ["model.safetensors", "page.html"]);
  const text = await Deno.readTextFile(page);
  assertStringIncludes(text, "<title>model.safetensors</title>");
  assertStringIncludes(text, "2 of 20 rows are all zero (first 1)");
  assertStringIncludes(text, "far.weight");
  // One figure of all, and six of tensors with findings.
  assertEquals(text.match(/role="figure"/g)?.length, 7);
  assertEquals(text.match(/data-fanin-library="[^"]*">\w/g)?.length, 1);
  assert(!/(src|href)="https?:/.test(text));
  assert(text.length < 3e6, String(text.length));
});

Deno.test("the heights of the small histogram sum to the counts", () => {
  const generator = new Generator(1);
  const sum = (numbers: readonly number[]) =>
    numbers.reduce((total, each) => total + each, 0);
  for (let seed = 0; seed < 200; seed++) {
    const ends = init.uniform(empty([2], { dtype: "float64" }), { generator });
    const [low, size] = ends.toArray() as number[];
    const width = 2 ** (seed % 9 - 8);
    const start = Math.floor((low - 0.5) / width) * width;
    const counts = Array.from({ length: 1 + seed % 64 }, (_, i) => i % 7 + 1);
    const end = start + width * (counts.length - 1);
    // The largest value is inside the last bin, or where it begins.
    const max = seed % 3 === 0 && counts.length > 1 ? end : end + size * width;
    const min = start + (counts.length > 1 ? size : size / 2) * width;
    if (!(min < max)) continue;
    const heights = resampled(
      { start, width, counts, below: 0, above: 0 },
      min,
      max,
    );
    assertEquals(heights.length, 16);
    assertAlmostEquals(sum(heights), sum(counts), 1e-9);
  }
  const { MAX_VALUE } = Number;
  const wide = { start: -MAX_VALUE, width: 2 ** 1023, below: 0, above: 0 };
  const heights = resampled(
    { ...wide, counts: [1, 2, 3, 4] },
    -MAX_VALUE,
    MAX_VALUE,
  );
  assertAlmostEquals(sum(heights), 10, 1e-9);
});

inFolder("a bar stands for the largest value", async (folder) => {
  const tensors = {
    clipped: tensor(Array.from({ length: 90 }, (_, i) => Math.min(i, 45) / 45)),
    signs: tensor([0.5, -0.5, 0.5, 0.5, 0.5, -0.5]),
    ends: tensor([1.7e308, -1.7e308, -1.7e308], { dtype: "float64" }),
  };
  const { out } = await inspect(folder, { tensors });
  const bars = (name: string) => {
    const row = out.split("\n").find((line) => line.startsWith(name))!;
    return row.slice(row.search(/[▁-█]/)).replace(/ {2}.*/s, "").trim();
  };
  assertEquals(bars("clipped"), "▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁█");
  for (const name of ["signs", "ends"]) {
    const row = out.split("\n").find((line) => line.startsWith(name))!;
    const found = row.match(/[▁▂▃▄▅▆▇█]/g)!;
    assertEquals(found.length, 2, row);
    assertEquals(found[name === "signs" ? 1 : 0], "█", row);
  }
});

inFolder("a page is written over no file of the checkpoint", async (folder) => {
  const [one, two] = ["model-00001-of-00002", "model-00002-of-00002"]
    .map((name) => `${folder}/${name}.safetensors`);
  const index = `${folder}/model.safetensors.index.json`;
  await Deno.writeFile(one, encodeSafetensors({ a: tensor([1, 2]) }));
  await Deno.writeFile(two, encodeSafetensors({ b: tensor([3, 5]) }));
  const places = {
    a: "model-00001-of-00002.safetensors",
    b: two.slice(folder.length + 1),
  };
  await Deno.writeTextFile(index, JSON.stringify({ weight_map: places }));
  const before = await filesIn(folder);
  for (const page of [one, index, `${folder}/page.htm`, `${folder}/html`]) {
    const { code, error } = await runCommand([
      "inspect",
      folder,
      "--plot",
      page,
    ]);
    assertEquals(code, 2);
    assertStringIncludes(error, "the page's name must end in .html");
  }
  assertEquals(await filesIn(folder), before);
  const page = `${folder}/page.html`;
  for (const file of [one, two, index]) {
    for (const link of [Deno.symlink, Deno.link]) {
      await link(file, page);
      const { code, error } = await runCommand([
        "inspect",
        folder,
        "--plot",
        page,
      ]);
      assertEquals(code, 2);
      assertStringIncludes(error, "must be no file that is read, got ");
      await Deno.remove(page);
    }
  }
  assertEquals(await filesIn(folder), before);
  // The first bytes tell what it is, so a checkpoint may have any name.
  await Deno.rename(one, page);
  const { code } = await runCommand(["inspect", page, "--plot", page]);
  assertEquals(code, 2);
  assertEquals((await filesIn(folder))["page.html"], before[places.a]);
});

inFolder(
  "inspect of PyTorch's file lists what is not read and what would be run",
  async (folder) => {
    const path = `${folder}/model.pt`;
    const meta = call(
      "torch._utils._rebuild_meta_tensor_no_storage",
      "ctorch\nfloat32\n",
      tuple("K\x03"),
      tuple("K\x01"),
      "\x89",
    );
    const file = torchZip(dict({
      w: torchTensor(),
      m: meta,
      x: call("os.system", text("true")),
    }));
    await Deno.writeFile(path, file);
    const { code, out } = await runCommand(["inspect", path]);
    assertEquals(code, 0);
    const lines = out.trimEnd().split("\n");
    assertEquals(lines.slice(-5), [
      "· not read  m: float32 [3]; the file has no bytes of it",
      "· note  holds os.system: never run",
      "· metadata  x.0: true",
      "",
      "1 tensor, 6 elements, 24 B · 0 findings that matter · 1 note · 1 tensor not read",
    ]);
    const json = await runCommand(["inspect", path, "--json"]);
    const { unread, notes } = JSON.parse(json.out);
    assertEquals(unread, [{
      name: "m",
      dtype: "float32",
      shape: [3],
      reason: "the file has no bytes of it",
    }]);
    assertEquals(notes, ["holds os.system: never run"]);
    const only = await runCommand(["inspect", path, "--only", "w"]);
    assertEquals(only.out.includes("not read"), false);
  },
);
