import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  bytesSource,
  decodeNpz,
  encodeNpy,
  encodeNpz,
  openNpz,
} from "../../../lib/checkpoint/mod.ts";
import { empty, type Tensor, tensor } from "../../../mod.ts";
import { bytesOf, readGolden } from "../../golden/golden.ts";
import { type GoldenTensor, npyFile, zeros } from "./files.ts";
import { zipFile } from "./torch_files.ts";

interface Case {
  readonly writer: string;
  readonly arrays: readonly GoldenTensor[];
  readonly file: string;
}

for (const row of await readGolden<Case>("npz.json")) {
  const file = Uint8Array.fromBase64(row.file);

  Deno.test(`reads what numpy.${row.writer} wrote`, async () => {
    const decoded = await decodeNpz(file);
    const opened = await openNpz(bytesSource(file));
    const names = row.arrays.map(({ name }) => name);
    assertEquals(Object.keys(decoded), names);
    assertEquals(Object.keys(opened.tensors), names);
    for (const { name, dtype, shape, data } of row.arrays) {
      const { dtype: kind, shape: sizes } = opened.tensors[name];
      assertEquals([kind, sizes], [dtype, shape]);
      for (const found of [decoded[name], await opened.read(name)]) {
        assertEquals([found.dtype, found.shape], [dtype, shape]);
        assertEquals(bytesOf(found).toHex(), data);
      }
    }
  });
}

const arrays: Record<string, Tensor> = {
  weight: tensor([[1, 2], [3, 4]]),
  "é/α": tensor([5n, 6n]),
  "": tensor(7, { dtype: "float16" }),
  none: empty([0, 3]),
  __proto__1: tensor([true]),
  zeros: empty([300_000]),
};

for (const compress of [false, true]) {
  Deno.test(`arrays go out and come back, compress: ${compress}`, async () => {
    const file = await encodeNpz(arrays, { compress });
    assertEquals(file.length < 1_000_000, compress);
    const found = await decodeNpz(file);
    assertEquals(Object.keys(found), Object.keys(arrays));
    for (const [name, array] of Object.entries(arrays)) {
      assert(found[name].equals(array), name);
    }
  });

  const python = "zip files of Python hold what encodeNpz wrote, compress: ";
  Deno.test({
    name: `${python}${compress}`,
    ignore: !await hasPython(),
    async fn() {
      const file = await encodeNpz(arrays, { compress });
      const path = await Deno.makeTempFile({ suffix: ".npz" });
      try {
        await Deno.writeFile(path, file);
        const found = await askPython(path);
        const expected = Object.entries(arrays).map(([name, array]) =>
          [`${name}.npy`, encodeNpy(array).toHex()] as const
        );
        assertEquals(found, Object.fromEntries(expected));
      } finally {
        await Deno.remove(path);
      }
    },
  });
}

/** As `numpy.savez` writes arrays that hold no numbers, beside one that does. */
function mixed(): Uint8Array {
  const header = (descr: string, shape: string) =>
    `{'descr': ${descr}, 'fortran_order': False, 'shape': ${shape}, }`;
  const record = "[('a', '<f4', (2,)), ('b]', [('c', '|O')])]";
  const files = {
    "README.txt": new TextEncoder().encode("by hand"),
    "labels.npy": npyFile(header("'<U2'", "(2,)"), 16),
    "weight.npy": encodeNpy(tensor([[1, 2], [3, 4]])),
    "layers/": new Uint8Array(0),
    "objects.npy": npyFile(header("'|O'", "(1,)"), 6),
    "records.npy": npyFile(header(record, "()"), 16),
    "days.npy": npyFile(header("'<M8[D]'", "(3, 1)"), 24),
    "last/b.npy": encodeNpy(tensor([5n])),
  };
  return zipFile(
    Object.entries(files).map(([name, bytes]) => ({ name, bytes })),
  );
}

