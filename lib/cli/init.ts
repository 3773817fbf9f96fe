/**
 * `init kaiming_normal 33,16,3,3 --seed 0 -o w.safetensors`: one tensor, filled
 * as PyTorch fills it. Its options and its list of functions come from the
 * registry of initializers.
 *
 * @module
 */

import { encodeNpy } from "../checkpoint/formats/npy.ts";
import { bytesOf } from "../checkpoint/formats/bytes.ts";
import { writeAtomically, writeSafetensors } from "../checkpoint/write.ts";
import { type Dtype, dtypes, type FloatDtype } from "../core/dtype.ts";
import { formatNumber } from "../core/format.ts";
import {
  type AnyTable,
  cannot,
  describe,
  suggestion,
} from "../core/options.ts";
import { elementCount, formatShape, type Shape } from "../core/shape.ts";
import { empty, type Tensor, valuesOf } from "../core/tensor.ts";
import { type AnyInitializer, initializerOf } from "../init/initializer.ts";
import { initializers } from "../init/initializers.ts";
import { countFans } from "../init/scaling.ts";
import { moments } from "../numerics/moments.ts";
import { sha256 } from "../core/sha256.ts";
import { type Distribution, expectationOf } from "../random/distribution.ts";
import { filledBy } from "../random/generator.ts";
import { Generator } from "../random/torch/generator.ts";
import {
  readArguments,
  readChoice,
  readNumber,
  readSeed,
  readShape,
  UsageError,
} from "./arguments.ts";
import type { Command } from "./command.ts";
import { interruptible } from "./interrupt.ts";
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

