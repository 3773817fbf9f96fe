import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  encodeSafetensors,
  openSafetensors,
} from "../../../lib/checkpoint/mod.ts";
import { openFile } from "../../../lib/checkpoint/open.ts";
import {
  removePartials,
  writeAtomically,
  writeSafetensors,
} from "../../../lib/checkpoint/write.ts";
import { empty, manualSeed, nn, tensor } from "../../../mod.ts";
import { inFolder, namesIn, openFilesIn, tellsOpenFiles } from "./folder.ts";
import { canMount, runMounted } from "./mount.ts";

function bytesIn(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

inFolder("a file is read by range, by many at once", async (folder) => {
  const path = `${folder}/a`;
  const bytes = Uint8Array.from({ length: 100_000 }, (_, i) => i % 251);
  await Deno.writeFile(path, bytes);
  using file = await openFile(path);
  assertEquals(file.size, 100_000);
  const starts = Array.from({ length: 50 }, (_, i) => 99_000 - 1_900 * i);
  const parts = await Promise.all(starts.map((at) => file.read(at, 1000)));
  parts.forEach((part, i) =>
    assertEquals(part, bytes.slice(starts[i], starts[i] + 1000))
  );
  assertEquals(await file.read(99_999, 5), bytes.slice(99_999));
});

inFolder("a model goes to a file and comes back", async (folder) => {
  manualSeed(0);
  const state = new nn.Linear(3, 2).stateDict();
  const path = `${folder}/model.safetensors`;
  await writeAtomically(
    path,
    (file) => file.write(0, encodeSafetensors(state)),
  );
  using file = await openFile(path);
  const { read } = await openSafetensors(file);
  assert((await read("weight")).equals(state.weight));
  assertEquals(namesIn(folder), ["model.safetensors"]);
});

inFolder("a file that is cut after opening is refused", async (folder) => {
  const path = `${folder}/a.safetensors`;
  await Deno.writeFile(path, encodeSafetensors({ x: tensor([1, 2]) }));
  using file = await openFile(path);
  const { read } = await openSafetensors(file);
  await Deno.truncate(path, 70);
  await assertRejects(() => read("x"), SyntaxError, "must give 8 bytes");
});

inFolder("what is no file is not opened", async (folder) => {
  await assertRejects(
    () => openFile(`${folder}/none`),
    Deno.errors.NotFound,
    `Cannot read "${folder}/none"`,
  );
  await assertRejects(() => openFile(folder), TypeError, "a folder");
  await assertRejects(() => openFile("/dev/null"), TypeError, "a device");
});

inFolder("errors of the system have its code", async (folder) => {
  const error = await assertRejects(() => openFile(`${folder}/none`), Error);
  assertEquals("code" in error && error.code, "ENOENT");
});

inFolder("a closed file is not read, a running read ends", async (folder) => {
  const path = `${folder}/a`;
  await Deno.writeTextFile(path, "weights");
  const file = await openFile(path);
  const running = file.read(0, 7);
  file.close();
  file.close();
  await assertRejects(
    async () => await file.read(0, 7),
    TypeError,
    "must be open",
  );
  assertEquals(await running, bytesIn("weights"));
  assertEquals(openFilesIn(folder), 0);
});

inFolder("where there are no files, the error says so", async (folder) => {
  const { process } = globalThis as { process?: unknown };
  Object.assign(globalThis, { process: undefined });
  const refused = [() => openFile("a"), () => writeAtomically("a", fail)];
  try {
    for (const act of refused) {
      await assertRejects(act, TypeError, "as Deno, Node and Bun have");
    }
  } finally {
    Object.assign(globalThis, { process });
  }
  assertEquals(namesIn(folder), []);

  function fail(): never {
    throw new Error("must not be called");
  }
});

inFolder(
  "a failed write leaves the old file, and no temporary one",
  async (folder) => {
    const path = `${folder}/a`;
    const fail = () =>
      writeAtomically(path, async (file) => {
        await file.write(0, bytesIn("new"));
        throw new RangeError("no more");
      });
    await assertRejects(fail, RangeError, "no more");
    assertEquals(namesIn(folder), []);
    await Deno.writeTextFile(path, "old");
    await assertRejects(fail, RangeError, "no more");
    assertEquals(namesIn(folder), ["a"]);
    assertEquals(await Deno.readTextFile(path), "old");
  },
);

inFolder("a large file is put on the disk as it is written", async (folder) => {
  const path = `${folder}/a`;
  const size = 2 ** 26;
  const part = new Uint8Array(size).fill(3);
  let meanwhile = NaN;
  await writeAtomically(path, async (file) => {
    for (let i = 0; i < 6; i++) await file.write(i * size, part);
    meanwhile = openFilesIn(folder);
  });
  // The file, and a second way into it, which Deno may double.
  assert(!tellsOpenFiles || meanwhile >= 2, `${meanwhile}`);
  assertEquals(openFilesIn(folder), 0);
  const { size: written } = await Deno.stat(path);
  assertEquals(written, 6 * size);
  using file = await openFile(path);
  assertEquals(await file.read(written - 3, 5), new Uint8Array([3, 3, 3]));
});

inFolder("the old file is there until the new one is whole", async (folder) => {
  const path = `${folder}/a`;
  await Deno.writeTextFile(path, "old");
  await writeAtomically(path, async (file) => {
    await file.write(0, bytesIn("new"));
    assertEquals(await Deno.readTextFile(path), "old");
    const [beside] = namesIn(folder).filter((name) => name !== "a");
    assert(/^\.a\..*\.partial$/.test(beside), beside);
  });
  assertEquals(await Deno.readTextFile(path), "new");
  assertEquals(namesIn(folder), ["a"]);
});

inFolder("a process that is killed leaves the old file", async (folder) => {
  const path = `${folder}/a`;
  await Deno.writeTextFile(path, "old");
  const atomic = import.meta.resolve("../../../lib/checkpoint/write.ts");
  const code = `import { writeAtomically } from ${JSON.stringify(atomic)};
    await writeAtomically(${JSON.stringify(path)}, async (file) => {
      await file.write(0, new Uint8Array(3));
      Deno.kill(Deno.pid, "SIGKILL");
      await new Promise(() => setInterval(() => {}, 1000));
    });`;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["eval", code],
  });
  const { signal } = await child.output();
  assertEquals(signal, "SIGKILL");
  assertEquals(await Deno.readTextFile(path), "old");
  assertEquals(namesIn(folder).length, 2);
  await writeAtomically(path, (file) => file.write(0, bytesIn("new")));
  assertEquals(await Deno.readTextFile(path), "new");
});

