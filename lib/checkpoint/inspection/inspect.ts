/**
 * Inspects weights part by part: the contents of each tensor, and anything odd
 * about it.
 *
 * @module
 */

import { dtypes } from "../../core/dtype.ts";
import { formatCount } from "../../core/format.ts";
import {
  cannot,
  checkCallbacks,
  checkFinite,
  checkSignal,
  shownName,
  withDefaults,
} from "../../core/options.ts";
import { type Only, onlyBy } from "../../core/only.ts";
import { elementCount } from "../../core/shape.ts";
import type { Tensor } from "../../core/tensor.ts";
import {
  checkLayout,
  type Checkpoint,
  type Layout,
  namesOf,
  sharedPrefixes,
  type Source,
} from "../../core/source.ts";
import type { Moments } from "../../numerics/moments.ts";
import { bytesOf } from "../formats/bytes.ts";
import type { OpenOptions } from "../open.ts";
import {
  dtypesIn,
  realCheckpoint,
  realPlaces,
  withCheckpoint,
} from "../source.ts";
import { numbersOf } from "../summary/summary.ts";
import {
  candidates,
  fansOf,
  type Neighbors,
  neighborsOf,
} from "./candidates.ts";
import { findingsOf } from "./findings.ts";
import { Gathered } from "./gathered.ts";
import { areLevels, hasLattice, heldBits, originByLattice } from "./lattice.ts";
import { originByDistribution } from "./origin.ts";
import type {
  BinCounts,
  Finding,
  Inspection,
  Origin,
  TensorReport,
} from "./result.ts";
import { identity } from "./structure.ts";

/** Options of {@linkcode inspect}. */
export interface InspectOptions extends Pick<OpenOptions, "layout"> {
  /**
   * How many standard deviations from the mean make an outlier, above 0.
   * Default: the threshold that any of as many normals exceeds with a chance of
   * 1e-6.
   */
  readonly sigma?: number;
  /**
   * Which tensors to inspect: a part of their names, or with `*`, which matches
   * any text, the whole; or a function of a name. Default: all.
   */
  readonly only?: Only;
  /**
   * Called after each read part with its size in bytes and the tensor's name.
   * Default: nothing is.
   */
  readonly onProgress?: (bytes: number, name: string) => void;
  /**
   * Called after a tensor was read, with its report and its values: all of
   * them, or 65,536 in evenly spread blocks if there are more, and none for
   * integers. Default: nothing is.
   */
  readonly onTensor?: (
    report: TensorReport,
    values: Readonly<ArrayLike<number>>,
  ) => void;
  /**
   * Aborts: the promise then rejects with the signal's reason, and files that
   * were opened are closed. Default: nothing aborts.
   */
  readonly signal?: AbortSignal;
}

const action = "inspect";

const defaults:
  & Required<Omit<InspectOptions, "sigma" | "layout" | "signal">>
  & {
    sigma: number | undefined;
    layout: Layout | undefined;
    signal: AbortSignal | undefined;
  } = {
    sigma: undefined,
    layout: undefined,
    only: "*",
    onProgress: () => {},
    onTensor: () => {},
    signal: undefined,
  };

/** A histogram extends at most this many std to each side. */
const reach = 5;

/** Why nothing is found in tensors of opaque dtypes. */
const reason = "what its bytes stand for is unknown";

/** Elements of a part: 4 MB of float32. */
const partLength = 2 ** 20;

