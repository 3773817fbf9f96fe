import { assert, assertEquals } from "@std/assert";
import { erf, erfc, normalShare } from "../../lib/math/erf.ts";
import { truncatedMoments } from "../../lib/math/truncated_normal.ts";

interface Golden {
  readonly erf: { x: number; erf: number; erfc?: number }[];
  readonly cut: {
    lower: number;
    upper: number;
    share: number;
    mean: number;
    std: number;
  }[];
}

const url = new URL("../golden/special_functions.json", import.meta.url);
const golden: Golden = JSON.parse(await Deno.readTextFile(url));

Deno.test("erf is within 1e-15, erfc within 1e-13 relatively", () => {
  for (const row of golden.erf) {
    const error = Math.abs(erf(row.x) - row.erf);
    assert(error <= 1e-15, `erf(${row.x}) is off by ${error}`);
    if (row.erfc === undefined) continue;
    const relative = Math.abs(erfc(row.x) / row.erfc - 1);
    assert(relative < 1e-13, `erfc(${row.x}) is off by ${relative}`);
  }
  assertEquals([erf(Infinity), erf(-Infinity), erfc(Infinity)], [1, -1, 0]);
});

Deno.test("shares and moments of cut normals are those of a quadrature", () => {
  for (const { lower, upper, share, mean, std } of golden.cut) {
    const moments = truncatedMoments(lower, upper);
    const label = `[${lower}, ${upper}]`;
    assert(Math.abs(normalShare(lower, upper) / share - 1) < 1e-12, label);
    assert(Math.abs(moments.mean - mean) < 1e-11, label);
    assert(Math.abs(moments.std - std) < 1e-11, label);
  }
});

Deno.test("a normal that is not cut keeps its moments", () => {
  assertEquals(truncatedMoments(-Infinity, Infinity), { mean: 0, std: 1 });
});
