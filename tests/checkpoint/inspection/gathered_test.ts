/**
 * What one read gathers, part by part, against the same of all values at once.
 *
 * @module
 */

import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import {
  Gathered,
  Grid,
  Sample,
} from "../../../lib/checkpoint/inspection/gathered.ts";
import {
  DeadRows,
  Structure,
} from "../../../lib/checkpoint/inspection/structure.ts";
import { moments } from "../../../lib/numerics/moments.ts";
import { empty, Generator, init, Tensor, tensor } from "../../../mod.ts";
import { Dice } from "../../differential/dice.ts";

/** Cuts values into parts by dice, and calls with each and where it begins. */
function inParts(
  values: Float32Array,
  dice: Dice,
  take: (part: Float32Array, offset: number) => void,
): void {
  for (let start = 0; start < values.length;) {
    const end = Math.min(values.length, start + 1 + dice.below(300));
    take(values.subarray(start, end), start);
    start = end;
  }
}

function normals(count: number, std: number, seed: number): Float32Array {
  const generator = new Generator(seed);
  return init.normal(empty([count]), { std, generator }).toFloat32();
}

Deno.test("parts of float64 of any size are gathered", () => {
  const { MAX_VALUE } = Number;
  const rising = (count: number, low: number, high: number) =>
    Float64Array.from({ length: count }, (_, i) => {
      const share = i / (count - 1);
      return low * (1 - share) + high * share;
    });
  const cases: [low: number, high: number][] = [
    [MAX_VALUE / 2, MAX_VALUE],
    [-MAX_VALUE, MAX_VALUE],
    [-MAX_VALUE, -MAX_VALUE / 2],
    [-1e300, 1e10],
    [1e-310, 1e-300],
    [0, 5e-321],
    [-1e-170, 1e170],
  ];
  for (const [low, high] of cases) {
    for (const count of [10, 5000]) {
      const values = rising(count, low, high);
      const shape = [count];
      const bytes = 8 * count;
      const gathered = new Gathered({ dtype: "float64", shape, bytes });
      for (let start = 0; start < count; start += 1700) {
        const part = values.slice(start, start + 1700);
        gathered.add(new Tensor(part, [part.length], "float64"));
      }
      const found = gathered.found();
      const what = `${count} from ${low} to ${high}`;
      assertEquals([found.min, found.max], [values[0], values.at(-1)], what);
      const size = Math.max(-low, high);
      const mean = low / 2 + high / 2;
      const off = Math.abs(found.mean - mean) / size;
      // Among the smallest numbers a step is a larger share.
      assert(off < (size < 1e-310 ? 1e-3 : 1e-14), `${what}: ${found.mean}`);
      const spread = (high / 2 - low / 2) / Math.sqrt(3);
      const std = spread * Math.sqrt(
        (count + 1) / (count - 1) * count /
          (count - 1),
      );
      const share = found.sampleStd / std;
      assert(Math.abs(share - 1) < (size < 1e-310 ? 0.01 : 1e-3), `${share}`);
      const { start, width, counts, below, above } = gathered.grid
        .between(found.min, found.max)!;
      assert(Number.isFinite(start) && Number.isFinite(width), what);
      assertEquals([below, above], [0, 0], what);
      assertEquals(counts.reduce((sum, inBin) => sum + inBin), count, what);
    }
  }
});

Deno.test("a grid counts each value in its bin, however the range grows", () => {
  for (let seed = 0; seed < 40; seed++) {
    const dice = new Dice(BigInt(seed));
    const values = normals(3000, 10 ** dice.between(-6, 6), seed);
    // What comes late is far out.
    values[2500] *= 10 ** dice.between(0, 4);
    values[17] = NaN;
    if (dice.chance(0.5)) values.forEach((x, i) => values[i] = x + 1);
    const grid = new Grid(false);
    inParts(values, dice, (part) => grid.add(part, moments(part)));
    const { mean, sampleStd, min, max } = moments(values);
    const low = Math.max(min, mean - 3 * sampleStd);
    const high = Math.min(max, mean + 3 * sampleStd);
    const { start, width, counts, below, above } = grid.between(low, high)!;
    assertEquals(Math.log2(width) % 1, 0);
    assert(start <= low && start + width * counts.length > high);
    assert(counts.length <= 64, String(counts.length));
    const wanted = counts.map((_, bin) =>
      values.filter((x) =>
        x >= start + bin * width && x < start + (bin + 1) * width
      ).length
    );
    assertEquals(counts, wanted, `seed ${seed}`);
    assertEquals(below, values.filter((x) => x < start).length);
    assertEquals(
      above,
      values.filter((x) => x >= start + counts.length * width).length,
    );
    const beyond = grid.countBeyond(mean, 3 * sampleStd);
    const all = values.filter((x) => Math.abs(x - mean) > 3 * sampleStd).length;
    assert(beyond <= all);
  }
});

Deno.test("a grid of whole numbers has bins of 1 or wider", () => {
  const grid = new Grid(true);
  const values = Float32Array.of(0, 1, 1, 5);
  grid.add(values, moments(values));
  assertEquals(grid.between(0, 5), {
    start: 0,
    width: 1,
    counts: [1, 2, 0, 0, 0, 1],
    below: 0,
    above: 0,
  });
});

