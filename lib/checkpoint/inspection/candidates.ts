/**
 * The distributions from which PyTorch, JAX or Keras may have drawn a tensor of
 * some shape and name.
 *
 * Uniforms and normals here have mean 0, as in nearly all initializers.
 *
 * @module
 */

import { formatNumber } from "../../core/format.ts";
import { elementCount, type Shape } from "../../core/shape.ts";
import type { Layout } from "../../core/source.ts";
import {
  biasBound,
  calculateGain,
  type Fan,
  fan,
  type FanOptions,
  kaimingStd,
  xavierStd,
} from "../../init/scaling.ts";
import { truncatedMoments } from "../../numerics/special.ts";
import {
  type Expectation,
  expectationOf,
  type Normal,
  type TruncatedNormal,
  type Uniform,
  uniformBound,
} from "../../random/distribution.ts";

/** A distribution from which a tensor may have been drawn. */
export interface Candidate {
  /** The initializer and its numbers: `normal(0, 0.02)`. */
  readonly name: string;
  /** The distribution. */
  readonly distribution: Uniform | Normal | TruncatedNormal;
  /** The expected properties of values drawn from it. */
  readonly expected: Expectation;
}

/** A candidate before its numbers are known. */
type Unmeasured = Omit<Candidate, "expected">;

/** Shapes of tensors by name. */
type Shapes = Readonly<Record<string, { readonly shape: Shape }>>;

/** Facts about all tensors of a checkpoint. */
export interface Neighbors {
  /** Their shapes. */
  readonly shapes: Shapes;
  /**
   * How many layers of one kind there are: one more than the largest first
   * number in a name, as 11 in `h.11.mlp.weight`; 0 if no name has one.
   */
  readonly layers: number;
  /** What the axes of weights stand for; undefined if that is not known. */
  readonly layout: Layout | undefined;
  /** What follows from shapes alone, by these shapes. */
  readonly known: Map<string, Known>;
  /** The candidates of round numbers, by these. */
  readonly rounds: Map<number, Omit<Families, "rescaled">>;
}

/** What follows from the shapes of a tensor and of the weight beside it. */
interface Known extends Families {
  /** The fans of a weight; null if it is not known what its axes stand for. */
  readonly fans: Fan | null;
  /** The candidates of all families, each once. */
  readonly all: readonly Keyed[];
}

/** Candidates by how usual they are: those of a family before the next. */
interface Families {
  readonly uniforms: readonly Keyed[];
  readonly normals: readonly Keyed[];
  readonly truncated: readonly Keyed[];
  readonly rescaled: readonly Keyed[];
}

/** A candidate, and a text that equal distributions share. */
interface Keyed extends Candidate {
  readonly key: string;
}

/** Measurements of the values, near which round numbers are tried. */
interface Spread {
  /** The largest magnitude of a value. */
  readonly largest: number;
  /** Their standard deviation. */
  readonly std: number;
  /** How far it may differ from the distribution's. */
  readonly error: number;
}

/** A standard deviation that initializers use for a shape. */
interface Scale {
  readonly name: (family: "Uniform" | "Normal") => string;
  readonly std: number;
}

/** The axes of each layout that enter the fans by themselves. */
const axes: Readonly<Record<Layout, FanOptions["axes"]>> = {
  torch: { in: 1, out: 0 },
  hwio: { in: -2, out: -1 },
  ohwi: { in: -1, out: 0 },
};

/** Gains in wide use, and how they are named. */
const gains: readonly [name: string, gain: number][] = [
  ["", 1],
  [", gain 5/3", calculateGain("tanh")],
  [", relu", calculateGain("relu")],
  [", leaky_relu", calculateGain("leaky_relu")],
  [", leaky_relu 0.2", calculateGain("leaky_relu", 0.2)],
  [", selu", calculateGain("selu")],
];

/** The a = √5 of PyTorch's default weights. */
const defaultGain = calculateGain("leaky_relu", Math.sqrt(5));

/** Those of GPT-2, BERT and others in wide use. */
const usual = [0.02, 0.01, 0.05, 0.1, 1];

/** At most this many round numbers are tried, the nearest ones. */
const mostRound = 8;

/** How many std from the mean initializers cut normals. */
const cut = 2;

/** The std of what is left, in std before the cut. */
const cutStd = truncatedMoments(-cut, cut).std;

/**
 * Collects the facts about all tensors.
 *
 * @param shapes Their shapes.
 * @param layout What the axes of weights stand for, if that is known.
 */
export function neighborsOf(shapes: Shapes, layout?: Layout): Neighbors {
  return {
    shapes,
    layers: layerCount(shapes),
    layout,
    known: new Map(),
    rounds: new Map(),
  };
}

