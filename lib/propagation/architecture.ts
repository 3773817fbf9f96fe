/**
 * Signals and gradients through a stack of blocks, measured block by block and
 * compared with the theory of wide networks.
 *
 * @module
 */

import { inColumns } from "../core/columns.ts";
import { formatNumber } from "../core/format.ts";
import {
  type AnyTable,
  oneOf,
  type ReadBy,
  readOptions,
} from "../core/options.ts";
import { showAs } from "../core/show.ts";
import { empty } from "../core/tensor.ts";
import { normal } from "../init/initializers.ts";
import type { Matrix } from "../numerics/matrix.ts";
import type { AnyGenerator } from "../random/generator.ts";
import { Generator } from "../random/torch/generator.ts";
import type {
  BlockKind,
  BlockPass,
  BlockTheory,
  Draw,
  Sizes,
} from "./blocks/block.ts";
import { blocks } from "./blocks/mod.ts";
import { type Progress, progressOption, randomOptions } from "./run_options.ts";

/**
 * A block's name.
 *
 * @internal
 */
export type BlockName =
  | "residual"
  | "fixup"
  | "preNorm"
  | "postNorm"
  | "transformer"
  | "gpt2"
  | "conv"
  | "resnet";

/**
 * Options that every block has.
 *
 * @internal
 */
export interface StackOptions {
  /** How many blocks. Default: 32; of transformer, conv and resnet 16, of gpt2 12. */
  readonly depth?: number;
  /** Features or channels. Default: 64; of conv and resnet 32, of gpt2 768. */
  readonly width?: number;
  /**
   * Examples, sequences or pictures. Default: 16; of transformer, conv and resnet
   * 4, of gpt2 1.
   */
  readonly batch?: number;
  /** The seed of all that is random. Default: 0. */
  readonly seed?: number | bigint;
}

/**
 * Options of two dense layers with relu between them, on a stream.
 *
 * @internal
 */
export interface ResidualOptions extends StackOptions {
  /** `x + s · f(x)`. */
  readonly block: "residual";
  /** The factor s on the branch; 0 is SkipInit. Default: 1. */
  readonly branchScale?: number;
}

/**
 * Options of the same without a factor: by Fixup, or with layer norm.
 *
 * @internal
 */
export interface PlainBlockOptions extends StackOptions {
  /** Fixup, `x + f(LN x)`, or `LN(x + f(x))`. */
  readonly block: "fixup" | "preNorm" | "postNorm";
}

/**
 * Options of attention and two dense layers with gelu.
 *
 * @internal
 */
export interface TransformerOptions extends StackOptions {
  /** A transformer's block. */
  readonly block: "transformer";
  /** Where layer norm stands. Default: pre. */
  readonly norm?: "pre" | "post" | "deepNorm";
  /** Heads, which divide the width. Default: 4. */
  readonly heads?: number;
  /** Tokens of a sequence, at least 2. Default: 16. */
  readonly tokens?: number;
  /** Whether Wo and W2 are divided by √(2 · depth). Default: false. */
  readonly residualScale?: boolean;
  /** The standard deviation of all weights. Default: null, Xavier's. */
  readonly std?: number | null;
}

/**
 * Options of GPT-2 at its start.
 *
 * @internal
 */
export interface Gpt2Options extends StackOptions {
  /** GPT-2, with its embeddings. */
  readonly block: "gpt2";
  /** Heads, which divide the width. Default: 12. */
  readonly heads?: number;
  /** Tokens of a sequence, 2 to 1024. Default: 64. */
  readonly tokens?: number;
  /** Tokens that have an embedding. Default: 5000. */
  readonly vocabulary?: number;
  /** Whether Wo and W2 have the std 0.02 / √(2 · depth). Default: true. */
  readonly residualScale?: boolean;
}

/**
 * Options of 3×3 convolutions on square pictures.
 *
 * @internal
 */
export interface PictureOptions extends StackOptions {
  /** The pictures' height and width, at least 2. Default: 16. */
  readonly size?: number;
  /** What lies outside of them. Default: zeros. */
  readonly padding?: "zeros" | "circular";
}

/**
 * Options of convolutions with relu.
 *
 * @internal
 */
export interface ConvOptions extends PictureOptions {
  /** `relu(conv x)`. */
  readonly block: "conv";
  /** Whether batch norm comes before relu. Default: false. */
  readonly batchNorm?: boolean;
}

