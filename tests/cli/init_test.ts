import { assert, assertEquals } from "@std/assert";
import { fillFlags } from "../../lib/cli/init.ts";
import { decodeNpy, decodeSafetensors } from "../../lib/checkpoint/mod.ts";
import { Generator, init, tensor } from "../../mod.ts";
import { empty } from "../../lib/core/tensor.ts";
import { inFolder, namesIn } from "../checkpoint/files/folder.ts";
import { readGolden, sha256 } from "../golden/golden.ts";
import { type FakeOptions, runCommand } from "./fake_terminal.ts";

/** Files that PyTorch's initializers and Python's writers made. */
interface Case {
  readonly args: string;
  readonly seed: string;
  readonly dtype: string;
  /** SHA-256 of the whole file. */
  readonly safetensors: string;
  readonly npy?: string;
}

const cases = await readGolden<Case>("init_files.json");

for (const [args, rows] of Map.groupBy(cases, (row) => row.args)) {
  inFolder(
    `init ${args} writes the files that Python writes`,
    async (folder) => {
      for (const { seed, dtype, safetensors, npy } of rows) {
        for (const [extension, hash] of Object.entries({ safetensors, npy })) {
          if (hash === undefined) continue;
          const path = `${folder}/w.${extension}`;
          const { code, out, error } = await runCommand(
            [
              "init",
              ...args.split(" "),
              "--seed",
              seed,
              "--dtype",
              dtype,
              "-o",
              path,
            ],
          );
          assertEquals([code, error], [0, ""]);
          assert(out.startsWith(`${path}: `), out);
          assertEquals(await sha256(await Deno.readFile(path)), hash, path);
        }
      }
    },
  );
}

/** Initializers whose files no PyTorch writes to the bit, and how to call them. */
const withoutFiles: Readonly<Record<string, string>> = {
  orthogonal: "3 4 --gain 2",
  lecunUniform: "3 4",
  lecunNormal: "3 4",
  varianceScaling: "3 4 --scale 2 --mode fan_avg --distribution normal",
  deltaOrthogonal: "4 3 3 --gain 2",
  identity: "3 4 --gain 2",
  bilinear: "4 2 3 --groups 2",
};

Deno.test("each initializer has golden files, or draws from the seed as in init", async () => {
  const names = cases.map(({ args }) => args.split(" ")[0])
    .map((name) =>
      name.replace(/_$/, "").replaceAll(/_(.)/g, (_, x) => x.toUpperCase())
    );
  assertEquals(
    [...new Set([...names, ...Object.keys(withoutFiles)])].sort(),
    Object.keys(init.initializers).sort(),
  );
  const options: Readonly<Record<string, object>> = {
    orthogonal: { gain: 2 },
    deltaOrthogonal: { gain: 2 },
    identity: { gain: 2 },
    bilinear: { groups: 2 },
    varianceScaling: { scale: 2, mode: "fan_avg", distribution: "normal" },
  };
  for (const [name, args] of Object.entries(withoutFiles)) {
    const { random } = init.initializers[name];
    const generator = random ? { generator: new Generator(5) } : {};
    const given = { ...options[name], ...generator };
    const shape = args.split(" --")[0].split(" ").map(Number);
    const expected = init.initializers[name](empty(shape), given);
    const { out } = await runCommand(
      `init ${name} ${args} --seed 5`.split(" "),
    );
    assert(out.startsWith(`${expected}\n`), out);
  }
});

Deno.test("without a file, init prints the tensor as PyTorch does", async () => {
  const { code, out, error } = await runCommand(
    "init normal 3 --seed 0".split(" "),
  );
  assertEquals({ code, out, error }, {
    code: 0,
    out: `tensor([ 1.5410, -0.2934, -2.1788])
normal float32 [3], seed 0 · std 1.86 of 1
`,
    error: "",
  });
});

Deno.test("the facts of init are on one line where there is room", async () => {
  const args = "init kaiming_uniform 3 6 --seed 0".split(" ");
  const last = async (options: FakeOptions) =>
    (await runCommand(args, options)).out.trim().split("\n").slice(3);
  const [start, end] = [
    "kaimingUniform float32 [3, 6], seed 0 · fan in 6, fan out 3 · bound 1",
    "std 0.5113 of 0.5774",
  ];
  assertEquals(await last({}), [`${start} · ${end}`]);
  const isTerminal = true;
  const plain = { isTerminal, columns: 100, colors: false };
  assertEquals(await last(plain), [`${start} · ${end}`]);
  assertEquals(await last({ isTerminal }), [
    `\x1b[2m${start}\x1b[22m`,
    `\x1b[2m${end}\x1b[22m`,
  ]);
});

