/**
 * SVG drawn as PNG by resvg, with letters that are always the same.
 *
 * The imports are dynamic and stay here: a notebook loads the packages at its
 * first PNG, and a bundler puts them into the bundle.
 *
 * @module
 */

import { checkFinite, withDefaults } from "../core/options.ts";
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
  initWasm(bytes: Uint8Array): Promise<void>;
  readonly Resvg: new (svg: string, options: object) => {
    render(): { asPng(): Uint8Array<ArrayBuffer>; free(): void };
    free(): void;
  };
}

interface Bytes {
  readonly default: Uint8Array;
}

interface Drawer {
  readonly Resvg: Package["Resvg"];
  /** The file of a font. */
  readonly letters: Uint8Array;
}

/** The name that the font's file says. */
const family = "DejaVu Sans";

/** The longest side that is drawn, in pixels: 1 GB of memory at most. */
const longest = 16_384;

let drawer: Promise<Drawer> | undefined;

/**
 * Returns a picture as a PNG file; where the SVG draws nothing, the PNG is
 * transparent.
 *
 * @param picture The SVG.
 * @param options Its scale.
 * @throws {TypeError} If the scale is not a number, or an option is unknown.
 * @throws {RangeError} If the scale is not positive, or a side would be shorter
 * than 1 or longer than 16,384 pixels.
 * @throws {Error} If the packages that draw cannot be loaded.
 */
export async function drawPng(
  { svg, width, height }: Picture,
  options: PngOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const { scale } = withDefaults("draw a PNG", options, { scale: 2 });
  checkScale(scale, width, height);
  drawer ??= loadDrawer();
  const { Resvg, letters } = await drawer.catch(fail);
  const resvg = new Resvg(svg, {
    fitTo: { mode: "zoom", value: scale },
    font: {
      fontBuffers: [letters],
      defaultFontFamily: family,
      sansSerifFamily: family,
    },
  });
  const image = resvg.render();
  const png = image.asPng();
  image.free();
  resvg.free();
  return png;
}

function checkScale(scale: unknown, width: number, height: number): void {
  checkFinite("draw a PNG", "scale", scale);
  if (scale <= 0) {
    throw new RangeError(
      `Cannot draw a PNG as scale must be positive: current value is ${scale}`,
    );
  }
  const sides = [width, height].map((side) => side * scale);
  if (!sides.every((side) => side >= 1 && side <= longest)) {
    throw new RangeError(
      `Cannot draw a PNG as its sides must be 1 to ${longest} pixels: current value is ${
        sides.join(" × ")
      }`,
    );
  }
}

async function loadDrawer(): Promise<Drawer> {
  const [{ initWasm, Resvg }, wasm, letters] = await Promise.all([
    import("npm:@resvg/resvg-wasm@2.6.2"),
    import("npm:@resvg/resvg-wasm@2.6.2/index_bg.wasm", {
      with: { type: "bytes" },
    }),
    import(
      "npm:@fontsource/dejavu-sans@5.3.0/files/dejavu-sans-latin-400-normal.woff2",
      { with: { type: "bytes" } }
    ),
  ]) as unknown as [Package, Bytes, Bytes];
  await initWasm(wasm.default).catch((error) => {
    // By the user's own program, say: resvg takes it once only.
    if (!/already initialized/i.test(String(error))) throw error;
  });
  return { Resvg, letters: letters.default };
}

/** The next call tries again. */
function fail(cause: unknown): never {
  drawer = undefined;
  const reason = cause instanceof Error ? cause.message : String(cause);
  throw new Error(
    `Cannot draw a PNG as resvg and its letters must be loadable: current value is an error (${reason})`,
    { cause },
  );
}
