import { assert, assertEquals } from "@std/assert";

/** Bytes of each file, nearly all of them a hole. */
const size = 3e9;

/** Bytes of memory that comparing them may take. */
const most = 300e6;

Deno.test("two checkpoints of 3 GB are compared within 300 MB", async () => {
  const folder = await Deno.makeTempDir();
  const paths = [`${folder}/a.safetensors`, `${folder}/b.safetensors`];
  try {
    for (const path of paths) await writeZeros(path);
    const file = await Deno.open(paths[1], { write: true });
    await file.seek(-4, Deno.SeekMode.End);
    await file.write(new Uint8Array(new Float32Array([1]).buffer));
    file.close();
    const main = import.meta.resolve("../../lib/cli/main.ts");
    const code = `import { main } from ${JSON.stringify(main)};
      const code = await main(${
      JSON.stringify(["compare", ...paths, "--json"])
    });
      const status = await Deno.readTextFile("/proc/self/status");
      console.log(JSON.stringify([code, status.match(/VmHWM:\\s*(\\d+)/)[1]]));`;
    const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["eval", code],
    }).output();
    const text = new TextDecoder();
    const [result, end] = text.decode(stdout).trim().split("\n")
      .map((line) => JSON.parse(line));
    assertEquals(result?.tensors[0].difference, {
      elements: size / 4,
      differing: 1,
      oneNaN: 0,
      maxAbs: 1,
      maxUlps: 0x3f800000,
      place: size / 4 - 1,
    }, text.decode(stderr));
    const [exit, peak] = [end[0], 1024 * Number(end[1])];
    console.log(`peak memory ${(peak / 1e6).toFixed(0)} MB`);
    assertEquals(exit, 1);
    assert(peak <= most, `${peak}`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

/** Writes a safetensors file of one tensor of zeros. */
async function writeZeros(path: string): Promise<void> {
  const header = new TextEncoder().encode(JSON.stringify({
    w: { dtype: "F32", shape: [size / 4], data_offsets: [0, size] },
  }));
  const prefix = new Uint8Array(8);
  new DataView(prefix.buffer).setBigUint64(0, BigInt(header.length), true);
  await Deno.writeFile(path, new Uint8Array([...prefix, ...header]));
  await Deno.truncate(path, 8 + header.length + size);
}