/** Facts about a tensor. */
interface InitFacts {
  /** The initializer's name in `init`. */
  readonly initializer: string;
  /** Its options, defaults included; none if it left the tensor unchanged. */
  readonly options: Readonly<Record<string, unknown>>;
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
  /**
   * What the values should be, and half the width of a uniform; null where the
   * tensor was left as it was.
   */
  readonly expected: {
    readonly mean: number;
    readonly std: number;
    readonly bound: number | null;
  } | null;
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

/** What is to be made. */
interface Recipe {
  readonly initializer: AnyInitializer;
  readonly options: object;
  readonly shape: Shape;
  readonly dtype: FloatDtype;
  /** Undefined if one is drawn. */
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

/** Columns of the longest line of the help text. */
const helpWidth = 80;

/** The dtypes that can be filled. */
const floatDtypes: readonly FloatDtype[] = [
  "float32",
  "float64",
  "float16",
  "bfloat16",
];

/** Numbers as Python writes them that are not finite. */
const notFinite: ReadonlyMap<string, number> = new Map([
  ["nan", NaN],
  ["inf", Infinity],
  ["-inf", -Infinity],
]);

/** The flags of all initializers, PyTorch's names of them included. */
export const fillFlags: readonly string[] = [
  ...new Set(
    Object.values(initializers).flatMap((each) => [...flagsOf(each).keys()]),
  ),
];

const help =
  `Fills a tensor as PyTorch does, and prints it or writes it to a file.

Usage: fanin init <function> <shape> [options]

${functionList()}

Names may be PyTorch's or fanin's: kaiming_normal, kaiming_normal_ and
kaimingNormal are one. So are shapes: 33,16,3,3 and 33 16 3 3.

  --seed <n>              as for torch.manual_seed; random if omitted, and shown
  --dtype <dtype>         float32 (default), float64, float16 or bfloat16
  -o, --out <file>        .safetensors or .npy; an existing file is replaced
                          when the new one is complete
  --name <name>           the tensor's name in the file (default: weight)
${jsonHelp}

Permissions: with --out, --allow-read and --allow-write for the file's folder;
else none.

Examples:
  fanin init kaiming_normal 33,16,3,3 --seed 0 -o w.safetensors
  fanin init trunc_normal 768 768 --std 0.02 --a -0.04 --b 0.04`;

/** The command `init`. */
export const initCommand: Command = { help, run };

async function run(
  args: readonly string[],
  terminal: Terminal,
): Promise<number> {
  const { out, name, json, ...wanted } = readWanted(args);
  const made = make(wanted);
  if (out !== undefined) {
    await interruptible((signal) =>
      writeTensorFile(out, { name, tensor: made.tensor, signal })
    );
  }
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

function readWanted(args: readonly string[]): Wanted {
  const { operands: [called, ...sizes], flags, values } = readArguments(args, {
    flags: ["json"],
    values: [...fillFlags, "seed", "dtype", "out", "name"],
    short: { o: "out" },
  });
  if (called === undefined) {
    throw new UsageError(
      cannot("fill a tensor", "an initializer must be named"),
    );
  }
  const { seed, out, name } = values;
  if (name !== undefined && !out?.endsWith(".safetensors")) {
    throw new UsageError(
      cannot("name the tensor", "--name must come with --out FILE.safetensors"),
    );
  }
  const initializer = initializerOf("fill a tensor", called, initializers);
  const dtype = readChoice("--dtype", values.dtype ?? "float32", floatDtypes);
  if (out !== undefined) checkTensorFile(out, dtype);
  return {
    initializer,
    options: readFill(initializer, values),
    shape: readShape(sizes),
    dtype,
    seed: seed === undefined ? undefined : readSeed("--seed", seed),
    out,
    name: name ?? "weight",
    json: flags.json,
  };
}

/** Returns the options given by the flags of an initializer. */
function readFill(
  initializer: AnyInitializer,
  values: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, unknown>> {
  const { title, options: table } = initializer;
  const names = flagsOf(initializer);
  const options: Record<string, unknown> = {};
  for (const flag of fillFlags) {
    const text = values[flag];
    if (text === undefined) continue;
    const name = names.get(flag);
    if (name === undefined) throw foreignFlag(title, flag, [...names.keys()]);
    if (Object.hasOwn(options, name)) {
      throw new UsageError(
        cannot(`read --${flag}`, "it must come once", "it by two names"),
      );
    }
    options[name] = (table as AnyTable)[name].choices === undefined
      ? notFinite.get(text.toLowerCase()) ?? readNumber(`--${flag}`, text)
      : text;
  }
  return options;
}

function foreignFlag(
  title: string,
  flag: string,
  flags: readonly string[],
): UsageError {
  const rule = flags.length === 0
    ? "options must be empty"
    : `options must be among ${flags.map((each) => `--${each}`).join(", ")}`;
  const hint = suggestion(flag, flags).replace("mean ", "mean --");
  return new UsageError(
    cannot(`fill with init.${title}`, rule, `--${flag}${hint}`),
  );
}

/**
 * Returns which option each flag of an initializer is. A flag is an option's
 * name, or one of its other names, in kebab case.
 */
function flagsOf({ options }: AnyInitializer): Map<string, string> {
  return new Map(
    Object.entries(options as AnyTable).flatMap((
      [name, { also = [], asText = true }],
    ) =>
      asText
        ? [name, ...also].map((each) => [withSeparator(each, "-"), name])
        : []
    ),
  );
}

/** Returns the words of a name in lower case: `kaiming_normal`, `low-end`. */
function withSeparator(name: string, separator: string): string {
  return name.replaceAll("_", separator)
    .replaceAll(/[A-Z]/g, (letter) => separator + letter.toLowerCase());
}

/**
 * Returns the initializers with their flags, a line for neighbors that have the
 * same; flags that do not fit go on in the next line.
 */
function functionList(): string {
  const rows: { names: string; flags: readonly string[] }[] = [];
  for (const initializer of Object.values(initializers)) {
    const name = withSeparator(initializer.title, "_");
    const flags = flagTexts(initializer);
    const last = rows.at(-1);
    if (last?.flags.join() !== flags.join()) rows.push({ names: name, flags });
    else last.names += `, ${name}`;
  }
  const width = Math.max(
    ...rows.filter(({ flags }) => flags.length > 0)
      .map(({ names }) => names.length),
  );
  return rows.flatMap(({ names, flags }) =>
    broken(flags, helpWidth - width - 5).map((line, index) =>
      `  ${(index === 0 ? names : "").padEnd(width)}   ${line}`.trimEnd()
    )
  ).join("\n");
}

/** Returns the flags of each option: `--low (--a)`. */
function flagTexts(initializer: AnyInitializer): string[] {
  const byOption = Map.groupBy(flagsOf(initializer), ([, option]) => option);
  return [...byOption.values()].map((flags) => {
    const [own, ...others] = flags.map(([flag]) => `--${flag}`);
    return others.length === 0 ? own : `${own} (${others.join(", ")})`;
  });
}

/** Puts texts on lines, a comma between them. */
function broken(texts: readonly string[], width: number): string[] {
  return texts.reduce<string[]>((lines, text, index) => {
    const part = index === texts.length - 1 ? text : `${text},`;
    const longer = index === 0 ? part : `${lines.at(-1)} ${part}`;
    return longer.length <= width
      ? [...lines.slice(0, -1), longer]
      : [...lines, part];
  }, [""]);
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

function factsOf({ initializer, tensor, seed }: Made): InitFacts {
  const { dtype, shape } = tensor;
  const filled = filledBy(tensor);
  const { mean, sampleStd, min, max } = moments(valuesOf(tensor));
  const { fanIn, fanOut } = shape.length < 2
    ? { fanIn: null, fanOut: null }
    : countFans("count fans", shape);
  return {
    initializer,
    options: filled?.options ?? {},
    seed,
    dtype,
    shape,
    elements: elementCount(shape),
    fanIn,
    fanOut,
    expected: filled === undefined
      ? null
      : expectedOf(filled.distribution, shape),
    measured: { mean, std: sampleStd, min, max },
    sha256: sha256(bytesOf(tensor)),
  };
}

function expectedOf(
  distribution: Distribution,
  shape: Shape,
): InitFacts["expected"] {
  const { mean, std } = expectationOf(distribution, shape);
  const bound = distribution.kind === "uniform"
    ? (distribution.high - distribution.low) / 2
    : null;
  return { mean, std, bound };
}

/** Returns the facts in words, in parts that belong together. */
function factsInWords(facts: InitFacts): string[] {
  const { initializer, seed, dtype, shape, fanIn, fanOut } = facts;
  const { expected, measured } = facts;
  const bound = expected?.bound ?? null;
  const { random } = initializers[initializer];
  return [
    `${initializer} ${dtype} ${formatShape(shape)}, seed ${seed}`,
    ...fanIn === null ? [] : [`fan in ${fanIn}, fan out ${fanOut}`],
    ...bound === null ? [] : [`bound ${formatNumber(bound)}`],
    `std ${formatNumber(measured.std)}${
      expected === null || !random ? "" : ` of ${formatNumber(expected.std)}`
    }`,
  ];
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

/** Checks that a file can hold a tensor. */
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
        describe(path.replace(/^.*[/\\]/s, "")),
      ),
    );
  }
}

/**
 * Writes a file with one tensor; a file that is there is replaced when the new
 * one is whole. Files of NumPy have no name in them.
 */
async function writeTensorFile(
  path: string,
  { name, tensor, signal }: {
    readonly name: string;
    readonly tensor: Tensor;
    readonly signal: AbortSignal;
  },
): Promise<void> {
  const { dtype, shape } = tensor;
  if (isNpy(path)) {
    const bytes = encodeNpy(tensor);
    await writeAtomically(path, (file) => file.write(0, bytes), signal);
  } else {
    const specs = [{ name, dtype, shape }];
    await writeSafetensors(path, specs, () => tensor, { signal });
  }
}

function isNpy(path: string): boolean {
  return /\.npy$/.test(path);
}
