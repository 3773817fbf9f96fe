/**
 * Assertions and snapshots for tests of one's own models, in `deno test`, Node's
 * runner and Vitest: tensors are compared to the bit, or within bounds that the
 * test states.
 *
 * @example A model's start
 * ```ts
 * import { nn, withSeed } from "@fanin/fanin";
 * import { assertInitialized, assertModelEquals } from "@fanin/fanin/testing";
 *
 * const [a, b] = [1, 2].map(() => withSeed(0, () => new nn.Linear(3, 2)));
 * assertModelEquals(a, b);
 * assertInitialized(a);
 * ```
 *
 * @module
 */

import { numbersOf, summary } from "./checkpoint/summary/summary.ts";
import type { Summary, SummaryRow } from "./checkpoint/summary/result.ts";
import { digestOf } from "./core/digest.ts";
import { dtypes, isFractional, readerOf } from "./core/dtype.ts";
import { formatCount, formatNumber, plural } from "./core/format.ts";
import {
  cannot,
  clip,
  count,
  describe,
  flag,
  type Option,
  orNull,
  readOptions,
  real,
  renamed,
  shownName,
  suggestion,
  textual,
} from "./core/options.ts";
import { exactTexts } from "./core/print.ts";
import { formatShape, type Shape } from "./core/shape.ts";
import {
  namedTensors,
  type NamedWeights,
  tensorsOf,
  type Weights,
} from "./core/source.ts";
import { checkTensor, type Tensor, valuesOf } from "./core/tensor.ts";
import { type Distances, distancesOf, oneNaN } from "./numerics/difference.ts";
import { moments } from "./numerics/moments.ts";

export { withSeed } from "./random/default_generator.ts";

/**
 * What the assertions throw. Test runners know it by its name.
 *
 * @example
 * ```ts
 * import { tensor } from "@fanin/fanin";
 * import { AssertionError, assertTensorEquals } from "@fanin/fanin/testing";
 * import { assertThrows } from "@std/assert";
 *
 * assertThrows(
 *   () => assertTensorEquals(tensor([0]), tensor([-0])),
 *   AssertionError,
 *   "[0]: 0., expected -0.",
 * );
 * ```
 */
export class AssertionError extends Error {
  /** Its name, which minifiers leave alone. */
  override name = "AssertionError";
}

/** The first elements that differ, for one tensor and for one of several. */
const mostPlaces = { alone: 8, listed: 3 } as const;

/** The most tensors of each fault that a message lists. */
const mostTensors = 6;

/** The most characters of a message, besides the caller's own. */
const mostCharacters = 4000;

const msg = textual(undefined);

const equalTable = { equalNaN: flag(false), equalZero: flag(false), msg };

const bound = orNull(real(undefined, { low: 0 }));

const nearTable = {
  absolute: bound,
  relative: bound,
  ulps: orNull(count(0)),
  msg,
};

const names: Option<readonly string[]> = {
  fallback: [],
  read(action, name, value) {
    const isList = Array.isArray(value) &&
      value.every((each) => typeof each === "string");
    if (isList) return value;
    throw new TypeError(
      cannot(action, `${name} must be an array of names`, describe(value)),
    );
  },
};

/**
 * Asserts that two tensors have one dtype, one shape and the same bits.
 *
 * The message says how many elements differ, the first of them by their
 * indices with both values, and the largest difference.
 *
 * @param actual The tensor to test.
 * @param expected The tensor that it should be.
 * @param options Whether each NaN equals each other (default: NaN of other bits
 * differ), whether −0 equals 0 (default: they differ), and a text for the
 * message.
 * @throws {AssertionError} If they differ.
 * @throws {TypeError} If one is no tensor, or an option is unknown or of the
 * wrong kind.
 *
 * @example
 * ```ts
 * import { tensor } from "@fanin/fanin";
 * import { assertTensorEquals } from "@fanin/fanin/testing";
 * import { assertThrows } from "@std/assert";
 *
 * assertTensorEquals(tensor([1, NaN]), tensor([1, NaN]));
 * assertTensorEquals(tensor([0]), tensor([-0]), { equalZero: true });
 * assertThrows(
 *   () => assertTensorEquals(tensor([[1, 2.5]]), tensor([[1, 2]])),
 *   Error,
 *   `Tensors are not equal
 *   1 of 2 elements differs, float32 [1, 2]
 *   [0, 1]: 2.5, expected 2.
 *   largest difference: 0.5 at [0, 1], 2097152 ulps`,
 * );
 * ```
 */
