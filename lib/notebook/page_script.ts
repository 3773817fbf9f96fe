/**
 * The script that a figure's HTML runs in the page: it waits for plotly.js and
 * then draws over the static picture.
 *
 * It is written here as functions and sent as their text, so each uses nothing
 * from outside itself.
 *
 * @module
 */

/** The part of the page that the script uses. */
interface Page {
  readonly document: {
    readonly readyState: string;
    createElement(name: "div" | "style"): PageElement;
    querySelector(selector: string): PageElement | null;
    querySelectorAll(selector: string): Iterable<PageElement>;
  };
  readonly ResizeObserver: new (callback: () => void) => {
    observe(element: PageElement): void;
    disconnect(): void;
  };
  readonly caches: CacheStorage;
  faninFigures?: {
    readonly started: WeakSet<PageElement>;
    readonly libraries: Record<string, Slot>;
  };
}

interface PageElement {
  readonly clientWidth: number;
  readonly dataset: Record<string, string | undefined>;
  readonly style: {
    cssText: string;
    margin: string;
    transform: string;
    visibility: string;
  };
  textContent: string;
  append(child: PageElement): void;
  remove(): void;
  querySelector(selector: string): PageElement | null;
}

interface Plotly {
  newPlot(
    element: PageElement,
    figure: {
      readonly data: unknown;
      readonly layout: unknown;
      readonly frames?: unknown;
      readonly config: unknown;
    },
  ): Promise<unknown>;
}

/** One version of plotly.js in the page: the promise its figures wait on. */
interface Slot {
  readonly ready: Promise<Plotly>;
  resolve(plotly: Plotly): void;
  loaded: boolean;
  recalled?: Promise<string | undefined>;
}

/**
 * Starts all figures of the page that are not started yet, and loads plotly.js
 * if the page carries it or the browser has kept it.
 *
 * It may run any number of times, in any order with others of its kind.
 *
 * @param page The page's `window`.
 * @param library The hash of plotly.js.
 * @param ink The color of text that takes the page's, as `rgb(r, g, b)`.
 * @param unpack Unpacks what `pack` packed.
 */
