/**
 * What PyTorch itself made, fresh and after one step of training.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { decodeSafetensors, inspect } from "../../../lib/checkpoint/mod.ts";
import { readGolden } from "../../golden/golden.ts";

interface Row {
  readonly name: "fresh" | "stepped";
  readonly file: string;
}

const rows = await readGolden<Row>("inspection.json");

/** The distribution that `inspect` must report for each fresh tensor. */
async function originsOf(name: Row["name"]): Promise<Record<string, string>> {
  const { file } = rows.find((row) => row.name === name)!;
  const { tensors } = decodeSafetensors(Uint8Array.fromHex(file));
  const found = await inspect(tensors);
  return Object.fromEntries(
    found.tensors.filter(({ origin }) => origin?.state === "fresh")
      .map(({ name, origin }) => [name, origin!.initializer]),
  );
}

Deno.test("PyTorch's tensors are recognized, with their initializer", async () => {
  assertEquals(await originsOf("fresh"), {
    "attention.in_proj_weight": "xavierUniform(16 + 48)",
    "attention.out_proj.weight": "uniform(±1/√16)",
    "bilinear.bias": "uniform(±1/√5)",
    "bilinear.weight": "uniform(±1/√5)",
    "conv.bias": "uniform(±1/√27)",
    "conv.weight": "uniform(±1/√27)",
    "cut.weight": "normal(0, 0.02) cut at 2 std",
    "dirac.weight": "identity",
    "double.bias": "uniform(±1/√24)",
    "double.weight": "uniform(±1/√24)",
    "embedding.weight": "normal(0, 1)",
    "h.23.proj": "normal(0, 0.02/√(2·24))",
    "linear.bias": "uniform(±1/√24)",
    "linear.weight": "uniform(±1/√24)",
    "lstm.bias_hh_l0": "uniform(±1/√9)",
    "lstm.bias_ih_l0": "uniform(±1/√9)",
    "lstm.weight_hh_l0": "uniform(±1/√9)",
    "lstm.weight_ih_l0": "uniform(±1/√9)",
    "normal64.weight": "normal(0, 0.02)",
    "orthogonal.weight": "orthogonal (gain 2)",
    "randn.weight": "normal(0, 0.02)",
    "sparse.weight": "normal(0, 0.01)",
    "transposed.bias": "uniform(±1/√216)",
    "transposed.weight": "uniform(±1/√216)",
    "xavier.weight": "xavierNormal(21 + 30)",
  });
});

Deno.test("none is called fresh after one step of gradient descent at a rate of 1e-5", async () => {
  assertEquals(await originsOf("stepped"), {});
});
