/**
 * `explore`: a panel in which an initialiser can be tried out.
 *
 * @module
 */

import { kindOf, Showable } from "../../core/show.ts";
import type { Tensor } from "../../core/tensor.ts";
import { type Explored, explored } from "./explored.ts";
import { textOf } from "./report.ts";
import type { ExploreOptions, ExploreSettings } from "./settings.ts";

/**
 * A layer and an initialiser to be tried out: in a notebook a panel with
 * inputs, on a console the numbers as text.
 *
 * @example
 * ```ts
 * import { explore, fan } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * const explorer = explore({ inChannels: 3, outChannels: 64, kernelSize: [7, 7] });
 * assertEquals(fan(explorer.weight).fanIn, 147);
 * assertEquals(explorer.settings.initialiser, "kaimingUniform");
 * ```
 */
export class Explorer extends Showable {
  readonly #found: Explored;

  /**
   * Makes an explorer.
   *
   * @param options What the inputs hold at first.
   * @throws {TypeError} If an option is unknown or of a wrong kind.
   * @throws {RangeError} If an option is out of its interval or does not fit
   * another, or the weight has more than 2^20 elements.
   */
  constructor(options: ExploreOptions = {}) {
    super();
    this.#found = explored(options);
  }

  /** The kind by which its renderer is found. */
  get [kindOf](): string {
    return "explorer";
  }

  /** What the inputs hold at first. */
  get settings(): ExploreSettings {
    return this.#found.settings;
  }

  /** The weight that the settings give. */
  get weight(): Tensor<"float32"> {
    return this.#found.weight;
  }

  /** Returns the numbers as text, with a histogram in characters. */
  override toString(): string {
    return textOf(this.#found);
  }
}

/**
 * Returns a panel in which an initialiser can be tried out: as a cell's last
 * value, inputs for the layer, the initialiser and the seed, and under them how
 * the fans are counted, how gain and fan become the scale, the first values,
 * and a histogram over the density it was drawn from.
 *
 * The panel runs this library's own code in the page, without a kernel and
 * without a network. Its numbers are those of {@linkcode fan} and of `init`, to
 * the bit. Where a front end runs no scripts, the output shows the options'
 * numbers and picture. An error stands in the panel, over the last numbers.
 *
 * Two counts stand beside each other: PyTorch's, by which initialisers scale,
 * and that of connections, which sees groups, stride and direction.
 *
 * @param options What the inputs hold at first.
 * @throws {TypeError} If an option is unknown or of a wrong kind.
 * @throws {RangeError} If an option is out of its interval or does not fit
 * another, or the weight has more than 2^20 elements.
 *
 * @example
 * ```ts
 * import { empty, explore, Generator, init } from "@fanin/fanin";
 * import { assertEquals, assertStringIncludes } from "@std/assert";
 *
 * const explorer = explore({ initialiser: "xavierNormal", seed: 1 });
 * const weight = init.xavierNormal(empty([33, 16, 3, 3]), {
 *   generator: new Generator(1),
 * });
 * assertEquals(explorer.weight.data, weight.data);
 * assertStringIncludes(String(explorer), "fan in          = 16 · 9 = 144");
 * ```
 */
export function explore(options: ExploreOptions = {}): Explorer {
  return new Explorer(options);
}
