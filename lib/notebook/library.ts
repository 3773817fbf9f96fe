/**
 * Where plotly.js is in a notebook: in an output of its own, in the cell that
 * showed the newest figure. There it outlives what is done to other cells; and
 * running its own cell brings it anew.
 *
 * @module
 */

import { escapeMarkup, type MimeBundle } from "../core/show.ts";
import type { Kernel } from "./kernel.ts";
import { startScript } from "./page_script.ts";
import { carry } from "./plotly.ts";

/** The name of the output that has it. */
let newest: string | undefined;

/** What is still to be sent, while plotly.js is loaded for the first time. */
let sending: Promise<void> | undefined;

/**
 * Sends plotly.js to the running cell, and then empties the output that had it
 * before. If that is lost, there are two copies; never none.
 *
 * @param kernel The kernel.
 */
export function sendLibrary(kernel: Kernel): void {
  if (sending !== undefined) return;
  const library = libraryMarkup();
  if (typeof library === "string") move(kernel, library);
  else {
    sending = library.then((html) => {
      sending = undefined;
      move(kernel, html);
    });
  }
}

/** Waits until the kernel has what `sendLibrary` sends. */
export async function librarySent(): Promise<void> {
  await sending;
}

/**
 * Returns plotly.js for the page and the script that starts the page's figures;
 * or a line that says why they stay still.
 */
export function libraryMarkup(): string | Promise<string> {
  const library = carry();
  return typeof library === "string" ? started(library) : library
    .then(
      started,
      ({ message }: Error) =>
        `<div data-fanin-reason style="font-size:.85em">A still picture, without plotly.js. ${
          escapeMarkup(message)
        }</div>${startScript()}`,
    );
}

function started(library: string): string {
  return `${library}${startScript()}`;
}

function move(kernel: Kernel, html: string): void {
  const before = newest;
  newest = crypto.randomUUID();
  change("display_data", newest, { "text/html": html });
  if (before !== undefined) change("update_display_data", before, {});

  function change(type: string, display_id: string, data: MimeBundle): void {
    kernel.broadcast(type, { data, metadata: {}, transient: { display_id } });
  }
}
