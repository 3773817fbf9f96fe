/**
 * How a value shows itself in a notebook.
 *
 * Each value has a kind and a plain text; `lib/notebook/` registers a renderer
 * for each kind that returns HTML. A value whose kind has no renderer shows its
 * text.
 *
 * @module
 */

import { cannot, describe, flag, readOptions } from "./options.ts";
import { currentDeno } from "./platform.ts";
import {
  type ConsoleOptions,
  type ConsoleRequest,
  textInDeno,
  textInNode,
} from "./console.ts";

/**
 * A MIME bundle: representations of one value by MIME type.
 *
 * @internal
 */
export type MimeBundle = Record<string, unknown>;

/** Options of `toHtml`. */
export interface HtmlOptions {
  /**
   * Whether the HTML carries all it needs and loads nothing from the network.
   * Default: true.
   */
  readonly offline?: boolean;
}

/** Options of `toPng`. */
export interface PngOptions {
  /**
   * Pixels of the PNG per pixel of the figure, above 0. Default: 2, as sharp as
   * screens are.
   */
  readonly scale?: number;
}

/**
 * Which representations of a figure an output holds, besides its text:
 *
 * - `auto`: plotly's MIME type, and HTML;
 * - `mimetype`: plotly's MIME type, for front ends that carry plotly.js;
 * - `html`: a picture over which plotly.js draws where scripts may run;
 * - `svg`, `png`: a picture of that kind;
 * - `static`: both pictures, for places without scripts, such as GitHub.
 *
 * @internal
 */
export type RendererName =
  | "auto"
  | "mimetype"
  | "html"
  | "svg"
  | "png"
  | "static";

/** Options for showing a value in an output. */
export interface ShowOptions {
  /** The renderer, if it is a figure. Default: as `useRenderer` says. */
  readonly renderer?: RendererName;
}

/** The renderer for values of one kind. */
export interface Renderer<T = never> {
  /** The representations besides the plain text, for an output cell. */
  bundle(value: T, options: ShowOptions): MimeBundle | Promise<MimeBundle>;
  /** Gives the kernel what outputs of this kind need besides. */
  settle?(): Promise<void>;
  /** Self-contained HTML. */
  html(value: T, options: HtmlOptions): string | Promise<string>;
  /** A PNG file, for values that have a picture. */
  png?(value: T, options: PngOptions): Promise<Uint8Array<ArrayBuffer>>;
}

/** The method that Deno's kernel calls to get a value's MIME bundle. */
export const jupyterDisplay: unique symbol = Symbol.for("Jupyter.display");

/** The method that Deno's console calls to get a value's text. */
export const denoInspect: unique symbol = Symbol.for("Deno.customInspect");

/** The method that Node's console calls to get a value's text. */
export const nodeInspect: unique symbol = Symbol.for(
  "nodejs.util.inspect.custom",
);

/** The key of the method that returns a value's text for a console. */
export const consoleText: unique symbol = Symbol("fanin.consoleText");

/** The key of the method that returns a value's MIME bundle at once. */
export const bundleNow: unique symbol = Symbol("fanin.bundleNow");

/** The key of a value's kind. */
export const kindOf: unique symbol = Symbol("fanin.kind");

/** A renderer, or what loads it when it is first needed. */
type Registered = Renderer | (() => Promise<Renderer>);

const renderers = new Map<string, Registered>();

/**
 * Registers the renderer of a kind. A later call replaces an earlier one.
 *
 * @param kind The kind, as in {@linkcode Showable}.
 * @param renderer The renderer, or what loads it when it is first needed.
 */
export function setRenderer(kind: string, renderer: Registered): void {
  renderers.set(kind, renderer);
}

/** The base of classes whose objects show themselves. */
export abstract class Showable {
  /** The kind that selects the renderer. */
  abstract get [kindOf](): string;

  /** The value as plain text. */
  abstract toString(): string;

  /**
   * Returns the value as self-contained HTML.
   *
   * @param options Whether it may load from the network.
   * @throws {TypeError} If an option is unknown or of the wrong kind.
   * @throws {Error} If it is a figure that cannot carry plotly.js.
   */
  toHtml(options: HtmlOptions = {}): Promise<string> {
    return html(this[kindOf], this, this.toString(), options);
  }

  /**
   * Returns the MIME bundle for a notebook's output cell.
   *
   * @param options Options for figures.
   */
  [jupyterDisplay](options: ShowOptions = {}): Promise<MimeBundle> {
    return answer(this[kindOf], this[bundleNow](options));
  }

  /**
   * Returns the MIME bundle at once, unless something has to be loaded first.
   *
   * @param options Options for figures.
   */
  [bundleNow](options: ShowOptions = {}): MimeBundle | Promise<MimeBundle> {
    return bundle(this[kindOf], this, this.toString(), options);
  }

  /**
   * Returns the text for a console. Default: the plain text.
   *
   * @param _request How the console wants it.
   */
  [consoleText](_request: ConsoleRequest): string {
    return this.toString();
  }

