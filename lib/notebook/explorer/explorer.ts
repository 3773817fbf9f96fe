/**
 * `explore`: a panel for trying out an initializer, the code that starts it in
 * a page, and the types of the page that it uses.
 *
 * @module
 */

import {
  escapeMarkup,
  kindOf,
  type Renderer,
  setRenderer,
  Showable,
} from "../../core/show.ts";
import type { Tensor } from "../../core/tensor.ts";
import { pictureUrl } from "../figure.ts";
import { scriptText, unpack } from "../page_script.ts";
import { writeTexts } from "./form.ts";
import { size } from "../../plot/theme.ts";
import { markupOf, pictureOf, summaryOf, textOf } from "./report.ts";
import {
  type Explored,
  explored,
  type ExploreOptions,
  type ExploreSettings,
} from "./settings.ts";

/** The page's `window`. */
interface Page {
  readonly document: {
    querySelectorAll(selector: string): Iterable<Root>;
  };
  readonly ResizeObserver: PageObserver;
}

/** A mark on the element is not saved with the page, an attribute would be. */
interface Root extends PageElement {
  faninStarted?: true;
}

/** What the code exports. */
interface Code {
  mount(root: PageElement, texts: unknown, observer: PageObserver): void;
}

/** An element of a page. */
export interface PageElement {
  /** Its width in pixels, 0 where it is not shown. */
  readonly clientWidth: number;
  /** Its own tree, once it is attached. */
  readonly shadowRoot: PageRoot | null;
  /** Its classes. */
  readonly classList: { toggle(name: string, on: boolean): void };
  /** Its text. */
  textContent: string;
  /** Its content as markup. */
  innerHTML: string;
  /** Whether it is left out. */
  hidden: boolean;
  /** Attaches a tree of its own, which is shown in place of its children. */
  attachShadow(options: { mode: "open" }): PageRoot;
  /** Finds the nearest element about it. */
  closest(selector: string): PageElement | null;
  /** Calls back at each event. */
  addEventListener(type: string, listener: () => void): void;
  /** Sets an attribute. */
  setAttribute(name: string, value: string): void;
  /** Finds an element in it. */
  querySelector(selector: string): PageElement | null;
  /** Finds the elements in it. */
  querySelectorAll(selector: string): ArrayLike<PageElement>;
}

/** The tree of an element. */
export type PageRoot = Pick<
  PageElement,
  "innerHTML" | "querySelector" | "querySelectorAll"
>;

/** An input of a form. */
export interface PageInput extends PageElement {
  /** What it is called. */
  readonly name: string;
  /** Its kind. */
  readonly type: string;
  /** Whether it is ticked. */
  readonly checked: boolean;
  /** What it holds. */
  value: string;
}

/** Says when an element gets another size. */
export type PageObserver = new (callback: () => void) => {
  /** Begins. */
  observe(element: PageElement): void;
};

/**
 * A layer and an initializer to be tried out: in a notebook a panel with
 * inputs, on a console the numbers as text.
 *
 * @example
 * ```ts
 * import { explore, fan } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * const explorer = explore({ inChannels: 3, outChannels: 64, kernelSize: [7, 7] });
 * assertEquals(fan(explorer.weight).fanIn, 147);
 * assertEquals(explorer.settings.initializer, "kaimingUniform");
 * ```
 */
export class Explorer extends Showable {
  /** The class's name, which minifiers leave alone. */
  static readonly title = "Explorer";
  readonly #found: Explored;

  /**
   * Makes an explorer.
   *
   * @param options What the inputs hold at first.
   * @throws {TypeError} If an option is unknown or of the wrong kind.
   * @throws {RangeError} If an option is out of its interval or does not fit
   * another, or the weight has more than 2^20 elements.
   */
  constructor(options: ExploreOptions = {}) {
    super();
    // Not when the library is loaded: a program without one is not to carry it.
    setRenderer("explorer", explorerRenderer);
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
 * Returns a panel in which an initializer can be tried out: as a cell's last
 * value, inputs for the layer, the initializer and the seed, and under them how
 * the fans are counted, how gain and fan become the scale, the first values,
 * and a histogram over the density it was drawn from.
 *
 * The panel runs this library's own code in the page, without a kernel and
 * without a network. Its numbers are those of {@linkcode fan} and of `init`, to
 * the bit. Where a front end runs no scripts, the output shows the options'
 * numbers and picture. The panel shows errors above the last numbers.
 *
 * It shows two counts side by side: PyTorch's, which initializers use, and the
 * number of connections, which depends on groups, stride and direction.
 *
 * @param options What the inputs hold at first.
 * @throws {TypeError} If an option is unknown or of the wrong kind.
 * @throws {RangeError} If an option is out of its interval or does not fit
 * another, or the weight has more than 2^20 elements.
 *
 * @example
 * ```ts
 * import { empty, explore, Generator, init } from "@fanin/fanin";
 * import { assertEquals, assertStringIncludes } from "@std/assert";
 *
 * const explorer = explore({ initializer: "xavierNormal", seed: 1 });
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

/** The renderer of explorers. */
const explorerRenderer: Renderer<Explorer> = {
  bundle: async (explorer) => ({ "text/html": await markup(explorer) }),
  html: async (explorer) =>
    `<!doctype html>\n<meta charset="utf-8">\n${await markup(explorer)}`,
};

/**
 * The attribute of Lumino keeps JupyterLab's shortcuts away: an arrow key in a
 * list is not to leave the cell.
 */
async function markup({ settings }: Explorer): Promise<string> {
  const { panelCode } = await import("./panel_code.ts");
  const found = explored(settings);
  const { width, height } = size;
  const summary = escapeMarkup(summaryOf(found));
  const texts = JSON.stringify(writeTexts(settings)).replaceAll("<", "\\u003c");
  return `<div data-fanin-explorer data-lm-suppress-shortcuts="true" style="max-width:900px">
<p>${summary}</p>
<img alt="Histogram of the weight: ${summary}" src="${
    pictureUrl(pictureOf(found))
  }" width="${width}" height="${height}" style="max-width:100%;height:auto">
${markupOf(found)}
<script type="text/plain">${panelCode}</script>
<script type="application/json">${texts}</script>
</div>
<script>(${scriptText(startExplorers)})(window,${scriptText(unpack)})</script>`;
}

/**
 * Starts all panels of the page that are not started yet, each with the code
 * that it carries.
 *
 * @param page The page's `window`.
 * @param unpack Unpacks the code.
 */
function startExplorers(
  page: Page,
  unpack: (packed: string) => Promise<string>,
): void {
  for (const root of page.document.querySelectorAll("[data-fanin-explorer]")) {
    if (root.faninStarted) continue;
    root.faninStarted = true;
    start(root).catch((error) => console.warn("fanin:", error));
  }

  async function start(root: Root): Promise<void> {
    const [packed, texts] = Array.from(
      root.querySelectorAll("script"),
      (script) => script.textContent,
    );
    const module = { exports: {} };
    // The bundle leaves out files that the panel never calls.
    const require = () => ({});
    new Function("module", "require", await unpack(packed))(module, require);
    (module.exports as Code)
      .mount(root, JSON.parse(texts), page.ResizeObserver);
  }
}