export function assertTensorEquals(
  actual: Tensor,
  expected: Tensor,
  options: {
    readonly equalNaN?: boolean;
    readonly equalZero?: boolean;
    readonly msg?: string;
  } = {},
): void {
  const action = "compare tensors";
  const read = readOptions(action, options, equalTable);
  checkPair(action, actual, expected);
  const fault = faultOf(actual, expected, equality(read), mostPlaces.alone);
  if (fault !== undefined) fail("Tensors are not equal", read.msg, fault);
}

/**
 * Asserts that two tensors have one dtype and one shape, and that each element
 * is near the expected one.
 *
 * An element is near if one of the given bounds allows it: `|actual − expected|
 * ≤ absolute`, or `≤ relative · |expected|`, or at most `ulps` steps from one
 * number of the dtype to the next. An infinity is near itself alone, unless
 * `ulps` allows the largest number, which is its neighbor. NaN is near NaN, and
 * 0 is near −0.
 *
 * @param actual The tensor to test.
 * @param expected The tensor that it should be near to.
 * @param options The bounds, each at least 0, of which one must be given, and a
 * text for the message.
 * @throws {AssertionError} If they are not.
 * @throws {TypeError} If one is no tensor, the values of their dtype are not
 * read, no bound is given, or an option is unknown or of the wrong kind.
 * @throws {RangeError} If a bound is negative or not finite, or `ulps` no whole
 * number.
 *
 * @example
 * ```ts
 * import { tensor } from "@fanin/fanin";
 * import { assertTensorAlmostEquals } from "@fanin/fanin/testing";
 * import { assertThrows } from "@std/assert";
 *
 * const [a, b] = [tensor([1, 200]), tensor([1, 201])];
 * assertTensorAlmostEquals(a, b, { relative: 0.005 });
 * assertThrows(
 *   () => assertTensorAlmostEquals(a, b, { absolute: 0.5, ulps: 4 }),
 *   Error,
 *   "1 of 2 elements differs by more than absolute 0.5 and ulps 4",
 * );
 * ```
 */
export function assertTensorAlmostEquals(
  actual: Tensor,
  expected: Tensor,
  options: {
    readonly absolute?: number;
    readonly relative?: number;
    readonly ulps?: number;
    readonly msg?: string;
  },
): void {
  const action = "compare tensors";
  const { msg, ...bounds } = readOptions(action, options, nearTable);
  const given = Object.entries(bounds).filter(([, value]) => value !== null);
  if (given.length === 0) {
    throw new TypeError(
      cannot(action, "absolute, relative or ulps must be given"),
    );
  }
  checkPair(action, actual, expected);
  const { dtype } = actual;
  // Says by its error that they are not read.
  if (dtypes[dtype].kind === "opaque") dtypes[dtype].decode(0);
  const by = given.map(([name, value]) => `${name} ${value}`).join(" and ");
  const fault = faultOf(
    actual,
    expected,
    { differ: `by more than ${by}`, allows: nearness(bounds) },
    mostPlaces.alone,
  );
  if (fault !== undefined) fail("Tensors are not almost equal", msg, fault);
}

/**
 * Asserts that two models, or tensors by name, have the same names, and under
 * each a tensor of one dtype, one shape and the same bits. Of a model this is
 * its state dict; the order of names does not count.
 *
 * @param actual The model to test: a layer or model, or a record or Map of
 * tensors.
 * @param expected What it should be, in one of these forms.
 * @param options As for {@linkcode assertTensorEquals}.
 * @throws {AssertionError} If a name is missing or surplus, or tensors differ.
 * @throws {TypeError} If one is no model, or an option is unknown or of the
 * wrong kind.
 *
 * @example
 * ```ts
 * import { nn } from "@fanin/fanin";
 * import { assertModelEquals } from "@fanin/fanin/testing";
 * import { assertThrows } from "@std/assert";
 *
 * const model = new nn.Linear(3, 2);
 * assertModelEquals(model.clone(), model);
 * const { weight } = model;
 * assertThrows(
 *   () => assertModelEquals(model, { weight }),
 *   Error,
 *   "bias: surplus, float32 [2]",
 * );
 * ```
 */