/**
 * Returns statistics and findings for each tensor: values that are not finite,
 * dead rows and columns, outliers, constants, duplicates, and tensors that are
 * **still at initialization**.
 *
 * Each tensor is read once, in parts of a few MB, so memory does not grow with the
 * file; those of equal fingerprints are read again to compare them.
 *
 * A complex tensor is reported as two of real numbers, `x.real` and `x.imag`.
 *
 * For float32 and float64 tensors of PyTorch, it recognizes the distribution by
 * exact equality: the values lie on the lattice of the generator's uniforms,
 * and the normals come in pairs made from two of them. Any step of training
 * moves them off the lattice. For other generators and half precision, it
 * compares the values with the distribution by a Kolmogorov–Smirnov test, their
 * std and their ends. It flags them only if there are enough to have detected 5
 * % noise; otherwise the report says `consistent`, and there is no finding.
 *
 * @param source The weights, in memory or in files. Of a model it reads the
 * state, buffers included.
 * @param options The tensors to inspect, the threshold of outliers, and what may
 * abort.
 * @throws {TypeError} If it is no source, or an option is unknown or of the
 * wrong kind.
 * @throws {RangeError} If `sigma` is not above 0.
 * @throws {SyntaxError} If the checkpoint's bytes do not parse.
 * @throws The signal's reason, if it aborted.
 *
 * @example
 * ```ts
 * import { manualSeed, nn } from "@fanin/fanin";
 * import { inspect } from "@fanin/fanin/checkpoint";
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
  source: Source,
  options: InspectOptions = {},
): Promise<Inspection> {
  const { sigma, onProgress, onTensor, signal, ...given } = withDefaults(
    action,
    options,
    defaults,
  );
  checkSigma(sigma);
  checkLayout(action, given.layout);
  checkCallbacks(action, { onProgress, onTensor });
  const only = onlyBy(action, given.only);
  checkSignal(action, signal);
  return await withCheckpoint(action, source, async (opened) => {
    const places = [...realPlaces(dtypesIn(opened))];
    const checkpoint = realCheckpoint(opened);
    const { layout = checkpoint.layout } = given;
    const neighbors = neighborsOf(checkpoint.tensors, layout);
    const duplicates = new Duplicates(checkpoint);
    const tensors: TensorReport[] = [];
    const findings: Finding[] = [];
    for (const [name] of places.filter(([, [of]]) => only(of))) {
      const gathered = await read(checkpoint, name, layout, onProgress);
      const report = reportOf(
        name,
        gathered,
        neighbors,
        await duplicateOf(name, gathered, duplicates),
      );
      tensors.push(report);
      findings.push(...findingsOf(report, gathered, sigma));
      onTensor(report, gathered.sample?.values ?? []);
    }
    const { unread = {}, notes = [] } = checkpoint;
    return {
      layout: layout ?? null,
      metadata: checkpoint.metadata,
      tensors,
      of: places.length + Object.keys(unread).length,
      findings,
      unread: [
        ...tensors.filter(({ dtype }) => dtypes[dtype].kind === "opaque")
          .map(({ name, dtype, shape }) => ({ name, dtype, shape, reason })),
        ...namesOf(unread).filter((name) => only(name))
          .map((name) => ({ name, ...unread[name] })),
      ],
      notes: [...notes, ...prefixNotes(opened)],
      elements: tensors.reduce((sum, { elements }) => sum + elements, 0),
      bytes: tensors.reduce((sum, { bytes }) => sum + bytes, 0),
    };
  }, signal);
}

/** Wrappers, such as those of parallel or compiled models, prepend a name. */
function prefixNotes({ tensors, unread = {} }: Checkpoint): string[] {
  const names = [...namesOf(tensors), ...namesOf(unread)];
  // Where no dot follows, the names are those of one layer.
  const prefix = sharedPrefixes(names).findLast(({ length }) =>
    names.length > 1 && names.some((name) => name.includes(".", length))
  );
  if (prefix === undefined) return [];
  return [
    `all ${formatCount(names.length)} names begin with ${
      shownName(prefix)
    }: loadStateDict strips it with { prefix }`,
  ];
}

/** The tensors so far, by fingerprint. */
export class Duplicates {
  readonly #checkpoint: Checkpoint;
  readonly #names = new Map<string, string[]>();

  /**
   * @param checkpoint The checkpoint whose tensors are compared.
   */
  constructor(checkpoint: Checkpoint) {
    this.#checkpoint = checkpoint;
  }

  /**
   * Returns the first tensor so far that has the dtype and the bytes of this
   * one; null for none. It rereads tensors whose fingerprints agree.
   *
   * @param name The tensor's name.
   * @param gathered What its read gathered.
   */
  async firstOf(name: string, gathered: Gathered): Promise<string | null> {
    const { dtype, bytes } = gathered.info;
    const key = `${dtype} ${bytes} ${gathered.fingerprint}`;
    const known = this.#names.get(key) ?? [];
    for (const other of known) {
      if (await this.#areEqual(name, other)) return other;
    }
    this.#names.set(key, [...known, name]);
    return null;
  }

  async #areEqual(one: string, other: string): Promise<boolean> {
    let equal = true;
    let start = 0;
    await readParts(this.#checkpoint, one, async (part) => {
      if (!equal) return;
      const end = start + part.numel();
      const second = await this.#checkpoint.read(other, { start, end });
      const [a, b] = [bytesOf(part), bytesOf(second)];
      equal = a.every((byte, index) => byte === b[index]);
      start = end;
    });
    return equal;
  }
}

function checkSigma(sigma: number | undefined): void {
  if (sigma === undefined) return;
  checkFinite(action, "sigma", sigma);
  if (sigma <= 0) {
    throw new RangeError(
      cannot(action, "sigma must be above 0", sigma),
    );
  }
}

