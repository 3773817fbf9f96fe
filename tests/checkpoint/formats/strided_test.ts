import { assert, assertEquals, assertThrows } from "@std/assert";
import type { ByteSource } from "../../../lib/checkpoint/mod.ts";
import {
  checkInside,
  isContiguous,
  readStrided,
  type Strided,
} from "../../../lib/checkpoint/formats/strided.ts";
import { elementCount } from "../../../lib/core/shape.ts";
import { Dice } from "../../differential/dice.ts";

/** A storage in which each element is its own place, and what was read of it. */
class Places implements ByteSource {
  readonly size: number;
  reads: number[][] = [];

  constructor(count: number) {
    this.size = 4 * count;
  }

  read(offset: number, length: number): Uint8Array {
    this.reads.push([offset / 4, length / 4]);
    const places = Uint32Array.from(
      { length: length / 4 },
      (_, index) => offset / 4 + index,
    );
    return new Uint8Array(places.buffer);
  }
}

async function placesOf(
  strided: Strided,
  source: Places,
  start = 0,
  end = elementCount(strided.shape),
): Promise<number[]> {
  const range = { start, end };
  const bytes = await readStrided("test", strided, 4, range, source);
  return [...new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4)];
}

/** One element after another, by their indices. */
function expected({ offset, shape, strides }: Strided): number[] {
  return shape.reduce(
    (places, size, axis) =>
      places.flatMap((place) =>
        Array.from({ length: size }, (_, i) => place + i * strides[axis])
      ),
    [offset],
  );
}

Deno.test("any strides and any range, against one element after another", async () => {
  const dice = new Dice(5n);
  let contiguous = 0;
  for (let time = 0; time < 2000; time++) {
    const rank = dice.below(5);
    const shape = Array.from(
      { length: rank },
      () => dice.pick([0, 1, 1, 2, 3, 5]),
    );
    let next = 1;
    const packed = shape.toReversed().map((size) => {
      const own = next;
      next *= Math.max(1, size);
      return own;
    }).reverse();
    const strides = packed.map((stride) =>
      dice.chance(0.8) ? stride : dice.below(40)
    );
    const strided = { offset: dice.below(9), shape, strides };
    const all = expected(strided);
    const [a, b] = [dice.below(all.length + 1), dice.below(all.length + 1)];
    const [start, end] = [Math.min(a, b), Math.max(a, b)];
    const source = new Places(2000);
    assertEquals(
      await placesOf(strided, source, start, end),
      all.slice(start, end),
      JSON.stringify(strided),
    );
    const isInOrder = all.every((place, i) => place === all[0] + i);
    if (isContiguous(strided)) {
      contiguous++;
      assert(isInOrder);
      assertEquals(
        source.reads,
        start === end ? [] : [[all[start], end - start]],
      );
    } else assert(all.length === 0 || !isInOrder, JSON.stringify(strided));
  }
  assert(contiguous > 500 && contiguous < 1900, `${contiguous}`);
});

Deno.test("elements of any size, from bytes that begin anywhere", async () => {
  const bytes = Uint8Array.from({ length: 400 }, (_, i) => 37 * i);
  const strided = { offset: 1, shape: [4, 3], strides: [1, 7] };
  for (const unit of [1, 2, 4, 8, 16]) {
    for (const shift of [0, 1, 2]) {
      const buffer = new Uint8Array(bytes.length + shift);
      buffer.set(bytes, shift);
      const source = {
        size: bytes.length,
        read: (offset: number, length: number) =>
          buffer.subarray(offset + shift, offset + shift + length),
      };
      const range = { start: 2, end: 11 };
      assertEquals(
        await readStrided("test", strided, unit, range, source),
        Uint8Array.from(
          expected(strided).slice(2, 11).flatMap((place) => [
            ...bytes.subarray(place * unit, (place + 1) * unit),
          ]),
        ),
      );
    }
  }
});

Deno.test("elements far apart are read by themselves, near ones together", async () => {
  const count = 2 ** 25;
  const source = new Places(3 * count);
  const transposed = { offset: 0, shape: [count, 3], strides: [1, count] };
  assertEquals(
    await placesOf(transposed, source, 5, 12),
    [2 * count + 1, 2, count + 2, 2 * count + 2, 3, count + 3, 2 * count + 3],
  );
  assertEquals(source.reads, [[2, 2], [count + 2, 2], [2 * count + 1, 3]]);
  source.reads = [];
  const apart = { offset: 7, shape: [2, 3], strides: [2 ** 26, 2 ** 14] };
  assertEquals(await placesOf(apart, source), expected(apart));
  assertEquals(source.reads, [
    [7, 2 ** 15 + 1],
    [2 ** 26 + 7, 2 ** 15 + 1],
  ]);
  source.reads = [];
  const wider = { offset: 7, shape: [2, 2], strides: [2 ** 26, 2 ** 14 + 2] };
  assertEquals(await placesOf(wider, source), expected(wider));
  assertEquals(source.reads.map(([, length]) => length), [1, 1, 1, 1]);
});

Deno.test("no more than 64 MB are read at once for elements that lie apart", async () => {
  const source = new Places(2 ** 26);
  const strided = { offset: 0, shape: [4097, 2], strides: [2 ** 13, 1] };
  const places = await placesOf(strided, source);
  assertEquals(places.slice(-2), [2 ** 25, 2 ** 25 + 1]);
  assertEquals(source.reads.length, 3);
  for (const [, length] of source.reads) assert(4 * length <= 2 ** 26);
});

Deno.test("a tensor must lie in its storage, to the byte", () => {
  const check = (strided: Strided, bytes: number) =>
    checkInside("test", "it", strided, 4, bytes);
  const block = { offset: 3, shape: [2, 3], strides: [10, 2] };
  check(block, 4 * 18);
  assertThrows(
    () => check(block, 4 * 18 - 1),
    SyntaxError,
    "end in the 71 bytes",
  );
  check({ offset: 100, shape: [5, 0], strides: [9, 9] }, 0);
  check({ offset: 0, shape: [], strides: [] }, 4);
  assertThrows(
    () => check({ offset: 0, shape: [], strides: [] }, 3),
    SyntaxError,
  );
});
