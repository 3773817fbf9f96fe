/**
 * A figure for tests, with the members of a real one and a picture of its own.
 *
 * @module
 */

import { kindOf, Showable } from "../../lib/core/show.ts";

/** Bars whose heights are given. */
export class SampleFigure extends Showable {
  readonly data: unknown[];
  readonly layout: unknown;
  readonly #title: string;

  constructor(title: string, heights: ArrayLike<number>) {
    super();
    this.#title = title;
    this.data = [{
      type: "bar",
      x: Array.from(heights, (_, index) => index),
      y: heights,
    }];
    this.layout = {
      title: { text: title },
      height: 300,
      paper_bgcolor: "rgba(0,0,0,0)",
      plot_bgcolor: "rgba(0,0,0,0)",
      font: { color: "#808080" },
    };
  }

  get [kindOf](): string {
    return "figure";
  }

  toSvg(): string {
    const heights = Array.from((this.data[0] as { y: number[] }).y);
    const bars = heights.map((height, index) =>
      `<rect x="${80 + index * 40}" y="${
        220 - height * 20
      }" width="36" height="${height * 20}" fill="#4477aa"/>`
    );
    return `<svg xmlns="http://www.w3.org/2000/svg" width="600" height="300" viewBox="0 0 600 300">${
      bars.join("")
    }</svg>`;
  }

  toString(): string {
    return this.#title;
  }
}