async function read(
  checkpoint: Checkpoint,
  name: string,
  layout: Layout | undefined,
  onProgress: (bytes: number, name: string) => void,
): Promise<Gathered> {
  const gathered = new Gathered(checkpoint.tensors[name], layout);
  await readParts(checkpoint, name, (part) => {
    gathered.add(part);
    onProgress(part.data.byteLength, name);
  });
  return gathered;
}

/** Reads a tensor in parts, each a vector of 1,048,576 elements but the last. */
async function readParts(
  checkpoint: Checkpoint,
  name: string,
  take: (part: Tensor) => void | Promise<void>,
): Promise<void> {
  const count = elementCount(checkpoint.tensors[name].shape);
  for (let start = 0; start < count; start += partLength) {
    const end = Math.min(count, start + partLength);
    await take(await checkpoint.read(name, { start, end }));
  }
}

/** Constants equal each other by nature, and are no duplicates. */
async function duplicateOf(
  name: string,
  gathered: Gathered,
  duplicates: Duplicates,
): Promise<string | null> {
  const { min, max } = gathered.found();
  const isConstant = elementCount(gathered.info.shape) < 2 || min === max;
  return isConstant ? null : await duplicates.firstOf(name, gathered);
}

function reportOf(
  name: string,
  gathered: Gathered,
  neighbors: Neighbors,
  duplicateOf: string | null,
): TensorReport {
  const { info } = gathered;
  const { shape, dtype, bytes } = info;
  const { kind } = dtypes[dtype];
  const found = gathered.found();
  const fans = kind === "float" ? fansOf(name, neighbors) : null;
  return {
    name,
    shape,
    dtype,
    elements: elementCount(shape),
    bytes,
    fanIn: fans?.fanIn ?? null,
    fanOut: fans?.fanOut ?? null,
    ...numbersOf(found, dtype),
    quantization: info.quantization ?? null,
    histogram: histogramOf(gathered, found),
    duplicateOf,
    origin: originOf(name, gathered, found, neighbors),
  };
}

function histogramOf(
  { grid }: Gathered,
  { count, mean, sampleStd, min, max }: Moments,
): BinCounts | null {
  if (count === 0) return null;
  const far = count < 2 ? 0 : reach * sampleStd;
  return grid.between(Math.max(min, mean - far), Math.min(max, mean + far));
}

function originOf(
  name: string,
  { info, sample, structure }: Gathered,
  found: Moments,
  neighbors: Neighbors,
): Origin | null {
  // A file's rounding hides what was drawn, as do 8 bits; equal values were not
  // drawn.
  if (
    sample === undefined || info.quantization !== undefined ||
    !dtypes[info.dtype].isFilled ||
    found.nonFinite > 0 || !(found.min < found.max)
  ) return null;
  if (structure?.isIdentity(found)) {
    return made(identity, "ones on the diagonal and zeros elsewhere");
  }
  const drawn = withoutZeros(found);
  const known = { bits: heldBits(sample.values), found: drawn, sample };
  const spread = {
    largest: Math.max(-found.min, found.max),
    std: drawn.sampleStd,
    error: 6 * drawn.sampleStd / Math.sqrt(2 * drawn.count),
  };
  const hidden = areLevels(sample.values);
  const lattice = !hidden && hasLattice(known)
    ? originByLattice(known, candidates(name, neighbors, spread))
    : null;
  if (lattice !== null) return lattice;
  const gain = structure?.gain();
  if (gain !== undefined) {
    return made(
      `orthogonal (gain ${Number(gain.toPrecision(6))})`,
      "its rows, or columns where these are shorter, are orthogonal and of one length within 1e-5",
    );
  }
  if (hidden) return null;
  // A candidate chosen near the measured std cannot be tested by it.
  return originByDistribution(known, candidates(name, neighbors));
}

/** The moments of the values that are not 0: zeros may have been set later. */
function withoutZeros(found: Moments): Moments {
  const { count, mean, sampleStd, zeroShare } = found;
  const share = 1 - zeroShare;
  if (zeroShare === 0 || share === 0) return found;
  const square = ((count - 1) / count * sampleStd ** 2 + mean ** 2) / share;
  const rest = count * share;
  const variance = Math.max(0, square - (mean / share) ** 2);
  return {
    ...found,
    count: rest,
    mean: mean / share,
    sampleStd: Math.sqrt(variance * rest / Math.max(1, rest - 1)),
    zeroShare: 0,
  };
}

function made(initializer: string, evidence: string): Origin {
  return { state: "fresh", initializer, evidence, share: 1, chance: null };
}
