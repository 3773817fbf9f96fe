/**
 * The density that values were drawn from, as a line to draw.
 *
 * It comes from the distribution's parameters, never from the values.
 *
 * @module
 */

import { dtypes } from "../core/dtype.ts";
import {
  digitsFor,
  formatCount,
  formatNumber,
  formatShare,
  rounder,
} from "../core/format.ts";
import { cannot, checkFinite, describe } from "../core/options.ts";
import { formatShape } from "../core/shape.ts";
import { Tensor, valuesOf } from "../core/tensor.ts";
import { uniformBound, uniformStd } from "../random/distribution.ts";
import { type Theory, theoryOf } from "../init/theory.ts";
import type { Histogram } from "../numerics/histogram.ts";
import { type Moments, moments, type Values } from "../numerics/moments.ts";
import { normalDensity, normalShare } from "../numerics/special.ts";
import { expected, letters } from "./page.ts";
import { asTyped } from "./text.ts";
import type { Annotation, LayoutShape, ScatterTrace } from "./types.ts";

/** A distribution with what is needed to draw it. */
export interface Law {
  /** The initializer, if one is known. */
  readonly name?: string;
  /** The kind. */
  readonly distribution: Theory["distribution"];
  /** The mean. */
  readonly mean: number;
  /** The standard deviation. */
  readonly std: number;
  /** Half the width of a uniform one; null for others. */
  readonly bound: number | null;
  /** A truncated normal before its cut, and the ends. */
  readonly cut?: NonNullable<Theory["cut"]>;
}

/** A place with a name. */
interface Mark {
  /** Where it is. */
  readonly x: number;
  /** What it is: plain text. */
  readonly text: string;
}

/** A density as a line. */
export interface Density {
  /** Whose it is, in a few signs: `kaimingUniform: U(−0.1, 0.1)`. */
  readonly label: string;
  /** The abscissas. */
  readonly x: readonly number[];
  /** The densities; empty where all is in one place. */
  readonly y: readonly number[];
  /** The bounds, or one std to each side. */
  readonly marks: readonly Mark[];
}

/** A normal density is drawn this far: 2.7e-5 of its area lies outside. */
const reach = 4.2;
/** An even number, so that one point is the peak. */
const segments = 80;

/**
 * Returns the line of a density. Its area by trapezoids is 1 to 1e-4.
 *
 * @param law The distribution.
 */
export function densityOf(law: Law): Density {
  const { name = "expected", distribution, std, cut } = law;
  const line = std === 0
    ? pointLine(law)
    : cut !== undefined
    ? truncatedLine(cut)
    : distribution === "normal"
    ? normalLine(law)
    : uniformLine(law);
  return { ...line, label: `${name}: ${line.label}` };
}

function pointLine({ mean }: Law): Density {
  const label = `constant ${formatNumber(mean)}`;
  return { label, x: [mean, mean], y: [], marks: [] };
}

/** A box, with edges straight up at both bounds. */
function uniformLine({ mean, bound }: Law): Density {
  const [low, high] = [mean - bound!, mean + bound!];
  const height = 1 / (high - low);
  const [first, last] = [low, high].map((end) =>
    formatNumber(end, digitsFor(low, high))
  );
  return {
    label: `U(${first}, ${last})`,
    x: [low, low, high, high],
    y: [0, height, height, 0],
    marks: [{ x: low, text: first }, { x: high, text: last }],
  };
}

function normalLine({ mean, std }: Law): Density {
  const steps = Array.from(
    { length: segments + 1 },
    (_, index) => reach * (2 * index / segments - 1),
  );
  const peak = 1 / (std * Math.sqrt(2 * Math.PI));
  const [place, level] = [rounder(std), rounder(peak)];
  return {
    label: `N(${formatNumber(mean, digitsFor(mean - std, mean + std))}, ${
      formatNumber(std)
    }²)`,
    x: steps.map((z) => place(mean + z * std)),
    y: steps.map((z) => level(peak * Math.exp(-z * z / 2))),
    marks: [
      { x: mean - std, text: "−std" },
      { x: mean + std, text: "+std" },
    ],
  };
}