/**
 * Options of ResNet's blocks.
 *
 * @internal
 */
export interface ResnetOptions extends PictureOptions {
  /** Two convolutions on a stream. */
  readonly block: "resnet";
  /** With relu after the sum, or before each convolution. Default: 2. */
  readonly version?: 1 | 2;
  /** The factor of version 1's last batch norm. Default: 1. */
  readonly gamma?: number;
  /** Whether there is batch norm. Default: true. */
  readonly batchNorm?: boolean;
}

/**
 * Options of a stack of blocks: the block's own, and the seed.
 *
 * @internal
 */
export type BlockOptions =
  | ResidualOptions
  | PlainBlockOptions
  | TransformerOptions
  | Gpt2Options
  | ConvOptions
  | ResnetOptions;

/**
 * Options of one run of a stack of blocks.
 *
 * @internal
 */
export type ArchitectureOptions = BlockOptions & {
  /** The generator of all random numbers, in place of a seed. */
  readonly generator?: AnyGenerator;
  /** Called after each block, forward and backward. */
  readonly onProgress?: (progress: Progress) => void;
};

/**
 * A mean square, measured and expected.
 *
 * @internal
 */
export interface Square {
  /** The mean of the squares of all elements. */
  readonly meanSquare: number;
  /** What the theory of wide networks expects; null where there is none. */
  readonly expected: number | null;
}

/**
 * A stream or a branch.
 *
 * @internal
 */
export interface StreamSquare extends Square {
  /** The mean over channels of the squared mean. */
  readonly channelMeanSquare: number;
  /** The mean over channels of the variance. */
  readonly channelVariance: number;
}

/**
 * A number that is no mean square, measured and expected.
 *
 * @internal
 */
export interface Quantity {
  /** The number. */
  readonly value: number;
  /** What the theory expects; null where there is none. */
  readonly expected: number | null;
}

/**
 * What was measured at a block.
 *
 * @internal
 */
export interface ArchitectureLayer {
  /** Which block, from 1. */
  readonly layer: number;
  /** The stream after the block. */
  readonly stream: StreamSquare;
  /** The branch's end, without `branchScale`; in conv what enters relu. */
  readonly branch?: StreamSquare;
  /** The end of a transformer's attention. */
  readonly attention?: StreamSquare;
  /** The end of a transformer's dense layers. */
  readonly mlp?: StreamSquare;
  /** The gradient by the stream that enters the block. */
  readonly gradient: Square;
  /** The gradients by the two weights of a residual block. */
  readonly weightGradients?: readonly Square[];
  /** The mean cosine of two tokens of a sequence, after the block. */
  readonly tokenCosine?: Quantity;
  /** The mean over queries of the sum of attention's squared shares. */
  readonly attentionSquares?: Quantity;
}

/**
 * What `propagate` returns for a stack of blocks.
 *
 * @internal
 */
export interface Architecture {
  /** Which block. */
  readonly block: BlockName;
  /** How many blocks. */
  readonly depth: number;
  /** Features or channels. */
  readonly width: number;
  /** Examples, sequences or pictures. */
  readonly batch: number;
  /** The block's other options. */
  readonly setup: Readonly<Record<string, unknown>>;
  /** The seed; null where a generator was given. */
  readonly seed: number | bigint | null;
  /** The inputs: the stream that enters the first block. */
  readonly inputs: StreamSquare;
  /** The blocks, from the inputs to the output. */
  readonly layers: readonly ArchitectureLayer[];
}

/** A stack whose options are read. */
export interface ArchitecturePlan {
  /** The block's name. */
  readonly block: BlockName;
  /** Its kind. */
  readonly kind: BlockKind;
  /** The block's options. */
  readonly options: ReadBy<AnyTable> & Sizes;
  /** What the theory expects of each block. */
  readonly theory: readonly BlockTheory[];
  /** The seed; null where a generator was given. */
  readonly seed: number | bigint | null;
  /** Where all that is random comes from. */
  readonly generator: AnyGenerator;
  /** Called after each block. */
  readonly onProgress: (progress: Progress) => void;
}

/** The names of blocks. */
export const blockNames: readonly BlockName[] = Object.keys(
  blocks,
) as (keyof typeof blocks)[];

