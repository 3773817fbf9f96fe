import { assert, assertEquals } from "@std/assert";
import {
  encodeNpy,
  encodeNpz,
  encodeSafetensors,
} from "../../lib/checkpoint/mod.ts";
import { writeSafetensors } from "../../lib/checkpoint/write.ts";
import { empty, type Tensor, tensor } from "../../mod.ts";
import { inFolder } from "../checkpoint/files/folder.ts";
import { npyFile, zeros } from "../checkpoint/formats/files.ts";
import { zipFile } from "../checkpoint/formats/torch_files.ts";
import { type FakeOptions, runCommand } from "./fake_terminal.ts";

/** Writes two files and compares them. */
async function compare(
  folder: string,
  a: Record<string, Tensor>,
  b: Record<string, Tensor>,
  { args = [], ...options }: FakeOptions & { args?: string[] } = {},
) {
  const paths = [`${folder}/a.safetensors`, `${folder}/b.safetensors`];
  await Deno.writeFile(paths[0], encodeSafetensors(a));
  await Deno.writeFile(paths[1], encodeSafetensors(b));
  return await runCommand(["compare", ...paths, ...args], options);
}

const half = { dtype: "bfloat16" } as const;

const before = {
  "encoder.layers.11.attention.self.query.weight": tensor([[1, 2], [3, 4]]),
  same: tensor([1, NaN, -0]),
  gone: tensor([1]),
  moved: tensor([[1, 2, 3]]),
  half: tensor([1, 2, 3], half),
  nan: tensor([1, 2, 3, 4]),
  count: tensor([1n, 2n]),
  opaque: zeros("F6_E2M3", [4]),
};

const after = {
  ...before,
  "encoder.layers.11.attention.self.query.weight": tensor([
    [1, 2 + 2 ** -22],
    [3, 5],
  ]),
  moved: tensor([[1], [2], [3]], { dtype: "float64" }),
  half: tensor([1, 2.015625, 3], half),
  nan: tensor([1, NaN, 3, 4]),
  count: tensor([1n, 5n]),
  opaque: zeros("F6_E2M3", [4]),
  fresh: tensor([1, 2]),
};
after.opaque.data[2] = 7;
delete (after as Partial<typeof after>).gone;

inFolder("equal checkpoints: exit code 0", async (folder) => {
  assertEquals(await compare(folder, before, before), {
    code: 0,
    out:
      `tensor                                         dtype     shape   differing
count                                          int64     [2]         equal
encoder.layers.11.attention.self.query.weight  float32   [2, 2]      equal
gone                                           float32   [1]         equal
moved                                          float32   [1, 3]      equal
nan                                            float32   [4]         equal
same                                           float32   [3]         equal
half                                           bfloat16  [3]         equal
opaque                                         F6_E2M3   [4]         equal

equal to the bit: 8 tensors, 24 elements
`,
    error: "",
  });
});

const different = {
  code: 1,
  out:
    `tensor                                         dtype     shape   differing   share  max |a − b|  max ulps  NaN
count                                          int64     [2]             1    50 %            3
encoder.layers.11.attention.self.query.weight  float32   [2, 2]          2    50 %            1   2.097e6
gone                                           float32   [1]     only in a
moved                                          float32   [1, 3]       in a
moved                                          float64   [3, 1]       in b
nan                                            float32   [4]             1    25 %                           1
same                                           float32   [3]         equal
half                                           bfloat16  [3]             1  33.3 %      0.01563         1
opaque                                         F6_E2M3   [4]             1    25 %
fresh                                          float32   [2]     only in b

6 of 9 tensors differ · 1 only in a · 1 only in b
`,
  error: "",
};

inFolder(
  "differences are listed tensor by tensor: exit code 1",
  async (folder) => {
    assertEquals(await compare(folder, before, after), different);
  },
);

