/**
 * Pictures compared pixel by pixel, in the browser that took them.
 *
 * @module
 */

/// <reference lib="dom" />

import type { Page } from "npm:playwright-core@1.65.1";

/** The marks of two pictures: what is neither background nor grid. */
export interface Marks {
  /** How many pixels of both are marks. */
  readonly marks: number;
  /** How many of these have none of their color nearby in the other picture. */
  readonly alone: number;
  /** How many lie in areas of one color that in the other is another. */
  readonly recolored: number;
}

/**
 * Returns how two PNGs agree, both on white and of one size.
 *
 * A pixel is a mark if a channel is more than 36 from white, which grid lines
 * are not. It has its like if a pixel of the other picture, at most 2 to each
 * side, differs by at most as much in each channel: antialiasing and rounding do
 * hardly more. Inside areas of one color, in both pictures at the same place, no
 * more than 6 is let pass: that tells how opaque a color is.
 *
 * @param page Any page.
 * @param pictures The bytes of both.
 * @param shift By how many pixels the second one is moved to the right.
 */
export async function compareMarks(
  page: Page,
  pictures: readonly [Uint8Array, Uint8Array],
  shift = 0,
): Promise<Marks> {
  const urls = pictures.map((bytes) =>
    `data:image/png;base64,${bytes.toBase64()}`
  );
  return await page.evaluate(async ({ urls, shift }) => {
    const faint = 36;
    const nearby = [0, -1, 1, -2, 2];
    const [one, other] = await Promise.all(urls.map(read));
    if (one.width !== other.width || one.height !== other.height) {
      throw new Error(
        `${one.width} × ${one.height}, ${other.width} × ${other.height}`,
      );
    }
    const [there, back] = [count(one, other, shift), count(other, one, -shift)];
    return {
      marks: there.marks + back.marks,
      alone: there.alone + back.alone,
      recolored: recolored(one, other, shift),
    };

    async function read(url: string): Promise<ImageData> {
      const image = new Image();
      image.src = url;
      await image.decode();
      const canvas = document.createElement("canvas");
      canvas.width = image.width;
      canvas.height = image.height;
      const context = canvas.getContext("2d")!;
      context.drawImage(image, 0, 0);
      return context.getImageData(0, 0, image.width, image.height);
    }

    function count(from: ImageData, to: ImageData, dx: number) {
      let [marks, alone] = [0, 0];
      for (let y = 0; y < from.height; y++) {
        for (let x = 0; x < from.width; x++) {
          const at = 4 * (y * from.width + x);
          const [red, green, blue] = from.data.subarray(at, at + 3);
          if (255 - Math.min(red, green, blue) <= faint) continue;
          marks++;
          if (!hasLike(from.data, at, to, x - dx, y)) alone++;
        }
      }
      return { marks, alone };
    }

    function recolored(from: ImageData, to: ImageData, dx: number): number {
      let found = 0;
      for (let y = 1; y < from.height - 1; y++) {
        for (let x = 1; x < from.width - 1; x++) {
          const [at, there] = [x, x - dx].map((x) => 4 * (y * from.width + x));
          if (isFlat(from, at) && isFlat(to, there)) {
            const [here, beyond] = [from.data, to.data];
            const differs = [0, 1, 2].some((channel) =>
              Math.abs(here[at + channel] - beyond[there + channel]) > 6
            );
            if (differs) found++;
          }
        }
      }
      return found;
    }

    /** Whether a pixel that is not white has its color on all four sides. */
    function isFlat({ data, width }: ImageData, at: number): boolean {
      let white = true;
      for (let channel = at; channel < at + 3; channel++) {
        const value = data[channel];
        white &&= value === 255;
        for (const side of [-4, 4, -4 * width, 4 * width]) {
          if (Math.abs(data[channel + side] - value) > 1) return false;
        }
      }
      return !white;
    }

    /** Looks at the same place first, where the like mostly is. */
    function hasLike(
      data: Uint8ClampedArray,
      at: number,
      { data: others, width, height }: ImageData,
      x: number,
      y: number,
    ): boolean {
      for (const dy of nearby) {
        const j = y + dy;
        if (j < 0 || j >= height) continue;
        for (const dx of nearby) {
          const i = x + dx;
          if (i < 0 || i >= width) continue;
          const there = 4 * (j * width + i);
          const differs = (channel: number) =>
            Math.abs(data[at + channel] - others[there + channel]) > faint;
          if (!differs(0) && !differs(1) && !differs(2)) return true;
        }
      }
      return false;
    }
  }, { urls, shift });
}
