/**
 * `init kaiming_normal 33,16,3,3 --seed 0 -o w.safetensors`: one tensor, filled
 * as PyTorch fills it.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { bytesOf } from "../checkpoint/formats/bytes.ts";
import { encodeNpy } from "../checkpoint/formats/npy.ts";
import { writeAtomically, writeSafetensors } from "../checkpoint/write.ts";
import { type Dtype, dtypes, type FloatDtype } from "../core/dtype.ts";
import { formatNumber } from "../core/format.ts";
import { cannot, describe } from "../core/options.ts";
import { elementCount, formatShape, type Shape } from "../core/shape.ts";
import { empty, type Tensor, valuesOf } from "../core/tensor.ts";
import { type AnyInitializer, initializerOf } from "../init/initializer.ts";
import { initializers } from "../init/initializers.ts";
import { fan } from "../init/scaling.ts";
import { type Theory, theoryOf } from "../init/theory.ts";
import { moments } from "../numerics/moments.ts";
import { Generator } from "../random/torch/generator.ts";
import {
  fillOptions,
  readArguments,
  readChoice,
  readFillOptions,
  readSeed,
  readShape,
  UsageError,
} from "./arguments.ts";
import type { Command } from "./command.ts";
import { formatBytes, jsonHelp, printJson, type Terminal } from "./terminal.ts";

/** What was made. */
interface Made {
  /** The initializer's name in `init`. */
  readonly initializer: string;
  /** The tensor, filled. */
  readonly tensor: Tensor<FloatDtype>;
  /** The seed of the generator that it was drawn from. */
  readonly seed: bigint;
}

/** What there is to say of a tensor. */
interface InitFacts {
  /** The initializer's name in `init`. */
  readonly initializer: string;
  /** Its options, defaults included; none where it draws no distribution. */
  readonly options: Theory["options"];
  /** The generator's seed. */
  readonly seed: bigint;
  /** The element type. */
  readonly dtype: FloatDtype;
  /** Sizes along the axes. */
  readonly shape: Shape;
  /** How many elements there are. */
  readonly elements: number;
  /** Null where the rank is below 2. */
  readonly fanIn: number | null;
  /** Likewise. */
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

/**
 * Returns what there is to say of a tensor that an initializer filled.
 *
 * @param made The tensor, and how it was made.
 */
function factsOf({ initializer, tensor, seed }: Made): InitFacts {
  const { dtype, shape } = tensor;
  const theory = theoryOf(tensor);
  const { mean, sampleStd, min, max } = moments(valuesOf(tensor));
  const { fanIn, fanOut } = shape.length < 2
    ? { fanIn: null, fanOut: null }
    : fan(shape);
  return {
    initializer,
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
    sha256: createHash("sha256").update(bytesOf(tensor)).digest("hex"),
  };
}

/**
 * Returns the facts in words, in parts that belong together.
 *
 * @param facts The facts.
 */
function factsInWords(facts: InitFacts): string[] {
  const { initializer, seed, dtype, shape, fanIn, fanOut } = facts;
  const { expected, measured } = facts;
  const bound = expected?.bound ?? null;
  return [
    `${initializer} ${dtype} ${formatShape(shape)}, seed ${seed}`,
    ...fanIn === null ? [] : [`fan in ${fanIn}, fan out ${fanOut}`],
    ...bound === null ? [] : [`bound ${formatNumber(bound)}`],
    `std ${formatNumber(measured.std)}${
      expected === null ? "" : ` of ${formatNumber(expected.std)}`
    }`,
  ];
}

/**
 * Checks that a file can hold a tensor.
 *
 * @param path The file.
 * @param dtype The tensor's dtype.
 * @throws {UsageError} If the name is of no format, or the format has no such
 * dtype.
 */
function checkTensorFile(path: string, dtype: Dtype): void {
  if (isNpy(path) && dtypes[dtype].npy === null) {
    throw new UsageError(
      cannot(
        `write ${describe(path)}`,
        "npy files must have a dtype of NumPy",
        dtype,
      ),
    );
  }
  if (!isNpy(path) && !/\.safetensors$/.test(path)) {
    throw new UsageError(
      cannot(
        `write ${describe(path)}`,
        "its name must end in .safetensors or .npy",
        describe(path.replace(/.*[/\\]/s, "")),
      ),
    );
  }
}

/**
 * Writes a file with one tensor; a file that is there is replaced when the new
 * one is whole.
 *
 * @param path The file; its name ends in `.safetensors` or `.npy`.
 * @param name The tensor's name; npy files have none.
 * @param tensor The tensor.
 * @throws What {@linkcode writeAtomically} throws.
 */
async function writeTensorFile(
  path: string,
  name: string,
  tensor: Tensor,
): Promise<void> {
  const { dtype, shape } = tensor;
  if (isNpy(path)) {
    await writeAtomically(path, (file) => file.write(0, encodeNpy(tensor)));
  } else {
    await writeSafetensors(path, [{ name, dtype, shape }], () => tensor);
  }
}

function isNpy(path: string): boolean {
  return /\.npy$/.test(path);
}

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
  const { out, name, json, ...wanted } = readWanted(args);
  const made = make(wanted);
  if (out !== undefined) await writeTensorFile(out, name, made.tensor);
  const facts = factsOf(made);
  if (json) {
    printJson(terminal, out === undefined ? facts : { ...facts, out });
    return 0;
  }
  terminal.out(
    out === undefined
      ? String(made.tensor)
      : `${out}: ${formatBytes(made.tensor.data.byteLength)} of values`,
  );
  for (const line of wrapped(factsInWords(facts), terminal.room)) {
    terminal.out(terminal.paint(line, "dim"));
  }
  return 0;
}