/** A normal between edges straight up at both ends. */
function truncatedLine({ mean, std, low, high }: NonNullable<Theory["cut"]>) {
  const [lower, upper] = [(low - mean) / std, (high - mean) / std];
  const share = normalShare(lower, upper);
  // Beside the peak the density falls off sooner.
  const from = Math.max(lower, -Math.hypot(reach, Math.min(upper, 0)));
  const to = Math.min(upper, Math.hypot(reach, Math.max(lower, 0)));
  const steps = Array.from(
    { length: segments + 1 },
    (_, index) => from + (to - from) * index / segments,
  );
  const levels = steps.map((z) => normalDensity(z) / (std * share));
  const [place, level] = [rounder(high - low), rounder(Math.max(...levels))];
  const points = steps.map((z) => place(mean + z * std));
  const [first, last] = [low, high].map((end) =>
    formatNumber(end, digitsFor(low, high))
  );
  return {
    label: `N(${formatNumber(mean)}, ${
      formatNumber(std)
    }²) in [${first}, ${last}]`,
    x: [points[0], ...points, points.at(-1)!],
    y: [0, ...levels.map(level), 0],
    marks: [{ x: low, text: first }, { x: high, text: last }],
  };
}

/** Anything with named parameters: a layer, a model. */
export interface ParameterOwner {
  /** The parameters, each with its name. */
  namedParameters(): Iterable<readonly [string, Tensor]>;
  /** What it is called in a title. */
  toString(): string;
}

/** A tensor, or a layer whose `weight` is meant. */
export type Source = Tensor | ParameterOwner;

/** A tensor, read as numbers. */
export interface Sample {
  /** The tensor. */
  readonly tensor: Tensor;
  /** What it is called: plain text. */
  readonly title: string;
  /** Its elements. */
  readonly values: Values;
  /** Their moments. */
  readonly found: Moments;
  /** Whether they are whole numbers or truth values by their dtype. */
  readonly whole: boolean;
}

/**
 * Returns the values that a source stands for.
 *
 * @param action What is being done, for the error's sentence.
 * @param source A tensor or a layer.
 * @param parameter The name of the layer's parameter. Default: `weight`.
 * @throws {TypeError} If the source is neither, or a tensor with a parameter.
 * @throws {RangeError} If the layer has no such parameter, or there is no
 * finite value.
 */
export function sampleOf(
  action: string,
  source: Source,
  parameter: string | undefined,
): Sample {
  const { tensor, title } = tensorOf(action, source, parameter);
  const values = valuesOf(tensor);
  const found = moments(values);
  if (found.count === 0) {
    throw new RangeError(
      cannot(
        `${action} of shape ${formatShape(tensor.shape)}`,
        "there must be a finite value",
        values.length === 0 ? "no value" : `${values.length} not finite`,
      ),
    );
  }
  const whole = dtypes[tensor.dtype].kind !== "float";
  return { tensor, title, values, found, whole };
}

function tensorOf(
  action: string,
  source: Source,
  parameter: string | undefined,
): { tensor: Tensor; title: string } {
  if (source instanceof Tensor) {
    if (parameter !== undefined) {
      throw new TypeError(
        cannot(
          action,
          "parameter must be left out with a tensor",
          describe(parameter),
        ),
      );
    }
    return { tensor: source, title: theoryOf(source)?.name ?? "Tensor" };
  }
  if (typeof source?.namedParameters !== "function") {
    throw new TypeError(
      cannot(
        action,
        "it must be a tensor or have namedParameters()",
        describe(source),
      ),
    );
  }
  const name = parameter === undefined ? "weight" : parameter;
  const parameters = new Map(source.namedParameters());
  const tensor = parameters.get(name);
  if (tensor === undefined) {
    throw new RangeError(
      cannot(
        action,
        `parameter must be one of ${
          [...parameters.keys()].join(", ") || "none"
        }`,
        describe(name),
      ),
    );
  }
  return { tensor, title: `${firstLine(String(source))} · ${name}` };
}

