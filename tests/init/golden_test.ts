import { assert, assertEquals } from "@std/assert";
import { type Dtype, empty, Generator, init, type Tensor } from "../../mod.ts";
import {
  assertState,
  bytesOf,
  type Digest,
  digestOf,
  readGolden,
  type StateDigest,
} from "../golden/golden.ts";

interface Case {
  readonly fn: keyof typeof init;
  readonly shape: number[];
  readonly dtype: Dtype;
  readonly seed: string;
  readonly options: Record<string, number | string>;
  readonly results: (Digest | { readonly bytes: string })[];
  readonly state: StateDigest;
}

const cases = await readGolden<Case>("init.json");
const unseeded = ["constant", "ones", "zeros"];

for (const [index, row] of cases.entries()) {
  const { fn, shape, dtype, seed, options } = row;
  const label = `init.${fn} [${shape}] ${dtype} seed ${seed} ${
    JSON.stringify(options)
  } × ${row.results.length}`;
  Deno.test(`golden ${index}: ${label}`, async () => {
    const generator = new Generator(BigInt(seed));
    const fill = init[fn] as (tensor: Tensor, options: unknown) => Tensor;
    for (const expected of row.results) {
      const tensor = empty(shape, { dtype });
      const given = unseeded.includes(fn) ? options : { ...options, generator };
      assert(fill(tensor, given) === tensor);
      if ("bytes" in expected) assertClose(tensor, expected.bytes);
      else assertEquals(await digestOf(tensor), expected);
    }
    await assertState(generator, row.state);
  });
}

/** Float64 normals are within 1e-12 of PyTorch's. */
function assertClose(tensor: Tensor, bytes: string): void {
  const expected = new Float64Array(Uint8Array.fromHex(bytes).buffer);
  assertEquals(bytesOf(tensor).length, expected.byteLength);
  expected.forEach((value, i) => {
    const difference = Math.abs(Number(tensor.data[i]) - value);
    assert(difference < 1e-12, `element ${i} differs by ${difference}`);
  });
}