export function assertModelEquals(
  actual: NamedWeights,
  expected: NamedWeights,
  options: {
    readonly equalNaN?: boolean;
    readonly equalZero?: boolean;
    readonly msg?: string;
  } = {},
): void {
  const action = "compare models";
  const read = readOptions(action, options, equalTable);
  const [left, right] = [actual, expected].map((weights) =>
    new Map(namedTensors(action, weights, "state"))
  );
  const missing = [...right].filter(([name]) => !left.has(name));
  const surplus = [...left].filter(([name]) => !right.has(name));
  const rule = equality(read);
  const differing = [...right].flatMap(([name, tensor]) => {
    const other = left.get(name);
    const fault = other && faultOf(other, tensor, rule, mostPlaces.listed);
    return fault === undefined ? [] : [{ name, fault }];
  });
  if (missing.length + surplus.length + differing.length === 0) return;
  fail("Models are not equal", read.msg, [
    `of ${plural(right.size, "tensor")} ${missing.length} missing, ${
      formatCount(differing.length)
    } different, and ${formatCount(surplus.length)} surplus`,
    ...listed(missing, (each) => [outlineOf("missing", each)]),
    ...listed(surplus, (each) => [outlineOf("surplus", each)]),
    ...listed(differing, ({ name, fault: [first, ...rest] }) => [
      `${shownName(name)}: ${first}`,
      ...rest.map((line) => `  ${line}`),
    ]),
  ]);
}

/**
 * Asserts that each parameter is as its initializer fills it, by the verdicts
 * of `summary`: spread and mean as expected, no value that no draw gives,
 * nothing NaN or infinite.
 *
 * A parameter that no initializer filled, or that was loaded, fails, too, since
 * nothing is known about it: name it in `except`.
 *
 * @param model A layer or model, or a record or Map of tensors.
 * @param options The chance `alpha` that a model as it should be fails, in (0,
 * 1) (default: 1e-6); the names `except` of parameters that are not tested; and
 * a text for the message.
 * @throws {AssertionError} If a parameter is not; the message says what it is.
 * @throws {TypeError} If it is no model, or an option is unknown or of the wrong
 * kind.
 * @throws {RangeError} If `alpha` is not in (0, 1), a name in `except` is no
 * parameter's, or there is no parameter to test.
 *
 * @example
 * ```ts
 * import { nn, withSeed } from "@fanin/fanin";
 * import { assertInitialized } from "@fanin/fanin/testing";
 * import { assertThrows } from "@std/assert";
 *
 * const model = withSeed(0, () => new nn.Linear(400, 300));
 * assertInitialized(model);
 * model.weight.toFloat32().forEach((x, i, data) => data[i] = x * 1.1);
 * assertThrows(
 *   () => assertInitialized(model),
 *   Error,
 *   "weight: wide: mean 6.022e−5, std 0.03174; kaimingUniform gives mean 0, std 0.02887",
 * );
 * assertInitialized(model, { except: ["weight"] });
 * ```
 */
export function assertInitialized(
  model: NamedWeights,
  options: {
    readonly alpha?: number;
    readonly except?: readonly string[];
    readonly msg?: string;
  } = {},
): void {
  const action = "test what a model was initialized with";
  const { alpha, except, msg } = readOptions(action, options, initTable);
  const named = namedTensors(action, model, "parameters");
  const known = named.map(([name]) => name);
  const unknown = except.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new RangeError(
      cannot(
        action,
        "except must name parameters",
        describe(unknown) + suggestion(unknown, known),
      ),
    );
  }
  const tested = named.filter(([name]) => !except.includes(name));
  if (tested.length === 0) {
    throw new RangeError(
      cannot(action, "there must be a parameter to test", "none"),
    );
  }
  const { rows } = summaryOf(action, new Map(tested), alpha);
  const wrong = rows.filter(({ verdict }) =>
    verdict !== "as expected" && verdict !== "empty"
  );
  if (wrong.length === 0) return;
  fail("Parameters are not as their initializers fill them", msg, [
    `${formatCount(wrong.length)} of ${formatCount(rows.length)}`,
    ...listed(wrong, (row) => [
      `${shownName(row.name)}: ${row.verdict}: ${reasonOf(row)}`,
    ]),
  ]);
}