/** What is to be made. */
interface Recipe {
  readonly initializer: AnyInitializer;
  readonly options: object;
  readonly shape: Shape;
  readonly dtype: FloatDtype;
  /** Undefined where one is to be drawn. */
  readonly seed: bigint | undefined;
}

/** What is to be made, and what becomes of it. */
interface Wanted extends Recipe {
  /** The file; undefined where it is printed. */
  readonly out: string | undefined;
  /** The tensor's name in the file. */
  readonly name: string;
  readonly json: boolean;
}

function readWanted(args: readonly string[]): Wanted {
  const { operands: [called, ...sizes], flags, values } = readArguments(args, {
    flags: ["json"],
    values: [...fillOptions, "seed", "dtype", "out", "name"],
    short: { o: "out" },
  });
  if (called === undefined) {
    throw new UsageError("An initializer must be named");
  }
  const { seed, out, name } = values;
  if (name !== undefined && !out?.endsWith(".safetensors")) {
    throw new UsageError("--name must come with --out FILE.safetensors");
  }
  const initializer = initializerOf("fill a tensor", called, initializers);
  const dtype = readChoice("--dtype", values.dtype ?? "float32", floatDtypes);
  if (out !== undefined) checkTensorFile(out, dtype);
  return {
    initializer,
    options: readFillOptions(initializer, values),
    shape: readShape(sizes),
    dtype,
    seed: seed === undefined ? undefined : readSeed("--seed", seed),
    out,
    name: name ?? "weight",
    json: flags.json,
  };
}

function make({ initializer, options, shape, dtype, seed }: Recipe): Made {
  const generator = new Generator();
  if (seed === undefined) generator.seed();
  else generator.manualSeed(seed);
  const tensor = empty(shape, { dtype });
  initializer(
    tensor,
    initializer.random ? { ...options, generator } : options,
  );
  const { initialSeed } = generator;
  return { initializer: initializer.title, tensor, seed: initialSeed };
}

/** Puts parts on one line, or on several where it would be too long. */
function wrapped(parts: readonly string[], width: number): string[] {
  return parts.reduce<string[]>((lines, part) => {
    const longer = lines.length === 0 ? part : `${lines.at(-1)} · ${part}`;
    return longer.length <= width
      ? [...lines.slice(0, -1), longer]
      : [...lines, part];
  }, []);
}
