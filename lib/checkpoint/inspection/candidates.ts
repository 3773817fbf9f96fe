/**
 * From what a tensor of some shape and name may have been drawn, in PyTorch, in
 * JAX and in Keras.
 *
 * Uniforms and normals here are about 0, as nearly all initializers' are.
 *
 * @module
 */

import { formatNumber } from "../../core/format.ts";
import { elementCount, type Shape } from "../../core/shape.ts";
import {
  biasBound,
  calculateGain,
  fan,
  kaimingStd,
  xavierStd,
} from "../../init/scaling.ts";
import { uniformBound } from "../../random/distribution.ts";
import {
  cutStd,
  type Law,
  normalLaw,
  truncatedLaw,
  uniformLaw,
} from "./law.ts";

/** Shapes of tensors by name. */
type Shapes = Readonly<Record<string, { readonly shape: Shape }>>;

/** All tensors, as each has them beside it. */
export interface Neighbors {
  /** Their shapes. */
  readonly shapes: Shapes;
  /**
   * How many layers of one kind there are: one more than the largest number that
   * comes first in a name, as 11 in `h.11.mlp.weight`; 0 where no name has one.
   */
  readonly layers: number;
}

/**
 * Returns what is to be known of all tensors, once for all of them.
 *
 * @param shapes Their shapes.
 */
export function neighborsOf(shapes: Shapes): Neighbors {
  return { shapes, layers: layerCount(shapes) };
}

/**
 * Returns the shape of the weight beside a bias: that of `0.weight` for
 * `0.bias`, of `weight_ih_l0` for `bias_ih_l0`; undefined where there is none.
 *
 * @param shapes All tensors.
 * @param name The bias's name.
 */
function weightBeside(shapes: Shapes, name: string): Shape | undefined {
  const weights = ["weight", "kernel"].map((word) =>
    name.replace(/bias(?!.*bias)/, word)
  );
  const found = weights.find((weight) =>
    weight !== name && Object.hasOwn(shapes, weight)
  );
  return found === undefined ? undefined : shapes[found].shape;
}

function layerCount(shapes: Shapes): number {
  let count = 0;
  for (const name of Object.keys(shapes)) {
    const number = name.split(/[./]/).find((part) => /^\d{1,4}$/.test(part));
    if (number !== undefined) count = Math.max(count, Number(number) + 1);
  }
  return count;
}

/** What the values themselves tell, to look for round numbers near it. */
interface Spread {
  /** The largest size of a value. */
  readonly largest: number;
  /** Their standard deviation. */
  readonly std: number;
  /** How far it may be from that of the law. */
  readonly error: number;
}

/** A standard deviation that initializers use for a shape. */
interface Scale {
  readonly name: (family: "Uniform" | "Normal") => string;
  readonly std: number;
}

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

/** GPT-2's and BERT's, and others' that are in wide use. */
const usual = [0.02, 0.01, 0.05, 0.1, 1];

/** No more round numbers than these are tried, the nearest ones. */
const mostRound = 8;

/**
 * Returns the distributions that initializers would draw a tensor from, each
 * once, the most usual first.
 *
 * @param name The tensor's name.
 * @param neighbors All tensors, itself included.
 * @param spread What its values tell.
 */
export function candidates(
  name: string,
  { shapes, layers }: Neighbors,
  spread: Spread,
): Law[] {
  const { shape } = shapes[name];
  const fans = fanScales(shape);
  const scales = [
    ...fans,
    ...depthScales(shape, layers),
    ...[...usual, ...roundStds(spread)].map(literal),
  ];
  const laws = [
    ...boundsOf(name, shape, shapes),
    ...fans.map(({ name, std }) =>
      centered(name("Uniform"), uniformBound(std))
    ),
    ...roundBounds(spread),
    ...scales.map(({ name, std }) => normalLaw(name("Normal"), std)),
    ...scales.map(({ name, std }) =>
      truncatedLaw(`${name("Normal")} cut at 2 std`, std)
    ),
    ...fans.map(({ name, std }) =>
      truncatedLaw(`${name("Normal")} cut at 2 std, rescaled`, std / cutStd)
    ),
  ];
  const seen = new Set<string>();
  return laws.filter(({ family, scale }) => {
    const key = `${family} ${scale}`;
    return scale > 0 && Number.isFinite(scale) && !seen.has(key) &&
      seen.add(key);
  });
}

/** Bounds that follow from a size by themselves: `1 / sqrt(size)`. */
function boundsOf(
  name: string,
  shape: Shape,
  shapes: Shapes,
): Law[] {
  const weight = weightBeside(shapes, name);
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
        // PyTorch comes to it this way for weights; in float64 it may differ.
        uniformBound(kaimingStd(size, defaultGain)),
      ].map((bound) => centered(`uniform(±1/√${size})`, bound))
    );
}

function centered(name: string, bound: number): Law {
  return uniformLaw(name, -bound, bound);
}

/** Xavier's, Kaiming's and LeCun's, in PyTorch's layout and in Keras's. */
function fanScales(shape: Shape): Scale[] {
  if (shape.length < 2) return [];
  const { fanIn, fanOut } = fan(shape);
  const other = fan([...shape.slice(-2).toReversed(), ...shape.slice(0, -2)]);
  return [{ fanIn, fanOut }, other].flatMap(({ fanIn, fanOut }) =>
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

/** The next number of at most two digits that no value exceeds. */
function roundBounds({ largest }: Spread): Law[] {
  if (!(largest > 0)) return [];
  const power = Math.floor(Math.log10(largest));
  return [power, power - 1].flatMap((digit) => {
    const bound = Number(
      (Math.ceil(largest / 10 ** digit) * 10 ** digit).toPrecision(2),
    );
    const name = formatNumber(bound);
    return [
      centered(`uniform(±${name})`, bound),
      uniformLaw(`uniform(0, ${name})`, 0, bound),
    ];
  });
}
