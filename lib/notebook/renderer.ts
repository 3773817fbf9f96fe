/**
 * Which renderer figures show themselves by: the one that was chosen, or the one
 * that the environment names, or `auto`.
 *
 * @module
 */

import { cannot, describe } from "../core/options.ts";
import type { RendererName } from "../core/show.ts";

/** The parts of Deno and Node that are used; a browser has neither. */
interface Platform {
  readonly Deno?: {
    readonly permissions?: {
      querySync(
        descriptor: { readonly name: "env"; readonly variable: string },
      ): { readonly state: string };
    };
    readonly env?: { get(name: string): string | undefined };
  };
  readonly process?: {
    readonly env?: Readonly<Record<string, string | undefined>>;
  };
}

const names: readonly RendererName[] = [
  "auto",
  "mimetype",
  "html",
  "svg",
  "png",
  "static",
];

/** The variable that names the renderer of those who choose none. */
const variable = "FANIN_RENDERER";

let chosen: RendererName | undefined;

/**
 * Returns a variable's value, or undefined where it is not set, is empty, or
 * may not be read. It never asks for a permission.
 *
 * @param name The variable's name.
 */
export function readVariable(name: string): string | undefined {
  const value = read(globalThis as Platform, name);
  return value === "" ? undefined : value;
}

/**
 * Chooses how figures show themselves in a notebook from now on, as plotly's
 * `renderers.default` does. Tables and tensors show as ever.
 *
 * The variable `FANIN_RENDERER` of the environment chooses for notebooks that
 * do not; where it may not be read, it counts as not set. `display` chooses for
 * one figure.
 *
 * @param name `auto`, the default: plotly's MIME type, and HTML; `mimetype`:
 * plotly's MIME type alone; `html`: HTML alone; `svg` or `png`: a picture;
 * `static`: both pictures, for places without scripts such as GitHub, or the
 * SVG alone where no PNG can be drawn. The PNG is as `toPng({ scale: 1 })` gives
 * it, so that it has the figure's size in every front end.
 * @throws {TypeError} If the name is not a string.
 * @throws {RangeError} If there is no such renderer.
 *
 * @example
 * ```ts
 * import { currentRenderer, useRenderer } from "@fanin/fanin";
 * import { assertEquals, assertThrows } from "@std/assert";
 *
 * useRenderer("svg"); // figures are SVG from here on
 * assertEquals(currentRenderer(), "svg");
 * useRenderer("auto");
 * assertThrows(() => useRenderer("pdf" as never), RangeError);
 * ```
 */
export function useRenderer(name: RendererName): void {
  checkRenderer(name);
  chosen = name;
}

/**
 * Returns how figures show themselves now: as {@linkcode useRenderer} was told,
 * or else as `FANIN_RENDERER` says, or else `auto`.
 *
 * @throws {RangeError} If `FANIN_RENDERER` names no renderer.
 *
 * @example
 * ```ts
 * import { currentRenderer, useRenderer } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * useRenderer("static");
 * assertEquals(currentRenderer(), "static");
 * useRenderer("auto");
 * assertEquals(currentRenderer(), "auto");
 * ```
 */
export function currentRenderer(): RendererName {
  if (chosen !== undefined) return chosen;
  const name = readVariable(variable) ?? "auto";
  checkRenderer(name, variable);
  return name;
}

/**
 * Checks that there is a renderer of a name.
 *
 * @param name The name.
 * @param what What the name is called, for the error message. Default: `the
 * renderer`.
 * @throws {TypeError} If it is not a string.
 * @throws {RangeError} If there is no such renderer.
 */
export function checkRenderer(
  name: unknown,
  what = "the renderer",
): asserts name is RendererName {
  if (typeof name !== "string") {
    throw new TypeError(
      cannot("show figures", `${what} must be a string`, describe(name)),
    );
  }
  if (!(names as readonly string[]).includes(name)) {
    throw new RangeError(
      cannot("show figures", `${what} must be among ${names.join(", ")}`, name),
    );
  }
}

function read({ Deno, process }: Platform, name: string): string | undefined {
  // Deno has `process` too, and reading it would ask.
  if (Deno === undefined) return process?.env?.[name];
  const permission = Deno.permissions
    ?.querySync({ name: "env", variable: name });
  return permission?.state === "granted" ? Deno.env?.get(name) : undefined;
}