inFolder(
  "on a terminal the table fits the width, and has colors",
  async (folder) => {
    for (const columns of [80, 120, 200]) {
      const { out } = await compare(folder, before, after, {
        isTerminal: true,
        columns,
      });
      const plain = out.replaceAll(/\p{Cc}\[\d+m/gu, "").trimEnd().split("\n");
      assert(plain.every((line) => line.length <= columns), plain.join("\n"));
      assertEquals(plain[0].includes("share"), columns >= 100);
      assertEquals(plain[1].includes("50 %"), columns >= 100);
      assert(
        plain[2].startsWith(
          columns === 80 ? "encoder" : "encoder.layers.11.attention",
        ),
      );
      const yellow = out.split("\n").filter((line) =>
        line.startsWith("\x1b[33m")
      );
      assertEquals(yellow.length, 9);
    }
  },
);

inFolder("--differing leaves out what is equal", async (folder) => {
  const args = ["--differing"];
  const { out, code } = await compare(folder, before, after, { args });
  const lines = different.out.split("\n");
  assertEquals([code, out], [
    1,
    lines.filter((line) => !/^same/.test(line)).join("\n"),
  ]);
  const none = await compare(folder, before, before, { args });
  assertEquals(none.out, "equal to the bit: 8 tensors, 24 elements\n");
});

inFolder("the same as JSON", async (folder) => {
  const args = ["--json"];
  const { out, code } = await compare(
    folder,
    { w: tensor([1, 2]), only: tensor(1) },
    { w: tensor([1, -Infinity]) },
    { args },
  );
  assertEquals([code, JSON.parse(out)], [1, {
    a: `${folder}/a.safetensors`,
    b: `${folder}/b.safetensors`,
    equal: false,
    tensors: [
      {
        name: "only",
        equal: false,
        a: { dtype: "float32", shape: [] },
        b: null,
        difference: null,
      },
      {
        name: "w",
        equal: false,
        a: { dtype: "float32", shape: [2] },
        b: { dtype: "float32", shape: [2] },
        difference: {
          elements: 2,
          differing: 1,
          oneNaN: 0,
          maxAbs: "Infinity",
          // −∞ is one below −(2 − 2^−23)·2^127, and 2 is 2^30 above 0.
          maxUlps: 0x7f800000 + 2 ** 30,
          place: 1,
        },
      },
    ],
  }]);
});

inFolder("checkpoints of different formats are compared", async (folder) => {
  const arrays = { w: tensor([[1, 2], [3, 4]]), b: tensor([5]) };
  const files: [string, Uint8Array][] = [
    ["one/model.safetensors", encodeSafetensors(arrays)],
    ["two/arrays.npz", await encodeNpz(arrays, { compress: true })],
    [
      "three/x.safetensors.index.json",
      new TextEncoder().encode(
        '{"weight_map": {"w": "1.safetensors", "b": "2.safetensors"}}',
      ),
    ],
    ["three/1.safetensors", encodeSafetensors({ w: arrays.w })],
    ["three/2.safetensors", encodeSafetensors({ b: arrays.b })],
    ["w.npy", encodeNpy(arrays.w)],
    ["w.npz", await encodeNpz({ arr_0: arrays.w })],
  ];
  for (const [name, bytes] of files) {
    const path = `${folder}/${name}`;
    await Deno.mkdir(path.replace(/[^/]*$/, ""), { recursive: true });
    await Deno.writeFile(path, bytes);
  }
  const pairs = [["one", "two"], ["two/arrays.npz", "three"], [
    "w.npy",
    "w.npz",
  ]];
  for (const [a, b] of pairs) {
    const { code, out } = await runCommand(
      ["compare", `${folder}/${a}`, `${folder}/${b}`],
    );
    assertEquals(code, 0, out);
  }
});

inFolder(
  "tensors of another shape or dtype alone are not alike",
  async (folder) => {
    const w = tensor([[1, 2]]);
    for (const other of [w.reshape([2, 1]), w.to("float64"), w.reshape([2])]) {
      const { code, out } = await compare(folder, { w }, { w: other });
      assertEquals([code, out.match(/in [ab]$/gm)], [1, ["in a", "in b"]]);
    }
  },
);

/** More than two parts of 4 MiB. */
const large = 2_200_000;

inFolder("large tensors are compared in parts", async (folder) => {
  const w = empty([large]);
  const other = empty([large]);
  other.data[large - 1] = -0;
  other.data[1_048_576] = 3;
  const { out } = await compare(folder, { w }, { w: other }, {
    args: ["--json"],
  });
  const [{ difference }] = JSON.parse(out).tensors;
  assertEquals([difference.elements, difference.differing], [large, 2]);
  assertEquals([difference.maxAbs, difference.place], [3, 1_048_576]);
});

inFolder(
  "progress is shown where people look, and taken away",
  async (folder) => {
    const w = empty([large]);
    const options = { showsStatus: true, columns: 80 };
    const { error, out } = await compare(folder, { w }, { w }, options);
    const [start, ...lines] = error.split("\r\x1b[K");
    assertEquals([start, lines.at(-1)], ["", ""]);
    const total = (4 * large / 1e6).toFixed(2);
    assert(/^ 47 % █+▌?░+ {2}4.19 MB of 8.80 MB/.test(lines[0]), lines[0]);
    assert(lines.some((line) => line.startsWith("100 %")));
    assert(lines[0].includes(total) && lines[0].endsWith("  w"), lines[0]);
    assert(lines.every((line) => line.length < 80));
    assert(!out.includes("%"));
  },
);

inFolder(
  "files without tensors, and tensors without elements",
  async (folder) => {
    assertEquals(
      (await compare(folder, {}, {})).out,
      "equal to the bit: 0 tensors, 0 elements\n",
    );
    const { code, out } = await compare(folder, { w: empty([0, 3]) }, {
      w: empty([0, 3]),
    });
    assertEquals([code, out.split("\n").at(-2)], [
      0,
      "equal to the bit: 1 tensor, 0 elements",
    ]);
  },
);

inFolder("what is not read is never equal", async (folder) => {
  const words = (text: string, shape = "(1,)") => ({
    name: "words.npy",
    bytes: npyFile(
      `{'descr': '<U1', 'fortran_order': False, 'shape': ${shape}, }`,
      new Uint8Array(Uint32Array.of(...text as Iterable<never>).buffer),
    ),
  });
  const w = { name: "w.npy", bytes: encodeNpy(tensor([1, 2])) };
  const files = {
    a: [w, words("1")],
    b: [w, words("2")],
    longer: [w, words("12", "(2,)")],
    without: [w],
    number: [w, { name: "words.npy", bytes: encodeNpy(tensor([1])) }],
  };
  for (const [name, entries] of Object.entries(files)) {
    await Deno.writeFile(`${folder}/${name}.npz`, zipFile(entries));
  }
  const rows = async (a: string, b: string) => {
    const paths = [a, b].map((name) => `${folder}/${name}.npz`);
    const { code, out } = await runCommand(["compare", ...paths]);
    return [code, ...out.trimEnd().replace(/ +/g, " ").split("\n").slice(2)];
  };
  for (const other of ["a", "b"]) {
    assertEquals(await rows("a", other), [
      1,
      "words <U1 [1] not read",
      "",
      "0 of 2 tensors differ · 1 not read",
    ]);
  }
  assertEquals((await rows("a", "longer")).slice(1, 3), [
    "words <U1 [1] in a, not read",
    "words <U1 [2] in b, not read",
  ]);
  assertEquals((await rows("without", "a")).slice(1), [
    "words <U1 [1] only in b, not read",
    "",
    "0 of 2 tensors differ · 1 only in b · 1 not read",
  ]);
  assertEquals((await rows("number", "a")).slice(1, 3), [
    "words float32 [1] in a",
    "words <U1 [1] in b, not read",
  ]);
  assertEquals((await rows("without", "without"))[0], 0);
});

inFolder("what is no checkpoint is refused", async (folder) => {
  const good = `${folder}/a.safetensors`;
  await writeSafetensors(good, [], () => []);
  await Deno.writeTextFile(`${folder}/bad.safetensors`, "hello, world");
  const refusals: [string[], string][] = [
    [[], "Cannot compare: two checkpoints must be named, got 0"],
    [[good], "Cannot compare: two checkpoints must be named, got 1"],
    [
      [good, good, good],
      "Cannot compare: two checkpoints must be named, got 3",
    ],
    [[good, good, "--exact"], "Unknown option --exact"],
    [
      [good, `${folder}/none.npy`],
      'Cannot open "FOLDER/none.npy": No such file or directory (os error 2)',
    ],
    [[good, `${folder}/bad.safetensors`], "Cannot open a safetensors file"],
    [
      [`${folder}/x\x1b.bin`, good],
      'Cannot open "FOLDER/x\\u001b.bin": No such file',
    ],
  ];
  for (const [args, message] of refusals) {
    const { code, out, error } = await runCommand(["compare", ...args]);
    assertEquals([code, out], [2, ""]);
    const line = error.replaceAll(folder, "FOLDER");
    assert(line.startsWith(`error: ${message}`), line);
  }
});

inFolder("a name from a file cannot write to the terminal", async (folder) => {
  const w = { "\x1b]0;title\x07\n": tensor([1]) };
  const { out } = await compare(folder, w, w, { isTerminal: true });
  assert(!out.includes("\x07") && !out.includes("\x1b]"), JSON.stringify(out));
});