/**
 * Reads the options of a stack of blocks.
 *
 * @param action What is being done, for the error message.
 * @param given What the caller gave.
 */
export function architecturePlan(
  action: string,
  given: Readonly<Record<string, unknown>>,
): ArchitecturePlan {
  const { block: name, ...rest } = given;
  const block = oneOf<BlockName | "dense">(["dense", ...blockNames], "dense")
    .read(action, "block", name) as BlockName;
  const kind = blocks[block] as unknown as BlockKind;
  const { seed, generator, onProgress, ...options } = readOptions(
    action,
    rest,
    { ...kind.table, ...randomOptions, onProgress: progressOption },
  );
  kind.check?.(action, options);
  return {
    block,
    kind,
    options: options as ReadBy<AnyTable> & Sizes,
    theory: kind.theory(options),
    seed: given.generator === undefined ? seed : null,
    generator: generator ?? new Generator(seed),
    onProgress,
  };
}

/**
 * Passes a batch of random inputs and a random gradient through the blocks.
 *
 * @param plan The stack.
 */
export function runArchitecture(plan: ArchitecturePlan): Architecture {
  const { block, options, seed } = plan;
  const { depth, width, batch, ...setup } = options;
  const { inputs, layers } = passBlocks(plan);
  return showAs(
    { block, depth, width, batch, setup, seed, inputs, layers },
    "architecture",
    architectureText,
  );
}

/**
 * Returns what is measured at each block, and the gradient by the inputs.
 *
 * @param plan The stack.
 */
export function passBlocks(plan: ArchitecturePlan): {
  readonly inputs: StreamSquare;
  readonly layers: readonly ArchitectureLayer[];
  readonly inputGradient: Matrix;
} {
  const { kind, options, theory, onProgress } = plan;
  const { depth } = options;
  const total = 2 * depth;
  const draw = drawingFrom(plan.generator);
  const inputs = kind.inputs?.(draw, options) ?? drawStream(plan);
  const outputGradient = kind.inputs ? undefined : drawStream(plan);
  let stream = inputs;
  const passes: BlockPass[] = [];
  const forward: Omit<ArchitectureLayer, "gradient">[] = [];
  for (let layer = 1; layer <= depth; layer++) {
    const pass = kind.forward(stream, draw, options);
    stream = pass.stream;
    passes.push(pass);
    forward.push(forwardOf(layer, pass, theory[layer - 1]));
    onProgress({ pass: "forward", layer, done: layer, total });
  }
  let gradient = outputGradient ?? drawStream(plan);
  const layers: ArchitectureLayer[] = [];
  for (let layer = depth; layer >= 1; layer--) {
    const expected = theory[layer - 1];
    const returned = passes.pop()!.back(gradient);
    gradient = returned.gradient;
    layers.unshift({
      ...forward[layer - 1],
      gradient: squareOf(gradient, expected.gradient),
      ...returned.weightGradients && {
        weightGradients: returned.weightGradients.map((each, i) =>
          squareOf(each, expected.weightGradients?.[i])
        ),
      },
    });
    const done = total - layer + 1;
    onProgress({ pass: "backward", layer, done, total });
  }
  return {
    inputs: streamOf(inputs, kind.inputs ? undefined : 1),
    layers,
    inputGradient: gradient,
  };
}

/**
 * Passes a stream forward and the gradient of a loss back.
 *
 * @param plan The stack.
 * @param gradientOf Returns the loss's gradient by the last stream.
 * @returns For each block the weights as it drew them, the gradient by the stream
 * that enters, and those by its weights where it has them.
 */
export function weighBlocks(
  plan: ArchitecturePlan,
  gradientOf: (stream: Matrix) => Matrix,
): {
  readonly weights: readonly Matrix[];
  readonly gradient: Matrix;
  readonly weightGradients?: readonly Matrix[];
}[] {
  const { kind, options } = plan;
  const draw = drawingFrom(plan.generator);
  let stream = kind.inputs?.(draw, options) ?? drawStream(plan);
  // The output's gradient of a run, so that both have the same weights.
  if (!kind.inputs) drawStream(plan);
  const passed = Array.from({ length: options.depth }, () => {
    const weights: Matrix[] = [];
    const pass = kind.forward(stream, (shape, std) => {
      const weight = draw(shape, std);
      weights.push(weight);
      return weight;
    }, options);
    stream = pass.stream;
    return { pass, weights };
  });
  let gradient = gradientOf(stream);
  return passed.toReversed().map(({ pass, weights }) => {
    const returned = pass.back(gradient);
    gradient = returned.gradient;
    return { weights, ...returned };
  }).reverse();
}

