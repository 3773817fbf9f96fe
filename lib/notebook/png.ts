/**
 * Draws SVG as PNG with resvg and the machine's fonts.
 *
 * Its WebAssembly build and a font of our own would draw the same letters on
 * each machine; but Deno 2.9 reads a package's bytes behind a flag only.
 *
 * @module
 */

import { cannot, checkFinite, withDefaults } from "../core/options.ts";
import type { PngOptions } from "../core/show.ts";

/** An SVG document and its size in pixels. */
export interface Picture {
  /** The document. */
  readonly svg: string;
  /** Its width. */
  readonly width: number;
  /** Its height. */
  readonly height: number;
}

/** The part of resvg that is used. */
interface Package {
  readonly Resvg: new (svg: string, options?: object) => {
    render(): { asPng(): Uint8Array };
    /** The box of what is drawn, if anything is. */
    getBBox(): object | undefined;
  };
}

/** The package, not written in an import: only its use downloads it. */
const name = "@resvg/resvg-js";
const version = "2.6.2";

/** Draws nothing where the machine has no font. */
const letter =
  '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><text y="9" font-family="sans-serif">x</text></svg>';

/** The longest side that is drawn, in pixels: 1 GB of memory at most. */
const longest = 16_384;

/**
 * Returns a picture as a PNG file, transparent where the SVG draws nothing.
 *
 * @param picture The SVG.
 * @param options Its scale.
 * @throws {TypeError} If the scale is not a number, or an option is unknown.
 * @throws {RangeError} If the scale is not positive, or a side would be shorter
 * than 1 or longer than 16,384 pixels.
 * @throws {Error} If resvg cannot be loaded, or the machine has no font.
 */
export async function drawPng(
  { svg, width, height }: Picture,
  options: PngOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const { scale } = withDefaults("draw a PNG", options, { scale: 2 });
  checkScale(scale, width, height);
  const { Resvg } = await loadPackage();
  if (new Resvg(letter).getBBox() === undefined) {
    throw new Error(
      cannot("draw a PNG", "the machine must have a font", "none"),
    );
  }
  const fitTo = { mode: "zoom", value: scale };
  return new Uint8Array(new Resvg(svg, { fitTo }).render().asPng());
}

function checkScale(scale: unknown, width: number, height: number): void {
  checkFinite("draw a PNG", "scale", scale);
  if (scale <= 0) {
    throw new RangeError(
      cannot("draw a PNG", "scale must be positive", scale),
    );
  }
  const sides = [width, height].map((side) => side * scale);
  if (!sides.every((side) => side >= 1 && side <= longest)) {
    throw new RangeError(
      cannot(
        "draw a PNG",
        `its sides must be 1 to ${longest} pixels`,
        sides.join(" × "),
      ),
    );
  }
}

/** Deno installs the package itself; Node and Bun take an installed one. */
async function loadPackage(): Promise<Package> {
  const specifier = "Deno" in globalThis ? `npm:${name}@${version}` : name;
  try {
    // For bundlers, which cannot know it.
    return await import(/* @vite-ignore */ /* webpackIgnore: true */ specifier);
  } catch (cause) {
    const reason = String(cause).split("\n")[0];
    throw new Error(
      cannot("draw a PNG", `${specifier} must be there`, reason),
      { cause },
    );
  }
}