  /**
   * Returns the text for Deno's console.
   *
   * @param _inspect Deno's function.
   * @param options Its options, and where the value is.
   */
  [denoInspect](_inspect?: unknown, options?: ConsoleOptions): string {
    return textInDeno(this, (request) => this[consoleText](request), options);
  }

  /**
   * Returns the text for Node's console.
   *
   * @param depth How many more levels are shown.
   * @param options The options.
   */
  [nodeInspect](depth?: number | null, options?: ConsoleOptions): string {
    return textInNode(
      this,
      (request) => this[consoleText](request),
      depth,
      options,
    );
  }
}

/**
 * Makes a plain object or array show itself. The added properties are not
 * enumerable, so it still equals a plain one.
 *
 * @param value The object, changed in place and returned.
 * @param kind The kind that selects the renderer.
 * @param text Makes the value's plain text, and that for a console.
 */
export function showAs<T extends object>(
  value: T,
  kind: string,
  text: (value: T, request?: ConsoleRequest) => string,
): T {
  const methods = {
    toString: () => text(value),
    toHtml: (options: HtmlOptions = {}) =>
      html(kind, value, text(value), options),
    [jupyterDisplay]: (options: ShowOptions = {}) =>
      answer(kind, bundle(kind, value, text(value), options)),
    [bundleNow]: (options: ShowOptions = {}) =>
      bundle(kind, value, text(value), options),
    [denoInspect]: (_inspect?: unknown, options?: ConsoleOptions) =>
      textInDeno(value, (request) => text(value, request), options),
    [nodeInspect]: (depth?: number | null, options?: ConsoleOptions) =>
      textInNode(value, (request) => text(value, request), depth, options),
  };
  for (const key of Reflect.ownKeys(methods)) {
    Object.defineProperty(value, key, {
      value: methods[key as keyof typeof methods],
      enumerable: false,
      configurable: true,
      writable: true,
    });
  }
  return value;
}

/**
 * Returns a value's picture as a PNG file.
 *
 * @param kind The kind that selects the renderer.
 * @param value The value.
 * @param options Its scale.
 * @throws {TypeError} If values of this kind have no picture, or
 * `lib/notebook/` is not loaded.
 */
export async function toPng(
  kind: string,
  value: unknown,
  options: PngOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  const renderer = await rendererOf(kind);
  if (renderer?.png === undefined) {
    throw new TypeError(
      cannot("draw a PNG", "the value must have a picture", `a ${kind}`),
    );
  }
  return await renderer.png(value as never, options);
}

/**
 * Returns text with the characters that HTML and XML give a meaning escaped.
 *
 * @param text Any text.
 */
export function escapeMarkup(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}

/**
 * Gives the kernel time to send what it has.
 *
 * When cells wait in a queue, as after "Run All", Deno 2.9's kernel puts the
 * output of a cell that ends at once under the next cell: 5 to 30 of 100. After
 * a pause of 0 ms it misplaced 4 of 8,000, and from 1 ms on 0 of 16,000.
 */
export function pause(): Promise<void> {
  return new Promise((resume) => setTimeout(resume, 5));
}

async function answer(
  kind: string,
  bundle: MimeBundle | Promise<MimeBundle>,
): Promise<MimeBundle> {
  const shown = await bundle;
  await (await rendererOf(kind))?.settle?.();
  const paused = pause();
  if (currentDeno() !== undefined) setTimeout(hold, 5);
  await paused;
  return shown;
}

/**
 * Holds this thread while the kernel's other one sends the value that was just
 * returned: it may tell the end of the cell first, and clients that stop there
 * lose the value. nbclient lost 3 of 100 figures.
 */
function hold(): void {
  const cell = new Int32Array(new SharedArrayBuffer(4));
  Atomics.wait(cell, 0, 0, 5);
}

/**
 * An error in a renderer must not hide the value: show its text with the
 * reason.
 */
function bundle(
  kind: string,
  value: unknown,
  text: string,
  options: ShowOptions,
): MimeBundle | Promise<MimeBundle> {
  const withText = (shown: MimeBundle) => ({ ...shown, "text/plain": text });
  const textAlone = (error: unknown) => {
    const reason = error instanceof Error ? error.message : describe(error);
    return { "text/plain": `${text}\n(shown as text: ${reason})` };
  };
  try {
    const renderer = renderers.get(kind);
    const shown = typeof renderer === "function"
      ? renderer().then((loaded) => loaded.bundle(value as never, options))
      : renderer?.bundle(value as never, options) ?? {};
    return shown instanceof Promise
      ? shown.then(withText).catch(textAlone)
      : withText(shown);
  } catch (error) {
    return textAlone(error);
  }
}

async function rendererOf(kind: string): Promise<Renderer | undefined> {
  const renderer = renderers.get(kind);
  return typeof renderer === "function" ? await renderer() : renderer;
}

async function html(
  kind: string,
  value: unknown,
  text: string,
  options: HtmlOptions,
): Promise<string> {
  const read = readOptions("make HTML", options, { offline: flag(true) });
  const renderer = await rendererOf(kind);
  if (renderer === undefined) return `<pre>${escapeMarkup(text)}</pre>`;
  return await renderer.html(value as never, read);
}