/**
 * Returns the fans of a weight; null if it is not known what its axes stand for,
 * and below rank 2.
 *
 * @param name The tensor's name.
 * @param neighbors All tensors, itself included.
 */
export function fansOf(name: string, neighbors: Neighbors): Fan | null {
  return knownFor(name, neighbors).fans;
}

/**
 * Returns the distributions that initializers would draw a tensor from, each
 * once, the most usual first.
 *
 * @param name The tensor's name.
 * @param neighbors All tensors, itself included.
 * @param spread The measurements of its values, near which round numbers are
 * tried. Default: none is.
 */
export function candidates(
  name: string,
  neighbors: Neighbors,
  spread?: Spread,
): readonly Candidate[] {
  const known = knownFor(name, neighbors);
  if (spread === undefined) return known.all;
  const bounds = roundBounds(spread).map((bound) => roundsAt(bound, neighbors));
  const stds = roundStds(spread).map((std) => roundsAt(std, neighbors));
  return once([
    ...known.uniforms,
    ...bounds.flatMap(({ uniforms }) => uniforms),
    ...known.normals,
    ...stds.flatMap(({ normals }) => normals),
    ...known.truncated,
    ...stds.flatMap(({ truncated }) => truncated),
    ...known.rescaled,
  ]);
}

function roundsAt(
  size: number,
  { rounds }: Neighbors,
): Omit<Families, "rescaled"> {
  return remembered(rounds, size, () => ({
    uniforms: measured(uniformsTo(size), []),
    normals: measured([normal(literal(size))], []),
    truncated: measured([cutNormal(literal(size))], []),
  }));
}

/** Those of a tensor's shape, made once for all tensors that share it. */
function knownFor(name: string, neighbors: Neighbors): Known {
  const { shapes, layers, layout, known } = neighbors;
  const { shape } = shapes[name];
  const weight = weightBeside(shapes, name);
  return remembered(known, `${shape} ${weight}`, () => {
    const scales = fanScales(shape, layout);
    const families = familiesOf(shape, weight, scales, layers);
    const { uniforms, normals, truncated, rescaled } = families;
    return {
      ...families,
      fans: layout === undefined || shape.length < 2
        ? null
        : fan(shape, { axes: axes[layout] }),
      all: once([...uniforms, ...normals, ...truncated, ...rescaled]),
    };
  });
}

function familiesOf(
  shape: Shape,
  weight: Shape | undefined,
  fans: readonly Scale[],
  layers: number,
): Families {
  const scales = [
    ...fans,
    ...depthScales(shape, layers),
    ...usual.map(literal),
  ];
  return {
    uniforms: measured([
      ...boundsOf(shape, weight),
      ...fans.map(({ name, std }) =>
        symmetric(name("Uniform"), uniformBound(std))
      ),
    ], shape),
    normals: measured(scales.map(normal), shape),
    truncated: measured(scales.map(cutNormal), shape),
    rescaled: measured(
      fans.map(({ name, std }) =>
        truncated(`${name("Normal")} cut at 2 std, rescaled`, std / cutStd)
      ),
      shape,
    ),
  };
}