const initTable = { alpha: real(1e-6), except: names, msg };

/** What is wrong with `alpha` is told as this function's own. */
function summaryOf(
  action: string,
  weights: ReadonlyMap<string, Tensor>,
  alpha: number,
): Summary {
  try {
    return summary(weights, { alpha });
  } catch (error) {
    throw error instanceof Error ? renamed(action, error) : error;
  }
}

/**
 * Returns the SHA-256 of a tensor, as 64 hexadecimal digits: of the text
 * `float32 [2, 3]`, which is its dtype and shape, a newline, and the
 * little-endian bytes of the elements in row-major order.
 *
 * @param tensor The tensor.
 * @throws {TypeError} If it is no tensor, or its memory was transferred.
 *
 * @example
 * ```ts
 * import { tensor } from "@fanin/fanin";
 * import { tensorDigest } from "@fanin/fanin/testing";
 * import { assertEquals } from "@std/assert";
 *
 * // hashlib.sha256(b"float32 [1]\n" + numpy.float32([1]).tobytes()).hexdigest()
 * assertEquals(
 *   tensorDigest(tensor([1])),
 *   "20068bc25db63635d5a9e081939859b95f5030a6817f89b4b8d33f82d17a7757",
 * );
 * ```
 */
export function tensorDigest(tensor: Tensor): string {
  checkTensor("make a digest", tensor, "the argument");
  return digestOf(tensor);
}

/**
 * Returns a text that differs where a bit of a tensor, a shape, a dtype or a
 * name does: a line for each tensor with its name, dtype, shape, mean, standard
 * deviation, extremes and digest. Numbers have four digits; NaN and infinities
 * are left out of them.
 *
 * @param weights A tensor; or a layer or model, whose state dict is taken, or a
 * record or Map of tensors.
 * @throws {TypeError} If it is none of these.
 *
 * @example
 * ```ts
 * import { tensor } from "@fanin/fanin";
 * import { snapshotOf } from "@fanin/fanin/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const text = snapshotOf({ bias: tensor([1, 2]) });
 * assertEquals(
 *   text,
 *   "bias: float32 [2], mean 1.5, std 0.7071, min 1, max 2, sha256 d65b9661e158415bfd2911755ab48fae2eac257925c10f8409919c7a9ef07438",
 * );
 * ```
 */
export function snapshotOf(weights: Weights): string {
  return tensorsOf("make a snapshot", weights, "state")
    .map(([name, tensor]) => {
      const { dtype, shape } = tensor;
      const quoted = JSON.stringify(name);
      const label = quoted === `"${name}"` ? name : quoted;
      return [
        `${name === "" ? "" : `${label}: `}${dtype} ${formatShape(shape)}`,
        ...statisticsOf(tensor),
        `sha256 ${digestOf(tensor)}`,
      ].join(", ");
    }).join("\n");
}

/** When elements of other bits are not taken for different. */
interface Rule {
  /** How they differ, for the message; "" if in a bit. */
  readonly differ: string;
  /** Returns the function that says whether elements at a place may differ. */
  readonly allows: (
    a: Tensor,
    b: Tensor,
    distances: Distances,
  ) => (index: number) => boolean;
}

/** A fault as lines of text, of which the first says it in short. */
type Fault = readonly string[];

function checkPair(action: string, actual: unknown, expected: unknown): void {
  checkTensor(action, actual, "the actual one");
  checkTensor(action, expected, "the expected one");
}

function equality(
  { equalNaN, equalZero }: { equalNaN: boolean; equalZero: boolean },
): Rule {
  const allows: Rule["allows"] = (a, b) => {
    const { decode, parts } = dtypes[a.dtype];
    if (!isFractional(a.dtype) || !equalNaN && !equalZero) return () => false;
    const [left, right] = [a, b].map(({ dtype, data }) =>
      readerOf(dtype, data)
    );
    const areEqual = bitsEqual(a, b);
    const allowsPlace = (place: number) => {
      const [x, y] = [decode(left(place)), decode(right(place))];
      return areEqual(place) ||
        equalNaN && Number.isNaN(x) && Number.isNaN(y) ||
        equalZero && x === 0 && y === 0;
    };
    return byElement(parts, allowsPlace);
  };
  return { differ: "", allows };
}

