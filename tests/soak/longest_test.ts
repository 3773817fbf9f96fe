/**
 * The longest tensors, 8.6 GB each: no count or place overflows.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { empty, Generator, init, initModel, type Tensor } from "../../mod.ts";

const length = 2 ** 31 - 1;
const free = Deno.systemMemoryInfo().available;
const ignore = free < 12e9;
if (ignore) {
  console.log(`NOT RUN: 12 GB of memory are needed, ${free / 1e9} are free`);
}

/** Numbers at the start and the end that are compared. */
const compared = 1000;

/** The first numbers of a fill, and the last: of words from a place on. */
interface Ends {
  readonly first: Tensor<"float32">;
  readonly last: Tensor<"float32">;
  readonly generator: Generator;
}

function uniformEnds(): Ends {
  const first = init.uniform(empty([compared]), {
    generator: new Generator(1),
  });
  const generator = new Generator(1).advance(length - compared);
  const last = init.uniform(empty([compared]), { generator });
  return { first, last, generator };
}

/** 15 numbers are beyond the last block of 16; so 16 more words are drawn. */
function normalEnds(): Ends {
  const first = init.normal(empty([1008]), { generator: new Generator(1) });
  const generator = new Generator(1).advance(length - 1007);
  const last = init.normal(empty([1007]), { generator });
  return { first, last, generator };
}

function assertEnds(tensor: Tensor, generator: Generator, ends: Ends): void {
  const { data } = tensor;
  const { first, last } = ends;
  assertEquals(data.subarray(0, compared), first.data.subarray(0, compared));
  assertEquals(data.subarray(length - compared), last.data.subarray(-compared));
  assertEquals(generator.getState(), ends.generator.getState());
}

for (
  const [fill, endsOf] of [
    [init.uniform, uniformEnds],
    [init.normal, normalEnds],
  ] as const
) {
  Deno.test({
    name: `${fill.name} of 2^31 - 1 numbers, by one thread and by two`,
    ignore,
    async fn() {
      const ends = endsOf();
      const generator = new Generator(1);
      const tensor = fill(empty([length]), { generator });
      assertEnds(tensor, generator, ends);
      init.zeros(tensor);
      generator.manualSeed(1);
      await initModel(() => void fill(tensor, { generator }), {
        workers: 2,
        existing: [tensor],
      });
      assertEnds(tensor, generator, ends);
    },
  });
}