/** Returns what a map has under a key; makes it the first time. */
function remembered<K, T>(map: Map<K, T>, key: K, make: () => T): T {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

/** The first of equal distributions. */
function once(all: readonly Keyed[]): Keyed[] {
  const seen = new Set<string>();
  return all.filter(({ key }) => !seen.has(key) && seen.add(key));
}

/** Adds what is expected, and leaves out what has no spread. */
function measured(all: readonly Unmeasured[], shape: Shape): Keyed[] {
  return all.flatMap(({ name, distribution }) => {
    // A fan of 0 gives no finite numbers.
    const isFinite = Object.values(distribution)
      .every((value) => typeof value !== "number" || Number.isFinite(value));
    if (!isFinite) return [];
    const key = Object.values(distribution).join();
    const expected = expectationOf(distribution, shape);
    const isOne = expected.std > 0 && Number.isFinite(expected.std);
    return isOne ? [{ name, distribution, expected, key }] : [];
  });
}

function layerCount(shapes: Shapes): number {
  let count = 0;
  for (const name of Object.keys(shapes)) {
    const number = name.split(/[./]/).find((part) => /^\d{1,4}$/.test(part));
    if (number !== undefined) count = Math.max(count, Number(number) + 1);
  }
  return count;
}

/** Bounds that follow directly from a size: `1 / sqrt(size)`. */
function boundsOf(shape: Shape, weight: Shape | undefined): Unmeasured[] {
  const sizes: number[] = [
    ...shape.length >= 2 ? [fan(shape).fanIn, shape[1]] : [],
    ...weight === undefined || weight.length < 2
      ? []
      : [elementCount(weight.slice(1)), weight[1], weight[0]],
    // One, three or four gates under each other: the hidden size.
    ...[1, 3, 4].map((gates) => (shape[0] ?? 0) / gates),
    ...shape.slice(-1),
  ];
  return sizes.filter((size) => Number.isInteger(size) && size > 0)
    .flatMap((size) =>
      [
        biasBound(size),
        // PyTorch computes it this way for weights; in float64 it may differ.
        uniformBound(kaimingStd(size, defaultGain)),
      ].map((bound) => symmetric(`uniform(±1/√${size})`, bound))
    );
}

/**
 * The shape of the weight that belongs to a bias: that of `0.weight` for
 * `0.bias`, of `weight_ih_l0` for `bias_ih_l0`; undefined if there is none.
 */
function weightBeside(shapes: Shapes, name: string): Shape | undefined {
  const at = name.lastIndexOf("bias");
  if (at === -1) return undefined;
  const [before, after] = [name.slice(0, at), name.slice(at + "bias".length)];
  const found = ["weight", "kernel"].map((word) => `${before}${word}${after}`)
    .find((weight) => Object.hasOwn(shapes, weight));
  return found === undefined ? undefined : shapes[found].shape;
}

function symmetric(name: string, bound: number): Unmeasured {
  return { name, distribution: { kind: "uniform", low: -bound, high: bound } };
}

function normal({ name, std }: Scale): Unmeasured {
  const distribution = { kind: "normal", mean: 0, std } as const;
  return { name: name("Normal"), distribution };
}

function cutNormal({ name, std }: Scale): Unmeasured {
  return truncated(`${name("Normal")} cut at 2 std`, std);
}

function truncated(name: string, std: number): Unmeasured {
  const [low, high] = [-cut * std, cut * std];
  const distribution = {
    kind: "truncatedNormal",
    mean: 0,
    std,
    low,
    high,
  } as const;
  return { name, distribution };
}

/**
 * Xavier's, Kaiming's and LeCun's, in the layout that is known first: what was
 * converted keeps the numbers it was drawn with.
 */
function fanScales(shape: Shape, layout: Layout | undefined): Scale[] {
  if (shape.length < 2) return [];
  const fans = [...new Set<Layout>([layout ?? "torch", "torch", "hwio"])]
    .map((layout) => fan(shape, { axes: axes[layout] }));
  return fans.flatMap(({ fanIn, fanOut }) =>
    gains.flatMap(([suffix, gain]) => [
      {
        name: (family: string) =>
          `xavier${family}(${fanIn} + ${fanOut}${suffix})`,
        std: xavierStd(fanIn, fanOut, gain),
      },
      ...[fanIn, fanOut].map((size) => ({
        name: (family: string) => `kaiming${family}(fan ${size}${suffix})`,
        std: kaimingStd(size, gain),
      })),
    ])
  );
}

/** Those of deep residual models. */
function depthScales(shape: Shape, layers: number): Scale[] {
  if (layers === 0) return [];
  const width = shape.at(-1) ?? 1;
  return [
    {
      name: () => `normal(0, 0.02/√(2·${layers}))`,
      std: 0.02 / Math.sqrt(2 * layers),
    },
    {
      name: () => `normal(0, √(2/(5·${width})))`,
      std: Math.sqrt(2 / (5 * width)),
    },
    {
      name: () => `normal(0, 2/(${layers}·√${width}))`,
      std: 2 / (layers * Math.sqrt(width)),
    },
  ];
}

function literal(std: number): Scale {
  return { name: () => `normal(0, ${formatNumber(std)})`, std };
}

/** Numbers of at most two digits near the measured one. */
function roundStds({ std, error }: Spread): number[] {
  if (!(std > 0)) return [];
  const step = 10 ** (Math.floor(Math.log10(std)) - 1);
  const nearest = Math.round(std / step);
  const near = Array.from(
    { length: mostRound },
    // 0, 1, −1, 2, −2, …
    (_, index) => nearest + (index % 2 ? 1 : -1) * Math.ceil(index / 2),
  );
  return near.map((count) => Number((count * step).toPrecision(2)))
    .filter((value) => Math.abs(value - std) <= error);
}

/** The smallest numbers of two digits and of one that no value exceeds. */
function roundBounds({ largest }: Spread): number[] {
  if (!(largest > 0)) return [];
  const power = Math.floor(Math.log10(largest));
  return [power, power - 1].map((digit) =>
    Number((Math.ceil(largest / 10 ** digit) * 10 ** digit).toPrecision(2))
  );
}

function uniformsTo(bound: number): Unmeasured[] {
  const name = formatNumber(bound);
  return [
    symmetric(`uniform(±${name})`, bound),
    {
      name: `uniform(0, ${name})`,
      distribution: { kind: "uniform", low: 0, high: bound },
    },
  ];
}
