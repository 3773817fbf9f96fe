/**
 * Looks into a checkpoint: what is in its tensors, and what is odd about them.
 *
 * @module
 */

import { checkFinite, withDefaults } from "../core/options.ts";
import type { Checkpoint } from "../formats/checkpoint.ts";
import { Duplicates } from "./duplicates.ts";
import { findingsOf } from "./findings.ts";
import { Gathered } from "./gathered.ts";
import { type Neighbours, neighboursOf } from "./neighbours.ts";
import { reportOf } from "./report.ts";
import type { Finding, Inspection, TensorReport } from "./result.ts";
import { checkpointOf, type Inspectable, readParts } from "./source.ts";

/** Options of {@linkcode inspect}. */
export interface InspectOptions {
  /**
   * How many standard deviations from the mean make an outlier, above 0. Default:
   * as many as a value of so many normals exceeds with a chance of 1e-6.
   */
  readonly sigma?: number;
  /** Which tensors are looked into, by name. Default: all. */
  readonly only?: (name: string) => boolean;
  /**
   * Is called when a part was read, with its bytes and the tensor's name.
   * Default: nothing is.
   */
  readonly onProgress?: (bytes: number, name: string) => void;
  /**
   * Is called after a tensor was read, with its report and all its values or, of
   * more than 65,536, so many of them in blocks evenly spread; none of whole
   * numbers. Default: nothing is.
   */
  readonly onTensor?: (
    report: TensorReport,
    values: Readonly<ArrayLike<number>>,
  ) => void;
}

const action = "inspect";

const defaults: Required<Omit<InspectOptions, "sigma">> & {
  sigma: number | undefined;
} = {
  sigma: undefined,
  only: () => true,
  onProgress: () => {},
  onTensor: () => {},
};

/**
 * Returns what is in the tensors of a checkpoint, and findings: values that are
 * not finite, dead rows and columns, outliers, constants, duplicates, and tensors
 * that are **still at initialisation**.
 *
 * Each tensor is read once, in parts of a few MB, so memory does not grow with the
 * checkpoint; those of equal fingerprints are read again to compare them.
 *
 * What float32 and float64 tensors of PyTorch were drawn from is told by exact
 * equality: the values lie on the lattice of its generator's uniforms, and its
 * normals come in pairs from two of them. Any step of training takes them off.
 * Values of other generators and in half precision are held against the
 * distribution by a Kolmogorov–Smirnov test, their std and their ends, and flagged
 * only where there are enough of them that 5 % noise would have been seen; else the
 * report says `consistent`, and there is no finding.
 *
 * @param source A checkpoint, a model, or tensors by name.
 * @param options Which tensors, and what makes an outlier.
 * @throws {TypeError} If the source is none of these, or an option is unknown or
 * of another kind.
 * @throws {RangeError} If `sigma` is not above 0.
 * @throws {SyntaxError} If the checkpoint's bytes do not parse.
 *
 * @example
 * ```ts
 * import { manualSeed, nn } from "@fanin/fanin";
 * import { inspect } from "@fanin/fanin/inspection";
 * import { assertEquals } from "@std/assert";
 *
 * manualSeed(0);
 * const model = new nn.Linear(400, 300);
 * const { findings } = await inspect(model);
 * assertEquals(findings.map(({ kind, tensor }) => [kind, tensor]), [
 *   ["fresh", "weight"],
 *   ["fresh", "bias"],
 * ]);
 *
 * model.weight.toFloat32().forEach((x, i, data) => data[i] = x * 0.999);
 * const after = await inspect(model);
 * assertEquals(after.findings.map(({ tensor }) => tensor), ["bias"]);
 * ```
 */
export async function inspect(
  source: Inspectable,
  options: InspectOptions = {},
): Promise<Inspection> {
  const { sigma, only, onProgress, onTensor } = withDefaults(
    action,
    options,
    defaults,
  );
  checkOptions(sigma, { only, onProgress, onTensor });
  const checkpoint = checkpointOf(source);
  const neighbours = neighboursOf(checkpoint.tensors);
  const duplicates = new Duplicates(checkpoint);
  const tensors: TensorReport[] = [];
  const findings: Finding[] = [];
  for (const name of Object.keys(checkpoint.tensors).filter(only)) {
    const gathered = await read(checkpoint, name, onProgress);
    const report = await reportWith(name, gathered, neighbours, duplicates);
    tensors.push(report);
    findings.push(...findingsOf(report, gathered, sigma));
    onTensor(report, gathered.sample?.values ?? []);
  }
  return {
    tensors,
    findings,
    elements: tensors.reduce((sum, { elements }) => sum + elements, 0),
    bytes: tensors.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

function checkOptions(
  sigma: number | undefined,
  functions: Readonly<Record<string, unknown>>,
): void {
  for (const [name, value] of Object.entries(functions)) {
    if (typeof value !== "function") {
      throw new TypeError(
        `Cannot ${action} as ${name} must be a function: current value is ${
          String(value)
        }`,
      );
    }
  }
  if (sigma === undefined) return;
  checkFinite(action, "sigma", sigma);
  if (sigma <= 0) {
    throw new RangeError(
      `Cannot ${action} as sigma must be above 0: current value is ${sigma}`,
    );
  }
}

async function read(
  checkpoint: Checkpoint,
  name: string,
  onProgress: (bytes: number, name: string) => void,
): Promise<Gathered> {
  const gathered = new Gathered(checkpoint.tensors[name]);
  await readParts(checkpoint, name, (part) => {
    gathered.add(part);
    onProgress(part.data.byteLength, name);
  });
  return gathered;
}

/** Constants equal each other by nature, and are no duplicates. */
async function reportWith(
  name: string,
  gathered: Gathered,
  neighbours: Neighbours,
  duplicates: Duplicates,
): Promise<TensorReport> {
  const report = reportOf(name, gathered, neighbours);
  const { min, max } = gathered.found();
  if (report.elements < 2 || min === max) return report;
  const duplicateOf = await duplicates.firstOf(name, gathered);
  return { ...report, duplicateOf };
}
