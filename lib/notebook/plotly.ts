/**
 * The text of plotly.js, and the element by which a page carries it.
 *
 * @module
 */

import { cannot, describe } from "../core/options.ts";

/** The hash of the text, in the form browsers check (`integrity`). */
export const plotlyIntegrity =
  "sha256-eVQhUIVaUsVnJg4xNwldvit0Tm1wKlyr5n2iRpQvuno=";

/** Where the same text is on the network, for pages that are not offline. */
export const plotlyUrl =
  "https://cdn.jsdelivr.net/npm/plotly.js-cartesian-dist-min@4.1.1/plotly-cartesian.min.js";

/**
 * Replacements for digits whose characters would end an element, need an escape
 * in JSON, or look like a path. The page script knows it too.
 */
const instead: Readonly<Record<string, string>> = {
  "<": "x",
  "\\": "y",
  "/": "z",
};

/** How long the network may take, in milliseconds. */
const patience = 20_000;

let packed: Promise<string> | undefined;

/**
 * Returns the text of plotly.js: from npm, which Deno caches; where Deno refuses
 * that, as beside a `package.json`, from the network. In a package of npm or a
 * bundle, the text is a file of it.
 *
 * @throws {Error} If it cannot be had.
 */
export async function plotlyText(): Promise<string> {
  try {
    const { default: text } = await import(
      "npm:plotly.js-cartesian-dist-min@4.1.1/plotly-cartesian.min.js",
      { with: { type: "text" } }
    );
    return text;
  } catch (cause) {
    return await fetchText().catch((second: Error) => {
      throw new Error(
        cannot(
          "put plotly.js into a page",
          `its text must come from npm (beside a package.json, list it there: plotly.js-cartesian-dist-min) or from ${plotlyUrl}; toHtml({ offline: false }) goes without it`,
          describe(second.message),
        ),
        { cause },
      );
    });
  }
}

/**
 * Returns a text packed. It holds no white space, `"`, `<`, `\` or `/`.
 *
 * Deflated without a header, which would name the platform.
 *
 * @param text The text.
 */
export async function pack(text: string): Promise<string> {
  const stream = new Blob([text]).stream()
    .pipeThrough(new CompressionStream("deflate-raw"));
  return base85(new Uint8Array(await new Response(stream).arrayBuffer()));
}

/**
 * Returns bytes as text, five characters for four bytes. It holds no white
 * space, `"`, `<`, `\` or `/`.
 *
 * @param bytes The bytes.
 */
export function base85(bytes: Uint8Array): string {
  const groups: string[] = [];
  for (let start = 0; start < bytes.length; start += 4) {
    groups.push(digits(bytes.subarray(start, start + 4)));
  }
  return groups.join("").replace(/[<\\/]/g, (char) => instead[char]);
}

/**
 * Returns the element that carries plotly.js.
 *
 * @throws {Error} If its text cannot be had; the next call tries again.
 */
export async function carry(): Promise<string> {
  packed ??= plotlyText().then(pack);
  try {
    return carrier("", await packed);
  } catch (error) {
    packed = undefined;
    throw error;
  }
}

/** Returns the element that names where plotly.js is on the network. */
export function carryUrl(): string {
  return carrier(` data-url="${plotlyUrl}"`, "");
}

/**
 * Returns the hash of bytes, in the form browsers check.
 *
 * @param bytes The bytes.
 */
export async function integrityOf(bytes: BufferSource): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return `sha256-${btoa(String.fromCharCode(...hash))}`;
}

/** Takes it only if it is the text that is pinned. */
async function fetchText(): Promise<string> {
  const signal = AbortSignal.timeout(patience);
  const response = await fetch(plotlyUrl, { signal });
  const bytes = await response.arrayBuffer();
  if (await integrityOf(bytes) !== plotlyIntegrity) {
    throw new Error(
      `what is at the address is not plotly.js (${response.status})`,
    );
  }
  return new TextDecoder().decode(bytes);
}

/** Up to 4 bytes, the first one highest, as one digit more than bytes. */
function digits(bytes: Uint8Array): string {
  let value = 0;
  for (let i = 0; i < 4; i++) value = value * 256 + (bytes[i] ?? 0);
  const codes: number[] = [];
  for (let i = 0; i < 5; i++) {
    codes.unshift(35 + value % 85);
    value = Math.floor(value / 85);
  }
  return String.fromCharCode(...codes.slice(0, bytes.length + 1));
}

function carrier(attributes: string, content: string): string {
  return `<script type="text/plain" data-fanin-library="${plotlyIntegrity}"${attributes}>${content}</script>`;
}
