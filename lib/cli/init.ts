/**
 * `init kaiming_normal 33,16,3,3 --seed 0 -o w.safetensors`: one tensor, filled
 * as PyTorch fills it.
 *
 * @module
 */

import { empty } from "../core/create.ts";
import type { FloatDtype } from "../core/dtype.ts";
import { elementCount, formatShape, type Shape } from "../core/shape.ts";
import type { Tensor } from "../core/tensor.ts";
import { valuesOf } from "../core/values.ts";
import { type Theory, theoryOf } from "../init/theory.ts";
import { Hasher } from "../materialize/hash.ts";
import {
  type Initialiser,
  initialiserOf,
  type InitOptions,
} from "../materialize/initialisers.ts";
import { formatNumber } from "../plot/format.ts";
import { Generator } from "../random/generator.ts";
import { fan } from "../scaling/fan.ts";
import { moments } from "../statistics/moments.ts";
import { formatBytes } from "./bytes.ts";
import type { Command } from "./command.ts";
import { fillOptions, readFillOptions } from "./fill_options.ts";
import { jsonHelp, printJson } from "./json.ts";
import { readArguments } from "./options.ts";
import { checkTensorFile, writeTensorFile } from "./tensor_file.ts";
import type { Terminal } from "./terminal.ts";
import { UsageError } from "./usage_error.ts";
import { readChoice, readSeed, readShape } from "./values.ts";

const help =
  `Fills a tensor as PyTorch does, and prints it or writes it to a file.

Usage: fanin init <function> <shape> [options]

  uniform                           --low (--a), --high (--b)
  normal                            --mean, --std
  trunc_normal                      --mean, --std, --low (--a), --high (--b)
  xavier_uniform, xavier_normal     --gain
  kaiming_uniform, kaiming_normal   --negative-slope (--a), --mode,
                                    --nonlinearity
  orthogonal                        --gain
  sparse                            --sparsity, --std
  constant                          --value (--val)
  dirac                             --groups
  ones, zeros, eye

Names may be PyTorch's or fanin's: kaiming_normal, kaiming_normal_ and
kaimingNormal are one. So are shapes: 33,16,3,3 and 33 16 3 3.

  --seed <n>              what torch.manual_seed takes; without it one is drawn,
                          and told
  --dtype <dtype>         float32 (default), float64, float16 or bfloat16
  -o, --out <file>        .safetensors or .npy; a file that is there is replaced
                          when the new one is whole
  --name <name>           the tensor's name in the file (default: weight)
${jsonHelp}

Permissions: with --out, --allow-read and --allow-write for the file's folder;
else none.

Examples:
  fanin init kaiming_normal 33,16,3,3 --seed 0 -o w.safetensors
  fanin init trunc_normal 768 768 --std 0.02 --a -0.04 --b 0.04`;

/** The dtypes that can be filled. */
const floatDtypes: readonly FloatDtype[] = [
  "float32",
  "float64",
  "float16",
  "bfloat16",
];

/** The command `init`. */
export const initCommand: Command = { help, run };

async function run(
  args: readonly string[],
  terminal: Terminal,
): Promise<number> {
  const { operands, flags, values } = readArguments(args, {
    flags: ["json"],
    values: [...fillOptions, "seed", "dtype", "out", "name"],
    short: { o: "out" },
  });
  const [name, ...sizes] = operands;
  if (name === undefined) throw new UsageError("An initialiser must be named");
  const { dtype = "float32", seed, out, name: key = "weight" } = values;
  if (values.name !== undefined && !out?.endsWith(".safetensors")) {
    throw new UsageError("--name must come with --out FILE.safetensors");
  }
  const initialiser = initialiserOf("initialise a tensor", name);
  const wanted: Wanted = {
    initialiser,
    options: readFillOptions(initialiser, values),
    shape: readShape(sizes),
    dtype: readChoice("--dtype", dtype, floatDtypes),
    seed: seed === undefined ? undefined : readSeed("--seed", seed),
  };
  if (out !== undefined) checkTensorFile(out, wanted.dtype);
  const made = make(wanted);
  if (out !== undefined) await writeTensorFile(out, key, made.tensor);
  const facts = factsOf(made);
  if (flags.json) {
    printJson(terminal, out === undefined ? facts : { ...facts, out });
    return 0;
  }
  terminal.out(
    out === undefined
      ? String(made.tensor)
      : `${out}: ${formatBytes(made.tensor.data.byteLength)} of values`,
  );
  terminal.out(terminal.paint(sentenceOf(facts), "dim"));
  return 0;
}

