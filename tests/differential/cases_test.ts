import { assert, assertEquals, assertNotEquals } from "@std/assert";
import type { InitCase as GoldenCase } from "../golden/exactness.ts";
import { readGolden } from "../golden/golden.ts";
import { drawCases, floatDtypes, type InitCase, nameOf } from "./cases.ts";
import { outcomeOf } from "./compare.ts";
import { initializers } from "./initializers.ts";
import { layers } from "./layers.ts";
import type { Made } from "./oracle.ts";

const cases = [...drawCases(1n, 2000)];
const fills = cases.filter((one) => "fn" in one);

Deno.test("2,000 cases have each function and layer in each dtype", () => {
  const names = [
    ...Object.keys(initializers).map((name) => `init.${name}`),
    ...Object.keys(layers).map((name) => `nn.${name}`),
  ];
  const all = names.flatMap((name) =>
    (name === "init.orthogonal" ? floatDtypes.slice(0, 2) : floatDtypes)
      .map((dtype) => `${name} ${dtype}`)
  );
  const drawn = new Set(cases.map((one) => `${nameOf(one)} ${one.dtype}`));
  assertEquals(all.filter((one) => !drawn.has(one)), []);
});

Deno.test("2,000 cases have the sizes, ranks and seeds at which things change", () => {
  const sizes = new Set(fills.flatMap(({ shape }) => shape));
  const ranks = new Set(fills.map(({ shape }) => shape.length));
  const seeds = new Set(cases.map(({ seed }) => seed));
  const calls = new Set(cases.map((one) => one.calls));
  for (const size of [0, 1, 15, 16, 17]) assert(sizes.has(size), `${size}`);
  for (const rank of [0, 1, 2, 3, 4, 5]) assert(ranks.has(rank), `${rank}`);
  for (
    const seed of [
      "0",
      "4294967295",
      "4294967296",
      "9007199254740991",
      "-1",
      "-9223372036854775808",
      "18446744073709551615",
    ]
  ) assert(seeds.has(seed), seed);
  assertEquals([...calls].sort(), [1, 2, 3]);
});

Deno.test("a seed gives the same cases each time, another gives others", () => {
  assertEquals([...drawCases(1n, 50)], cases.slice(0, 50));
  assertNotEquals([...drawCases(2n, 50)], cases.slice(0, 50));
  // A case goes to Python, and back from a printed line, as JSON.
  assertEquals(JSON.parse(JSON.stringify(cases)), cases);
});

/** A golden row as a case and PyTorch's answer to it. */
async function goldenCase(
  fn: string,
): Promise<{ one: InitCase; answer: Made; bytes: Uint8Array }> {
  const rows = await readGolden<GoldenCase>("init.json");
  const { results, state, ...row } = rows.find((row) =>
    row.fn === fn && row.dtype === "float64" && "bytes" in row.results[0]
  )!;
  const all = results.map((result) =>
    Uint8Array.fromHex((result as { bytes: string }).bytes)
  );
  const answer = {
    results: all.map((bytes) => [
      {
        name: "",
        shape: row.shape,
        dtype: row.dtype,
        bytes: bytes.toBase64(),
        exact: false,
      },
    ]),
    repr: null,
    state,
  };
  const one = { ...row, calls: results.length } as InitCase;
  return { one, answer, bytes: all[0] };
}

Deno.test("what differs from PyTorch is noticed", async () => {
  const { one, answer, bytes } = await goldenCase("normal");
  const problemWith = async (change: Partial<Made>) =>
    (await outcomeOf(one, { ...answer, ...change })).problem;
  const withByte = (place: number) => {
    const changed = bytes.slice();
    changed[place] ^= 1;
    const [[first], ...others] = answer.results;
    return [[{ ...first, bytes: changed.toBase64() }], ...others];
  };
  assertEquals(await problemWith({}), null);
  // The last bit of a float64 normal is within the bound, the 17th is not.
  assertEquals(await problemWith({ results: withByte(0) }), null);
  const exact = withByte(0).map(([entry]) => [{ ...entry, exact: true }]);
  assertNotEquals(await problemWith({ results: exact }), null);
  for (
    const change of [
      { results: withByte(5) },
      { results: answer.results.slice(1) },
      { state: { ...answer.state, sha256: "0" } },
      { state: { ...answer.state, spare: "0x1.0p+9" } },
      { repr: "x" },
    ]
  ) assertNotEquals(await problemWith(change), null, JSON.stringify(change));
});

Deno.test("a refusal must be PyTorch's too", async () => {
  const { one, answer } = await goldenCase("normal");
  const refused = { ...one, options: { std: -1 } };
  const error = { error: "RuntimeError: std" };
  assertEquals((await outcomeOf(refused, error)).problem, null);
  assert((await outcomeOf(refused, error)).refused);
  assertNotEquals((await outcomeOf(refused, answer)).problem, null);
  assertNotEquals((await outcomeOf(one, error)).problem, null);
  const faulty = { ...one, fn: "no such" as never };
  assertNotEquals((await outcomeOf(faulty, error)).problem, null);
});
