/**
 * `init kaiming_normal 33,16,3,3 --seed 0 -o w.safetensors`: one tensor, filled
 * as PyTorch fills it.
 *
 * @module
 */

import { empty } from "../core/create.ts";
import type { FloatDtype } from "../core/dtype.ts";
import type { Shape } from "../core/shape.ts";
import { type AnyInitializer, initializerOf } from "../init/initializer.ts";
import { initializers } from "../init/initializers.ts";
import { Generator } from "../random/torch/generator.ts";
import { formatBytes } from "./bytes.ts";
import type { Command } from "./command.ts";
import { fillOptions, readFillOptions } from "./fill_options.ts";
import { factsInWords, factsOf, type Made } from "./init_facts.ts";
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
    throw new UsageError("An initialiser must be named");
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
  return { initialiser: initializer.title, tensor, seed: initialSeed };
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
