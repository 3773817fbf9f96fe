/**
 * Shows values from the middle of a cell.
 *
 * @module
 */

import {
  cannot,
  describe,
  isPlain,
  suggestion,
  withDefaults,
} from "../core/options.ts";
import {
  bundleNow,
  jupyterDisplay,
  type MimeBundle,
  pause,
  setRenderer,
  type ShowOptions,
} from "../core/show.ts";
import { findKernel, type Kernel } from "./kernel.ts";
import { sendLibrary } from "./library.ts";
import { checkRenderer } from "./renderer.ts";
import { renderers } from "./renderers.ts";

/** A value of this library, or of another that shows itself. */
interface Shown {
  [bundleNow]?(options: ShowOptions): MimeBundle | Promise<MimeBundle>;
}

/** What is still to be sent, if a value had to be waited for. */
let queue: Promise<unknown> | undefined;

/**
 * Shows values: in a notebook each as an output of the running cell, elsewhere
 * as text on the console.
 *
 * In a notebook they are sent at once, in the order of the calls; only pictures
 * of the kind PNG and explorers have to be waited for. Await it where a cell ends
 * with it. As a cell's last value it adds nothing.
 *
 * @param values Anything: tensors, layers and figures as they show themselves,
 * other values as Deno prints them. After them there may be an object
 * `{ renderer }`: how those show that are figures, as for `useRenderer`.
 * @throws {TypeError} If a value is a promise, the renderer is not a string, or
 * its name is misspelt.
 * @throws {RangeError} If there is no such renderer.
 *
 * @example
 * ```ts
 * import { display, tensor } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * const x = tensor([1, 2]);
 * await display("x is", x);
 * assertEquals(String(x), "tensor([1., 2.])");
 * ```
 */
export function display(...values: readonly unknown[]): Promise<void> {
  const last = values.at(-1);
  const options = values.length > 1 ? optionsIn(last) : undefined;
  const shown = options === undefined ? values : values.slice(0, -1);
  if (options?.renderer !== undefined) checkRenderer(options.renderer);
  const promise = shown.find((value) => value instanceof Promise);
  if (promise !== undefined) {
    throw new TypeError(
      cannot("display a value", "value must be there", describe(promise)),
    );
  }
  const kernel = findKernel();
  if (kernel === undefined) {
    for (const value of shown) console.log(value);
    return Promise.resolve();
  }
  const sent = shown.map((value) => send(kernel, value, options ?? {}));
  const all = Promise.all(sent).then(sendLibrary).then(pause);
  // If the promise itself is a cell's last value, it shows nothing.
  const nothing = async (): Promise<MimeBundle> => (await all, {});
  return Object.defineProperty(all, jupyterDisplay, { value: nothing });
}

/**
 * Returns what holds options and nothing else, or a name that is nearly one: it
 * is an error then.
 */
function optionsIn(value: unknown): ShowOptions | undefined {
  if (!isPlain(value)) return undefined;
  const names = Object.keys(value);
  if (names.length !== 1 || !nearly(names[0], "renderer")) return undefined;
  return withDefaults("display a value", value, { renderer: undefined });
}

function nearly(name: string, option: string): boolean {
  return name === option || suggestion(name, [option]) !== "";
}

/** Sends a value now, or in its turn after one that had to be waited for. */
function send(
  kernel: Kernel,
  value: unknown,
  options: ShowOptions,
): Promise<unknown> | undefined {
  const bundle = bundleOf(kernel, value, options);
  const broadcast = (data: MimeBundle) =>
    kernel.broadcast("display_data", { data, metadata: {}, transient: {} });
  if (queue === undefined && !(bundle instanceof Promise)) {
    broadcast(bundle);
    return;
  }
  const sent = Promise.all([bundle, queue]).then(([data]) => broadcast(data));
  const turn = Promise.allSettled([sent, queue]).then(() => {
    if (queue === turn) queue = undefined;
  });
  queue = turn;
  return sent;
}

function bundleOf(
  kernel: Kernel,
  value: unknown,
  options: ShowOptions,
): MimeBundle | Promise<MimeBundle> {
  // Those that `mod.ts` registers are loaded later.
  for (const [kind, renderer] of Object.entries(renderers)) {
    setRenderer(kind, renderer);
  }
  const method = (value as Shown | null | undefined)?.[bundleNow];
  return typeof method === "function"
    ? method.call(value, options)
    : kernel.format(value);
}
