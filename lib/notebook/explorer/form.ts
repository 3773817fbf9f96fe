/**
 * The panel's inputs: their labels and kinds, and the way from settings to the
 * texts they hold and back.
 *
 * @module
 */

import { cannot } from "../../core/options.ts";
import { escapeMarkup } from "../../core/show.ts";
import {
  explorable,
  type ExploreOptions,
  type ExploreSettings,
  type OptionName,
  optionTable,
} from "./settings.ts";

/** An input. */
interface Field {
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
const layerFields: readonly Field[] = [
  { name: "inChannels", label: "Channels in", kind: "count" },
  { name: "outChannels", label: "Channels out", kind: "count" },
  {
    name: "kernelSize",
    label: "Kernel",
    kind: "sizes",
    hint:
      "5 as in nn.Conv2d, for 5 × 5; or a size for each axis: 3, 5; [5] has one axis; nothing makes a dense layer",
  },
  {
    name: "stride",
    label: "Stride",
    kind: "sizes",
    hint: "one for all axes, or one for each: 2, 1",
  },
  { name: "groups", label: "Groups", kind: "count" },
  { name: "transposed", label: "Transposed", kind: "flag" },
];

/** The inputs of the initializer. */
const initializerFields: readonly Field[] = [
  {
    name: "initializer",
    label: "Initializer",
    kind: "choice",
    choices: explorable,
  },
  ...Object.entries(optionTable).map(([name, { choices }]): Field => ({
    name: name as OptionName,
    label: name === "negativeSlope"
      ? "Slope"
      : `${name[0].toUpperCase()}${name.slice(1)}`,
    ...choices === undefined
      ? { kind: "real", hint: real }
      : { kind: "choice", choices },
  })),
  { name: "seed", label: "Seed", kind: "integer" },
];

const fields = [...layerFields, ...initializerFields];

/** Each gives the value that a text says; undefined where it says none. */
const readers = {
  count: (text: string) => /\d/.test(text) ? Number(text) : undefined,
  integer: (text: string) => /^-?\d+$/.test(text) ? BigInt(text) : undefined,
  flag: (text: string) => text === "true",
  choice: (text: string) => text,
  real: readReal,
  sizes: readSizes,
};

const wanted: Readonly<Record<Field["kind"], string>> = {
  count: "an integer",
  integer: "an integer",
  flag: "true or false",
  choice: "one of the list",
  real: "a number, as 0.5, √2 or 5/3",
  sizes: "integers, as 3 or 3, 5",
};

/**
 * Letters and background are the page's, so that they contrast as its own do,
 * in the picture too.
 * The lines and the focus ring are seen on white and on black. A list that
 * opens is not part of the page: it has colors of its own.
 */
const style = `:host{display:block;max-width:900px}
form{display:flex;flex-wrap:wrap;gap:.8em}
fieldset{display:grid;grid-template-columns:repeat(auto-fill,minmax(8em,1fr));gap:.6em .8em;align-items:end;flex:1 1 18em;min-width:0;margin:0;padding:.5em .9em .9em;border:1px solid #767676;border-radius:6px}
legend{padding:0 .4em;font-weight:600}
label{display:flex;flex-direction:column;gap:.2em;min-width:0}
label[hidden]{display:none}
label:has([name=initializer]){grid-column:span 2}
label:has([type=checkbox]){flex-direction:row;align-items:center;gap:.5em;padding:.4em 0}
input,select{box-sizing:border-box;width:100%;min-width:0;height:2.1em;margin:0;padding:.2em .45em;font:inherit;color:inherit;background:transparent;border:1px solid #767676;border-radius:4px}
[type=checkbox]{width:1.2em;height:1.2em;accent-color:#0072b2}
option{color:#1f2328;background:#fff}
:focus-visible{outline:3px solid #0072b2;outline-offset:1px}
[aria-invalid=true]{border:2px solid #d55e00}
#status{margin:.8em 0;min-height:1.4em;padding-left:.7em;border-left:4px solid #0072b2;overflow-wrap:anywhere}
#status.error{border-left-color:#d55e00}
#status.error::before{content:"⚠ "}
.stale{opacity:.35;filter:grayscale(1)}
svg{display:block;max-width:100%;height:auto}
text{fill:currentColor}
code{font-family:ui-monospace,Menlo,Consolas,monospace;font-size:.95em}`;

/**
 * Returns the texts that say the settings.
 *
 * @param settings The settings.
 */
export function writeTexts(settings: ExploreSettings): Texts {
  const entries = fields.map(({ name }) => {
    const value = settings[name];
    if (!Array.isArray(value)) return [name, String(value)];
    const sizes = value.join(", ");
    return [name, value.length === 1 ? `[${sizes}]` : sizes];
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
      cannot(
        "explore",
        `${name} must be ${wanted[kind]}`,
        JSON.stringify(texts[name]),
      ),
    );
  });
  return Object.fromEntries(entries);
}

/**
 * Returns the panel: inputs, a line for results and errors, the picture's place
 * and the report's place.
 *
 * @param texts What the inputs hold at first.
 */
export function panelMarkup(texts: Texts): string {
  return `<style>${style}</style>
<form aria-label="Explore an initializer" autocomplete="off">
${fieldset("Layer", layerFields, texts)}
${fieldset("Initializer", initializerFields, texts)}
</form>
<p id="status" role="status"></p>
<div id="result"><div id="picture"></div><div id="report"></div></div>`;
}

function fieldset(
  legend: string,
  fields: readonly Field[],
  texts: Texts,
): string {
  const labels = fields.map((field) => {
    const control = controlOf(field, texts[field.name]);
    const { label, kind } = field;
    return `<label>${
      kind === "flag"
        ? `${control} ${label}`
        : `<span>${label}</span>${control}`
    }</label>`;
  });
  return `<fieldset><legend>${legend}</legend>${labels.join("")}</fieldset>`;
}

function controlOf({ name, kind, choices, hint }: Field, text: string): string {
  const value = escapeMarkup(text);
  if (choices !== undefined) {
    const options = choices.map((choice) =>
      `<option${choice === text ? " selected" : ""}>${choice}</option>`
    );
    return `<select name="${name}">${options.join("")}</select>`;
  }
  if (kind === "flag") {
    const checked = text === "true" ? " checked" : "";
    return `<input type="checkbox" name="${name}"${checked}>`;
  }
  const whole = kind === "count" || kind === "integer";
  const type = whole ? `type="number" step="1"` : `type="text"`;
  const least = kind === "count" ? ` min="1"` : "";
  const title = hint === undefined ? "" : ` title="${hint}"`;
  return `<input ${type} name="${name}" value="${value}"${least}${title}>`;
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

/** Sizes apart by commas, spaces or ×; one alone is a list in brackets only. */
function readSizes(text: string): number | number[] | undefined {
  const bare = text.replace(/^\[(.*)\]$/, "$1");
  const sizes = bare.split(/[\s,x×]+/).filter((part) => part !== "");
  if (!sizes.every((part) => /^-?[\d.]+$/.test(part))) return undefined;
  const alone = sizes.length === 1 && bare === text;
  return alone ? Number(sizes[0]) : sizes.map(Number);
}
