/**
 * Whether the machine has letters to draw with.
 *
 * @module
 */

import { drawPng } from "../../lib/notebook/png.ts";

const empty = '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>';

/** Whether a PNG can be drawn; where not, tests of PNGs say so and do not run. */
export const hasFonts: boolean = await drawPng({
  svg: empty,
  width: 1,
  height: 1,
}).then(() => true, (error) => {
  if (!String(error).includes("must have a font")) throw error;
  console.log("NOT RUN: no font");
  return false;
});
