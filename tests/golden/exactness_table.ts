/**
 * The table of what is exact, from all golden cases.
 *
 * @module
 */

import { type Dtype, Generator, type Tensor } from "../../mod.ts";
import {
  boundOf,
  differenceOf,
  fillsOf,
  type InitCase,
  type LayerCase,
  layerOf,
  normalBound,
  type Result,
} from "./exactness.ts";
import { readGolden } from "./golden.ts";

const dtypes = ["float32", "float64", "float16", "bfloat16"] as const;

/** What is known of one function or layer in one dtype. */
interface Verdict {
  /** The largest difference that is allowed; 0 where bytes are compared. */
  allowed: number;
  /** The largest difference that was found. */
  largest: number;
}

/** A function or layer. */
interface Row {
  cases: number;
  numbers: number;
  readonly verdicts: Map<Dtype, Verdict>;
}

/** Returns the table, in Markdown. */
export async function exactnessTable(): Promise<string> {
  const rows = new Map<string, Row>();
  const rowOf = (name: string) => {
    const row = rows.get(name) ?? { cases: 0, numbers: 0, verdicts: new Map() };
    rows.set(name, row);
    return row;
  };
  for (const each of await readGolden<InitCase>("init.json")) {
    const fills = fillsOf(each, new Generator(BigInt(each.seed)));
    await addCase(rowOf(`init.${each.fn}`), each.dtype, fills, boundOf(each));
  }
  for (const each of await readGolden<LayerCase>("layers.json")) {
    const tensors = tensorsOf(each);
    await addCase(rowOf(`nn.${each.nn}`), each.dtype, tensors, normalBound);
  }
  const format = new Intl.NumberFormat("en").format;
  const filled = [...rows].filter(([, { numbers }]) => numbers > 0);
  const lines = filled.map(([name, { cases, numbers, verdicts }]) => {
    const cells = dtypes.map((dtype) => cellOf(verdicts.get(dtype)));
    return `| \`${name}\` | ${cases} | ${format(numbers)} | ${
      cells.join(" | ")
    } |`;
  });
  return [
    `| what | cases | numbers | ${dtypes.join(" | ")} |`,
    "| --- | ---: | ---: | --- | --- | --- | --- |",
    ...lines.sort(),
  ].join("\n");
}

/** Each tensor of the layers that a case makes, with PyTorch's. */
function* tensorsOf(row: LayerCase): Iterable<[Tensor, Result]> {
  const generator = new Generator(BigInt(row.seed));
  for (const expected of row.stateDicts) {
    const tensors = Object.values(layerOf(row, generator).stateDict());
    for (const [i, tensor] of tensors.entries()) yield [tensor, expected[i]];
  }
}

async function addCase(
  row: Row,
  dtype: Dtype,
  pairs: Iterable<readonly [Tensor, Result]>,
  bound: number,
): Promise<void> {
  const verdict = row.verdicts.get(dtype) ?? { allowed: 0, largest: 0 };
  row.verdicts.set(dtype, verdict);
  row.cases++;
  for (const [tensor, expected] of pairs) {
    const difference = await differenceOf(tensor, expected);
    const allowed = "bytes" in expected ? bound : 0;
    row.numbers += tensor.numel();
    verdict.allowed = Math.max(verdict.allowed, allowed);
    verdict.largest = difference <= allowed
      ? Math.max(verdict.largest, difference)
      : Infinity;
  }
}

function cellOf(verdict: Verdict | undefined): string {
  if (verdict === undefined) return "–";
  const { allowed, largest } = verdict;
  if (largest === Infinity) return "**differs**";
  if (allowed === 0) return "exact";
  return largest === 0 ? "0" : largest.toExponential(0);
}
