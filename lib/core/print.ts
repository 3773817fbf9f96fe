/**
 * The text of a tensor, as PyTorch prints it.
 *
 * @module
 */

import {
  type DataOf,
  type Dtype,
  dtypes,
  isFractional,
  readerOf,
  roundingOf,
} from "./dtype.ts";
import { elementCount, type Shape } from "./shape.ts";

/** More digits than a tie of any printed number can have. */
const enough = 100;

/**
 * Returns a number with a fixed count of decimals, as Python's `f"{x:.4f}"`.
 *
 * @param value A finite number below 1e21 in size.
 * @param digits Decimals, in [0, 20].
 */
function fixed(value: number, digits: number): string {
  const size = Math.abs(value);
  return sign(value) +
    roundedHalfEven(size.toFixed(digits), size.toFixed(enough), digits);
}

/**
 * Returns a number in scientific notation, as Python's `f"{x:.4e}"`: at least
 * two digits of exponent.
 *
 * @param value A finite number.
 * @param digits Decimals of the significand, in [0, 20].
 */
function scientific(value: number, digits: number): string {
  const size = Math.abs(value);
  const [near, exponent] = size.toExponential(digits).split("e");
  const [full, fullExponent] = size.toExponential(enough).split("e");
  // Where rounding carried into the exponent there was no tie to an odd digit.
  const significand = exponent === fullExponent
    ? roundedHalfEven(near, full, digits)
    : near;
  const power = exponent.slice(1).padStart(2, "0");
  return `${sign(value)}${significand}e${exponent[0]}${power}`;
}

function sign(value: number): string {
  return value < 0 || Object.is(value, -0) ? "-" : "";
}

/** Takes `near`, unless `full` ends in a tie and cutting it leaves it even. */
function roundedHalfEven(near: string, full: string, digits: number): string {
  const point = full.indexOf(".");
  const tie = /^50*$/.test(full.slice(point + 1 + digits));
  const cut = full.slice(0, digits === 0 ? point : point + 1 + digits);
  return tie && Number(cut.at(-1)) % 2 === 0 ? cut : near;
}

/** The parts of a tensor that printing reads. */
interface Elements {
  /** The element type. */
  readonly dtype: Dtype;
  /** Sizes along the axes. */
  readonly shape: Shape;
  /** The elements, the last axis contiguous. */
  readonly data: DataOf<Dtype>;
}

/** The most elements that are printed without `...`. */
export const threshold = 1000;

/** PyTorch's other print options, at their defaults. */
const precision = 4;
const edgeItems = 3;
const lineWidth = 80;
const prefix = "tensor(";

/** How the elements of one tensor are written. */
interface Format {
  /** Writes one element, without its padding. */
  readonly write: (value: number | bigint) => string;
  /** The width to which each is padded. */
  readonly width: number;
}

/**
 * Returns a tensor's text, letter by letter as PyTorch's `repr` gives it: four
 * decimals, columns aligned, scientific notation beyond a range of 1,000, and
 * `...` where there are more than 1,000 elements. For dtypes whose values are
 * not read, `...` and the shape. Floats of 4 bits, of which PyTorch prints pairs
 * as bytes, are printed as numbers; and NaN in float8_e8m0fnu, which PyTorch
 * takes for finite there, does not keep others from being written with exponents.
 *
 * @param elements The tensor.
 * @param whole Whether its memory still holds all elements. If not, the text is
 * `...`, the shape and that.
 * @see torch/_tensor_str.py, PyTorch 2.13.0
 */
export function printTensor(elements: Elements, whole: boolean): string {
  const count = elementCount(elements.shape);
  const { kind } = dtypes[elements.dtype];
  if (kind === "opaque" || !whole) {
    const { shape, dtype } = elements;
    return addSuffixes(`${prefix}...`, [
      `size=${tuple(shape)}`,
      `dtype=${fullName(dtype)}`,
      ...whole ? [] : ["its memory was transferred or shrunk"],
    ]);
  }
  const text = count === 0
    ? "[]"
    : printElements(elements, kind, count > threshold);
  return addSuffixes(prefix + text, suffixes(elements, count));
}

/**
 * Returns a tensor's text with every element, each as the shortest decimal that
 * no other number of the dtype is nearest to. Tensors that differ in a bit have
 * different texts.
 *
 * @param elements The tensor; of a dtype whose values are read.
 */
