/**
 * nbconvert, which makes a page of a notebook's file.
 *
 * @module
 */

import { assert } from "@std/assert";
import type { Lab } from "../../notebooks/lab.ts";

/**
 * Writes the page of a notebook, which is not run.
 *
 * @param lab Where nbconvert is installed.
 * @param notebook The notebook's path.
 * @param folder The folder for the page.
 */
export async function convert(
  { python, env }: Lab,
  notebook: string,
  folder: string,
): Promise<void> {
  const { success, stderr } = await new Deno.Command(python, {
    args: ["-m", "nbconvert", "--to=html", `--output-dir=${folder}`, notebook],
    env,
    stdin: "null",
  }).output();
  assert(success, new TextDecoder().decode(stderr));
}