function nearness(
  { absolute, relative, ulps }: {
    readonly absolute: number | null;
    readonly relative: number | null;
    readonly ulps: number | null;
  },
): Rule["allows"] {
  return (_, b, { distanceAt, ulpsAt }) => {
    const sizeAt = sizesOf(b);
    return (index) => {
      const distance = distanceAt(index);
      if (Number.isNaN(distance)) return true;
      // One NaN, or none.
      if (distance < 0) return false;
      if (ulps !== null && ulpsAt !== null && ulpsAt(index) <= ulps) {
        return true;
      }
      if (distance === Infinity) return false;
      return distance === 0 || distance <= (absolute ?? -1) ||
        distance <= (relative ?? -1) * sizeAt(index);
    };
  };
}

/** Returns a function that gives an element's absolute value. */
function sizesOf({ data, dtype }: Tensor): (index: number) => number {
  const { decode, parts } = dtypes[dtype];
  const read = readerOf(dtype, data);
  const at = (place: number) => decode(read(place));
  return parts === 1
    ? (index) => Math.abs(at(index))
    : (index) => Math.hypot(at(2 * index), at(2 * index + 1));
}

/** Returns how two tensors differ; undefined if they do not. */
function faultOf(
  actual: Tensor,
  expected: Tensor,
  { differ, allows }: Rule,
  most: number,
): Fault | undefined {
  const { dtype, shape } = expected;
  const shapes = [actual, expected].map((each) => formatShape(each.shape));
  if (actual.dtype !== dtype || shapes[0] !== shapes[1]) {
    const [got, wanted] = shapes.map((text) => clip(text, 100));
    return [`${actual.dtype} ${got}, expected ${dtype} ${wanted}`];
  }
  const distances = distancesOf(
    actual.data,
    expected.data,
    dtype,
    actual.numel(),
  );
  const allowed = allows(actual, expected, distances);
  const found = placesOf(actual, expected, allowed, distances, most);
  const { differing, places } = found;
  if (differing === 0) return undefined;
  const isOpaque = dtypes[dtype].kind === "opaque";
  const texts = [actual, expected].map(isOpaque ? bytesOf : exactTexts);
  const verb = differing === 1 ? "differs" : "differ";
  return [
    `${formatCount(differing)} of ${
      plural(
        isOpaque ? actual.data.length : actual.numel(),
        isOpaque ? "byte" : "element",
      )
    } ${verb}${differ === "" ? "" : ` ${differ}`}, ${dtype} ${
      clip(shapes[0], 100)
    }`,
    ...places.map((place) => {
      const where = isOpaque ? `byte ${place}` : placeIn(shape, place);
      return `${where}: ${texts[0](place)}, expected ${texts[1](place)}`;
    }),
    ...differing > places.length
      ? [`… ${formatCount(differing - places.length)} more`]
      : [],
    ...largestOf(found, distances, shape),
  ];
}

/** The places where bits differ and may not. */
interface Places {
  /** How many there are. */
  readonly differing: number;
  /** The first of them. */
  readonly places: readonly number[];
  /** Where two numbers are farthest apart; null if there is no such place. */
  readonly farthest: number | null;
  /** How many are NaN in one tensor alone. */
  readonly oneNaN: number;
}

function placesOf(
  actual: Tensor,
  expected: Tensor,
  allows: (index: number) => boolean,
  { distanceAt }: Distances,
  most: number,
): Places {
  const { kind, parts } = dtypes[actual.dtype];
  const areEqual = byElement(parts, bitsEqual(actual, expected));
  const count = kind === "opaque" ? actual.data.length : actual.numel();
  const places: number[] = [];
  let [differing, nans, largest] = [0, 0, -1];
  let farthest: number | null = null;
  for (let index = 0; index < count; index++) {
    if (areEqual(index) || allows(index)) continue;
    differing++;
    if (places.length < most) places.push(index);
    if (kind === "opaque") continue;
    const distance = distanceAt(index);
    if (distance === oneNaN) nans++;
    else if (distance > largest) [largest, farthest] = [distance, index];
  }
  return { differing, places, farthest, oneNaN: nans };
}

