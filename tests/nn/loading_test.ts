/**
 * Records that differ from a module's state dict load as in PyTorch, and those
 * under a prefix with its name.
 *
 * @module
 */

import { assert, assertEquals, assertThrows } from "@std/assert";
import { nn, type Tensor, tensor } from "../../mod.ts";
import { type GoldenTensor, tensorIn } from "../checkpoint/formats/files.ts";
import { readGolden } from "../golden/golden.ts";

interface Case {
  readonly layer: "Linear" | "BatchNorm1d" | "InstanceNorm1d";
  readonly record: readonly GoldenTensor[];
  readonly loads: boolean;
  readonly after: readonly GoldenTensor[];
}

const layers: Readonly<Record<Case["layer"], () => nn.Module>> = {
  Linear: () => new nn.Linear(2, 3),
  BatchNorm1d: () => new nn.BatchNorm1d(3),
  InstanceNorm1d: () => new nn.InstanceNorm1d(3, { trackRunningStats: true }),
};

for (const [index, row] of (await readGolden<Case>("loading.json")).entries()) {
  const { layer, record, loads, after } = row;
  const what = record.map(({ name, dtype, shape }) =>
    `${name} ${dtype} [${shape}]`
  );
  Deno.test(`${layer} takes a record as PyTorch does, ${index}: ${what}`, () => {
    const module = layers[layer]();
    const given = new Map(record.map((one) => [one.name, tensorIn(one)]));
    if (!loads) {
      assertThrows(() => module.loadStateDict(given), RangeError);
      return;
    }
    const { missingKeys } = module.loadStateDict(given);
    assertEquals(missingKeys, []);
    // By values: NaN has several patterns.
    const outline = (name: string, one: Tensor) =>
      [name, one.dtype, one.shape, one.toArray()] as unknown;
    assertEquals(
      Object.entries(module.stateDict()).map(([name, one]) =>
        outline(name, one)
      ),
      after.map((one) => outline(one.name, tensorIn(one))),
    );
  });
}

const model = () =>
  new nn.Sequential(
    ...Array.from({ length: 80 }, () => new nn.Linear(2, 2)),
    new nn.Linear(2, 1, { bias: false }),
  );

function prefixed(prefix: string): Record<string, Tensor> {
  return Object.fromEntries(
    Object.entries(model().stateDict())
      .map(([name, value]) => [prefix + name, value]),
  );
}

Deno.test("a prefix that all names have is named, with what strips it", () => {
  for (const prefix of ["module.", "_orig_mod.module.", "module.0."]) {
    const error = assertThrows(
      () => model().loadStateDict(prefixed(prefix)),
      RangeError,
    );
    assertEquals(
      error.message,
      `Cannot load a state dict into Sequential: names must be the module's, but all 161 begin with "${prefix}": strip it with { prefix: "${prefix}" }`,
    );
  }
});

Deno.test("a prefix is stripped from the names that have it", () => {
  const record = prefixed("module.");
  const target = model();
  const loaded = target.loadStateDict(record, { prefix: "module." });
  assertEquals(loaded, { missingKeys: [], unexpectedKeys: [] });
  for (const [name, value] of Object.entries(target.stateDict())) {
    assert(value.equals(record[`module.${name}`]), name);
  }
  // As PyTorch strips it, from those names alone that have it.
  const { "module.0.weight": weight, ...rest } = record;
  target.loadStateDict({ ...rest, "0.weight": weight }, { prefix: "module." });
  target.loadStateDict(model().stateDict(), { prefix: "" });
});

Deno.test("a prefix that is none is refused", () => {
  const layer = new nn.Linear(2, 2);
  const load = (record: nn.StateDict, prefix: unknown) => () =>
    layer.loadStateDict(record, { prefix } as { prefix: string });
  const state = layer.stateDict();
  assertThrows(
    load(state, "module."),
    RangeError,
    '"module." for weight, bias',
  );
  assertThrows(load(state, 3), TypeError, "prefix must be a string, got 3");
  assertThrows(
    load({ ...state, "module.bias": state.bias }, "module."),
    RangeError,
    "names must differ without the prefix, got bias twice",
  );
});

Deno.test("a prefix that does not help is not proposed", () => {
  const layer = new nn.Linear(2, 2);
  const other = { "a.b.kernel": tensor([1]), "a.b.offset": tensor([1]) };
  assertThrows(
    () => layer.loadStateDict(other),
    RangeError,
    "weight is missing, bias is missing, a.b.kernel is unexpected",
  );
  // A shape that differs is no matter of names.
  assertThrows(
    () => layer.loadStateDict({ ...layer.stateDict(), bias: tensor([1]) }),
    RangeError,
    "bias has shape [1] in place of [2]",
  );
});