Deno.test("what is no array of numbers is listed, and the rest is read", async () => {
  const file = mixed();
  const { tensors, unread, notes, read } = await openNpz(bytesSource(file));
  assertEquals(Object.keys(tensors), ["weight", "last/b"]);
  assertEquals((await read("weight")).toArray(), [[1, 2], [3, 4]]);
  assertEquals((await read("last/b", { end: 1 })).toArray(), [5]);
  assertEquals(unread, {
    labels: { dtype: "<U2", shape: [2], reason: "it holds texts" },
    objects: {
      dtype: "|O",
      shape: [1],
      reason: "it holds Python objects, which are never made",
    },
    records: {
      dtype: "[('a','<f4',(2,)),('b]',[('c','|O')])]",
      shape: [],
      reason: "it holds structures",
    },
    days: { dtype: "<M8[D]", shape: [3, 1], reason: "it holds dates" },
  });
  assertEquals(notes, [
    "holds README.txt, no array: not read",
    "holds layers/, no array: not read",
  ]);
  for (const range of [undefined, { end: 1 }]) {
    await assertRejects(
      () => read("labels", range),
      TypeError,
      "it holds texts, got <U2 [2]",
    );
  }
  const decoded = await decodeNpz(file);
  assertEquals(Object.keys(decoded), ["weight", "last/b"]);
  assertEquals(decoded.weight.toArray(), [[1, 2], [3, 4]]);
});

Deno.test("arrays of deflated zeros may be limited", async () => {
  const file = await encodeNpz({ a: empty([250]), b: empty([250]) }, {
    compress: true,
  });
  const bytes = 2 * (128 + 1000);
  const read = (maxBytes: number) => decodeNpz(file, { maxBytes });
  assertEquals(Object.keys(await read(bytes)), ["a", "b"]);
  await assertRejects(() => read(bytes - 1), SyntaxError, "maxBytes");
  const open = (maxBytes: number) => openNpz(bytesSource(file), { maxBytes });
  assertEquals(Object.keys((await open(bytes / 2)).tensors), ["a", "b"]);
  await assertRejects(() => open(bytes / 2 - 1), SyntaxError, "maxBytes");
  await assertRejects(() => read(-1), RangeError, "maxBytes");
  // What is stored takes no more than the file.
  const stored = await encodeNpz({ a: empty([250]) });
  assertEquals((await decodeNpz(stored, { maxBytes: 0 })).a.numel(), 250);
});

Deno.test("what cannot be written is refused", async () => {
  const x = tensor([1]);
  const encode = (tensors: unknown) => () =>
    encodeNpz(tensors as Record<string, Tensor>);
  await assertRejects(encode({ x: [1] }), TypeError, 'got "x": ');
  await assertRejects(
    encode({ "\ud800": x }),
    RangeError,
    "well-formed Unicode",
  );
  await assertRejects(
    encode({ ["x".repeat(65_536)]: x }),
    RangeError,
    "65535 bytes",
  );
  await assertRejects(
    encode({ x: zeros("float4_e2m1fn", [2]) }),
    TypeError,
    "float4_e2m1fn",
  );
  await assertRejects(
    () => encodeNpz({ x }, { deflate: true } as never),
    TypeError,
    "deflate",
  );
  await assertRejects(() => decodeNpz("" as never), TypeError, "Uint8Array");
});

async function hasPython(): Promise<boolean> {
  try {
    return (await new Deno.Command("python3", { args: ["--version"] }).output())
      .success;
  } catch {
    console.log("NOT RUN: no Python");
    return false;
  }
}

/** Returns the files of a zip file, in hexadecimal, as Python reads them. */
async function askPython(path: string): Promise<Record<string, string>> {
  const code = "import json, sys, zipfile\n" +
    "z = zipfile.ZipFile(sys.argv[1])\n" +
    "print(json.dumps({n: z.read(n).hex() for n in z.namelist()}))";
  const { success, stdout, stderr } = await new Deno.Command("python3", {
    args: ["-c", code, path],
  }).output();
  const text = new TextDecoder();
  if (!success) throw new Error(text.decode(stderr));
  return JSON.parse(text.decode(stdout));
}
