/**
 * Shows a value from the middle of a cell.
 *
 * @module
 */

import {
  cannot,
  describe,
  flag,
  type Option,
  readOptions,
} from "../core/options.ts";
import {
  jupyterDisplay,
  type MimeBundle,
  type RendererName,
  type ShowOptions,
} from "../core/show.ts";
import { checkRenderer } from "./renderer.ts";

/** Options of {@linkcode display}. */
export interface DisplayOptions {
  /**
   * Whether the next figure, this value or a later one, carries plotly.js
   * again. Only a file needs this whose carrying cell was rerun, to be
   * interactive on another machine too. Default: false.
   */
  readonly library?: boolean;
  /** How this value shows itself, if it is a figure. Default: as the others. */
  readonly renderer?: RendererName;
}

/** The part of Deno's kernel that is used. */
interface Kernel {
  display(value: unknown, options?: { raw: boolean }): Promise<void>;
}

/** A value that shows itself. */
interface Shown {
  [jupyterDisplay](options?: ShowOptions): unknown;
}

const table: {
  readonly library: Option<boolean>;
  readonly renderer: Option<RendererName | undefined>;
} = {
  library: flag(false),
  renderer: {
    read(_action, _name, value) {
      if (value !== undefined) checkRenderer(value);
      return value;
    },
  },
};

/**
 * Shows a value: in a notebook as an output of the running cell, elsewhere as
 * text on the console.
 *
 * In a notebook, await it, so outputs follow the order of the calls. Without
 * `await` it shows the value too, and as a cell's last value it adds nothing.
 *
 * @param value Anything: a tensor, layer or figure as it shows itself, other
 * values as Deno prints them.
 * @param options Whether to carry plotly.js again, and how a figure shows.
 * @throws {TypeError} If the value is a promise, or an option is unknown or of
 * the wrong kind.
 * @throws {RangeError} If there is no such renderer.
 *
 * @example
 * ```ts
 * import { display, tensor } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * const x = tensor([1, 2]);
 * await display(x);
 * assertEquals(String(x), "tensor([1., 2.])");
 * ```
 */
export function display(
  value: unknown,
  options: DisplayOptions = {},
): Promise<void> {
  const { library, renderer } = readOptions("display a value", options, table);
  if (value instanceof Promise) {
    throw new TypeError(
      cannot("display a value", "value must be there", describe(value)),
    );
  }
  const kernel = findKernel();
  if (kernel === undefined) {
    console.log(value);
    return Promise.resolve();
  }
  const show = () =>
    kernel.display(renderer === undefined ? value : shownBy(value, renderer));
  const shown = library
    ? import("./plotly.ts").then(({ carryAgain }) => (carryAgain(), show()))
    : show();
  // If the promise itself is a cell's last value, it shows nothing.
  const nothing = async (): Promise<MimeBundle> => (await shown, {});
  return Object.defineProperty(shown, jupyterDisplay, { value: nothing });
}

/** Reading `Deno.jupyter` outside a notebook throws, and Deno may be missing. */
function findKernel(): Kernel | undefined {
  const { Deno } = globalThis as { Deno?: { readonly jupyter?: Kernel } };
  try {
    return Deno?.jupyter;
  } catch {
    return undefined;
  }
}

/** The value, shown with another renderer. */
function shownBy(value: unknown, renderer: RendererName): unknown {
  const method = (value as Partial<Shown> | null | undefined)
    ?.[jupyterDisplay];
  if (typeof method !== "function") return value;
  return { [jupyterDisplay]: () => method.call(value, { renderer }) };
}
