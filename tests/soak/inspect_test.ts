/**
 * A checkpoint larger than the memory that may be used.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { inFolder } from "../checkpoint/files/folder.ts";

const most = 300e6;

/** Names, dtypes and shapes: 3 GB together, of which the file holds none. */
const tensors = [
  ["wide.weight", "F32", [20_000, 20_000], 4],
  ["half.weight", "BF16", [30_000, 20_000], 2],
  ["long.bias", "F32", [50_000_000], 4],
] as const;

inFolder("a file of 3 GB is inspected within 300 MB", async (folder) => {
  if (Deno.build.os !== "linux") {
    console.log("NOT RUN: no /proc, which has a process's memory");
    return;
  }
  const path = `${folder}/sparse.safetensors`;
  const bytes = await writeSparse(path);
  const start = performance.now();
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-A",
      new URL("inspect_child.ts", import.meta.url).pathname,
      path,
    ],
    env: { NO_COLOR: "1" },
  }).output();
  const [seconds, text] = [
    (performance.now() - start) / 1000,
    new TextDecoder().decode(stdout),
  ];
  assertEquals(code, 0, new TextDecoder().decode(stderr));
  const { kilobytes, found } = JSON.parse(text);
  assertEquals(found, [
    ["constant", "wide.weight"],
    ["constant", "half.weight"],
    ["fresh", "long.bias"],
  ]);
  console.log(
    `${(kilobytes / 1000).toFixed(0)} MB of memory, ${
      (bytes / 1e6 / seconds).toFixed(0)
    } MB/s`,
  );
  assert(kilobytes * 1024 < most, `${kilobytes} kB`);
});

/** Writes the header, and a hole for the rest. */
async function writeSparse(path: string): Promise<number> {
  let end = 0;
  const header: Record<string, unknown> = {};
  for (const [name, dtype, shape, size] of tensors) {
    const sizes: readonly number[] = shape;
    const start = end;
    end += size * sizes.reduce((a, b) => a * b);
    header[name] = { dtype, shape, data_offsets: [start, end] };
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  const length = new BigUint64Array([BigInt(json.length)]);
  using file = await Deno.open(path, { write: true, create: true });
  await file.write(new Uint8Array(length.buffer));
  await file.write(json);
  await file.truncate(8 + json.length + end);
  return end;
}