/** What is to be made. */
interface Wanted {
  readonly initialiser: Initialiser;
  readonly options: InitOptions;
  readonly shape: Shape;
  readonly dtype: FloatDtype;
  /** Undefined where one is to be drawn. */
  readonly seed: bigint | undefined;
}

/** What was made. */
interface Made {
  /** The initialiser's name in `init`. */
  readonly initialiser: string;
  readonly tensor: Tensor<FloatDtype>;
  readonly seed: bigint;
}

function make({ initialiser, options, shape, dtype, seed }: Wanted): Made {
  const generator = new Generator();
  if (seed === undefined) generator.seed();
  else generator.manualSeed(seed);
  const tensor = empty(shape, { dtype });
  initialiser.fill(tensor, options, generator);
  const { initialSeed } = generator;
  return { initialiser: initialiser.name, tensor, seed: initialSeed };
}

/** What there is to say of a tensor. */
interface Facts {
  /** The initialiser's name in `init`. */
  readonly initialiser: string;
  /** Its options, defaults included; none where it draws no distribution. */
  readonly options: Theory["options"];
  readonly seed: bigint;
  readonly dtype: FloatDtype;
  readonly shape: Shape;
  readonly elements: number;
  /** Null where the rank is below 2. */
  readonly fanIn: number | null;
  readonly fanOut: number | null;
  /** What the values were drawn from; null where it has no density. */
  readonly expected: Pick<Theory, "mean" | "std" | "bound"> | null;
  /** The values' own mean, standard deviation (n − 1) and ends. */
  readonly measured: {
    readonly mean: number;
    readonly std: number;
    readonly min: number;
    readonly max: number;
  };
  /** Of the elements' bytes, little-endian. */
  readonly sha256: string;
}

function factsOf({ initialiser, tensor, seed }: Made): Facts {
  const { dtype, shape } = tensor;
  const theory = theoryOf(tensor);
  const { mean, sampleStd, min, max } = moments(valuesOf(tensor));
  const { fanIn, fanOut } = shape.length < 2
    ? { fanIn: null, fanOut: null }
    : fan(shape);
  const hasher = new Hasher(true);
  hasher.add("", tensor);
  return {
    initialiser,
    options: theory?.options ?? {},
    seed,
    dtype,
    shape,
    elements: elementCount(shape),
    fanIn,
    fanOut,
    expected: theory === undefined
      ? null
      : { mean: theory.mean, std: theory.std, bound: theory.bound },
    measured: { mean, std: sampleStd, min, max },
    sha256: hasher.hashes()[""],
  };
}

function sentenceOf(facts: Facts): string {
  const { initialiser, seed, dtype, shape, fanIn, fanOut } = facts;
  const { expected, measured } = facts;
  const bound = expected?.bound ?? null;
  return [
    `${initialiser} ${dtype} ${formatShape(shape)}, seed ${seed}`,
    ...fanIn === null ? [] : [`fan in ${fanIn}, fan out ${fanOut}`],
    ...bound === null ? [] : [`bound ${formatNumber(bound)}`],
    `std ${formatNumber(measured.std)}${
      expected === null ? "" : ` of ${formatNumber(expected.std)}`
    }`,
  ].join(" · ");
}