export function printExactly(elements: Elements): string {
  const count = elementCount(elements.shape);
  const textAt = exactTexts(elements);
  const texts = Array.from({ length: count }, (_, index) => textAt(index));
  const width = texts.reduce((most, { length }) => Math.max(most, length), 1);
  const text = count === 0
    ? "[]"
    : arrange(elements.shape, false, width, (at) => texts[at].padStart(width));
  return addSuffixes(prefix + text, suffixes(elements, count));
}

/**
 * Returns the text of a tensor by its digest, in place of its elements.
 *
 * @param elements The tensor.
 * @param digest What no other tensor has.
 */
export function printDigest(
  { shape, dtype }: Elements,
  digest: string,
): string {
  return addSuffixes(`${prefix}...`, [
    `size=${tuple(shape)}`,
    `dtype=${fullName(dtype)}`,
    `sha256=${digest}`,
  ]);
}

/**
 * Returns a function that writes the element at a place: two elements of one
 * dtype have the same text only if they have the same bits. NaN is written with
 * its bits.
 *
 * @param elements The tensor; of a dtype whose values are read.
 */
export function exactTexts(
  { data, dtype }: Pick<Elements, "data" | "dtype">,
): (index: number) => string {
  const { kind, decode, parts } = dtypes[dtype];
  const read = readerOf(dtype, data);
  if (!isFractional(dtype)) {
    const { write } = plainFormat(kind === "bool" ? kind : "integer", []);
    return (index) => write(read(index));
  }
  const rounded = roundingOf(dtype);
  const write = (place: number) => {
    const value = decode(read(place));
    if (Number.isNaN(value)) return `nan:${bitsAt(data, place)}`;
    if (!Number.isFinite(value)) return value < 0 ? "-inf" : "inf";
    const text = sign(value) + shortest(Math.abs(value), rounded);
    return /^-?\d+$/.test(text) ? `${text}.` : text;
  };
  return parts === 1
    ? write
    : (index) => joinParts(write(2 * index), write(2 * index + 1));
}

/** Writes a complex number by its parts. */
function joinParts(real: string, imaginary: string): string {
  return `${real}${imaginary.startsWith("-") ? "" : "+"}${imaginary}j`;
}

/** The shortest decimal that is rounded to a number, which is at least 0. */
function shortest(value: number, rounded: (value: number) => number): string {
  for (let digits = 1; digits <= 9; digits++) {
    const near = Number(value.toPrecision(digits));
    if (rounded(near) === value) return String(near);
  }
  return String(value);
}

