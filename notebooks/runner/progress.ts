/**
 * What people see while a notebook runs: one line that changes on a terminal, a line a cell elsewhere.
 *
 * @module
 */

/** Milliseconds between two looks at the clock. */
const TICK = 200;

/** The progress of one notebook, on standard error. */
export class Progress {
  #name: string;
  #start = performance.now();
  #state = "starting the kernel";
  #timer: ReturnType<typeof setInterval> | undefined;

  /**
   * Starts the clock.
   *
   * @param name The notebook's name.
   * @param isTerminal Whether the line may change; by default, whether standard error is a terminal.
   */
  constructor(name: string, isTerminal: boolean = Deno.stderr.isTerminal()) {
    this.#name = name;
    if (!isTerminal) return;
    this.#timer = setInterval(() => this.#show(), TICK);
    this.#show();
  }

  /** Says which cell is next. */
  cell(place: number, count: number): void {
    this.#state = `cell ${place} of ${count}`;
    this.#show();
  }

  /** Says how it ended, and ends the line. */
  end(how: string): void {
    clearInterval(this.#timer);
    this.#state = how;
    this.#show();
    if (this.#timer !== undefined) write("\n");
  }

  #show(): void {
    const seconds = ((performance.now() - this.#start) / 1000).toFixed(1);
    const line = `${this.#name}: ${this.#state}, ${seconds} s`;
    write(this.#timer === undefined ? `${line}\n` : `\r${line}\x1b[K`);
  }
}

function write(text: string): void {
  Deno.stderr.writeSync(new TextEncoder().encode(text));
}
