import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  defaultGenerator,
  empty,
  Generator,
  init,
  manualSeed,
} from "../../mod.ts";
import {
  assertState,
  bytesOf,
  nextWord,
  readGolden,
  spareOf,
  type StateDigest,
} from "../golden/golden.ts";

interface Case {
  readonly seed: string;
  readonly initialSeed: string;
  readonly words: number;
  readonly normals: number;
  readonly state: StateDigest;
  readonly next: string;
}

for (const row of await readGolden<Case>("generator.json")) {
  const { seed, words, normals } = row;
  Deno.test(`generator of seed ${seed} after ${words} words, ${normals} normals`, async () => {
    const generator = new Generator(BigInt(seed));
    assertEquals(generator.initialSeed, BigInt(row.initialSeed));
    for (let i = 0; i < words; i++) nextWord(generator);
    if (normals > 0) init.normal(empty([normals]), { generator });
    await assertState(generator, row.state);
    const restored = new Generator(9).setState(generator.getState());
    for (const source of [generator.clone(), restored, generator]) {
      const next = init.normal(empty([5]), { generator: source });
      assertEquals(bytesOf(next).toHex(), row.next);
    }
  });
}

Deno.test("MT19937 gives the authors' words", () => {
  // std::mt19937: the 10,000th word of seed 5489 is 4123659995 (C++11, 26.5.5).
  const generator = new Generator(5489);
  const words = new Uint32Array(10000);
  generator.fillWords(words);
  assertEquals(words[0], 3499211612);
  assertEquals(words[9999], 4123659995);
});

Deno.test("words one by one and in blocks are the same", () => {
  const one = new Generator(3);
  const many = new Generator(3);
  for (const count of [0, 1, 622, 1, 1, 623, 624, 1300]) {
    const words = new Uint32Array(count);
    many.fillWords(words);
    assertEquals(words, words.map(() => nextWord(one)));
  }
});

Deno.test("a seed forgets the spare normal", () => {
  const generator = new Generator(5);
  init.normal(empty([1]), { generator });
  assert(spareOf(generator.getState()) !== undefined);
  generator.manualSeed(5);
  assertEquals(generator.getState(), new Generator(5).getState());
});

Deno.test("a clone does not change its original", () => {
  const generator = new Generator(0);
  const clone = generator.clone();
  nextWord(clone);
  assertEquals(clone.getState()[16], 1);
  assertEquals(generator.getState()[16], 0);
});

Deno.test("a new generator has PyTorch's seed, and seed() a random one", () => {
  assertEquals(new Generator().initialSeed, 67280421310721n);
  const generator = new Generator();
  const seeds = new Set([generator.seed(), generator.seed(), generator.seed()]);
  assertEquals(seeds.size, 3);
  assert([...seeds].every((seed) => seed >= 0n && seed < 2n ** 53n));
  assert(seeds.has(generator.initialSeed));
});

Deno.test("the default generator starts at random and takes a seed", async () => {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: [
      "eval",
      `import { defaultGenerator } from ${
        JSON.stringify(import.meta.resolve("../../mod.ts"))
      }; console.log(String(defaultGenerator().initialSeed));`,
    ],
  }).output();
  const elsewhere = BigInt(new TextDecoder().decode(stdout).trim());
  defaultGenerator().seed();
  assert(elsewhere !== 67280421310721n);
  assert(elsewhere !== defaultGenerator().initialSeed);
  assert(manualSeed(0) === defaultGenerator());
  assertEquals(nextWord(defaultGenerator()), nextWord(new Generator(0)));
});

Deno.test("seeds that are no integers throw, and change nothing", () => {
  const generator = new Generator(1);
  const before = generator.getState();
  assertThrows(() => generator.manualSeed(1.5), RangeError, "1.5");
  assertThrows(() => generator.manualSeed(NaN), RangeError, "NaN");
  assertThrows(() => generator.manualSeed(2 ** 53), RangeError, "bigint");
  assertThrows(() => generator.manualSeed(2n ** 64n), RangeError, "2^64");
  assertThrows(() => generator.manualSeed(-(2n ** 63n) - 1n), RangeError);
  assertThrows(() => generator.manualSeed("0" as never), TypeError, '"0"');
  assertThrows(() => generator.manualSeed(undefined as never), TypeError);
  assertThrows(() => new Generator(null as never), TypeError, "null");
  assertEquals(generator.getState(), before);
});

Deno.test("states that do not parse throw, and change nothing", () => {
  const generator = new Generator(1);
  const before = generator.getState();
  const changed = (offset: number, value: number) =>
    before.with(offset, value) as Uint8Array;
  assertThrows(() => generator.setState(before.slice(1)), SyntaxError, "5055");
  assertThrows(() => generator.setState(changed(12, 0)), SyntaxError, "seeded");
  assertThrows(() => generator.setState(changed(8, 9)), SyntaxError, "left");
  assertThrows(() => generator.setState(changed(17, 9)), SyntaxError, "left");
  assertThrows(() => generator.setState([] as never), TypeError, "Uint8Array");
  assertEquals(generator.getState(), before);
});