inFolder("what is no path of a file is not written", async (folder) => {
  const none = () => {
    throw new Error("must not be called");
  };
  await Deno.mkdir(`${folder}/b`);
  for (const path of [`${folder}/b`, `${folder}/c/`, ""]) {
    await assertRejects(
      () => writeAtomically(path, none),
      TypeError,
      "a folder's",
    );
  }
  await assertRejects(
    () => writeAtomically(`${folder}/none/a`, none),
    Deno.errors.NotFound,
    `Cannot write "${folder}/none/a"`,
  );
  await Deno.writeTextFile(`${folder}/file`, "");
  await assertRejects(
    () => writeAtomically(`${folder}/file/a`, none),
    Error,
    `Cannot write "${folder}/file/a"`,
  );
  assertEquals(namesIn(folder), ["b", "file"]);
});

const isPosix = Deno.build.os !== "windows";
if (!isPosix) console.log("NOT RUN: modes, links and pipes, on Windows");

function onPosix(name: string, test: (folder: string) => Promise<void>): void {
  if (isPosix) inFolder(name, test);
}

onPosix("a file that is replaced keeps its mode", async (folder) => {
  const path = `${folder}/a`;
  for (const mode of [0o600, 0o640, 0o755, 0o444]) {
    await Deno.writeTextFile(path, "old");
    await Deno.chmod(path, mode);
    await writeAtomically(path, async (file) => {
      await file.write(0, bytesIn("new"));
      const [partial] = namesIn(folder).filter((name) => name !== "a");
      const { mode: meanwhile } = await Deno.stat(`${folder}/${partial}`);
      assertEquals(meanwhile! & 0o777, 0o600);
    });
    assertEquals((await Deno.stat(path)).mode! & 0o777, mode);
    assertEquals(await Deno.readTextFile(path), "new");
    await Deno.remove(path);
  }
  const umask = Deno.umask();
  await writeAtomically(path, (file) => file.write(0, bytesIn("new")));
  assertEquals((await Deno.stat(path)).mode! & 0o777, 0o666 & ~umask);
});

onPosix(
  "a link stays, and the file that it leads to is written",
  async (folder) => {
    await Deno.mkdir(`${folder}/b`);
    const write = (path: string) =>
      writeAtomically(path, async (file) => {
        await file.write(0, bytesIn("new"));
        assert(
          namesIn(`${folder}/b`).some((name) => name.endsWith(".partial")),
        );
      });
    const links = [
      ["to-file", `${folder}/b/file`, "file"],
      ["to-link", "to-file", "file"],
      ["to-none", "b/none", "none"],
      ["to-dangling", "to-other", "other"],
    ] as const;
    await Deno.symlink(`${folder}/b/other`, `${folder}/to-other`);
    await Deno.writeTextFile(`${folder}/b/file`, "old");
    for (const [link, to, file] of links) {
      await Deno.symlink(to, `${folder}/${link}`);
      await write(`${folder}/${link}`);
      assert((await Deno.lstat(`${folder}/${link}`)).isSymlink);
      assert((await Deno.lstat(`${folder}/b/${file}`)).isFile);
      assertEquals(await Deno.readTextFile(`${folder}/b/${file}`), "new");
      await Deno.remove(`${folder}/b/${file}`);
    }
    const left = `.file.${crypto.randomUUID()}.partial`;
    await Deno.writeTextFile(`${folder}/b/${left}`, "half");
    await removePartials(`${folder}/to-link`);
    assertEquals(namesIn(`${folder}/b`), []);
  },
);

