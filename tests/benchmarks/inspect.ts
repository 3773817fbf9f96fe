/**
 * `deno task bench:inspect`: how fast `inspect` reads a PyTorch file against a
 * safetensors file of the same values, and the most memory that each takes. The
 * files are made in a temporary folder and removed. Fails if the PyTorch file
 * takes more than 1.2 times as long, or either more than 200 MB.
 *
 * Options: `--gigabytes 3` of values, `--runs 3` of each by turns, `--folder` on
 * the disk in question.
 *
 * @module
 */

import { parseArgs } from "@std/cli/parse-args";
import { join } from "node:path";
import { numberBytes } from "../../lib/checkpoint/formats/zip.ts";
import { empty, Generator, init } from "../../mod.ts";
import { bytesIn, dict, tensor } from "../checkpoint/formats/torch_files.ts";
import { interleave } from "./interleave.ts";
import { middleOf, ratiosOf } from "./samples.ts";

/** What a run took. */
interface Cost {
  readonly seconds: number;
  readonly bytes: number;
}

const mostRatio = 1.2;
const mostBytes = 200e6;

/** A matrix of 48 MB, as layers of large models are. */
const shape = [3000, 4000] as const;
const each = 4 * shape[0] * shape[1];

/** The values of each tensor: trained ones, a different one each time. */
function* valuesOf(count: number): Iterable<Uint8Array> {
  const weight = init.normal(empty(shape), { generator: new Generator(0) });
  const values = weight.data as Float32Array<ArrayBuffer>;
  values.forEach((x, index) => values[index] = x * 0.999);
  for (let nth = 0; nth < count; nth++) {
    values[0] = 1 + nth / count;
    yield new Uint8Array(values.buffer);
  }
}

async function write(path: string, parts: Iterable<Uint8Array>): Promise<void> {
  using file = await Deno.open(path, { write: true, createNew: true });
  const writer = file.writable.getWriter();
  for (const part of parts) await writer.write(part);
  await writer.close();
}

function* safetensorsOf(count: number): Iterable<Uint8Array> {
  const header = new TextEncoder().encode(JSON.stringify(Object.fromEntries(
    Array.from({ length: count }, (_, nth) => [nameOf(nth), {
      dtype: "F32",
      shape,
      data_offsets: [nth * each, (nth + 1) * each],
    }]),
  )));
  yield numberBytes([[header.length, 8]]);
  yield header;
  yield* valuesOf(count);
}

/** As `torch.save` writes it without checksums. */
function* torchOf(count: number): Iterable<Uint8Array> {
  const [rows, columns] = shape;
  const pickle = bytesIn(dict(Object.fromEntries(
    Array.from({ length: count }, (_, nth) => [
      nameOf(nth),
      tensor({
        key: String(nth),
        length: rows * columns,
        shape,
        strides: [columns, 1],
      }),
    ]),
  )));
  const directory: Uint8Array[] = [];
  let offset = 0;
  function* entry(name: string, bytes: Uint8Array): Iterable<Uint8Array> {
    const path = new TextEncoder().encode(`a/${name}`);
    const fields = numberBytes([
      [20, 2],
      [0, 2],
      [0, 2],
      [0, 4],
      [0, 4], // the checksum
      [bytes.length, 4],
      [bytes.length, 4],
      [path.length, 2],
      [0, 2],
    ]);
    directory.push(
      numberBytes([[0x02014b50, 4], [20, 2]]),
      fields,
      numberBytes([[0, 8], [0, 2], [offset, 4]]),
      path,
    );
    yield numberBytes([[0x04034b50, 4]]);
    yield fields;
    yield path;
    yield bytes;
    offset += 4 + fields.length + path.length + bytes.length;
  }
  yield* entry("data.pkl", pickle);
  let nth = 0;
  for (const bytes of valuesOf(count)) yield* entry(`data/${nth++}`, bytes);
  const size = directory.reduce((sum, { length }) => sum + length, 0);
  yield* directory;
  yield numberBytes([
    [0x06054b50, 4],
    [0, 4],
    [count + 1, 2],
    [count + 1, 2],
    [size, 4],
    [offset, 4],
    [0, 2],
  ]);
}

function nameOf(nth: number): string {
  return `layers.${nth}.weight`;
}

/** Inspects a file in a process of its own. */
async function costOf(path: string): Promise<Cost> {
  const { stdout, success } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-A",
      "--no-check",
      join(import.meta.dirname!, "inspect_child.ts"),
      path,
    ],
    stderr: "inherit",
  }).output();
  if (!success) throw new Error(`Cannot inspect ${path}`);
  return JSON.parse(new TextDecoder().decode(stdout));
}

async function main(): Promise<boolean> {
  const { gigabytes, runs, folder } = parseArgs(Deno.args, {
    string: ["gigabytes", "runs", "folder"],
    default: { gigabytes: "3", runs: "3" },
  });
  const count = Math.round(Number(gigabytes) * 1e9 / each);
  const place = await Deno.makeTempDir({ dir: folder });
  try {
    const sides = { "a.pt": torchOf, "a.safetensors": safetensorsOf };
    const paths = Object.keys(sides).map((name) => join(place, name));
    for (const [index, parts] of Object.values(sides).entries()) {
      await write(paths[index], parts(count));
    }
    const peaks = paths.map(() => 0);
    const seconds = await interleave(
      paths.map((path, index) => ({
        async sample() {
          const cost = await costOf(path);
          peaks[index] = Math.max(peaks[index], cost.bytes);
          return cost.seconds;
        },
      })),
      Number(runs),
    );
    const ratio = middleOf(ratiosOf(seconds[1], seconds[0])).median;
    for (const [index, path] of paths.entries()) {
      const { median } = middleOf(seconds[index]);
      console.log(
        `${path.slice(place.length + 1)}: ${median.toFixed(1)} s, ${
          (count * each / median / 1e6).toFixed(0)
        } MB/s, ${(peaks[index] / 1e6).toFixed(0)} MB of memory`,
      );
    }
    console.log(`ratio of times: ${ratio.toFixed(2)}`);
    return ratio <= mostRatio && Math.max(...peaks) <= mostBytes;
  } finally {
    await Deno.remove(place, { recursive: true });
  }
}

if (import.meta.main) Deno.exit(await main() ? 0 : 1);
