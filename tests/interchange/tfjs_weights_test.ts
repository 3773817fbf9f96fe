import { io, tensor as tensorOf } from "npm:@tensorflow/tfjs-core@4.22.0";
import "npm:@tensorflow/tfjs-backend-cpu@4.22.0";
import { assertEquals } from "@std/assert";
import {
  bytesSource,
  type Checkpoint,
  openTfjs,
} from "../../lib/checkpoint/mod.ts";
import { Generator, init, tensor } from "../../mod.ts";

Deno.test("weights that tfjs wrote are read", async () => {
  const values = init.normal(tensor([[1, 2, 3], [4, 5, 6]]), {
    generator: new Generator(0),
  });
  const { data, specs } = await io.encodeWeights([
    { name: "w", tensor: tensorOf(values.data, values.size()) },
    { name: "i", tensor: tensorOf([1, -2, 3], [3], "int32") },
    { name: "b", tensor: tensorOf([true, false], [2], "bool") },
  ]);
  const { read } = await opened(specs, new Uint8Array(data));
  assertEquals((await read("w")).data, values.data);
  assertEquals((await read("i")).toArray(), [1, -2, 3]);
  assertEquals((await read("b")).toArray(), [1, 0]);
});

Deno.test("rounded weights are what tfjs makes of them", async () => {
  const levels = Uint8Array.from({ length: 256 }, (_, i) => i);
  const halves = Uint16Array.from({ length: 2048 }, (_, i) => 31 * i);
  const parts: [
    spec: io.WeightsManifestEntry,
    bytes: Uint8Array | Uint16Array,
  ][] = [
    ["float32", "uint8", levels],
    ["int32", "uint8", levels],
    ["float32", "uint16", halves],
    ["float32", "float16", halves],
  ].map(([dtype, stored, array], index) => {
    const bytes = array as Uint8Array | Uint16Array;
    const quantization = { dtype: stored, scale: 0.0123, min: -1.7 };
    const shape = [bytes.length];
    const spec = { name: `${index}`, dtype, shape, quantization };
    return [spec as io.WeightsManifestEntry, bytes];
  });
  const specs = parts.map(([spec]) => spec);
  const data = new Uint8Array(
    await new Blob(parts.map(([, bytes]) => bytes as BlobPart)).arrayBuffer(),
  );
  const expected = io.decodeWeights(data.buffer, specs);
  const { read } = await opened(specs, data);
  for (const { name } of specs) {
    assertEquals((await read(name)).data, expected[name].dataSync() as never);
  }
});

function opened(
  weights: io.WeightsManifestEntry[],
  data: Uint8Array,
): Promise<Checkpoint> {
  const manifest = JSON.stringify([{ paths: ["w.bin"], weights }]);
  return openTfjs((name) =>
    bytesSource(
      name === "w.bin" ? data : new TextEncoder().encode(manifest),
    )
  );
}
