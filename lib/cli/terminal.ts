/**
 * What a command writes to: standard output, and standard error with one line
 * on it that changes.
 *
 * @module
 */

import { shortened } from "../summary/text.ts";

/** Takes text: one of the two outputs of a process. */
export interface Output {
  /** Whether people look at it as it is written. */
  readonly isTerminal: boolean;
  /**
   * Writes a text.
   *
   * @param text The text.
   * @throws {Deno.errors.BrokenPipe} If nobody reads any more.
   */
  write(text: string): void;
}

/** What a terminal is made of. */
export interface TerminalParts {
  /** Standard output. */
  readonly out: Output;
  /** Standard error. */
  readonly error: Output;
  /** Columns of the console. */
  readonly columns: number;
  /** Whether text on a terminal may have colours. */
  readonly colours: boolean;
  /** Returns milliseconds since any time. */
  now(): number;
}

/** How text on a terminal looks. */
export type Style = "bold" | "dim" | "red" | "green" | "yellow";

/** The numbers of the styles, and what ends them, in ANSI's escape sequences. */
const codes: Readonly<Record<Style, readonly [number, number]>> = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
};

/** Columns of text where nothing says how many there are. */
const usualColumns = 80;

/** Milliseconds between two changes of the status. */
const pause = 100;

/** Goes to the line's start and empties the line. */
const clear = "\r\x1b[K";

/** Where a command writes. */
export class Terminal {
  /** Columns of standard output; 80 where it is no terminal. */
  readonly width: number;
  /** Columns of the status. */
  readonly statusWidth: number;
  readonly #parts: TerminalParts;
  #shown = false;
  #lastShown = -Infinity;

  /**
   * Makes a terminal of two outputs.
   *
   * @param parts The outputs, and what is known of the console.
   */
  constructor(parts: TerminalParts) {
    this.#parts = parts;
    this.width = parts.out.isTerminal ? parts.columns : usualColumns;
    // A line of all columns would wrap on some terminals.
    this.statusWidth = parts.columns - 1;
  }

  /** Whether people look at standard output as it is written. */
  get isTerminal(): boolean {
    return this.#parts.out.isTerminal;
  }

  /** Columns that a line may have: all it wants where nobody sees it wrap. */
  get room(): number {
    return this.isTerminal ? this.width : Infinity;
  }

  /**
   * Writes text and an end of line to standard output.
   *
   * @param text The text.
   */
  out(text: string): void {
    this.status("");
    this.#parts.out.write(`${text}\n`);
  }

  /**
   * Writes text and an end of line to standard error.
   *
   * @param text The text.
   */
  error(text: string): void {
    this.status("");
    this.#parts.error.write(`${text}\n`);
  }

  /**
   * Returns text for standard output in a style; as it is where standard output
   * shows none.
   *
   * @param text The text.
   * @param styles The styles.
   */
  paint(text: string, ...styles: readonly Style[]): string {
    if (!this.isTerminal || !this.#parts.colours) return text;
    return styles.reduce((painted, style) => {
      const [start, end] = codes[style];
      return `\x1b[${start}m${painted}\x1b[${end}m`;
    }, text);
  }

  /**
   * Shows a line on standard error until the next one or any other text; at most
   * ten a second are shown, and none where standard error is no terminal.
   *
   * @param line The line, cut where it is too long; empty for none.
   */
  status(line: string): void {
    const { error, now } = this.#parts;
    if (!error.isTerminal) return;
    if (line === "") {
      if (this.#shown) error.write(clear);
      this.#shown = false;
      return;
    }
    const time = now();
    if (time - this.#lastShown < pause) return;
    error.write(`${clear}${shortened(line, this.statusWidth)}`);
    this.#shown = true;
    this.#lastShown = time;
  }
}
