/**
 * The terminal of this process.
 *
 * @module
 */

import { type Output, Terminal } from "./terminal.ts";

/** Returns the terminal that the process was started on. Needs no permission. */
export function consoleTerminal(): Terminal {
  return new Terminal({
    out: outputOf(Deno.stdout),
    error: outputOf(Deno.stderr),
    columns: consoleColumns(),
    colours: !Deno.noColor,
    now: () => performance.now(),
  });
}

function outputOf(stream: typeof Deno.stdout | typeof Deno.stderr): Output {
  return {
    isTerminal: stream.isTerminal(),
    write(text) {
      let rest = new TextEncoder().encode(text);
      while (rest.length > 0) rest = rest.subarray(stream.writeSync(rest));
    },
  };
}

/** There is no size where no stream is a terminal, and some say 0. */
function consoleColumns(): number {
  try {
    return Deno.consoleSize().columns || 80;
  } catch {
    return 80;
  }
}