export function startFigures(
  page: Page,
  library: string,
  ink: string,
  unpack: (packed: string) => Promise<string>,
): void {
  const { document, caches } = page;
  // The output of a running cell; else a file, which carries what it needs.
  const live = document.readyState !== "loading";
  const state = page.faninFigures ??= { started: new WeakSet(), libraries: {} };
  const slot = state.libraries[library] ??= makeSlot();
  const figures = document.querySelectorAll(`[data-fanin-figure="${library}"]`);
  for (const figure of figures) {
    if (!state.started.has(figure)) start(figure);
  }
  if (!slot.loaded) load().catch((error) => console.warn("fanin:", error));

  function makeSlot(): Slot {
    let resolve = (_: Plotly) => {};
    const ready = new Promise<Plotly>((done) => resolve = done);
    return { ready, resolve, loaded: false };
  }

  /** Reserves the figure's place, so that nothing moves when it is drawn. */
  function start(figure: PageElement): void {
    state.started.add(figure);
    figure.querySelector("[data-fanin-plot]")?.remove();
    const plot = document.createElement("div");
    plot.dataset.faninPlot = "";
    const { width, height } = figure.dataset;
    plot.style.cssText =
      `grid-area:1/1;visibility:hidden;width:${width}px;height:${height}px;transform-origin:0 0`;
    fit(figure, plot);
    figure.append(plot);
    slot.ready.then((plotly) => drawWhenSeen(plotly, figure, plot));
  }

  /** Outputs may be hidden or detached, and plotly.js needs a width. */
  function drawWhenSeen(
    plotly: Plotly,
    figure: PageElement,
    plot: PageElement,
  ): void {
    let drawn = false;
    const observer = new page.ResizeObserver(() => {
      if (figure.clientWidth === 0) return;
      fit(figure, plot);
      if (!drawn) draw(plotly, figure, plot);
      drawn = true;
    });
    observer.observe(figure);
  }

  /** Shrinks the drawing as the picture shrinks by itself, down to 560 pixels. */
  function fit(figure: PageElement, plot: PageElement): void {
    const [width, height] = [figure.dataset.width, figure.dataset.height]
      .map(Number);
    const place = Math.max(560, figure.clientWidth);
    const less = Math.min(1, place / width) - 1;
    plot.style.transform = less < 0 ? `scale(${1 + less})` : "";
    plot.style.margin = `0 ${less * width}px ${less * height}px 0`;
  }

  /** The picture goes only when plotly.js has drawn. */
  async function draw(
    plotly: Plotly,
    figure: PageElement,
    plot: PageElement,
  ): Promise<void> {
    try {
      const spec = await unpack(figure.querySelector("script")!.textContent);
      const parts = JSON.parse(spec);
      // The layout has a width, which the place keeps.
      const config = { ...parts.config, responsive: false };
      await plotly.newPlot(plot, { ...parts, config });
      plot.append(textRule());
      plot.style.visibility = "visible";
      figure.querySelector("img")!.style.visibility = "hidden";
    } catch (error) {
      plot.remove();
      console.warn("fanin:", error);
    }
  }

  /** A rule and no other color, since pages change theirs: dark, light. */
  function textRule(): PageElement {
    const style = document.createElement("style");
    style.textContent =
      `[data-fanin-plot] text[style*="fill: ${ink}"]{fill:currentColor!important}`;
    return style;
  }

  async function load(): Promise<void> {
    const carrier = document.querySelector(
      `script[data-fanin-library="${library}"]`,
    );
    const text = await (carrier === null ? recall() : read(carrier));
    if (text === undefined || slot.loaded) return;
    const plotly = evaluate(text);
    slot.loaded = true;
    slot.resolve(plotly);
    if (live && carrier !== null) await keep(carrier.textContent);
  }

  async function read(carrier: PageElement): Promise<string> {
    const { url } = carrier.dataset;
    if (url === undefined) return await unpack(carrier.textContent);
    return await (await fetch(url, { integrity: library })).text();
  }

  /** Hides the page's module loaders from plotly.js, and it from the page. */
  function evaluate(text: string): Plotly {
    const own = Object.getOwnPropertyDescriptor(page, "Plotly");
    const module = { exports: {} };
    try {
      new Function("module", "exports", "define", text)(module);
    } finally {
      if (own === undefined) Reflect.deleteProperty(page, "Plotly");
      else Object.defineProperty(page, "Plotly", own);
    }
    return module.exports as Plotly;
  }

  /** A notebook saved after its carrying cell ran again holds no library. */
  async function keep(packed: string): Promise<void> {
    try {
      if (packed === "" || await caches.match(keptAt())) return;
      await caches.delete("fanin");
      await (await caches.open("fanin")).put(keptAt(), new Response(packed));
    } catch {
      // No cache in this browser or for this page: then only carriers load.
    }
  }

  function recall(): Promise<string | undefined> | undefined {
    if (live) return slot.recalled ??= recallOnce().catch(() => undefined);
  }

  async function recallOnce(): Promise<string | undefined> {
    const kept = await caches.match(keptAt());
    if (kept === undefined) return undefined;
    const text = await unpack(await kept.text());
    const bytes = new TextEncoder().encode(text);
    const hash = await crypto.subtle.digest("SHA-256", bytes);
    const base64 = btoa(String.fromCharCode(...new Uint8Array(hash)));
    return `sha256-${base64}` === library ? text : undefined;
  }

  function keptAt(): string {
    return `/fanin/${encodeURIComponent(library)}`;
  }
}

/**
 * Returns what `pack` packed. Scripts get it as an argument, by its text.
 *
 * @param packed The packed text.
 */
export async function unpack(packed: string): Promise<string> {
  const bytes = new Uint8Array(Math.floor(packed.length * 4 / 5));
  for (let start = 0; start < packed.length; start += 5) {
    let value = 0;
    for (let i = start; i < start + 5; i++) {
      // What is missing at the end counts as the highest digit.
      const char = packed[i] ?? "w";
      const code = ({ x: "<", y: "\\", z: "/" }[char] ?? char).charCodeAt(0);
      value = value * 85 + code - 35;
    }
    for (let i = 0; i < 4; i++) {
      bytes[start / 5 * 4 + i] = value / 256 ** (3 - i);
    }
  }
  const unpacking = new DecompressionStream("deflate-raw");
  const stream = new Blob([bytes]).stream().pipeThrough(unpacking);
  return await new Response(stream).text();
}

/**
 * Returns the text of a function that runs in a page, without its comments and
 * indents.
 *
 * @param script The function.
 */
// deno-lint-ignore ban-types
export function scriptText(script: Function): string {
  return String(script)
    .replace(/\/\*[^]*?\*\/|^ *\/\/.*/gm, "")
    .replace(/\n\s*/g, "\n");
}