Deno.test("the facts of init as JSON", async () => {
  const { out } = await runCommand(
    "init trunc_normal 2 3 --std 0.5 --b 1 --a=-1 --seed -1 --json".split(" "),
  );
  const generator = new Generator(-1n);
  const options = { std: 0.5, low: -1, high: 1, generator };
  const w = init.truncNormal(empty([2, 3]), options);
  const values = [...w.data];
  const mean = values.reduce((a, b) => a + b) / 6;
  const facts = JSON.parse(out);
  const { expected, measured, sha256: hash, ...others } = facts;
  assertEquals(others, {
    initializer: "truncNormal",
    options: { mean: 0, std: 0.5, low: -1, high: 1 },
    seed: "18446744073709551615",
    dtype: "float32",
    shape: [2, 3],
    elements: 6,
    fanIn: 3,
    fanOut: 2,
  });
  assert(Math.abs(expected.std - 0.5 * 0.8796) < 1e-4 && expected.mean === 0);
  assert(Math.abs(measured.mean - mean) < 1e-12);
  assertEquals([measured.min, measured.max], [
    Math.min(...values),
    Math.max(...values),
  ]);
  const bytes = new Uint8Array(w.data.buffer as ArrayBuffer);
  assertEquals(hash, await sha256(bytes));
});

Deno.test("what a tensor does not have is null, and NaN is a text", async () => {
  const facts = async (args: string) =>
    JSON.parse((await runCommand(`init ${args} --json`.split(" "))).out);
  const one = await facts("ones 1");
  assertEquals([one.fanIn, one.expected.std], [null, 0]);
  assertEquals([one.measured.mean, one.measured.std], [1, "NaN"]);
  const eye = await facts("eye 2 2");
  assertEquals([eye.expected.std, eye.options, eye.fanIn], [0.5, {}, 2]);
  const empty = await facts("kaiming_normal 0 3");
  assertEquals([empty.expected, empty.options], [null, {}]);
  const { expected } = await facts("uniform 4");
  assertEquals(expected, { mean: 0.5, std: 1 / Math.sqrt(12), bound: 0.5 });
});

Deno.test("without a seed one is drawn, and told", async () => {
  const run = async (...more: string[]) =>
    JSON.parse(
      (await runCommand(["init", "normal", "9", "--json", ...more])).out,
    );
  const [first, second] = [await run(), await run()];
  assert(first.seed !== second.seed && first.sha256 !== second.sha256);
  assertEquals(await run("--seed", first.seed), first);
});

/** Each with the start of its message. */
const refusals: [string, string][] = [
  ["", "Cannot fill a tensor: an initializer must be named"],
  ["xaver 3 3", "Cannot fill a tensor: init must be one of uniform,"],
  ["normal", "Cannot read a shape"],
  [
    "normal 3 --gain 2",
    "Cannot fill with init.normal: options must be among --mean, --std, got --gain",
  ],
  [
    "ones 3 --val 2",
    "Cannot fill with init.ones: options must be empty, got --val",
  ],
  [
    "xavier_normal 3 3 --a 1",
    "Cannot fill with init.xavierNormal: options must be among --gain, got --a",
  ],
  [
    "uniform 3 --a 1 --low 2",
    "Cannot read --a: it must come once, got it by two names",
  ],
  [
    "normal 3 --std x",
    'Cannot read --std: it must be a number, got "x"',
  ],
  [
    "normal 3 --std=-1",
    "Cannot fill with init.normal: std must be at least 0",
  ],
  ["normal 3 --std nan", "Cannot fill with init.normal: std must be finite"],
  ["kaiming_normal 3", "Cannot fill with init.kaimingNormal: the rank"],
  [
    "kaiming_normal 3 3 --mode fan",
    "Cannot fill with init.kaimingNormal: mode",
  ],
  [
    "kaiming_normal 3 3 --nonlinearity gelu",
    "Cannot fill with init.kaimingNormal: nonlinearity",
  ],
  ["constant 3", "Cannot fill with init.constant: value must be a number"],
  ["sparse 3 3 --sparsity 2", "Cannot fill with init.sparse: sparsity"],
  ["orthogonal 3 3 --dtype float16", "Cannot fill with init.orthogonal"],
  [
    "normal 3 --dtype int8",
    "Cannot read --dtype: it must be one of float32,",
  ],
  [
    "kaiming_normal 3 3 --gain 2 --a 1",
    "Cannot fill with init.kaimingNormal: negativeSlope must be left out",
  ],
  ["lecun_normal 3 3 --axes in=0", "Unknown option --axes"],
  ["normal 3 --sdt 1", "Unknown option --sdt; did you mean --std?"],
  ["normal 3 --seed 1.5", "Cannot read --seed: it must be a whole number"],
  [
    "normal 3 --seed 18446744073709551616",
    "Cannot seed a generator: the seed must be in",
  ],
  [
    "normal 3 --name w",
    "Cannot name the tensor: --name must come with --out FILE.safetensors",
  ],
];