Deno.test("moments of parts are those of the whole", () => {
  const values = normals(5000, 0.02, 1).map((x) => x + 3);
  values[7] = Infinity;
  values[8] = 0;
  const gathered = new Gathered({
    dtype: "float32",
    shape: [5000],
    bytes: 20_000,
  });
  inParts(values, new Dice(1n), (part) => gathered.add(tensor([...part])));
  const [found, wanted] = [gathered.found(), moments(values)];
  assertEquals(
    [found.count, found.nonFinite, found.min, found.max, found.zeroShare],
    [wanted.count, 1, wanted.min, wanted.max, wanted.zeroShare],
  );
  assertAlmostEquals(found.mean, wanted.mean, 1e-14);
  assertAlmostEquals(found.sampleStd, wanted.sampleStd, 1e-14);
});

Deno.test("dead rows and columns are found across parts", () => {
  const [rows, columns] = [50, 37];
  const values = normals(rows * columns, 1, 2);
  for (let i = 0; i < columns; i++) {
    values[3 * columns + i] = 0;
    values[9 * columns + i] = 0.5;
  }
  for (let row = 0; row < rows; row++) {
    values[row * columns + 5] = 0;
    values[row * columns + 36] = 0;
  }
  // A column of which the last value lives, and a row of which a late one does.
  for (let row = 0; row < rows - 1; row++) values[row * columns + 8] = 0;
  for (let i = 0; i < columns; i++) values[20 * columns + i] = 0;
  values[20 * columns + 35] = 0.25;
  for (let seed = 0; seed < 20; seed++) {
    const dead = new DeadRows([rows, columns]);
    inParts(values, new Dice(BigInt(seed)), (part) => dead.add(part));
    assertEquals(dead.found(), {
      of: 50,
      rows: 1,
      zeroRows: 1,
      firstRow: 3,
      zeroColumns: 2,
      firstColumn: 5,
    });
  }
});

Deno.test("a sample keeps all of few values, and whole blocks of many", () => {
  for (const count of [5, 16, 17, 1000, 65_536, 65_537, 300_007]) {
    const sample = new Sample(count);
    const values = Float32Array.from({ length: count }, (_, i) => i);
    inParts(values, new Dice(3n), (part, offset) => sample.add(part, offset));
    if (count <= 65_536) assertEquals(sample.values.length, count);
    assertEquals(new Set(sample.values).size, sample.values.length);
    const last = count - 16;
    for (const place of sample.blocks) {
      const first = sample.values[place];
      // Drawn as one block, and not overwritten by the last one.
      const clean = first % 16 === 0 &&
        (count % 16 === 0 || first <= last - 16);
      assert(clean || first === last, `${count}: ${first}`);
      for (let i = 0; i < 16; i++) {
        assertEquals(sample.values[place + i], first + i);
      }
    }
    const ends = sample.blocks.map((place) => sample.values[place] + 16);
    assertEquals(Math.max(0, ...ends), count < 16 ? 0 : count);
  }
});

Deno.test("orthogonal weights and identities are seen across parts", () => {
  const generator = new Generator(4);
  const cases: [number[], (w: ReturnType<typeof empty>) => void, boolean][] = [
    [[40, 90], (w) => init.orthogonal(w, { generator }), false],
    [[90, 40], (w) => init.orthogonal(w, { gain: 3, generator }), false],
    [[20, 30], (w) => init.eye(w), true],
    [[30, 20], (w) => init.eye(w), true],
    [[12, 12, 3, 3], (w) => init.dirac(w), true],
    [[12, 4, 3], (w) => init.dirac(w, { groups: 3 }), true],
    [[12, 1, 5], (w) => init.dirac(w, { groups: 12 }), true],
  ];
  for (const [shape, fill, isIdentity] of cases) {
    const weight = empty(shape);
    fill(weight);
    const values = weight.toFloat32();
    const look = (seen: Float32Array) => {
      const structure = new Structure(shape);
      inParts(seen, new Dice(5n), (part, at) => structure.add(part, at));
      return structure;
    };
    assertEquals(look(values).isIdentity(moments(values)), isIdentity);
    if (!isIdentity) {
      const gain = look(values).gain()!;
      assertAlmostEquals(gain, shape[0] > shape[1] ? 3 : 1, 1e-6);
    }
    const other = values.slice();
    other[1] += 0.01;
    assertEquals(look(other).isIdentity(moments(other)), false);
    assertEquals(look(other).gain(), undefined);
  }
});

Deno.test("ones elsewhere are no identity", () => {
  const weight = init.eye(empty([20, 20])).toFloat32();
  for (const at of [0, 19 * 20 + 19]) weight[at] = 0;
  for (const at of [19, 19 * 20]) weight[at] = 1;
  const structure = new Structure([20, 20]);
  structure.add(weight, 0);
  assertEquals(structure.isIdentity(moments(weight)), false);
  assertEquals(structure.gain(), 1);
});
