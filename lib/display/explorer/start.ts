/**
 * The script that an explorer's HTML runs in the page: it unpacks the panel's
 * code and mounts it.
 *
 * It is written here as a function and sent as its text, so it uses nothing
 * from outside itself.
 *
 * @module
 */

import type { PageElement, PageObserver } from "./page.ts";

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

/**
 * Starts all panels of the page that are not started yet, each with the code
 * that it carries.
 *
 * @param page The page's `window`.
 */
export function startExplorers(page: Page): void {
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
    const bytes = Uint8Array.from(atob(packed), (char) => char.charCodeAt(0));
    const unpacking = new DecompressionStream("deflate-raw");
    const stream = new Blob([bytes]).stream().pipeThrough(unpacking);
    const code = await new Response(stream).text();
    const module = { exports: {} };
    new Function("module", code)(module);
    (module.exports as Code)
      .mount(root, JSON.parse(texts), page.ResizeObserver);
  }
}