onPosix("links in a circle are not written", async (folder) => {
  await Deno.symlink("b", `${folder}/a`);
  await Deno.symlink("a", `${folder}/b`);
  await assertRejects(
    () => writeAtomically(`${folder}/a`, () => Promise.resolve()),
    Error,
    `Cannot write "${folder}/a": `,
  );
  assertEquals(namesIn(folder), ["a", "b"]);
});

onPosix("devices, pipes and sockets are not replaced", async (folder) => {
  const none = () => {
    throw new Error("must not be called");
  };
  await new Deno.Command("mkfifo", { args: [`${folder}/pipe`] }).output();
  using _socket = Deno.listen({ transport: "unix", path: `${folder}/socket` });
  await Deno.symlink("/dev/null", `${folder}/to-device`);
  await Deno.symlink("pipe", `${folder}/to-pipe`);
  const names = namesIn(folder);
  assertEquals(names.length, 4);
  for (
    const path of [
      "/dev/null",
      ...names.map((name) => `${folder}/${name}`),
    ]
  ) {
    await assertRejects(
      () => writeAtomically(path, none),
      TypeError,
      "it must be a file's path, got that of a device, pipe or socket",
    );
  }
  assertEquals(namesIn(folder), names);
});

inFolder("a signal aborts, and leaves the old file", async (folder) => {
  const path = `${folder}/a`;
  await Deno.writeTextFile(path, "old");
  const spec = [{ name: "x", dtype: "float32", shape: [10] }] as const;
  for (const [last, most] of [[0, 0], [3, 5], [10, 10]]) {
    const controller = new AbortController();
    const { signal } = controller;
    let made = 0;
    const parts = function* () {
      for (; made < 10; made++) {
        if (made === last) controller.abort("enough");
        yield tensor([made]);
      }
      controller.abort("enough");
    };
    if (last === 0) controller.abort("enough");
    const reason = await writeSafetensors(path, spec, parts, { signal })
      .catch((reason) => reason);
    assertEquals(reason, "enough");
    assert(made <= most, `${made} parts were made`);
    assertEquals(namesIn(folder), ["a"]);
    assertEquals(await Deno.readTextFile(path), "old");
  }
});

inFolder("writers of one file leave one of them whole", async (folder) => {
  const path = `${folder}/a`;
  const writers = Array.from(
    { length: 8 },
    (_, i) =>
      writeAtomically(path, async (file) => {
        for (let at = 0; at < 20; at++) {
          await file.write(1000 * at, new Uint8Array(1000).fill(i));
        }
      }),
  );
  await Promise.all(writers);
  assertEquals(namesIn(folder), ["a"]);
  const bytes = await Deno.readFile(path);
  assertEquals(bytes, new Uint8Array(20_000).fill(bytes[0]));
});

inFolder("a temporary file that another removes is said so", async (folder) => {
  const path = `${folder}/a`;
  await assertRejects(
    () =>
      writeAtomically(path, async (file) => {
        await file.write(0, bytesIn("first"));
        await removePartials(path);
        await writeAtomically(path, (file) => file.write(0, bytesIn("other")));
      }),
    Error,
    "another process that writes the same file removed it",
  );
  assertEquals(namesIn(folder), ["a"]);
  assertEquals(await Deno.readTextFile(path), "other");
});

/** Writes 200 kB in small pieces. */
const pieces = `writeAtomically(path, async (file) => {
  for (let i = 0; i < 200; i++) await file.write(1000 * i, new Uint8Array(1000));
})`;

/** Writes 200 kB as the one part of a tensor. */
const tensor200 = `writeSafetensors(
  path,
  [{ name: "x", dtype: "uint8", shape: [200000] }],
  ({ shape, dtype }) => [empty(shape, { dtype })],
)`;

/** Writes where an old file is; returns the error and what is there. */
async function writeMounted(
  folder: string,
  mount: string,
  write = pieces,
): Promise<Record<string, unknown>> {
  const from = (file: string) =>
    JSON.stringify(import.meta.resolve(`../../../lib/${file}.ts`));
  const code = `
    import { writeAtomically, writeSafetensors } from ${
    from("checkpoint/write")
  };
    import { empty } from ${from("core/tensor")};
    const path = ${JSON.stringify(`${folder}/a`)};
    const error = await ${write}.catch((error) => error);
    const names = [...Deno.readDirSync(${
    JSON.stringify(folder)
  })].map(({ name }) => name);
    const old = await Deno.readTextFile(path);
    console.log(JSON.stringify({ message: error?.message, names, old }));`;
  const { out, error } = await runMounted(mount, ["eval", code]);
  if (out === "") throw new Error(error);
  return JSON.parse(out);
}