/**
 * Returns the first line of a layer's or a model's text, without the bracket
 * that opens a tree.
 *
 * @param text What it prints.
 */
export function firstLine(text: string): string {
  const [first, ...more] = text.split("\n");
  return more.length === 0 ? first : first.replace(/\($/, "");
}

/** Labels of marks closer than this would touch, in pixels. */
const roomForLabels = 100;

/**
 * Returns the line of an expected density.
 *
 * @param density The density.
 * @param top How high a line goes that stands for a constant.
 */
export function densityTrace(density: Density, top: number): ScatterTrace {
  const label = asTyped(density.label);
  return {
    type: "scatter",
    mode: "lines",
    name: label,
    x: density.x,
    y: density.y.length === 0 ? [0, top] : density.y,
    line: { color: expected, width: 2.5 },
    hovertemplate: density.y.length === 0
      ? `${label}<extra></extra>`
      : `${label}<br>density %{y:.4~g}<extra></extra>`,
  };
}

/** Lines over the whole height, and their labels above the plot. */
interface Marks {
  /** The lines. */
  readonly shapes: readonly LayoutShape[];
  /** The labels. */
  readonly annotations: readonly Annotation[];
}

/**
 * Returns the marks of a density: its bounds, or one std to each side; none
 * where their labels would touch.
 *
 * @param density The density; null for none.
 * @param pixels How many pixels a unit of x has.
 */
export function marksOf(density: Density | null, pixels: number): Marks {
  const marks = density?.marks ?? [];
  const apart = marks.length < 2 ? 0 : (marks[1].x - marks[0].x) * pixels;
  if (apart < roomForLabels) return { shapes: [], annotations: [] };
  return {
    shapes: marks.map(({ x }) => ({
      type: "line",
      xref: "x",
      yref: "paper",
      x0: x,
      x1: x,
      y0: 0,
      y1: 1,
      line: { color: expected, width: 1, dash: "dot" },
      layer: "below",
    })),
    annotations: marks.map(({ x, text }) => ({
      text: asTyped(text),
      x,
      y: 1,
      xref: "x",
      yref: "paper",
      xanchor: "center",
      yanchor: "bottom",
      showarrow: false,
      borderpad: 0,
      borderwidth: 0,
      font: { size: letters.label },
    })),
  };
}

/**
 * Returns what a tensor is: shape, dtype, n, and what is odd about it.
 *
 * @param tensor The tensor.
 * @param moments Its moments.
 * @param outside How many values lie outside the bins.
 */
export function tensorFacts(
  tensor: Tensor,
  moments: Moments,
  outside: Histogram["outside"],
): string {
  const facts = [
    formatShape(tensor.shape),
    tensor.dtype,
    `n = ${formatCount(moments.count)}`,
  ];
  if (moments.zeroShare > 0) {
    facts.push(`${formatShare(moments.zeroShare)} zeros`);
  }
  if (outside > 0) facts.push(`${formatCount(outside)} outside the bins`);
  if (moments.nonFinite > 0) {
    facts.push(`${formatCount(moments.nonFinite)} not finite, left out`);
  }
  return facts.join(" · ");
}

/**
 * Returns the moments in one line, the expected std beside the measured.
 *
 * @param moments The moments.
 * @param law What the values were drawn from, if known.
 */
export function momentFacts(moments: Moments, law: Law | null): string {
  const { mean, min, max } = moments;
  const digits = digitsFor(min, max);
  return [
    `mean ${formatNumber(mean, digits)}`,
    stdFact(moments, law),
    `min ${formatNumber(min, digits)}`,
    `max ${formatNumber(max, digits)}`,
  ].join(" · ");
}

/**
 * Returns the measured std, and the expected one where it is known.
 *
 * @param moments The moments.
 * @param law What the values were drawn from, if known.
 */
export function stdFact(moments: Moments, law: Law | null): string {
  const measured = `std ${formatNumber(moments.sampleStd)}`;
  return law === null
    ? measured
    : `${measured} (expected ${formatNumber(law.std)})`;
}

/** A uniform distribution by its ends. */
export interface UniformInterval {
  /** The lower end. */
  readonly low: number;
  /** The upper end, not below `low`. */
  readonly high: number;
}

/** A distribution by its kind and moments. */
export interface NamedDistribution {
  /** The kind. */
  readonly distribution: "uniform" | "normal";
  /** The mean. Default: 0. */
  readonly mean?: number;
  /** The standard deviation, at least 0. */
  readonly std?: number;
  /** For a uniform one, in place of std: half its width, at least 0. */
  readonly bound?: number;
}

/** What values are expected to be drawn from; what `theoryOf` gives is one. */
export type TheoryOption = UniformInterval | NamedDistribution | Theory;

const forms =
  '{ low, high }, { distribution: "normal", mean, std } or { distribution: "uniform", mean, std or bound }';

/**
 * Returns the distribution that values are expected to be drawn from; null
 * where there is none.
 *
 * @param action What is being done, for the error's sentence.
 * @param tensor The tensor, whose initializer counts where nothing is said.
 * @param option What the caller says; null for nothing to be expected.
 * @throws {TypeError} If the option is not one of the forms.
 * @throws {RangeError} If a number is not as stated.
 */
export function lawOf(
  action: string,
  tensor: Tensor,
  option: TheoryOption | null | undefined,
): Law | null {
  if (option === undefined) return knownOf(tensor);
  if (option === null) return null;
  if (typeof option !== "object") throw formError(action, option);
  if ("cut" in option && option.cut !== undefined) return option;
  const { name, options: _, distribution, zeroed: __, ...rest } =
    option as Partial<Theory>;
  // A remembered theory that is not uniform has bound: null.
  const numbers = Object.fromEntries(
    Object.entries(rest).filter(([, value]) => value !== null),
  );
  for (const [key, value] of Object.entries(numbers)) {
    checkFinite(action, `theory.${key}`, value);
  }
  const { mean = 0, low, high, std, bound } = numbers as Record<string, number>;
  const form = Object.keys(numbers).filter((key) => key !== "mean").sort();
  switch ([distribution, ...form].join(" ")) {
    case " high low":
      if ("mean" in numbers) break;
      return uniform(action, (low + high) / 2, (high - low) / 2, name);
    case "uniform bound":
    case "uniform bound std":
      return uniform(action, mean, bound, name);
    case "uniform std":
      return uniform(action, mean, uniformBound(std), name);
    case "normal std":
    case "constant std":
      checkWidth(action, std);
      return { name, distribution: distribution!, mean, std, bound: null };
  }
  throw formError(action, option);
}

/** What the initializer says, where it says a density. */
function knownOf(tensor: Tensor): Theory | null {
  const theory = theoryOf(tensor);
  return theory?.distribution === "orthogonal" ? null : theory ?? null;
}

function uniform(
  action: string,
  mean: number,
  bound: number,
  name?: string,
): Law {
  checkWidth(action, bound);
  const std = uniformStd(-bound, bound);
  return { name, distribution: "uniform", mean, std, bound };
}

function checkWidth(action: string, width: number): void {
  if (width < 0) {
    throw new RangeError(
      cannot(action, "the width of theory must be at least 0", width),
    );
  }
}

function formError(action: string, option: unknown): TypeError {
  return new TypeError(
    cannot(action, `theory must be ${forms}`, JSON.stringify(option)),
  );
}