inFolder(
  "init refuses what makes no sense, and writes nothing",
  async (folder) => {
    const path = `${folder}/w.safetensors`;
    for (const old of [false, true]) {
      if (old) await Deno.writeTextFile(path, "old");
      for (const [args, message] of refusals) {
        const to = args.includes("--name") ? [] : ["-o", path];
        const given = args.split(" ").filter((arg) => arg !== "");
        const { code, out, error } = await runCommand([
          "init",
          ...given,
          ...to,
        ]);
        assertEquals([code, out], [2, ""], args);
        assert(error.startsWith(`error: ${message}`), error);
      }
      assertEquals(namesIn(folder), old ? ["w.safetensors"] : []);
    }
    assertEquals(await Deno.readTextFile(path), "old");
  },
);

inFolder("init refuses files that it cannot write", async (folder) => {
  await Deno.mkdir(`${folder}/d.npy`);
  await Deno.writeTextFile(`${folder}/file`, "");
  const paths: [string, string, string?][] = [
    [
      "w.bin",
      'its name must end in .safetensors or .npy, got "w.bin"',
    ],
    ["w", 'its name must end in .safetensors or .npy, got "w"'],
    ["d.npy", "it must be a file's path, got a folder's"],
    ["none/w.npy", ": No such file or directory (os error 2)"],
    ["file/w.npy", ": Not a directory (os error 20)"],
    [
      "w.npy",
      "npy files must have a dtype of NumPy, got bfloat16",
      "bfloat16",
    ],
  ];
  for (const [name, message, dtype = "float32"] of paths) {
    const path = `${folder}/${name}`;
    const { code, out, error } = await runCommand(
      ["init", "normal", "3", "--dtype", dtype, "-o", path],
    );
    assertEquals([code, out], [2, ""]);
    const [line] = error.split("\n");
    const separator = message.startsWith(":") ? "" : ": ";
    assertEquals(
      line,
      `error: Cannot write ${JSON.stringify(path)}${separator}${message}`,
    );
  }
  assertEquals(namesIn(folder), ["d.npy", "file"]);
});

inFolder(
  "init replaces a file that is there, and names the tensor",
  async (folder) => {
    const path = `${folder}/w.safetensors`;
    await Deno.writeTextFile(path, "old");
    const args = ["init", "constant", "2", "--val", "3", "-o", path];
    const named = await runCommand([...args, "--name", "fc.weight", "--json"]);
    assertEquals(JSON.parse(named.out).out, path);
    const { tensors, metadata } = decodeSafetensors(await Deno.readFile(path));
    assertEquals(Object.keys(tensors), ["fc.weight"]);
    assertEquals([tensors["fc.weight"].toArray(), metadata], [[3, 3], {}]);
    const { out } = await runCommand(args.with(-1, `${folder}/w.npy`));
    assert(out.startsWith(`${folder}/w.npy: 8 B of values\n`), out);
    const array = decodeNpy(await Deno.readFile(`${folder}/w.npy`));
    assert(array.equals(tensor([3, 3])));
    assertEquals(namesIn(folder), ["w.npy", "w.safetensors"]);
  },
);

Deno.test("each option of an initializer is in the help", async () => {
  const { out } = await runCommand(["init", "--help"]);
  for (const option of fillFlags) assert(out.includes(`--${option}`), option);
  for (const name of Object.keys(init.initializers)) {
    const torch = name.replaceAll(/[A-Z]/g, (x) => `_${x.toLowerCase()}`);
    assert(new RegExp(`^  ([\\w, ]*, )?${torch}\\b`, "m").test(out), torch);
  }
});