/** Returns whether both parts of a complex element, or the one, pass a test. */
function byElement(
  parts: 1 | 2,
  test: (place: number) => boolean,
): (index: number) => boolean {
  return parts === 1 ? test : (index) => test(2 * index) && test(2 * index + 1);
}

/** Returns whether two tensors have the same bits at a place of storage. */
function bitsEqual(a: Tensor, b: Tensor): (place: number) => boolean {
  const [left, right] = [a, b].map(bitsOf);
  return (place) => left(place) === right(place);
}

/** Stored numbers as whole ones: NaN does not equal itself. */
function bitsOf(
  { data, dtype }: Tensor,
): (place: number) => number | bigint {
  const { buffer, byteOffset, length } = data;
  const whole = data instanceof Float32Array
    ? new Int32Array(buffer, byteOffset, length)
    : data instanceof Float64Array
    ? new BigInt64Array(buffer, byteOffset, length)
    : undefined;
  if (whole !== undefined) return (place) => whole[place];
  return dtypes[dtype].kind === "opaque"
    ? (place) => data[place]
    : readerOf(dtype, data);
}

function bytesOf({ data }: Tensor): (index: number) => string {
  return (index) => `0x${data[index].toString(16).padStart(2, "0")}`;
}

/** An element's indices. */
function placeIn(shape: Shape, place: number): string {
  let rest = place;
  const indices = shape.toReversed().map((size) => {
    const index = rest % size;
    rest = (rest - index) / size;
    return index;
  });
  return clip(formatShape(indices.reverse()), 100);
}

function largestOf(
  { farthest, oneNaN }: Places,
  { distanceAt, ulpsAt }: Distances,
  shape: Shape,
): string[] {
  const lineAt = (place: number) => {
    const ulps = ulpsAt === null ? "" : `, ${ulpsAt(place)} ulps`;
    return `largest difference: ${distanceAt(place)} at ${
      placeIn(shape, place)
    }${ulps}`;
  };
  return [
    ...farthest === null ? [] : [lineAt(farthest)],
    ...oneNaN === 0 ? [] : [`NaN in one of them alone: ${formatCount(oneNaN)}`],
  ];
}

function outlineOf(
  fault: string,
  [name, { dtype, shape }]: readonly [string, Tensor],
): string {
  const text = clip(formatShape(shape), 100);
  return `${shownName(name)}: ${fault}, ${dtype} ${text}`;
}

/** The lines of the first of many, and how many more there are. */
function listed<T>(
  all: readonly T[],
  linesOf: (one: T) => readonly string[],
): string[] {
  const rest = all.length - mostTensors;
  return [
    ...all.slice(0, mostTensors).flatMap(linesOf),
    ...rest > 0 ? [`… ${formatCount(rest)} more`] : [],
  ];
}

function reasonOf(row: SummaryRow): string {
  const { verdict, initializer, nonFinite, elements } = row;
  const [mean, std, expectedMean, expectedStd] = [
    row.mean,
    row.std,
    row.expectedMean,
    row.expectedStd,
  ].map((value) => formatNumber(value ?? NaN));
  if (verdict === "not finite") {
    return `${formatCount(nonFinite)} of ${plural(elements, "element")}`;
  }
  return expectedStd === "–"
    ? "no initializer is known to have filled it"
    : `mean ${mean}, std ${std}; ${
      initializer ?? "its initializer"
    } gives mean ${expectedMean}, std ${expectedStd}`;
}

/** Statistics of a tensor whose values are real numbers. */
function statisticsOf(tensor: Tensor): string[] {
  if (["opaque", "complex"].includes(dtypes[tensor.dtype].kind)) return [];
  const { mean, std, min, max } = numbersOf(
    moments(valuesOf(tensor)),
    tensor.dtype,
  );
  return Object.entries({ mean, std, min, max }).flatMap(([name, value]) =>
    value === null ? [] : [`${name} ${formatNumber(value)}`]
  );
}

function fail(what: string, msg: string | undefined, fault: Fault): never {
  const text = clip(
    fault.map((line) => `\n  ${line}`).join(""),
    mostCharacters,
  );
  throw new AssertionError(
    `${what}${msg === undefined ? "" : `: ${msg}`}${text}`,
  );
}
