/**
 * Where plotly.js is in a notebook: in an output of its own, in the cell that
 * showed the newest figure. There it outlives what is done to other cells; and
 * running its own cell brings it anew.
 *
 * @module
 */

import { escapeMarkup, type MimeBundle, pause } from "../core/show.ts";
import type { Kernel } from "./kernel.ts";
import { startScript } from "./page_script.ts";
import { carry } from "./plotly.ts";

/**
 * How often to pause while the kernel sends plotly.js: several short pauses take
 * longer where the machine is busy, as the kernel does. A cell that ended earlier
 * would lose its value where clients stop at its end: nbclient lost 36 of 100.
 */
const pauses = 15;

/** The kernel that is to send it, since a figure was shown. */
let wanted: Kernel | undefined;

let sending: Promise<void> | undefined;

/** The names of the outputs that had it last, the newest at the end. */
const names: string[] = [];

/** Front ends lose a message at times, so so many outputs are emptied again. */
const most = 5;

/**
 * Says that a figure is about to be shown.
 *
 * @param kernel The kernel that shows it.
 */
export function wantLibrary(kernel: Kernel): void {
  wanted = kernel;
}

/**
 * Sends plotly.js to the running cell if a figure was shown since the last call,
 * and then empties the outputs that had it before. What is lost of that leaves a
 * second copy, never none.
 */
export async function sendLibrary(): Promise<void> {
  const kernel = wanted;
  wanted = undefined;
  if (kernel !== undefined) sending = send(kernel);
  await sending;
}

/**
 * Returns plotly.js for the page and the script that starts the page's figures;
 * or a line that says why they stay still.
 */
export async function libraryMarkup(): Promise<string> {
  try {
    return `${await carry()}${startScript()}`;
  } catch (error) {
    const { message } = error as Error;
    return `${stillNote(message, "data-fanin-reason")}${startScript()}`;
  }
}

/**
 * Returns a line that says why a figure is a still picture.
 *
 * @param reason The reason: a sentence.
 * @param mark An attribute by which the line is found.
 */
export function stillNote(reason: string, mark = ""): string {
  return `\n<div ${mark} style="font-size:.85em">A still picture, without plotly.js. ${
    escapeMarkup(reason)
  }</div>`;
}

async function send(kernel: Kernel): Promise<void> {
  const html = await libraryMarkup();
  const name = crypto.randomUUID();
  change("display_data", name, { "text/html": html });
  for (const before of names) change("update_display_data", before, {});
  names.push(name);
  if (names.length > most) names.shift();
  for (let i = 0; i < pauses; i++) await pause();

  function change(type: string, display_id: string, data: MimeBundle): void {
    kernel.broadcast(type, { data, metadata: {}, transient: { display_id } });
  }
}
