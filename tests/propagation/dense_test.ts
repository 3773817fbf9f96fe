/**
 * Deep dense stacks as PyTorch's autograd has them, and the theory beside them.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { propagate, type PropagateOptions } from "../../mod.ts";
import type {
  PropagationLayer,
  Signal,
} from "../../lib/propagation/propagate.ts";
import { readGolden } from "../golden/golden.ts";

type Quantity = "preactivations" | "activations" | "gradients";

interface DenseRow {
  readonly options: {
    readonly activation: PropagateOptions["activation"] & string;
    readonly gain: number;
    readonly biasStd: number;
    readonly inputStd?: number;
    readonly orthogonal?: true;
  };
  readonly at: readonly number[];
  readonly first: Readonly<Record<Quantity, readonly number[]>>;
  readonly logMean: Readonly<Record<Quantity, readonly number[]>>;
  readonly logError: Readonly<Record<Quantity, readonly number[]>>;
}

const rows = await readGolden<DenseRow>("dense.json");
const width = 128;

function layersOf({ options }: DenseRow): readonly PropagationLayer[] {
  const { gain, orthogonal, ...rest } = options;
  return propagate({
    ...{ ...rest, depth: 32, width, batch: 16, bins: 0 },
    init: orthogonal
      ? { name: "orthogonal", gain }
      : { name: "normal", std: gain / Math.sqrt(width) },
  }).layers;
}

function expectedSquare({ expected }: Signal): number {
  return expected!.mean ** 2 + expected!.std ** 2;
}

/** Seeds are spread little here, so that their logarithms have the theory's. */
const narrow = 0.15;

let [compared, noticed] = [0, 0];

for (const row of rows) {
  const { options, at, first, logMean, logError } = row;
  const name = JSON.stringify(options);
  Deno.test(`${name}: seed 0 is PyTorch's, and the theory what it measured`, () => {
    const layers = layersOf(row);
    // LAPACK rounds an orthogonal matrix in single precision.
    const accuracy = options.orthogonal ? 1e-6 : 1e-9;
    for (const quantity of Object.keys(first) as Quantity[]) {
      at.forEach((layer, i) => {
        const signal = layers[layer - 1][quantity];
        const [own, theirs] = [signal.meanSquare, first[quantity][i]];
        const text = `${quantity} ${layer}: ${own}`;
        assert(Math.abs(own / theirs - 1) <= accuracy, `${text}, ${theirs}`);
        const { logStd } = layers[layer - 1];
        if (logStd === null || logStd > narrow) return;
        const room = 4 * logError[quantity][i] + 0.02;
        const off = Math.log(expectedSquare(signal)) - logMean[quantity][i];
        const isGradient = quantity === "gradients";
        if (isGradient && logError[quantity][i] > 0.05) return;
        assert(Math.abs(off) <= room, `${text}, expected off by e^${off}`);
        compared++;
        if (Math.abs(off + Math.log(1.2)) > room) noticed++;
      });
    }
  });
}

Deno.test("a factor of 1.2 in the theory would have been noticed", () => {
  assert(compared > 50, `${compared}`);
  assert(noticed > 0.7 * compared, `${noticed} of ${compared}`);
});

Deno.test("inputs times inputStd start at the critical point", () => {
  const critical = rows.filter(({ options }) => options.inputStd !== undefined);
  assertEquals(
    critical.map(({ options }) => options.activation),
    ["gelu", "silu", "mish"],
  );
  for (const row of critical) {
    const [start, ...others] = layersOf(row)
      .map(({ preactivations }) => expectedSquare(preactivations));
    for (const variance of others) {
      assert(Math.abs(variance / start - 1) < 1e-9, row.options.activation);
    }
  }
});