for (const write of [pieces, tensor200]) {
  Deno.test({
    name: `a full disk is said so by ${
      write.slice(0, write.indexOf("("))
    }, and the old file stays`,
    ignore: !canMount,
    async fn() {
      const folder = await Deno.makeTempDir();
      const { message, names, old } = await writeMounted(
        folder,
        `mount -t tmpfs -o size=64k none ${folder}; printf old > ${folder}/a`,
        write,
      );
      assertEquals(
        String(message).replace(folder, "FOLDER"),
        'Cannot write "FOLDER/a": No space left on device (os error 28)',
      );
      assertEquals([names, old], [["a"], "old"]);
      await Deno.remove(folder);
    },
  });
}

Deno.test({
  name: "a read-only folder is said so, and the old file stays",
  ignore: !canMount,
  async fn() {
    const folder = await Deno.makeTempDir();
    const { message, names, old } = await writeMounted(
      folder,
      `mount -t tmpfs none ${folder}; printf old > ${folder}/a; mount -o remount,ro ${folder}`,
    );
    assert(
      String(message).startsWith(`Cannot write "${folder}/a": Read-only file`),
      String(message),
    );
    assertEquals([names, old], [["a"], "old"]);
    await Deno.remove(folder);
  },
});

const specs = [
  { name: "b", dtype: "uint8", shape: [3] },
  { name: "a", dtype: "float32", shape: [2, 2] },
  { name: "none", dtype: "float32", shape: [0] },
  { name: "c", dtype: "float64", shape: [] },
] as const;

const made = {
  b: tensor([1, 2, 3], { dtype: "uint8" }),
  a: tensor([[1, 2], [3, 4]]),
  none: empty([0]),
  c: tensor(5, { dtype: "float64" }),
};

inFolder(
  "a streamed file has the bytes of one made in memory",
  async (folder) => {
    const path = `${folder}/a`;
    const metadata = { format: "pt" };
    const order: string[] = [];
    await writeSafetensors(path, specs, ({ name }, index) => {
      assertEquals(specs[index].name, name);
      order.push(name);
      return made[name as keyof typeof made];
    }, { metadata });
    assertEquals(order, ["b", "a", "none", "c"]);
    assertEquals(
      await Deno.readFile(path),
      encodeSafetensors(made, { metadata }),
    );
  },
);

inFolder("a tensor may come in parts", async (folder) => {
  const path = `${folder}/a`;
  await writeSafetensors(path, specs, async function ({ name }) {
    await Promise.resolve();
    const whole = made[name as keyof typeof made];
    if (name === "b") return [whole.at(0), whole.at(1), whole.at(2)];
    return (async function* () {
      yield* whole.shape.length === 0 ? [whole] : [];
      for (let i = 0; i < (whole.shape[0] ?? 0); i++) yield await whole.at(i);
    })();
  });
  assertEquals(await Deno.readFile(path), encodeSafetensors(made));
});

inFolder("what is not as its spec says leaves no file", async (folder) => {
  const path = `${folder}/a`;
  const spec = [{ name: "x", dtype: "float32", shape: [2] }] as const;
  const refusals: [unknown, typeof RangeError | typeof TypeError, string][] = [
    [tensor([1]), RangeError, "float32 [2]"],
    [tensor([[1, 2]]), RangeError, "float32 [1, 2]"],
    [tensor([1, 2], { dtype: "float64" }), RangeError, "float64 [2]"],
    [tensor([1, 2], { dtype: "int32" }), RangeError, "int32 [2]"],
    [[tensor([1])], RangeError, "8 bytes, got 4"],
    [[tensor([1, 2]), tensor([3])], RangeError, "after 8 of 8 bytes"],
    [[tensor([1]), 2], TypeError, "a part of tensor"],
    [undefined, TypeError, "must be a Tensor"],
    [new Float32Array(2), TypeError, "a part of tensor"],
  ];
  for (const [value, Class, message] of refusals) {
    await assertRejects(
      () => writeSafetensors(path, spec, () => value as never),
      Class,
      message,
    );
    assertEquals(namesIn(folder), []);
  }
  let calls = 0;
  const count = () => {
    calls++;
    return tensor([1, 2]);
  };
  await assertRejects(
    () => writeSafetensors(path, [...spec, ...spec], count),
    RangeError,
    "come once",
  );
  assertEquals(calls, 0);
});