/** The bits of a stored number, as hexadecimal digits. */
function bitsAt(data: DataOf<Dtype>, index: number): string {
  const { buffer, byteOffset, BYTES_PER_ELEMENT: size } = data;
  const bytes = new Uint8Array(buffer, byteOffset + index * size, size);
  return [...bytes].reverse()
    .map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function printElements(
  elements: Elements,
  kind: "float" | "complex" | "integer" | "bool",
  summarize: boolean,
): string {
  const { shape, dtype } = elements;
  const { decode, parts } = dtypes[dtype];
  const stored = readerOf(dtype, elements.data);
  const strides = stridesOf(shape);
  const isReal = isFractional(dtype);
  // Whole numbers stay as they are stored: an int64 does not fit a number.
  const read = (offset: number, part: number) => {
    const element = stored(offset * parts + part);
    return isReal ? decode(element) : element;
  };
  const formats = Array.from({ length: parts }, (_, part) => {
    const values = visit(0, 0).map((offset) => read(offset, part));
    return isReal
      ? chooseFormat(values.map(Number))
      : plainFormat(kind === "bool" ? kind : "integer", values);
  });
  // An imaginary part ends in a j, and starts with its sign.
  const width = formats.reduce((sum, format) => sum + format.width, 0) +
    parts - 1;
  return arrange(shape, summarize, width, (offset) => {
    const [real, imaginary] = formats.map((format, part) =>
      format.write(read(offset, part)).padStart(format.width)
    );
    return imaginary === undefined
      ? real
      : joinParts(real, imaginary.trimStart());
  });

  /** The places of the elements that are printed. */
  function visit(axis: number, offset: number): number[] {
    if (axis === shape.length) return [offset];
    return shownIndices(shape[axis], summarize).flatMap((index) =>
      index === null ? [] : visit(axis + 1, offset + index * strides[axis])
    );
  }
}

/** Puts the texts of elements, which have one width, into nested brackets. */
function arrange(
  shape: Shape,
  summarize: boolean,
  width: number,
  write: (offset: number) => string,
): string {
  const strides = stridesOf(shape);
  return print(0, 0);

  function print(axis: number, offset: number): string {
    if (shape.length === 0) return write(offset);
    const indent = prefix.length + axis;
    const last = axis === shape.length - 1;
    const items = shownIndices(shape[axis], summarize).map((index) => {
      if (index === null) return last ? " ..." : "...";
      const start = offset + index * strides[axis];
      return last ? write(start) : print(axis + 1, start);
    });
    if (last) return `[${wrap(items, width, indent)}]`;
    const newlines = "\n".repeat(shape.length - axis - 1);
    return `[${items.join(`,${newlines}${" ".repeat(indent + 1)}`)}]`;
  }
}

/** How many elements lie between neighbors along each axis. */
function stridesOf(shape: Shape): number[] {
  return shape.map((_, axis) => elementCount(shape.slice(axis + 1)));
}

/** The printed indices along an axis; null for `...`. */
function shownIndices(size: number, summarize: boolean): (number | null)[] {
  if (!summarize || size <= 2 * edgeItems) {
    return Array.from({ length: size }, (_, index) => index);
  }
  const edge = Array.from({ length: edgeItems }, (_, index) => index);
  return [...edge, null, ...edge.map((index) => size - edgeItems + index)];
}

/** Breaks the items of one row into lines of at most 80 characters. */
function wrap(items: string[], width: number, indent: number): string {
  const perLine = Math.max(1, Math.floor((lineWidth - indent) / (width + 2)));
  const lines: string[] = [];
  for (let start = 0; start < items.length; start += perLine) {
    lines.push(items.slice(start, start + perLine).join(", "));
  }
  return lines.join(`,\n${" ".repeat(indent + 1)}`);
}

/** Integers and booleans, unchanged. */
function plainFormat(
  kind: "integer" | "bool",
  values: (number | bigint)[],
): Format {
  const write = (value: number | bigint) =>
    kind === "integer" ? String(value) : value === 0 ? "False" : "True";
  return { write, width: widest(values, write) };
}

/** Chooses one notation and width for all elements from the printed ones. */
function chooseFormat(values: number[]): Format {
  // Without a finite non-zero value PyTorch sets no width beyond 1.
  const finite = values.filter((value) => Number.isFinite(value) && value);
  const sizes = finite.map(Math.abs);
  const largest = sizes.reduce((a, b) => Math.max(a, b), -Infinity);
  const smallest = sizes.reduce((a, b) => Math.min(a, b), Infinity);
  const whole = finite.every(Number.isInteger);
  const useScientific = finite.length > 0 &&
    (largest / smallest > 1000 || largest > 1e8 || smallest < 1e-4);
  const write = (stored: number | bigint) => {
    const value = Number(stored);
    if (Number.isNaN(value)) return "nan";
    if (!Number.isFinite(value)) return value < 0 ? "-inf" : "inf";
    if (useScientific) return scientific(value, precision);
    return whole ? `${fixed(value, 0)}.` : fixed(value, precision);
  };
  return { write, width: widest(finite, write) };
}

function widest(
  values: (number | bigint)[],
  write: Format["write"],
): number {
  return Math.max(1, ...values.map((value) => write(value).length));
}

function suffixes({ dtype, shape }: Elements, count: number): string[] {
  const list: string[] = [];
  if (count === 0 && shape.length !== 1) list.push(`size=${tuple(shape)}`);
  const implied = dtype === "float32" ||
    count > 0 && ["int64", "bool", "complex64"].includes(dtype);
  if (!implied) list.push(`dtype=${fullName(dtype)}`);
  return list;
}

/** PyTorch has neither opaque dtypes nor elements of fewer than 8 bits. */
function fullName(dtype: Dtype): string {
  const { kind, bits } = dtypes[dtype];
  return kind === "opaque" || bits < 8 ? dtype : `torch.${dtype}`;
}

/** Appends the suffixes, on a new line where they do not fit. */
function addSuffixes(text: string, list: string[]): string {
  let result = text;
  // One more than the last line has: PyTorch counts this way.
  let lineLength = text.length - text.lastIndexOf("\n") + 1;
  for (const suffix of list) {
    if (lineLength + suffix.length + 2 > lineWidth) {
      const indent = " ".repeat(prefix.length);
      result += `,\n${indent}${suffix}`;
      lineLength = indent.length + suffix.length;
    } else {
      result += `, ${suffix}`;
      lineLength += suffix.length + 2;
    }
  }
  return `${result})`;
}

/** A shape as Python writes a tuple. */
function tuple(shape: Shape): string {
  return shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
}
