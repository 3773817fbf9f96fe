import { assert, assertEquals, assertThrows } from "@std/assert";
import { compiledJump } from "../../lib/numerics/kernels/jump.ts";
import { empty, Generator, init } from "../../mod.ts";
import { characteristicExponents } from "../../lib/random/torch/jump.ts";
import {
  assertState,
  readGolden,
  spareOf,
  type StateDigest,
} from "../golden/golden.ts";
import { withKernel } from "../kernels/with_kernel.ts";

interface Case {
  readonly seed: number;
  readonly before: number;
  readonly words: string;
  readonly state?: StateDigest;
  readonly next?: string;
}

const cases = await readGolden<Case>("jump.json");

/** What may take a state ahead; the compiled code is the same for all kernels. */
const paths = ["typescript", "simd"] as const;
type Path = typeof paths[number];

/** Tests jumps by each path, and asserts that it is the one they take. */
function testJumps(name: string, body: () => void): void {
  for (const path of paths) {
    Deno.test(`${name}, by ${path}`, () => jumpBy(path, body));
  }
}

function jumpBy<T>(path: Path, body: () => T): T {
  return withKernel(path, () => {
    assertEquals(compiledJump() === undefined, path === "typescript");
    return body();
  });
}

for (const path of paths) {
  for (const { seed, before, words, state, next } of cases) {
    const name =
      `seed ${seed}, ${before} words, a jump of ${words}, by ${path}`;
    Deno.test(name, async () => {
      const generator = new Generator(seed);
      generator.fillWords(new Uint32Array(before));
      jumpBy(path, () => generator.advance(BigInt(words)));
      if (state !== undefined) await assertState(generator, state);
      if (next === undefined) return;
      const drawn = new Uint32Array(next.length / 8);
      generator.fillWords(drawn);
      assertEquals(new Uint8Array(drawn.buffer).toHex(), next);
    });
  }
}

testJumps("a jump leaves the state that drawing leaves, to the byte", () => {
  const counts = [0, 1, 2, 622, 623, 624, 625, 1247, 1248, 1249, 19936];
  counts.push(19937, 19938, 20561, 32767, 131071, 1e6, 3141592, 1e7);
  for (const before of [0, 1, 5, 623, 624, 625, 1000]) {
    const start = new Generator(BigInt(before + 11));
    start.fillWords(new Uint32Array(before));
    const drawn = start.clone();
    let total = 0;
    for (const count of counts) {
      drawn.fillWords(new Uint32Array(count - total));
      total = count;
      assertEquals(
        start.clone().advance(count).getState(),
        drawn.getState(),
        `${count} words after ${before}`,
      );
    }
  }
});

testJumps("a state whose idle bits were never drawn jumps to the same", () => {
  const state = new Generator(4).getState();
  // The 31 lower bits of the first word count for nothing, but are state.
  for (const offset of [24, 25, 26]) state[offset] ^= 0xa5;
  for (const count of [0, 3, 624, 625, 5000]) {
    const drawn = new Generator().setState(state);
    drawn.fillWords(new Uint32Array(count));
    const jumped = new Generator().setState(state).advance(count);
    assertEquals(jumped.getState(), drawn.getState());
  }
});

testJumps("two jumps are one as long as both, also far beyond 2^53", () => {
  const dice = new Generator(12);
  const random = (bits: number) => {
    const words = new Uint32Array(Math.ceil(bits / 32));
    dice.fillWords(words);
    return BigInt.asUintN(
      bits,
      words.reduce((sum, word) => sum << 32n | BigInt(word), 0n),
    );
  };
  for (const bits of [20, 31, 40, 53, 64, 200]) {
    const [a, b] = [random(bits), random(bits)];
    const two = new Generator(bits).advance(a).advance(b);
    assertEquals(
      two.getState(),
      new Generator(bits).advance(a + b).getState(),
      `${a} + ${b}`,
    );
  }
});

Deno.test("a jump keeps the spare normal and the seed", () => {
  const generator = new Generator(5);
  init.normal(empty([1]), { generator });
  const spare = spareOf(generator.getState());
  assert(spare !== undefined);
  assertEquals(spareOf(generator.advance(2n ** 40n).getState()), spare);
  assertEquals(generator.initialSeed, 5n);
});

Deno.test("the characteristic polynomial has the weight that is known", () => {
  const exponents = characteristicExponents();
  assertEquals(exponents.length, 135);
  assertEquals([exponents[0], exponents[1], exponents.at(-1)], [
    19937,
    19314,
    0,
  ]);
});

Deno.test("invalid numbers of words throw, and change nothing", () => {
  const generator = new Generator(1);
  const before = generator.getState();
  assertThrows(() => generator.advance(-1), RangeError, "-1");
  assertThrows(() => generator.advance(-1n), RangeError, "-1");
  assertThrows(() => generator.advance(0.5), RangeError, "0.5");
  assertThrows(() => generator.advance(2 ** 53), RangeError, "bigint");
  assertThrows(() => generator.advance("1" as never), TypeError, '"1"');
  assertEquals(generator.getState(), before);
});
