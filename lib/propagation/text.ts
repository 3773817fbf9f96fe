/**
 * A run of `propagate` as plain text.
 *
 * @module
 */

import type { Propagation } from "./result.ts";
import type { Signal } from "./signal.ts";

/** So many digits tell layers apart. */
const digits = 3;

/**
 * Returns a table of the standard deviations by layer, the expected ones in
 * brackets.
 *
 * @param run What `propagate` returned.
 */
export function propagationText(run: Propagation): string {
  const rows = [
    ["layer", "std of activations", "std of gradients"],
    ...run.layers.map(({ layer, activations, gradients }) => [
      String(layer),
      stdText(activations),
      stdText(gradients),
    ]),
  ];
  const wide = rows[0].map((_, column) =>
    Math.max(...rows.map((row) => row[column].length))
  );
  return [
    headOf(run),
    ...rows.map((row) =>
      row.map((cell, column) => cell.padStart(wide[column])).join("  ")
    ),
  ].join("\n");
}

/**
 * Returns what a run is, in one line.
 *
 * @param run What `propagate` returned.
 */
export function headOf(run: Propagation): string {
  const { activation, init, depth, widths, batch, seed } = run;
  const narrow = Math.min(...widths);
  const wide = Math.max(...widths);
  return [
    `${depth} ${activation} ${depth === 1 ? "layer" : "layers"} of ${
      narrow === wide ? wide : `${narrow} to ${wide}`
    }`,
    init,
    `batch ${batch}`,
    ...seed === null ? [] : [`seed ${seed}`],
  ].join(" · ");
}

function stdText({ std, expected }: Signal): string {
  const measured = std.toPrecision(digits);
  return expected === null
    ? measured
    : `${measured} (${expected.std.toPrecision(digits)})`;
}