function forwardOf(
  layer: number,
  { stream, branches, numbers = {} }: BlockPass,
  { stream: expected, others = {} }: BlockTheory,
): Omit<ArchitectureLayer, "gradient"> {
  const named = Object.entries(branches).map(([name, branch]) => [
    name,
    streamOf(branch, others[name]),
  ]);
  const more = Object.entries(numbers).map(([name, value]) => [
    name,
    { value, expected: others[name] ?? null },
  ]);
  return {
    layer,
    stream: streamOf(stream, expected),
    ...Object.fromEntries([...named, ...more]),
  };
}

/** Draws matrices in single precision, and gives them in double. */
function drawingFrom(generator: AnyGenerator): Draw {
  return ([rows, columns], std) => {
    const { data } = normal(empty([rows, columns]), { std, generator });
    return { data: new Float64Array(data), rows, columns };
  };
}

/** Pictures are drawn channel by channel, and then have a row for each place. */
function drawStream({ kind, options, generator }: ArchitecturePlan): Matrix {
  const { batch, width } = options;
  const places = kind.rows?.(options) ?? 1;
  const draw = drawingFrom(generator);
  if (!kind.isPicture) return draw([batch * places, width], 1);
  const drawn = draw([batch * width, places], 1);
  const data = new Float64Array(drawn.data.length);
  for (let channel = 0; channel < batch * width; channel++) {
    const to = Math.floor(channel / width) * places * width + channel % width;
    for (let place = 0; place < places; place++) {
      data[to + place * width] = drawn.data[channel * places + place];
    }
  }
  return { data, rows: batch * places, columns: width };
}

function squareOf({ data }: Matrix, expected: number | undefined): Square {
  let sum = 0;
  for (let i = 0; i < data.length; i++) sum += data[i] * data[i];
  return { meanSquare: sum / data.length, expected: expected ?? null };
}

function streamOf(
  matrix: Matrix,
  expected: number | undefined,
): StreamSquare {
  const { data, rows, columns } = matrix;
  const sums = new Float64Array(columns);
  for (let i = 0; i < data.length; i += columns) {
    for (let c = 0; c < columns; c++) sums[c] += data[i + c];
  }
  let channelMeanSquare = 0;
  for (const sum of sums) channelMeanSquare += (sum / rows) ** 2 / columns;
  const square = squareOf(matrix, expected);
  return {
    ...square,
    channelMeanSquare,
    channelVariance: Math.max(0, square.meanSquare - channelMeanSquare),
  };
}

/**
 * Describes a stack in one line.
 *
 * @param run What `propagate` returned, without its layers.
 */
export function architectureHead(
  run: Omit<Architecture, "inputs" | "layers">,
): string {
  const { block, depth, width, batch, setup, seed } = run;
  const others = Object.entries(setup)
    .filter(([, value]) => value !== null && value !== false)
    .map(([name, value]) =>
      value === true
        ? name
        : `${name} ${
          typeof value === "number" ? formatNumber(value) : String(value)
        }`
    );
  return [
    `${depth} ${block} ${depth === 1 ? "block" : "blocks"} of ${width}`,
    ...others,
    `batch ${batch}`,
    ...seed === null ? [] : [`seed ${seed}`],
  ].join(" · ");
}

/** Returns a table of mean squares by block, expected ones in brackets. */
function architectureText(run: Architecture): string {
  const names = ["stream", "branch", "attention", "mlp", "gradient"] as const;
  const shown = names.filter((name) => run.layers[0][name] !== undefined);
  const rows = [
    ["block", ...shown],
    ...run.layers.map((layer) => [
      String(layer.layer),
      ...shown.map((name) => {
        const { meanSquare, expected } = layer[name]!;
        const text = meanSquare.toPrecision(3);
        return expected === null
          ? text
          : `${text} (${expected.toPrecision(3)})`;
      }),
    ]),
  ];
  return [
    architectureHead(run),
    "mean squares (expected)",
    ...inColumns(rows),
  ].join("\n");
}
