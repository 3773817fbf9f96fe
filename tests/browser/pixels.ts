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
  /** How many of these have none of their colour nearby in the other picture. */
  readonly alone: number;
}

/**
 * Returns how two PNGs agree, both on white and of one size.
 *
 * A pixel is a mark if a channel is more than 36 from white, which grid lines
 * are not. It has its like if a pixel of the other picture, at most 2 to each
 * side, differs by at most as much in each channel: antialiasing and rounding do
 * hardly more.
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
