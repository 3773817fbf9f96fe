/**
 * The panel's inputs: their labels and kinds, and the way from settings to the
 * texts they hold and back.
 *
 * @module
 */

import { nonlinearities } from "../../scaling/gain.ts";
import { initialisers } from "./initialisers.ts";
import {
  type ExploreOptions,
  type ExploreSettings,
  modes,
} from "./settings.ts";

/** An input. */
export interface Field {
  /** The setting. */
  readonly name: keyof ExploreSettings;
  /** Its label. */
  readonly label: string;
  /** How its text is read. */
  readonly kind: keyof typeof readers;
  /** What may be chosen. */
  readonly choices?: readonly string[];
  /** A few words on what may be written. */
  readonly hint?: string;
}

/** What the inputs hold; a ticked box holds `true`. */
export type Texts = Readonly<Record<keyof ExploreSettings, string>>;

const real = "a number; 5/3 and √2 are read too";

/** The inputs of the layer. */
export const layerFields: readonly Field[] = [
  { name: "inChannels", label: "Channels in", kind: "count" },
  { name: "outChannels", label: "Channels out", kind: "count" },
  {
    name: "kernelSize",
    label: "Kernel",
    kind: "sizes",
    hint: "a size for each axis: 3, 3; nothing for a dense layer",
  },
  {
    name: "stride",
    label: "Stride",
    kind: "sizeOrSizes",
    hint: "one for all axes, or one for each: 2, 1",
  },
  { name: "groups", label: "Groups", kind: "count" },
  { name: "transposed", label: "Transposed", kind: "flag" },
];

/** The inputs of the initialiser. */
export const initialiserFields: readonly Field[] = [
  {
    name: "initialiser",
    label: "Initialiser",
    kind: "choice",
    choices: Object.keys(initialisers),
  },
  { name: "mode", label: "Mode", kind: "choice", choices: modes },
  {
    name: "nonlinearity",
    label: "Nonlinearity",
    kind: "choice",
    choices: nonlinearities,
  },
  { name: "negativeSlope", label: "Slope", kind: "real", hint: real },
  { name: "gain", label: "Gain", kind: "real", hint: real },
  { name: "mean", label: "Mean", kind: "real", hint: real },
  { name: "std", label: "Std", kind: "real", hint: real },
  { name: "low", label: "Low", kind: "real", hint: real },
  { name: "high", label: "High", kind: "real", hint: real },
  { name: "seed", label: "Seed", kind: "integer" },
];

const fields = [...layerFields, ...initialiserFields];

/** Each gives the value that a text says; undefined where it says none. */
const readers = {
  count: (text: string) => /\d/.test(text) ? Number(text) : undefined,
  integer: (text: string) => /^-?\d+$/.test(text) ? BigInt(text) : undefined,
  flag: (text: string) => text === "true",
  choice: (text: string) => text,
  real: readReal,
  sizes: readSizes,
  sizeOrSizes(text: string) {
    const sizes = readSizes(text);
    return sizes?.length === 1 ? sizes[0] : sizes;
  },
};

const wanted: Readonly<Record<Field["kind"], string>> = {
  count: "an integer",
  integer: "an integer",
  flag: "true or false",
  choice: "one of the list",
  real: "a number, as 0.5, √2 or 5/3",
  sizes: "integers, as 3, 3",
  sizeOrSizes: "integers, as 2 or 2, 1",
};

/**
 * Returns the texts that say the settings.
 *
 * @param settings The settings.
 */
export function writeTexts(settings: ExploreSettings): Texts {
  const entries = fields.map(({ name }) => {
    const value = settings[name];
    return [name, Array.isArray(value) ? value.join(", ") : String(value)];
  });
  return Object.fromEntries(entries);
}

/**
 * Returns the options that texts say.
 *
 * @param texts What the inputs hold.
 * @throws {RangeError} If a text cannot be read.
 */
export function readTexts(texts: Texts): ExploreOptions {
  const entries = fields.map(({ name, kind }) => {
    const value = readers[kind](texts[name].trim());
    if (value !== undefined) return [name, value];
    throw new RangeError(
      `Cannot explore as ${name} must be ${wanted[kind]}: current value is ${
        JSON.stringify(texts[name])
      }`,
    );
  });
  return Object.fromEntries(entries);
}

/** Sizes apart by commas, spaces or ×. */
function readSizes(text: string): number[] | undefined {
  const sizes = text.split(/[\s,x×]+/).filter((part) => part !== "");
  return sizes.every((part) => /^-?[\d.]+$/.test(part))
    ? sizes.map(Number)
    : undefined;
}

/** A number, a root or a quotient of them. */
function readReal(text: string): number | undefined {
  const [above, below, ...more] = text.replace(/[()\s]/g, "").split("/")
    .map(readFactor);
  if (above === undefined || more.length > 0) return undefined;
  if (text.includes("/") && below === undefined) return undefined;
  return above / (below ?? 1);
}

function readFactor(text: string): number | undefined {
  const found = /^([-−+]?)(√|sqrt)?(\d*\.?\d+(?:e[-+]?\d+)?)$/i.exec(
    text.replace(/(\d)\.$/, "$1"),
  );
  if (found === null) return undefined;
  const [, sign, root, digits] = found;
  const size = root === undefined ? Number(digits) : Math.sqrt(Number(digits));
  return sign === "-" || sign === "−" ? -size : size;
}
